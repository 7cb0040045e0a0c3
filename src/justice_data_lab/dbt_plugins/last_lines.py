"""What a run has to say in its last lines, below all that dbt writes when it ends."""

import atexit
import sys
from typing import Final

_LINES: Final[list[str]] = []


def begin() -> None:
    """Print the last lines when the process ends, and forget those of a run before."""
    _LINES.clear()
    atexit.unregister(_write)
    atexit.register(_write)


def put(*lines: str) -> None:
    """Replace the last lines."""
    _LINES[:] = lines


def _write() -> None:
    for line in _LINES:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
