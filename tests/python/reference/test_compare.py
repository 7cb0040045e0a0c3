"""The comparison and the generated worlds: they agree with themselves and see a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from . import details
from .analyses import make_analyses
from .compare import FOLLOWED, Comparer, compare
from .covariates import covariates, year_before
from .eligibility import ELIGIBLE
from .fuzz import SMALL, draw_worlds
from .placed import load_worlds, save_worlds, write_worlds
from .rules import Answer, Register, evaluate_request, make_register
from .zone import load_zone

Tables = dict[str, list[dict[str, Any]]]


def analysis_tables(answers: dict[str, Answer]) -> Tables:
    """Write the answers of the reference as a build would."""
    names = ("step_number", "reason", "removed_n", "remaining_n")
    return {
        "main.record_outcomes": [
            {
                "request_id": r.request_id,
                "record_number": r.record_number,
                "outcome": "analysed" if r.outcome == ELIGIBLE else r.outcome,
                "link_pass": r.link_pass,
                "link_reason": r.link_reason,
                **{name: getattr(r, name) for name in FOLLOWED},
            }
            for answer in answers.values()
            for r in answer.records
        ],
        "main.attrition_exact": [
            {"request_id": name, **dict(zip(names, row, strict=True))}
            for name, answer in answers.items()
            for row in answer.attrition()
        ],
        "main.attrition_detail": [
            {"request_id": name, "detail": detail, "n": n}
            for name, answer in answers.items()
            for detail, n in details.attrition_detail(answer).items()
        ],
    }


def further_tables(answers: dict[str, Answer], register: Register) -> Tables:
    """Write further analyses, resubmissions and the waterfalls of the pools."""
    further = ("suggested_analysis", "people_n", "expected_n")
    again = ("release_quarter", "basis", "earliest_analysis_on", "n")
    steps = ("analysis_id", "step", "events_n", "removed_n", "remaining_n")
    made = make_analyses(answers, register)
    found: dict[str, list[tuple[str, tuple[str, ...], tuple[Any, ...]]]] = {
        "suggested_analyses": [
            (name, further, (key, *counts))
            for name, answer in answers.items()
            for key, counts in details.suggested_analyses(answer, register).items()
        ],
        "resubmissions": [
            (name, again, (*key, n))
            for name, answer in answers.items()
            for key, n in details.resubmissions(answer, register.zone.data_as_of).items()
        ],
        "pool_attrition": [
            (name, steps, (analysis.analysis_id, *row))
            for name, analyses in made.items()
            for analysis in analyses.values()
            for row in analysis.waterfall
        ],
    }
    return {
        f"main.{table}": [
            {"request_id": name, **dict(zip(names, values, strict=True))}
            for name, names, values in rows
        ]
        for table, rows in found.items()
    }


def restricted_tables(answers: dict[str, Answer], register: Register) -> Tables:
    """Write who is linked, and the members of the analyses with their covariates."""
    made = make_analyses(answers, register)
    comparer = Comparer(register, {})
    members, known, before = [], {}, {}
    for name, analyses in made.items():
        for analysis in analyses.values():
            rows = comparer.members(analysis)
            keys = {"request_id": name, "analysis_id": analysis.analysis_id}
            members += [{**keys, "event_key": key, **row} for key, row in rows.items()]
            for pnc_id, event in comparer.events_of(analysis).values():
                known[event.key] = covariates(event, register.histories[pnc_id])
                if analysis.analysis_id == "headline":
                    before[event.key] = year_before(event, register.histories[pnc_id])
    records = [r for answer in answers.values() for r in answer.records]
    return {
        "main.linked_records": [
            {name: getattr(r, name) for name in ("request_id", "record_number", "pnc_id")}
            | {"link_pass": r.link_pass}
            for r in records
            if r.pnc_id is not None
        ],
        "main.clerical_review": [],
        "intermediate.int_register__people": [],
        "intermediate.int_linking__scores": [],
        "intermediate.int_eligibility__eligible_records": [
            {
                "request_id": r.request_id,
                "sex_offence_scope": scope,
                "record_number": r.record_number,
                "event_type": r.index_event_type,
                "delay_days": r.delay_days,
            }
            for answer in answers.values()
            for scope, scoped in answer.by_scope.items()
            for r in scoped
            if r.outcome == ELIGIBLE
        ],
        "intermediate.int_outcomes__members": members,
        "intermediate.int_cohorts__analyses": [
            {
                "request_id": name,
                "analysis_id": analysis.analysis_id,
                "kind": analysis.kind,
                "sex_offence_scope": analysis.scope,
                "eligible_n": len(analysis.treated),
            }
            for name, analyses in made.items()
            for analysis in analyses.values()
        ],
        "intermediate.int_index_events__events": [
            {"event_id": number, "event_key": key} for number, key in enumerate(known)
        ],
        "intermediate.int_cohorts__covariates": [
            {"event_id": number, **row} for number, row in enumerate(known.values())
        ],
        "intermediate.int_cohorts__year_before": [
            {"event_id": number, **before[key]} for number, key in enumerate(known) if key in before
        ],
    }


def write_database(path: Path, tables: Tables) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists intermediate")
        for name, rows in tables.items():
            table = pa.Table.from_pylist(rows or [{"match_probability": 0.0, "request_id": ""}])
            connection.register("given", table)
            connection.execute(f"create table {name} as from given")
            connection.unregister("given")
            if not rows:
                connection.execute(f"delete from {name}")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    zone, build = tmp_path_factory.mktemp("zone"), tmp_path_factory.mktemp("build")
    write_worlds(zone, dict(enumerate(draw_worlds(40, 7), start=1)))
    register = make_register(load_zone(zone), settings=SMALL)
    answers = {r.request_id: evaluate_request(r, register) for r in register.zone.requests}
    tables = {**analysis_tables(answers), **further_tables(answers, register)}
    write_database(build / "analysis.duckdb", tables)
    write_database(build / "restricted.duckdb", restricted_tables(answers, register))
    return zone, build


def test_agrees_with_itself(built: tuple[Path, Path]) -> None:
    assert compare(*built, SMALL) == []


CHANGES = {
    "delay_days": (
        "analysis",
        "update record_outcomes set delay_days = delay_days + 1 where outcome = 'analysed'",
    ),
    "outcome": ("analysis", "update record_outcomes set outcome = 'sex_offence'"),
    "attrition_detail": ("analysis", "update attrition_detail set n = n + 1"),
    "removed_n": ("analysis", "update attrition_exact set removed_n = removed_n + 1"),
    "further": ("analysis", "update suggested_analyses set expected_n = expected_n + 1"),
    "resubmission": ("analysis", "update resubmissions set n = n + 1"),
    "pool_attrition": ("analysis", "update pool_attrition set remaining_n = 1 + remaining_n"),
    "pool": (
        "restricted",
        "delete from intermediate.int_outcomes__members where not is_treated and last_day < 170",
    ),
    "last_day": ("restricted", "update intermediate.int_outcomes__members set last_day = 999"),
    "own_last_day": (
        "restricted",
        "update intermediate.int_outcomes__members set own_last_day = own_last_day + 1",
    ),
    "draw_order": (
        "restricted",
        "update intermediate.int_outcomes__members set draw_order = draw_order + 1",
    ),
    "is_linked_elsewhere": (
        "restricted",
        "update intermediate.int_outcomes__members set is_linked_elsewhere = true",
    ),
    "days_at_liberty": (
        "restricted",
        "update intermediate.int_outcomes__members set days_at_liberty = 364",
    ),
    "days_free": ("restricted", "update intermediate.int_outcomes__members set days_free = 364"),
    "is_any_summary_only": (
        "restricted",
        "update intermediate.int_outcomes__members set is_any_summary_only = is_reoffender",
    ),
    "custodial_sentences_n": (
        "restricted",
        "update intermediate.int_outcomes__members set custodial_sentences_n = 9",
    ),
    "scope": ("restricted", "delete from intermediate.int_eligibility__eligible_records"),
    "analysis": (
        "restricted",
        "update intermediate.int_cohorts__analyses set eligible_n = eligible_n + 1",
    ),
    "copas_rate": (
        "restricted",
        "update intermediate.int_cohorts__covariates set copas_rate = copas_rate + 1e-9",
    ),
    "oasys_drugs": (
        "restricted",
        "update intermediate.int_cohorts__covariates set oasys_drugs = 'maybe'",
    ),
    "has_offended_in_year_before a year before": (
        "restricted",
        "update intermediate.int_cohorts__year_before set has_offended_in_year_before = "
        "not has_offended_in_year_before",
    ),
}


@pytest.mark.parametrize("field", CHANGES)
def test_sees_a_change(built: tuple[Path, Path], field: str, tmp_path: Path) -> None:
    zone, build = built
    for name in ("analysis", "restricted"):
        (tmp_path / f"{name}.duckdb").write_bytes((build / f"{name}.duckdb").read_bytes())
    name, statement = CHANGES[field]
    with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
        connection.execute(statement)
    assert field in {line.split("\t")[2] for line in compare(zone, tmp_path, SMALL)}


def test_a_seed_gives_the_same_worlds_and_a_file_keeps_them(tmp_path: Path) -> None:
    worlds = dict(enumerate(draw_worlds(3, 5), start=1))
    save_worlds(tmp_path / "w.json", worlds)
    write_worlds(tmp_path / "a", worlds)
    write_worlds(tmp_path / "b", dict(enumerate(draw_worlds(3, 5), start=1)))
    write_worlds(tmp_path / "c", load_worlds(tmp_path / "w.json"))
    paths = [p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()]
    for path in paths:
        for other in ("b", "c"):
            assert (tmp_path / "a" / path).read_bytes() == (tmp_path / other / path).read_bytes()


def test_worlds_reach_every_outcome(tmp_path: Path) -> None:
    write_worlds(tmp_path, dict(enumerate(draw_worlds(200, 1), start=1)))
    register = make_register(load_zone(tmp_path), settings=SMALL)
    seen = set()
    for request in register.zone.requests:
        answer = evaluate_request(request, register)
        rows = answer.attrition()
        assert rows[-1][3] == sum(r.outcome == ELIGIBLE for r in answer.records)
        seen |= {r.outcome for r in answer.records}
    assert len(seen) == 17  # every code but off_support and could_not_be_estimated, and eligible
