"""Raw zones of odd but valid shape: each a generated zone with one thing true of everybody.

python -m reference.odd NAME OUT                    (from tests/python)
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from .lives import DATA_TO, Tables
from .worlds import SCHEMAS, write_tables, write_zone

Rows = list[dict[str, Any]]
STARTS = ("offence_date", "proven_date", "reception_date", "start_date", "assessment_date")
COLUMN = {"surname": 0, "forename": 1, "born": 2, "pncid": 4, "prison_number": 5}


def read_tables(zone: Path) -> Tables:
    """Read every extract of a zone."""
    return {name: pq.read_table(zone / f"{name}.parquet").to_pylist() for name in SCHEMAS}


def rewrite_uploads(
    zone: Path, change: Callable[[int, list[str]], list[str]], only: str = "*"
) -> None:
    """Write every record of uploads as `change` gives it, by its place in the file."""
    for path in sorted(zone.glob(f"uploads/{only}/individuals.csv")):
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


def nobody_linked(zone: Path, _: Tables, only: str = "*") -> None:
    """Name people of whom the register knows nothing."""

    def change(place: int, row: list[str]) -> list[str]:
        written = list(row)
        written[COLUMN["surname"]] = f"Xyzzyq{chr(97 + place % 26)}{chr(97 + place // 26 % 26)}"
        written[COLUMN["forename"]] = "Wqzx"
        written[COLUMN["born"]] = f"1931-01-{1 + place % 28:02d}"
        written[COLUMN["pncid"]] = written[COLUMN["prison_number"]] = ""
        return written

    rewrite_uploads(zone, change, only)


def everybody_linked(zone: Path, tables: Tables, only: str = "*") -> None:
    """Name one person of the register in each record, by number, name and date of birth.

    The one whom the record means, where name and date say who it is; else the next nobody named.
    """
    named = {row["pnc_id"]: row for row in tables["pnc/names"] if row["name_type"] == "primary"}
    cards = [
        (person["pnc_id"], row["surname"], row["forenames"].split()[0], str(row["date_of_birth"]))
        for person in tables["pnc/persons"]
        if (row := named.get(person["pnc_id"])) and row["date_of_birth"] is not None
        if row["surname"] and row["forenames"]
    ]
    by_name = {(card[1].lower(), card[2].lower()): card for card in cards}
    left = iter(cards)

    def change(_: int, row: list[str]) -> list[str]:
        if not any(row):
            return row
        name = (row[COLUMN["surname"]].lower(), row[COLUMN["forename"]].lower())
        pnc_id, surname, forename, born = by_name.get(name) or next(left)
        return [surname, forename, born, row[3], pnc_id, "", *row[6:]]

    rewrite_uploads(zone, change, only)


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


def combined(zone: Path, tables: Tables) -> None:
    """Let one request find nobody and another everybody, in a zone with little beside."""
    no_dates_of_birth(zone, tables)
    nobody_reoffends(zone, tables)
    nobody_linked(zone, tables, only="*_00")
    everybody_linked(zone, tables, only="*_01")
    empty("dwp/benefit_spells", "hmrc/employment_spells", "oasys/assessments")(zone, tables)


def drop_requests(zone: Path, kept: int) -> None:
    """Keep the first requests only."""
    for folder in sorted(zone.glob("uploads/*"))[kept:]:
        shutil.rmtree(folder)


def answer(zone: Path, request: str, question: str, given: str) -> None:
    """Write another answer into the service file of a request."""
    path = next(zone.glob(f"uploads/{request}/service.csv"))
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [row[0], given if row[0] == question else row[1]] for row in rows
        )


def no_request(zone: Path, _: Tables) -> None:
    """Leave `uploads` without a request."""
    drop_requests(zone, 0)


def withdrawn_only(zone: Path, _: Tables) -> None:
    """Leave one request, which is withdrawn."""
    drop_requests(zone, 1)
    answer(zone, "*", "withdrawn_on", "2023-10-20")


def header_only(zone: Path, _: Tables) -> None:
    """Leave nothing but the header in one upload, and nothing at all in another."""
    first, second, *_ = sorted(zone.glob("uploads/*/individuals.csv"))
    first.write_text(first.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    second.write_text("", encoding="utf-8")


def copies_of_one_person(zone: Path, _: Tables) -> None:
    """Fill each upload with the first of its records that has a surname."""
    for path in sorted(zone.glob("uploads/*/individuals.csv")):
        header, *rows = path.read_text("utf-8").splitlines()
        row = next(row for row in rows if row.strip(", "))
        path.write_text("\n".join([header, *[row] * 65]) + "\n", encoding="utf-8")


def the_same_people_twice(zone: Path, _: Tables) -> None:
    """Ask for the same people in a second request, and in a third for another service."""
    first = min(zone.glob("uploads/*"))
    for name, event in (("again", ""), ("as_releases", "prison_release")):
        shutil.copytree(first, zone / "uploads" / name)
        if event:
            answer(zone, name, "index_event", event)


def only_custody(zone: Path, tables: Tables) -> None:
    """Let every proven offence be punished by custody, and leave no order."""
    empty("probation/orders")(zone, tables)
    for row in tables["pnc/offences"]:
        row.update(disposal_code="1001", sentence_days=90)


def thirty_offences_on_a_day(_: Path, tables: Tables) -> None:
    """Add thirty offences of one case to each person, on one day of the year that follows."""
    proven = [row for row in tables["pnc/offences"] if row["proven_date"] is not None]
    for number, (person, day) in enumerate(sorted(last_events(tables).items())):
        for place in range(30):
            tables["pnc/offences"].append(
                {
                    **proven[number % len(proven)],
                    "offence_id": f"E{number:06d}{place:02d}",
                    "case_id": f"E{number:06d}",
                    "pnc_id": person,
                    "offence_date": min(day + timedelta(days=200), DATA_TO),
                    "proven_date": min(day + timedelta(days=230), DATA_TO),
                }
            )


def treated_are_the_register(zone: Path, tables: Tables) -> None:
    """Leave in the register only people whom an upload names."""
    named = set()
    for path in zone.glob("uploads/*/individuals.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            named |= {row[COLUMN["surname"]].strip().upper() for row in csv.reader(handle)}
    kept = {row["pnc_id"] for row in tables["pnc/names"] if (row["surname"] or "").upper() in named}
    numbers = {r["prison_number"] for r in tables["prison/prisoners"] if r["pnc_id"] in kept}
    for name, rows in tables.items():
        key, of = ("pnc_id", kept) if rows and "pnc_id" in rows[0] else ("prison_number", numbers)
        tables[name] = [row for row in rows if row[key] in of]


def one_sex(_: Path, tables: Tables) -> None:
    """Let everybody be a woman, of one ethnicity and nationality."""
    for row in tables["pnc/persons"]:
        row.update(sex="F", ethnicity="unknown", nationality="unknown")


def nothing_known(_: Path, tables: Tables) -> None:
    """Leave every field empty that may be."""
    for name, column in (
        ("pnc/offences", "sentence_days"),
        ("pnc/offences", "police_force"),
        ("prison/prisoners", "pnc_id"),
        ("prison/spells", "expected_release_date"),
        ("prison/spells", "establishment"),
        ("prison/spells", "sentence_days"),
        ("probation/orders", "region"),
        ("probation/orders", "end_date"),
        ("dwp/benefit_spells", "end_date"),
        ("hmrc/employment_spells", "end_date"),
    ):
        for row in tables[name]:
            row[column] = None
    for row in tables["oasys/assessments"]:
        row.update({name: None for name in row if name.startswith("need_")})


def no_surnames(_: Path, tables: Tables) -> None:
    """Leave a third of the names of the register without a surname, and a third without both."""
    for name in ("pnc/names", "prison/prisoners"):
        for place, row in enumerate(tables[name]):
            row["surname"] = None if place % 3 < 2 else row["surname"]
            row["forenames"] = None if place % 3 == 1 else row["forenames"]


def still_in_custody(_: Path, tables: Tables) -> None:
    """Leave every spell open."""
    for row in tables["prison/spells"]:
        row["release_date"] = None


def overlapping_spells(_: Path, tables: Tables) -> None:
    """Add a spell to each that begins and ends ten days later, under the same prison number."""
    tables["prison/spells"] += [
        {
            **row,
            "spell_id": f"L{row['spell_id']}",
            "reception_date": row["reception_date"] + timedelta(days=10),
            "release_date": row["release_date"] and row["release_date"] + timedelta(days=10),
        }
        for row in tables["prison/spells"]
    ]


def on_leap_days(zone: Path, tables: Tables) -> None:
    """Move every date to 29 February of its leap year, in the register and in the uploads."""

    def moved(day: date) -> date:
        return date(min(day.year - day.year % 4, 2020), 2, 29)

    for rows in tables.values():
        for row in rows:
            row.update({k: moved(v) for k, v in row.items() if isinstance(v, date)})
    assessed = {(row["pnc_id"], row["assessment_date"]): row for row in tables["oasys/assessments"]}
    tables["oasys/assessments"] = list(assessed.values())

    def change(_: int, row: list[str]) -> list[str]:
        return [*row[:2], "29/02/1980" if row[2] else "", *row[3:6], "29/02/2020", "", *row[8:]]

    rewrite_uploads(zone, change)


def before_every_service(zone: Path, tables: Tables) -> None:
    """Take the extract before the services: what came later is not in it."""
    as_of = date(2019, 1, 31)
    for name, rows in tables.items():
        starts = [k for k in (rows[0] if rows else ()) if k in STARTS]
        tables[name] = [r for r in rows if all(r[k] is None or r[k] <= as_of for k in starts)]
        for row in tables[name]:
            for column in ("release_date", "end_date"):
                if row.get(column) and row[column] > as_of:
                    row[column] = None
    dates = {"data_as_of": as_of.isoformat(), "reoffending_data_to": "2018-12-31"}
    (zone / "extract.json").write_text(json.dumps(dates), encoding="utf-8")


ODD: dict[str, tuple[Callable[[Path, Tables], None], ...]] = {
    "no_custody": (empty("prison/prisoners", "prison/spells"),),
    "no_work": (empty("dwp/benefit_spells", "hmrc/employment_spells"),),
    "nobody_linked": (nobody_linked,),
    "everybody_linked": (everybody_linked,),
    "no_dates_of_birth": (no_dates_of_birth,),
    "common_names": (common_names,),
    "everybody_reoffends": (everybody_reoffends,),
    "nobody_reoffends": (nobody_reoffends, empty("oasys/assessments")),
    "one_person": (one_person,),
    "everything_empty": (empty(*SCHEMAS),),
    "combined": (combined,),
    "no_request": (no_request,),
    "withdrawn_only": (withdrawn_only,),
    "header_only": (header_only,),
    "copies_of_one_person": (copies_of_one_person,),
    "the_same_people_twice": (the_same_people_twice,),
    "only_custody": (only_custody,),
    "no_orders": (empty("probation/orders"),),
    "no_offences": (empty("pnc/offences"),),
    "thirty_offences_on_a_day": (thirty_offences_on_a_day,),
    "treated_are_the_register": (treated_are_the_register,),
    "one_sex": (one_sex,),
    "nothing_known": (nothing_known,),
    "no_surnames": (no_surnames,),
    "still_in_custody": (still_in_custody,),
    "overlapping_spells": (overlapping_spells,),
    "on_leap_days": (on_leap_days,),
    "before_every_service": (before_every_service,),
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
