"""The entry points together: fit, score, match, balance, outcomes."""

import math

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort, replace

from justice_data_lab.measures import measures
from justice_data_lab.statistics import (
    MatchSettings,
    covariate_balance,
    estimate_outcomes,
    fit_propensities,
    match_controls,
    power_table,
    score_propensities,
)
from justice_data_lab.statistics.balance import BALANCE_SCHEMA
from justice_data_lab.statistics.glm import fit_logistic
from justice_data_lab.statistics.matching import MATCHES_SCHEMA
from justice_data_lab.statistics.outcomes import OUTCOMES_SCHEMA
from justice_data_lab.statistics.power import POWER_SCHEMA
from justice_data_lab.statistics.propensity import MODELS_SCHEMA, SCORES_SCHEMA

SETTINGS = MatchSettings()


def run(cohort, values, settings=SETTINGS):
    models = fit_propensities(cohort, values, COVARIATES, settings)
    scores = score_propensities(cohort, values, COVARIATES, models, settings)
    matches = match_controls(scores, settings)
    balance = covariate_balance(matches, values, COVARIATES, settings)
    outcomes = estimate_outcomes(cohort, matches, settings)
    return {
        "models": models,
        "scores": scores,
        "matches": matches,
        "balance": balance,
        "outcomes": outcomes,
        "power": power_table(outcomes, settings),
    }


def terms(models):
    return {row["term"]: row for row in models.to_pylist()}


@pytest.fixture(scope="module", params=[True, False], ids=["risk_set", "logistic"])
def result(request):
    cohort, values = make_cohort(with_delay=request.param)
    return {"cohort": cohort, "values": values, **run(cohort, values)}


def test_schemas(result):
    schemas = {
        "models": MODELS_SCHEMA,
        "scores": SCORES_SCHEMA,
        "matches": MATCHES_SCHEMA,
        "balance": BALANCE_SCHEMA,
        "outcomes": OUTCOMES_SCHEMA,
        "power": POWER_SCHEMA,
    }
    for name, schema in schemas.items():
        assert result[name].schema == schema


def test_the_fit_proves_its_convergence(result):
    rows = result["models"].to_pylist()
    assert all(row["converged"] and row["ridge"] == 0 for row in rows)
    assert all(row["gradient_norm"] < 1e-9 for row in rows)


def test_balance_improves_and_is_rated(result):
    rows = result["balance"].to_pylist()
    for row in rows:
        size = abs(row["smd_after"])
        assert row["rating"] == ("green" if size <= 5 else "amber" if size <= 10 else "red")
    before = max(abs(row["smd_before"]) for row in rows)
    after = max(abs(row["smd_after"]) for row in rows)
    assert before > 30
    assert after < before / 3
    assert {"sex: F", "sex: M", "age", "age: missing", "employed", "employed: missing"} <= {
        row["covariate"] for row in rows
    }


def test_weights_sum_to_the_matched_treated(result):
    rows = result["matches"].to_pylist()
    treated = sum(row["weight"] for row in rows if row["is_treated"])
    controls = sum(row["weight"] for row in rows if not row["is_treated"])
    assert treated == sum(row["is_matched"] for row in rows if row["is_treated"])
    assert controls == pytest.approx(treated, rel=1e-12)
    assert all((row["controls_n"] is None) != row["is_treated"] for row in rows)


def test_outcomes_agree_with_the_weights(result):
    cohort = {row["person_id"]: row for row in result["cohort"].to_pylist()}
    rows = {row["measure"]: row for row in result["outcomes"].to_pylist()}
    used = [row for row in result["matches"].to_pylist() if row["weight"] > 0]
    for arm in (True, False):
        group = [row for row in used if row["is_treated"] == arm]
        weight = sum(row["weight"] for row in group)
        value = sum(row["weight"] * cohort[row["person_id"]]["is_reoffender"] for row in group)
        name = "treated" if arm else "control"
        assert rows["rate"][f"{name}_n"] == len(group)
        assert rows["rate"][f"{name}_value"] == pytest.approx(100 * value / weight)
    assert rows["rate"]["method"] == "welch_effective"
    assert rows["frequency"]["method"] == rows["days_to_first"]["method"] == "robust_t"
    again = [cohort[row["person_id"]] for row in used if row["is_treated"]]
    days = [row["days_to_first"] for row in again if row["is_reoffender"]]
    assert rows["days_to_first"]["treated_n"] == len(days)
    assert rows["days_to_first"]["treated_value"] == pytest.approx(np.mean(days))


