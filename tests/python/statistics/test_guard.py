"""A request fails alone: a failure injected at any stage changes no row of another request."""

import importlib
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from cohort_maker import COVARIATES, make_cohort

from justice_data_lab.estimation import requests
from justice_data_lab.estimation.analysis import REQUEST_STAGES, Analysis, Inputs
from justice_data_lab.estimation.requests import estimate_requests
from justice_data_lab.statistics import (
    MatchSettings,
    combine_requests,
    compare_subgroups,
    detectable_table,
    fit_propensities,
    power_table,
    propensity,
)
from justice_data_lab.statistics.covariates import read_values
from justice_data_lab.statistics.guard import (
    Failures,
    NotFiniteError,
    each_request,
    run_analysis,
)
from justice_data_lab.statistics.year_before import compare_year_before

SETTINGS = MatchSettings()
REQUESTS = ("r1", "r2", "r3")
KINDS = {"headline": "headline", "men": "subgroup", "women": "subgroup"}
# stage: function of the package that the stage calls for one analysis, and calls to each of it
PLACES = {
    "fits": "statistics.propensity.fit_stratum",
    "scores": "statistics.propensity._score",
    "matches": "statistics.matching.match_units",
    "balance": "statistics.balance.term_balance",
    "diagnostics": "statistics.diagnostics._weights_of",
    "gates": "statistics.gate._judge_ratios",
    "off_support": "statistics.diagnostics._known_mean",
    "people": "disclosure.outcome_people.outcome_values",
    "estimates": "statistics.outcomes.estimate_measure",
    "survival": "statistics.survival.survival_curve",
    "sensitivity": "robustness.sensitivity.match_scenario",
    "placebo": "robustness.placebo.run_cohorts",
    "interactions": "statistics.interactions.cochran_q",
    "meta_analysis": "statistics.meta_analysis.combine_effects",
    "detectable": "statistics.power.smallest_detectable_points",
    "power": "statistics.power.minimum_treated_n",
    "year_before": "statistics.year_before.estimate_measure",
}
AFTER_THE_PASS = ("interactions", "meta_analysis", "detectable", "power", "year_before")
EXCEPTIONS = (
    ValueError("person 4711 was born on 1980-02-01"),
    np.linalg.LinAlgError("singular"),
    ZeroDivisionError(),
    NotFiniteError("a figure is not a finite number"),
)


def cohorts():
    """Three requests, each with a headline and two subgroups."""
    made = [
        make_cohort(
            seed=10 * r + a,
            treated_n=40,
            controls_n=200,
            request_id=request,
            analysis_id=analysis,
            first_event=1000 * (3 * r + a),
        )
        for r, request in enumerate(REQUESTS)
        for a, analysis in enumerate(KINDS)
    ]
    cohort = pa.concat_tables([c for c, _ in made])
    window = pa.array(np.full(cohort.num_rows, 182), pa.int32())
    values = pa.concat_tables([v for _, v in made])
    return cohort.append_column("window_last_day", window), values


def analyses_table():
    rows = [
        {
            "request_id": request,
            "analysis_id": analysis,
            "kind": kind,
            "event_type": None,
            "subgroup_field": "sex" if kind == "subgroup" else None,
            "subgroup_value": analysis if kind == "subgroup" else None,
            "control_condition": SETTINGS.control_condition,
            "match_scale": SETTINGS.scale,
            "match_width": SETTINGS.width,
            "match_width_unit": SETTINGS.width_unit,
            "exact_on": "",
            "left_out": "",
        }
        for request in REQUESTS
        for analysis, kind in KINDS.items()
    ]
    return pa.Table.from_pylist(rows)


class Now:
    """The stage that runs."""

    stage = ""


def run_pass(*, with_sensitivity=True):
    """Run the pass; returns every table that it keeps, and every failure."""
    cohort, values = cohorts()
    kept: dict[str, list[pa.Table]] = {}

    def read_members(key):
        ours = pc.and_(
            pc.equal(cohort["request_id"], key[0]), pc.equal(cohort["analysis_id"], key[1])
        )
        return cohort.filter(ours)

    def run(self, stage, work, real=Analysis.run):
        Now.stage = stage
        real(self, stage, work)

    inputs = Inputs.of(analyses_table(), COVARIATES, read_values(values, COVARIATES), SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Analysis, "run", run)
        patch.setattr("justice_data_lab.robustness.placebo.COHORTS", 20)
        if not with_sensitivity:
            patch.setattr(requests, "REQUEST_STAGES", {})
        made = estimate_requests(
            inputs, read_members, lambda name, part: kept.setdefault(name, []).append(part)
        )
    tables = {name: pa.concat_tables(parts) for name, parts in kept.items()}
    failures = tables.pop("failures").to_pylist()
    ended = {(row["request_id"], row["analysis_id"]): row["stage"] for row in reversed(failures)}
    for row in made.to_pylist():
        key = (row["request_id"], row["analysis_id"])
        assert row["ended_by"] == (None if ended.get(key) in REQUEST_STAGES else ended.get(key))
    return tables, failures


