"""`jdl estimate`: the arithmetic of the lab on a table of one's own."""
