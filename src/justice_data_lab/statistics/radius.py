"""Radius matching with replacement, without a table of pairs.

At 0.2 standard deviations a treated person has tens of thousands of controls in a large pool, so
pairs are never made. All windows have one width, therefore the treated who cover a control are
one run of the treated sorted by score, and a table of running sums over (treated by score, day of
start) gives every count and every weight by two look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_data_lab.statistics.arrow import FloatArray, IntArray

GRID = 1e-12
LARGEST_SCORE = 4e6
TABLE_CELLS = 4_000_000
RESIDUE = 1e-12


@dataclass(frozen=True)
class RadiusMatch:
    """Matches of one stratum.

    controls_n: for each treated unit, its controls inside the radius (0: not matched).
    weights: for each control, the sum of 1 / controls_n over the treated it stands for.
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
) -> RadiusMatch:
    """Match every treated unit to all controls within the radius, each with weight 1/k.

    treated, controls: scores on the grid (``to_grid``); any order.
    width: the radius on the grid; the interval is closed, |difference| <= width.
    delays, last_days: the risk-set condition, both or neither: control j may stand for treated i
        only if delays[i] <= last_days[j].

    With k_i = controls of i, the weight of j is the sum of 1 / k_i over its treated. Source: the
    pilot's matching with replacement, weights after Dehejia & Wahba (2002).
    """
    if (delays is None) != (last_days is None):
        raise ValueError("the risk set needs both delays and last days, or neither")
    if width < 0:
        raise ValueError("the radius cannot be negative")
    if delays is None or last_days is None:
        delays = np.zeros(len(treated), dtype=np.int64)
        last_days = np.zeros(len(controls), dtype=np.int64)
    days = np.unique(delays)
    alive = np.searchsorted(days, last_days, side="right")
    counts = np.zeros(len(treated), dtype=np.int64)
    weights = np.zeros(len(controls))
    if not len(treated) or not len(controls):
        return RadiusMatch(controls_n=counts, weights=weights)
    by_score = np.lexsort((delays, treated))
    sorted_controls = np.argsort(controls)
    rank = np.searchsorted(days, delays)
    step = max(1, TABLE_CELLS // (len(days) + 1))
    for start in range(0, len(treated), step):
        part = by_score[start : start + step]
        runs = _runs(treated[part], controls[sorted_controls], width)
        seen = alive[sorted_controls]
        counts[part] = _count(runs, seen, rank[part], len(days))
        weights[sorted_controls] += _weigh(runs, seen, rank[part], counts[part], len(days))
    weights[weights < RESIDUE] = 0.0
    return RadiusMatch(controls_n=counts, weights=weights)


def _runs(treated: IntArray, controls: IntArray, width: int) -> tuple[IntArray, IntArray]:
    """Return for each sorted control the run [first, end) of sorted treated that cover it."""
    low = np.searchsorted(controls, treated - width, side="left")
    high = np.searchsorted(controls, treated + width, side="right")
    places = np.arange(len(treated) + 1)
    first = np.repeat(places, np.diff(np.concatenate(([0], high, [len(controls)]))))
    end = np.repeat(places, np.diff(np.concatenate(([0], low, [len(controls)]))))
    return first, end


def _count(runs: tuple[IntArray, IntArray], seen: IntArray, rank: IntArray, days: int) -> IntArray:
    """Count the controls of each treated: those whose run holds it and who outlive its day.

    A control adds 1 at the start of its run and takes it away after the end, in the column of
    the days it has seen; a running sum down the treated, and from the right over the days,
    counts each treated's controls with at least its own day.
    """
    width = days + 1
    size = (len(rank) + 1) * width
    change = np.bincount(runs[0] * width + seen, minlength=size)
    change -= np.bincount(runs[1] * width + seen, minlength=size)
    table = np.cumsum(change.reshape(len(rank) + 1, width), axis=0)
    table = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    counted: IntArray = table[np.arange(len(rank)), rank + 1]
    return counted


def _weigh(
    runs: tuple[IntArray, IntArray], seen: IntArray, rank: IntArray, counts: IntArray, days: int
) -> FloatArray:
    """Sum 1 / k over each control's run, as a difference of two running sums.

    Row m, column q of the table is the sum over the first m treated with a day among the first
    q. A control that stands for nobody gets two equal numbers, so exactly zero.
    """
    share = np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)
    table = np.zeros((len(rank) + 1, days + 1))
    table[1:] = np.where(np.arange(days + 1) > rank[:, None], share[:, None], 0.0)
    running = np.cumsum(table, axis=0).ravel()
    width = days + 1
    result: FloatArray = running[runs[1] * width + seen] - running[runs[0] * width + seen]
    return result