def test_shuffled_rows_give_the_same_bits():
    parts = [
        make_cohort(seed=1),
        make_cohort(seed=2, stratum="prison_release", with_delay=False, first_event=10_000),
        make_cohort(seed=3, request_id="r0", first_event=20_000),
    ]
    cohort = pa.concat_tables([part[0] for part in parts])
    values = pa.concat_tables([part[1] for part in parts])
    one = run(cohort, values)
    rng = np.random.default_rng(9)
    two = run(
        cohort.take(rng.permutation(cohort.num_rows)), values.take(rng.permutation(values.num_rows))
    )
    for name, table in one.items():
        assert table.equals(two[name]), name
    alone = run(*parts[2])
    first = one["outcomes"].slice(0, alone["outcomes"].num_rows)
    assert first.equals(alone["outcomes"])


def test_scores_are_those_of_a_fit_by_hand():
    cohort, values = make_cohort(with_delay=False)
    result = run(cohort, values)
    rows = values.to_pylist()
    age = np.array([np.nan if row["age"] is None else row["age"] for row in rows])
    employed = np.array([np.nan if row["employed"] is None else row["employed"] for row in rows])
    quarter = np.array([row["quarter"] for row in rows])
    controls = ~cohort["is_treated"].to_numpy()
    common = max(sorted(set(quarter)), key=lambda q: (quarter[controls] == q).sum())
    columns = [np.array([row["sex"] == "F" for row in rows])]
    columns += [quarter == q for q in sorted(set(quarter)) if q != common]
    columns += [np.where(np.isnan(age), np.nanmean(age), age), np.isnan(age)]
    columns += [np.array([row["copas"] for row in rows])]
    columns += [np.where(np.isnan(employed), np.nanmean(employed), employed), np.isnan(employed)]
    design = np.column_stack(columns).astype(float)
    fit = fit_logistic(design, ~controls)
    score = fit.coefficients[0] + design @ fit.coefficients[1:]
    assert result["scores"]["score"].to_numpy() == pytest.approx(score, abs=1e-12)


def test_a_level_that_one_arm_lacks_leaves_the_fit_by_name():
    cohort, values = make_cohort()
    sex = values["sex"].to_pylist()
    sex[500:520] = ["X"] * 20  # controls only
    sex[3] = "Y"  # a treated person only
    values = replace(values, "sex", sex)
    result = run(cohort, values)
    found = terms(result["models"])
    assert found["sex: X"]["status"] == "no_treated"
    assert found["sex: Y"]["status"] == "no_controls"
    assert found["sex: X"]["coefficient"] is None
    assert found["sex: M"]["status"] == "reference"
    assert found["sex: M"]["coefficient"] == 0
    assert all(row["ridge"] == 0 and row["converged"] for row in found.values())
    scores = {row["person_id"]: row for row in result["scores"].to_pylist()}
    for person in (3, *range(500, 520)):
        assert scores[person]["score"] is None
        assert not scores[person]["on_support"]
    without = [n for n in range(cohort.num_rows) if n not in (3, *range(500, 520))]
    other = run(cohort.take(without), values)
    assert terms(other["models"])["copas"] == found["copas"]


def test_support_is_followed_until_it_is_stable():
    cohort, values = make_cohort()
    sex, quarter = values["sex"].to_pylist(), values["quarter"].to_pylist()
    # Only person 0 of the treated is in q9; no control shares that person's sex.
    sex[0] = "Y"
    quarter[0] = quarter[700] = "q9"
    values = replace(replace(values, "sex", sex), "quarter", quarter)
    found = terms(fit_propensities(cohort, values, COVARIATES, SETTINGS))
    assert found["sex: Y"]["status"] == "no_controls"
    assert found["quarter: q9"]["status"] == "no_treated"


def test_binary_values_and_missing_numbers_are_levels_too():
    cohort, values = make_cohort()
    employed = [
        False if n < 120 else value for n, value in enumerate(values["employed"].to_pylist())
    ]
    age = [40.0 if n < 120 else value for n, value in enumerate(values["age"].to_pylist())]
    values = replace(replace(values, "employed", employed), "age", age)
    result = run(cohort, values)
    found = terms(result["models"])
    assert found["employed: true"]["status"] == "no_treated"
    assert found["employed: missing"]["status"] == "no_treated"
    assert found["employed"]["status"] == "constant"
    assert found["age: missing"]["status"] == "no_treated"
    used = [row["event_id"] for row in result["scores"].to_pylist() if row["on_support"]]
    assert all(employed[event] is False and age[event] is not None for event in used)


