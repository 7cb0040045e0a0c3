"""Exponential tilting: the smallest change of the controls' weights that balances them exactly.

Matching on a score leaves small differences, and differences in squares and products that no
score sees. Of all weights under which the controls' means equal the treated's, these are nearest
to the matched ones in entropy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import scipy.linalg

from justice_data_lab.statistics.arrow import FloatArray, IntArray
from justice_data_lab.statistics.newton import add_cross_product, blocks, mirrored, take_rows

TermKind = Literal["column", "square", "product"]
DROPPED_FIRST: tuple[TermKind, ...] = ("product", "square", "column")
TOLERANCE = 0.01
STEPS = 50
TREATED_A_CONSTRAINT = 5
LARGEST_SHARE = 0.1
LARGEST_GROWTH = 2.0
CONVERGED = 1e-10
ROUNDING = 1e-12


@dataclass(frozen=True)
class TiltTerm:
    """One thing to balance. strength: how much it has to do with the outcome of the controls."""

    name: str
    kind: TermKind
    strength: float


@dataclass(frozen=True)
class Tilt:
    """Tilted weights and their proof; differences are in standard deviations of the treated.

    weights: of the controls, with the total of each exact cell unchanged. coefficients: of each
    term, 0 where it is not balanced. status: of each term, ``balanced``; ``over_the_cap`` (more
    than one for every five treated); ``impossible`` (no control reaches the treated's mean);
    ``dropped`` (no solution with it). before, after: treated mean less control mean, of each
    term. iterations: Newton steps in all. largest_difference: over the balanced terms.
    largest_share: largest weight over the sum of weights.
    """

    weights: FloatArray
    coefficients: FloatArray
    status: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    iterations: int
    largest_difference: float
    largest_share: float


@dataclass(frozen=True)
class _Point:
    """The dual at one point: its value, the weights there (summing to 1), and their gradient."""

    value: float
    share: FloatArray
    gradient: FloatArray


@dataclass
class _Solution:
    """Where Newton stopped: coefficients, the weights' shares, and the steps it took."""

    coefficients: FloatArray
    point: _Point
    steps: int = 0
    difference: float = field(init=False)

    def __post_init__(self) -> None:
        gradient = self.point.gradient
        self.difference = float(np.abs(gradient).max()) if len(gradient) else 0.0


def tilt(
    weights: FloatArray,
    values: FloatArray,
    terms: tuple[TiltTerm, ...],
    *,
    treated_n: int,
    cells: IntArray | None = None,
) -> Tilt:
    """Tilt the weights of one stratum's matched controls until its terms are balanced.

    weights: all above 0. values: a row a control, a column a term: its value less the treated's
    mean, over the treated's standard deviation, so that balance is a mean of 0. treated_n:
    matched. cells: exact cell of each control, whose total stays as it is; None: one cell.

    Solved is: every mean within 0.01 in at most 50 Newton steps, and no weight above the larger
    of 10% of all and twice the largest matched one. Else a term goes: the weakest product, then
    squares, then columns (ties: the earlier), and Newton goes on from where it stopped. Terms of
    which all controls lie on one side of the treated's mean have no solution whatever else goes,
    and those over one for every five treated are no constraints: both go first.
    Source: Hainmueller (2012, Political Analysis 20: 25-46).
    """
    dual = _Dual(weights, values, cells)
    status = ["balanced"] * len(terms)
    for place in _impossible(values):
        status[place] = "impossible"
    order = _drop_order(terms)
    over = max(status.count("balanced") - treated_n // TREATED_A_CONSTRAINT, 0)
    for place in [one for one in order if status[one] == "balanced"][:over]:
        status[place] = "over_the_cap"
    left = [one for one in order if status[one] == "balanced"]
    kept = sorted(left)
    found = dual.solve(kept, np.zeros(len(kept)))
    steps = found.steps
    while kept and not dual.is_solution(found):
        place = left.pop(0)
        status[place] = "dropped"
        start = found.coefficients[np.array(kept) != place]
        kept.remove(place)
        found = dual.solve(kept, start)
        steps += found.steps
    coefficients = np.zeros(len(terms))
    coefficients[kept] = found.coefficients
    share = found.point.share
    return Tilt(
        weights=share * float(weights.sum()) if kept else weights,
        coefficients=coefficients,
        status=tuple(status),
        before=-dual.means(weights / weights.sum()),
        after=-dual.means(share),
        iterations=steps,
        largest_difference=found.difference,
        largest_share=float(share.max()),
    )


def _drop_order(terms: tuple[TiltTerm, ...]) -> list[int]:
    """Return the terms in the order in which they go."""
    return sorted(
        range(len(terms)),
        key=lambda place: (DROPPED_FIRST.index(terms[place].kind), terms[place].strength, place),
    )


def _impossible(values: FloatArray) -> list[int]:
    """Return the terms of which no control reaches the treated's mean, whatever its weight."""
    low, high = values.min(axis=0, initial=np.inf), values.max(axis=0, initial=-np.inf)
    places: list[int] = np.flatnonzero((low > TOLERANCE) | (high < -TOLERANCE)).tolist()
    return places


class _Dual:
    """The dual of the tilt: the sum over cells of W log(sum of w exp(z b) / W), W their shares.

    Its gradient is the weighted mean of z under the tilted weights, its Hessian their covariance
    within cells; it is convex, and 0 at b = 0.
    """

    def __init__(self, weights: FloatArray, values: FloatArray, cells: IntArray | None) -> None:
        code = np.zeros(len(weights), dtype=np.int64)
        if cells is not None:
            code = np.unique(cells, return_inverse=True)[1]
        self._order = np.argsort(code, kind="stable")
        self._starts = np.searchsorted(code[self._order], np.arange(int(code.max(initial=0)) + 1))
        self._sizes = np.diff(np.append(self._starts, len(code)))
        is_one = len(self._starts) == 1
        self._values = np.asfortranarray(values) if is_one else take_rows(values, self._order)
        self._base = weights[self._order] / weights.sum()
        self._totals = np.add.reduceat(self._base, self._starts)
        smallest = np.minimum.reduceat(self._base, self._starts)
        self._bound = float(self._totals @ np.log(self._totals / smallest))
        self._limit = max(LARGEST_SHARE, LARGEST_GROWTH * float(self._base.max()))

    def is_solution(self, found: _Solution) -> bool:
        """Tell whether the means are within tolerance and no weight is too large."""
        return found.difference <= TOLERANCE and float(found.point.share.max()) <= self._limit

    def means(self, share: FloatArray) -> FloatArray:
        """Return the mean of every term under weights in the order of the input."""
        result: FloatArray = share[self._order] @ self._values
        return result

    def solve(self, kept: list[int], start: FloatArray) -> _Solution:
        """Minimise by Newton with step halving; no minimum is proven by a value below the bound.

        The entropy of the solution is minus the dual's value, and no weights on the same controls
        are further from the matched ones than the bound.
        """
        Z = self._values if len(kept) == self._values.shape[1] else self._values[:, kept]
        b, here = np.zeros(len(kept)), self._at(Z, np.zeros(len(kept)))
        if start.any():
            there = self._at(Z, start)
            if there.value < here.value:
                b, here = start, there
        steps = 0
        while steps < STEPS and len(kept) and np.abs(here.gradient).max() > CONVERGED:
            moved = self._move(Z, b, here)
            if moved is None or moved[1].value < -self._bound:
                break
            steps += 1
            b, here = moved
        share = np.empty_like(here.share)
        share[self._order] = here.share
        return _Solution(b, _Point(here.value, share, here.gradient), steps)

    def _at(self, Z: FloatArray, b: FloatArray) -> _Point:
        eta = Z @ b
        peak = np.maximum.reduceat(eta, self._starts)
        mass = self._base * np.exp(eta - np.repeat(peak, self._sizes))
        sums = np.add.reduceat(mass, self._starts)
        value = float(self._totals @ (np.log(sums / self._totals) + peak))
        share: FloatArray = mass * np.repeat(self._totals / sums, self._sizes)
        return _Point(value, share, share @ Z)

    def _move(self, Z: FloatArray, b: FloatArray, here: _Point) -> tuple[FloatArray, _Point] | None:
        """Return the next point; None where no step goes down any more."""
        step = -scipy.linalg.solve(self._hessian(Z, here), here.gradient, assume_a="pos")
        slope = float(step @ here.gradient)
        for _ in range(40):
            there = self._at(Z, b + step)
            if there.value <= here.value + 1e-4 * slope + ROUNDING * (1 + abs(here.value)):
                return b + step, there
            step, slope = step / 2, slope / 2
        return None

    def _hessian(self, Z: FloatArray, here: _Point) -> FloatArray:
        """Return the covariance within cells, with enough on its diagonal to be solved."""
        size = Z.shape[1]
        total = np.zeros((size, size), order="F")
        root = np.sqrt(here.share)
        for part in blocks(len(root)):
            total = add_cross_product(total, Z[part] * root[part, None])
        means = np.add.reduceat(Z * here.share[:, None], self._starts, axis=0)
        hessian = mirrored(total) - (means / self._totals[:, None]).T @ means
        diagonal = np.diag_indices(size)
        hessian[diagonal] += 1e-10 * (1.0 + float(np.trace(hessian)) / size)
        return hessian
