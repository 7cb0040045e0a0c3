"""Every fit proves itself, whatever its size, start and scale, and names what it cannot fit."""

import subprocess
import sys

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.hazard_regression import PHReg

from justice_data_lab.statistics import glm
from justice_data_lab.statistics.cox import fit_cox
from justice_data_lab.statistics.glm import fit_logistic, fit_poisson, probability
from justice_data_lab.statistics.newton import moments, screen_columns, take_rows


def rare(seed, treated_n=60, rows=30_000, columns=8):
    """Return few treated among many controls, on columns of very different scales and means."""
    rng = np.random.default_rng(seed)
    x = np.asfortranarray(rng.normal(size=(rows, columns)))
    x[:, 0] = rng.random(rows) < 0.3
    order = -(x @ np.full(columns, 0.5)) - rng.gumbel(size=rows)
    treated = np.zeros(rows, dtype=bool)
    treated[np.argsort(order)[:treated_n]] = True
    return x * 10.0 ** np.arange(-3, columns - 3) + 1e4, treated


@pytest.mark.parametrize("seed", range(4))
def test_a_case_control_start_ends_where_statsmodels_does(seed):
    x, treated = rare(seed)
    mean, sd = moments(x)
    assert glm._start(x, treated, mean, sd) is not None
    fit = fit_logistic(x, treated)
    z = (x - mean) / sd
    other = sm.Logit(treated.astype(float), sm.add_constant(z)).fit(
        method="newton", disp=0, maxiter=100, tol=1e-14
    )
    assert fit.converged
    assert fit.ridge == 0
    assert fit.gradient_norm < 1e-9
    assert fit.coefficients[1:] * sd == pytest.approx(other.params[1:], rel=1e-9, abs=1e-11)
    assert fit.std_errors[1:] * sd == pytest.approx(other.bse[1:], rel=1e-7)
    score = fit.coefficients[0] + x @ fit.coefficients[1:]
    assert score == pytest.approx(sm.add_constant(z) @ other.params, abs=1e-6)


def test_the_start_changes_no_digit_that_matters(monkeypatch):
    x, treated = rare(7)
    with_start = fit_logistic(x, treated)
    monkeypatch.setattr(glm, "_start", lambda *arguments: None)
    monkeypatch.setattr(glm, "START_ROWS", 10**9)
    without = fit_logistic(x, treated)
    assert with_start.iterations < without.iterations
    assert with_start.coefficients == pytest.approx(without.coefficients, rel=1e-9)


@pytest.mark.parametrize("family", ["logistic", "poisson"])
def test_a_start_from_some_rows_changes_no_digit_that_matters(monkeypatch, family):
    rng = np.random.default_rng(5)
    x = np.asfortranarray(rng.normal(size=(8000, 5)) * rng.uniform(0.1, 50, 5))
    eta = x @ (rng.normal(size=5) / x.std(axis=0)) / 2 - 1
    weights = rng.gamma(1.0, size=len(x))

    def fit():
        if family == "logistic":
            found = fit_logistic(x, outcome, weights=weights)
            return found.coefficients, found.iterations
        found = fit_poisson(x, outcome, weights=weights)
        return found[0], found[2].iterations

    is_yes, count = rng.random(len(x)) < probability(eta), rng.poisson(np.exp(eta)).astype(float)
    outcome = is_yes if family == "logistic" else count
    near, few = fit()
    monkeypatch.setattr(glm, "START_ROWS", 10**9)
    zero, many = fit()
    assert few < many
    assert near == pytest.approx(zero, rel=1e-11, abs=1e-13)


def test_a_start_that_separates_is_no_separation():
    """The few controls of the start lack a level that a treated person has; the pool has it."""
    rng = np.random.default_rng(0)
    rows, treated_n = 40_000, 40
    treated = np.arange(rows) < treated_n
    level = np.zeros(rows)
    level[:6] = 1.0
    level[treated_n + 1 : treated_n + 4] = 1.0  # not among every so many controls
    x = np.column_stack([rng.normal(size=rows) + 0.5 * treated, level])
    assert glm._start(x, treated, *moments(x)) is None
    fit = fit_logistic(x, treated)
    assert fit.converged
    assert fit.ridge == 0
    assert probability(fit.coefficients[0] + x @ fit.coefficients[1:]).sum() == pytest.approx(40)


