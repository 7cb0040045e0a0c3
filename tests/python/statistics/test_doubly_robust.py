"""The doubly robust radius estimate against statsmodels and a second implementation by hand."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from justice_data_lab.statistics import MatchSettings
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.doubly_robust import (
    compare_residuals,
    doubly_robust,
    fit_outcome,
)
from justice_data_lab.statistics.glm import fit_poisson
from justice_data_lab.statistics.intervals import newcombe_limits
from justice_data_lab.statistics.weighted import effective_size

FAMILIES = {"binary": sm.families.Binomial(), "count": sm.families.Poisson()}


def reference_fit(kind, y, x, w):
    """The weighted model by statsmodels."""
    if kind == "continuous":
        return sm.WLS(y, x, weights=w).fit()
    return sm.GLM(y, x, family=FAMILIES[kind], freq_weights=w).fit(tol=1e-14, maxiter=100)


KINDS = ("binary", "count", "continuous")
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
    used = ~treated & (weight > 0)
    fitted = reference_fit(kind, outcome[used], sm.add_constant(design[used]), weight[used])
    expected = fitted.predict(sm.add_constant(design))
    ours = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    assert (ours.ridge, ours.method) == (0, "residual_t")
    matched = weight > 0
    model = fit_outcome(
        outcome[matched], treated[matched], weight[matched], design[matched], kind, SETTINGS
    )
    assert model.expected == pytest.approx(expected[matched], abs=1e-7, rel=1e-7)
    assert (ours.difference, ours.lower, ours.upper, ours.p_value) == pytest.approx(
        by_hand(outcome, treated, weight, expected), abs=1e-7
    )


@pytest.mark.parametrize("kind", KINDS)
def test_only_matched_controls_are_fitted(kind):
    outcome, treated, weight, design = make_world(kind)
    before = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    unmatched = ~treated & (weight == 0)
    changed = np.where(unmatched, 1 - outcome, outcome)
    assert doubly_robust(changed, treated, weight, design, kind, SETTINGS) == before
    matched = np.flatnonzero(~treated & (weight > 0))[0]
    changed = outcome.copy()
    changed[matched] = 1 - changed[matched]
    assert doubly_robust(changed, treated, weight, design, kind, SETTINGS) != before


def test_two_events_of_a_person_count_once_in_the_error():
    outcome, treated, weight, design = make_world("binary")
    person = np.arange(len(outcome))
    plain = doubly_robust(outcome, treated, weight, design, "binary", SETTINGS, Clusters.of(person))
    rows = np.append(person, np.flatnonzero(~treated))
    halved = np.where(treated, weight, weight / 2)
    twice = doubly_robust(
        outcome[rows], treated[rows], halved[rows], design[rows], "binary", SETTINGS,
        Clusters.of(rows),
    )  # fmt: skip
    assert twice.difference == pytest.approx(plain.difference, abs=1e-9)
    assert twice.std_error == pytest.approx(plain.std_error, rel=1e-9)


def rare_world(events, treated_n=30):
    rng = np.random.default_rng(4)
    treated = np.arange(2000) < treated_n
    design = rng.normal(size=(2000, 2))
    outcome = (rng.random(2000) < 0.06).astype(float)
    outcome[treated] = np.arange(treated_n) < events
    return outcome, treated, np.where(treated, 1.0, treated_n / 1970), design


@pytest.mark.parametrize("events", [0, 2, 9, 28])
def test_few_expected_with_or_without_get_the_shifted_interval_of_newcombe(events):
    outcome, treated, weight, design = rare_world(events)
    found = doubly_robust(outcome, treated, weight, design, "binary", SETTINGS)
    plain = contrast(outcome, treated, weight, "binary", SETTINGS).result
    assert found.method == "newcombe_shifted"
    assert plain.method == "newcombe_effective"
    shift = plain.difference.value - found.difference
    assert shift != 0
    assert found.lower == pytest.approx(plain.difference.lower - shift, abs=1e-12)
    assert found.upper == pytest.approx(plain.difference.upper - shift, abs=1e-12)
    assert (found.p_value < 0.05) == (not found.lower <= 0 <= found.upper)
    at_p = newcombe_limits(
        outcome[treated].mean(), 30, plain.control.value, effective_size(weight[~treated]),
        stats.norm.isf(found.p_value / 2),
    )  # fmt: skip
    assert min(abs(limit - shift) for limit in at_p) < 1e-9


def test_from_ten_expected_on_it_is_the_residuals():
    outcome, treated, weight, design = rare_world(events=30, treated_n=200)
    found = doubly_robust(outcome, treated, weight, design, "binary", SETTINGS)
    assert found.method == "residual_t"


def test_it_covers_zero_where_30_are_treated_and_6_percent_reoffend():
    rng = np.random.default_rng(11)
    held, plain = 0, 0
    for _ in range(400):
        treated = np.arange(1030) < 30
        design = rng.normal(size=(1030, 2)) + 0.3 * treated[:, None]
        outcome = (rng.random(1030) < 0.06 * np.exp(0.3 * design[:, 0] - 0.05)).astype(float)
        weight = np.where(treated, 1.0, 30 * np.exp(0.3 * design.sum(axis=1)))
        weight[~treated] *= 30 / weight[~treated].sum()
        found = doubly_robust(outcome, treated, weight, design, "binary", SETTINGS)
        never = doubly_robust(
            outcome, treated, weight, design, "binary", MatchSettings(guarded_expected_count=0)
        )
        held += found.lower <= 0 <= found.upper
        plain += never is not None and never.lower <= 0 <= never.upper
    assert 0.94 * 400 <= held <= 0.99 * 400
    assert plain < 0.9 * 400


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
    without = MatchSettings(ridge_on_separation=0.0)
    assert doubly_robust(outcome, treated, weight, design, kind, without) is None


@pytest.mark.parametrize("kind", KINDS)
def test_controls_that_do_not_vary_are_predicted_as_they_are(kind):
    outcome, treated, weight, design = make_world(kind)
    outcome[~treated] = 0.0
    ours = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
    assert ours.difference == pytest.approx(outcome[treated & (weight > 0)].mean())


def test_nothing_to_estimate_is_none():
    outcome, treated, weight, design = make_world("binary")
    everybody, nobody = np.ones(len(outcome), dtype=bool), np.zeros(len(outcome))
    rest = ("binary", SETTINGS)
    assert doubly_robust(outcome, everybody, weight, design, *rest) is None
    assert doubly_robust(outcome, treated, np.where(treated, 0.0, weight), design, *rest) is None
    assert (
        compare_residuals(outcome, nobody, treated, np.where(treated, 0.0, weight), *rest) is None
    )
    one = np.where(treated, weight, 0.0)
    one[np.flatnonzero(~treated)[0]] = 1.0
    assert compare_residuals(outcome, nobody, treated, one, *rest) is None
    assert compare_residuals(nobody, nobody, treated, weight, *rest) is None
    few = np.where(treated, weight, 0.0)
    few[np.flatnonzero(~treated)[:4]] = 1.0
    outcome[np.flatnonzero(~treated)[:4]] = [0, 1, 0, 1]
    assert doubly_robust(outcome, treated, few, design, *rest) is None  # 4 controls, 4 terms
    with pytest.raises(ValueError, match="needs controls"):
        fit_outcome(outcome, everybody, weight, design, *rest)


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
