"""A request fails alone: a whole build in which the statistics of four analyses raise."""

import duckdb
import pytest

from builds.conftest import Build, Builder

HEADLINES = {("money_matters", "headline"): "fits", ("keel_families", "headline"): "estimates"}
OTHERS = {("second_look", "headline"): "survival", ("gatehouse_mentors", "regional"): "balance"}
UNPUBLISHED = "castlemere_workshops"
FAILED_TO_PUBLISH = ("publishing_survival", UNPUBLISHED)
POOLED = {"findings_summary", "meta_analysis"}
# Where the failure of one of OTHERS is seen in its own request: tables that lack its rows, and
# tables that are made from it (the year before of a headline; the numbered sensitivity rows).
LACKING = {
    "second_look": {"survival"},
    "gatehouse_mentors": {"analyses", "outcomes", "covariate_balance", "survival"},
}
MADE_FROM = {
    "second_look": {"pre_service_check", "target_trial"},
    "gatehouse_mentors": {"sensitivity", "target_trial"},
}
# Python runs a module of this name at its start: the stage of one analysis raises, and so does each
# stage of the publishing that is given all requests at once; one of them, for one request alone.
SHIM = f"""
from importlib import import_module

from justice_data_lab.statistics import guard

FAILED = {HEADLINES | OTHERS!r}
run_analysis, each_request = guard.run_analysis, guard.each_request


def stop():
    raise ArithmeticError("person 4711 was born on 1980-02-01")


def run(failures, key, work, *arguments, **named):
    if failures is not None and FAILED.get(tuple(key[:2])) == failures.stage:
        return run_analysis(failures, key, stop)
    return run_analysis(failures, key, work, *arguments, **named)


def each(failures, work, *tables):
    def of_one(*given):
        named = [table["request_id"] for table in given if "request_id" in table.column_names]
        requests = {{value for column in named for value in column.to_pylist()}}
        if len(requests) > 1 or (failures.stage, *requests) == {FAILED_TO_PUBLISH!r}:
            stop()
        return work(*given)

    return each_request(failures, of_one, *tables)


guard.each_request = each
for stage in ("propensity", "outcomes", "survival", "balance"):
    import_module(f"justice_data_lab.statistics.{{stage}}").run_analysis = run
"""


