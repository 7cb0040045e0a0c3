"""Every scenario against the same thing done by the entry points themselves."""

from dataclasses import replace as changed

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from cohort_maker import COVARIATES, make_cohort, replace

from justice_data_lab.robustness.alternatives import match_scenario, with_chances
from justice_data_lab.robustness.scenarios import POOLS, Scenario, scenarios_of
from justice_data_lab.robustness.sensitivity import SENSITIVITY_SCHEMA, Inputs, sensitivity_table
from justice_data_lab.statistics import (
    Adjustment,
    Covariate,
    MatchSettings,
    balance_matches,
    covariate_balance,
    estimate_outcomes,
    fit_propensities,
    match_controls,
    score_propensities,
)
from justice_data_lab.statistics.diagnostics import analysis_diagnostics

SETTINGS = MatchSettings()
BESIDE = (
    Covariate(name="region", family="region", kind="categorical", is_in_headline=False),
    Covariate(name="oasys_ete", family="oasys", kind="categorical", is_in_headline=False),
)
ALL = COVARIATES + BESIDE
ANALYSES = {
    "headline": ("headline", ""),
    "regional": ("regional", "region"),
    "scope_index": ("scenario", ""),
    "women": ("subgroup", ""),
}


def with_analysis(table, name):
    return table.set_column(
        table.column_names.index("analysis_id"), "analysis_id", pa.array([name] * len(table))
    )


def estimate(cohort, values, settings, analysis_id="headline"):
    """Return every table of one analysis by the entry points."""
    cohort = with_analysis(cohort, analysis_id)
    models = fit_propensities(cohort, values, ALL, settings)
    scores = score_propensities(cohort, values, ALL, models, settings)
    matches = match_controls(scores, settings)
    if settings.is_tilted:
        matches = balance_matches(matches, scores, cohort, values, ALL, settings).matches
    balance = covariate_balance(matches, values, ALL, settings)
    by_analysis = {("r1", analysis_id): settings, ("r2", analysis_id): settings}
    adjustment = Adjustment(values, ALL, by_analysis)
    return {
        "scores": scores,
        "balance": balance,
        "estimates": estimate_outcomes(cohort, matches, settings, adjustment=adjustment),
        "diagnostics": analysis_diagnostics(models, scores, matches, balance),
    }


def with_a_pool_of_events(cohort, rng):
    """Give the controls what narrower pools ask for; every fifth is an event of the one before."""
    n, treated = len(cohort), cohort["is_treated"].to_numpy()
    person = cohort["person_id"].to_numpy().copy()
    again = np.flatnonzero(~treated & (np.arange(n) % 5 == 0) & ~np.roll(treated, 1))
    person[again] = person[again - 1]
    days = pa.array(14_000 + rng.permutation(n), pa.int32()).cast(pa.date32())
    early = ~treated & (rng.random(n) < 0.05)
    own = pa.array(np.full(n, 150), pa.int32(), mask=~early)
    for name, values in (
        ("person_id", person),
        ("own_last_day", own),
        ("index_date", days),
        ("draw_order", pa.array(rng.permutation(n), mask=treated)),
        ("is_linked_elsewhere", ~treated & (rng.random(n) < 0.1)),
    ):
        cohort = replace(cohort, name, values)
    return cohort.append_column("window_last_day", pa.array(np.full(n, 182), pa.int32()))


def make_inputs(requests=("r1",), *, with_delay=True, assessed=0.5):
    """Return the inputs of a few requests, whose analyses all have the headline's people."""
    parts = []
    for number, request_id in enumerate(requests):
        cohort, values = make_cohort(
            seed=11 + number,
            request_id=request_id,
            first_event=10_000 * number,
            with_delay=with_delay,
        )
        rng = np.random.default_rng(number)
        n = len(cohort)
        cohort = with_a_pool_of_events(cohort, rng)
        need = np.where(rng.random(n) < 0.4, "yes", "no").astype(object)
        need[rng.random(n) >= assessed] = "not_assessed"
        values = values.append_column("region", pa.array(rng.choice(["north", "south"], n)))
        values = values.append_column("oasys_ete", pa.array(need, pa.string()))
        made = {
            name: estimate(cohort, values, SETTINGS, name) for name in ANALYSES if name != "women"
        }
        parts.append((cohort, values, made))
    joined = [
        pa.concat_tables(tables) for tables in zip(*((c, v) for c, v, _ in parts), strict=True)
    ]
    together = {
        name: pa.concat_tables([m[name] for _, _, made in parts for m in made.values()])
        for name in ("estimates", "diagnostics")
    }
    rows = [
        {
            "request_id": request_id,
            "analysis_id": name,
            "kind": kind,
            "control_condition": "risk_set",
            "match_scale": "logit",
            "match_width": 0.05,
            "match_width_unit": "sd",
            "exact_on": exact,
            "left_out": "",
        }
        for request_id in requests
        for name, (kind, exact) in ANALYSES.items()
    ]
    return Inputs(
        cohort=joined[0],
        scores=pa.concat_tables([made["headline"]["scores"] for _, _, made in parts]),
        covariate_values=joined[1],
        covariates=ALL,
        analyses=pa.Table.from_pylist(rows),
        **together,
    )


