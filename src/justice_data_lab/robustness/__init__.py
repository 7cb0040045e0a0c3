"""How far a result stands: other definitions, other ways of matching, and placebo cohorts."""
