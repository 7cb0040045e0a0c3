"""Whether a logistic fit has a maximum, against a linear programme and against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import linprog

from justice_data_lab.statistics.glm import fit_logistic, fit_poisson
from justice_data_lab.statistics.newton import screen_columns


def is_separated(x, treated):
    """Tell separation, complete or not: some b has no row on the wrong side and one on the right.

    Source: Albert & Anderson (1984, Biometrika 71: 1-10); the programme is that of Konis (2007).
    """
    sides = np.where(treated, 1.0, -1.0)[:, None] * np.column_stack([np.ones(len(x)), x])
    found = linprog(
        -sides.sum(axis=0), A_ub=-sides, b_ub=np.zeros(len(x)), bounds=(-1, 1), method="highs"
    )
    assert found.status == 0
    return -found.fun > 1e-7


def small_table(seed):
    """Return a few people with a rare flag and steps, and who is treated."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 60))
    x = np.column_stack(
        [rng.integers(0, 5, n), rng.random(n) < 0.15, rng.normal(size=n).round(1)]
    ).astype(float)
    treated = rng.random(n) < 1 / (1 + np.exp(1 - x[:, 1] - 0.3 * x[:, 0]))
    return x, treated


def test_a_fit_converges_where_there_is_a_maximum_and_nowhere_else():
    counts = {True: 0, False: 0}
    for seed in range(400):
        x, treated = small_table(seed)
        keep = [at for at, status in enumerate(screen_columns(x)) if status == "estimated"]
        if treated.all() or not treated.any() or not keep:
            continue
        separated = bool(is_separated(x[:, keep], treated))
        fit = fit_logistic(x[:, keep], treated, ridge_on_separation=0.0)
        assert fit.converged is not separated, seed
        counts[separated] += 1
    assert min(counts.values()) >= 50


def counts_of(seed, x):
    """Return rare counts of the people of a small table."""
    return np.random.default_rng(1000 + seed).poisson(np.exp(x[:, 1] - 1.5)).astype(float)


def test_a_penalty_is_used_where_there_is_no_maximum_and_nowhere_else():
    """Whether it was seen in one column or found out by Newton: the fit is the penalised one."""
    used = {"logistic": 0, "poisson": 0}
    for seed in range(300):
        x, treated = small_table(seed)
        x = x[:, [at for at, status in enumerate(screen_columns(x)) if status == "estimated"]]
        if x.shape[1] and treated.any() and not treated.all():
            without = fit_logistic(x, treated, ridge_on_separation=0.0)
            fit = fit_logistic(x, treated, ridge_on_separation=1.0)
            assert (fit.ridge == 0) is without.converged, seed
            expected = without if without.converged else fit_logistic(x, treated, ridge=1.0)
            assert fit.coefficients.tolist() == expected.coefficients.tolist()
            used["logistic"] += fit.ridge > 0
        if x.shape[1] and x.shape == (len(treated), 3) and (counts := counts_of(seed, x)).any():
            _, never, best = fit_poisson(x, counts, ridge_on_separation=0.0)
            _, ridge, _ = fit_poisson(x, counts, ridge_on_separation=1.0)
            assert (ridge == 0) is best.converged, seed
            assert never == 0
            used["poisson"] += ridge > 0
    assert min(used.values()) >= 30


def far_maximum():
    """Return a table whose maximum is far out, where gradient and information are below 1e-8.

    Two treated and one control have the flag; that control alone is far out in the first column.
    """
    rng = np.random.default_rng(26)
    spread = np.abs(rng.standard_cauchy(24)) + 0.1
    flag = np.zeros(24)
    flag[:3], spread[:3] = 1.0, (170.0, 6.0, 0.4)
    level = rng.normal(size=24)
    treated = level - 0.2 * spread + 0.6 * rng.logistic(size=24) > 0
    treated[:3] = (False, True, True)
    return np.column_stack([spread, level, flag]), treated


@pytest.mark.parametrize("unit", [1.0, 1e9, 1e-9])
def test_a_finite_maximum_far_out_is_found_in_any_unit(unit):
    x, treated = far_maximum()
    assert not is_separated(x, treated)
    fit = fit_logistic(x * [unit, 1.0, 1.0], treated)
    assert (fit.ridge, fit.converged) == (0, True)
    model = sm.GLM(treated.astype(float), sm.add_constant(x), family=sm.families.Binomial())
    reference = model.fit(tol=1e-15, maxiter=500)
    assert abs(reference.params[3]) > 20
    found = fit.coefficients * [1.0, unit, 1.0, 1.0]
    assert found == pytest.approx(reference.params, rel=1e-4)
    assert fit.log_likelihood == pytest.approx(reference.llf, abs=1e-9)
