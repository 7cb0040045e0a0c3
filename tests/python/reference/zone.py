"""Reading a raw zone: admin extracts, reference seeds and uploads, as plain objects."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from . import text

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "reference"
FIELDS = (
    "surname",
    "forename",
    "date_of_birth",
    "gender",
    "pncid",
    "prison_number",
    "intervention_start_date",
    "intervention_end_date",
    "user_reference_1",
)
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


@dataclass(frozen=True)
class Name:
    """One row of pnc/names, folded."""

    surname: str
    forenames: str


@dataclass
class Person:
    """A PNC person with every name and every date of birth, primary and alias together."""

    pnc_id: str
    sex: str = "U"
    names: list[Name] = field(default_factory=list)
    births: set[date] = field(default_factory=set)
    ethnicity: str = "unknown"
    nationality: str = "unknown"
    born: date | None = None


@dataclass(frozen=True)
class Offence:
    """One row of pnc/offences with its codes looked up."""

    offence_id: str
    case_id: str
    offence_date: date | None
    proven_date: date | None
    sentence_days: int | None
    rank: int
    disposal_type: str
    is_custodial: bool
    is_proven: bool
    is_sexual: bool
    is_recordable: bool
    is_breach: bool
    court_type: str
    group: str = "other"
    is_court: bool = True
    force: str | None = None


@dataclass(frozen=True)
class Prisoner:
    """One row of prison/prisoners, folded."""

    prison_number: str
    pnc_id: str | None
    surname: str
    forenames: str
    born: date | None


@dataclass(frozen=True)
class Spell:
    """One row of prison/spells."""

    spell_id: str
    prison_number: str
    reception: date
    release: date | None
    custody_type: str
    expected: date | None = None
    establishment: str | None = None


@dataclass(frozen=True)
class Order:
    """One row of probation/orders."""

    order_id: str
    order_type: str
    start: date
    region: str | None = None


@dataclass(frozen=True)
class Period:
    """One spell of employment or of a benefit; `end` is null while it lasts."""

    start: date
    end: date | None
    benefit: str = ""


@dataclass(frozen=True)
class Assessment:
    """One row of oasys/assessments: yes, no or not known a need."""

    day: date
    needs: dict[str, bool | None]


@dataclass(frozen=True)
class PlanRow:
    """One row of analysis_plans.csv."""

    request_id: str
    analysis_id: str
    setting: str
    value: str


@dataclass(frozen=True)
class Record:
    """One non-empty row of an upload, as text by field, with its place in the file."""

    number: int
    cells: dict[str, str]


@dataclass
class Request:
    """One upload: its records and the service answers."""

    request_id: str
    records: list[Record] = field(default_factory=list)
    service: dict[str, str] = field(default_factory=dict)


@dataclass
class Zone:
    """A raw zone in memory."""

    data_as_of: date
    data_to: date
    persons: dict[str, Person] = field(default_factory=dict)
    offences: dict[str, list[Offence]] = field(default_factory=lambda: defaultdict(list))
    prisoners: dict[str, Prisoner] = field(default_factory=dict)
    spells: dict[str, list[Spell]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[str, list[Order]] = field(default_factory=lambda: defaultdict(list))
    jobs: dict[str, list[Period]] = field(default_factory=lambda: defaultdict(list))
    benefits: dict[str, list[Period]] = field(default_factory=lambda: defaultdict(list))
    assessments: dict[str, list[Assessment]] = field(default_factory=lambda: defaultdict(list))
    is_work_recorded: bool = False
    are_benefits_recorded: bool = False
    plan: list[PlanRow] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)


def seed(name: str) -> dict[str, dict[str, str]]:
    """Read a reference seed by its first column."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {next(iter(row.values())): row for row in rows}


def make_offence(row: dict[str, Any], codes: dict[str, Any], disposals: dict[str, Any]) -> Offence:
    """Look up the codes of an offence row; proven needs a proven disposal and a proven date."""
    code, disposal = codes[row["offence_code"]], disposals[row["disposal_code"]]
    return Offence(
        offence_id=row["offence_id"],
        case_id=row["case_id"],
        offence_date=row["offence_date"],
        proven_date=row["proven_date"],
        sentence_days=row["sentence_days"],
        rank=int(disposal["disposal_rank"]),
        disposal_type=disposal["disposal_type"],
        is_custodial=disposal["is_custodial"] == "true",
        is_proven=disposal["is_proven"] == "true" and row["proven_date"] is not None,
        is_sexual=code["is_sexual"] == "true",
        is_recordable=code["is_recordable"] == "true",
        is_breach=code["is_breach"] == "true",
        court_type=code["court_type"],
        group=code["offence_group"],
        is_court=disposal["is_court"] == "true",
        force=row.get("police_force"),
    )


def _table(root: Path, name: str) -> list[dict[str, Any]]:
    """Read one Parquet file, or the folder of the same name."""
    path = root / f"{name}.parquet"
    if not path.exists():
        path = root / name
    rows: list[dict[str, Any]] = ds.dataset(path, format="parquet").to_table().to_pylist()
    return rows


def _load_pnc(root: Path, zone: Zone) -> None:
    """Read persons, names and offences."""
    for row in _table(root, "pnc/persons"):
        person = Person(
            row["pnc_id"],
            row["sex"] or "U",
            ethnicity=row["ethnicity"] or "unknown",
            nationality=row["nationality"] or "unknown",
            born=row["date_of_birth"],
        )
        person.births.update([row["date_of_birth"]] if row["date_of_birth"] else [])
        zone.persons[person.pnc_id] = person
    for row in _table(root, "pnc/names"):
        named = zone.persons.get(row["pnc_id"])
        if named is not None:
            named.names.append(Name(text.fold(row["surname"]), text.fold(row["forenames"])))
            named.births.update([row["date_of_birth"]] if row["date_of_birth"] else [])
    codes, disposals = seed("offence_codes"), seed("disposal_codes")
    for row in _table(root, "pnc/offences"):
        zone.offences[row["pnc_id"]].append(make_offence(row, codes, disposals))


