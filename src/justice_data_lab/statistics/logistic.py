"""Logistic regression by maximum likelihood."""

from __future__ import annotations

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.newton import (
    Evaluation,
    Fit,
    Maximum,
    blocks,
    covariance,
    maximise,
    standardise,
)


def fit_logistic(
    X: FloatArray, treated: BoolArray, *, ridge: float = 0.0, ridge_on_separation: float = 1.0
) -> Fit:
    """Fit P(treated) = 1 / (1 + exp(-(a + x b))) by maximum likelihood (Newton-Raphson).

    X: one row a unit, one column a covariate, without an intercept; no constant or collinear
        columns (``newton.screen_columns`` finds them).
    treated: both values must occur, else ValueError.
    ridge: penalty to use at once, 0 for none.
    ridge_on_separation: penalty to fall back on when no maximum exists; 0 for never, and then
        ``converged`` is False.

    Returns the intercept first, then a coefficient a column, on the raw scale (log-odds per
    unit). Source: McCullagh & Nelder (1989), section 4.4.
    """
    if treated.all() or not treated.any():
        raise ValueError("a logistic fit needs treated units and controls")
    design = np.empty((X.shape[0], X.shape[1] + 1), order="F")
    design[:, 0] = 1.0
    design[:, 1:] = X
    mean, sd = standardise(design[:, 1:])
    outcome = treated.astype(np.float64)
    penalty = np.ones(X.shape[1] + 1)
    penalty[0] = 0.0

    def evaluate(beta: FloatArray) -> Evaluation:
        return _evaluate(design, outcome, beta)

    best = maximise(evaluate, penalty=ridge * penalty)
    used = ridge
    if not best.converged and ridge == 0.0 and ridge_on_separation > 0.0:
        used = ridge_on_separation
        best = maximise(evaluate, penalty=used * penalty)
    return _raw_scale(best, mean=mean, sd=sd, ridge=used)


def probability(score: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-score)), without overflow."""
    small = np.exp(-np.abs(score))
    return np.where(score >= 0, 1.0, small) / (1.0 + small)


def _evaluate(design: FloatArray, outcome: FloatArray, beta: FloatArray) -> Evaluation:
    """Log-likelihood sum(y eta - ln(1 + e^eta)), gradient X'(y - p), information X'diag(pq)X."""
    value = 0.0
    gradient = np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for part in blocks(len(outcome)):
        rows = design[part]
        eta = rows @ beta
        small = np.exp(-np.abs(eta))
        chance = np.where(eta >= 0, 1.0, small) / (1.0 + small)
        value += float(outcome[part] @ eta - np.sum(np.maximum(eta, 0.0) + np.log1p(small)))
        gradient += rows.T @ (outcome[part] - chance)
        information += (rows * (small / (1.0 + small) ** 2)[:, None]).T @ rows
    return Evaluation(value=value, gradient=gradient, information=information)


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
    )