def test_constant_and_collinear_terms_are_reported():
    cohort, values = make_cohort()
    values = replace(values, "age", np.full(values.num_rows, 30.0))
    values = replace(values, "employed", [sex == "F" for sex in values["sex"].to_pylist()])
    result = run(cohort, values)
    found = terms(result["models"])
    assert found["age"]["status"] == "constant"
    assert found["employed"]["status"] == "collinear"
    assert found["sex: F"]["status"] == "estimated"
    assert found["age"]["coefficient"] is None
    assert result["scores"]["score"].null_count == 0


def test_separation_is_named():
    cohort, values = make_cohort()
    copas = np.where(np.arange(values.num_rows) < 120, 5.0, -5.0)
    copas += np.random.default_rng(1).random(values.num_rows)
    for delays in (None, cohort["delay_days"]):
        table = cohort if delays is not None else make_cohort(with_delay=False)[0]
        found = terms(
            fit_propensities(table, replace(values, "copas", copas), COVARIATES, SETTINGS)
        )
        if found["copas"]["method"] == "logistic":
            assert all(row["ridge"] == 1.0 and row["converged"] for row in found.values())
        assert math.isfinite(found["copas"]["coefficient"])


def test_a_late_treated_person_needs_late_controls():
    cohort, values = make_cohort()
    delays = [180 if n == 0 else value for n, value in enumerate(cohort["delay_days"].to_pylist())]
    last = [None if value is None else min(value, 150) for value in cohort["last_day"].to_pylist()]
    cohort = replace(replace(cohort, "delay_days", delays), "last_day", last)
    matches = {row["person_id"]: row for row in run(cohort, values)["matches"].to_pylist()}
    assert matches[0]["controls_n"] == 0
    assert not matches[0]["is_matched"]
    assert matches[1]["is_matched"]


def test_an_unknown_delay_counts_as_none_and_an_unknown_last_day_as_never():
    cohort, values = make_cohort()
    delays, last = cohort["delay_days"].to_pylist(), cohort["last_day"].to_pylist()
    blank = replace(cohort, "delay_days", [None, *delays[1:]])
    zero = replace(cohort, "delay_days", [0, *delays[1:]])
    assert run(blank, values)["matches"].equals(run(zero, values)["matches"])
    never = replace(cohort, "last_day", [None if value == 182 else value for value in last])
    assert run(never, values)["matches"].equals(run(cohort, values)["matches"])


def test_empty_tables_keep_their_schema():
    cohort, values = make_cohort()
    for table in run(cohort.slice(0, 0), values.slice(0, 0)).values():
        assert table.num_rows == 0
    assert run(cohort.slice(0, 0), values)["scores"].schema == SCORES_SCHEMA
    assert run(cohort.slice(0, 0), values.slice(0, 0))["outcomes"].schema == OUTCOMES_SCHEMA


@pytest.mark.parametrize("with_delay", [True, False])
def test_one_treated_person_gives_rows_but_no_result(with_delay):
    cohort, values = make_cohort(treated_n=1, controls_n=600, with_delay=with_delay)
    result = run(cohort, values)
    rows = result["outcomes"].to_pylist()
    assert [row["measure"] for row in rows] == list(measures())
    assert all(row["conclusion"] == "withheld" and row["difference"] is None for row in rows)
    assert result["power"].num_rows == 0


@pytest.mark.parametrize("with_delay", [True, False])
@pytest.mark.parametrize("arm", [True, False])
def test_a_stratum_with_one_arm_only_is_off_support(arm, with_delay):
    cohort, values = make_cohort(with_delay=with_delay)
    cohort = cohort.filter(pa.compute.equal(cohort["is_treated"], arm))
    result = run(cohort, values)
    assert not any(result["scores"]["on_support"].to_pylist())
    assert not any(row["converged"] for row in result["models"].to_pylist())
    assert result["matches"].num_rows == cohort.num_rows
    row = result["outcomes"].to_pylist()[0]
    assert (row["treated_n"], row["control_n"], row["conclusion"]) == (0, 0, "withheld")
    assert result["balance"]["rating"].null_count == result["balance"].num_rows


