"""Survival to the first re-offence, against statsmodels and against counting."""

import itertools

import numpy as np
import pytest
from cohort_maker import COVARIATES, make_cohort, replace
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from justice_data_lab.statistics import (
    MatchSettings,
    estimate_outcomes,
    estimate_survival,
    fit_propensities,
    match_controls,
    score_propensities,
)
from justice_data_lab.statistics.survival import MONTH_ENDS, SURVIVAL_SCHEMA, survival_curve

SETTINGS = MatchSettings()


@pytest.fixture(scope="module")
def world():
    cohort, values = make_cohort()
    models = fit_propensities(cohort, values, COVARIATES, SETTINGS)
    scores = score_propensities(cohort, values, COVARIATES, models, SETTINGS)
    return cohort, match_controls(scores, SETTINGS)


def draw(seed=1, n=300):
    rng = np.random.default_rng(seed)
    days = rng.integers(1, 900, n).astype(float)
    return np.where(days <= 366, days, np.nan), rng.uniform(0.1, 3, n)


def test_months_end_where_the_year_does():
    assert MONTH_ENDS[[0, 1, 6, 12]].tolist() == [0, 31, 183, 366]


def test_the_curve_is_that_of_statsmodels():
    days, weights = draw()
    rows = survival_curve(days, weights)
    ends = np.where(np.isnan(days), 367, days)
    other = SurvfuncRight(ends, ~np.isnan(days), freq_weights=weights)
    for row, day in zip(rows, MONTH_ENDS, strict=True):
        place = np.searchsorted(other.surv_times, day, side="right") - 1
        expected = other.surv_prob[place] if place >= 0 else 1.0
        assert row["survival"] == pytest.approx(expected, abs=1e-12)


def test_numbers_at_risk_are_counted_and_telescope():
    days, weights = draw(2)
    rows = survival_curve(days, weights)
    for row, day in zip(rows, MONTH_ENDS, strict=True):
        still = weights[np.isnan(days) | (days > day)].sum()
        assert row["at_risk_n"] == pytest.approx(still, rel=1e-12)
        assert row["survival"] == pytest.approx(still / weights.sum(), abs=1e-12)
    for before, after in itertools.pairwise(rows):
        assert after["at_risk_n"] + after["events_n"] == pytest.approx(before["at_risk_n"])
    assert rows[0]["events_n"] == 0


def test_limits_are_wilson_s_on_the_effective_size():
    days, weights = draw(3)
    size = weights.sum() ** 2 / (weights**2).sum()
    first, *rows = survival_curve(days, weights)
    assert (first["survival"], first["lower"], first["upper"]) == (1, 1, 1)
    for row in rows:
        expected = proportion_confint(row["survival"] * size, size, method="wilson")
        assert (row["lower"], row["upper"]) == pytest.approx(expected, abs=1e-9)
        assert row["upper"] - row["lower"] > 0


def test_an_event_on_the_last_day_of_a_leap_year_counts():
    rows = survival_curve(np.array([366.0, np.nan]), np.ones(2))
    assert rows[11]["survival"] == 1
    assert rows[12]["survival"] == 0.5
    with pytest.raises(ValueError, match="after the 12 months"):
        survival_curve(np.array([367.0]), np.ones(1))


def test_nobody_and_everybody_re_offends():
    never = survival_curve(np.full(5, np.nan), np.ones(5))
    assert {row["survival"] for row in never} == {1.0}
    all_gone = survival_curve(np.full(5, 40.0), np.ones(5))
    assert [row["survival"] for row in all_gone] == [1, 1, *[0] * 11]
    assert all_gone[-1]["at_risk_n"] == 0


def test_the_interval_covers():
    """500 draws of 60 people with unequal weights: coverage within three Monte Carlo errors."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(500):
        days = rng.exponential(500, 60)
        days = np.where(days <= 366, np.ceil(days), np.nan)
        row = survival_curve(days, rng.uniform(0.2, 2, 60))[6]
        held += row["lower"] <= np.exp(-183 / 500) <= row["upper"]
    assert 0.95 - 3 * 0.0097 <= held / 500 <= 0.95 + 3 * 0.0097


def test_month_twelve_is_the_rate(world):
    cohort, matches = world
    rate = estimate_outcomes(cohort, matches, SETTINGS).to_pylist()[0]
    curves = estimate_survival(cohort, matches, SETTINGS).to_pylist()
    last = {row["arm"]: row for row in curves if row["month"] == 12}
    for arm in ("treated", "control"):
        assert 100 * (1 - last[arm]["survival"]) == pytest.approx(rate[f"{arm}_value"])
    assert [row["month"] for row in curves] == [*range(13)] * 2
    first = {row["arm"]: row for row in curves if row["month"] == 0}
    assert first["treated"]["at_risk_n"] == pytest.approx(first["control"]["at_risk_n"])


def test_a_confidence_of_90_is_narrower(world):
    wide = estimate_survival(*world, SETTINGS).to_pylist()[5]
    narrow = estimate_survival(*world, MatchSettings(confidence=0.9)).to_pylist()[5]
    assert narrow["survival"] == wide["survival"]
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]


def test_row_order_does_not_matter_and_nothing_gives_the_schema(world):
    cohort, matches = world
    rng = np.random.default_rng(1)
    other = estimate_survival(
        cohort.take(rng.permutation(cohort.num_rows)),
        matches.take(rng.permutation(matches.num_rows)),
        SETTINGS,
    )
    assert other.equals(estimate_survival(cohort, matches, SETTINGS))
    empty = estimate_survival(cohort.slice(0, 0), matches.slice(0, 0), SETTINGS)
    assert empty.schema == SURVIVAL_SCHEMA
    assert empty.num_rows == 0


def test_a_re_offender_without_days_is_named(world):
    cohort, matches = world
    blank = replace(cohort, "days_to_first", [None] * cohort.num_rows)
    with pytest.raises(ValueError, match="no days_to_first"):
        estimate_survival(blank, matches, SETTINGS)
