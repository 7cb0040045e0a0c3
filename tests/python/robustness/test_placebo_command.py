"""`jdl placebo` on a build of four tables."""

import json
from dataclasses import asdict

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner
from cohort_maker import COVARIATES, make_cohort

from justice_data_lab.cli import main
from justice_data_lab.statistics import (
    MatchSettings,
    balance_matches,
    estimate_outcomes,
    fit_propensities,
    match_controls,
    score_propensities,
)

SETTINGS = MatchSettings()
ANALYSIS = {
    "request_id": "r1",
    "analysis_id": "headline",
    "kind": "headline",
    "control_condition": "risk_set",
    "match_scale": "logit",
    "match_width": 0.05,
    "match_width_unit": "sd",
    "exact_on": "",
    "left_out": "",
}
SETTINGS_OF_A_BUILD = [
    {"setting": "match_scale", "value": "logit", "data_type": "choice"},
    {"setting": "match_width", "value": "0.05", "data_type": "number"},
    {"setting": "match_width_unit", "value": "sd", "data_type": "choice"},
    {"setting": "is_tilted", "value": "true", "data_type": "choice"},
    {"setting": "guarded_expected_count", "value": "10", "data_type": "number"},
    {"setting": "minimum_analysed", "value": "30", "data_type": "whole number"},
]


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    cohort, values = make_cohort(controls_n=900, treated_n=60)
    models = fit_propensities(cohort, values, COVARIATES, SETTINGS)
    scores = score_propensities(cohort, values, COVARIATES, models, SETTINGS)
    plain = match_controls(scores, SETTINGS)
    balanced = balance_matches(plain, scores, cohort, values, COVARIATES, SETTINGS)
    matches = balanced.matches
    estimates = estimate_outcomes(cohort, matches, SETTINGS)
    tables = {
        "intermediate.int_outcomes__members": cohort,
        "intermediate.int_cohorts__analyses": pa.Table.from_pylist([ANALYSIS]),
        "estimates.int_matching__scores": scores,
        "estimates.int_matching__matches": matches,
        "estimates.int_matching__tilts": balanced.tilts,
        "estimates.int_outcomes__estimates": estimates,
        "intermediate.int_cohorts__covariates": values,
        "intermediate.int_settings": pa.Table.from_pylist(SETTINGS_OF_A_BUILD),
    }
    folder = tmp_path_factory.mktemp("build")
    with duckdb.connect(folder / "restricted.duckdb") as connection:
        connection.execute("create schema intermediate; create schema estimates")
        for name, table in tables.items():
            connection.register("given", table)
            connection.execute(f"create table {name} as from given")
    described = pa.Table.from_pylist(
        [
            {**asdict(covariate), "covariate": covariate.name, "covariate_order": place}
            for place, covariate in enumerate(COVARIATES)
        ]
    )
    with duckdb.connect(folder / "analysis.duckdb") as connection:
        connection.register("given", described)
        connection.execute("create schema reference")
        connection.execute("create table reference.covariates as from given")
    return folder, estimates.to_pylist()


def run(folder, *arguments):
    return CliRunner().invoke(main, ["placebo", *arguments, "--build", str(folder)])


def test_the_figures_are_the_builds_own_and_the_same_every_time(build, tmp_path):
    folder, estimates = build
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        found = run(folder, "r1", "--cohorts", "25", "--json", str(file))
        assert found.exit_code == 0, found.output
        assert "25 placebo cohorts" in found.output
    assert files[0].read_text() == files[1].read_text()
    rate = json.loads(files[0].read_text())["measures"]["rate"]
    assert rate["estimate"] == estimates[0]["difference"]
    assert rate["p_value"] == estimates[0]["p_value"]
    assert 0 < rate["p_among_cohorts"] <= 1
    assert rate["cohorts"] == 25
    assert rate["significant_lower"] <= rate["significant_percent"] <= rate["significant_upper"]
    assert rate["lower"] < rate["bias"] < rate["upper"]


def test_what_is_not_there_is_one_line(build, tmp_path):
    unknown = run(build[0], "r2")
    assert unknown.exit_code == 2
    assert unknown.output.startswith("jdl: r2: this build has no headline")
    assert run(tmp_path, "r1").exit_code == 2
