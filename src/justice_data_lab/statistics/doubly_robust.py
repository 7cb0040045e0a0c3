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
from justice_data_lab.statistics.glm import fit_logistic, fit_poisson, probability
from justice_data_lab.statistics.newton import screen_columns, take_rows
from justice_data_lab.statistics.weighted import effective_size, mean_variance, weighted_mean


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
    """Treated minus control in the units of the outcome, its 95% limits, p; and the fit's ridge."""

    difference: float
    lower: float
    upper: float
    p_value: float
    std_error: float
    ridge: float


def doubly_robust(
    outcome: FloatArray,
    treated: BoolArray,
    weight: FloatArray,
    design: FloatArray,
    kind: Kind,
    *,
    alpha: float = 0.05,
    ridge_on_separation: float = 1.0,
) -> DoublyRobust | None:
    """Estimate the effect on the treated from the residuals of the controls' outcome model.

    outcome: of everybody, no NaN. weight: 1 for matched treated, the weight of matched controls,
    0 for everybody else. design: a column per covariate term, without an intercept; constant and
    collinear columns (among the controls) are left out. The model is fitted on all controls,
    matched or not, unweighted.

    None where ``compare_residuals`` has nothing to estimate, there is no control, or no fit
    converges, with a ridge or without.
    """
    if treated.all():
        return None
    model = fit_outcome(outcome, treated, design, kind, ridge_on_separation=ridge_on_separation)
    if not model.converged:
        return None
    return compare_residuals(
        outcome - model.expected, treated, weight, alpha=alpha, ridge=model.ridge
    )


def compare_residuals(
    residual: FloatArray,
    treated: BoolArray,
    weight: FloatArray,
    *,
    alpha: float = 0.05,
    ridge: float = 0.0,
) -> DoublyRobust | None:
    """Compare outcomes less their expectation: matched treated against weighted controls.

    ATT = mean r(treated) - sum w r / W; variance sum (r - mean)^2 / (n1 (n1 - 1)) +
    sum (w (r - rbar))^2 / W^2; t with n1 - 1 degrees of freedom. ridge: of the outcome model, to
    be named. None with fewer than two treated, an effective control size of 1 or less, without
    any variation, or where the model expects what no number can hold (far outside its controls).
    """
    used = weight > 0
    ours, theirs = residual[used & treated], residual[used & ~treated]
    weights = weight[used & ~treated]
    n = len(ours)
    if n < 2 or effective_size(weights) <= 1.0 + 1e-9:
        return None
    observed, expected = weighted_mean(ours), weighted_mean(theirs, weights)
    difference = observed - expected
    with np.errstate(over="ignore"):
        variance = float(np.sum((ours - observed) ** 2)) / (n * (n - 1))
        variance += mean_variance(theirs, weights, expected)
    if not 0 < variance < math.inf:
        return None
    error = math.sqrt(variance)
    half = float(stats.t.ppf(1 - alpha / 2, n - 1)) * error
    return DoublyRobust(
        difference=difference,
        lower=difference - half,
        upper=difference + half,
        p_value=float(2 * stats.t.sf(abs(difference) / error, n - 1)),
        std_error=error,
        ridge=ridge,
    )


def fit_outcome(
    outcome: FloatArray,
    treated: BoolArray,
    design: FloatArray,
    kind: Kind,
    *,
    ridge_on_separation: float = 1.0,
) -> OutcomeModel:
    """Fit the outcome on all controls, unweighted, and predict it for everybody.

    ``binary`` by logit, ``count`` by Poisson (log link), ``continuous`` by least squares. A fit
    that separates or does not converge falls back on a ridge, as the score does. ValueError
    without controls.
    """
    return fit_screened(
        outcome, screen_controls(design, treated), kind, ridge_on_separation=ridge_on_separation
    )


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
    kind: Kind,
    *,
    ridge_on_separation: float = 1.0,
) -> OutcomeModel:
    """Fit one outcome as ``fit_outcome`` does, on columns that are screened already."""
    design, controls, keep = population.design, population.controls, population.keep
    known = outcome[~population.treated]
    if known.min() == known.max():
        return OutcomeModel(np.full(len(outcome), known[0]), "constant", 0.0, True)
    if kind == "continuous":
        coefficients = _least_squares(controls, known)
        return OutcomeModel(_predict(coefficients, design, keep), "least_squares", 0.0, True)
    if kind == "binary":
        fit = fit_logistic(controls, known > 0.5, ridge_on_separation=ridge_on_separation)
        expected = probability(_predict(fit.coefficients, design, keep))
        return OutcomeModel(expected, "logistic", fit.ridge, fit.converged)
    coefficients, ridge, best = fit_poisson(
        controls, known, ridge_on_separation=ridge_on_separation
    )
    expected = np.exp(np.minimum(_predict(coefficients, design, keep), 700.0))
    return OutcomeModel(expected, "poisson", ridge, best.converged)


def _least_squares(X: FloatArray, outcome: FloatArray) -> FloatArray:
    """Return intercept and slopes by QR of the centred columns, which are not collinear."""
    mean = X.mean(axis=0)
    Q, R = scipy.linalg.qr(X - mean, mode="economic")
    slopes = scipy.linalg.solve_triangular(R, Q.T @ (outcome - outcome.mean()))
    return np.append(float(outcome.mean()) - float(mean @ slopes), slopes)


def _predict(coefficients: FloatArray, design: FloatArray, keep: list[int]) -> FloatArray:
    slopes = np.zeros(design.shape[1])
    slopes[keep] = coefficients[1:]
    linear: FloatArray = coefficients[0] + design @ slopes
    return linear
