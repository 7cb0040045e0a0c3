"""An attacker who has everything that is published, knows the rules, and can do linear programming.

A table is a list of unknown cells, people who cannot be negative. Every published figure is a range
for a sum of cells. What is known of one cell is its range over everything that fits, by two linear
programs (HiGHS).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

ROUNDING, FEW, TOLERANCE = 5, 7, 1e-6
REACH = ROUNDING // 2
"""A count rounded to 5 lies within 2 of what it was."""


@dataclass
class Knowledge:
    """Ranges of weighted sums of cells: weights by cell, lowest, highest."""

    cells: int
    weights: list[np.ndarray] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)

    def between(self, weights: Mapping[int, float], low: float, high: float) -> None:
        """Learn that a weighted sum of cells lies between two numbers."""
        row = np.zeros(self.cells)
        for cell, weight in weights.items():
            row[cell] += weight
        for side, limit in ((row, high), (-row, -low)):
            if math.isfinite(limit):
                self.weights.append(side)
                self.highest.append(limit)

    def count(self, cells: Sequence[int], published: int | None) -> None:
        """Learn a rounded count of some cells; null says nothing."""
        if published is not None:
            reach = REACH if published else 0
            self.between(dict.fromkeys(cells, 1.0), published - reach, published + reach)

    def exact(self, cells: Sequence[int], published: int | None) -> None:
        """Learn an exact count of some cells; null says nothing."""
        if published is not None:
            self.between(dict.fromkeys(cells, 1.0), published, published)

    def percent(self, part: Sequence[int], whole: Sequence[int], published: float | None) -> None:
        """Learn a share in whole points: 100 part is within half a point of the whole."""
        if published is not None:
            self.ratio(part, whole, (published - 0.5) / 100, (published + 0.5) / 100)

    def ratio(self, part: Sequence[int], whole: Sequence[int], low: float, high: float) -> None:
        """Learn that a part is between two shares (0 to 1) of a whole."""
        for edge, sign in ((high, 1.0), (low, -1.0)):
            row = np.zeros(self.cells)
            row[list(part)] += sign
            row[list(whole)] -= sign * edge
            self.weights.append(row)
            self.highest.append(0.0)

    def range_of(self, cells: Sequence[int]) -> tuple[int, int]:
        """Return the smallest and largest whole number that a sum of cells can be."""
        aim = np.zeros(self.cells)
        aim[list(cells)] = 1.0
        low = self._solve(aim)
        high = -self._solve(-aim)
        whole_high = math.inf if math.isinf(high) else math.floor(high + TOLERANCE)
        return math.ceil(low - TOLERANCE), whole_high  # type: ignore[return-value]

    def _solve(self, aim: np.ndarray) -> float:
        solved = linprog(
            aim,
            A_ub=np.array(self.weights) if self.weights else None,
            b_ub=np.array(self.highest) if self.weights else None,
            bounds=(0, None),
            method="highs",
        )
        if solved.status == 3:  # unbounded: nothing is known on this side
            return -math.inf
        if solved.status != 0:
            raise ArithmeticError(f"no table fits what is published: {solved.message}")
        return float(solved.fun)


def is_known(low: float, high: float) -> bool:
    """Say whether a cell is known to within 5, or known to be a small one."""
    return high - low < ROUNDING or high <= FEW
