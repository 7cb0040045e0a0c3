"""Charts as SVG, drawn by a small module of our own: no script, no font, nothing loaded."""
