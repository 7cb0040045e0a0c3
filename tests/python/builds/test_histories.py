"""Histories are as at the index event: what comes later changes none, and OGRS3 is its formula."""

import math
import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builds.conftest import SECRETS, WITHOUT_TESTS, Build, Builder
from reference.covariates import OGRS_AGES, OGRS_OFFENCES
from reference.worlds import NEEDS, SCHEMAS, write_tables, write_zone

Row = dict[str, Any]
Tables = dict[str, list[Row]]
LATER = date(2023, 9, 1)  # after every index date of the worlds, before their extract was taken
HISTORIES = """
    select people.pnc_id, people.sex as sex_on_the_pnc, people.date_of_birth, events.event_key,
        events.index_date, criminal.* exclude (event_id), covariates.* exclude (event_id)
    from intermediate.int_histories__covariates as covariates
    inner join intermediate.int_index_events__events as events using (event_id)
    inner join intermediate.int_histories__criminal as criminal using (event_id)
    inner join intermediate.int_register__people as people using (person_id)
    order by people.pnc_id, events.event_key
"""


@dataclass(frozen=True)
class World:
    """A raw zone in which more comes later, and the histories that were built from it."""

    zone: Path
    histories: list[Row]


def build_histories(dbt: Builder, zone: Path) -> list[Row]:
    build = dbt(
        "build", "-s", "+int_histories__covariates", *WITHOUT_TESTS, zone=zone, secrets=SECRETS
    )
    assert build.exit_code == 0, build.output
    return rows_of(build)


def rows_of(build: Build) -> list[Row]:
    names = [str(row[0]) for row in build.rows("restricted", f"describe {HISTORIES}")]
    return [dict(zip(names, row, strict=True)) for row in build.rows("restricted", HISTORIES)]


def read_tables(zone: Path) -> Tables:
    return {name: pq.read_table(zone / f"{name}.parquet").to_pylist() for name in SCHEMAS}


def add_later_rows(tables: Tables) -> None:
    """Give everybody an offence, work, a benefit, an assessment and custody after all the rest."""
    custody = next(row for row in tables["pnc/offences"] if row["sentence_days"])
    prisoners = {row["pnc_id"]: row["prison_number"] for row in tables["prison/prisoners"]}
    still_in = {r["prison_number"] for r in tables["prison/spells"] if r["release_date"] is None}
    for number, pnc_id in enumerate(row["pnc_id"] for row in tables["pnc/persons"]):
        name, dates = f"later{number}", {"start_date": LATER, "end_date": None}
        tables["pnc/offences"].append(
            custody
            | {"offence_id": name, "case_id": name, "pnc_id": pnc_id}
            | {"offence_date": LATER, "proven_date": LATER}
        )
        tables["hmrc/employment_spells"].append({"pnc_id": pnc_id} | dates)
        tables["dwp/benefit_spells"].append({"pnc_id": pnc_id, "benefit": "jsa"} | dates)
        needs = {f"need_{need}": number % 2 == 0 for need in NEEDS}
        assessment = {"pnc_id": pnc_id, "assessment_date": LATER} | needs
        tables["oasys/assessments"].append(assessment)
        if prisoners.get(pnc_id, "") and prisoners[pnc_id] not in still_in:
            tables["prison/spells"].append(
                {"spell_id": name, "prison_number": prisoners[pnc_id], "reception_date": LATER}
                | {"release_date": None, "expected_release_date": None, "sentence_days": 90}
                | {"custody_type": "sentenced", "establishment": None}
            )


def assess_on_some_index_dates(tables: Tables) -> None:
    """Assess everybody on the day of each order's start, the index date of many sentences."""
    for order in tables["probation/orders"]:
        tables["oasys/assessments"].append(
            {"pnc_id": order["pnc_id"], "assessment_date": order["start_date"]}
            | {f"need_{need}": True for need in NEEDS}
        )


