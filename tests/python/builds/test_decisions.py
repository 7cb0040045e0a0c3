"""What the lab's staff wrote down reaches the tables; what they wrote wrongly stops the build."""

import shutil
from pathlib import Path

import duckdb
import pytest

from builds.conftest import SAMPLE, WITHOUT_TESTS, Builder
from justice_data_lab.raw_zone import RELEASE_REGISTER, STAFF_FILES
from justice_data_lab.raw_zone.staff import check_staff_file

STAGED = ("--select", "stg_lab__provider_reviews", "stg_lab__feedback_survey", "stg_lab__releases")
PROBLEMS = {
    "nothing_in_it": ("", "column request_id: is missing from the header; add it"),
    "wrong_header": ("request_id,sent\nR,x\n", "column sent_on: is missing from the header"),
    "no_request": (
        "request_id,sent_on,due_on,comment,resolution,closed_on\n,2016-02-01,,,,\n",
        "row 1 under the header: column request_id: is empty; fill it in",
    ),
    "no_date": (
        "request_id,sent_on,due_on,comment,resolution,closed_on\nR,2016-02-01,,,,\n"
        "R,1 Feb 2016,soon,,,\n",
        "row 2 under the header: column due_on: is not a date; write it as 2016-02-01",
    ),
    "no_such_day": (
        "request_id,sent_on,due_on,comment,resolution,closed_on\nR,2016-02-01,,,,2016-2-31\n",
        "row 1 under the header: column closed_on: is not a date; write it as 2016-02-01",
    ),
    "twice": (
        "request_id,sent_on,sent_on,due_on,comment,resolution,closed_on\nR,2016-02-01,,,,,\n",
        "a column appears more than once in the header; keep one",
    ),
    "year_0016": (
        "request_id,sent_on,due_on,comment,resolution,closed_on\nR,0016-02-01,,,,\n",
        "row 1 under the header: column sent_on: is not a date",
    ),
    "more_cells": (
        "request_id,sent_on,due_on,comment,resolution,closed_on\nR,2016-02-01,,a,b,,c\n",
        "row 1 under the header: has more cells than the header; correct it",
    ),
    "open_quotation": (
        'request_id,sent_on,due_on,comment,resolution,closed_on\nR,2016-02-01,,"a\n',
        "is not a readable CSV file in UTF-8; write it again",
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_staff_file_says_where_it_is_wrong_and_never_the_value(case: str, tmp_path: Path) -> None:
    content, expected = PROBLEMS[case]
    reviews = next(file for file in STAFF_FILES if file.name == "provider_reviews.csv")
    (tmp_path / reviews.name).write_text(content, "utf-8")
    problems = check_staff_file(tmp_path, reviews)
    assert any(expected in problem for problem in problems)
    assert all(problem.startswith("provider_reviews.csv: ") for problem in problems)
    assert not any("soon" in problem for problem in problems)


def test_a_staff_file_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    assert check_staff_file(tmp_path, RELEASE_REGISTER) == []


def test_reviews_surveys_and_releases_reach_the_tables(dbt: Builder, tmp_path: Path) -> None:
    zone, folder = tmp_path / "zone", tmp_path / "build"
    shutil.copytree(SAMPLE, zone)
    (zone / "provider_reviews.csv").write_text(
        "closed_on,request_id,sent_on,due_on,comment,resolution\n"
        ',foundation,01/02/2016,,"They ask, why",\n',
        "utf-8-sig",
    )
    (zone / "feedback_survey.csv").write_text(
        "request_id,sent_on,answered_on,score\nfoundation,2016-03-01,2016-03-05,4\n", "utf-8"
    )
    (folder / "releases").mkdir(parents=True)
    (folder / "releases" / "register.csv").write_text(
        "version,request_id,released_on\n2016-04,foundation,2016-04-01\n", "utf-8"
    )
    build = dbt("build", *STAGED, *WITHOUT_TESTS, zone=zone, folder=folder)
    assert build.exit_code == 0, build.output
    rows = build.rows(
        "restricted",
        "select request_id, sent_on::varchar, due_on, closed_on, comment, resolution "
        "from staging.stg_lab__provider_reviews",
    )
    assert rows == [("foundation", "2016-02-01", None, None, "They ask, why", None)]
    rows = build.rows(
        "restricted",
        "select answered_on::varchar, score, version, released_on::varchar "
        "from staging.stg_lab__feedback_survey cross join staging.stg_lab__releases",
    )
    assert rows == [("2016-03-05", "4", "2016-04", "2016-04-01")]

    (zone / "feedback_survey.csv").write_text(
        "request_id,sent_on,answered_on,score\nfoundation,Easter,,\n", "utf-8"
    )
    refused = dbt("build", *STAGED, *WITHOUT_TESTS, zone=zone, folder=folder)
    assert refused.exit_code != 0
    assert "feedback_survey.csv: row 1 under the header: column sent_on: is not" in refused.output
    assert "Easter" not in refused.output


PLAN_HEADER = "request_id,analysis_id,setting,value,reason\n"


def test_a_plan_reaches_the_rules_and_a_wrong_one_stops_the_build(
    dbt: Builder, tmp_path: Path
) -> None:
    zone, folder = tmp_path / "zone", tmp_path / "build"
    shutil.copytree(SAMPLE, zone)
    plan = zone / "analysis_plans.csv"
    plan.write_text(
        f"{PLAN_HEADER}foundation,headline,window_months,12,They wait long\n"
        "foundation,Women,Subgroup,Sex = f,Few of them\n",
        "utf-8",
    )
    select = ("--select", "+int_eligibility__request_settings")
    build = dbt("build", *select, *WITHOUT_TESTS, zone=zone, folder=folder)
    assert build.exit_code == 0, build.output
    windows = dict(
        build.rows(
            "restricted",
            "select request_id, window_months from intermediate.int_eligibility__request_settings",
        )
    )
    assert windows.pop("foundation") == 12
    assert set(windows.values()) == {6}
    rows = build.rows(
        "restricted",
        "select analysis_id, setting, value from intermediate.int_eligibility__plan_settings "
        "order by all",
    )
    assert rows == [("headline", "window_months", "12"), ("women", "subgroup", "sex=F")]

    plan.write_text(f"{PLAN_HEADER}foundation,wing,subgroup,wing=Jo Smith,Few\n", "utf-8")
    refused = dbt("build", *select, *WITHOUT_TESTS, zone=zone, folder=folder)
    assert refused.exit_code != 0
    assert "analysis_plans.csv: row 1 under the header: column value: is not" in refused.output
    assert "Jo Smith" not in refused.output


def test_a_plan_that_is_changed_after_a_result_is_known_as_late(
    dbt: Builder, tmp_path: Path
) -> None:
    """The result is a table of an earlier run, as if that had been stopped before its end."""
    zone, folder = tmp_path / "zone", tmp_path / "build"
    shutil.copytree(SAMPLE, zone)
    plan = zone / "analysis_plans.csv"
    width = f"{PLAN_HEADER}foundation,headline,match_width,0.1,Few people\n"
    plan.write_text(width, "utf-8")
    select = ("--select", "stg_lab__plan_changes", *WITHOUT_TESTS)
    changes = "select request_id, changed_n from staging.stg_lab__plan_changes order by all"

    build = dbt("build", *select, zone=zone, folder=folder)
    assert build.exit_code == 0, build.output
    assert build.rows("restricted", changes) == [("foundation", 0)]
    with duckdb.connect(str(folder / "restricted.duckdb")) as connection:
        connection.execute("create schema estimates")
        connection.execute(
            "create table estimates.int_estimates__analyses as "
            "select * from (values ('foundation', null), ('keel_families', 'fits')) "
            "as analyses (request_id, ended_by)"
        )

    plan.write_text(f"{width}keel_families,headline,match_width,0.2,Many people\n", "utf-8")
    build = dbt("build", *select, zone=zone, folder=folder)
    assert build.rows("restricted", changes) == [("foundation", 0), ("keel_families", 0)]
    plan.write_text(width.replace("0.1", "0.2"), "utf-8")
    build = dbt("build", *select, zone=zone, folder=folder)
    assert build.rows("restricted", changes) == [("foundation", 2), ("keel_families", 0)]
    events = [
        line.split(",")[1:3]
        for line in (folder / "plan_register.csv").read_text("utf-8").splitlines()
    ]
    assert [event for name, event in events if name == "foundation"] == [
        *("declared", "estimated", "withdrawn", "declared")
    ]
    assert ["keel_families", "estimated"] not in events
