"""Radius matching with replacement, without a table of pairs.

At 0.2 standard deviations a treated person has tens of thousands of controls in a large pool, so
pairs are never made. All windows have one width, therefore the treated who cover a control are
one run of the treated sorted by score. The ends of the windows cut the sorted controls into
segments with one run each: counts and weights are worked out for segments (by day of start), and
looked up for controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from justice_data_lab.statistics.arrow import FloatArray, IntArray

Days = NDArray[np.number[Any]]
GRID = 1e-12
LARGEST_SCORE = 4e6
TABLE_CELLS = 4_000_000
LOOKED_UP_DAYS = 100_000
RESIDUE = 1e-12


@dataclass(frozen=True)
class RadiusMatch:
    """Matches of one stratum.

    controls_n: for each treated unit, its controls inside the radius (0: not matched).
    weights: for each control, its multiplier times the sum of 1 / (sum of the multipliers of its
    controls) over the treated it stands for; without multipliers the sum of 1 / controls_n.
    Both are in the order of the input, and sum(weights) is the number of matched treated.
    """

    controls_n: IntArray
    weights: FloatArray


def to_grid(values: FloatArray) -> IntArray:
    """Put scores or a radius on the whole-number grid of 1e-12, so that ties and edges are exact.

    In floats, |a - b| <= c and a <= b + c can disagree in the last bit. Raises ValueError on NaN
    or beyond 4e6 in size, where int64 would overflow.
    """
    if not (np.abs(values) <= LARGEST_SCORE).all():
        raise ValueError("scores must be known and below 4e6 in size to be matched")
    return np.rint(np.asarray(values, dtype=np.float64) / GRID).astype(np.int64)


def match_radius(
    treated: IntArray,
    controls: IntArray,
    *,
    width: int,
    delays: IntArray | FloatArray | None = None,
    last_days: IntArray | FloatArray | None = None,
    multipliers: FloatArray | None = None,
) -> RadiusMatch:
    """Match every treated unit to all controls within the radius, each with weight 1/k.

    treated, controls: scores on the grid (``to_grid``); any order.
    width: the radius on the grid; the interval is closed, |difference| <= width.
    delays, last_days: the risk-set condition, both or neither: control j may stand for treated i
        only if delays[i] <= last_days[j].
    multipliers: of the controls, 1 or more, with delays only (``Baseline.multipliers``); None: 1.

    With M_i = sum of the multipliers m of the controls of i, the weight of j is m_j x the sum of
    1 / M_i over its treated; without multipliers M_i is k_i, their number. Source: the pilot's
    matching with replacement, weights after Dehejia & Wahba (2002).
    """
    if (delays is None) != (last_days is None):
        raise ValueError("the risk set needs both delays and last days, or neither")
    if width < 0:
        raise ValueError("the radius cannot be negative")
    counts = np.zeros(len(treated), dtype=np.int64)
    weights = np.zeros(len(controls))
    if not len(treated) or not len(controls):
        return RadiusMatch(controls_n=counts, weights=weights)
    by_score = np.lexsort((treated,) if delays is None else (delays, treated))
    order = np.lexsort((controls,) if multipliers is None else (multipliers, controls))
    if delays is None or last_days is None:
        segments = _segments(treated[by_score], controls, order, width)
        counts[by_score] = segments.counts()
        weights[order] = segments.weights(counts[by_score])
        return RadiusMatch(controls_n=counts, weights=weights)
    days: Days = np.unique(delays)
    rank = np.searchsorted(days, delays)
    seen = _days_seen(days, last_days)[order]
    own = None if multipliers is None else multipliers[order]
    step = max(1, TABLE_CELLS // (len(days) + 1))
    total = np.zeros(len(controls))
    for start in range(0, len(treated), step):
        part = by_score[start : start + step]
        segments = _segments(treated[part], controls, order, width)
        cell = segments.cells(seen, len(days) + 1)
        counts[part] = segments.counts_by_day(cell, rank[part], len(days) + 1)
        sums: IntArray | FloatArray = counts[part]
        if own is not None:
            sums = segments.counts_by_day(cell, rank[part], len(days) + 1, own)
            sums = np.where(counts[part] > 0, sums, 0.0)
        total += segments.weights_by_day(cell, rank[part], sums, len(days) + 1)
    weights[order] = total if own is None else own * total
    return RadiusMatch(controls_n=counts, weights=weights)


@dataclass(frozen=True)
class _Segments:
    """The sorted controls, cut where a window begins or ends.

    lengths: controls in each segment. first, end: its run of sorted treated, [first, end).
    low, high: for each treated, the segments inside its window, [low, high).
    """

    lengths: IntArray
    first: IntArray
    end: IntArray
    low: IntArray
    high: IntArray

    def counts(self) -> IntArray:
        """Count the controls of each treated."""
        before = np.append(0, np.cumsum(self.lengths))
        counted: IntArray = before[self.high] - before[self.low]
        return counted

    def weights(self, counts: IntArray) -> FloatArray:
        """Sum 1 / k over each control's run, as a difference of two running sums."""
        running = np.append(0.0, np.cumsum(_shares(counts)))
        return np.repeat(_no_residue(running[self.end] - running[self.first]), self.lengths)

    def cells(self, seen: IntArray, width: int) -> IntArray:
        """Return the cell of each sorted control in a table of segments by days seen."""
        cell = np.repeat(np.arange(len(self.lengths)) * width, self.lengths)
        cell += seen
        return cell

    def counts_by_day(
        self, cell: IntArray, rank: IntArray, width: int, multipliers: FloatArray | None = None
    ) -> Any:
        """Count the controls of each treated that have seen its day, the one of this rank.

        With multipliers (of the sorted controls) return their sum.
        """
        size = len(self.lengths) * width
        counted = np.bincount(cell, multipliers, minlength=size).reshape(-1, width)
        table = np.zeros((len(self.lengths) + 1, width), dtype=counted.dtype)
        np.cumsum(counted, axis=0, out=table[1:])
        table = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
        return table[self.high, rank + 1] - table[self.low, rank + 1]

    def weights_by_day(
        self, cell: IntArray, rank: IntArray, counts: IntArray | FloatArray, width: int
    ) -> FloatArray:
        """Sum 1 / k over each control's run, of the treated whose day it has seen.

        Row m, column q of the running sums is over the first m treated with a day among the
        first q. A control that stands for nobody gets two equal numbers, so exactly zero.
        """
        table = np.zeros((len(rank) + 1, width))
        table[1:] = np.where(np.arange(width) > rank[:, None], _shares(counts)[:, None], 0.0)
        running = np.cumsum(table, axis=0)
        by_cell = _no_residue(running[self.end] - running[self.first])
        result: FloatArray = by_cell.ravel()[cell]
        return result


