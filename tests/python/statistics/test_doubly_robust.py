"""The doubly robust radius estimate against statsmodels and a second implementation by hand."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from justice_data_lab.statistics.doubly_robust import (
    compare_residuals,
    doubly_robust,
    fit_outcome,
)
from justice_data_lab.statistics.glm import fit_poisson
from justice_data_lab.statistics.intervals import newcombe_limits, newcombe_p
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import effective_size

MODELS = {
    "binary": lambda y, x: sm.Logit(y, x).fit(disp=0, tol=1e-14, maxiter=100),
    "count": lambda y, x: sm.Poisson(y, x).fit(disp=0, method="newton", tol=1e-14, maxiter=100),
    "continuous": lambda y, x: sm.OLS(y, x).fit(),
}
KINDS = tuple(MODELS)
SETTINGS = MatchSettings()


def make_world(kind, *, seed=1, treated_n=60, controls_n=900):
    rng = np.random.default_rng(seed)
    n = treated_n + controls_n
    treated = rng.permutation(n) < treated_n
    design = np.column_stack(
        [rng.normal(30, 9, n), rng.random(n) < 0.3, rng.normal(0, 1, n)]
    ).astype(float)
    linear = -1.2 + 0.02 * design[:, 0] + 0.5 * design[:, 1] - 0.4 * design[:, 2] - 0.3 * treated
    outcome = {
        "binary": rng.random(n) < 1 / (1 + np.exp(-linear)),
        "count": rng.poisson(np.exp(linear)),
        "continuous": 100 + 30 * linear + rng.normal(0, 20, n),
    }[kind].astype(float)
    weight = np.where(treated, rng.random(n) < 0.9, np.maximum(rng.normal(0, 1, n), 0))
    return outcome, treated, weight.astype(float), design


def by_hand(outcome, treated, weight, expected):
    """A second implementation of section 5 of the notes, person by person."""
    ours = [y - m for y, m, t, w in zip(outcome, expected, treated, weight, strict=True) if t and w]
    theirs = [
        (w, y - m)
        for y, m, t, w in zip(outcome, expected, treated, weight, strict=True)
        if not t and w
    ]
    total = math.fsum(w for w, _ in theirs)
    mean1 = math.fsum(ours) / len(ours)
    mean0 = math.fsum(w * r for w, r in theirs) / total
    variance = math.fsum((r - mean1) ** 2 for r in ours) / (len(ours) * (len(ours) - 1))
    variance += math.fsum((w * (r - mean0)) ** 2 for w, r in theirs) / total**2
    error = math.sqrt(variance)
    half = stats.t.ppf(0.975, len(ours) - 1) * error
    difference = mean1 - mean0
    p = 2 * stats.t.sf(abs(difference) / error, len(ours) - 1)
    return difference, difference - half, difference + half, p


@pytest.mark.parametrize("kind", KINDS)
def test_it_equals_statsmodels_and_the_formula_by_hand(kind):
    outcome, treated, weight, design = make_world(kind)
    fitted = MODELS[kind](outcome[~treated], sm.add_constant(design[~treated]))
    expected = fitted.predict(sm.add_constant(design))
    ours = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    assert ours.ridge == 0
    assert fit_outcome(outcome, treated, design, kind).expected == pytest.approx(
        expected, abs=1e-8, rel=1e-8
    )
    assert (ours.difference, ours.lower, ours.upper, ours.p_value) == pytest.approx(
        by_hand(outcome, treated, weight, expected), abs=1e-8
    )


@pytest.mark.parametrize("kind", KINDS)
def test_all_controls_are_fitted_whatever_their_weight(kind):
    outcome, treated, weight, design = make_world(kind)
    before = fit_outcome(outcome, treated, design, kind).expected
    changed = np.where(treated, outcome + 1, outcome)
    assert (fit_outcome(changed, treated, design, kind).expected == before).all()
    unmatched = np.flatnonzero(~treated & (weight == 0))[0]
    moved = outcome.copy()
    moved[unmatched] = 1 - moved[unmatched]
    assert (fit_outcome(moved, treated, design, kind).expected != before).any()


@pytest.mark.parametrize("kind", KINDS)
def test_constant_and_repeated_columns_change_nothing(kind):
    outcome, treated, weight, design = make_world(kind)
    wider = np.column_stack([design, np.full(len(outcome), 3.0), design[:, 1]])
    one = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    two = doubly_robust(outcome, treated, weight, wider, kind, SETTINGS)
    assert two.difference == pytest.approx(one.difference, abs=1e-12)


@pytest.mark.parametrize("kind", ["binary", "count"])
def test_a_separated_fit_falls_back_on_a_named_ridge(kind):
    outcome, treated, weight, design = make_world(kind)
    never = ~treated & (design[:, 1] == 1)
    outcome[never] = 0  # nobody of this group has the outcome: its coefficient has no maximum
    ours = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    assert ours.ridge == 1
    assert ours.lower < ours.difference < ours.upper
    without = fit_outcome(outcome, treated, design, kind, ridge_on_separation=0.0)
    assert not without.converged
    never = MatchSettings(ridge_on_separation=0.0)
    assert doubly_robust(outcome, treated, weight, design, kind, never) is None


@pytest.mark.parametrize("kind", KINDS)
def test_controls_that_do_not_vary_are_predicted_as_they_are(kind):
    outcome, treated, weight, design = make_world(kind)
    outcome[~treated] = 0.0
    model = fit_outcome(outcome, treated, design, kind)
    assert model.method == "constant"
    assert not model.expected.any()
    ours = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    assert ours.difference == pytest.approx(outcome[treated & (weight > 0)].mean())


def test_nothing_to_estimate_is_none():
    outcome, treated, weight, design = make_world("binary")
    everybody = np.ones(len(outcome), dtype=bool)
    assert doubly_robust(outcome, everybody, weight, design, "binary", SETTINGS) is None

    def compare(values, own):
        return compare_residuals(values, 0 * values, treated, own, "binary", SETTINGS)

    assert compare(outcome, np.where(treated, 0.0, weight)) is None
    one = np.where(treated, weight, 0.0)
    one[np.flatnonzero(~treated)[0]] = 1.0
    assert compare(outcome, one) is None
    assert compare(np.zeros(len(outcome)), weight) is None
    with pytest.raises(ValueError, match="needs controls"):
        fit_outcome(outcome, everybody, design, "binary")


def test_the_poisson_fit_names_what_it_cannot_fit_and_survives_large_counts():
    x = np.random.default_rng(2).normal(size=(400, 2))
    with pytest.raises(ValueError, match="counts of 0 or more"):
        fit_poisson(x, np.zeros(400))
    counts = np.random.default_rng(3).poisson(np.exp(9 + x @ [1.5, -1.0])).astype(float)
    coefficients, ridge, best = fit_poisson(x, counts)
    reference = sm.GLM(counts, sm.add_constant(x), family=sm.families.Poisson()).fit(tol=1e-14)
    assert coefficients == pytest.approx(reference.params, abs=1e-9)
    assert ridge == 0
    assert best.converged


@pytest.mark.parametrize("level", [0, 7, 13])
def test_the_poisson_fit_converges_whatever_the_size_of_the_counts(level):
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(40, 10, 20_000), rng.random(20_000) < 0.3])
    mean = np.exp(level + 0.02 * (x[:, 0] - 40) + 0.5 * x[:, 1] + rng.normal(0, 0.5, 20_000))
    coefficients, ridge, best = fit_poisson(x, rng.poisson(mean).astype(float))
    assert ridge == 0
    assert best.converged
    assert coefficients[1:] == pytest.approx([0.02, 0.5], abs=0.03)


def test_a_right_outcome_model_mends_weights_that_balance_nothing():
    rng = np.random.default_rng(5)
    design = rng.normal(size=(5000, 3))
    treated = rng.random(5000) < 1 / (1 + np.exp(3 - 1.5 * design[:, 0]))
    outcome = 10 * design[:, 0] - 4.0 * treated + rng.normal(size=5000)
    weight = np.ones(5000)
    assert outcome[treated].mean() - outcome[~treated].mean() > 5
    ours = doubly_robust(outcome, treated, weight, design, "continuous", SETTINGS)
    assert ours.lower < -4 < ours.upper
    assert ours.upper - ours.lower < 1


@pytest.mark.parametrize(("treated_n", "events"), [(60, 0), (60, 60), (200, 3), (30, 9)])
def test_few_with_or_without_the_outcome_get_the_headlines_limits_shifted(treated_n, events):
    rng = np.random.default_rng(treated_n + events)
    n = treated_n + 1500
    treated = np.arange(n) < treated_n
    design = rng.normal(size=(n, 2)) + 0.3 * treated[:, None]
    outcome = (rng.random(n) < 1 / (1 + np.exp(1.5 - 0.4 * design[:, 0]))).astype(float)
    outcome[:treated_n] = np.arange(treated_n) < events
    weight = np.where(treated, 1.0, rng.exponential(size=n))
    ours = doubly_robust(outcome, treated, weight, design, "binary", SETTINGS)
    model = sm.Logit(outcome[~treated], sm.add_constant(design[~treated]))
    expected = model.fit(disp=0, tol=1e-14, maxiter=100).predict(sm.add_constant(design))
    w = weight[~treated]
    p1, p0 = events / treated_n, np.average(outcome[~treated], weights=w)
    shift = expected[treated].mean() - np.average(expected[~treated], weights=w)
    size = effective_size(w)
    limits = newcombe_limits(p1, treated_n, p0, size, stats.norm.ppf(0.975))
    assert ours.method == "newcombe_shifted"
    assert (ours.difference, ours.lower, ours.upper) == pytest.approx(
        (p1 - p0 - shift, limits[0] - shift, limits[1] - shift), abs=1e-9
    )
    assert ours.p_value == pytest.approx(newcombe_p(p1, treated_n, p0, size, null=shift), rel=1e-6)
    edge = newcombe_limits(p1, treated_n, p0, size, stats.norm.isf(ours.p_value / 2))
    assert min(abs(edge[0] - shift), abs(edge[1] - shift)) < 1e-9


def test_no_event_among_sixty_treated_is_no_proof():
    """A likelihood ratio says .11; the t of the residuals said 3e-7, as if 0 of 60 were certain."""
    rng = np.random.default_rng(11)
    treated = np.arange(2060) < 60
    outcome = np.where(treated, 0.0, rng.random(2060) < 0.02)
    design = rng.normal(size=(2060, 1))
    ours = doubly_robust(outcome, treated, np.ones(2060), design, "binary", SETTINGS)
    assert 0.05 < ours.p_value < 0.6
    assert ours.lower < 0 < ours.upper
