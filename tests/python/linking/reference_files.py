"""Where the files that the tests read lie."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
NICKNAMES = Path(
    os.environ.get("JDL_NICKNAMES", REPOSITORY / "seeds" / "reference" / "nicknames.csv")
)
"""The reference list of nicknames; the variable points to another one."""
NICKNAMES_TABLE = f"select nickname, name from read_csv('{NICKNAMES}')"
