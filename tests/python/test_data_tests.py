"""The data tests say what their models promise: each sees the fault it is there for, and no other.

Their SQL is run on a few rows, with refs as names of tables and vars as the project sets them.
"""

from pathlib import Path

import duckdb
import pytest
import yaml
from jinja2 import Environment

REPOSITORY = Path(__file__).parents[2]
VARS = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text("utf-8"))["vars"]
CONTROL = """
    create table int_cohorts__members as select * from (values
        ('a', 'headline', 7, 70, date '2020-03-01', false, 3)
    ) as t (request_id, analysis_id, person_id, event_id, index_date, is_treated, own_last_day);
    create table int_cohorts__analyses as
        select 'a' as request_id, 'headline' as analysis_id, 'ever' as sex_offence_scope;
    create table int_linking__links as select * from (values {links})
        as t (request_id, record_number, person_id, is_ambiguous);
    create table int_linking__decisions as select * from (values {decisions})
        as t (request_id, record_number, person_id, decision);
    create table int_linking__found_people as select * from (values {found})
        as t (request_id, record_number, person_id, match_probability);
    create table int_intake__records as
        select 'a' as request_id, 1 as record_number, date '2020-05-01' as service_date;
    create table int_eligibility__eligible_records as select * from (values {eligible})
        as t (request_id, sex_offence_scope, person_id, event_id);
    create table int_index_events__events as select * from (values
        (60, date '2020-02-01'), (70, date '2020-03-01'), (80, date '2020-04-01')
    ) as t (event_id, index_date);
    create table int_linking__candidates (
        request_id varchar, record_number int, person_id int, is_deciding boolean
    );
"""
NOBODY = {
    "links": "('a', 1, null::int, false)",
    "decisions": "('b', 1, 7, 'in_review')",
    "found": "('b', 1, 7, 0.9)",
    "eligible": "('b', 'ever', 7, 60)",
}


def failing(
    path: str, tables: str, settings: dict[str, object] | None = None, **arguments: object
) -> int:
    """Count the rows that a data test finds in some tables, under other settings where given."""
    text = (REPOSITORY / "tests" / path).read_text("utf-8")
    text = text.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    environment = Environment()
    environment.globals.update(
        ref=lambda name: name, var=lambda name: (VARS | (settings or {}))[name]
    )
    module = environment.from_string(text).module
    name = Path(path).stem
    sql = getattr(module, name)(**arguments) if hasattr(module, name) else str(module)
    with duckdb.connect() as connection:
        connection.execute(tables)
        return len(connection.execute(sql).fetchall())


@pytest.mark.parametrize(
    ("value", "rows"), [("0", 0), ("1", 0), ("null", 0), ("-0.1", 1), ("'nan'", 1)]
)
def test_a_range_holds_its_ends_and_null_and_no_nan(value, rows):
    tables = f"create table t as select cast({value} as double) as x"
    model = {"model": "t", "column_name": "x", "minimum": 0}
    assert failing("generic/accepted_range.sql", tables, **model) == rows
    assert failing("generic/accepted_range.sql", tables, **model, maximum=1) == rows


@pytest.mark.parametrize(
    ("value", "small", "rounding", "rows"),
    [
        *((value, 7, 5, rows) for value, rows in ((0, 0), (5, 1), (10, 0), ("null", 0))),
        *((value, 7, 1, rows) for value, rows in ((1, 1), (7, 1), (8, 0))),
        *((value, 40, 5, rows) for value, rows in ((35, 1), (40, 0))),  # 41 and 42 people
        (100, 7, 100, 0),
    ],
)
def test_a_rounded_count_is_small_where_no_larger_one_is_rounded_to_it(
    value, small, rounding, rows
):
    settings = {"disclosure_small_count": small, "disclosure_rounding": rounding}
    model = {"model": "t", "column_name": "n"}
    tables = f"create table t as select {value} as n"
    assert failing("generic/no_small_counts.sql", tables, settings, **model) == rows
    off = settings | {"disclosure_control": False}
    assert failing("generic/no_small_counts.sql", tables, off, **model) == 0


@pytest.mark.parametrize(
    ("converged", "status", "rows"),
    [
        ("true", "estimated", 0),
        ("false", "estimated", 1),
        ("null", "estimated", 1),
        ("false", "failed", 0),
    ],
)
def test_a_fit_that_says_nothing_has_not_converged(converged, status, rows):
    tables = f"""create table propensity_models as select 'a' as request_id, 'h' as analysis_id,
        's' as stratum, 0.0 as gradient_norm, {converged}::boolean as converged,
        '{status}' as status"""
    assert failing("singular/every_fit_converged.sql", tables) == rows


@pytest.mark.parametrize(
    ("steps", "rows"),
    [
        ("('a', 0, 0, 3), ('a', 1, 1, 2)", 0),
        ("('a', 0, 0, 3), ('a', 1, 0, 2)", 1),
        ("('a', 0, 0, 4), ('a', 1, 2, 2)", 1),
        ("('a', 0, 0, 3), ('a', 1, 0, 3)", 1),
        ("('b', 0, 0, 0)", 1),
    ],
)
def test_a_waterfall_telescopes_and_every_request_has_one(steps, rows):
    tables = f"""create table attrition_exact as
            select * from (values {steps}) as t (request_id, step_number, removed_n, remaining_n);
        create table record_outcomes as
            select 'a' as request_id, unnest(['analysed', 'analysed', 'not_on_pnc']) as outcome"""
    assert failing("singular/attrition_telescopes.sql", tables) == rows


@pytest.mark.parametrize(
    ("changed", "rows"),
    [
        ({}, 0),
        ({"links": "('a', 1, 7, false)"}, 0),  # before the own start
        ({"links": "('a', 1, 7, false)", "eligible": "('a', 'ever', 7, 80)"}, 0),
        ({"links": "('a', 1, 7, false)", "eligible": "('a', 'ever', 7, 70)"}, 1),
        ({"links": "('a', 1, 7, false)", "eligible": "('a', 'ever', 7, 60)"}, 1),
        ({"decisions": "('a', 1, 7, 'in_review')", "found": "('a', 1, 7, 0.6)"}, 1),
        ({"decisions": "('a', 1, 8, 'ambiguous')", "found": "('a', 1, 7, 0.9)"}, 1),
        ({"decisions": "('a', 1, 8, 'in_review')", "found": "('a', 1, 7, 0.1)"}, 0),
        ({"decisions": "('a', 1, 8, 'accepted')", "found": "('a', 1, 7, 0.9)"}, 0),
        ({"decisions": "('a', 1, 7, 'unlinked')", "found": "('a', 1, 7, 0.1)"}, 0),
    ],
)
def test_nobody_of_the_request_is_a_control_at_or_after_the_own_service(changed, rows):
    path = "singular/controls_of_the_request_come_before_its_service.sql"
    assert failing(path, CONTROL.format(**(NOBODY | changed))) == rows
