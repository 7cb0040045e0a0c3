"""The tilt of many cohorts at once: two matrix products a step for all of them.

The dual of ``statistics.tilting`` by L-BFGS, which starts from one Hessian, that of the cohorts
together, in place of Newton with each one's own. In single precision: it is stopped long before
the last bits matter. Source: Nocedal (1980, Mathematics of Computation 35: 773-782).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.tilting import LARGEST_GROWTH, LARGEST_SHARE, TOLERANCE

STEPS = 60
NEAR = TOLERANCE / 10
RIDGE = 1e-6
MEMORY = 6


def tilt_cohorts(
    values: FloatArray, drawn: BoolArray, weights: FloatArray, cells: IntArray
) -> tuple[FloatArray, BoolArray]:
    """Tilt the controls' weights of cohorts drawn from one stratum.

    values: a row a person, a column a term. drawn, weights: (row, cohort); of a drawn person the
    weight is 1 where it is matched. cells: exact cell of each row, whose total stays as it is.

    Returns the weights, and which cohorts are solved: every mean within a tenth of the tolerance
    of ``tilt``, no weight above its limit, and a value that the whole cohort shares alone shared
    by its controls. The weights of the others are as matched.
    """
    cohort = _Cohorts(values, drawn, weights, cells)
    share, solved = cohort.solve()
    result = weights.copy()
    total = cohort.base_total
    tilted = np.where(drawn, weights, share * total)
    result[:, solved] = tilted[:, solved]
    return result, solved


class _Cohorts:
    """What all cohorts are balanced to, and the dual of each at a point."""

    def __init__(
        self, values: FloatArray, drawn: BoolArray, weights: FloatArray, cells: IntArray
    ) -> None:
        spread = values.std(axis=0)
        varies = spread > 0
        scaled = (values[:, varies] - values[:, varies].mean(axis=0)) / spread[varies]
        self._Z = np.asfortranarray(scaled, dtype=np.float32)
        self._codes = np.unique(cells, return_inverse=True)[1]
        self._cells_n = int(self._codes.max(initial=0)) + 1
        ours = np.where(drawn, weights, 0.0).astype(np.float32)
        n = np.maximum(ours.sum(axis=0), 1.0)
        self._target = self._Z.T @ ours / n
        square = (self._Z**2).T @ ours / n - self._target**2
        self._spread = np.sqrt(np.maximum(square * n / np.maximum(n - 1, 1.0), 0.0))
        base = np.where(drawn, 0.0, weights)
        self.base_total = base.sum(axis=0)
        share = base / np.maximum(self.base_total, 1e-300)
        self._base = np.asfortranarray(share, dtype=np.float32)
        self._constant_columns()
        self._is_usable = (self._base.sum(axis=0) > 0) & (n > 1)
        self._base[:, ~self._is_usable] = np.float32(1 / max(len(base), 1))

    def _constant_columns(self) -> None:
        """Keep only controls with the value that a whole cohort has; its column then balances."""
        low, high = self._Z.min(axis=0), self._Z.max(axis=0)
        for column, cohort in zip(*np.nonzero(self._spread < 1e-3), strict=True):
            value = self._target[column, cohort]
            at_the_end = min(value - low[column], high[column] - value) < 1e-5
            if at_the_end:
                away = np.abs(self._Z[:, column] - value) > 1e-5
                self._base[away, cohort] = 0.0
            self._spread[column, cohort] = np.inf if at_the_end else 1.0
        self._base /= np.maximum(self._base.sum(axis=0), np.float32(1e-30))

    @cached_property
    def _log_base(self) -> Any:
        known = self._base > 0
        return np.log(self._base, out=np.full_like(self._base, -np.inf), where=known)

    def solve(self) -> tuple[FloatArray, BoolArray]:
        """Return the tilted shares of the controls and which cohorts are solved."""
        cohorts, size = self._base.shape[1], self._Z.shape[1]
        b, step = np.zeros((size, cohorts)), np.ones(cohorts)
        memory = _Memory(self._factor(), size, cohorts)
        value, share, gradient = self._at(b, np.arange(cohorts))
        for _ in range(STEPS):
            left = np.flatnonzero(self._is_usable & (self._away(gradient) > NEAR) & (step > 1e-3))
            if not len(left):
                break
            move = memory.direction(gradient[:, left], left) * step[left]
            there = self._at(b[:, left] + move, left)
            slope = np.einsum("ij,ij->j", move, gradient[:, left])
            better = there[0] <= value[left] - 1e-4 * slope + 1e-6
            taken = left[better]
            memory.learn(taken, move[:, better], gradient[:, taken] - there[2][:, better])
            b[:, taken] += move[:, better]
            value[taken] = there[0][better]
            share[:, taken], gradient[:, taken] = there[1][:, better], there[2][:, better]
            step[taken] = 1.0
            step[left[~better]] /= 2
        limit = np.maximum(LARGEST_SHARE, LARGEST_GROWTH * self._base.max(axis=0))
        solved: BoolArray = (
            self._is_usable & (self._away(gradient) <= NEAR) & (share.max(axis=0) <= limit)
        )
        return share.astype(np.float64), solved

    def _away(self, gradient: FloatArray) -> FloatArray:
        """Return the largest difference of each cohort, in standard deviations of its treated."""
        if not len(gradient):
            return np.zeros(gradient.shape[1])
        away: FloatArray = (np.abs(gradient) / self._spread).max(axis=0)
        return away

    def _factor(self) -> tuple[FloatArray, bool]:
        """Return the Cholesky factor of the mean covariance under the matched weights."""
        size = self._Z.shape[1]
        shares = self._base.mean(axis=1)
        hessian = np.zeros((size, size))
        for code in range(self._cells_n):
            rows = self._codes == code
            mass = float(shares[rows].sum())
            if mass > 0:
                part = self._Z[rows]
                mean = shares[rows] @ part
                hessian += (part * shares[rows, None]).T @ part - np.outer(mean, mean) / mass
        hessian[np.diag_indices(size)] += RIDGE * (1.0 + float(np.trace(hessian)) / max(size, 1))
        factor: tuple[FloatArray, bool] = scipy.linalg.cho_factor(hessian)
        return factor

    def _at(self, b: FloatArray, cohorts: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the dual's value, the shares and what is left to balance, of some cohorts."""
        base = self._base[:, cohorts]
        share = np.asfortranarray(self._Z @ np.asfortranarray(b, dtype=np.float32))
        share += self._log_base[:, cohorts]
        value = -np.einsum("ij,ij->j", self._target[:, cohorts], b)
        peak = share.max(axis=0)
        share -= peak
        np.exp(share, out=share)
        for code in range(self._cells_n):
            rows = slice(None) if self._cells_n == 1 else self._codes == code
            total, mass = base[rows].sum(axis=0), share[rows].sum(axis=0)
            known = (total > 0) & (mass > 0)
            ratio = np.where(known, total / np.where(known, mass, 1.0), 0.0).astype(np.float32)
            share[rows] *= ratio
            value += np.where(known, total * (peak - np.log(np.where(known, ratio, 1.0))), 0.0)
        gradient = self._target[:, cohorts] - (self._Z.T @ share).astype(np.float64)
        return value, share.astype(np.float64, copy=False), gradient


