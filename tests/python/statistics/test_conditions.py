"""Who may be a control, by analysis."""

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort, replace

from justice_data_lab.statistics import (
    Covariate,
    MatchSettings,
    fit_propensities,
    match_controls,
    score_propensities,
    settings_by_analysis,
)
from justice_data_lab.statistics.conditions import apply_conditions
from justice_data_lab.statistics.covariates import covariates_of

ANALYSES = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("kind", pa.string()),
        ("control_condition", pa.string()),
        ("match_scale", pa.string()),
        ("match_width", pa.float64()),
        ("match_width_unit", pa.string()),
        ("exact_on", pa.string()),
        ("left_out", pa.string()),
    ]
)


def analysis(analysis_id="headline", request_id="r1", **changes):
    return {
        "request_id": request_id,
        "analysis_id": analysis_id,
        "kind": "headline",
        "control_condition": "risk_set",
        "match_scale": "logit",
        "match_width": 0.2,
        "match_width_unit": "sd",
        "exact_on": "",
        "left_out": "",
        **changes,
    }


def settings_for(*rows):
    return settings_by_analysis(pa.Table.from_pylist(list(rows), ANALYSES), MatchSettings())


def cohort_with_window(window=90, **arguments):
    cohort, values = make_cohort(**arguments)
    return cohort.append_column("window_last_day", pa.array([window] * len(cohort))), values


def test_the_risk_set_takes_the_rows_as_they_are():
    cohort, _ = cohort_with_window()
    assert apply_conditions(cohort, MatchSettings()) is cohort


@pytest.mark.parametrize("condition", ["fixed", "none"])
def test_without_the_risk_set_nobody_has_a_delay(condition):
    cohort, values = cohort_with_window()
    settings = MatchSettings(control_condition=condition)
    rows = apply_conditions(cohort, settings)
    assert rows.schema == cohort.schema
    assert rows["delay_days"].null_count == rows["last_day"].null_count == rows.num_rows
    early = {
        row["person_id"]
        for row in cohort.to_pylist()
        if not row["is_treated"] and row["days_to_first"] and row["days_to_first"] <= 90
    }
    left = set(cohort["person_id"].to_pylist()) - set(rows["person_id"].to_pylist())
    assert len(early) > 100
    assert left == (early if condition == "fixed" else set())
    models = fit_propensities(cohort, values, COVARIATES, settings)
    assert set(models["method"].to_pylist()) == {"logistic"}


def test_the_last_day_of_the_window_counts():
    cohort, _ = cohort_with_window()
    days = [90, 91, *[None] * (cohort.num_rows - 2)]
    treated = [False, False, *[True] * (cohort.num_rows - 2)]
    place = cohort.column_names.index("days_to_first")
    cohort = cohort.set_column(place, "days_to_first", pa.array(days, pa.int32()))
    place = cohort.column_names.index("is_treated")
    cohort = cohort.set_column(place, "is_treated", pa.array(treated))
    rows = apply_conditions(cohort, MatchSettings(control_condition="fixed"))
    assert rows["person_id"].to_pylist()[:2] == [1, 2]


def test_every_analysis_has_its_own_settings():
    """Each gives the bits that it gives alone."""
    parts = {
        name: cohort_with_window(analysis_id=name, seed=seed, first_event=10_000 * seed)
        for seed, name in enumerate(("headline", "literal", "wide"))
    }
    cohort = pa.concat_tables([part[0] for part in parts.values()])
    values = pa.concat_tables([part[1] for part in parts.values()])
    settings = settings_for(
        analysis(),
        analysis("literal", control_condition="fixed", left_out="copas,sex"),
        analysis("wide", match_width=0.5, match_scale="logit"),
    )
    models = fit_propensities(cohort, values, COVARIATES, settings)
    scores = score_propensities(cohort, values, COVARIATES, models, settings)
    matches = match_controls(scores, settings)
    found = {}
    for row in models.to_pylist():
        found.setdefault(row["analysis_id"], set()).add(row["term"])
    assert found["headline"] >= {"copas", "sex: F"}
    assert not found["literal"] & {"copas", "sex: F", "sex: M"}
    assert "intercept" in found["literal"]
    for name, (own_cohort, own_values) in parts.items():
        own = settings["r1", name]
        own_models = fit_propensities(own_cohort, own_values, COVARIATES, own)
        own_scores = score_propensities(own_cohort, own_values, COVARIATES, own_models, own)
        alone = match_controls(own_scores, own)
        together = matches.filter(pa.compute.equal(matches["analysis_id"], name))
        assert together.combine_chunks().equals(alone.combine_chunks())


