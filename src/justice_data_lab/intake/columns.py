"""From rows of text to columns: the header by name, then every row that is not blank."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import pyarrow as pa

from justice_data_lab.intake.contract import (
    DATE_FIELDS,
    INDIVIDUALS,
    OTHER_NAMES,
    REQUIRED_FIELDS,
    Part,
    plain_name,
)
from justice_data_lab.intake.dates import ColumnOfDates
from justice_data_lab.intake.findings import FindingLog

MAXIMUM_BYTES: Final = 280_000_000
MAXIMUM_SERVICE_BYTES: Final = 10_000_000
# the header is among the first rows with anything in them; notes may stand above it
HEADER_ROWS: Final = 20
# Arrow's own allocator keeps up to twice as much as it was asked for
_POOL: Final = pa.system_memory_pool()
_FIELDS_BY_OTHER_NAME: Final = {
    other: field for field, others in OTHER_NAMES.items() for other in others
}


class TooMuchTextError(Exception):
    """The wanted columns hold more text than is kept in memory."""


@dataclass(frozen=True)
class Header:
    """Where the wanted columns stand in a file; ``width`` is its number of columns.

    ``guesses``: where a column stands that goes by another name of a wanted one.
    """

    width: int
    positions: dict[str, int]
    repeated: tuple[str, ...]
    unknown: tuple[int, ...]
    guesses: dict[str, int]

    @property
    def found_n(self) -> int:
        """Number of wanted columns that the header has."""
        return len(self.positions)


def read_header(cells: Sequence[str], part: Part) -> Header:
    """Find the part's columns among the header's cells; the first of equal names counts."""
    wanted = {plain_name(field): field for field in part.fields}
    positions: dict[str, int] = {}
    repeated: list[str] = []
    unknown: list[int] = []
    guesses: dict[str, int] = {}
    for position, cell in enumerate(cells):
        name = plain_name(cell)
        field = wanted.get(name)
        if field is None:
            if name:
                unknown.append(position)
                other = _FIELDS_BY_OTHER_NAME.get("".join(filter(str.isalnum, name)))
                if other is not None:
                    guesses.setdefault(other, position)
        elif field in positions:
            repeated.append(field)
        else:
            positions[field] = position
    return Header(len(cells), positions, tuple(dict.fromkeys(repeated)), tuple(unknown), guesses)


def best_header(rows: Iterable[Sequence[str]], part: Part) -> tuple[int, Header]:
    """Return which of the first rows names most of the part's columns, from 0, and its header.

    Of rows that name as many the first; of rows that name none the first, too.
    """
    headers = [read_header(row, part) for row in rows]
    place = max(range(len(headers)), key=lambda n: (headers[n].found_n, -n))
    return place, headers[place]


def accept_header(
    header: Header, part: Part, label: str, log: FindingLog, above: int | None = None
) -> bool:
    """Log what is wrong with a header; return whether the rows under it can be read.

    ``above`` is its row in the file where rows with text stand above it.
    """
    if not header.positions or any(field not in header.positions for field in part.needed):
        log.add(
            "header_not_recognised",
            f"{label}: none of the first {HEADER_ROWS} rows names the columns of the template; put "
            "the template's column names in the first row",
        )
        return False
    if above is not None:
        log.add(
            "header_not_first",
            f"{label}: row {above} was taken as the header, and what stands above it was not read; "
            "nothing to do if that is right, else put the column names in the first row",
        )
    for field in header.repeated:
        log.add(
            "column_repeated",
            f"{label}: the column {field} appears more than once, so the file was not read; "
            "keep one",
            field,
        )
    if header.repeated:
        return False
    if part is INDIVIDUALS:
        _log_missing(header, part, label, log)
    if header.unknown:
        columns = ", ".join(str(position + 1) for position in header.unknown[:10])
        more = "" if len(header.unknown) <= 10 else " and more"
        log.add(
            "column_not_known",
            f"{label}: columns that the template does not have were ignored (column {columns}"
            f"{more}); nothing to do if they were not meant to be used",
        )
    return True


def _log_missing(header: Header, part: Part, label: str, log: FindingLog) -> None:
    for field in part.fields:
        if field in header.positions:
            continue
        is_required = field in REQUIRED_FIELDS
        position = header.guesses.get(field)
        cure = "add it"
        if position is not None:
            cure = f"if it is column {position + 1}, call that {field}"
        log.add(
            "column_missing" if is_required else "optional_column_missing",
            f"{label}: the column {field} is missing, so it is empty for every record; {cure}"
            + (" if you have it" if not is_required and position is None else ""),
            field,
        )


class ColumnBuilder:
    """Builds the wanted columns of one part from batches of rows."""

    def __init__(self, header: Header, part: Part) -> None:
        self._header = header
        self._part = part
        self._numbers: list[pa.Array] = []
        self._chunks: dict[str, list[pa.Array]] = {field: [] for field in part.fields}
        self.ragged = array("q")
        self.ends_short = False
        self.timed = array("q")
        self._dates = {field: ColumnOfDates() for field in DATE_FIELDS if field in header.positions}
        self._bytes = 0
        self._maximum_bytes = MAXIMUM_BYTES if part is INDIVIDUALS else MAXIMUM_SERVICE_BYTES

    def add(self, first_number: int, rows: list[list[str]]) -> None:
        """Add rows numbered from ``first_number``; blank ones are left out, their numbers too."""
        numbers: Sequence[int] = range(first_number, first_number + len(rows))
        filled = [i for i, row in enumerate(rows) if not is_blank("".join(row))]
        if len(filled) < len(rows):
            rows = [rows[i] for i in filled]
            numbers = [numbers[i] for i in filled]
        self.add_numbered(numbers, rows)

    def add_numbered(self, numbers: Sequence[int], rows: list[list[str]]) -> None:
        """Add rows that are known not to be blank, with their record numbers."""
        if not rows:
            return
        width = self._header.width
        is_ragged = any(len(row) != width for row in rows)
        if is_ragged:
            # a shorter row lacks its last cells, which are empty: Excel writes them so
            self.ragged.extend(
                number for number, row in zip(numbers, rows, strict=True) if len(row) > width
            )
        self.ends_short = len(rows[-1]) < width
        self._numbers.append(pa.array(numbers, pa.int64()))
        for field, chunks in self._chunks.items():
            position = self._header.positions.get(field)
            cells = _cells(rows, position, is_ragged)
            if field in self._dates and cells is not None:
                cells, timed = self._dates[field].read(cells)
                self.timed.extend(numbers[i] for i in timed)
            chunk = _column(cells, len(rows))
            self._bytes += chunk.nbytes
            chunks.append(chunk)
        if self._bytes > self._maximum_bytes:
            raise TooMuchTextError

    @property
    def last_number(self) -> int:
        """Number of the last record that was added."""
        last: int = self._numbers[-1][-1].as_py()
        return last

    def log_dates(self, label: str, log: FindingLog) -> None:
        """Log the columns in which the order of day and month is not clear, and times of day."""
        unclear = [field for field, dates in self._dates.items() if dates.has_unclear_order]
        for field, dates in self._dates.items():
            if field in unclear or (unclear and dates.shows_no_order):
                log.add(
                    "date_order_unclear",
                    f"{label}: in the column {field} day and month seem to have changed places in "
                    "some of the dates, so that none of the column is used; find out which dates "
                    "are wrong, and write all of them with the year first, as 2016-02-01",
                    field,
                )
        log.add_rows(
            self._part,
            "time_of_day",
            array("q", sorted(set(self.timed))),
            label,
            "a date has a time of day, which was left out; check that it is the right day",
        )

    def finish(self) -> pa.Table:
        """Return record_number and the wanted columns; log nothing."""
        columns = {"record_number": pa.chunked_array(self._numbers, pa.int64())}
        for field, chunks in self._chunks.items():
            columns[field] = pa.chunked_array(chunks, pa.string())
        return pa.table(columns)


def is_blank(cell: str) -> bool:
    """Tell whether a cell is empty or only white space."""
    return not cell or cell.isspace()


def _cells(rows: list[list[str]], position: int | None, is_ragged: bool) -> list[str | None] | None:
    """Return the cells at one position; None where blank, or where a row ends before it."""
    if position is None:
        return None
    if is_ragged:
        found: Iterable[str] = [row[position] if position < len(row) else "" for row in rows]
    else:
        found = map(itemgetter(position), rows)
    # is_blank, written out: a call for each of ten million cells takes a second
    return [cell if cell and not cell.isspace() else None for cell in found]


def _column(cells: list[str | None] | None, n: int) -> pa.Array:
    """Return cells as a column of n; all null where the file has no such column."""
    if cells is None:
        return pa.nulls(n, pa.string())
    return pa.array(cells, pa.string(), memory_pool=_POOL)
