"""The doubly robust radius estimate: matching on what a model of the outcome leaves over.

Right when either the score or the outcome model is, and less dependent on the radius.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from scipy import stats

from justice_data_lab.measures import Kind
from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.contrast import smallest_expected
from justice_data_lab.statistics.glm import fit_logistic, fit_poisson, probability
from justice_data_lab.statistics.intervals import (
    control_arm,
    newcombe_limits,
    newcombe_p,
    t_interval,
    treated_arm,
)
from justice_data_lab.statistics.newton import screen_columns, take_rows
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import effective_size, weighted_mean


@dataclass(frozen=True)
class OutcomeModel:
    """What everybody's outcome would be without the service, by the controls' model.

    expected: a value per person, in the units of the outcome. method: ``logistic``, ``poisson``,
    ``least_squares``, or ``constant`` where the controls' outcome does not vary. ridge: penalty
    of the fit, 0 for maximum likelihood. converged: whether the fit is the one it claims to be.
    """

    expected: FloatArray
    method: str
    ridge: float
    converged: bool


@dataclass(frozen=True)
class DoublyRobust:
    """Treated minus control in the units of the outcome, its 95% limits, p; and how.

    method: ``residual_t`` or ``newcombe_shifted``. std_error: of the latter the width of its
    interval over that of a standard normal one. ridge: of the outcome model.
    """

    difference: float
    lower: float
    upper: float
    p_value: float
    std_error: float
    ridge: float
    method: str


def doubly_robust(
    outcome: FloatArray,
    treated: BoolArray,
    weight: FloatArray,
    design: FloatArray,
    kind: Kind,
    settings: MatchSettings,
    clusters: Clusters | None = None,
) -> DoublyRobust | None:
    """Estimate the effect on the treated from the residuals of the controls' outcome model.

    outcome: of everybody, no NaN. weight: 1 for matched treated, the final weight of matched
    controls, 0 for everybody else, who does not count. design: a column a covariate term, without
    an intercept; constant and collinear columns (among the matched controls) are left out.
    clusters: persons and strata of all rows; None where a row is a person.

    None where ``compare_residuals`` has nothing to estimate, there is no matched control, or no
    fit converges, with a ridge or without.
    """
    rows = np.flatnonzero(weight > 0)
    if treated[rows].all() or not treated[rows].any():
        return None
    known, some = outcome[rows], take_rows(design, rows)
    model = fit_outcome(known, treated[rows], weight[rows], some, kind, settings)
    if not model.converged:
        return None
    return compare_residuals(
        known,
        model.expected,
        treated[rows],
        weight[rows],
        kind,
        settings,
        None if clusters is None else clusters.take(rows),
        ridge=model.ridge,
    )


def compare_residuals(
    outcome: FloatArray,
    expected: FloatArray,
    treated: BoolArray,
    weight: FloatArray,
    kind: Kind,
    settings: MatchSettings,
    clusters: Clusters | None = None,
    *,
    ridge: float = 0.0,
) -> DoublyRobust | None:
    """Compare outcomes less their expectation: matched treated against weighted controls.

    With r = outcome - expected: ATT = mean r(treated) - sum w r / W; variance
    sum (r - mean)^2 / (n1 (n1 - 1)) + the variance of the controls' weighted mean, clustered by
    person where persons are known; t with n1 - 1 degrees of freedom.

    Binary, with fewer than ``guarded_expected_count`` people expected with or without the outcome
    in either arm: Newcombe's limits of both arms, shifted by the difference of the means that the
    model expects, and p the smallest alpha whose interval leaves out zero.

    ridge: of the outcome model, to be named. None with fewer than two treated, an effective
    control size of 1 or less, without any variation, or where the model expects what no number
    can hold (far outside its controls).
    """
    used = weight > 0
    ours, theirs = used & treated, used & ~treated
    weights = weight[theirs]
    if int(ours.sum()) < 2 or effective_size(weights) <= 1.0 + 1e-9:
        return None
    groups = None if clusters is None else clusters.take(theirs)
    with np.errstate(over="ignore", invalid="ignore"):
        residual = outcome - expected
        first, second = treated_arm(residual[ours]), control_arm(residual[theirs], weights, groups)
        variance = first.variance / first.n + second.error_variance
    if not 0 < variance < math.inf:
        return None
    difference = first.mean - second.mean
    if kind == "binary":
        one = treated_arm(outcome[ours])
        other = control_arm(outcome[theirs], weights, groups, at_least_kish=True)
        if smallest_expected(one, other) < settings.guarded_expected_count:
            shift = one.mean - other.mean - difference
            return _guarded(one.mean, one.n, other.mean, other.size, shift, settings.alpha, ridge)
    limits = t_interval(difference, variance, first.n - 1, settings.alpha)
    error = math.sqrt(variance)
    return DoublyRobust(
        difference=difference,
        lower=limits.lower,
        upper=limits.upper,
        p_value=float(2 * stats.t.sf(abs(difference) / error, first.n - 1)),
        std_error=error,
        ridge=ridge,
        method="residual_t",
    )


def _guarded(
    p1: float, n1: float, p0: float, n0: float, shift: float, alpha: float, ridge: float
) -> DoublyRobust:
    """Return Newcombe's interval of p1 - p0 less the difference that the model expects."""
    z = float(stats.norm.ppf(1 - alpha / 2))
    lower, upper = newcombe_limits(p1, n1, p0, n0, z)
    return DoublyRobust(
        difference=p1 - p0 - shift,
        lower=lower - shift,
        upper=upper - shift,
        p_value=newcombe_p(p1, n1, p0, n0, null=shift),
        std_error=(upper - lower) / (2 * z),
        ridge=ridge,
        method="newcombe_shifted",
    )


