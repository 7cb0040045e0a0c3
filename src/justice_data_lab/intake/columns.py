"""From rows of text to columns: the header by name, then every row that is not blank."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

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
from justice_data_lab.intake.stores import Cells, ListedRows, MakeStore, Store

MAXIMUM_BYTES: Final = 280_000_000
MAXIMUM_SERVICE_BYTES: Final = 10_000_000
# the header is among the first rows with anything in them; notes may stand above it
HEADER_ROWS: Final = 20
_FIELDS_BY_OTHER_NAME: Final = {
    other: field for field, others in OTHER_NAMES.items() for other in others
}


class TooMuchTextError(Exception):
    """The wanted columns hold more text than is kept in memory."""


@dataclass(frozen=True)
class ReadPart:
    """A part that was read: its rows, and the row of its header in the sheet or file, from 1."""

    store: Store
    header_row: int


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
    header: Header, part: Part, label: str, log: FindingLog, row: int, is_below_text: bool
) -> bool:
    """Log what is wrong with a header; return whether the rows under it can be read.

    ``row`` is its place in the sheet or file, from 1; ``is_below_text``: not the first with text.
    """
    if not header.positions or any(field not in header.positions for field in part.needed):
        log.add(
            "header_not_recognised",
            f"{label}: none of the first {HEADER_ROWS} rows names the columns of the template; put "
            "the template's column names in the first row",
        )
        return False
    if is_below_text:
        log.add(
            "header_not_first",
            f"{label}: row {row} was taken as the header, and what stands above it was not read; "
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
        columns = ", ".join(column_letters(position + 1) for position in header.unknown[:10])
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
            cure = f"if it is column {column_letters(position + 1)}, call that {field}"
        log.add(
            "column_missing" if is_required else "optional_column_missing",
            f"{label}: the column {field} is missing, so it is empty for every record; {cure}"
            + (" if you have it" if not is_required and position is None else ""),
            field,
        )


class ColumnBuilder:
    """Hands the wanted columns of one part to their store, batch by batch."""

    def __init__(self, header: Header, part: Part, make_store: MakeStore) -> None:
        self._header = header
        self._part = part
        # the store of individuals is the caller's; the questions are few
        self.store: Store = make_store(part.fields) if part is INDIVIDUALS else ListedRows()
        self.last_number = 0
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
        self.last_number = numbers[-1]
        columns: list[Cells | None] = []
        for field in self._part.fields:
            position = self._header.positions.get(field)
            cells = _cells(rows, position, is_ragged)
            if field in self._dates and cells is not None:
                cells, timed = self._dates[field].read(cells)
                self.timed.extend(numbers[i] for i in timed)
            columns.append(cells)
        self._bytes += self.store.add(numbers, columns)
        if self._bytes > self._maximum_bytes:
            raise TooMuchTextError

    def finish(self, header_row: int) -> ReadPart:
        """Return what was read; log nothing."""
        return ReadPart(self.store, header_row)

    def log_dates(self, label: str, log: FindingLog, header_row: int) -> None:
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
            header_row,
        )


def column_letters(number: int) -> str:
    """Name a column as a spreadsheet does: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
