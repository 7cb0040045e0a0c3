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


def multipliers(score, treated, days):
    """Return exp(exp(score) x H(last day)) of the controls, H summed start by start."""
    total = np.zeros((~treated).sum())
    for day in days[treated]:
        at_risk = np.exp(score[days >= day]).sum()
        total += (days[~treated] >= day) / at_risk
    return np.exp(np.exp(score[~treated]) * total)


def pair_weights(score, treated, radius, days=None):
    """Return the number of controls of each treated and the weight of each control, by pairs."""
    ours, theirs = np.flatnonzero(treated), np.flatnonzero(~treated)
    # The same closed edge as R: a difference that is the radius but for rounding is inside.
    near = np.abs(score[ours, None] - score[None, theirs]) <= radius + 1e-12
    if days is not None:
        near &= days[ours, None] <= days[None, theirs]
    k = near.sum(axis=1)
    m = np.ones(len(theirs)) if days is None else multipliers(score, treated, days)
    total = near @ m
    share = np.divide(1.0, total, out=np.zeros(len(k)), where=k > 0)
    return k, m * (share @ near)


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
    used = weight > 0
    y, design, w = outcome[~treated][used], sm.add_constant(x)[~treated][used], weight[used]
    if kind == "continuous":
        model = sm.WLS(y, design, weights=w).fit()
        expected = sm.add_constant(x) @ model.params
    else:
        family = sm.families.Binomial() if kind == "binary" else sm.families.Poisson()
        model = sm.GLM(y, design, family=family, freq_weights=w).fit(tol=1e-14, maxiter=200)
        expected = family.link.inverse(sm.add_constant(x) @ model.params)
    residual = outcome - expected
    ones, theirs = residual[treated][k > 0], residual[~treated][used]
    mean = (w * theirs).sum() / w.sum()
    difference, n = ones.mean() - mean, len(ones)
    variance = ones.var(ddof=1) / n + ((w * (theirs - mean)) ** 2).sum() / w.sum() ** 2
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