def by_scenario(table, measure="rate", request_id="r1"):
    rows = table.filter(pc.equal(table["request_id"], request_id)).to_pylist()
    return {row["scenario"]: row for row in rows if row["measure"] == measure}


@pytest.fixture(scope="module")
def inputs():
    return make_inputs()


@pytest.fixture(scope="module")
def table(inputs):
    return sensitivity_table(inputs, SETTINGS)


def test_a_risk_set_headline_has_every_scenario_in_order(table):
    assert table.schema == SENSITIVITY_SCHEMA
    found = by_scenario(table)
    assert list(found) == [
        *("headline", "doubly_robust", "regional", "scope_index"),
        *("width_0_1", "width_0_2", "width_0_5", "untilted", "scale_probability"),
        *("nearest_1", "nearest_5", "inverse_odds", "condition_fixed", "condition_none"),
        *("region_covariate", "oasys_with", "oasys_without", "oasys_not_linked"),
        *("without_demographics", "without_index_offence", "without_criminal_history"),
        *("without_employment_and_benefits", "first_event", "one_event", "linked_never"),
        "not_treated_elsewhere",
    ]
    assert [row["scenario_order"] for row in found.values()] == list(range(1, len(found) + 1))
    assert all(row["difference"] is not None for row in table.to_pylist())


def test_conditions_belong_to_services_with_a_delay_alone():
    found = by_scenario(sensitivity_table(make_inputs(with_delay=False), SETTINGS))
    assert not [name for name in found if name.startswith("condition_")]
    assert "scale_probability" in found


def test_the_headline_is_the_one_of_the_outcomes(table, inputs):
    known = {row["measure"]: row for row in inputs.estimates.to_pylist()[:2]}
    for measure in ("rate", "frequency"):
        row, expected = by_scenario(table, measure)["headline"], known[measure]
        assert row["difference"] == expected["difference"]
        assert row["lower"] == expected["difference_lower"]
        robust = by_scenario(table, measure)["doubly_robust"]
        assert (robust["difference"], robust["p_value"]) == (
            expected["dr_difference"],
            expected["dr_p_value"],
        )


