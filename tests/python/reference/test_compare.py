"""The comparison and the random worlds: they agree with themselves and see a change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from .compare import FOLLOWED, compare
from .rules import Answer, evaluate
from .worlds import write_zone

OUTCOME_COLUMNS = (
    "request_id varchar, record_number bigint, outcome varchar, link_pass varchar,"
    " link_reason varchar, index_event_type varchar, index_date date, delay_days bigint,"
    " is_reoffender boolean, reoffences_n bigint, days_to_first bigint"
)


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Sequence[Sequence[object]],
) -> None:
    connection.execute(f"create table {table} ({columns})")
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {table} values ({marks})", rows)


def write_analysis(build: Path, answers: dict[str, Answer]) -> None:
    records = [r for answer in answers.values() for r in answer.records]
    outcomes = [
        [
            r.request_id,
            r.record_number,
            "analysed" if r.outcome == "eligible" else r.outcome,
            r.link_pass,
            r.link_reason,
            *(getattr(r, name) for name in FOLLOWED),
        ]
        for r in records
    ]
    steps = [[name, *row] for name, answer in answers.items() for row in answer.attrition()]
    details = [[name, *row] for name, answer in answers.items() for row in answer.details().items()]
    with duckdb.connect(str(build / "analysis.duckdb")) as connection:
        fill(connection, "record_outcomes", OUTCOME_COLUMNS, outcomes)
        columns = (
            "request_id varchar, step_number int, reason varchar, removed_n int, remaining_n int"
        )
        fill(connection, "attrition_exact", columns, steps)
        fill(connection, "attrition_detail", "request_id varchar, detail varchar, n int", details)


def write_restricted(build: Path, answers: dict[str, Answer]) -> None:
    records = [r for answer in answers.values() for r in answer.records]
    links = [
        [r.request_id, r.record_number, r.pnc_id, r.link_pass]
        for r in records
        if r.pnc_id is not None
    ]
    members = [
        [name, "headline", key, False, control.last_day]
        for name, answer in answers.items()
        for controls in answer.pools.values()
        for key, control in controls.items()
    ]
    with duckdb.connect(str(build / "restricted.duckdb")) as connection:
        columns = "request_id varchar, record_number bigint, pnc_id varchar, link_pass varchar"
        fill(connection, "linked_records", columns, links)
        connection.execute(
            "create table clerical_review "
            "(request_id varchar, record_number bigint, pnc_id varchar, match_probability double)"
        )
        columns = (
            "request_id varchar, analysis_id varchar, event_key varchar, is_treated boolean,"
            " last_day int"
        )
        connection.execute("create schema intermediate")
        fill(connection, "intermediate.int_cohorts__members", columns, members)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    zone, build = tmp_path_factory.mktemp("zone"), tmp_path_factory.mktemp("build")
    write_zone(zone, 7, requests=2)
    answers = evaluate(zone)
    write_analysis(build, answers)
    write_restricted(build, answers)
    return zone, build


def test_agrees_with_itself(built: tuple[Path, Path]) -> None:
    assert compare(*built) == []


def test_sees_changes(built: tuple[Path, Path]) -> None:
    zone, build = built
    changes = {
        "analysis": (
            "update record_outcomes set delay_days = delay_days + 1 where outcome = 'analysed'",
            "update attrition_detail set n = n + 1 where detail = 'repeat_people'",
            "update attrition_exact set removed_n = removed_n + 1 where step_number = 11",
        ),
        "restricted": ("update intermediate.int_cohorts__members set last_day = 999",),
    }
    for name, statements in changes.items():
        with duckdb.connect(str(build / f"{name}.duckdb")) as connection:
            for statement in statements:
                connection.execute(statement)
    fields = {line.split("\t")[2] for line in compare(zone, build)}
    assert {"delay_days", "attrition_detail", "removed_n", "last_day"} <= fields


def test_a_seed_gives_the_same_zone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_zone(tmp_path / name, 3, requests=1)
    first = {p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()}
    for path in first:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


def test_worlds_reach_every_outcome(tmp_path: Path) -> None:
    seen = set()
    for seed in (1, 2, 3, 6, 11, 12):
        write_zone(tmp_path / str(seed), seed)
        for answer in evaluate(tmp_path / str(seed)).values():
            rows = answer.attrition()
            assert rows[-1][3] == sum(r.outcome == "eligible" for r in answer.records)
            seen |= {r.outcome for r in answer.records}
    assert len(seen) == 17  # every code but off_support, and eligible
