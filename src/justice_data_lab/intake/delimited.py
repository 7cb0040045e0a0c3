"""CSV files, read strictly: what does not parse is named, and nothing shifts or disappears."""

from __future__ import annotations

import csv
import os
import re
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from justice_data_lab.intake.columns import (
    HEADER_ROWS,
    ColumnBuilder,
    Header,
    ReadPart,
    TooMuchTextError,
    accept_header,
    best_header,
    is_blank,
)
from justice_data_lab.intake.contract import INDIVIDUALS, Part
from justice_data_lab.intake.encodings import find_encoding, is_usable_file, log_too_large
from justice_data_lab.intake.findings import FindingLog
from justice_data_lab.intake.stores import MakeStore

DELIMITERS: Final = (",", ";", "\t")
MAXIMUM_ROWS: Final = 1_200_000
MAXIMUM_SERVICE_ROWS: Final = 10_000
_BATCH_ROWS = 20_000
_BATCH_CELLS = 500_000
_BATCH_LINES = 2_000
_BATCH_TEXT = 4_000_000
_LONGEST_LINE = 1_000_000
_LONGEST_ROW = 2_000_000
_KEPT_OF_A_LINE = 10_000
# so many rows are looked at for those with anything in them
_ROWS_BEFORE_HEADER = 10_000
# a first line with which Excel names the delimiter
_DELIMITER_LINE = re.compile(r"\ufeff?sep=.?")
_LINE_BREAK = re.compile(r"[\r\n]")


class _RowTooLongError(Exception):
    """A line or a row runs on for longer than any person's would."""


