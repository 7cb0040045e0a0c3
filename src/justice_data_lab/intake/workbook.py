"""Reads one workbook in a process of its own: ``python -m justice_data_lab.intake.workbook PATH``.

Writes JSON lines: ``["found", part]``, ``["header", part, cells]``, ``["rows", part, numbers,
rows]``, ``["finding", check_id, message]``, ``["records", check_id, numbers, message]`` and at
last ``["done"]``. Whatever happens in here, the process that asked reads lines or the end.
"""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any, Final

from justice_data_lab.intake.archive import WorkbookRefusedError, check_archive
from justice_data_lab.intake.contract import DATE_FIELDS, PARTS, Part, plain_name

MAXIMUM_ROWS: Final = 200_000
MAXIMUM_MEMORY: Final = 2_000_000_000
MAXIMUM_CPU_SECONDS: Final = 30
MAXIMUM_TEXT: Final = 200_000_000
_BATCH_ROWS = 500
_DATE_NAMES = frozenset(plain_name(field) for field in DATE_FIELDS)


def main() -> None:
    """Read the workbook named on the command line; write JSON lines to standard output."""
    _limit_resources()
    warnings.simplefilter("ignore")
    try:
        path = Path(sys.argv[1])
        check_archive(path)
        _read(path)
    except WorkbookRefusedError as refused:
        _emit("refused", refused.check_id, refused.reason)
    except MemoryError:
        _emit("refused", "workbook_too_large", "it needs too much memory; keep only the two sheets")
    except Exception:
        # whatever a stranger's file raises has one meaning, and its text may hold a value
        reason = "it is damaged or not a workbook; save it again as .xlsx"
        _emit("refused", "workbook_not_readable", reason)
    else:
        _emit("done")


def _limit_resources() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MAXIMUM_CPU_SECONDS, MAXIMUM_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAXIMUM_MEMORY, MAXIMUM_MEMORY))


def _emit(*message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")


def _read(path: Path) -> None:
    import openpyxl

    book: Any = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    is_1904 = book.epoch.year == 1904
    for part in PARTS:
        sheets = [
            sheet
            for sheet in book.worksheets
            if sheet.title.strip().casefold() == part.sheet_name.casefold()
        ]
        if len(sheets) == 1:
            _emit("found", part.name)
            _SheetWriter(part, is_1904).write(book, sheets[0])
        elif sheets:
            _emit(
                "finding",
                "sheet_name_repeated",
                f"two sheets are called {part.sheet_name}, so neither was read; keep one",
            )
        else:
            _emit(
                "finding",
                "sheet_missing",
                f"the sheet {part.sheet_name} is missing; use the template's sheets and names",
            )


class _SheetWriter:
    """Writes the header and the rows that are not blank of one sheet."""

    def __init__(self, part: Part, is_1904: bool) -> None:
        self._part = part
        self._is_1904 = is_1904
        self._date_columns: frozenset[int] = frozenset()
        self._width = 0
        self._header_row: int | None = None
        self._numbers: list[int] = []
        self._rows: list[list[str]] = []
        self._lost: list[int] = []
        self._text = 0
        self._is_too_wide = False

    def write(self, book: Any, sheet: Any) -> None:
        from justice_data_lab.intake.sheet import SheetReader

        for row in SheetReader(book, sheet).rows():
            self._is_too_wide |= row.is_too_wide
            texts = self._texts(row)
            is_empty = not any(text and not text.isspace() for text in texts)
            if self._header_row is None and not is_empty:
                self._header(row.number, texts)
                continue
            # a formula that lost its value still makes the row a record
            if self._header_row is None or (is_empty and not row.has_lost_formula):
                continue
            number = row.number - self._header_row
            if number > MAXIMUM_ROWS:
                self._too_many_rows()
                break
            if row.has_lost_formula:
                self._lost.append(number)
            self._add(number, texts)
        self._finish()

    def _texts(self, row: Any) -> list[str]:
        from justice_data_lab.intake.sheet import cell_text

        texts = [""] * max([self._width, *row.cells])
        for column, cell in row.cells.items():
            texts[column - 1] = cell_text(cell, column in self._date_columns, self._is_1904)
        return texts

    def _header(self, row_number: int, texts: list[str]) -> None:
        while texts and not texts[-1].strip():
            texts.pop()
        self._header_row = row_number
        self._width = len(texts)
        self._date_columns = frozenset(
            column for column, name in enumerate(texts, 1) if plain_name(name) in _DATE_NAMES
        )
        _emit("header", self._part.name, texts)

    def _add(self, number: int, texts: list[str]) -> None:
        while len(texts) > self._width and (not texts[-1] or texts[-1].isspace()):
            texts.pop()
        self._text += sum(map(len, texts))
        if self._text > MAXIMUM_TEXT:
            raise WorkbookRefusedError(
                "workbook_too_large", "it holds too much text; keep only what the template asks"
            )
        self._numbers.append(number)
        self._rows.append(texts)
        if len(self._rows) == _BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            _emit("rows", self._part.name, self._numbers, self._rows)
        self._numbers, self._rows = [], []

    def _too_many_rows(self) -> None:
        _emit(
            "finding",
            "too_many_rows",
            f"the sheet {self._part.sheet_name} has rows after the first {MAXIMUM_ROWS:,}, which "
            "were not read; delete them, or send them as a request of its own",
        )

    def _finish(self) -> None:
        self._flush()
        if self._is_too_wide:
            _emit(
                "finding",
                "too_many_columns",
                f"the sheet {self._part.sheet_name} has columns after the first 60, which were "
                "not read; keep only the template's columns",
            )
        if self._lost:
            _emit("lost", self._part.name, self._lost)


if __name__ == "__main__":
    main()
