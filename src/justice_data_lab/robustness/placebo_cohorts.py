"""Cohorts that had no service, taken out of the pool and matched as the treated are.

Whoever is drawn leaves the pool as a treated person does. The score is that of the headline.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.matching import multipliers_of, radius_width
from justice_data_lab.statistics.radius import to_grid
from justice_data_lab.statistics.settings import MatchSettings

PAIRS = 4_000_000


@dataclass(frozen=True)
class PlaceboStratum:
    """The controls on support of one stratum, and how many of which delays are to be drawn.

    score: linear predictor. matched_on: the score on the scale that is matched on. cell: exact
    cell. person, index_day: who, and the day of the event; an event of a person may be drawn
    once. last_day: last day at risk, and delays: of the matched treated; None without delays.
    treated_n: matched treated of each cell. values: what the headline's tilt balances, a row a
    control and a column a term.
    """

    score: FloatArray
    matched_on: FloatArray
    cell: IntArray
    person: IntArray
    index_day: IntArray
    last_day: IntArray | None
    delays: IntArray | None
    treated_n: dict[int, int]
    values: FloatArray


@dataclass(frozen=True)
class PlaceboDraw:
    """One cohort in its stratum: who was drawn, everybody's day, and who is left of the pool.

    days: delay of the drawn, last day of the others; None without delays.
    """

    drawn: BoolArray
    in_pool: BoolArray
    days: IntArray | None


@dataclass(frozen=True)
class _Pace:
    """How far the baseline of starts gets while each control is at risk, and the baseline.

    days: on which somebody starts; None without delays.
    """

    reach: FloatArray
    total: FloatArray
    days: IntArray | None


class CohortDraws:
    """Draws and matches cohorts of one stratum, one after the other."""

    def __init__(self, stratum: PlaceboStratum) -> None:
        """Work out what all draws share."""
        self.stratum = stratum
        self._slow = np.exp(-(stratum.score - stratum.score.max()))
        self._pace = _pace_of(stratum)
        known, code, counts = np.unique(stratum.person, return_inverse=True, return_counts=True)
        self._code, self._people_n, self._is_several = code, len(known), counts[code] > 1
        self._grid = to_grid(stratum.matched_on)
        order = np.lexsort((self._grid, stratum.cell))
        edges = np.flatnonzero(np.diff(stratum.cell[order])) + 1
        self._cells = np.split(order, edges)

    def draw(self, rng: np.random.Generator) -> PlaceboDraw:
        """Draw one cohort without replacement, and take it out of its pool.

        Each control has an exponential time E to a start at the rate of its score, and starts
        when Breslow's baseline reaches E / exp(score), if it is at risk then; the pace is set in
        each cell so that as many do as treated people are matched there. Without delays the draw
        is in proportion to exp(score). Of two events of one person the earlier is drawn. Source:
        Efraimidis & Spirakis (2006, Inf. Proc. Letters 97).

        As for the people of a request: the events of a drawn person before the drawn one stay, at
        risk up to the day before the start, and later ones leave.
        """
        stratum, pace = self.stratum, self._pace
        n = len(stratum.score)
        slow = rng.standard_exponential(n) * self._slow
        time = np.divide(slow, pace.reach, out=np.full(n, np.inf), where=pace.reach > 0)
        drawn, delay = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
        for cell, wanted in sorted(stratum.treated_n.items()):
            rows = np.flatnonzero((stratum.cell == cell) & np.isfinite(time))
            if not len(rows) or not wanted:
                continue
            size = min(wanted, len(rows))
            chosen = rows[np.argpartition(time[rows], size - 1)[:size]]
            drawn[chosen] = True
            if pace.days is not None:
                hazard = slow[chosen] / float(time[chosen].max())
                place = np.searchsorted(pace.total, hazard, side="left")
                delay[chosen] = pace.days[np.minimum(place, len(pace.days) - 1)]
        self._leave_the_earliest(drawn)
        return self._without(drawn, delay)

    def _leave_the_earliest(self, drawn: BoolArray) -> None:
        """Leave only the earliest drawn event of each person drawn."""
        rows = np.flatnonzero(drawn & self._is_several)
        order = np.lexsort((self.stratum.index_day[rows], self._code[rows]))
        person = self._code[rows][order]
        drawn[rows[order[1:][person[1:] == person[:-1]]]] = False

    def _without(self, drawn: BoolArray, delay: IntArray) -> PlaceboDraw:
        stratum = self.stratum
        in_pool = ~drawn
        days = None if stratum.last_day is None else np.where(drawn, delay, stratum.last_day)
        event = np.full(self._people_n, np.iinfo(np.int64).max)
        rows = np.flatnonzero(drawn)
        event[self._code[rows]] = stratum.index_day[rows]
        again = np.flatnonzero(
            in_pool & self._is_several & (event[self._code] < np.iinfo(np.int64).max)
        )
        in_pool[again] = stratum.index_day[again] < event[self._code[again]]
        if days is not None:
            start = np.zeros(self._people_n, dtype=np.int64)
            start[self._code[rows]] = stratum.index_day[rows] + delay[rows]
            left = start[self._code[again]] - 1 - stratum.index_day[again]
            days[again] = np.minimum(days[again], left)
            in_pool &= drawn | (days >= 0)
        return PlaceboDraw(drawn, in_pool, days)

    def match(self, draw: PlaceboDraw, settings: MatchSettings) -> FloatArray:
        """Return the weights of a cohort: 1 for its matched, those of ``match_units`` for controls.

        The pool was sorted once for all cohorts, and pairs are made, since so few are inside the
        radius of a cohort; the tests hold it to ``match_units``.
        """
        stratum = self.stratum
        inside = draw.drawn | draw.in_pool
        size = np.array([radius_width(stratum.matched_on[inside], settings)])
        width, n = int(to_grid(size)[0]), len(inside)
        factor, weight = np.ones(n), np.zeros(n)
        if draw.days is not None and draw.drawn.any():
            factor[draw.in_pool] = multipliers_of(
                stratum.score[inside], draw.drawn[inside], draw.days[inside]
            )
        for cell in self._cells:
            ours = cell[draw.drawn[cell]]
            low = np.searchsorted(self._grid[cell], self._grid[ours] - width, side="left")
            high = np.searchsorted(self._grid[cell], self._grid[ours] + width, side="right")
            for part in _parts(high - low):
                pairs_n = (high - low)[part]
                one = np.repeat(np.arange(len(pairs_n)), pairs_n)
                begins = np.repeat(low[part] - (np.cumsum(pairs_n) - pairs_n), pairs_n)
                other = cell[np.arange(len(one)) + begins]
                fits = draw.in_pool[other]
                if draw.days is not None:
                    fits &= draw.days[other] >= draw.days[ours[part]][one]
                one, other = one[fits], other[fits]
                sums = np.bincount(one, factor[other], minlength=len(pairs_n))
                weight += np.bincount(other, 1 / sums[one], minlength=n)
                weight[ours[part]] = sums > 0
        return np.where(draw.drawn, weight, weight * factor)


def _parts(pairs_n: IntArray) -> list[slice]:
    """Cut the treated into runs of not too many pairs."""
    edges = np.flatnonzero(np.diff(np.cumsum(pairs_n) // PAIRS)) + 1
    bounds = [0, *edges.tolist(), len(pairs_n)]
    return [slice(low, high) for low, high in itertools.pairwise(bounds) if high > low]


def _pace_of(stratum: PlaceboStratum) -> _Pace:
    if stratum.delays is None or stratum.last_day is None:
        return _Pace(np.ones(len(stratum.score)), np.ones(1), None)
    score = np.append(np.full(len(stratum.delays), -np.inf), stratum.score)  # controls alone count
    treated = np.arange(len(score)) < len(stratum.delays)
    found = baseline_hazard(score, treated, np.append(stratum.delays, stratum.last_day))
    total = np.where(np.isfinite(found.total), found.total, 0.0)
    seen = np.searchsorted(found.days, stratum.last_day, side="right")
    return _Pace(np.append(0.0, total)[seen], total, found.days.astype(np.int64))


def draw_and_match(
    draws: Sequence[CohortDraws], settings: MatchSettings, rng: np.random.Generator, cohorts: int
) -> list[tuple[BoolArray, FloatArray]]:
    """Return who is drawn and the matched weights of each stratum: (row, cohort)."""
    sizes = [len(one.stratum.score) for one in draws]
    drawn = [np.zeros((size, cohorts), dtype=bool, order="F") for size in sizes]
    weights = [np.zeros((size, cohorts), order="F") for size in sizes]
    for cohort in range(cohorts):
        for place, one in enumerate(draws):
            found = one.draw(rng)
            drawn[place][:, cohort] = found.drawn
            weights[place][:, cohort] = one.match(found, settings)
    return list(zip(drawn, weights, strict=True))
