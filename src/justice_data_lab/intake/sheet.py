"""One sheet of a workbook, row by row, as text; formulas without a stored value are marked.

openpyxl opens the workbook and knows its shared strings and date formats. Its row iterator is
not used: it leaves out cells and rows that come out of order, and takes a formula without a
stored value for an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element, iterparse

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from justice_data_lab.intake.archive import WorkbookRefusedError
from justice_data_lab.intake.cells import (
    date_cell_text,
    iso_cell_text,
    number_text,
    untyped_date_text,
)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _VALUE = f"{_MAIN}row", f"{_MAIN}c", f"{_MAIN}v"
_FORMULA, _INLINE, _TEXT, _RUN = f"{_MAIN}f", f"{_MAIN}is", f"{_MAIN}t", f"{_MAIN}r"
MAXIMUM_COLUMNS: Final = 60


@dataclass(frozen=True)
class RawCell:
    """A cell as stored: its kind (number, date, iso, text) and its text."""

    kind: str
    text: str


@dataclass
class SheetRow:
    """A row with at least one cell; numbers of rows and columns are from 1."""

    number: int
    cells: dict[int, RawCell]
    has_lost_formula: bool = False
    is_too_wide: bool = False


class SheetReader:
    """Reads the rows of one sheet of an open workbook."""

    def __init__(self, workbook: Any, sheet: Any) -> None:
        self._archive = workbook._archive
        self._path = sheet._worksheet_path
        self._strings = sheet._shared_strings
        self._durations = frozenset(workbook._timedelta_formats)
        self._dates = frozenset(workbook._date_formats) - self._durations
        self._column_numbers: dict[str, int] = {}

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows in order; raise WorkbookRefusedError when they are not in order."""
        last = 0
        with self._archive.open(self._path) as part:
            for _, element in iterparse(part):
                if element.tag != _ROW:
                    continue
                number = int(element.get("r") or last + 1)
                if number <= last:
                    raise _disordered()
                yield self._row(number, element)
                last = number
                element.clear()

    def _row(self, number: int, element: Element) -> SheetRow:
        row = SheetRow(number, {})
        column = 0
        for cell in element:
            if cell.tag != _CELL:
                continue
            column = self._column(cell.get("r"), column)
            if column in row.cells:
                raise _disordered()
            raw = self._cell(cell)
            if raw is None:
                row.has_lost_formula |= cell.find(_FORMULA) is not None
            elif column <= MAXIMUM_COLUMNS:
                row.cells[column] = raw
            else:
                row.is_too_wide |= not raw.text.isspace()
        return row

    def _column(self, reference: str | None, last: int) -> int:
        if not reference:
            return last + 1
        letters = reference.rstrip("0123456789")
        number = self._column_numbers.get(letters)
        if number is None:
            number = column_index_from_string(coordinate_from_string(reference)[0])
            self._column_numbers[letters] = number
        return number

    def _cell(self, cell: Element) -> RawCell | None:
        """Return what is stored, or None for an empty cell."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_INLINE)
            text = "" if inline is None else _inline_text(inline)
            return RawCell("text", text) if text else None
        text = cell.findtext(_VALUE) or ""
        if not text:
            return None
        if kind == "s":
            text = self._strings[int(text)]
            return RawCell("text", text) if text else None
        if kind == "b":
            return RawCell("text", "TRUE" if text.strip() in ("1", "true") else "FALSE")
        if kind == "d":
            return RawCell("iso", text)
        if kind == "n":
            style = int(cell.get("s") or 0)
            return RawCell("date" if style in self._dates else "number", text.strip())
        return RawCell("text", text)


def cell_text(cell: RawCell, is_date_column: bool, is_1904: bool) -> str:
    """Write a cell as text, dates as ISO; plain numbers in date columns are serial numbers."""
    if cell.kind == "text":
        return cell.text
    if cell.kind == "date":
        return date_cell_text(cell.text, is_1904, is_date_column)
    if cell.kind == "iso":
        return iso_cell_text(cell.text, is_date_column)
    return untyped_date_text(cell.text, is_1904) if is_date_column else number_text(cell.text)


def _inline_text(inline: Element) -> str:
    """Join the runs of a rich text, without the reading aids that some languages add."""
    parts = []
    for child in inline:
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag == _RUN:
            parts.append(child.findtext(_TEXT) or "")
    return "".join(parts)


def _disordered() -> WorkbookRefusedError:
    return WorkbookRefusedError(
        "workbook_not_readable", "its rows or cells are out of order; open it and save it again"
    )
