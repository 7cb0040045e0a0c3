"""Columns and types of the Parquet files, from their footers alone."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from justice_data_lab.raw_zone.contract import Column, ColumnType, Table
from justice_data_lab.visible import visible

# names and kinds of a file's columns, sorted: the order of columns does not matter
Schema = tuple[tuple[str, str], ...]

NULL_KIND = "null"
FLOAT_KIND = "floating"
_NAMED_N = 5
_ADVICE = {
    ColumnType.VARCHAR: "write it as text",
    ColumnType.DATE: "write it as a date without a time",
    ColumnType.INTEGER: "write it as whole numbers",
    ColumnType.BOOLEAN: "write it as true and false",
}


@dataclass(frozen=True)
class UsableColumn:
    """A contract column that is there with a type that fits; ``kind`` is how it was written."""

    column: Column
    kind: str


def read_schema(path: Path) -> Schema | None:
    """Return names and kinds of the file's columns, or None when it is not readable Parquet."""
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError, ValueError):
        return None
    return tuple(sorted((field.name, _kind(field.type)) for field in schema))


def compare(table: Table, schema: Schema, label: str) -> tuple[list[str], list[UsableColumn]]:
    """Hold a file's columns against the contract.

    Returns the problems, and the columns whose values can be checked further. Columns that the
    contract does not have are ignored, but offered where one of them resembles a missing one.
    """
    problems: list[str] = []
    usable: list[UsableColumn] = []
    names = [name for name, _ in schema]
    wanted = {column.name for column in table.columns}
    others = [name for name in names if name not in wanted]
    kinds = dict(schema)
    for column in table.columns:
        prefix = f"{label}: column {column.name}:"
        if column.name not in kinds:
            problems.append(f"{prefix} is missing{_instead(column.name, others)}")
        elif names.count(column.name) > 1:
            problems.append(f"{prefix} appears more than once; keep one")
        elif not _fits(column, kinds[column.name]):
            problems.append(
                f"{prefix} is {kinds[column.name]}, must be {column.type}; {_ADVICE[column.type]}"
            )
        else:
            usable.append(UsableColumn(column, kinds[column.name]))
    return problems, usable


def differences(schema: Schema, first: Schema) -> list[str]:
    """Say of each column how one file of a table differs from the first, in sorted order."""
    kinds, first_kinds = dict(schema), dict(first)
    found = []
    for name in sorted({*kinds, *first_kinds}):
        if name not in kinds:
            others = [other for other in kinds if other not in first_kinds]
            found.append(f"{name}: is missing{_beside(others)} and stands in")
        elif name not in first_kinds:
            found.append(f"{name}: is not in")
        elif kinds[name] != first_kinds[name]:
            found.append(f"{name}: is {kinds[name]}, and {first_kinds[name]} in")
    if not found:
        found = [
            f"{name}: is there more or less often than in" for name in _repeated(schema, first)
        ]
    return found


def _repeated(schema: Schema, first: Schema) -> list[str]:
    names = [name for name, _ in schema]
    first_names = [name for name, _ in first]
    return sorted(name for name in {*names} if names.count(name) != first_names.count(name))


def _instead(name: str, others: list[str]) -> str:
    """Say what to do about a missing column; name the unknown ones, or the one that is like it."""
    by_plain = {_plain(other): other for other in others}
    close = difflib.get_close_matches(_plain(name), by_plain, n=1, cutoff=0.75)
    if close:
        return f", found {visible(by_plain[close[0]])} instead; rename it to {name}"
    if others:
        return f"{_beside(others)}; rename one of them to {name}, or add it (null where unknown)"
    return "; add it (null where unknown)"


def _beside(others: list[str]) -> str:
    """Name columns that the contract has not, the first few of them."""
    if not others:
        return ""
    shown = ", ".join(visible(other) for other in others[:_NAMED_N])
    more = f" and {len(others) - _NAMED_N} more" if len(others) > _NAMED_N else ""
    return f" (also unknown: {shown}{more})"


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _kind(arrow_type: pa.DataType) -> str:
    """Name the SQL type that an Arrow type is read as; others keep their Arrow name."""
    if pa.types.is_dictionary(arrow_type):
        arrow_type = arrow_type.value_type
    if (
        pa.types.is_string(arrow_type)
        or pa.types.is_large_string(arrow_type)
        or pa.types.is_string_view(arrow_type)
    ):
        return str(ColumnType.VARCHAR)
    if pa.types.is_date(arrow_type):
        return str(ColumnType.DATE)
    if pa.types.is_integer(arrow_type):
        return str(ColumnType.INTEGER)
    if pa.types.is_boolean(arrow_type):
        return str(ColumnType.BOOLEAN)
    if pa.types.is_null(arrow_type):
        return NULL_KIND
    if pa.types.is_floating(arrow_type):
        return FLOAT_KIND
    return str(arrow_type)


def _fits(column: Column, kind: str) -> bool:
    if kind in (column.type, NULL_KIND):
        return True
    if column.type is ColumnType.INTEGER:
        return kind == FLOAT_KIND  # whether its values are whole is seen when they are read
    # a code made of digits is a number to whoever wrote it; staging reads it as text
    return column.seed is not None and kind == ColumnType.INTEGER