@pytest.fixture(scope="module")
def failing(dbt: Builder, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The sample, built and published with all data tests while four of its analyses fail."""
    shim = tmp_path_factory.mktemp("shim")
    (shim / "sitecustomize.py").write_text(SHIM, "utf-8")
    return dbt("build", "--exclude-resource-type", "unit_test", python_path=shim)


def published_tables(build: Build) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
    """Return the columns and the rows, in order, of every published table."""
    with duckdb.connect(str(build.folder / "published.duckdb"), read_only=True) as connection:
        found = connection.execute("select table_name from duckdb_tables()").fetchall()
        tables = {}
        for (name,) in sorted(found):
            rows = connection.execute(f'select * from "{name}" order by all')
            tables[name] = ([column[0] for column in rows.description], rows.fetchall())
        return tables


def rows_of(tables, table: str, request_id: str) -> list[dict[str, object]]:
    columns, rows = tables[table]
    made = [dict(zip(columns, row, strict=True)) for row in rows]
    return [row for row in made if row["request_id"] == request_id]


def test_the_run_ends_well_and_names_who_failed(failing: Build) -> None:
    assert failing.exit_code == 0, failing.output
    (warning,) = [line for line in failing.output.splitlines() if "could not be estimated:" in line]
    for (request_id, analysis_id), stage in (HEADLINES | OTHERS).items():
        assert f"{request_id} / {analysis_id} ({stage})" in warning
    assert f"{UNPUBLISHED} (publishing_survival)" in warning
    assert failing.output.rstrip().splitlines()[-1].startswith("published: ")
    assert "4711" not in failing.output


def test_what_failed_and_where_is_kept_without_a_value(failing: Build) -> None:
    rows = failing.rows("restricted", "select * from main.analysis_failures")
    assert not any("4711" in str(value) for row in rows for value in row)
    named = failing.rows(
        "restricted",
        "select request_id, analysis_id, stage, exception from main.analysis_failures order by all",
    )
    assert named == [
        (UNPUBLISHED, None, "publishing_survival", "ArithmeticError"),
        ("gatehouse_mentors", "regional", "balance", "ArithmeticError"),
        ("keel_families", "headline", "estimates", "ArithmeticError"),
        ("money_matters", "headline", "fits", "ArithmeticError"),
        ("second_look", "headline", "survival", "ArithmeticError"),
    ]


@pytest.mark.parametrize("request_id", [request_id for request_id, _ in HEADLINES])
def test_a_failed_headline_is_a_status_and_nothing_of_it_is_published(
    request_id: str, failing: Build, sample_build: Build
) -> None:
    tables, whole = published_tables(failing), published_tables(sample_build)
    (request,) = rows_of(tables, "requests", request_id)
    assert request["status"] == request["status_reason"] == "could_not_be_estimated"
    assert request["analysed_n"] is None
    built = failing.rows(
        "analysis",
        "select distinct analysis_id from main.outcomes_unrounded "
        f"where request_id = '{request_id}' and analysis_id <> 'headline'",
    )
    assert built, "its further analyses did not fail"
    shown = {
        table
        for table, (columns, _) in tables.items()
        if "request_id" in columns and rows_of(tables, table, request_id)
    }
    assert shown == {"requests", "statements", "attrition"}
    assert rows_of(whole, "outcomes", request_id)

    outcomes = dict(
        failing.rows(
            "analysis",
            "select outcome, count(*) from main.record_outcomes "
            f"where request_id = '{request_id}' group by outcome",
        )
    )
    before = dict(
        sample_build.rows(
            "analysis",
            "select case when outcome in ('analysed', 'off_support') "
            "then 'could_not_be_estimated' else outcome end as outcome, count(*) "
            f"from main.record_outcomes where request_id = '{request_id}' group by all",
        )
    )
    assert outcomes == before


def test_a_request_that_cannot_be_published_has_its_status_alone(failing: Build) -> None:
    tables = published_tables(failing)
    for table, (columns, _) in tables.items():
        if "request_id" in columns and table != "requests":
            assert not rows_of(tables, table, UNPUBLISHED), table
    (request,) = rows_of(tables, "requests", UNPUBLISHED)
    names = {"request_id", "status", "status_reason"}
    assert {name for name, value in request.items() if value is not None} == names
    assert request["status"] == "could_not_be_estimated"


def test_every_other_request_is_published_as_without_the_failures(
    failing: Build, sample_build: Build
) -> None:
    tables, whole = published_tables(failing), published_tables(sample_build)
    assert tables.keys() == whole.keys()
    failed = {request_id for request_id, _ in HEADLINES} | {UNPUBLISHED}
    ended = dict(OTHERS.keys())
    del whole["quality_log"]  # of the run: the shared build ran the unit tests, too
    for table, (columns, rows) in whole.items():
        if table in POOLED:
            assert tables[table] != (columns, rows), "the pool is one of fewer requests"
            continue
        if "request_id" not in columns:
            of_the_code = [row for row in (*rows, *tables[table][1]) if "code_version" in row]
            assert set(tables[table][1]) ^ set(rows) <= set(of_the_code), table
            continue
        for request_id in {str(row[columns.index("request_id")]) for row in rows} - failed:
            if table in MADE_FROM.get(request_id, ()):
                continue
            kept, made = (rows_of(found, table, request_id) for found in (whole, tables))
            if table in LACKING.get(request_id, ()):
                kept, made = (
                    [row for row in rows if row["analysis_id"] != ended[request_id]]
                    for rows in (kept, made)
                )
            assert made == kept, (table, request_id)
