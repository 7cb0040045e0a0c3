"""The gate before results, and the year before: each limit on both sides, by hand."""

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort, replace
from scipy import special

from justice_data_lab.statistics import MatchSettings, covariate_balance, estimate_outcomes
from justice_data_lab.statistics.design import compare_groups
from justice_data_lab.statistics.gate import diagnostics_gate, equipoise, preference_scores
from justice_data_lab.statistics.year_before import YEAR_BEFORE_SCHEMA, compare_year_before

SETTINGS = MatchSettings(width=0.1)


@pytest.fixture(scope="module", params=[True, False], ids=["risk_set", "logistic"])
def built(request):
    cohort, values = make_cohort(treated_n=200, controls_n=4000, with_delay=request.param)
    groups = compare_groups(cohort, values, COVARIATES, SETTINGS)
    balance = covariate_balance(groups.matches, values, COVARIATES, SETTINGS)
    return cohort, values, groups, balance


def gates(built, **changes):
    _, _, groups, balance = built
    given = {"scores": groups.scores, "balance": balance, "tilts": groups.tilts} | changes
    rows = diagnostics_gate(**given, covariates=COVARIATES).to_pylist()
    return {row["gate"]: row for row in rows}


def test_a_balanced_request_passes(built):
    found = gates(built)
    assert list(found) == [
        "columns", "squares_and_products", "variance_ratio_low", "variance_ratio_high", "equipoise"
    ]  # fmt: skip
    assert all(row["passes"] for row in found.values())
    ratios = [
        row["variance_ratio_after"]
        for row in built[3].to_pylist()
        if row["covariate"] in ("age", "copas")
    ]
    assert found["variance_ratio_low"]["value"] == min(ratios)
    assert found["variance_ratio_high"]["value"] == max(ratios)


@pytest.mark.parametrize(
    ("column", "value", "gate", "passes"),
    [
        ("smd_after", -10.0, "columns", True),
        ("smd_after", -10.001, "columns", False),
        ("variance_ratio_after", 0.5, "variance_ratio_low", True),
        ("variance_ratio_after", 0.499, "variance_ratio_low", False),
        ("variance_ratio_after", 2.0, "variance_ratio_high", True),
        ("variance_ratio_after", 2.001, "variance_ratio_high", False),
    ],
)
def test_limits_of_the_balance(built, column, value, gate, passes):
    balance = built[3]
    values = balance[column].to_pylist()
    values[balance["covariate"].to_pylist().index("copas")] = value
    assert gates(built, balance=replace(balance, column, values))[gate]["passes"] == passes


@pytest.mark.parametrize(("value", "passes"), [(0.25, True), (-0.2501, False)])
def test_squares_and_products_count_dropped_or_not(built, value, passes):
    tilts = built[2].tilts
    place = tilts["term"].to_pylist().index("age squared")
    differences, status = tilts["difference_after"].to_pylist(), tilts["status"].to_pylist()
    differences[place], status[place] = value, "dropped"
    changed = replace(replace(tilts, "difference_after", differences), "status", status)
    row = gates(built, tilts=changed)["squares_and_products"]
    assert row["passes"] == passes
    assert row["value"] == pytest.approx(100 * abs(value))


def test_a_request_that_is_not_tilted_has_no_squares_to_judge(built):
    row = gates(built, tilts=built[2].tilts.slice(0, 0))["squares_and_products"]
    assert (row["value"], row["passes"]) == (None, True)


def test_the_preference_score_by_hand():
    linear = np.array([-3.0, -2.0, -1.0, 0.5, -2.5])
    treated = np.array([False, True, True, False, False])
    chance = special.expit(linear)
    share = chance.mean()
    expected = special.expit(special.logit(chance) - special.logit(share))
    assert preference_scores(linear, treated, None) == pytest.approx(expected)


def test_the_preference_score_of_a_risk_set_is_the_chance_by_the_median_delay():
    linear = np.array([0.2, -0.1, 0.4, 0.5, -0.3, 0.1])
    treated = np.array([True, True, True, False, False, False])
    days = np.array([2, 4, 6, 3, 9, 9])
    hazard = sum(1 / np.exp(linear[days >= day]).sum() for day in (2, 4))
    chance = 1 - np.exp(-hazard * np.exp(linear))
    expected = special.expit(special.logit(chance) - special.logit(chance.mean()))
    assert preference_scores(linear, treated, days) == pytest.approx(expected)


def test_equipoise_is_low_where_the_score_tells_the_groups_apart(built):
    _, _, groups, _ = built
    key = ("r1", "headline")
    assert equipoise(groups.scores)[key] > 50
    far = np.where(groups.scores["is_treated"].to_numpy(), 6.0, groups.scores["score"].to_numpy())
    apart = replace(groups.scores, "score", far)
    assert equipoise(apart)[key] < 5
    assert not gates(built, scores=apart)["equipoise"]["passes"]


def test_the_year_before_is_the_headline_with_another_outcome(built):
    cohort, values, groups, _ = built
    rng = np.random.default_rng(2)
    before = rng.random(cohort.num_rows) < 0.4
    given = cohort.append_column("offended_in_the_year_before", pa.array(before))
    (row,) = compare_year_before(given, values, COVARIATES, SETTINGS).to_pylist()
    other = replace(cohort, "is_reoffender", before)
    other_groups = compare_groups(other, values, COVARIATES, SETTINGS)
    days = np.where(before, 1, 0)
    full = replace(other, "days_to_first", days)
    for name in ("first_court_type", "is_first_custody"):
        kept = full[name].to_pylist()
        full = replace(
            full, name, [one or ("summary" if "type" in name else False) for one in kept]
        )
    rate = estimate_outcomes(full, other_groups.matches, SETTINGS).to_pylist()[0]
    for name in ("treated_value", "control_value", "difference", "difference_lower", "p_value"):
        assert row[name] == pytest.approx(rate[name], rel=1e-12)
    assert row["passes"] == (row["p_value"] > 0.05)
    assert list(row) == YEAR_BEFORE_SCHEMA.names
    assert other_groups.matches["matched_weight"] == groups.matches["matched_weight"]


def test_the_year_before_finds_what_no_covariate_sees(built):
    cohort, values, _, _ = built
    rng = np.random.default_rng(3)
    treated = cohort["is_treated"].to_numpy()
    before = rng.random(cohort.num_rows) < np.where(treated, 0.6, 0.4)
    given = cohort.append_column("offended_in_the_year_before", pa.array(before))
    (row,) = compare_year_before(given, values, COVARIATES, SETTINGS).to_pylist()
    assert row["passes"] is False
    assert row["difference"] == pytest.approx(20, abs=10)
