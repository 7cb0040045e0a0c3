"""The risk-set design against a known truth: a service that does nothing.

People start the service at a rate that depends on what also drives re-offending, and only while
they have not re-offended. Comparing those who got that far with everybody flatters the service;
a score fitted on the whole pool then over-corrects the survivors' covariates.
"""

import numpy as np
import pytest

from justice_data_lab.statistics.cox import fit_cox
from justice_data_lab.statistics.glm import fit_logistic
from justice_data_lab.statistics.intervals import control_arm, treated_arm
from justice_data_lab.statistics.radius import match_radius, to_grid

PEOPLE, REPEATS, WINDOW = 40_000, 12, 182


def simulate(seed):
    """Return covariates, first re-offence, start of the service and who got it; no effect."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(PEOPLE, 2))
    first = np.ceil(rng.exponential(600 * np.exp(-0.9 * x[:, 0] - 0.3 * x[:, 1]))).astype(int)
    start = np.floor(rng.exponential(6000 * np.exp(-0.6 * x[:, 0] - 0.5 * x[:, 1]))).astype(int)
    return x, first, start, (start < first) & (start <= WINDOW)


def effect(score, first, treated, start, *, with_risk_sets):
    """Return the difference in the one-year rate, in points."""
    grid, width = to_grid(score), int(to_grid(np.array([0.05 * score.std(ddof=1)]))[0])
    days = {}
    if with_risk_sets:
        last = np.minimum(first, WINDOW)[~treated]
        days = {"delays": start[treated], "last_days": last}
    matched = match_radius(grid[treated], grid[~treated], width=width, **days)
    outcome = (first <= 365).astype(float)
    used = matched.weights > 0
    one = treated_arm(outcome[treated][matched.controls_n > 0])
    other = control_arm(outcome[~treated][used], matched.weights[used])
    return 100 * (one.mean - other.mean)


@pytest.fixture(scope="module")
def biases():
    found = {"risk_set": [], "logistic_score": [], "none": []}
    for seed in range(REPEATS):
        x, first, start, treated = simulate(seed)
        exit_day = np.where(treated, start, np.minimum(first, WINDOW))
        cox = x @ fit_cox(x, exit_day, treated).coefficients
        logistic = x @ fit_logistic(x, treated).coefficients[1:]
        for name, score, risk in (
            ("risk_set", cox, True),
            ("logistic_score", logistic, True),
            ("none", logistic, False),
        ):
            found[name].append(effect(score, first, treated, start, with_risk_sets=risk))
    return {name: float(np.mean(values)) for name, values in found.items()}


def test_the_risk_set_design_is_nearly_unbiased(biases):
    assert abs(biases["risk_set"]) < 1.0


def test_a_logistic_score_on_the_whole_pool_is_biased(biases):
    assert biases["logistic_score"] > biases["risk_set"] + 1.0


def test_no_condition_flatters_the_service(biases):
    assert biases["none"] < -3.0
