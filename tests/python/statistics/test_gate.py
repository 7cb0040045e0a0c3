"""The gate before results: each limit on both sides, and equipoise by hand."""

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort, replace
from scipy import special

from justice_data_lab.statistics import MatchSettings, analysis_diagnostics, covariate_balance
from justice_data_lab.statistics.balancing import TILTS_SCHEMA
from justice_data_lab.statistics.design import compare_groups
from justice_data_lab.statistics.equipoise import equipoise, preference_scores
from justice_data_lab.statistics.gate import judge_gates

SETTINGS = MatchSettings(width=0.1)
KEY = ("r1", "headline")


@pytest.fixture(scope="module", params=[True, False], ids=["risk_set", "logistic"])
def built(request):
    cohort, values = make_cohort(treated_n=200, controls_n=4000, with_delay=request.param)
    groups = compare_groups(cohort, values, COVARIATES, SETTINGS)
    balance = covariate_balance(groups.matches, values, COVARIATES, SETTINGS)
    diagnostics = analysis_diagnostics(
        pa.table({name: pa.array([], pa.string()) for name in ("request_id", "analysis_id")})
        .append_column("stratum", pa.array([], pa.string()))
        .append_column("gradient_norm", pa.array([], pa.float64())),
        groups.scores,
        groups.matches,
        balance,
    )
    return {"diagnostics": diagnostics, "balance": balance, "tilts": groups.tilts}, groups.scores


def gates(built, **changes):
    rows = judge_gates(**(built[0] | changes), covariates=COVARIATES).to_pylist()
    assert {(row["request_id"], row["analysis_id"]) for row in rows} == {KEY}
    return {row["gate"]: row for row in rows}


def with_value(table, column, value, *, where=None):
    """Return a table with one value changed: in the row of a covariate, or in the first."""
    values = table[column].to_pylist()
    values[table["covariate"].to_pylist().index(where) if where else 0] = value
    return replace(table, column, values)


def tilts_of(*rows):
    """Return tilts of (stratum, term, kind, difference, treated)."""
    made = []
    for stratum, term, kind, difference, treated_n in rows:
        row = dict.fromkeys(TILTS_SCHEMA.names) | {"request_id": "r1", "analysis_id": "headline"}
        row |= {"stratum": stratum, "term": term, "kind": kind, "treated_n": treated_n}
        made.append(row | {"difference_after": difference, "status": "over_the_cap"})
    return pa.Table.from_pylist(made, schema=TILTS_SCHEMA)


def test_a_balanced_analysis_passes(built):
    found = gates(built)
    assert list(found) == ["covariates", "squares_and_products", "variance_ratio", "equipoise"]
    assert all(row["passes"] for row in found.values())
    balance = built[0]["balance"].to_pylist()
    assert found["covariates"]["value"] == max(
        abs(row["smd_after"]) for row in balance if row["smd_after"] is not None
    )
    ratios = [
        row["variance_ratio_after"] for row in balance if row["covariate"] in ("age", "copas")
    ]
    assert found["variance_ratio"]["value"] == max(ratios, key=lambda ratio: abs(np.log(ratio)))
    assert found["equipoise"]["value"] == equipoise(built[1])[KEY]


@pytest.mark.parametrize(
    ("gate", "column", "value", "passes"),
    [
        ("covariates", "largest_smd_after", 10.0, True),
        ("covariates", "largest_smd_after", 10.001, False),
        ("covariates", "largest_smd_after", None, False),
        ("equipoise", "equipoise", 35.0, True),
        ("equipoise", "equipoise", 34.999, False),
        ("equipoise", "equipoise", None, False),
    ],
)
def test_limits_of_the_diagnostics(built, gate, column, value, passes):
    changed = gates(built, diagnostics=with_value(built[0]["diagnostics"], column, value))
    assert (changed[gate]["value"], changed[gate]["passes"]) == (value, passes)
    assert sum(row["passes"] for row in changed.values()) == 3 + passes


@pytest.mark.parametrize(
    ("ratio", "limit", "passes"),
    [
        (0.5, 0.5, True),
        (0.499, 0.5, False),
        (2.0, 2.0, True),
        (2.001, 2.0, False),
        (None, 2.0, False),
    ],
)
def test_limits_of_the_variance_ratio(built, ratio, limit, passes):
    balance = with_value(built[0]["balance"], "variance_ratio_after", ratio, where="copas")
    row = gates(built, balance=balance)["variance_ratio"]
    assert (row["value"], row["limit_value"], row["passes"]) == (ratio, limit, passes)


