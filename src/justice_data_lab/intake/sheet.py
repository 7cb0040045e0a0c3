"""One sheet of a workbook, row by row, as stored; formulas without a stored value are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from justice_data_lab.intake.archive import WorkbookRefusedError
from justice_data_lab.intake.book import Book, joined_text

MAXIMUM_COLUMNS: Final = 60
_LAST_ROW = 1_048_576
_LETTERS = re.compile("[A-Za-z]{1,3}")


@dataclass
class SheetRow:
    """A row with its cells by column, each a kind (number, date, iso, error, text) and its text.

    Numbers of rows and columns are from 1.
    """

    number: int
    cells: dict[int, tuple[str, str]] = field(default_factory=dict)
    has_lost_formula: bool = False
    is_too_wide: bool = False
    is_hidden: bool = False


class SheetReader:
    """Reads the rows of one sheet of a workbook; ``hidden_columns`` are known with the first."""

    def __init__(self, book: Book, path: str) -> None:
        self._book = book
        self._path = path
        self._columns: dict[str, int] = {}
        self._namespace = ""
        self.hidden_columns: set[int] = set()

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows in order; raise WorkbookRefusedError when they are not in order."""
        last = 0
        for element in self._book.elements(self._path):
            if element.tag.endswith("}col") and _is_hidden(element, "width"):
                last_column = min(int(element.attrib["max"]), MAXIMUM_COLUMNS)
                self.hidden_columns.update(range(int(element.attrib["min"]), last_column + 1))
            if not element.tag.endswith("}row"):
                continue
            self._namespace = element.tag[: -len("row")]
            number = int(element.get("r") or last + 1)
            if not last < number <= _LAST_ROW:
                raise _disordered()
            yield self._row(number, element)
            last = number
            element.clear()

    def _row(self, number: int, element: Element) -> SheetRow:
        row = SheetRow(number, is_hidden=_is_hidden(element, "ht"))
        row_digits = str(number)
        cell_tag = f"{self._namespace}c"
        column = 0
        for cell in element:
            if cell.tag != cell_tag:
                continue
            column = self._column(cell.get("r"), row_digits, column)
            if column in row.cells:
                raise _disordered()
            stored = self._stored(cell)
            if stored is None:
                row.has_lost_formula |= self._is_lost_formula(cell)
            elif column <= MAXIMUM_COLUMNS:
                row.cells[column] = stored
            else:
                row.is_too_wide |= not stored[1].isspace()
        return row

    def _column(self, reference: str | None, row_digits: str, last: int) -> int:
        if not reference:
            return last + 1
        letters = reference.removesuffix(row_digits)
        number = self._columns.get(letters)
        if number is None:
            if not _LETTERS.fullmatch(letters):
                raise _disordered()
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - 64
            self._columns[letters] = number
        return number

    def _stored(self, cell: Element) -> tuple[str, str] | None:
        """Return kind and text of what is stored, or None for an empty cell."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{self._namespace}is")
            text = "" if inline is None else joined_text(inline)
        else:
            text = cell.findtext(f"{self._namespace}v") or ""
        if not text:
            return None
        if kind == "n":
            return self._number(text.strip(), int(cell.get("s") or 0))
        if kind == "s":
            text = self._book.string(int(text))
            return ("text", text) if text else None
        if kind == "b":
            return ("text", "TRUE" if text.strip() in ("1", "true") else "FALSE")
        return ({"d": "iso", "e": "error"}.get(kind, "text"), text)

    def _number(self, text: str, style: int) -> tuple[str, str]:
        if style in self._book.date_styles:
            return ("date", text)
        width = self._book.zero_styles.get(style, 0)
        return ("number", text.zfill(width) if text.isdigit() else text)

    def _is_lost_formula(self, cell: Element) -> bool:
        """Tell a formula whose value was not stored from one whose value is an empty text."""
        has_formula = cell.find(f"{self._namespace}f") is not None
        return has_formula and cell.get("t") != "str"


def _is_hidden(element: Element, size: str) -> bool:
    """Tell whether a row or column is hidden, by a filter too, or has no height or width."""
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")


def _disordered() -> WorkbookRefusedError:
    return WorkbookRefusedError(
        "workbook_not_readable", "its rows or cells are out of order; open it and save it again"
    )
