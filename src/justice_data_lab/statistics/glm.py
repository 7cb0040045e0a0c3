"""Generalised linear models by maximum likelihood: logistic and Poisson regression.

Source: McCullagh & Nelder (1989, Generalized Linear Models), section 4.4 and chapter 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.newton import (
    Evaluation,
    Fit,
    Maximum,
    add_cross_product,
    centred_blocks,
    covariance,
    maximise,
    mirrored,
    moments,
    take_rows,
)
from justice_data_lab.statistics.weighted import weighted_mean

START_CONTROLS = 20
START_SAVING = 4
START_ROWS = 100

Family = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray, FloatArray]]
"""From linear predictors and outcomes to the cumulants (what the log-likelihood takes from y eta),
the outcomes less their expectations, and the roots of their variances."""


def logistic(eta: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give the terms of yes or no: ln(1 + e^eta), y - p, sqrt(p (1 - p)).

    p = 1 / (1 + e^-eta). 1 - p is computed for itself, so that it never drowns next to 1.
    """
    small = np.exp(-np.abs(eta))
    larger, smaller = 1.0 / (1.0 + small), small / (1.0 + small)
    is_up = eta >= 0
    residual = np.where(
        y > 0.5, np.where(is_up, smaller, larger), -np.where(is_up, larger, smaller)
    )
    cumulant = np.maximum(eta, 0.0) + np.log1p(small)
    return cumulant, residual, np.sqrt(small) / (1.0 + small)


