"""An independent reference of `jdl estimate`: statsmodels for the fits, a table of all pairs."""

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg


def logit_score(x, treated):
    """Return intercept and slopes, and the linear predictor."""
    design = sm.add_constant(x)
    fit = sm.Logit(treated.astype(float), design).fit(
        method="newton", disp=0, maxiter=200, tol=1e-14
    )
    return fit.params, design @ fit.params


def cox_score(x, days, treated):
    """Return slopes and linear predictor; ties by Breslow."""
    model = PHReg(days, x, status=treated.astype(int), ties="breslow")
    fit = model.fit(disp=0, method="newton", maxiter=200, tol=1e-14)
    return fit.params, x @ fit.params


def pair_weights(score, treated, radius, days=None):
    """Return the number of controls of each treated and the weight of each control, by pairs."""
    ours, theirs = np.flatnonzero(treated), np.flatnonzero(~treated)
    # The same closed edge as R: a difference that is the radius but for rounding is inside.
    near = np.abs(score[ours, None] - score[None, theirs]) <= radius + 1e-12
    if days is not None:
        near &= days[ours, None] <= days[None, theirs]
    k = near.sum(axis=1)
    share = np.divide(1.0, k, out=np.zeros(len(k)), where=k > 0)
    return k, share @ near


def compare(outcome, treated, k, weight, kind):
    """Return difference, lower, upper, p and the name of the method."""
    ones = outcome[treated][k > 0]
    used = weight > 0
    y, w = outcome[~treated][used], weight[used]
    size = w.sum() ** 2 / (w**2).sum()
    mean = (w * y).sum() / w.sum()
    difference, n = ones.mean() - mean, len(ones)
    if kind == "binary":
        spread = (w * (y - mean) ** 2).sum() / w.sum() * size / (size - 1)
        parts = ones.var(ddof=1) / n, spread / size
        variance = sum(parts)
        freedom = variance**2 / (parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (size - 1))
        method = "welch_effective"
    else:
        variance = ones.var(ddof=1) / n + ((w * (y - mean)) ** 2).sum() / w.sum() ** 2
        freedom, method = n - 1, "robust_t"
    error = np.sqrt(variance)
    half = stats.t.ppf(0.975, freedom) * error
    p = 2 * stats.t.sf(abs(difference) / error, freedom)
    return {
        "treated_mean": ones.mean(),
        "control_mean": mean,
        "difference": difference,
        "lower": difference - half,
        "upper": difference + half,
        "p_value": p,
        "method": method,
        "effective_control_n": size,
        "matched_treated_n": n,
        "matched_control_n": int(used.sum()),
    }


def doubly_robust(outcome, treated, x, k, weight, kind):
    """Return the doubly robust radius estimate with its t interval."""
    design = sm.add_constant(x)
    if kind == "continuous":
        model = sm.OLS(outcome[~treated], design[~treated]).fit()
        expected = design @ model.params
    else:
        family = sm.families.Binomial() if kind == "binary" else sm.families.Poisson()
        model = sm.GLM(outcome[~treated], design[~treated], family=family).fit(
            tol=1e-14, maxiter=200
        )
        expected = family.link.inverse(design @ model.params)
    residual = outcome - expected
    ones, w = residual[treated][k > 0], weight
    mean = (w * residual[~treated]).sum() / w.sum()
    difference, n = ones.mean() - mean, len(ones)
    variance = ones.var(ddof=1) / n + ((w * (residual[~treated] - mean)) ** 2).sum() / w.sum() ** 2
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(variance)
    p = 2 * stats.t.sf(abs(difference) / np.sqrt(variance), n - 1)
    return {
        "difference": difference,
        "lower": difference - half,
        "upper": difference + half,
        "p_value": p,
    }


def smd(x, treated, k, weight):
    """Return the standardised differences, percent, before and after, of every column."""
    ones, zeros = x[treated], x[~treated]
    spread = ones.std(axis=0, ddof=1)
    after = (weight[:, None] * zeros).sum(axis=0) / weight.sum()
    return (
        100 * (ones.mean(axis=0) - zeros.mean(axis=0)) / spread,
        100 * (ones[k > 0].mean(axis=0) - after) / spread,
    )