def fit_outcome(
    outcome: FloatArray,
    treated: BoolArray,
    weight: FloatArray,
    design: FloatArray,
    kind: Kind,
    settings: MatchSettings,
) -> OutcomeModel:
    """Fit the outcome on the controls with their weights, and predict it for everybody.

    Everybody here is matched (weight above 0). ``binary`` by logit, ``count`` by Poisson (log
    link), ``continuous`` by least squares. A fit that separates or does not converge falls back
    on a ridge, as the score does. Not converged where there are no more controls than columns.
    ValueError without controls.
    """
    return fit_screened(outcome, screen_controls(design, treated), weight, kind, settings)


@dataclass(frozen=True)
class ScreenedControls:
    """A population for the outcome models of several measures.

    design: of everybody; treated: who of them is; controls: the columns of the controls that
    ``keep`` names, none constant or collinear among them.
    """

    design: FloatArray
    treated: BoolArray
    controls: FloatArray
    keep: list[int]


def screen_controls(design: FloatArray, treated: BoolArray) -> ScreenedControls:
    """Find the columns that can be estimated among the controls; ValueError without controls."""
    if treated.all():
        raise ValueError("an outcome model needs controls")
    controls = take_rows(design, np.flatnonzero(~treated))
    keep = [at for at, status in enumerate(screen_columns(controls)) if status == "estimated"]
    if len(keep) < controls.shape[1]:
        controls = np.asfortranarray(controls[:, keep])
    return ScreenedControls(design, treated, controls, keep)


def fit_screened(
    outcome: FloatArray,
    population: ScreenedControls,
    weight: FloatArray,
    kind: Kind,
    settings: MatchSettings,
) -> OutcomeModel:
    """Fit one outcome as ``fit_outcome`` does, on columns that are screened already.

    Weights are brought to a sum of their effective size, so that a ridge weighs as elsewhere.
    """
    design, controls, keep = population.design, population.controls, population.keep
    known, own = outcome[~population.treated], weight[~population.treated]
    own = own * (effective_size(own) / float(own.sum()))
    ridge_on_separation = settings.ridge_on_separation
    if known.min() == known.max():
        return OutcomeModel(np.full(len(outcome), known[0]), "constant", 0.0, True)
    if len(known) <= len(keep) + 1:
        return OutcomeModel(np.full(len(outcome), np.nan), "constant", 0.0, False)
    if kind == "continuous":
        coefficients = _least_squares(controls, known, own)
        return OutcomeModel(_predict(coefficients, design, keep), "least_squares", 0.0, True)
    if kind == "binary":
        fit = fit_logistic(
            controls, known > 0.5, weights=own, ridge_on_separation=ridge_on_separation
        )
        expected = probability(_predict(fit.coefficients, design, keep))
        return OutcomeModel(expected, "logistic", fit.ridge, fit.converged)
    coefficients, ridge, best = fit_poisson(
        controls, known, weights=own, ridge_on_separation=ridge_on_separation
    )
    expected = np.exp(np.minimum(_predict(coefficients, design, keep), 700.0))
    return OutcomeModel(expected, "poisson", ridge, best.converged)


def _least_squares(X: FloatArray, outcome: FloatArray, weights: FloatArray) -> FloatArray:
    """Return intercept and slopes by QR of the centred, weighted columns, not collinear."""
    mean = np.array([weighted_mean(X[:, place], weights) for place in range(X.shape[1])])
    centre, root = weighted_mean(outcome, weights), np.sqrt(weights)
    Q, R = scipy.linalg.qr((X - mean) * root[:, None], mode="economic")
    slopes = scipy.linalg.solve_triangular(R, Q.T @ ((outcome - centre) * root))
    return np.append(centre - float(mean @ slopes), slopes)


def _predict(coefficients: FloatArray, design: FloatArray, keep: list[int]) -> FloatArray:
    slopes = np.zeros(design.shape[1])
    slopes[keep] = coefficients[1:]
    linear: FloatArray = coefficients[0] + design @ slopes
    return linear
