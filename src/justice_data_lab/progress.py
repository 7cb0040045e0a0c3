"""How far long work is, in one line that is written over: on a terminal, never in a pipe."""

import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

QUIET_SECONDS: Final = 5.0
BETWEEN_SECONDS: Final = 1.0
_ANEW: Final = "\r\x1b[2K"


class Line:
    """The last line of a terminal, written over again and again; nothing where there is none."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """stream: standard error unless another is given."""
        self._stream = stream if stream is not None else sys.stderr
        self._is_shown = False

    def show(self, text: str) -> None:
        """Write the line anew."""
        if self._stream.isatty():
            self._stream.write(f"{_ANEW}{text}")
            self._stream.flush()
            self._is_shown = True

    def clear(self) -> None:
        """Leave an empty line."""
        if self._is_shown:
            self._stream.write(_ANEW)
            self._stream.flush()
            self._is_shown = False


class Steps:
    """Steps of which the number is known: how many are done, and how long the others may take.

    Nothing is shown in the first five seconds, and then at most once a second.
    """

    def __init__(
        self,
        what: str,
        total: int,
        *,
        line: Line | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin the clock. what: the steps, in the plural. total: how many there are."""
        self._what, self._total, self._done = what, total, 0
        self._line, self._clock = line or Line(), clock
        self._began = self._shown = clock()

    def step(self) -> None:
        """Note that one more is done."""
        self._done += 1
        now = self._clock()
        if now - self._began < QUIET_SECONDS or now - self._shown < BETWEEN_SECONDS:
            return
        self._shown = now
        left = (now - self._began) / self._done * (self._total - self._done)
        self._line.show(f"{self._what}: {self._done} of {self._total}, {_spoken(left)} left")

    def finish(self) -> None:
        """Take the line away."""
        self._line.clear()


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(round(seconds, -1), 10):.0f} seconds"
    return f"about {seconds / 60:.0f} minutes"
