"""Whether the last build of a folder ran to its end with everything passed.

A marker lies beside the databases from the start of a run until a whole build has passed, so that
a build that failed, was killed or is under way is known.
"""

from pathlib import Path
from typing import Final

MARKER: Final = "unfinished"


def begin(build: Path) -> None:
    """Mark that the databases of this folder may be changing, or that a test of them failed."""
    (build / MARKER).touch()


def finish(build: Path) -> None:
    """Mark that a whole build has passed."""
    (build / MARKER).unlink(missing_ok=True)


def is_finished(build: Path) -> bool:
    """Return whether the last run was a whole build that passed."""
    return not (build / MARKER).exists()
