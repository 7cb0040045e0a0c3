"""From values to pixels: linear and logarithmic scales with round ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Scale:
    """Values from ``low`` to ``high`` lie on pixels from ``start`` to ``end``.

    ticks: the round values that are labelled. is_log: equal ratios are equal distances.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; one outside the scale lies on its edge."""
        inside = min(max(value, self.low), self.high)
        low, high = self.low, self.high
        if self.is_log:
            inside, low, high = math.log(inside), math.log(low), math.log(high)
        return self.start + (self.end - self.start) * (inside - low) / (high - low)


def linear(
    values: Iterable[float], start: float, end: float, *, most_ticks: int = 7, smallest: float = 1
) -> Scale:
    """Return a scale that holds all values and nought with a small margin, and its round ticks.

    ``smallest`` is the least distance between two ticks; there are at least two ticks.
    """
    known = [0.0, *values]
    margin = max(0.05 * (max(known) - min(known)), 0.2 * smallest)
    low, high = min(known) - margin, max(known) + margin
    step = max(_round_step((high - low) / most_ticks), smallest)
    first, last = math.ceil(low / step), math.floor(high / step)
    if first == last:
        last, high = last + 1, step * 1.05
    ticks = tuple(round(place * step, 10) + 0.0 for place in range(first, last + 1))
    return Scale(low=low, high=high, start=start, end=end, ticks=ticks)


def logarithmic(values: Iterable[float], start: float, end: float) -> Scale:
    """Return a logarithmic scale with ticks at 1, 3 and 10 times the powers of ten."""
    known = [value for value in values if value > 0] or [30.0, 1000.0]
    steps = [base * 10.0**power for power in range(8) for base in (1, 3)]
    low = max(step for step in steps if step <= min(known) or step == steps[0])
    high = min((step for step in steps if step >= max(known)), default=steps[-1])
    if low == high:
        high = steps[steps.index(low) + 1]
    ticks = tuple(step for step in steps if low <= step <= high)
    return Scale(low=low, high=high, start=start, end=end, ticks=ticks, is_log=True)


def _round_step(at_least: float) -> float:
    power = 10.0 ** math.floor(math.log10(at_least))
    for base in (1, 2, 5, 10):
        if base * power >= at_least * (1 - 1e-9):
            return base * power
    raise AssertionError("unreachable: 10 times the power of ten is larger")


def signed(value: float) -> str:
    """Write a tick of a difference: a true minus sign, a plus, or 0."""
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else MINUS}{abs(value):,g}"