def run_stages(*, with_sensitivity=True):
    """Do what the models do, in their order; returns every table and every failure."""
    t, failures = run_pass(with_sensitivity=with_sensitivity)
    kept = {stage: Failures(stage) for stage in AFTER_THE_PASS}

    def of(stage):
        Now.stage = stage
        return kept[stage]

    t["interactions"] = compare_subgroups(
        t["estimates"], analyses_table(), failures=of("interactions")
    )
    about = [dict.fromkeys(("organisation", "sector", "need"), "x") for _ in REQUESTS]
    of_request = zip(REQUESTS, about, strict=True)
    asked = pa.Table.from_pylist([{"request_id": r, **a} for r, a in of_request])
    t["meta_analysis"] = combine_requests(t["estimates"], asked, failures=of("meta_analysis"))
    t["detectable"] = detectable_table(t["estimates"], SETTINGS, failures=of("detectable"))
    t["power"] = power_table(t["estimates"], SETTINGS, failures=of("power"))
    cohort, values = cohorts()
    offended = pa.array(np.arange(values.num_rows) % 3 == 0)
    t["year_before"] = compare_year_before(
        cohort,
        values.append_column("has_offended_in_year_before", offended),
        COVARIATES,
        SETTINGS,
        failures=of("year_before"),
    )
    return t, failures + [row for one in kept.values() for row in one.rows]


def fail_once(monkeypatch, stage, call, error):
    """Let one call, by its number, of the function of a stage raise while the stage runs."""
    module, name = PLACES[stage].rsplit(".", 1)
    module = importlib.import_module(f"justice_data_lab.{module}")
    real, calls = getattr(module, name), []

    def failing(*arguments, **named):
        if Now.stage == stage:
            calls.append(name)
            if len(calls) == call:
                raise error
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, failing)
    return calls


@pytest.fixture(scope="module")
def calls():
    """The calls of each stage to its function when nothing fails."""
    return {}


@pytest.fixture(scope="module")
def whole(calls):
    with pytest.MonkeyPatch.context() as patch:
        calls |= {stage: fail_once(patch, stage, 0, ValueError()) for stage in PLACES}
        tables, failures = run_stages()
    assert failures == []
    assert all(table.num_rows for table in tables.values())
    return tables


def of_others(table, failed):
    return table.filter(
        pc.invert(pc.is_in(table["request_id"], pa.array(sorted(failed), pa.string())))
    )


@pytest.mark.parametrize("stage", PLACES)
def test_a_failure_at_any_stage_changes_no_other_request(stage, whole, calls, monkeypatch):
    """Four a stage, 64 in all: at the first and last call and two between."""
    last = len(calls[stage])
    for number, call in enumerate((1, 1 + last // 3, 1 + last // 2, last)):
        with monkeypatch.context() as patch:
            error = EXCEPTIONS[number]
            fail_once(patch, stage, call, error)
            is_slow = number > 0 and stage not in REQUEST_STAGES
            tables, failures = run_stages(with_sensitivity=not is_slow)
        assert {row["stage"] for row in failures} == {stage}
        assert {row["exception"] for row in failures} == {type(error).__name__}
        assert not any("4711" in str(value) for row in failures for value in row.values())
        assert all("test_guard" not in row["raised_in"] for row in failures)
        failed = {row["request_id"] for row in failures} - {None}
        assert len(failed) == (0 if stage == "meta_analysis" else 1)
        for name, table in tables.items():
            if name == "meta_analysis":
                assert table.num_rows <= whole[name].num_rows
                continue
            assert of_others(table, failed).equals(of_others(whole[name], failed)), name
        ended = {(row["request_id"], row["analysis_id"]) for row in failures}
        if stage in tables and "analysis_id" in tables[stage].column_names:
            left = {(r["request_id"], r["analysis_id"]) for r in tables[stage].to_pylist()}
            assert not ended & left


def test_a_fit_that_does_not_converge_ends_its_analysis(monkeypatch):
    real = propensity.fit_cox

    def never(*arguments, **named):
        return replace(real(*arguments, **named), converged=False)

    monkeypatch.setattr(propensity, "fit_cox", never)
    cohort, values = cohorts()
    failures = Failures("fits")
    assert fit_propensities(cohort, values, COVARIATES, SETTINGS, failures=failures).num_rows == 0
    assert len(failures.rows) == 9
    assert {row["exception"] for row in failures.rows} == {"NotConvergedError"}


def test_without_failures_an_exception_goes_through():
    def fail():
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_analysis(None, ("r", "headline"), fail)


def test_an_interruption_is_no_failure_of_an_analysis():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_analysis(Failures("fits"), ("r", "headline"), stop)


def doubled(rows, factors):
    if 13 in rows["n"].to_pylist():
        raise ValueError("13 is somebody's age")
    return rows.set_column(1, "n", pc.multiply(rows["n"], factors["factor"][0]))


def test_a_request_whose_rows_cannot_be_made_for_publication_has_none():
    rows = pa.table({"request_id": ["b", "a", "c"], "n": [2, 1, 13]})
    factors = pa.table({"factor": [2]})
    failures = Failures("publishing_outcomes")
    made = each_request(failures, doubled, rows, factors)
    assert made.to_pylist() == [{"request_id": "a", "n": 2}, {"request_id": "b", "n": 4}]
    assert [(row["request_id"], row["analysis_id"]) for row in failures.rows] == [("c", None)]
    assert "13" not in str(failures.rows)

    failures = Failures("publishing_outcomes")
    made = each_request(failures, doubled, rows.slice(2), factors)
    assert made.schema == rows.schema
    assert made.num_rows == 0
    assert len(failures.rows) == 1
    made = each_request(Failures("publishing_outcomes"), doubled, rows.slice(0, 2), factors)
    assert made["n"].to_pylist() == [4, 2]