def _load_prison_and_probation(root: Path, zone: Zone) -> None:
    """Read prisoners, spells and orders; rows without their first date cannot be used."""
    for row in _table(root, "prison/prisoners"):
        zone.prisoners[row["prison_number"]] = Prisoner(
            row["prison_number"],
            row["pnc_id"],
            text.fold(row["surname"]),
            text.fold(row["forenames"]),
            row["date_of_birth"],
        )
    for row in _table(root, "prison/spells"):
        if row["reception_date"] is not None:
            spell = Spell(
                row["spell_id"],
                row["prison_number"],
                row["reception_date"],
                row["release_date"],
                row["custody_type"],
                row["expected_release_date"],
                row["establishment"],
            )
            zone.spells[spell.prison_number].append(spell)
    for row in _table(root, "probation/orders"):
        if row["start_date"] is not None:
            order = Order(row["order_id"], row["order_type"], row["start_date"], row["region"])
            zone.orders[row["pnc_id"]].append(order)


def _load_work_and_needs(root: Path, zone: Zone) -> None:
    """Read employment, benefits and assessments; rows without their first date are no use."""
    jobs, benefits = _table(root, "hmrc/employment_spells"), _table(root, "dwp/benefit_spells")
    zone.is_work_recorded, zone.are_benefits_recorded = bool(jobs), bool(benefits)
    for row in jobs:
        if row["start_date"] is not None:
            zone.jobs[row["pnc_id"]].append(Period(row["start_date"], row["end_date"]))
    for row in benefits:
        if row["start_date"] is not None:
            spell = Period(row["start_date"], row["end_date"], row["benefit"])
            zone.benefits[row["pnc_id"]].append(spell)
    for row in _table(root, "oasys/assessments"):
        if row["assessment_date"] is not None:
            needs = {need: row[f"need_{need}"] for need in NEEDS}
            zone.assessments[row["pnc_id"]].append(Assessment(row["assessment_date"], needs))


def _load_plan(root: Path) -> list[PlanRow]:
    """Read the plans of the lab's staff, where there are any."""
    path = root / "analysis_plans.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    names = ("request_id", "analysis_id", "setting", "value")
    return [PlanRow(*(row[name].strip() for name in names)) for row in rows]


def plain(header: object) -> str:
    """Bring a header to its plain form: case, spaces and underscores do not matter."""
    return re.sub(r"[\s_]", "", str(header or "")).lower()


def read_individuals(rows: Iterable[list[str]]) -> list[Record]:
    """Rule 10: a record is a row with a non-empty cell; all data rows are counted."""
    lines = iter(rows)
    wanted = {plain(name): name for name in FIELDS}
    header = [wanted.get(plain(cell)) for cell in next(lines, [])]
    records = []
    for number, row in enumerate(lines, start=1):
        if any(cell.strip() for cell in row):
            pairs = zip(header, row, strict=False)
            records.append(Record(number, {name: cell.strip() for name, cell in pairs if name}))
    return records


def read_service(rows: Iterable[list[str]]) -> dict[str, str]:
    """Read question and answer pairs, whatever the case of the question."""
    lines = iter(rows)
    header = [plain(cell) for cell in next(lines, [])]
    answers = {}
    for row in lines:
        cells = dict(zip(header, row, strict=False))
        answers[plain(cells.get("question"))] = (cells.get("answer") or "").strip()
    return answers


def _workbook_rows(path: Path, sheet: str) -> list[list[str]]:
    """Read a sheet as text; dates become ISO, serial numbers of date columns too."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows: list[list[str]] = []
    for row in book[sheet].iter_rows(values_only=True):
        cells = ["" if c is None else str(c) for c in row]
        for i, cell in enumerate(row):
            if isinstance(cell, date):
                cells[i] = cell.strftime("%Y-%m-%d")
            elif rows and "date" in plain(rows[0][i] if i < len(rows[0]) else ""):
                cells[i] = text.excel_serial(cells[i])
        rows.append(cells)
    return rows


def _csv_rows(path: Path) -> list[list[str]]:
    """Read a CSV file as rows of text."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))


def _load_uploads(root: Path) -> list[Request]:
    """Read every upload; a bad name, or both forms of one request, is not read."""
    folder = root / "uploads"
    if not folder.exists():
        return []
    found = sorted(folder.iterdir())
    names = [p.stem if p.suffix == ".xlsx" else p.name for p in found]
    requests = []
    for path, name in zip(found, names, strict=True):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) or names.count(name) > 1:
            continue
        if path.suffix == ".xlsx":
            individuals = _workbook_rows(path, "Individuals")
            service = _workbook_rows(path, "Service")
        elif path.is_dir():
            individuals = _csv_rows(path / "individuals.csv")
            service = _csv_rows(path / "service.csv")
        else:
            continue
        requests.append(Request(name, read_individuals(individuals), read_service(service)))
    return requests


def load_zone(root: Path) -> Zone:
    """Read a whole raw zone."""
    extract = json.loads((root / "extract.json").read_text(encoding="utf-8"))
    zone = Zone(
        date.fromisoformat(extract["data_as_of"]),
        date.fromisoformat(extract["reoffending_data_to"]),
    )
    _load_pnc(root, zone)
    _load_prison_and_probation(root, zone)
    _load_work_and_needs(root, zone)
    zone.plan = _load_plan(root)
    zone.requests = _load_uploads(root)
    return zone
