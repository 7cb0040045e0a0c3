"""Diagnostics of an analysis against sums by hand over its matches."""

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort, replace

from justice_data_lab.statistics import (
    MatchSettings,
    analysis_diagnostics,
    covariate_balance,
    fit_propensities,
    match_controls,
    off_support_characteristics,
    score_propensities,
)
from justice_data_lab.statistics.diagnostics import (
    DIAGNOSTICS_SCHEMA,
    OFF_SUPPORT_SCHEMA,
    balance_verdict,
)
from justice_data_lab.statistics.equipoise import equipoise

SETTINGS = MatchSettings(width=0.02)


def run(cohort, values, settings=SETTINGS):
    models = fit_propensities(cohort, values, COVARIATES, settings)
    scores = score_propensities(cohort, values, COVARIATES, models, settings)
    matches = match_controls(scores, settings)
    balance = covariate_balance(matches, values, COVARIATES, settings)
    return {
        "scored": scores,
        "scores": scores.to_pylist(),
        "matches": matches.to_pylist(),
        "balance": balance.to_pylist(),
        "diagnostics": analysis_diagnostics(models, scores, matches, balance),
        "off_support": off_support_characteristics(matches, values, COVARIATES, settings),
    }


@pytest.fixture(scope="module")
def result():
    cohort, values = make_cohort(treated_n=100, controls_n=800)
    sex = values["sex"].to_pylist()
    sex[3] = "Y"  # a treated person whose level no control has
    values = replace(values, "sex", sex)
    return {"values": values.to_pylist(), **run(cohort, values)}


def test_counts_and_weights(result):
    (row,) = result["diagnostics"].to_pylist()
    treated = [unit for unit in result["matches"] if unit["is_treated"]]
    weights = np.array([unit["weight"] for unit in result["matches"] if not unit["is_treated"]])
    used = weights[weights > 0]
    matched = sum(unit["is_matched"] for unit in treated)
    assert result["diagnostics"].schema == DIAGNOSTICS_SCHEMA
    assert (row["eligible_n"], row["matched_n"]) == (100, matched)
    assert 0 < row["off_support_n"] == 100 - matched
    assert (row["pool_n"], row["matched_control_n"]) == (800, len(used))
    assert row["control_effective_n"] == pytest.approx(used.sum() ** 2 / (used**2).sum())
    assert row["controls_used_percent"] == pytest.approx(100 * len(used) / 800)
    assert row["largest_weight_percent"] == pytest.approx(100 * used.max() / used.sum())
    assert (row["fit_method"], row["ridge"], row["converged"]) == ("cox", 0, True)


def test_all_the_weight_is_a_hundred_percent_and_no_more():
    cohort, values = make_cohort(treated_n=40, controls_n=60)
    models = fit_propensities(cohort, values, COVARIATES, SETTINGS)
    scores = score_propensities(cohort, values, COVARIATES, models, SETTINGS)
    matches = match_controls(scores, SETTINGS)
    is_control = ~matches["is_treated"].to_numpy()
    weights = np.where(is_control, 0.0, matches["weight"].to_numpy())
    weights[np.flatnonzero(is_control)[0]] = 5.27
    assert 100.0 * 5.27 / 5.27 > 100.0
    (row,) = analysis_diagnostics(
        models,
        scores,
        replace(matches, "weight", weights.tolist()),
        covariate_balance(matches, values, COVARIATES, SETTINGS),
    ).to_pylist()
    assert row["largest_weight_percent"] == 100.0


def test_balance_in_one_line(result):
    (row,) = result["diagnostics"].to_pylist()
    ratings = [term["rating"] for term in result["balance"]]
    assert [row[f"{name}_n"] for name in ("green", "amber", "red")] == [
        ratings.count(name) for name in ("green", "amber", "red")
    ]
    for moment in ("before", "after"):
        known = [abs(t[f"smd_{moment}"]) for t in result["balance"] if t[f"smd_{moment}"]]
        assert row[f"largest_smd_{moment}"] == max(known)
    assert row["balance_verdict"] == balance_verdict(ratings)