class _Lines:
    """The lines of a file; ``row_length`` is set to 0 by the reader after each row."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self.row_length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._handle.readline(_LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.row_length += len(line)
        if len(line) > _LONGEST_LINE or self.row_length > _LONGEST_ROW:
            raise _RowTooLongError
        return line


def read_delimited(
    path: Path, inside: Path, part: Part, log: FindingLog, make_store: MakeStore
) -> ReadPart | None:
    """Read one CSV file into a store of its rows; None when it could not be read.

    The delimiter is the one of comma, semicolon and tab under which the header has most of the
    wanted names, and the header that of the first rows which has most. From a place that does not
    parse on, each line is a row. Everything else that is wrong is a finding; no content of the file
    raises.
    """
    label = part.file_name
    try:
        if not is_usable_file(path, inside, label, log):
            return None
        encoding = find_encoding(path, label, log)
        if encoding is None:
            return None
        found = _find_header(path, encoding, part)
        if found is None:
            log.add("file_empty", f"{label}: has nothing in it; send the file again")
            return None
        if not accept_header(found.header, part, label, log, found.row, found.is_below_text):
            return None
        with path.open(encoding=encoding, newline="") as handle:
            return _RowReader(path, handle, found, part, log, make_store).read()
    except TooMuchTextError:
        log_too_large(label, log)
    except (OSError, UnicodeDecodeError):
        log.add("file_not_readable", f"{label}: could not be opened; send the file again")
    return None


class _FoundHeader(NamedTuple):
    """A header, the delimiter that it was found with, and the rows of the file before it."""

    header: Header
    delimiter: str
    rows_before: int
    is_below_text: bool
    is_delimiter_named: bool

    @property
    def row(self) -> int:
        """Row of the header in a spreadsheet, which does not show a line that names a delimiter."""
        return self.rows_before + 1 - self.is_delimiter_named


def _find_header(path: Path, encoding: str, part: Part) -> _FoundHeader | None:
    """Return the header with most of the wanted names; None for a file of blanks."""
    best: _FoundHeader | None = None
    with path.open(encoding=encoding) as handle:
        is_named = _DELIMITER_LINE.fullmatch(handle.readline(_KEPT_OF_A_LINE).strip()) is not None
    for delimiter in DELIMITERS:
        with path.open(encoding=encoding, newline="") as handle:
            lines = _Lines(handle)
            rows = _first_rows(csv.reader(lines, delimiter=delimiter, strict=True), lines)
        if rows is None:
            return None
        place, header = best_header([cells for _, cells in rows], part)
        if best is None or header.found_n > best.header.found_n:
            best = _FoundHeader(header, delimiter, rows[place][0], place > 0, is_named)
    return best


def _first_rows(reader: Iterator[list[str]], lines: _Lines) -> list[tuple[int, list[str]]] | None:
    """Return the first rows with text and the number of rows before each; None without any.

    Where a row does not parse it is the last, and empty.
    """
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(islice(reader, _ROWS_BEFORE_HEADER)):
            lines.row_length = 0
            text = "".join(row)
            if not is_blank(text) and not _DELIMITER_LINE.fullmatch(text.strip()):
                rows.append((number, row))
                if len(rows) == HEADER_ROWS:
                    break
    except (csv.Error, _RowTooLongError):
        rows.append((number + 1, []))
    return rows or None


class _RowReader:
    """Reads the rows under an accepted header, in batches."""

    def __init__(
        self,
        path: Path,
        handle: TextIO,
        found: _FoundHeader,
        part: Part,
        log: FindingLog,
        make_store: MakeStore,
    ) -> None:
        self._path = path
        self._handle = handle
        self._lines = _Lines(handle)
        self._reader = csv.reader(self._lines, delimiter=found.delimiter, strict=True)
        self._delimiter = found.delimiter
        self._rows_before = found.rows_before
        self._header_row = found.row
        self._width = found.header.width
        self._builder = ColumnBuilder(found.header, part, make_store)
        self._part = part
        self._limit = MAXIMUM_ROWS if part is INDIVIDUALS else MAXIMUM_SERVICE_ROWS
        self._label = part.file_name
        self._log = log
        self._last_line = 0
        self._next_number = 1
        self._is_broken = False
        self._spanning = array("q")
        self._joined = array("q")
        self._not_parsed = array("q")

    def read(self) -> ReadPart:
        """Read to the end; from the first place that does not parse on, line by line."""
        for _ in islice(self._reader, self._rows_before + 1):
            self._lines.row_length = 0
        self._last_line = self._reader.line_num
        while self._add_parsed():
            pass
        if self._is_broken:
            lines = self._lines_as_rows()
            while self._add_lines(lines):
                pass
        if self._builder.ends_short and not self._ends_with_line():
            self._builder.ragged.append(self._builder.last_number)
        self._log_rows()
        self._builder.log_dates(self._label, self._log, self._header_row)
        return self._builder.finish(self._header_row)

    def _add_parsed(self) -> bool:
        """Add a batch of rows; return whether there may be more."""
        line_before = self._last_line
        rows, is_more = self._parse()
        if self._last_line - line_before != len(rows):
            self._note_line_breaks(rows)
        return self._add(rows) and is_more

    def _parse(self) -> tuple[list[list[str]], bool]:
        rows: list[list[str]] = []
        cells = text = 0
        lines = self._lines
        lines.row_length = 0
        try:
            for row in self._reader:
                rows.append(row)
                self._last_line = self._reader.line_num
                text += lines.row_length
                lines.row_length = 0
                cells += len(row)
                if len(rows) >= _BATCH_ROWS or cells >= _BATCH_CELLS or text >= _BATCH_TEXT:
                    return rows, True
        except (csv.Error, _RowTooLongError):
            self._is_broken = True
        return rows, False

    def _room(self) -> int:
        return self._limit + 1 - self._next_number

    def _add(self, rows: list[list[str]]) -> bool:
        """Add rows as far as the limit allows; return whether it allowed all."""
        room = self._room()
        self._builder.add(self._next_number, rows[:room])
        self._next_number += len(rows[:room])
        if len(rows) <= room:
            return True
        self._is_broken = False
        self._log.add(
            "too_many_rows",
            f"{self._label}: has more than {self._limit:,} rows, and those after them were not "
            "read; send it in parts, each as a request of its own",
        )
        return False

    def _lines_as_rows(self) -> Iterator[tuple[list[str], bool]]:
        """Yield each line after the last row that parsed as a row, and whether it parses."""
        self._log.add(
            "unparseable_from_line",
            f"{self._label}: was read line by line from line {self._last_line + 1} on, often "
            "because a quotation mark is not closed; correct that line",
        )
        self._handle.seek(0)
        for line in islice(self._short_lines(), self._last_line, None):
            try:
                row = next(csv.reader([line], delimiter=self._delimiter, strict=True))
                yield row, len(line) < _KEPT_OF_A_LINE
            except csv.Error:
                yield line.rstrip("\r\n").split(self._delimiter), False

    def _short_lines(self) -> Iterator[str]:
        """Yield the beginning of each line."""
        while line := self._handle.readline(_LONGEST_LINE):
            yield line[:_KEPT_OF_A_LINE]
            while line and line[-1] not in "\r\n":
                line = self._handle.readline(_LONGEST_LINE)

    def _add_lines(self, lines: Iterator[tuple[list[str], bool]]) -> bool:
        """Add a batch of lines; return whether there may be more."""
        rows = list(islice(lines, _BATCH_LINES))
        self._not_parsed.extend(
            number
            for number, (row, is_parsed) in enumerate(rows[: self._room()], self._next_number)
            if not is_parsed and not is_blank("".join(row))
        )
        return self._add([row for row, _ in rows]) and bool(rows)

    def _note_line_breaks(self, rows: list[list[str]]) -> None:
        """Note rows with a cell over several lines: a missing quotation mark joins rows so."""
        for number, row in enumerate(rows[: self._room()], self._next_number):
            broken = [cell for cell in row if _LINE_BREAK.search(cell) and not is_blank(cell)]
            if not broken:
                continue
            most = max(cell.count(self._delimiter) for cell in broken)
            is_joined = most >= max(self._width - 1, 1)
            (self._joined if is_joined else self._spanning).append(number)

    def _ends_with_line(self) -> bool:
        """Tell whether the file ends with a whole line; one that was cut off does not."""
        with self._path.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            return not {*b"\r\n"}.isdisjoint(file.read())

    def _log_rows(self) -> None:
        for check_id, numbers, message in (
            (
                "wrong_number_of_cells",
                self._builder.ragged,
                "the row has more cells than the header, or ends in the middle; correct the row",
            ),
            (
                "row_not_parsed",
                self._not_parsed,
                "the row's quotation marks do not pair, or it is too long, and it was cut at each "
                "delimiter; correct the row",
            ),
            (
                "cell_spans_lines",
                self._spanning,
                "a cell of the row runs over several lines; check its quotation marks",
            ),
            (
                "rows_may_be_joined",
                self._joined,
                "a cell holds what looks like other rows; close each quotation mark",
            ),
        ):
            self._log.add_rows(
                self._part, check_id, numbers, self._label, message, self._header_row
            )
