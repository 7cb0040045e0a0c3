"""Raw zones of odd but valid shape: each a generated zone with one thing true of everybody.

python -m reference.odd NAME OUT                    (from tests/python)
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from .lives import DATA_TO, Tables
from .worlds import SCHEMAS, write_tables, write_zone

Rows = list[dict[str, Any]]
COLUMN = {"surname": 0, "forename": 1, "born": 2, "pncid": 4, "prison_number": 5}


def read_tables(zone: Path) -> Tables:
    """Read every extract of a zone."""
    return {name: pq.read_table(zone / f"{name}.parquet").to_pylist() for name in SCHEMAS}


def rewrite_uploads(zone: Path, change: Callable[[int, list[str]], list[str]]) -> None:
    """Write every record of every upload as `change` gives it, by its place in the file."""
    for path in sorted(zone.glob("uploads/*/individuals.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        with path.open("w", encoding="utf-8", newline="") as handle:
            out = csv.writer(handle)
            out.writerow(header)
            out.writerows(change(place, row) for place, row in enumerate(rows))


def last_events(tables: Tables) -> dict[str, date]:
    """Give the last start of an order or release of each person."""
    owners = {row["prison_number"]: row["pnc_id"] for row in tables["prison/prisoners"]}
    days = [(row["pnc_id"], row["start_date"]) for row in tables["probation/orders"]]
    days += [
        (owners[row["prison_number"]], row["release_date"] or row["reception_date"])
        for row in tables["prison/spells"]
    ]
    last: dict[str, date] = {}
    for person, day in days:
        if person is not None:
            last[person] = max(day, last.get(person, day))
    return last


def empty(*names: str) -> Callable[[Path, Tables], None]:
    """Leave extracts without a row."""

    def change(_: Path, tables: Tables) -> None:
        for name in names:
            tables[name] = []

    return change


def nobody_linked(zone: Path, _: Tables) -> None:
    """Name people of whom the register knows nothing."""

    def change(place: int, row: list[str]) -> list[str]:
        written = list(row)
        written[COLUMN["surname"]] = f"Xyzzyq{chr(97 + place % 26)}{chr(97 + place // 26 % 26)}"
        written[COLUMN["forename"]] = "Wqzx"
        written[COLUMN["born"]] = f"1931-01-{1 + place % 28:02d}"
        written[COLUMN["pncid"]] = written[COLUMN["prison_number"]] = ""
        return written

    rewrite_uploads(zone, change)


def no_dates_of_birth(zone: Path, tables: Tables) -> None:
    """Leave 40% of the records and of the register without a date of birth."""

    def change(place: int, row: list[str]) -> list[str]:
        return [
            "" if number == COLUMN["born"] and place % 5 < 2 else cell
            for number, cell in enumerate(row)
        ]

    rewrite_uploads(zone, change)
    for name in ("pnc/persons", "pnc/names", "prison/prisoners"):
        for place, row in enumerate(tables[name]):
            row["date_of_birth"] = None if place % 5 < 2 else row["date_of_birth"]


def common_names(zone: Path, tables: Tables) -> None:
    """Name everybody Jack Smith."""

    def change(_: int, row: list[str]) -> list[str]:
        return ["Smith", "Jack", *row[2:]]

    rewrite_uploads(zone, change)
    for name in ("pnc/names", "prison/prisoners"):
        for row in tables[name]:
            row.update(forenames="JACK", surname="SMITH")


def everybody_reoffends(_: Path, tables: Tables) -> None:
    """Add an offence in the month after the last order or release of each person."""
    proven = [row for row in tables["pnc/offences"] if row["proven_date"] is not None]
    last = last_events(tables)
    for number, (person, day) in enumerate(sorted(last.items())):
        tables["pnc/offences"].append(
            {
                **proven[0],
                "offence_id": f"E{number:06d}",
                "case_id": f"E{number:06d}",
                "pnc_id": person,
                "offence_date": min(day + timedelta(days=20), DATA_TO),
                "proven_date": min(day + timedelta(days=40), DATA_TO),
            }
        )


def nobody_reoffends(_: Path, tables: Tables) -> None:
    """Leave out the offences after the last order or release of each person."""
    last = last_events(tables)
    tables["pnc/offences"] = [
        row
        for row in tables["pnc/offences"]
        if row["offence_date"] is None
        or row["offence_date"] <= last.get(row["pnc_id"], row["offence_date"])
    ]


def one_person(zone: Path, tables: Tables) -> None:
    """Leave one person in the register; every upload asks for them, once a record."""
    person = tables["pnc/persons"][0]["pnc_id"]
    numbers = {r["prison_number"] for r in tables["prison/prisoners"] if r["pnc_id"] == person}
    for name, rows in tables.items():
        tables[name] = [
            row
            for row in rows
            if row.get("pnc_id") == person or row.get("prison_number") in numbers
        ]


ODD: dict[str, tuple[Callable[[Path, Tables], None], ...]] = {
    "no_custody": (empty("prison/prisoners", "prison/spells"),),
    "no_work": (empty("dwp/benefit_spells", "hmrc/employment_spells"),),
    "nobody_linked": (nobody_linked,),
    "no_dates_of_birth": (no_dates_of_birth,),
    "common_names": (common_names,),
    "everybody_reoffends": (everybody_reoffends,),
    "nobody_reoffends": (nobody_reoffends, empty("oasys/assessments")),
    "one_person": (one_person,),
    "everything_empty": (empty(*SCHEMAS),),
}


def write_odd(zone: Path, name: str, requests: int = 5) -> None:
    """Write the zone of a name."""
    write_zone(zone, seed=20140401, requests=requests)
    tables = read_tables(zone)
    for change in ODD[name]:
        change(zone, tables)
    write_tables(zone, tables)


if __name__ == "__main__":
    write_odd(Path(sys.argv[2]), sys.argv[1])
