import numpy as np
import pytest
import statsmodels.api as sm

from justice_data_lab.statistics.glm import fit_logistic, probability
from justice_data_lab.statistics.newton import screen_columns


def sample(seed, rows=3000, columns=6, start=-3.0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns)) * rng.uniform(0.1, 50, columns)
    x[:, 0] = x[:, 0] > 0
    treated = rng.random(rows) < probability(start + x @ (rng.normal(size=columns) / x.std(axis=0)))
    return x, treated


@pytest.mark.parametrize("seed", range(8))
def test_equals_statsmodels(seed):
    x, treated = sample(seed)
    fit = fit_logistic(x, treated)
    other = sm.Logit(treated.astype(float), sm.add_constant(x)).fit(
        method="newton", disp=0, maxiter=100, tol=1e-14
    )
    assert fit.converged
    assert fit.gradient_norm < 1e-9
    assert fit.coefficients == pytest.approx(other.params, rel=1e-10, abs=1e-12)
    assert fit.std_errors == pytest.approx(other.bse, rel=1e-8)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-12)


def test_rare_treated_converge_from_zero():
    x, treated = sample(1, rows=60_000, start=-10.5)
    assert 10 <= treated.sum() <= 400
    fit = fit_logistic(x, treated)
    score = fit.coefficients[0] + x @ fit.coefficients[1:]
    assert fit.converged
    # The score equation of the intercept: expected and observed treated agree.
    assert probability(score).sum() == pytest.approx(treated.sum(), abs=1e-9)


def test_separation_falls_back_on_a_named_ridge():
    x, treated = sample(2, rows=400)
    x[:, 1] = treated + np.random.default_rng(0).uniform(0, 0.5, 400)
    fit = fit_logistic(x, treated)
    assert fit.ridge == 1.0
    assert fit.converged
    assert fit.gradient_norm < 1e-7
    assert np.isfinite(fit.coefficients).all()
    never = fit_logistic(x, treated, ridge_on_separation=0.0)
    assert never.ridge == 0.0
    assert not never.converged


def test_ridge_is_on_standardised_columns_and_spares_the_intercept():
    x, treated = sample(3)
    fit = fit_logistic(x, treated, ridge=5.0)
    again = fit_logistic(x * 7.0 + 3.0, treated, ridge=5.0)
    score = fit.coefficients[0] + x @ fit.coefficients[1:]
    other = again.coefficients[0] + (x * 7.0 + 3.0) @ again.coefficients[1:]
    assert other == pytest.approx(score, abs=1e-9)
    assert probability(score).sum() == pytest.approx(treated.sum(), abs=1e-7)


def test_one_arm_only_is_refused():
    with pytest.raises(ValueError, match="needs treated units and controls"):
        fit_logistic(np.ones((5, 1)), np.ones(5, dtype=bool))


def test_constant_and_collinear_columns_are_named_and_the_later_one_goes():
    x, _ = sample(4)
    broken = np.column_stack([x[:, 0], x[:, 1], 2 * x[:, 0] - x[:, 1] + 5, np.full(3000, 4.0)])
    assert screen_columns(broken) == ["estimated", "estimated", "collinear", "constant"]
    near = np.column_stack([x[:, 1], x[:, 1] + 1e-3 * x[:, 2]])
    assert screen_columns(near) == ["estimated", "estimated"]


def test_age_and_its_square_are_not_collinear():
    age = np.random.default_rng(1).integers(18, 70, 2000).astype(float)
    assert screen_columns(np.column_stack([age, age**2])) == ["estimated", "estimated"]
