"""Poisson regression by maximum likelihood."""

from __future__ import annotations

import math

import numpy as np

from justice_data_lab.statistics.arrow import FloatArray
from justice_data_lab.statistics.newton import Evaluation, Maximum, blocks, maximise, standardise


def fit_poisson(
    X: FloatArray, count: FloatArray, *, ridge_on_separation: float = 1.0
) -> tuple[FloatArray, float, Maximum]:
    """Fit E(count) = exp(a + x b) by maximum likelihood (Newton-Raphson from the mean count).

    X: one row a unit, one column a covariate, without an intercept; no constant or collinear
        columns.
    count: 0 or more, not all 0 (ValueError): the likelihood then has no maximum.
    ridge_on_separation: penalty to fall back on when no maximum exists (a group without a count);
        0 for never.

    Returns the coefficients (intercept first, raw scale: log of the mean per unit), the penalty
    used (0: maximum likelihood) and where Newton stopped. Source: McCullagh & Nelder (1989),
    chapter 6.
    """
    if (count < 0).any() or not count.any():
        raise ValueError("a Poisson fit needs counts of 0 or more, and one above 0")
    design = np.empty((X.shape[0], X.shape[1] + 1), order="F")
    design[:, 0] = 1.0
    design[:, 1:] = X
    mean, sd = standardise(design[:, 1:])
    start = math.log(float(count.mean()))
    penalty = np.ones(X.shape[1] + 1)
    penalty[0] = 0.0

    def evaluate(beta: FloatArray) -> Evaluation:
        return _evaluate(design, count, beta, start)

    used, best = 0.0, maximise(evaluate, penalty=0.0 * penalty)
    if not best.converged and ridge_on_separation > 0.0:
        used, best = ridge_on_separation, maximise(evaluate, penalty=ridge_on_separation * penalty)
    slopes = best.coefficients[1:] / sd
    intercept = start + best.coefficients[0] - float(slopes @ mean)
    return np.append(intercept, slopes), used, best


def _evaluate(design: FloatArray, count: FloatArray, beta: FloatArray, start: float) -> Evaluation:
    """Log-likelihood sum(y eta - e^eta), gradient X'(y - mu), information X'diag(mu)X."""
    value = 0.0
    gradient = np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for part in blocks(len(count)):
        rows = design[part]
        eta = start + rows @ beta
        expected = np.exp(np.minimum(eta, 700.0))
        value += float(count[part] @ eta - expected.sum())
        gradient += rows.T @ (count[part] - expected)
        information += (rows * expected[:, None]).T @ rows
    return Evaluation(value=value, gradient=gradient, information=information)