def _segments(treated: IntArray, controls: IntArray, order: IntArray, width: int) -> _Segments:
    """Cut the controls (in ``order`` of their scores) at the windows of the sorted treated."""
    low = np.searchsorted(controls, treated - width, side="left", sorter=order)
    high = np.searchsorted(controls, treated + width, side="right", sorter=order)
    edges = np.unique(np.concatenate(([0, len(controls)], low, high)))
    return _Segments(
        lengths=np.diff(edges),
        first=np.searchsorted(high, edges[:-1], side="right"),
        end=np.searchsorted(low, edges[:-1], side="right"),
        low=np.searchsorted(edges, low),
        high=np.searchsorted(edges, high),
    )


def _days_seen(days: Days, last_days: Days) -> IntArray:
    """Return how many of the sorted days are not after each last day."""
    first, last = days[0], days[-1]
    if days.dtype.kind != "i" or last_days.dtype.kind != "i" or last - first > LOOKED_UP_DAYS:
        return np.searchsorted(days, last_days, side="right")
    seen = np.searchsorted(days, np.arange(first - 1, last + 1), side="right")
    looked_up: IntArray = seen[np.clip(last_days, first - 1, last) - (first - 1)]
    return looked_up


def _shares(counts: IntArray | FloatArray) -> FloatArray:
    return np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)


def _no_residue(weights: FloatArray) -> FloatArray:
    """Return the weights with what rounding left of zero set to zero."""
    return np.where(weights < RESIDUE, 0.0, weights)