class _Memory:
    """The last steps of every cohort, from which L-BFGS makes the next direction."""

    def __init__(self, factor: tuple[FloatArray, bool], size: int, cohorts: int) -> None:
        self._factor = factor
        self._moves = np.zeros((MEMORY, size, cohorts))
        self._changes = np.zeros((MEMORY, size, cohorts))
        self._rho = np.zeros((MEMORY, cohorts))
        self._next = np.zeros(cohorts, dtype=np.int64)

    def learn(self, cohorts: IntArray, moves: FloatArray, changes: FloatArray) -> None:
        """Keep the step of some cohorts, in place of their oldest one."""
        curved = np.einsum("ij,ij->j", moves, changes)
        place = self._next[cohorts]
        self._moves[place, :, cohorts] = moves.T
        self._changes[place, :, cohorts] = changes.T
        self._rho[place, cohorts] = np.where(curved > 1e-12, 1 / np.maximum(curved, 1e-12), 0.0)
        self._next[cohorts] = (place + 1) % MEMORY

    def direction(self, gradient: FloatArray, cohorts: IntArray) -> FloatArray:
        """Return the direction of descent by the two loops; a step of no curvature counts not."""
        q = gradient.copy()
        alphas = []
        for back in range(1, MEMORY + 1):
            place = (self._next[cohorts] - back) % MEMORY
            moves, changes = self._moves[place, :, cohorts].T, self._changes[place, :, cohorts].T
            rho = self._rho[place, cohorts]
            alpha = rho * np.einsum("ij,ij->j", moves, q)
            q -= alpha * changes
            alphas.append((alpha, rho, moves, changes))
        made: FloatArray = scipy.linalg.cho_solve(self._factor, q)
        for alpha, rho, moves, changes in reversed(alphas):
            beta = rho * np.einsum("ij,ij->j", changes, made)
            made += moves * (alpha - beta)
        return made