def until(tables: Tables, last_days: Mapping[str, date]) -> Tables:
    """Leave of each person what was known on the last day: later rows go, later ends are open."""
    owner = {row["prison_number"]: row["pnc_id"] for row in tables["prison/prisoners"]}
    proven: dict[tuple[str, str], date] = {}
    for row in tables["pnc/offences"]:
        case = (row["pnc_id"], row["case_id"] or row["offence_id"])
        day = row["proven_date"] or row["offence_date"] or date.min
        proven[case] = min(day, proven.get(case, date.max))

    def started(table: str, row: Row) -> date:
        if table == "pnc/offences":
            return proven[(row["pnc_id"], row["case_id"] or row["offence_id"])]
        if table == "oasys/assessments":  # one on the index date is none before it
            return (row["assessment_date"] or date.min) + timedelta(days=1)
        return next(
            (row[name] for name in ("reception_date", "start_date") if row.get(name)), date.min
        )

    def kept(table: str, rows: list[Row]) -> Iterator[Row]:
        for row in rows:
            last = last_days.get(
                row.get("pnc_id") or owner.get(row.get("prison_number"), ""), date.max
            )
            if started(table, row) <= last:
                ends = [n for n in ("release_date", "end_date") if row.get(n) and row[n] > last]
                yield row | dict.fromkeys(ends)

    return {name: list(kept(name, rows)) for name, rows in tables.items()}


@pytest.fixture(scope="module")
def world(dbt: Builder, tmp_path_factory: pytest.TempPathFactory) -> World:
    zone = tmp_path_factory.mktemp("later") / "zone"
    write_zone(zone, seed=6, requests=5)
    tables = read_tables(zone)
    assess_on_some_index_dates(tables)
    add_later_rows(tables)
    write_tables(zone, tables)
    return World(zone, build_histories(dbt, zone))


def test_what_comes_later_changes_no_covariate(world: World, dbt: Builder, tmp_path: Path) -> None:
    """One event of each person, built again from a zone that ends on its index date."""
    events: dict[str, list[Row]] = {}
    for row in world.histories:
        if row["index_date"] < LATER:
            events.setdefault(row["pnc_id"], []).append(row)
    draw = random.Random(1)
    chosen = {pnc_id: draw.choice(rows) for pnc_id, rows in sorted(events.items())}
    tables = read_tables(world.zone)
    cut = until(tables, {pnc_id: row["index_date"] for pnc_id, row in chosen.items()})
    for name in ("pnc/offences", "prison/spells", "oasys/assessments", "dwp/benefit_spells"):
        assert len(cut[name]) < len(tables[name])
    zone = tmp_path / "zone"
    shutil.copytree(world.zone, zone)
    write_tables(zone, cut)
    found = {(row["pnc_id"], row["event_key"]): row for row in build_histories(dbt, zone)}
    assert len(chosen) > 300
    assert {row["oasys_drugs"] for row in chosen.values()} == {"yes", "no", "not_assessed"}
    for pnc_id, row in chosen.items():
        assert found[(pnc_id, row["event_key"])] == row


def ogrs3(row: Row) -> float | None:
    """Score by the printed formula; None where sex, age or offence group is not known."""
    if row["date_of_birth"] is None or row["sex_on_the_pnc"] not in ("M", "F"):
        return None
    born, on = row["date_of_birth"], row["index_date"]
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    bands = [band for band in OGRS_AGES if band[0] <= age]
    if not bands or row["index_offence_group"] not in OGRS_OFFENCES:
        return None
    z = 1.402562384 + 1.251124464 * row["copas_rate"]
    z += 0.126142106 if row["previous_sanctions_n"] == 0 else 0.463062792
    z += bands[-1][1 if row["sex_on_the_pnc"] == "M" else 2]
    z += OGRS_OFFENCES[row["index_offence_group"]]
    return math.exp(z) / (1 + math.exp(z))


def test_ogrs3_is_its_printed_formula(world: World) -> None:
    scores = [(row["ogrs3"], ogrs3(row)) for row in world.histories]
    assert sum(found is not None for found, _ in scores) > 300
    for found, expected in scores:
        assert found == (None if expected is None else pytest.approx(expected, rel=1e-12))