def test_the_treated_off_support_are_not_in_equipoise(result):
    shares = equipoise(result["scored"])
    assert result["diagnostics"]["equipoise"].to_pylist() == list(shares.values())
    is_off = [unit["score"] is None for unit in result["scores"] if unit["is_treated"]]
    assert any(is_off)
    assert 0 < shares["r1", "headline"] <= 100 - sum(is_off)


@pytest.mark.parametrize(
    ("ratings", "verdict"),
    [
        ([], None),
        (["green"], "good"),
        (["green", "amber"], "acceptable"),
        (["amber", "red", "green"], "poor"),
    ],
)
def test_verdict(ratings, verdict):
    assert balance_verdict(ratings) == verdict


def test_variance_ratios(result):
    people = {row["event_id"]: row for row in result["values"]}
    (row,) = [term for term in result["balance"] if term["covariate"] == "copas"]
    value = np.array([people[unit["event_id"]]["copas"] for unit in result["matches"]])
    treated = np.array([unit["is_treated"] for unit in result["matches"]])
    weight = np.array([unit["weight"] for unit in result["matches"]])
    assert row["variance_ratio_before"] == pytest.approx(
        value[treated].var(ddof=1) / value[~treated].var(ddof=1)
    )
    w, x = weight[~treated], value[~treated]
    mean, size = np.average(x, weights=w), w.sum() ** 2 / (w**2).sum()
    spread = np.average((x - mean) ** 2, weights=w) * size / (size - 1)
    mine = value[treated & (weight > 0)].var(ddof=1)
    assert row["variance_ratio_after"] == pytest.approx(mine / spread)


def test_the_treated_off_support_are_described(result):
    table = result["off_support"]
    assert table.schema == OFF_SUPPORT_SCHEMA
    people = {row["event_id"]: row for row in result["values"]}
    treated = [unit for unit in result["matches"] if unit["is_treated"]]
    rows = {row["covariate"]: row for row in table.to_pylist()}
    assert rows["sex: Y"]["matched_mean"] == 0
    for is_matched, name in ((True, "matched_mean"), (False, "off_support_mean")):
        group = [people[u["event_id"]] for u in treated if u["is_matched"] == is_matched]
        ages = [person["age"] for person in group if person["age"] is not None]
        assert rows["age"][name] == pytest.approx(np.mean(ages))
        women = [person["sex"] == "F" for person in group]
        assert rows["sex: F"][name] == pytest.approx(np.mean(women))
        assert rows["age"]["off_support_n"] == sum(not unit["is_matched"] for unit in treated)


def test_nobody_off_support_gives_no_row():
    result = run(*make_cohort(treated_n=40), MatchSettings(width=5.0))
    assert result["off_support"].num_rows == 0
    assert result["diagnostics"]["off_support_n"].to_pylist() == [0]


@pytest.mark.parametrize("arm", [True, False])
def test_an_analysis_with_one_arm_stays_without_a_verdict(arm):
    cohort, values = make_cohort()
    cohort = cohort.filter(pa.compute.equal(cohort["is_treated"], arm))
    (row,) = run(cohort, values)["diagnostics"].to_pylist()
    assert row["matched_n"] == row["matched_control_n"] == row["red_n"] == 0
    assert row["balance_verdict"] is row["largest_smd_after"] is row["fit_method"] is None
    assert row["converged"] is False


def test_strata_of_two_methods_are_both_named():
    one = make_cohort(seed=1)
    two = make_cohort(seed=2, stratum="prison_release", with_delay=False, first_event=10_000)
    tables = [pa.concat_tables(parts) for parts in zip(one, two, strict=True)]
    (row,) = run(*tables)["diagnostics"].to_pylist()
    assert row["fit_method"] == "cox, logistic"
    assert row["eligible_n"] == 240


def test_no_rows_no_diagnostics():
    cohort, values = make_cohort()
    result = run(cohort.slice(0, 0), values)
    assert result["diagnostics"].schema == DIAGNOSTICS_SCHEMA
    assert result["diagnostics"].num_rows == result["off_support"].num_rows == 0
