"""Cox partial likelihood for the start of the service: the score of the risk-set design.

People who re-offend soon never get the chance to start a service. A plain logistic score on the
whole pool therefore compares survivors with everybody; conditioning each start on those who were
still at risk on that day does not (Lu 2005, Biometrics 61: 721-728).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.newton import (
    Evaluation,
    Fit,
    Maximum,
    add_cross_product,
    blocks,
    covariance,
    maximise,
    mirrored,
    standardise,
)

SMALLEST_SUM = 1e-290  # of relative hazards on one day: starts divided by it are still a number
FLAT_ITERATIONS = 8  # its gradient is a difference of sums, and sooner lost in their rounding


@dataclass(frozen=True)
class RiskSets:
    """Who is at risk on each day on which a service starts.

    order: rows that are ever at risk, by the number of starts they live to see.
    is_start: which of these rows are starts (treated).
    starts_n: how many services start on each distinct day, ascending.
    edges: first place in ``order`` of the rows whose last risk set is that day's, and their
        number at the end.
    """

    order: IntArray
    is_start: BoolArray
    starts_n: FloatArray
    edges: IntArray


def make_risk_sets(days: IntArray | FloatArray, treated: BoolArray) -> RiskSets:
    """Build the risk sets from each unit's last day at risk.

    days: the delay of the treated, the last day at risk of the controls (both days count:
        a unit is in the risk set of day t when its own day is t or later). No NaN.
    """
    distinct, starts_n = np.unique(days[treated], return_counts=True)
    seen = np.searchsorted(distinct, days, side="right")
    order = np.argsort(seen, kind="stable")
    first = int(np.searchsorted(seen[order], 1))
    order = order[first:]
    edges = np.searchsorted(seen[order], np.arange(1, len(distinct) + 2))
    return RiskSets(
        order=order.astype(np.int64),
        is_start=treated[order],
        starts_n=starts_n.astype(np.float64),
        edges=edges.astype(np.int64),
    )


def fit_cox(
    X: FloatArray,
    days: IntArray | FloatArray,
    treated: BoolArray,
    *,
    ridge: float = 0.0,
    ridge_on_separation: float = 1.0,
) -> Fit:
    """Maximise the partial likelihood of the starts, ties by Breslow.

    sum over starts i of x_i b - ln(sum of exp(x_j b) over units j at risk on day_i); the treated
    are at risk up to and including their own delay, controls up to and including their last day.
    Source: Cox (1972), Breslow (1974, Biometrics 30: 89-99).

    X: one row per unit, one column per covariate; no constant or collinear columns.
    days: whole or fractional days, see ``make_risk_sets``.
    treated: at least one, else ValueError. Ridge arguments as in ``fit_logistic``.

    Returns a coefficient a column on the raw scale (log-hazard per unit); no intercept.
    """
    if not treated.any():
        raise ValueError("a risk-set fit needs treated units")
    risk = make_risk_sets(days, treated)
    Z = np.empty((len(risk.order), X.shape[1]), order="F")
    for column in range(X.shape[1]):
        Z[:, column] = X[:, column][risk.order]
    mean, sd = standardise(Z)
    total = Z[risk.is_start].sum(axis=0)

    def evaluate(beta: FloatArray) -> Evaluation:
        with np.errstate(over="ignore", invalid="ignore"):  # far out; Newton takes no such step
            return _evaluate(Z, risk, total, beta)

    penalty = np.ones(X.shape[1])
    best = maximise(evaluate, penalty=ridge * penalty, flat_iterations=FLAT_ITERATIONS)
    used = ridge
    if not best.converged and ridge == 0.0 and ridge_on_separation > 0.0:
        used = ridge_on_separation
        best = maximise(evaluate, penalty=used * penalty)
    return _raw_scale(best, mean=mean, sd=sd, ridge=used)


def _evaluate(Z: FloatArray, risk: RiskSets, total: FloatArray, beta: FloatArray) -> Evaluation:
    """Partial likelihood in one pass over the rows, however many risk sets there are.

    With r_j = exp(x_j b) and S0, S1 the sums of r and r x over a risk set of d starts, the
    information sum(d (S2 / S0 - S1 S1' / S0^2)) needs no S2: its first part is
    sum_j r_j h_j x_j x_j', h_j being the sum of d / S0 over the days that j lived to see.
    Minus infinity where a sum is too small for doubles: the line search takes half such a step.
    """
    eta = Z @ beta
    shift = float(eta.max())
    relative = np.exp(eta - shift)
    days = len(risk.starts_n)
    last = np.repeat(np.arange(days), np.diff(risk.edges))
    by_day = np.bincount(last, weights=relative, minlength=days)
    S0 = np.cumsum(by_day[::-1])[::-1]
    if not S0[-1] >= SMALLEST_SUM:
        nothing = np.zeros(len(beta))
        return Evaluation(-math.inf, gradient=nothing, information=np.diag(nothing))
    hazard = np.cumsum(risk.starts_n / S0)
    S1 = np.zeros((days, len(beta)))
    for day in range(days):
        part = slice(int(risk.edges[day]), int(risk.edges[day + 1]))
        S1[day] = relative[part] @ Z[part]
    means = np.cumsum(S1[::-1], axis=0)[::-1] / S0[:, None]
    root = np.sqrt(relative * hazard[last])
    total_squares = np.zeros((len(beta), len(beta)), order="F")
    for part in blocks(len(root)):
        total_squares = add_cross_product(total_squares, Z[part] * root[part, None])
    information = mirrored(total_squares) - (means * risk.starts_n[:, None]).T @ means
    value = float(eta[risk.is_start].sum() - risk.starts_n @ (np.log(S0) + shift))
    return Evaluation(value=value, gradient=total - risk.starts_n @ means, information=information)


def _raw_scale(best: Maximum, *, mean: FloatArray, sd: FloatArray, ridge: float) -> Fit:
    """Undo the standardisation: b / sd."""
    variance = np.diag(covariance(best.information))
    return Fit(
        coefficients=best.coefficients / sd,
        std_errors=np.sqrt(np.maximum(variance, 0.0)) / sd,
        ridge=ridge,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
        converged=best.converged,
        log_likelihood=best.value,
        centre=mean,
        level=0.0,
    )
