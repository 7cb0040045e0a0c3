"""Random small raw zones full of edges: `write_zone(path, seed, requests=20)`.

Every request has people of its own, so that many small worlds live in one zone. Most
records of most requests are cleanly eligible (a request below 30 would show nothing
beyond `group_too_small`); the rest are edge cases of the rules or of the linking.

    python -m reference.worlds OUT SEED [REQUESTS]      (from tests/python)
"""

from __future__ import annotations

import csv
import json
import random
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from . import lives
from .lives import DATA_TO, Tables, World
from .messy import messy
from .soups import soup
from .uploads import SUBMITTED, Row, edge_row, row_for

AS_OF = date(2023, 11, 1)
HEADER = (
    "Surname",
    "Forename",
    "Date of Birth",
    "gender",
    "PNCid",
    "prison_number",
    "intervention start date",
    "Intervention_End_Date",
    "user_reference_1",
    "user_reference_2",
)
KINDS = (
    ("community", "community_sentence"),
    ("community", "prison_release"),
    ("community", "either"),
    ("custody", "prison_release"),
    ("through_the_gate", "prison_release"),
)
BROKEN = (
    "under_60",
    "custody_community",
    "no_delivered_in",
    "no_index_event",
    "withdrawn",
    "governance_no",
    "conditions_no",
    "initials",
    "half_initials",
    "sixty_exactly",
    "about_thirty",
    "few_eligible",
)
S, D, B, I32 = pa.string(), pa.date32(), pa.bool_(), pa.int32()
NEEDS = (
    "accommodation",
    "ete",
    "finance",
    "relationships",
    "lifestyle",
    "drugs",
    "alcohol",
    "emotional",
    "thinking",
    "attitudes",
)
SCHEMAS: dict[str, list[tuple[str, pa.DataType]]] = {
    "pnc/persons": [
        ("pnc_id", S),
        ("sex", S),
        ("ethnicity", S),
        ("nationality", S),
        ("date_of_birth", D),
    ],
    "pnc/names": [
        ("pnc_id", S),
        ("name_type", S),
        ("forenames", S),
        ("surname", S),
        ("date_of_birth", D),
    ],
    "pnc/offences": [
        ("offence_id", S),
        ("pnc_id", S),
        ("case_id", S),
        ("offence_code", S),
        ("offence_date", D),
        ("proven_date", D),
        ("disposal_code", S),
        ("sentence_days", I32),
        ("police_force", S),
    ],
    "prison/prisoners": [
        ("prison_number", S),
        ("pnc_id", S),
        ("forenames", S),
        ("surname", S),
        ("date_of_birth", D),
    ],
    "prison/spells": [
        ("spell_id", S),
        ("prison_number", S),
        ("reception_date", D),
        ("release_date", D),
        ("expected_release_date", D),
        ("custody_type", S),
        ("establishment", S),
        ("sentence_days", I32),
    ],
    "probation/orders": [
        ("order_id", S),
        ("pnc_id", S),
        ("order_type", S),
        ("start_date", D),
        ("end_date", D),
        ("region", S),
    ],
    "dwp/benefit_spells": [("pnc_id", S), ("benefit", S), ("start_date", D), ("end_date", D)],
    "hmrc/employment_spells": [("pnc_id", S), ("start_date", D), ("end_date", D)],
    "oasys/assessments": [
        ("pnc_id", S),
        ("assessment_date", D),
        *((f"need_{need}", B) for need in NEEDS),
    ],
}


def write_tables(path: Path, tables: Tables) -> None:
    """Write every required Parquet file, empty ones too."""
    for name, fields in SCHEMAS.items():
        target = path / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        table = pa.Table.from_pylist(tables[name], schema=pa.schema(fields))
        pq.write_table(table, target)


def request_rows(
    world: World, kind: tuple[str, str], total: int, clean_n: int, messy_lives: bool = False
) -> list[Row]:
    """Write the records of one request: clean ones, edges of the rules and of the linking.

    Or, beside the clean ones, lives as registers hold them, with the PNCid on every row.
    """
    rows: list[Row] = []
    for _ in range(clean_n):
        person = world.person()
        rows.append(row_for(world, person, lives.clean(world, person, kind)))
    while len(rows) < total:
        person = world.person()
        if messy_lives:
            row = row_for(world, person, messy(world, person, kind))
            rows.append({**row, "pncid": person.pnc_id})
        elif world.rng.random() < 0.6:
            life = soup(world, person, kind)
            ends = kind[0] != "community" and world.rng.random() < 0.2 and life.end is not None
            rows.append(row_for(world, person, life, end_only=ends))
        else:
            rows += edge_row(world, person, lives.clean(world, person, kind))
    del rows[total:]
    world.rng.shuffle(rows)
    return rows


