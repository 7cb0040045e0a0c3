"""Reads one workbook in a process of its own: ``python -m justice_data_lab.intake.workbook PATH``.

Writes JSON lines: ``["found", part]``, ``["header", part, cells, row]`` (its row where text stands
above it, else null), ``["rows", part, numbers,
rows]``, ``["finding", check_id, message]``, ``["records", part, check_id, numbers]`` and at last
``["done"]``. Whatever happens in here, the process that asked reads lines or the end.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from justice_data_lab.intake.archive import WorkbookArchive, WorkbookRefusedError
from justice_data_lab.intake.book import Book, open_book
from justice_data_lab.intake.cells import cell_text
from justice_data_lab.intake.columns import HEADER_ROWS, best_header, column_letters
from justice_data_lab.intake.contract import DATE_FIELDS, PARTS, Part, plain_name
from justice_data_lab.intake.sheet import MAXIMUM_COLUMNS, SheetReader, SheetRow

MAXIMUM_RECORDS: Final = 200_000
MAXIMUM_MEMORY: Final = 1_000_000_000
MAXIMUM_CPU_SECONDS: Final = 26
# what is written: the text of the sheets and a little more
MAXIMUM_OUTPUT: Final = 120_000_000
MAXIMUM_CELL: Final = 100_000
_BATCH_ROWS = 500
_BATCH_TEXT = 1_000_000
_DATE_NAMES = frozenset(plain_name(field) for field in DATE_FIELDS)


def main() -> None:
    """Read the workbook named on the command line; write JSON lines to standard output."""
    _limit_resources()
    # millions of elements, none in a cycle: looking for cycles would take half the time
    gc.disable()
    write_messages(Path(sys.argv[1]))


def write_messages(path: Path) -> None:
    """Write what a workbook holds to standard output; whatever it holds, nothing raises."""
    try:
        _read(open_book(WorkbookArchive(path)), _Output())
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


def _emit(*message: object) -> int:
    return sys.stdout.write(json.dumps(message) + "\n")


class _Output:
    """Writes messages until they are more than any two sheets need."""

    def __init__(self) -> None:
        self._written = 0

    def emit(self, *message: object) -> None:
        self._written += _emit(*message)
        if self._written > MAXIMUM_OUTPUT:
            raise WorkbookRefusedError(
                "workbook_too_large", "it holds too much text; keep only what the template asks"
            )


def _read(book: Book, output: _Output) -> None:
    for part in PARTS:
        paths = [
            path
            for title, path in book.sheets
            if title.strip().casefold() == part.sheet_name.casefold()
        ]
        if len(paths) == 1:
            output.emit("found", part.name)
            if paths[0] in book.hidden:
                output.emit(
                    "finding",
                    "hidden_in_workbook",
                    f"the sheet {part.sheet_name} is hidden and was read; delete it if it was not "
                    "meant to be sent",
                )
            _SheetWriter(part, book.is_1904, output).write(SheetReader(book, paths[0]))
        elif paths:
            output.emit(
                "finding",
                "sheet_name_repeated",
                f"two sheets are called {part.sheet_name}, so neither was read; keep one",
            )
        else:
            output.emit(
                "finding",
                "sheet_missing",
                f"the sheet {part.sheet_name} is missing; use the template's sheets and names",
            )


def _first_rows(rows: Iterator[SheetRow]) -> list[SheetRow]:
    """Return the rows among which the header is looked for, blank ones between them too."""
    first: list[SheetRow] = []
    filled_n = 0
    for row in rows:
        first.append(row)
        filled_n += _has_text(row)
        if filled_n == HEADER_ROWS:
            break
    return first


def _has_text(row: SheetRow) -> bool:
    return any(text and not text.isspace() for _, text in row.cells.values())


class _SheetWriter:
    """Writes the header and the rows that are not blank of one sheet."""

    def __init__(self, part: Part, is_1904: bool, output: _Output) -> None:
        self._part = part
        self._is_1904 = is_1904
        self._emit = output.emit
        self._wanted: frozenset[int] = frozenset()
        self._date_columns: frozenset[int] = frozenset()
        self._width = 0
        self._header_row = 0
        self._hidden_n = 0
        self._numbers: list[int] = []
        self._rows: list[list[str]] = []
        self._batch_text = 0
        self._records_n = 0
        self._is_too_wide = False
        self._lost: list[int] = []
        self._not_as_typed: list[int] = []

    def write(self, sheet: SheetReader) -> None:
        rows = sheet.rows()
        first = _first_rows(rows)
        filled = [row for row in first if _has_text(row)]
        if filled:
            names = [self._texts(row)[0] for row in filled]
            place, _ = best_header(names, self._part)
            number = filled[place].number
            self._header(number, names[place], is_below_text=place > 0)
            for row in chain((row for row in first if row.number > number), rows):
                if not self._take(row):
                    break
        self._finish(sheet)

    def _take(self, row: SheetRow) -> bool:
        """Add a row under the header that is a record; return whether more may follow."""
        self._is_too_wide |= row.is_too_wide
        texts, is_as_typed = self._texts(row)
        is_empty = not any(text and not text.isspace() for text in texts)
        # a formula that lost its value still makes the row a record, and so does a far cell
        if is_empty and not row.has_lost_formula and not row.is_too_wide:
            return True
        if self._records_n == MAXIMUM_RECORDS:
            self._too_many_rows()
            return False
        number = row.number - self._header_row
        self._hidden_n += row.is_hidden
        if row.has_lost_formula:
            self._lost.append(number)
        if not is_as_typed:
            self._not_as_typed.append(number)
        self._add(number, texts, row.is_too_wide)
        return True

    def _texts(self, row: SheetRow) -> tuple[list[str], bool]:
        """Return the cells of a row as text, and whether the wanted ones are as typed."""
        texts = [""] * max([self._width, *row.cells])
        is_as_typed = True
        for column, (kind, text) in row.cells.items():
            if len(text) > MAXIMUM_CELL:
                raise WorkbookRefusedError(
                    "workbook_too_large", "a cell holds too much text; shorten it or leave it out"
                )
            is_date_column = column in self._date_columns
            texts[column - 1], is_plain = cell_text(kind, text, is_date_column, self._is_1904)
            is_as_typed &= is_plain or column not in self._wanted
        return texts, is_as_typed

    def _header(self, row_number: int, texts: list[str], is_below_text: bool) -> None:
        while texts and not texts[-1].strip():
            texts.pop()
        self._header_row = row_number
        self._width = len(texts)
        names = list(enumerate(map(plain_name, texts), 1))
        fields = set(map(plain_name, self._part.fields))
        self._wanted = frozenset(column for column, name in names if name in fields)
        self._date_columns = frozenset(column for column, name in names if name in _DATE_NAMES)
        self._emit("header", self._part.name, texts, row_number, is_below_text)

    def _add(self, number: int, texts: list[str], is_too_wide: bool) -> None:
        while len(texts) > self._width and (not texts[-1] or texts[-1].isspace()):
            texts.pop()
        if is_too_wide:
            # one cell more than the header has stands for those that were not read
            texts.append("")
        self._records_n += 1
        self._numbers.append(number)
        self._rows.append(texts)
        self._batch_text += sum(map(len, texts))
        if len(self._rows) == _BATCH_ROWS or self._batch_text > _BATCH_TEXT:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._emit("rows", self._part.name, self._numbers, self._rows)
        self._numbers, self._rows, self._batch_text = [], [], 0

    def _too_many_rows(self) -> None:
        self._emit(
            "finding",
            "too_many_rows",
            f"the sheet {self._part.sheet_name} has more than {MAXIMUM_RECORDS:,} rows, and those "
            "after them were not read; send them as a request of its own",
        )

    def _finish(self, sheet: SheetReader) -> None:
        self._flush()
        columns = ", ".join(map(column_letters, sorted(self._wanted & sheet.hidden_columns)))
        hidden = [f"{self._hidden_n:,} of {self._records_n:,} rows"] if self._hidden_n else []
        hidden += [f"column {columns}"] if columns else []
        if hidden:
            self._emit(
                "finding",
                "hidden_in_workbook",
                f"the sheet {self._part.sheet_name} has hidden parts, by a filter or by hand, "
                f"which were read like the others: {' and '.join(hidden)}; delete what was not "
                "meant to be sent",
            )
        if self._is_too_wide:
            self._emit(
                "finding",
                "too_many_columns",
                f"the sheet {self._part.sheet_name} has columns after the first "
                f"{MAXIMUM_COLUMNS}, which were not read; keep only the template's columns",
            )
        self._emit("records", self._part.name, "formula_without_value", self._lost)
        self._emit("records", self._part.name, "cell_not_as_typed", self._not_as_typed)


if __name__ == "__main__":
    main()