def test_strata_are_pooled_with_the_treated_s_shares():
    one, first = make_cohort(seed=1)
    two, second = make_cohort(
        seed=2, stratum="prison_release", treated_n=60, with_delay=False, first_event=10_000
    )
    both = run(pa.concat_tables([one, two]), pa.concat_tables([first, second]))
    parts = [
        run(one, first)["outcomes"].to_pylist()[0],
        run(two, second)["outcomes"].to_pylist()[0],
    ]
    row = both["outcomes"].to_pylist()[0]
    weights = [part["treated_n"] for part in parts]
    assert row["treated_n"] == sum(weights)
    assert row["control_value"] == pytest.approx(
        np.average([part["control_value"] for part in parts], weights=weights)
    )


def test_probability_scale_and_raw_width():
    cohort, values = make_cohort(with_delay=False)
    settings = MatchSettings(scale="probability", width=0.01, width_unit="raw")
    result = run(cohort, values, settings)
    scores = result["scores"].to_pylist()
    controls = [row["propensity"] for row in scores if not row["is_treated"]]
    counts = {row["person_id"]: row["controls_n"] for row in result["matches"].to_pylist()}
    for row in scores[:40]:
        near = [p for p in controls if abs(p - row["propensity"]) <= 0.01]
        assert counts[row["person_id"]] == len(near)
    with pytest.raises(ValueError, match="has no probability"):
        run(*make_cohort(), settings)


def test_few_reoffenders_get_the_guarded_method_and_no_days():
    cohort, values = make_cohort()
    people = np.arange(cohort.num_rows)
    is_rare = np.array(cohort["is_reoffender"].to_pylist()) & (people % 8 == 0)
    cohort = replace(cohort, "is_reoffender", is_rare)
    days = [
        d if rare else None
        for d, rare in zip(cohort["days_to_first"].to_pylist(), is_rare, strict=True)
    ]
    cohort = replace(cohort, "days_to_first", days)
    rows = {row["measure"]: row for row in run(cohort, values)["outcomes"].to_pylist()}
    assert rows["rate"]["expected_count_min"] < 10
    assert rows["rate"]["method"] == "newcombe_effective"
    assert rows["rate"]["treated_lower"] >= 0
    assert rows["days_to_first"]["conclusion"] == "withheld"
    assert rows["days_to_first"]["difference"] is not None


def test_an_outcome_that_does_not_vary_is_withheld():
    cohort, values = make_cohort()
    cohort = replace(cohort, "is_reoffender", [False] * cohort.num_rows)
    cohort = replace(cohort, "reoffences_n", [0] * cohort.num_rows)
    cohort = replace(cohort, "days_to_first", [None] * cohort.num_rows)
    rows = {row["measure"]: row for row in run(cohort, values)["outcomes"].to_pylist()}
    assert rows["rate"]["p_value"] == 1
    assert rows["frequency"]["conclusion"] == rows["days_to_first"]["conclusion"] == "withheld"


def test_bad_inputs_are_named():
    cohort, values = make_cohort()
    models = fit_propensities(cohort, values, COVARIATES, SETTINGS)
    matches = match_controls(
        score_propensities(cohort, values, COVARIATES, models, SETTINGS), SETTINGS
    )
    with pytest.raises(ValueError, match="have no row in covariate_values"):
        fit_propensities(cohort, values.slice(5), COVARIATES, SETTINGS)
    with pytest.raises(ValueError, match="an event_id twice"):
        fit_propensities(cohort, pa.concat_tables([values, values]), COVARIATES, SETTINGS)
    with pytest.raises(ValueError, match="person_id 7, event_id 7 has two rows"):
        fit_propensities(
            pa.concat_tables([cohort, cohort.slice(7, 1)]), values, COVARIATES, SETTINGS
        )
    with pytest.raises(ValueError, match="at least one covariate"):
        fit_propensities(cohort, values, (), SETTINGS)
    with pytest.raises(ValueError, match="matches not in the cohort"):
        estimate_outcomes(cohort.slice(10), matches, SETTINGS)
    blank = replace(cohort, "days_to_first", [None] * cohort.num_rows)
    with pytest.raises(ValueError, match="no days_to_first"):
        estimate_outcomes(blank, matches, SETTINGS)
    with pytest.raises(ValueError, match="column is_treated is missing"):
        fit_propensities(cohort.drop_columns(["is_treated"]), values, COVARIATES, SETTINGS)