def poisson(eta: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give the terms of counts: e^eta, y - mu with mu = e^eta, sqrt(mu)."""
    expected = np.exp(np.minimum(eta, 700.0))
    return expected, y - expected, np.sqrt(expected)


def fit_logistic(
    X: FloatArray,
    treated: BoolArray,
    *,
    weights: FloatArray | None = None,
    ridge: float = 0.0,
    ridge_on_separation: float = 1.0,
) -> Fit:
    """Fit P(treated) = 1 / (1 + exp(-(a + x b))) by maximum likelihood (Newton-Raphson).

    X: one row per unit, one column per covariate, without an intercept; no constant or collinear
        columns (``newton.screen_columns`` finds them).
    treated: both values must occur, else ValueError.
    weights: how many each row counts for, above 0; None: 1.
    ridge: penalty to use at once, 0 for none.
    ridge_on_separation: penalty to fall back on when no maximum exists; 0 for never, and then
        ``converged`` is False.

    Returns the intercept first, then a coefficient a column, on the raw scale (log-odds per
    unit).
    """
    if treated.all() or not treated.any():
        raise ValueError("a logistic fit needs treated units and controls")
    mean, sd = moments(X)
    likelihood = _Likelihood(X, treated.astype(np.float64), logistic, mean, sd, weights)
    best, used = likelihood.maximise(
        ridge=ridge,
        ridge_on_separation=ridge_on_separation,
        start=_start(X, treated, mean, sd) if ridge == 0.0 and weights is None else None,
    )
    return _raw_scale(best, mean=mean, sd=sd, ridge=used)


def fit_poisson(
    X: FloatArray,
    count: FloatArray,
    *,
    weights: FloatArray | None = None,
    ridge_on_separation: float = 1.0,
) -> tuple[FloatArray, float, Maximum]:
    """Fit E(count) = exp(a + x b) by maximum likelihood (Newton-Raphson from the mean count).

    X: one row per unit, one column per covariate, without an intercept; no constant or collinear
        columns.
    count: 0 or more, not all 0 (ValueError): the likelihood then has no maximum.
    weights: how many each row counts for, above 0; None: 1.
    ridge_on_separation: penalty to fall back on when no maximum exists (a group without a count);
        0 for never.

    Returns the coefficients (intercept first, raw scale: log of the mean per unit), the penalty
    used (0: maximum likelihood) and where Newton stopped (likelihood over the mean count, if that
    is above 1).
    """
    if (count < 0).any() or not count.any():
        raise ValueError("a Poisson fit needs counts of 0 or more, and one above 0")
    mean, sd = moments(X)
    level = weighted_mean(count, weights)
    start = math.log(level)
    # The gradient's rounding grows with the counts: Newton sees everything in units of their mean.
    unit = max(1.0, level)
    likelihood = _Likelihood(X, count, poisson, mean, sd, weights, offset=start, unit=unit)
    best, used = likelihood.maximise(ridge=0.0, ridge_on_separation=ridge_on_separation)
    slopes = best.coefficients[1:] / sd
    intercept = start + best.coefficients[0] - float(slopes @ mean)
    return np.append(intercept, slopes), used, best


def probability(score: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-score)), without overflow."""
    small = np.exp(-np.abs(score))
    return np.where(score >= 0, 1.0, small) / (1.0 + small)


@dataclass(frozen=True)
class _Likelihood:
    """The log-likelihood of an outcome on standardised columns after an intercept.

    weights: how many each row counts for; None: 1.
    offset: linear predictor where all coefficients are 0. unit: what the likelihood is divided by.
    """

    X: FloatArray
    outcome: FloatArray
    family: Family
    mean: FloatArray
    sd: FloatArray
    weights: FloatArray | None = None
    offset: float = 0.0
    unit: float = 1.0

    def maximise(
        self, *, ridge: float, ridge_on_separation: float, start: FloatArray | None = None
    ) -> tuple[Maximum, float]:
        """Return where Newton stopped and the penalty used; None: start from some of the rows."""
        if start is None:
            start = self._some_rows_start()
        is_last = ridge > 0.0 or ridge_on_separation == 0.0
        if is_last or not self._is_separated():
            best = self._maximise_from(start, ridge)
            if best.converged or is_last:
                return best, ridge
        return self._maximise_from(start, ridge_on_separation), ridge_on_separation

    def _maximise_from(self, start: FloatArray | None, ridge: float) -> Maximum:
        """Maximise from a start; one that leads nowhere is left for zero."""
        penalty = np.full(self.X.shape[1] + 1, ridge / self.unit)
        penalty[0] = 0.0
        best = maximise(self._evaluate, penalty=penalty, start=start)
        if not best.converged and start is not None:
            best = maximise(self._evaluate, penalty=penalty)
        return best

    def _some_rows_start(self) -> FloatArray | None:
        """Fit one row in so many, with a small ridge, for a start near the end.

        It saves passes over all rows, and no digit of what they end at. None where rows are few,
        or this fit fails.
        """
        every = len(self.X) // (START_ROWS * (self.X.shape[1] + 1))
        if every < START_SAVING:
            return None
        rows = np.arange(0, len(self.X), every)
        weights = None if self.weights is None else self.weights[rows]
        some = replace(self, X=take_rows(self.X, rows), outcome=self.outcome[rows], weights=weights)
        best = some._maximise_from(None, 1.0 / every)
        return best.coefficients if best.converged else None

    def _is_separated(self) -> bool:
        """Tell whether one column alone shows that there is no maximum, without looking for it.

        Yes or no: no value of the column among the one outcome lies inside those among the other
        (Albert & Anderson 1984, Biometrika 71: 1-10). Counts: those above 0 have one value of the
        column, at the edge of the others (Correia, Guimaraes & Zylkin 2019, arXiv:1903.01633).
        Most have a level of a factor in which nobody, or everybody, has the outcome. What several
        columns separate together is left to Newton's method, which does not converge.
        """
        is_positive = self.outcome > 0
        if is_positive.all() or not is_positive.any():
            return False
        positive, negative = np.flatnonzero(is_positive), np.flatnonzero(~is_positive)
        for column in self.X.T:
            with_outcome, without = column[positive], column[negative]
            low, high = float(with_outcome.min()), float(with_outcome.max())
            is_beside = high <= float(without.min()) or low >= float(without.max())
            if is_beside and (self.family is logistic or low == high):
                return True
        return False

    def _evaluate(self, beta: FloatArray) -> Evaluation:
        """Log-likelihood sum(y eta - cumulant), gradient X'(y - mu), information X'diag(v)X.

        With weights each row's part of the three counts so many times.
        """
        scale = np.append(1.0, self.sd)
        centred_beta = beta / scale
        value = 0.0
        gradient = np.zeros(len(beta))
        information = np.zeros((len(beta), len(beta)), order="F")
        for block in centred_blocks(self.X, self.mean, intercept=True):
            rows, y = block.values, self.outcome[block.part]
            eta = self.offset + rows @ centred_beta
            cumulant, residual, root = self.family(eta, y)
            part = y * eta - cumulant
            if self.weights is not None:
                own = self.weights[block.part]
                part, residual, root = own * part, own * residual, np.sqrt(own) * root
            value += float(np.sum(part))
            gradient += rows.T @ residual
            rows *= root[:, None]
            information = add_cross_product(information, rows)
        return Evaluation(
            value=value / self.unit,
            gradient=gradient / scale / self.unit,
            information=mirrored(information) / np.outer(scale, scale) / self.unit,
        )


def _start(
    X: FloatArray, treated: BoolArray, mean: FloatArray, sd: FloatArray
) -> FloatArray | None:
    """Fit all treated and a few of many controls, every so many, for a start near the end.

    With a share f of the controls the intercept is too large by -ln f, and the slopes are right
    but for noise (Prentice & Pyke 1979). None where controls are not many, or this fit fails.
    """
    controls = np.flatnonzero(~treated)
    every = len(controls) // (START_CONTROLS * max(int(treated.sum()), X.shape[1]))
    if every < START_SAVING:
        return None
    rows = np.sort(np.append(np.flatnonzero(treated), controls[::every]))
    some = _Likelihood(take_rows(X, rows), treated[rows].astype(np.float64), logistic, mean, sd)
    best, _ = some.maximise(ridge=0.0, ridge_on_separation=0.0)
    if not best.converged:
        return None
    start = best.coefficients.copy()
    start[0] += np.log(len(controls[::every]) / len(controls))
    return start


def _raw_scale(best: Maximum, *, mean: FloatArray, sd: FloatArray, ridge: float) -> Fit:
    """Undo the standardisation: b / sd, and a - sum(b mean / sd); errors by the same map."""
    back = np.diag(np.append(1.0, 1.0 / sd))
    back[0, 1:] = -mean / sd
    variance = np.diag(back @ covariance(best.information) @ back.T)
    return Fit(
        coefficients=back @ best.coefficients,
        std_errors=np.sqrt(np.maximum(variance, 0.0)),
        ridge=ridge,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
        converged=best.converged,
        log_likelihood=best.value,
        centre=mean,
        level=float(best.coefficients[0]),
    )
