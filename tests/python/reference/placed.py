"""Many small worlds as one raw zone: each with people, keys and names of its own.

A world is written as a JSON file too, so that one that disagrees can be run alone:

    make fuzz FUZZ='--world FILE'
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .lives import DATA_TO, Tables
from .small import Small
from .text import check_letter
from .uploads import Row
from .worlds import AS_OF, HEADER, SCHEMAS, D, write_tables

PEOPLE = 200  # numbers of the register kept for each world
KEYS = ("offence_id", "case_id", "order_id", "spell_id")
SYLLABLES = [c + v for c in "BCDFGHJKLMNPRSTVWZ" for v in "AEIOU"]
FIELDS = ("surname", "forename", "born", "gender", "pncid", "prison_number", "start", "end")
PLAN_HEADER = ("request_id", "analysis_id", "setting", "value", "reason")
Cell = Any


def request_name(number: int) -> str:
    """Name the request of a world."""
    return f"w{number:05d}"


def word(number: int, place: int) -> str:
    """Make the name that stands for a place holder: alike for nobody else."""
    value = (number * 676 + place + 1) * 1_103_515_245 % len(SYLLABLES) ** 4
    syllables = []
    for _ in range(4):
        value, rest = divmod(value, len(SYLLABLES))
        syllables.append(SYLLABLES[rest])
    return "".join(syllables)


def place_word(found: re.Match[str], number: int) -> str:
    """Put a name in place of a place holder, in the same letters."""
    first, second = (ord(letter) - 65 for letter in found[1].upper())
    name = word(number, first * 26 + second)
    if found[0].islower():
        return name.lower()
    return name if found[0].isupper() else name.title()


def place_name(text: str, number: int) -> str:
    """Put this world's names into a text."""
    return re.sub("QX([A-Z]{2})QX", lambda m: place_word(m, number), text, flags=re.IGNORECASE)


def place_pncid(text: str, number: int) -> str:
    """Put this world's number into a PNCid in whatever form; a wrong letter stays wrong."""
    found = re.fullmatch(r"(\d+)/(\d+)([A-Z])", text)
    if found is None or int(found[2]) > PEOPLE:
        return text
    year, serial = int(found[1]), number * PEOPLE + int(found[2])
    letter = check_letter(year, serial)
    if found[3] != check_letter(year, int(found[2])):
        letter = "A" if letter != "A" else "B"
    digits = f"{serial:07d}" if len(found[2]) == 7 else str(serial)
    return f"{found[1]}/{digits}{letter}"


def place_prison_number(text: str, number: int) -> str:
    """Put this world's number into a prison number."""
    return re.sub(r"^A(\d{4})([A-Z]{3})$", rf"A{number:05d}\1\2", text)


def place_row(row: Mapping[str, Cell], number: int) -> dict[str, Cell]:
    """Give a row of an extract its place."""
    placed = dict(row)
    for name, value in row.items():
        if not isinstance(value, str):
            continue
        if name in KEYS:
            placed[name] = f"{value[0]}{number:05d}{value[1:]}"
        elif name == "pnc_id":
            placed[name] = place_pncid(value, number)
        elif name == "prison_number":
            placed[name] = place_prison_number(value, number)
        elif name in ("forenames", "surname"):
            placed[name] = place_name(value, number)
    return placed


def place_upload(row: Row, number: int) -> list[str]:
    """Give a row of an upload its place, in the order of the header."""
    placed = {name: place_name(value, number) for name, value in row.items()}
    placed["pncid"] = place_pncid(row.get("pncid", ""), number)
    placed["prison_number"] = place_prison_number(row.get("prison_number", ""), number)
    cells = [placed.get(name, "") for name in FIELDS]
    return [*cells, row.get("user_reference_1", ""), ""]


def write_csv(path: Path, header: tuple[str, ...], rows: list[Any]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(header)
        out.writerows(rows)


def write_worlds(path: Path, worlds: Mapping[int, Small]) -> None:
    """Write a raw zone of some worlds, each at the place of its number."""
    path.mkdir(parents=True, exist_ok=True)
    tables: Tables = {name: [] for name in SCHEMAS}
    plans: list[tuple[str, ...]] = []
    for number, world in sorted(worlds.items()):
        name = request_name(number)
        for table, rows in world.tables.items():
            tables[table] += [place_row(row, number) for row in rows]
        folder = path / "uploads" / name
        folder.mkdir(parents=True)
        upload = [place_upload(row, number) for row in world.individuals]
        write_csv(folder / "individuals.csv", HEADER, upload)
        write_csv(folder / "service.csv", ("question", "answer"), list(world.service.items()))
        plans += [(name, *row, "of a generated world") for row in world.plan]
    write_tables(path, tables)
    write_csv(path / "analysis_plans.csv", PLAN_HEADER, plans)
    dates = {"data_as_of": AS_OF.isoformat(), "reoffending_data_to": DATA_TO.isoformat()}
    extract = dates | {"synthetic": True}  # settings may be below their floors
    (path / "extract.json").write_text(json.dumps(extract), encoding="utf-8")


def save_worlds(path: Path, worlds: Mapping[int, Small]) -> None:
    """Write worlds, mostly one, as a file that can be read by people and run alone."""
    content = [{"number": number, **vars(world)} for number, world in worlds.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, default=str, indent=1), encoding="utf-8")


def load_worlds(path: Path) -> dict[int, Small]:
    """Read worlds by their number from their file."""
    return {world["number"]: read_world(world) for world in json.loads(path.read_text("utf-8"))}


def read_world(content: dict[str, Any]) -> Small:
    """Make a world of what its file holds."""
    tables: Tables = {}
    for name, fields in SCHEMAS.items():
        dates = [field for field, kind in fields if kind == D]
        tables[name] = [
            {k: date.fromisoformat(v) if k in dates and v else v for k, v in row.items()}
            for row in content["tables"][name]
        ]
    plan = [(row[0], row[1], row[2]) for row in content["plan"]]
    return Small(tables, content["individuals"], content["service"], plan)