def test_separation_in_a_large_pool_is_found_and_named():
    x, treated = rare(3)
    x[:, 2] = treated + np.random.default_rng(0).uniform(0, 0.5, len(treated))
    fit = fit_logistic(x, treated)
    assert (fit.ridge, fit.converged) == (1.0, True)
    assert fit.gradient_norm < 1e-7
    never = fit_logistic(x, treated, ridge_on_separation=0.0)
    assert (never.ridge, never.converged) == (0.0, False)


@pytest.mark.parametrize("seed", range(3))
def test_the_cox_fit_equals_phreg_and_proves_it(seed):
    x, treated = rare(seed, treated_n=200, rows=3_000, columns=5)
    rng = np.random.default_rng(seed)
    days = rng.integers(0, 40, len(treated))
    fit = fit_cox(x, days, treated)
    mean, sd = moments(x)
    other = PHReg(days, (x - mean) / sd, status=treated.astype(int), ties="breslow").fit(
        disp=0, method="newton", maxiter=200, tol=1e-14
    )
    assert fit.converged
    assert fit.gradient_norm < 1e-8
    assert fit.coefficients * sd == pytest.approx(other.params, rel=1e-7, abs=1e-9)
    assert fit.std_errors * sd == pytest.approx(other.bse, rel=1e-6)


def test_cox_separation_is_named():
    rng = np.random.default_rng(1)
    treated = np.arange(400) < 60
    tell = np.where(treated, 1.0, rng.uniform(0, 0.5, 400))
    x = np.column_stack([tell, rng.normal(size=400)])
    days = rng.integers(5, 40, 400)
    fit = fit_cox(x, days, treated)
    assert (fit.ridge, fit.converged) == (1.0, True)


def columns_with_faults(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(500, 4))
    return np.column_stack(
        [
            x[:, 0],
            np.full(500, 0.1),
            x[:, 1],
            x[:, 0] - 3 * x[:, 1],
            x[:, 2],
            np.zeros(500),
            x[:, 3],
        ]
    )


def test_faults_are_named_in_their_places():
    x = columns_with_faults(0)
    kinds = (
        "estimated",
        "constant",
        "estimated",
        "collinear",
        "estimated",
        "constant",
        "estimated",
    )
    assert tuple(screen_columns(x)) == kinds
    assert screen_columns(np.zeros((0, 2))) == ["constant", "constant"]
    assert screen_columns(np.zeros((5, 0))) == []


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shift=st.sampled_from([0.0, 1e3, 1e6]),
    scale=st.sampled_from([1e-6, 1.0, 1e6]),
)
def test_scale_and_origin_change_no_fault(seed, shift, scale):
    x = columns_with_faults(seed)
    assert screen_columns(x * scale + shift * scale) == screen_columns(x)


def test_moments_are_those_of_numpy_and_of_constants():
    x = np.random.default_rng(0).normal(size=(10_001, 3)) * [1.0, 1e-4, 1e5] + [0.0, 50.0, -3.0]
    x = np.column_stack([x, np.full(10_001, 0.3)])
    mean, sd = moments(x)
    assert mean[:3] == pytest.approx(x[:, :3].mean(axis=0), rel=1e-12)
    assert sd[:3] == pytest.approx(x[:, :3].std(axis=0), rel=1e-10)
    assert (mean[3], sd[3]) == (0.3, 1.0)


@pytest.mark.parametrize("order", ["C", "F"])
def test_layout_of_memory_changes_no_bit(order):
    x, treated = rare(5, rows=9_000)
    fit = fit_logistic(np.array(x, order=order), treated)
    assert (fit.coefficients == fit_logistic(np.asfortranarray(x), treated).coefficients).all()
    rows = np.flatnonzero(treated)
    assert (take_rows(np.array(x, order=order), rows) == x[rows]).all()


def test_the_bits_do_not_depend_on_threads():
    """The same fit in processes that are told to use 1, 2 and 4 threads."""
    code = (
        "import numpy as np\n"
        "from justice_data_lab.statistics.glm import fit_logistic\n"
        "rng = np.random.default_rng(0)\n"
        "x = np.asfortranarray(rng.normal(size=(20_000, 12)))\n"
        "treated = rng.random(20_000) < 1 / (1 + np.exp(4 - x[:, 0]))\n"
        "print(fit_logistic(x, treated).coefficients.tobytes().hex())\n"
    )
    found = set()
    for threads in ("1", "2", "4"):
        done = subprocess.run(
            [sys.executable, "-c", "import numpy\n" + code],
            env={"OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1
