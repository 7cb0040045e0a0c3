"""What the lab's staff decided, and what was released: small optional CSV files, read as text."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

import pyarrow as pa

from justice_data_lab.intake.dates import read_date
from justice_data_lab.raw_zone.contract import StaffFile

_DATE: Final = re.compile(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|2100-[0-9]{2}-[0-9]{2}")


def read_staff_file(folder: Path, staff_file: StaffFile) -> pa.Table:
    """Return the file's columns as text, null where empty; no rows when there is no file.

    Dates are in the form 2016-02-01.

    Raise ValueError or OSError when it cannot be read; ``check_staff_file`` says why first.
    """
    path = folder / staff_file.name
    rows = _read(path)[1] if path.exists() else []
    return pa.table(
        {
            column: pa.array(
                [_cell(row.get(column), column in staff_file.dates) for row in rows], pa.string()
            )
            for column in staff_file.columns
        }
    )


def _cell(cell: str | None, is_date: bool) -> str | None:
    text = (cell or "").strip() or None
    return read_date(text).text if text is not None and is_date else text


def check_staff_file(folder: Path, staff_file: StaffFile) -> list[str]:
    """Return every problem of a staff file, with its row under the header; empty means none."""
    path = folder / staff_file.name
    if not path.exists():
        return []
    try:
        header, rows = _read(path)
    except (OSError, ValueError, csv.Error):
        return [f"{staff_file.name}: is not a readable CSV file in UTF-8; write it again"]
    if len(set(header)) < len(header):
        return [f"{staff_file.name}: a column appears more than once in the header; keep one"]
    missing = [column for column in staff_file.columns if column not in header]
    if missing:
        return [
            f"{staff_file.name}: column {column}: is missing from the header; add it"
            for column in missing
        ]
    return [
        problem
        for number, row in enumerate(rows, 1)
        for problem in _row_problems(staff_file, number, row)
    ]


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        return list(reader.fieldnames or ()), list(reader)


def _row_problems(staff_file: StaffFile, number: int, row: dict[str, str]) -> list[str]:
    label = f"{staff_file.name}: row {number} under the header"
    if None in row:
        return [f"{label}: has more cells than the header; correct it"]
    problems = [
        f"{label}: column {column}: is empty; fill it in"
        for column in staff_file.needed
        if not (row[column] or "").strip()
    ]
    given = {column: text.strip() for column, text in row.items() if (text or "").strip()}
    problems += [
        f"{label}: column {column}: is not a date; write it as 2016-02-01"
        for column in staff_file.dates
        if column in given and not _DATE.fullmatch(read_date(given[column]).text)
    ]
    problems += [
        f"{label}: column {column}: is not a whole number; correct it"
        for column in staff_file.whole_numbers
        if column in given and not re.fullmatch(r"[0-9]{1,9}", given[column])
    ]
    return problems + [
        f"{label}: column {column}: is not one of {', '.join(words)}; correct it"
        for column, words in staff_file.choices
        if column in given and given[column].casefold() not in words
    ]
