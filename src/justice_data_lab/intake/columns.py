"""From rows of text to columns: the header by name, then every row that is not blank."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import pyarrow as pa

from justice_data_lab.intake.contract import INDIVIDUALS, REQUIRED_FIELDS, Part, plain_name
from justice_data_lab.intake.findings import FindingLog

MAXIMUM_BYTES: Final = 280_000_000
MAXIMUM_SERVICE_BYTES: Final = 10_000_000
# Arrow's own allocator keeps up to twice as much as it was asked for
_POOL: Final = pa.system_memory_pool()
# marks without a width that programs leave in a header: byte order marks, joiners, soft hyphens
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u2060\u00ad"))


class TooMuchTextError(Exception):
    """The wanted columns hold more text than is kept in memory."""


@dataclass(frozen=True)
class Header:
    """Where the wanted columns stand in a file; ``width`` is its number of columns."""

    width: int
    positions: dict[str, int]
    repeated: tuple[str, ...]
    unknown: tuple[int, ...]

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
    for position, cell in enumerate(cells):
        name = plain_name(cell.translate(_INVISIBLE))
        field = wanted.get(name)
        if field is None:
            if name:
                unknown.append(position)
        elif field in positions:
            repeated.append(field)
        else:
            positions[field] = position
    return Header(len(cells), positions, tuple(dict.fromkeys(repeated)), tuple(unknown))


def accept_header(header: Header, part: Part, label: str, log: FindingLog) -> bool:
    """Log what is wrong with a header; return whether the rows under it can be read."""
    if not header.positions or any(field not in header.positions for field in part.needed):
        log.add(
            "header_not_recognised",
            f"{label}: the first row does not name the columns of the template; put the "
            "template's column names in the first row",
        )
        return False
    for field in header.repeated:
        log.add(
            "column_repeated",
            f"{label}: the column {field} is there more than once, so the file was not read; "
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
        log.add(
            "column_missing" if is_required else "optional_column_missing",
            f"{label}: the column {field} is missing, so it is empty for every record; add it"
            + ("" if is_required else " if you have it"),
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
            self.ragged.extend(
                number for number, row in zip(numbers, rows, strict=True) if len(row) != width
            )
        self._numbers.append(pa.array(numbers, pa.int64()))
        for field, chunks in self._chunks.items():
            position = self._header.positions.get(field)
            chunk = _column(rows, position, is_ragged)
            self._bytes += chunk.nbytes
            chunks.append(chunk)
        if self._bytes > self._maximum_bytes:
            raise TooMuchTextError

    def finish(self) -> pa.Table:
        """Return record_number and the wanted columns; log nothing."""
        columns = {"record_number": pa.chunked_array(self._numbers, pa.int64())}
        for field, chunks in self._chunks.items():
            columns[field] = pa.chunked_array(chunks, pa.string())
        return pa.table(columns)


def is_blank(cell: str) -> bool:
    """Tell whether a cell is empty or only white space."""
    return not cell or cell.isspace()


def _column(rows: list[list[str]], position: int | None, is_ragged: bool) -> pa.Array:
    """Return the cells at one position; null where blank, or where a row ends before it."""
    if position is None:
        return pa.nulls(len(rows), pa.string())
    if is_ragged:
        found: Iterable[str] = [row[position] if position < len(row) else "" for row in rows]
    else:
        found = map(itemgetter(position), rows)
    # is_blank, written out: a call for each of ten million cells takes a second
    cells = [cell if cell and not cell.isspace() else None for cell in found]
    return pa.array(cells, pa.string(), memory_pool=_POOL)
