import numpy as np
import pytest
from scipy import optimize
from statsmodels.duration.hazard_regression import PHReg

from justice_data_lab.statistics.cox import fit_cox, make_risk_sets


def sample(seed, rows=300, columns=3, days=30):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns)) * [1.0, 20.0, 0.1][:columns]
    x[:, 0] = x[:, 0] > 0.3
    treated = rng.random(rows) < 0.2
    return x, rng.integers(0, days, rows), treated


def brute_force(beta, x, days, treated):
    """Minus the Breslow partial likelihood, term by term."""
    total = 0.0
    for start in np.flatnonzero(treated):
        at_risk = days >= days[start]
        total += x[start] @ beta - np.log(np.exp(x[at_risk] @ beta).sum())
    return -total


@pytest.mark.parametrize("seed", range(4))
def test_maximises_the_partial_likelihood(seed):
    x, days, treated = sample(seed)
    fit = fit_cox(x, days, treated)
    scale = x.std(axis=0)
    other = optimize.minimize(
        lambda b: brute_force(b / scale, x, days, treated), np.zeros(3), tol=1e-12
    )
    assert fit.converged
    assert fit.coefficients * scale == pytest.approx(other.x, abs=2e-5)
    assert fit.log_likelihood == pytest.approx(-other.fun, rel=1e-10)
    here = brute_force(fit.coefficients, x, days, treated)
    assert here <= other.fun + 1e-9
    assert fit.gradient_norm < 1e-10


@pytest.mark.parametrize("seed", range(4))
def test_equals_statsmodels_with_breslow_ties(seed):
    x, days, treated = sample(seed, rows=600)
    other = PHReg(days + 1.0, x, status=treated.astype(float), ties="breslow").fit(
        method="newton", disp=0, tol=1e-14, maxiter=100
    )
    fit = fit_cox(x, days, treated)
    assert fit.coefficients == pytest.approx(other.params, rel=1e-9, abs=1e-11)
    assert fit.std_errors == pytest.approx(other.bse, rel=1e-7)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-11)


def test_edges_of_the_risk_sets():
    days = np.array([5, 10, 4, 5, 9, 10, 11])
    treated = np.array([True, True, False, False, False, False, False])
    risk = make_risk_sets(days, treated)
    assert risk.starts_n.tolist() == [1, 1]
    assert 2 not in risk.order  # lost on day 4, before anybody starts
    last_seen_day_5 = sorted(risk.order[risk.edges[0] : risk.edges[1]].tolist())
    assert last_seen_day_5 == [0, 3, 4]
    assert sorted(risk.order[risk.edges[1] : risk.edges[2]].tolist()) == [1, 5, 6]


def test_separation_falls_back_on_a_named_ridge():
    x, days, treated = sample(1)
    x[:, 1] = np.where(treated, 40 - days, -5)  # the largest of every risk set
    fit = fit_cox(x, days, treated)
    assert fit.ridge == 1.0
    assert fit.converged
    assert np.isfinite(fit.coefficients).all()
    assert not fit_cox(x, days, treated, ridge_on_separation=0.0).converged


def test_controls_never_at_risk_do_not_matter():
    x, days, treated = sample(2)
    days = np.where(treated, days + 5, days)
    some = days >= days[treated].min()
    full, part = fit_cox(x, days, treated), fit_cox(x[some], days[some], treated[some])
    assert full.coefficients == pytest.approx(part.coefficients, rel=1e-12)


def test_without_treated_there_is_no_fit():
    with pytest.raises(ValueError, match="needs treated"):
        fit_cox(np.ones((3, 1)), np.arange(3), np.zeros(3, dtype=bool))


def test_a_fit_of_no_columns_has_no_coefficients():
    fit = fit_cox(np.zeros((3, 0)), np.array([1, 2, 3]), np.array([True, False, False]))
    assert (fit.coefficients.shape, fit.converged) == ((0,), True)
