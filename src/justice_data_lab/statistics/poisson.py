"""Poisson regression by maximum likelihood."""

from __future__ import annotations

import math

import numpy as np

from justice_data_lab.statistics.arrow import FloatArray
from justice_data_lab.statistics.newton import (
    Evaluation,
    Maximum,
    add_cross_product,
    centred_blocks,
    maximise,
    mirrored,
    moments,
)


def fit_poisson(
    X: FloatArray, count: FloatArray, *, ridge_on_separation: float = 1.0
) -> tuple[FloatArray, float, Maximum]:
    """Fit E(count) = exp(a + x b) by maximum likelihood (Newton-Raphson from the mean count).

    X: one row per unit, one column a covariate, without an intercept; no constant or collinear
        columns.
    count: 0 or more, not all 0 (ValueError): the likelihood then has no maximum.
    ridge_on_separation: penalty to fall back on when no maximum exists (a group without a count);
        0 for never.

    Returns the coefficients (intercept first, raw scale: log of the mean per unit), the penalty
    used (0: maximum likelihood) and where Newton stopped (likelihood over the mean count, if that
    is above 1). Source: McCullagh & Nelder (1989),
    chapter 6.
    """
    if (count < 0).any() or not count.any():
        raise ValueError("a Poisson fit needs counts of 0 or more, and one above 0")
    mean, sd = moments(X)
    start = math.log(float(count.mean()))
    # The gradient's rounding grows with the counts: Newton sees everything in units of their mean.
    unit = max(1.0, float(count.mean()))
    penalty = np.full(X.shape[1] + 1, 1.0 / unit)
    penalty[0] = 0.0

    def evaluate(beta: FloatArray) -> Evaluation:
        here = _evaluate(X, mean, sd, count, beta, start)
        return Evaluation(here.value / unit, here.gradient / unit, here.information / unit)

    used, best = 0.0, maximise(evaluate, penalty=0.0 * penalty)
    if not best.converged and ridge_on_separation > 0.0:
        used, best = ridge_on_separation, maximise(evaluate, penalty=ridge_on_separation * penalty)
    slopes = best.coefficients[1:] / sd
    intercept = start + best.coefficients[0] - float(slopes @ mean)
    return np.append(intercept, slopes), used, best


def _evaluate(
    X: FloatArray,
    mean: FloatArray,
    sd: FloatArray,
    count: FloatArray,
    beta: FloatArray,
    start: float,
) -> Evaluation:
    """Log-likelihood sum(y eta - e^eta), gradient X'(y - mu), information X'diag(mu)X.

    beta: of the standardised columns, after the intercept; so are gradient and information.
    """
    scale = np.append(1.0, sd)
    centred_beta = beta / scale
    value = 0.0
    gradient = np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)), order="F")
    for block in centred_blocks(X, mean, intercept=True):
        rows, y = block.values, count[block.part]
        eta = start + rows @ centred_beta
        expected = np.exp(np.minimum(eta, 700.0))
        value += float(y @ eta - expected.sum())
        gradient += rows.T @ (y - expected)
        rows *= np.sqrt(expected)[:, None]
        information = add_cross_product(information, rows)
    return Evaluation(
        value=value,
        gradient=gradient / scale,
        information=mirrored(information) / np.outer(scale, scale),
    )
