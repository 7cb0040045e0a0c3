"""Nearest-neighbour matching with replacement: a check on the radius, not the method itself."""

from __future__ import annotations

import numpy as np

from justice_data_lab.statistics.arrow import IntArray
from justice_data_lab.statistics.radius import RadiusMatch

NOBODY = np.iinfo(np.int64).max


def match_nearest(
    treated: IntArray,
    controls: IntArray,
    *,
    neighbours: int,
    width: int,
    delays: IntArray | None = None,
    last_days: IntArray | None = None,
) -> RadiusMatch:
    """Match every treated unit to its nearest controls inside the radius, with replacement.

    treated, controls: scores on the grid (``radius.to_grid``), controls in the order of their
        keys: of two at the same distance the one with the lower key is taken.
    neighbours: at most so many controls a treated unit, 1 or more.
    width: the radius on the grid, closed. The people matched are those of radius matching.
    delays, last_days: the risk-set condition, both or neither: control j may stand for treated i
        only if delays[i] <= last_days[j].

    With k_i controls found (0 to ``neighbours``) each gets 1 / k_i, so that the weights sum to the
    matched treated. Source: Abadie & Imbens (2006, Econometrica 74: 235-267).
    """
    if (delays is None) != (last_days is None):
        raise ValueError("the risk set needs both delays and last days, or neither")
    if neighbours < 1 or width < 0:
        raise ValueError("nearest neighbours need a number from 1 and a radius from 0")
    counts = np.zeros(len(treated), dtype=np.int64)
    weights = np.zeros(len(controls))
    if delays is None or last_days is None:
        delays = np.zeros(len(treated), dtype=np.int64)
        last_days = np.zeros(len(controls), dtype=np.int64)
    if not len(controls):
        return RadiusMatch(controls_n=counts, weights=weights)
    upward = np.argsort(controls, kind="stable")
    downward = np.argsort(-controls, kind="stable")
    for day in np.unique(delays):
        rows = np.flatnonzero(delays == day)
        found, is_found = _nearest_on_a_day(
            treated[rows],
            controls,
            upward[last_days[upward] >= day],
            downward[last_days[downward] >= day],
            neighbours=neighbours,
            width=width,
        )
        counts[rows] = is_found.sum(axis=1)
        share = np.divide(1.0, counts[rows], out=np.zeros(len(rows)), where=counts[rows] > 0)
        shares = np.broadcast_to(share[:, None], found.shape)[is_found]
        weights += np.bincount(found[is_found], weights=shares, minlength=len(controls))
    return RadiusMatch(controls_n=counts, weights=weights)


def _nearest_on_a_day(
    treated: IntArray,
    controls: IntArray,
    upward: IntArray,
    downward: IntArray,
    *,
    neighbours: int,
    width: int,
) -> tuple[IntArray, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """Return the rows of the nearest controls of each treated unit, and which of them count.

    upward, downward: rows of the controls at risk by rising and by falling score, ties by key.
    The nearest are among the first ``neighbours`` on either side.
    """
    steps = np.arange(neighbours)
    above = np.searchsorted(controls[upward], treated, side="left")[:, None] + steps
    below = np.searchsorted(-controls[downward], -treated, side="right")[:, None] + steps
    candidates = np.concatenate([_rows_at(upward, above), _rows_at(downward, below)], axis=1)
    is_there = candidates >= 0
    distance = np.where(is_there, np.abs(controls[candidates] - treated[:, None]), NOBODY)
    nearest = np.lexsort((candidates, distance), axis=1)[:, :neighbours]
    taken = np.take_along_axis(candidates, nearest, axis=1)
    return taken, np.take_along_axis(distance, nearest, axis=1) <= width


def _rows_at(order: IntArray, places: IntArray) -> IntArray:
    """Return the rows at some places of an order; -1 behind its end."""
    padded = np.append(order, -1)
    result: IntArray = padded[np.minimum(places, len(order))]
    return result
