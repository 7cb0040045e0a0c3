"""A provider's own workbook back, with what must be corrected coloured and a note in each cell."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from justice_data_lab.intake.contract import INDIVIDUALS, SERVICE, Part, plain_name
from justice_data_lab.replies.problem import Problem
from justice_data_lab.replies.reply import Reply

MOST_CELLS: Final = 5_000
AUTHOR: Final = "jdl check"
MARK: Final = "Written by jdl check --marked"
"""Description of the workbooks that are written here: those alone are written over."""
_FILLS: Final = {"error": "FFC7CE", "warning": "FFEB9C"}
_DRAWN: Final = ("xl/media/", "xl/charts/", "xl/drawings/drawing", "xl/ctrlprops/")
_SHEETS: Final = (INDIVIDUALS, SERVICE)


@dataclass
class MarkedWorkbook:
    """The workbook, how many cells are marked, and what the copy lacks, a sentence each."""

    content: bytes
    cells_n: int
    lost: list[str] = field(default_factory=list)


def mark_workbook(path: Path, reply: Reply) -> MarkedWorkbook:
    """Mark a workbook that was checked; raises ValueError where it cannot be opened for that.

    A finding of records marks its column in their rows, one of a question its answer, and every
    other the first cell of the header.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            book = load_workbook(path, rich_text=True)
        except Exception as error:
            raise ValueError(f"{path}: could not be opened to be marked; see the reply") from error
    lost = list(dict.fromkeys(f"{warning.message}." for warning in said))
    with zipfile.ZipFile(path) as archive:
        if any(name.casefold().startswith(_DRAWN) for name in archive.namelist()):
            lost.append("Pictures, shapes and charts may be missing from the copy.")
    if _has_formulas(book):
        lost.append("Formulas are without values until a spreadsheet has opened and saved it.")
    notes = _notes(book, reply)
    for cell, (severity, texts) in islice(notes.items(), MOST_CELLS):
        _mark(cell, severity, texts)
    if len(notes) > MOST_CELLS:
        lost.append(f"The first {MOST_CELLS:,} of {len(notes):,} cells are marked.")
    book.properties.description = MARK
    content = io.BytesIO()
    book.save(content)
    return MarkedWorkbook(content.getvalue(), min(len(notes), MOST_CELLS), lost)


def _notes(book: Workbook, reply: Reply) -> dict[Cell, tuple[str, list[str]]]:
    """Return the cells to mark, each with its severity and its texts."""
    notes: dict[Cell, tuple[str, list[str]]] = {}
    for problem in (*reply.errors, *reply.warnings):
        for cell in _cells(book, reply, problem):
            if isinstance(cell, Cell):  # the hidden part of a merged one holds nothing
                texts = notes.setdefault(cell, (problem.severity, []))[1]
                texts.append(" ".join([problem.text, *problem.details]))
    return notes


def _cells(book: Workbook, reply: Reply, problem: Problem) -> Iterator[Cell | MergedCell]:
    people, service = (_sheet(book, part) for part in _SHEETS)
    header = reply.header_row or 1
    if people is not None and problem.ranges:
        columns = _columns(people, header, problem.fields)
        for first, last in problem.ranges:
            for number in range(first, last + 1):
                for column in columns:
                    yield people.cell(header + number, column)
        return
    answers = [] if service is None else _answers(service, problem.fields)
    if answers:
        yield from answers
    elif people is not None:
        yield people.cell(header, 1)


def _sheet(book: Workbook, part: Part) -> Worksheet | None:
    for sheet in book.worksheets:
        if sheet.title.strip().casefold() == part.sheet_name.casefold():
            return sheet
    return None


def _columns(sheet: Worksheet, header: int, fields: tuple[str, ...]) -> list[int]:
    """Return the columns of fields; of none that the sheet has, the first column."""
    wanted = {plain_name(name) for name in fields}
    names = enumerate((plain_name(str(cell.value or "")) for cell in sheet[header]), 1)
    return [column for column, name in names if name in wanted] or [1]


def _answers(sheet: Worksheet, fields: tuple[str, ...]) -> list[Cell | MergedCell]:
    wanted = {plain_name(name) for name in fields}
    asked = enumerate((row[0] for row in sheet.iter_rows(max_col=1, values_only=True)), 1)
    return [
        sheet.cell(row, 2)
        for row, question in asked
        if plain_name(str(question or "")).rstrip("?:") in wanted
    ]


def _mark(cell: Cell, severity: str, texts: list[str]) -> None:
    colour = _FILLS.get(severity, _FILLS["warning"])
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    before = [cell.comment.text] if cell.comment else []
    note = Comment("\n\n".join([*before, *dict.fromkeys(texts)]), AUTHOR)
    note.width, note.height = 320, 120
    cell.comment = note


def _has_formulas(book: Workbook) -> bool:
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return any(cell.data_type == "f" for cell in cells)
