"""The public evaluation sample of Dehejia and Wahba, against R (glm, MatchIt 4.7.2)."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from justice_data_lab.statistics.balance import Weights, term_balance
from justice_data_lab.statistics.glm import fit_logistic, probability
from justice_data_lab.statistics.intervals import control_arm, treated_arm, welch
from justice_data_lab.statistics.radius import match_radius, to_grid

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = ("age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75")


class Lalonde:
    def __init__(self):
        with (FIXTURES / "lalonde.csv").open() as file:
            rows = list(csv.DictReader(file))
        with (FIXTURES / "lalonde_propensity.csv").open() as file:
            scores = list(csv.DictReader(file))
        self.reference = json.loads((FIXTURES / "lalonde_reference.json").read_text())
        self.X = np.array([[float(row[name]) for name in NAMES] for row in rows])
        self.treated = np.array([row["treat"] == "1" for row in rows])
        self.ids = [row["id"] for row in rows]
        self.earnings = np.array([float(row["re78"]) for row in rows])
        self.logit = np.array([float(row["logit"]) for row in scores])
        self.propensity = np.array([float(row["ps"]) for row in scores])
        self.fit = fit_logistic(self.X, self.treated)
        self.score = self.fit.coefficients[0] + self.X @ self.fit.coefficients[1:]

    def match(self, radius):
        grid = to_grid(probability(self.score))
        width = int(to_grid(np.array([radius]))[0])
        return match_radius(grid[self.treated], grid[~self.treated], width=width)


@pytest.fixture(scope="module")
def lalonde():
    return Lalonde()


@pytest.fixture(params=[0.005, 0.01, 0.02, 0.05])
def radius(request, lalonde):
    return next(r for r in lalonde.reference["radius"] if r["radius"] == request.param)


def test_coefficients_errors_and_likelihood_are_those_of_glm(lalonde):
    reference = lalonde.reference
    expected = [reference["coef"][name] for name in ("(Intercept)", *NAMES)]
    errors = [reference["se"][name] for name in ("(Intercept)", *NAMES)]
    assert lalonde.fit.converged
    assert lalonde.fit.ridge == 0
    assert lalonde.fit.coefficients == pytest.approx(expected, rel=1e-12)
    assert lalonde.fit.std_errors == pytest.approx(errors, rel=1e-8)
    assert lalonde.fit.log_likelihood == pytest.approx(reference["loglik"], rel=1e-13)


def test_scores_agree_to_twelve_digits(lalonde):
    assert np.abs(lalonde.score - lalonde.logit).max() < 1e-12
    assert np.abs(probability(lalonde.score) - lalonde.propensity).max() < 1e-12


def test_matched_sets_are_identical(lalonde, radius):
    matched = lalonde.match(radius["radius"])
    treated_ids = [i for i, t in zip(lalonde.ids, lalonde.treated, strict=True) if t]
    control_ids = [i for i, t in zip(lalonde.ids, lalonde.treated, strict=True) if not t]
    counts = dict(zip(treated_ids, matched.controls_n.tolist(), strict=True))
    assert counts == radius["matches_per_treated"]
    weights = dict(zip(control_ids, matched.weights.tolist(), strict=True))
    used = {name: weight for name, weight in weights.items() if weight > 0}
    assert used.keys() == radius["control_weights"].keys()
    assert used == pytest.approx(radius["control_weights"], rel=1e-12)


def test_effect_effective_size_and_error(lalonde, radius):
    matched = lalonde.match(radius["radius"])
    used = matched.weights > 0
    treated = treated_arm(lalonde.earnings[lalonde.treated][matched.controls_n > 0])
    control = control_arm(lalonde.earnings[~lalonde.treated][used], matched.weights[used])
    assert treated.mean - control.mean == pytest.approx(radius["att"], rel=1e-9)
    assert control.size == pytest.approx(radius["ess_control"], rel=1e-9)
    # The reference leaves out the factor ESS / (ESS - 1) that makes equal weights give n - 1.
    plain = control.variance * (control.size - 1) / control.size
    assert plain == pytest.approx(radius["weighted_var_control"], rel=1e-9)
    error = math.sqrt(treated.variance / treated.n + plain / control.size)
    assert error == pytest.approx(radius["se_welch_ess"], rel=1e-9)
    result = welch(treated, control)
    assert result.difference.lower < radius["att"] < result.difference.upper


def test_balance_before_and_after(lalonde, radius):
    matched = lalonde.match(radius["radius"])
    weight = np.zeros(len(lalonde.ids))
    weight[lalonde.treated] = matched.controls_n > 0
    weight[~lalonde.treated] = matched.weights
    for place, name in enumerate(NAMES):
        balance = term_balance(lalonde.X[:, place], Weights(lalonde.treated, weight))
        before, after = lalonde.reference["smd_before"][name], radius["smd_after"][name]
        assert balance.smd_before == pytest.approx(100 * before[2], rel=1e-9)
        assert [balance.treated_mean, balance.control_mean_after] == pytest.approx(after[:2])
        assert balance.smd_after == pytest.approx(100 * after[2], rel=1e-9)