def service_answers(kind: tuple[str, str]) -> dict[str, str]:
    """Write the answers of a request that nothing stops."""
    return {
        "organisation": "Example organisation",
        "service_name": "Example service",
        "sector": "voluntary_community",
        "need": "employment",
        "description": "A service",
        "delivered_in": kind[0],
        "index_event": kind[1],
        "referral_routes": "probation",
        "start_relative_to_sentence": "after",
        "date_meaning": "first session",
        "repeat_receipt_usual": "no",
        "governance_approved": "yes",
        "conditions_accepted": "yes",
        "contact_email": "a@example.org",
        "alternative_contact": "b@example.org",
        "submitted_on": SUBMITTED.isoformat(),
        "withdrawn_on": "",
    }


def break_request(how: str, rows: list[Row], answers: dict[str, str]) -> None:
    """Break a request in the way asked for (sizes are broken where rows are made)."""
    if how == "withdrawn":
        answers["withdrawn_on"] = "2023-09-20"
    elif how == "governance_no":
        answers["governance_approved"] = "No"
    elif how == "conditions_no":
        answers["conditions_accepted"] = "no"
    elif how == "no_delivered_in":
        answers["delivered_in"] = "somewhere"
    elif how == "no_index_event":
        answers["delivered_in"], answers["index_event"] = "community", ""
    elif how == "custody_community":
        answers["delivered_in"], answers["index_event"] = "custody", "community_sentence"
    elif how in ("initials", "half_initials"):
        full = [row for row in rows if len(row["forename"].strip(" .")) > 1]
        wanted = len(rows) // 2 + (how == "initials") - (len(rows) - len(full))
        for row in full[: max(wanted, 0)]:
            row["forename"] = row["forename"].strip()[0]


SIZES = {
    "under_60": (59, 45),
    "sixty_exactly": (60, 45),
    "about_thirty": (61, 22),
    "few_eligible": (66, 8),
}


def write_request(path: Path, world: World, name: str, kind: tuple[str, str], how: str) -> None:
    """Write one upload as CSV files, with blank rows that leave gaps."""
    rng = world.rng
    total, clean_n = SIZES.get(how, (rng.randint(60, 75), rng.randint(36, 48)))
    total += 60 * (how == "messy")
    rows = request_rows(world, kind, total, clean_n, how == "messy")
    answers = service_answers(kind)
    break_request(how, rows, answers)
    folder = path / "uploads" / name
    folder.mkdir(parents=True)
    fields = ("surname", "forename", "born", "gender", "pncid", "prison_number", "start", "end")
    with (folder / "individuals.csv").open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(HEADER)
        for row in rows:
            if rng.random() < 0.03:
                out.writerow([""] * len(HEADER))
            out.writerow([*(row.get(field, "") for field in fields), "", ""])
    with (folder / "service.csv").open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(("question", "answer"))
        out.writerows(answers.items())


def narrow_span(world: World) -> None:
    """Give a request index dates within about a year, so that quarters matter."""
    shift = timedelta(days=world.rng.choice((0, 0, 200, 400, 500)))
    world.first_index = lives.FIRST_INDEX + shift
    world.last_index = min(world.first_index + timedelta(days=450), lives.LATEST_INDEX)


def write_zone(path: Path | str, seed: int, requests: int = 20) -> None:
    """Write a whole raw zone; the same seed gives the same zone."""
    path = Path(path)
    path.mkdir(parents=True, exist_ok=True)
    world = World(random.Random(seed), {name: [] for name in SCHEMAS})
    for number in range(requests):
        kind = KINDS[(number + seed) % len(KINDS)]
        how = BROKEN[(number // 4 + seed) % len(BROKEN)] if number % 4 == 3 else ""
        how = "messy" if number % 4 == 1 else how
        narrow_span(world)
        write_request(path, world, f"w{seed}_{number:02d}", kind, how)
        world.first_index, world.last_index = lives.FIRST_INDEX, lives.LATEST_INDEX
        for _ in range(60):
            person = world.person()
            if world.rng.random() < 0.15:
                soup(world, person, kind)
            else:
                lives.clean(world, person, kind)
    lives.background(world, NEEDS)
    write_tables(path, world.tables)
    extract: dict[str, Any] = {
        "data_as_of": AS_OF.isoformat(),
        "reoffending_data_to": DATA_TO.isoformat(),
    }
    (path / "extract.json").write_text(json.dumps(extract), encoding="utf-8")


if __name__ == "__main__":
    write_zone(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 20)