def test_an_analysis_without_settings_is_named():
    cohort, values = make_cohort()
    with pytest.raises(ValueError, match="r1 / headline has no row in the table of analyses"):
        fit_propensities(cohort, values, COVARIATES, settings_for(analysis("regional")))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"control_condition": "fix"}, "r1 / headline: .*control_condition must be one of"),
        ({"exact_on": "age"}, "r1 / headline: .*exact_on can hold .*, not age"),
        ({"match_width": -1.0}, "r1 / headline: .*width must be from 0"),
    ],
)
def test_bad_settings_of_an_analysis_are_named(changes, message):
    with pytest.raises(ValueError, match=message):
        settings_for(analysis(**changes))


def test_the_covariates_of_an_analysis():
    region = Covariate(name="region", family="region", kind="categorical", is_in_headline=False)
    known = (*COVARIATES, region)
    headline, regional = settings_for(
        analysis(left_out="age, quarter"),
        analysis("regional", kind="regional", exact_on="region"),
    ).values()
    names = [covariate.name for covariate in covariates_of(known, headline)]
    assert names == ["sex", "copas", "employed"]
    assert regional.exact_on == regional.added == ("region",)
    assert covariates_of(known, regional) == known
    with pytest.raises(ValueError, match="no covariate is called region"):
        covariates_of(COVARIATES, regional)
    with pytest.raises(ValueError, match="at least one covariate"):
        covariates_of([region], MatchSettings())


def test_exact_strata_hold_whatever_the_score():
    cohort, values = make_cohort(treated_n=80, controls_n=900)
    settings = MatchSettings(exact_on=("sex",), width=0.5)
    models = fit_propensities(cohort, values, COVARIATES, settings)
    scores = score_propensities(cohort, values, COVARIATES, models, settings)
    rows = scores.to_pylist()
    sexes = dict(zip(values["event_id"].to_pylist(), values["sex"].to_pylist(), strict=True))
    assert all(row["cell"] == sexes[row["event_id"]] for row in rows)
    score = np.array([row["score"] for row in rows])
    width = 0.5 * score.std(ddof=1)
    weights = {row["person_id"]: 0.0 for row in rows if not row["is_treated"]}
    counts = {}
    matches = match_controls(scores, settings).to_pylist()
    multiplier = {row["person_id"]: row["multiplier"] for row in matches}
    for one in (row for row in rows if row["is_treated"]):
        near = [
            other["person_id"]
            for other in rows
            if not other["is_treated"]
            and other["cell"] == one["cell"]
            and other["last_day"] >= one["delay_days"]
            and abs(other["score"] - one["score"]) <= width
        ]
        counts[one["person_id"]] = len(near)
        for person in near:
            weights[person] += multiplier[person] / sum(multiplier[other] for other in near)
    assert {row["person_id"]: row["controls_n"] for row in matches if row["is_treated"]} == counts
    found = {row["person_id"]: row["weight"] for row in matches if not row["is_treated"]}
    assert found == pytest.approx(weights, abs=1e-12)
    one_cell = replace(scores, "cell", [""] * len(rows))
    anywhere = match_controls(one_cell, settings).to_pylist()
    assert {row["person_id"]: row["controls_n"] for row in anywhere if row["is_treated"]} != counts


def test_cells_of_two_covariates_of_which_one_is_a_number_with_gaps():
    cohort, values = make_cohort(treated_n=30, controls_n=200)
    covariates = (
        *COVARIATES[:1],
        *COVARIATES[3:],
        Covariate(name="index_quarter", family="index_offence", kind="continuous"),
    )
    quarter = [None if place % 10 == 0 else 50.0 + place % 3 for place in range(len(values))]
    values = values.append_column("index_quarter", pa.array(quarter))
    settings = MatchSettings(exact_on=("index_quarter", "sex"))
    models = fit_propensities(cohort, values, covariates, settings)
    scores = score_propensities(cohort, values, covariates, models, settings).to_pylist()
    known = {row["event_id"]: row for row in values.to_pylist()}
    for row in scores:
        event = known[row["event_id"]]
        number = "missing" if event["index_quarter"] is None else f"{event['index_quarter']:g}"
        assert row["cell"] == f"{number} / {event['sex']}"
