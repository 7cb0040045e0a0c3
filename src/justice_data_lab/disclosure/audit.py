"""What can be worked out from all published figures together, and which of them give way.

A group of people is a list of cells: kinds of people that exclude each other. Every published
figure says that a weighted sum of cells lies between two numbers. What is known of a sum of cells
is its range over everything that fits, by two linear programs. A protected sum whose range is too
narrow is protected by making a figure coarser, or by taking it away: one of those whose rows carry
the bound, which the dual of the linear program names (a row with a multiplier of 0 can go without
moving the bound; where only rows carry it that cannot give way, nothing here can help).

Sources: the audit of a suppression pattern by linear programs, and the choice of what else to
suppress from the dual, is that of Fischetti and Salazar (2001), "Solving the cell suppression
problem on tabular data with linear constraints", Management Science 47: 1008-1027; the figures
that are ranges because they are rounded, chapter 4 of Hundepohl and others (2012), "Statistical
disclosure control"; tables protected together, of which each is safe alone, De Wolf and Giessing
(2009), "Adjusting the tau-Argus modular approach to deal with linked tables", Data and Knowledge
Engineering 68: 1160-1174. Where they look for the pattern that loses least, this takes the first
figure in a given order, and takes no choice back (``DisclosureSettings.levels``).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import linprog

from justice_data_lab.disclosure.settings import DisclosureSettings

NARROWEST: Final = 5
"""The range of a protected sum is at least so wide (the rule of docs/disclosure.md)."""
_NEAR: Final = 1e-7
_UNBOUNDED: Final = -1e9


@dataclass(frozen=True)
class Range:
    """A weighted sum of cells lies between two numbers: its weights by cell, lowest, highest."""

    weights: Mapping[int, float]
    lowest: float
    highest: float


@dataclass(frozen=True)
class Figure:
    """A figure that can give way: what it says at each step, the most exact first.

    steps: each a list of ranges; after the last one the figure is not shown. name: told apart by.
    """

    name: Hashable
    steps: Sequence[Sequence[Range]]


@dataclass(frozen=True)
class Protected:
    """A sum of cells that may not be known, and how many people it is."""

    cells: frozenset[int]
    people: int


@dataclass
class Audit:
    """Everything that is published of one group of people.

    cells: how many there are. fixed: ranges of what is published whatever happens. figures: in the
    order in which they give way. protected: every sum that may not be known when it is small.
    """

    cells: int
    fixed: list[Range] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    protected: list[Protected] = field(default_factory=list)

    def given_up(
        self,
        settings: DisclosureSettings,
        *,
        zeros_disclose: bool = False,
        levels: Iterable[int] | None = None,
    ) -> dict[Hashable, int]:
        """Return the figures that give way, each with the step at which it is shown.

        A step as high as the number of the figure's steps: not shown. zeros_disclose: nobody is a
        small number too, since it says something of everybody else. levels: thresholds to raise,
        those of the settings unless the caller raises them. Where nothing fits what is
        published, the cells are not what the caller takes them for, and every figure goes.
        """
        try:
            return self._given_up(
                settings.levels if levels is None else levels, lowest=0 if zeros_disclose else 1
            )
        except ArithmeticError:
            return {figure.name: len(figure.steps) for figure in self.figures}

    def _given_up(self, levels: Iterable[int], *, lowest: int) -> dict[Hashable, int]:
        chosen: dict[Hashable, int] = {}
        ranges: dict[Protected, tuple[float, float]] = {}  # they only widen
        for level in levels:
            for secret in self.protected:
                if not lowest <= secret.people <= level:
                    continue
                while secret not in ranges or is_known(*ranges[secret], few=level):
                    ranges[secret], carriers = self._known_of(secret, chosen)
                    victim = self._victim(carriers, chosen)
                    if not is_known(*ranges[secret], few=level) or victim is None:
                        break
                    chosen[victim] = chosen.get(victim, 0) + 1
        return chosen

    def _known_of(
        self, secret: Protected, chosen: Mapping[Hashable, int]
    ) -> tuple[tuple[float, float], frozenset[Hashable]]:
        """Return the range of a protected sum, and the figures that carry its ends.

        The least is at most the truth: where the most is far enough above that, it is not sought.
        """
        rows = self._rows(chosen)
        high = self._end(secret.cells, rows, sign=-1.0)
        most = math.floor(-high.value + _NEAR)
        if most >= secret.people + NARROWEST:
            return (secret.people, most), high.carriers
        low = self._end(secret.cells, rows, sign=1.0)
        return (math.ceil(low.value - _NEAR), most), high.carriers | low.carriers

    def range_of(
        self, cells: Iterable[int], chosen: Mapping[Hashable, int] | None = None
    ) -> tuple[float, float]:
        """Return the least and the most people that a sum of cells can be."""
        rows = self._rows(chosen or {})
        low, high = (self._end(frozenset(cells), rows, sign=sign) for sign in (1.0, -1.0))
        return math.ceil(low.value - _NEAR), math.floor(-high.value + _NEAR)

    def _victim(
        self, carriers: frozenset[Hashable], chosen: Mapping[Hashable, int]
    ) -> Hashable | None:
        """Return the first figure in order that carries a bound and can still give way."""
        for figure in self.figures:
            if figure.name in carriers and chosen.get(figure.name, 0) < len(figure.steps):
                return figure.name
        return None

    def _rows(self, chosen: Mapping[Hashable, int]) -> _Rows:
        """Return what is published as rows of a linear program: matrix, limits, figures."""
        ranges: list[tuple[Range, Hashable | None]] = [(one, None) for one in self.fixed]
        for figure in self.figures:
            step = chosen.get(figure.name, 0)
            if step < len(figure.steps):
                ranges += [(one, figure.name) for one in figure.steps[step]]
        sides = [
            (one, name, sign, limit)
            for one, name in ranges
            for sign, limit in ((1.0, one.highest), (-1.0, -one.lowest))
            if math.isfinite(limit)
        ]
        matrix = np.zeros((len(sides), self.cells))
        for place, (one, _, sign, _) in enumerate(sides):
            for cell, weight in one.weights.items():
                matrix[place, cell] = sign * weight
        return _Rows(matrix, [limit for *_, limit in sides], [name for _, name, _, _ in sides])

    def _end(self, cells: frozenset[int], rows: _Rows, *, sign: float) -> _Bound:
        """Minimise a sum of cells times a sign; ArithmeticError when no cells fit."""
        aim = np.zeros(self.cells)
        aim[list(cells)] = sign
        solved = linprog(aim, A_ub=rows.matrix, b_ub=rows.limits, bounds=(0, None), method="highs")
        if solved.status == 3:  # nothing is known on this side
            return _Bound(_UNBOUNDED, frozenset())
        if solved.status != 0:
            raise ArithmeticError("no people fit the figures that are published of them")
        carrying = np.flatnonzero(np.abs(solved.ineqlin.marginals) > _NEAR)
        names = {rows.names[place] for place in carrying} - {None}
        return _Bound(float(solved.fun or 0.0), frozenset(names))


@dataclass(frozen=True)
class _Rows:
    """A linear program: matrix times cells is at most the limits; the figure of every row."""

    matrix: np.ndarray
    limits: list[float]
    names: list[Hashable | None]


@dataclass(frozen=True)
class _Bound:
    """The end of a range, and the figures whose rows carry it."""

    value: float
    carriers: frozenset[Hashable]


def is_known(low: float, high: float, *, few: int) -> bool:
    """Say whether a sum is known to be small, or known to within less than 5 people."""
    return high <= few or high - low < NARROWEST


def count_range(cells: Iterable[int], count: int, settings: DisclosureSettings) -> Range:
    """Return what a rounded count says of the cells that it counts; count: the exact one."""
    base = settings.rounding
    rounded = base * ((2 * count + base) // (2 * base))
    # The nearest multiple, halves up; a printed 0 is nobody, since a few would not be printed.
    below, above = (base // 2, math.ceil(base / 2) - 1 if base > 1 else 0) if count else (0, 0)
    return Range(dict.fromkeys(cells, 1.0), max(0, rounded - below), rounded + above)


def share_ranges(
    part: Iterable[int], whole: Iterable[int], lowest: float, highest: float
) -> list[Range]:
    """Return what a share (0 to 1) between two numbers says of a part and its whole."""
    rows = []
    for share, low, high in ((highest, -math.inf, 0.0), (lowest, 0.0, math.inf)):
        weights = dict.fromkeys(whole, -share)
        for cell in part:
            weights[cell] = weights.get(cell, 0.0) + 1.0
        rows.append(Range(weights, low, high))
    return rows