def test_only_numbers_that_vary_among_the_treated_have_a_variance_ratio(built):
    for name in ("employed", "sex: F"):
        balance = with_value(built[0]["balance"], "variance_ratio_after", 9.0, where=name)
        assert gates(built, balance=balance) == gates(built)
    balance = built[0]["balance"]
    for name in ("age", "copas"):
        balance = with_value(balance, "smd_after", None, where=name)
        balance = with_value(balance, "variance_ratio_after", None, where=name)
    row = gates(built, balance=balance)["variance_ratio"]
    assert (row["value"], row["passes"]) == (None, True)


@pytest.mark.parametrize(("value", "passes"), [(0.25, True), (-0.2501, False)])
def test_squares_and_products_count_balanced_or_not(built, value, passes):
    tilts = tilts_of(
        ("s", "age", "column", 9.0, 40),
        ("s", "age squared", "square", value, 40),
        ("s", "age x copas", "product", 0.1, 40),
    )
    row = gates(built, tilts=tilts)["squares_and_products"]
    assert (row["limit_value"], row["passes"]) == (25, passes)
    assert row["value"] == pytest.approx(100 * abs(value))


def test_strata_are_pooled_by_their_matched_treated(built):
    tilts = tilts_of(
        ("s", "age squared", "square", 0.4, 30),
        ("t", "age squared", "square", -0.1, 10),
        ("t", "age x copas", "product", -0.8, 10),
    )
    row = gates(built, tilts=tilts)["squares_and_products"]
    assert row["value"] == pytest.approx(100 * (0.75 * 0.4 - 0.25 * 0.1))


def test_an_analysis_without_a_tilt_has_no_squares_to_judge(built):
    row = gates(built, tilts=tilts_of())["squares_and_products"]
    assert (row["value"], row["passes"]) == (None, True)


def test_the_preference_score_by_hand():
    log_odds = np.array([-3.0, -2.0, -1.0, 0.5, -2.5])
    chance = special.expit(log_odds)
    expected = special.expit(special.logit(chance) - special.logit(chance.mean()))
    assert preference_scores(log_odds) == pytest.approx(expected)
    assert preference_scores(np.array([-np.inf, 0.0]))[0] == 0


def scored(linear, treated, days, *, propensity=None):
    n = len(linear)
    return pa.table(
        {
            "request_id": [KEY[0]] * n,
            "analysis_id": [KEY[1]] * n,
            "stratum": ["s"] * n,
            "person_id": np.arange(n),
            "event_id": np.arange(n),
            "is_treated": treated,
            "on_support": [score is not None for score in linear],
            "score": pa.array(linear, pa.float64()),
            "propensity": pa.array(propensity or [None] * n, pa.float64()),
            "delay_days": pa.array(days, mask=~np.array(treated)),
            "last_day": pa.array(days, mask=np.array(treated)),
        }
    )


def test_equipoise_of_a_risk_set_is_by_the_chance_of_a_start_by_the_median_delay():
    linear = np.array([0.2, -0.1, 0.4, 3.0, 0.5, -0.3, 0.1, -4.0])
    treated = np.arange(8) < 4
    days = np.array([2, 4, 6, 5, 3, 9, 9, 1])
    hazard = sum(1 / np.exp(linear[days >= day]).sum() for day in (2, 4))  # the median is 4.5
    chance = 1 - np.exp(-hazard * np.exp(linear))
    preference = special.expit(special.logit(chance) - special.logit(chance.mean()))
    inside = ((preference >= 0.3) & (preference <= 0.7))[treated]
    assert 0 < inside.sum() < 4
    assert equipoise(scored(linear, treated, days))[KEY] == 25.0 * inside.sum()
    off = [*linear[:3], None, *linear[4:]]
    assert equipoise(scored(off, treated, days))[KEY] <= 75.0


def test_equipoise_of_a_logistic_score_is_by_its_propensity():
    linear = np.array([-1.0, -2.0, -0.5, 1.5, -1.5, -2.5])
    treated = np.array([True, True, True, False, False, False])
    chance = special.expit(linear)
    preference = special.expit(linear - special.logit(chance.mean()))
    inside = ((preference >= 0.3) & (preference <= 0.7))[treated].sum()
    table = scored(linear, treated, np.zeros(6, dtype=int), propensity=chance.tolist())
    assert equipoise(table)[KEY] == pytest.approx(100 * inside / 3)


def test_equipoise_is_low_where_the_score_tells_the_groups_apart(built):
    scores = built[1]
    assert equipoise(scores)[KEY] > 50
    far = np.where(scores["is_treated"].to_numpy(), 6.0, scores["score"].to_numpy())
    assert equipoise(replace(scores, "score", far))[KEY] < 5
