"""CSV files, read strictly: what does not parse is named, and nothing shifts or disappears."""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

import pyarrow as pa

from justice_data_lab.intake.columns import (
    ColumnBuilder,
    Header,
    accept_header,
    is_blank,
    read_header,
)
from justice_data_lab.intake.contract import Part
from justice_data_lab.intake.encodings import find_encoding, is_usable_file
from justice_data_lab.intake.findings import FindingLog

DELIMITERS: Final = (",", ";", "\t")
MAXIMUM_ROWS: Final = 1_200_000
_BATCH_ROWS = 20_000
_BATCH_CELLS = 500_000
_LONGEST_LINE = 1_000_000
_LONGEST_ROW = 2_000_000
_KEPT_OF_A_LINE = 10_000
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


def read_delimited(path: Path, part: Part, log: FindingLog) -> pa.Table | None:
    """Read one CSV file into text columns and record_number; None when it could not be read.

    The delimiter is the one of comma, semicolon and tab under which the header has most of the
    wanted names. From a place that does not parse on, each line is a row. Everything else that
    is wrong is a finding; no content of the file raises.
    """
    label = part.file_name
    try:
        if not is_usable_file(path, label, log):
            return None
        encoding = find_encoding(path, label, log)
        if encoding is None:
            return None
        delimiter, header = _choose_delimiter(path, encoding, part)
        if header is None:
            log.add("file_empty", f"{label}: has nothing in it; send the file again")
            return None
        if not accept_header(header, part, label, log):
            return None
        with path.open(encoding=encoding, newline="") as handle:
            return _RowReader(handle, delimiter, header, part, log).read()
    except (OSError, UnicodeDecodeError):
        log.add("file_not_readable", f"{label}: could not be opened; send the file again")
        return None


def _choose_delimiter(path: Path, encoding: str, part: Part) -> tuple[str, Header | None]:
    """Return the delimiter with the best header, and that header; None for a file of blanks."""
    best: tuple[str, Header | None] = (DELIMITERS[0], None)
    for delimiter in DELIMITERS:
        with path.open(encoding=encoding, newline="") as handle:
            try:
                cells = _first_row(csv.reader(_Lines(handle), delimiter=delimiter, strict=True))
            except (csv.Error, _RowTooLongError):
                cells = []
                header = Header(0, {}, (), ())
            else:
                if cells is None:
                    return delimiter, None
                header = read_header(cells, part)
        if best[1] is None or header.found_n > best[1].found_n:
            best = (delimiter, header)
    return best


def _first_row(reader: Iterator[list[str]]) -> list[str] | None:
    return next((row for row in reader if not is_blank("".join(row))), None)


class _RowReader:
    """Reads the rows under an accepted header, in batches."""

    def __init__(
        self, handle: TextIO, delimiter: str, header: Header, part: Part, log: FindingLog
    ) -> None:
        self._handle = handle
        self._lines = _Lines(handle)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        self._delimiter = delimiter
        self._width = header.width
        self._builder = ColumnBuilder(header, part)
        self._label = part.file_name
        self._log = log
        self._last_line = 0
        self._broken_after: int | None = None
        self._spanning = array("q")
        self._joined = array("q")

    def read(self) -> pa.Table:
        """Read to the end; from the first place that does not parse on, line by line."""
        _first_row(self._reader)
        self._last_line = self._reader.line_num
        next_number = 1
        is_more = True
        while is_more:
            line_before = self._last_line
            rows, is_more = self._batch(MAXIMUM_ROWS + 1 - next_number)
            if self._last_line - line_before != len(rows):
                self._note_line_breaks(next_number, rows)
            self._builder.add(next_number, rows)
            next_number += len(rows)
        if self._broken_after is not None:
            rows = list(islice(self._lines_as_rows(), MAXIMUM_ROWS + 1 - next_number))
            self._builder.add(next_number, rows)
        self._log_records()
        return self._builder.finish()

    def _batch(self, limit: int) -> tuple[list[list[str]], bool]:
        """Return some rows and whether there may be more."""
        rows: list[list[str]] = []
        cells = 0
        self._lines.row_length = 0
        try:
            for row in self._reader:
                if len(rows) == limit:
                    self._log_too_many()
                    return rows, False
                rows.append(row)
                self._last_line = self._reader.line_num
                self._lines.row_length = 0
                cells += len(row)
                if len(rows) >= _BATCH_ROWS or cells >= _BATCH_CELLS:
                    return rows, True
        except (csv.Error, _RowTooLongError):
            self._broken_after = self._last_line
            self._log.add(
                "unparseable_from_line",
                f"{self._label}: was read line by line from line {self._last_line + 1} on, often "
                "because a quotation mark is not closed; correct that line",
            )
        return rows, False

    def _lines_as_rows(self) -> Iterator[list[str]]:
        """Yield each line after the last row that parsed as a row of its own: none is lost."""
        self._handle.seek(0)
        for line in islice(self._handle, self._broken_after, None):
            try:
                yield from csv.reader([line[:_KEPT_OF_A_LINE]], delimiter=self._delimiter)
            except csv.Error:
                yield line[:_KEPT_OF_A_LINE].split(self._delimiter)

    def _note_line_breaks(self, first_number: int, rows: list[list[str]]) -> None:
        """Note rows with a cell over several lines: a missing quotation mark joins rows so."""
        for number, row in enumerate(rows, first_number):
            broken = [cell for cell in row if _LINE_BREAK.search(cell) and not is_blank(cell)]
            if not broken:
                continue
            most = max(cell.count(self._delimiter) for cell in broken)
            is_joined = most >= max(self._width - 1, 1)
            (self._joined if is_joined else self._spanning).append(number)

    def _log_too_many(self) -> None:
        self._log.add(
            "too_many_rows",
            f"{self._label}: has more than {MAXIMUM_ROWS:,} rows, and those after it were not "
            "read; send it in parts, each as a request of its own",
        )

    def _log_records(self) -> None:
        self._log.add_records(
            "wrong_number_of_cells",
            self._builder.ragged,
            "the row has more or fewer cells than the header; correct the row",
        )
        self._log.add_records(
            "cell_spans_lines",
            self._spanning,
            "a cell of the row runs over several lines; check its quotation marks",
        )
        self._log.add_records(
            "rows_may_be_joined",
            self._joined,
            "a cell holds what looks like other rows; close each quotation mark",
        )