CHANGES = {
    "width_0_2": {"width": 0.2},
    "untilted": {"is_tilted": False},
    "width_0_5": {"width": 0.5},
    "condition_fixed": {"control_condition": "fixed"},
    "condition_none": {"control_condition": "none"},
    "region_covariate": {"added": ("region",)},
    "without_demographics": {"left_out": ("age", "sex")},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_scenario_is_the_pipeline_with_one_thing_changed(name, table, inputs):
    settings = changed(SETTINGS, **CHANGES[name])
    expected = estimate(inputs.cohort, inputs.covariate_values, settings)
    for row in expected["estimates"].to_pylist()[:2]:
        found = by_scenario(table, row["measure"])[name]
        for ours, theirs in (
            ("difference", "difference"),
            ("lower", "difference_lower"),
            ("upper", "difference_upper"),
            ("p_value", "p_value"),
            ("treated_n", "treated_n"),
            ("control_effective_n", "control_effective_n"),
        ):
            assert found[ours] == row[theirs]
        if name != "without_demographics":
            smd = [
                abs(b["smd_after"]) for b in expected["balance"].to_pylist()[:] if b["smd_after"]
            ]
            if name != "region_covariate":
                assert found["largest_smd_after"] == pytest.approx(max(smd))


def by_hand(people, rows):
    """Return the control events that a narrower pool keeps, from the rows of a cohort."""
    controls = [row for row in rows if not row["is_treated"]]
    if people == "linked_never":
        return {row["event_id"] for row in controls if row["own_last_day"] is None}
    if people == "not_treated_elsewhere":
        return {row["event_id"] for row in controls if not row["is_linked_elsewhere"]}
    name = "index_date" if people == "first_event" else "draw_order"
    first = {}
    for row in sorted(controls, key=lambda row: row[name], reverse=True):
        first[row["person_id"]] = row["event_id"]
    return set(first.values())


@pytest.mark.parametrize("people", POOLS)
def test_a_narrower_pool_is_the_pipeline_on_fewer_controls(people, table, inputs):
    rows = inputs.cohort.to_pylist()
    wanted = by_hand(people, rows)
    assert len(wanted) < sum(not row["is_treated"] for row in rows)
    keep = pa.array([row["is_treated"] or row["event_id"] in wanted for row in rows])
    expected = estimate(inputs.cohort.filter(keep), inputs.covariate_values, SETTINGS)
    for row in expected["estimates"].to_pylist()[:2]:
        assert by_scenario(table, row["measure"])[people]["difference"] == row["difference"]


def test_a_pool_that_leaves_nobody_out_is_no_scenario(inputs):
    nobody = np.full(len(inputs.cohort), None)
    cohort = replace(inputs.cohort, "own_last_day", nobody)
    names = set(by_scenario(sensitivity_table(changed(inputs, cohort=cohort), SETTINGS)))
    assert "linked_never" not in names
    assert "first_event" in names


def test_leaving_covariates_out_shows_in_their_balance(table):
    found = by_scenario(table)
    without = found["without_demographics"]["largest_smd_after"]
    assert without > 2 * found["headline"]["largest_smd_after"]


def test_oasys_runs_are_of_the_people_that_they_name(table, inputs):
    need = inputs.covariate_values["oasys_ete"].to_numpy(zero_copy_only=False)
    treated = inputs.cohort["is_treated"].to_numpy()
    found = by_scenario(table)
    assessed = int((treated & (need != "not_assessed")).sum())
    assert found["oasys_without"]["treated_n"] <= assessed
    assert found["oasys_with"]["difference"] != found["oasys_without"]["difference"]
    kept = inputs.cohort.filter(pa.array(need == "not_assessed"))
    expected = estimate(kept, inputs.covariate_values, SETTINGS)["estimates"].to_pylist()[0]
    assert found["oasys_not_linked"]["difference"] == expected["difference"]


def test_a_run_of_too_few_people_has_its_count_and_no_estimate():
    found = by_scenario(sensitivity_table(make_inputs(assessed=0.05), SETTINGS))["oasys_with"]
    assert found["treated_n"] < 30
    assert found["difference"] is None
    assert found["control_n"] is None


def test_nearest_and_odds_weights_sum_to_the_treated(inputs):
    nearest = Scenario(
        name="n", family="matching", description="", estimator="nearest", neighbours=5
    )
    odds = Scenario(name="o", family="matching", description="", estimator="inverse_odds")
    radius = match_controls(inputs.scores, SETTINGS)
    for scenario in (nearest, odds):
        matches = match_scenario(inputs.scores, scenario, SETTINGS)
        assert matches.schema == radius.schema
        treated = matches["is_treated"].to_numpy()
        weight = matches["weight"].to_numpy()
        assert weight[~treated].sum() == pytest.approx(weight[treated].sum())
        if scenario is nearest:
            np.testing.assert_array_equal(weight[treated], radius["weight"].to_numpy()[treated])


def test_chances_rise_with_the_score_and_sum_to_the_starts(inputs):
    chance = with_chances(inputs.scores)["propensity"].to_numpy()
    score = inputs.scores["score"].to_numpy()
    order = np.argsort(score)
    assert (np.diff(chance[order]) >= 0).all()
    assert (chance > 0).all()
    assert (chance < 1).all()
    # the martingale of a fitted hazard: people at risk to the end would start this often at least
    assert chance.sum() >= inputs.scores["is_treated"].to_numpy().sum()


def test_same_rows_whatever_the_order_and_the_company(table, inputs):
    rng = np.random.default_rng(5)
    shuffled = {
        name: getattr(inputs, name).take(pa.array(rng.permutation(len(getattr(inputs, name)))))
        for name in ("cohort", "scores", "covariate_values", "estimates", "diagnostics")
    }
    assert sensitivity_table(changed(inputs, **shuffled), SETTINGS).equals(table)
    both = sensitivity_table(make_inputs(("r1", "r2")), SETTINGS)
    assert both.filter(pc.equal(both["request_id"], "r1")).equals(table)
    assert len(both) > len(table)


def test_no_request_no_rows(inputs):
    empty = changed(inputs, analyses=inputs.analyses.slice(0, 0))
    assert sensitivity_table(empty, SETTINGS).equals(SENSITIVITY_SCHEMA.empty_table())


def test_a_scenario_equal_to_the_headline_is_left_out():
    settings = changed(SETTINGS, width=0.1, control_condition="fixed", scale="probability")
    names = {s.name for s in scenarios_of(settings, ALL, has_delays=True)}
    assert not names & {"width_0_1", "condition_fixed", "scale_probability"}
    assert names >= {"width_0_05", "condition_risk_set", "scale_logit"}
