"""Logistic regression by maximum likelihood."""

from __future__ import annotations

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

START_CONTROLS = 20
START_SAVING = 4


def fit_logistic(
    X: FloatArray, treated: BoolArray, *, ridge: float = 0.0, ridge_on_separation: float = 1.0
) -> Fit:
    """Fit P(treated) = 1 / (1 + exp(-(a + x b))) by maximum likelihood (Newton-Raphson).

    X: one row per unit, one column a covariate, without an intercept; no constant or collinear
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
    mean, sd = moments(X)
    outcome = treated.astype(np.float64)
    penalty = np.ones(X.shape[1] + 1)
    penalty[0] = 0.0

    def evaluate(beta: FloatArray) -> Evaluation:
        return _evaluate(X, mean, sd, outcome, beta)

    used = ridge
    start = _start(X, treated, mean, sd) if ridge == 0.0 else None
    best = maximise(evaluate, penalty=ridge * penalty, start=start)
    if not best.converged and start is not None:
        best = maximise(evaluate, penalty=ridge * penalty)
    if not best.converged and ridge == 0.0 and ridge_on_separation > 0.0:
        used = ridge_on_separation
        best = maximise(evaluate, penalty=used * penalty)
    return _raw_scale(best, mean=mean, sd=sd, ridge=used)


def _start(
    X: FloatArray, treated: BoolArray, mean: FloatArray, sd: FloatArray
) -> FloatArray | None:
    """Fit all treated and a few of many controls, every so many, for a start near the end.

    With a share f of the controls the intercept is too large by -ln f, and the slopes are right
    but for noise (Prentice & Pyke 1979). None where controls are not many, or this fit fails.
    """
    controls = np.flatnonzero(~treated)
    wanted = max(START_CONTROLS * int(treated.sum()), START_CONTROLS * X.shape[1])
    every = len(controls) // wanted
    if every < START_SAVING:
        return None
    rows = np.sort(np.append(np.flatnonzero(treated), controls[::every]))
    some, outcome = take_rows(X, rows), treated[rows].astype(np.float64)

    def evaluate(beta: FloatArray) -> Evaluation:
        return _evaluate(some, mean, sd, outcome, beta)

    best = maximise(evaluate, penalty=np.zeros(X.shape[1] + 1))
    if not best.converged:
        return None
    start = best.coefficients.copy()
    start[0] += np.log(len(controls[::every]) / len(controls))
    return start


def probability(score: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-score)), without overflow."""
    small = np.exp(-np.abs(score))
    return np.where(score >= 0, 1.0, small) / (1.0 + small)


def _evaluate(
    X: FloatArray, mean: FloatArray, sd: FloatArray, outcome: FloatArray, beta: FloatArray
) -> Evaluation:
    """Log-likelihood sum(y eta - ln(1 + e^eta)), gradient X'(y - p), information X'diag(pq)X.

    beta: of the standardised columns, after the intercept; so are gradient and information.
    """
    scale = np.append(1.0, sd)
    centred_beta = beta / scale
    value = 0.0
    gradient = np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)), order="F")
    for block in centred_blocks(X, mean, intercept=True):
        rows, y = block.values, outcome[block.part]
        eta = rows @ centred_beta
        small = np.exp(-np.abs(eta))
        chance = np.where(eta >= 0, 1.0, small) / (1.0 + small)
        value += float(y @ eta - np.sum(np.maximum(eta, 0.0) + np.log1p(small)))
        gradient += rows.T @ (y - chance)
        rows *= (np.sqrt(small) / (1.0 + small))[:, None]
        information = add_cross_product(information, rows)
    return Evaluation(
        value=value,
        gradient=gradient / scale,
        information=mirrored(information) / np.outer(scale, scale),
    )


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
