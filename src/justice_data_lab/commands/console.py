"""The consoles of the commands: what is printed, and what is told while it is made."""

import sys
from typing import Final

from rich.console import Console

PIPE_WIDTH: Final = 200


def output() -> Console:
    """Return the console of the figures: as wide as the terminal, or ``PIPE_WIDTH`` without one.

    A pipe has no width of its own, and a name that is cut into two lines is lost to grep.
    """
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)


def progress() -> Console:
    """Return the console of what is going on, which a pipe of the figures does not hold."""
    return Console(stderr=True)
