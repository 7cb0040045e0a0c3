"""Values of the Parquet files: keys, codes and whole numbers, counted by DuckDB."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from justice_data_lab.raw_zone.contract import Column, ColumnType
from justice_data_lab.raw_zone.schemas import FLOAT_KIND, UsableColumn

_LISTED_N = 20
_CODE = re.compile(r"(?![0-9]{6})(?=.*[0-9])[A-Za-z0-9_]{1,8}|[A-Za-z]{1,3}")
_SCAN = "read_parquet($paths, hive_partitioning = false)"


def check_values(
    connection: duckdb.DuckDBPyConnection,
    paths: list[Path],
    label: str,
    usable: list[UsableColumn],
    codes: dict[str, frozenset[str]],
) -> list[str]:
    """Return the problems that show only in the values of the columns that fit the contract."""
    reader = _Reader(connection, [str(path) for path in paths])
    problems: list[str] = []
    for found in usable:
        try:
            problems += _check_column(reader, label, found, codes)
        except duckdb.Error:
            # the text of the error can quote a value
            problems.append(
                f"{label}: column {found.column.name}: cannot be read to its end; "
                "write the file again"
            )
    return problems


class _Reader:
    """Runs one query over the files of a table, with the column's name quoted."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, paths: list[str]) -> None:
        self._connection = connection
        self._paths = paths

    def rows(self, select: str, column: str, tail: str = "") -> list[tuple[Any, ...]]:
        quoted = '"' + column.replace('"', '""') + '"'
        query = f"{select} from {_SCAN} {tail}".replace("@column", quoted)
        return self._connection.execute(query, {"paths": self._paths}).fetchall()


def _check_column(
    reader: _Reader, label: str, found: UsableColumn, codes: dict[str, frozenset[str]]
) -> list[str]:
    column = found.column
    prefix = f"{label}: column {column.name}:"
    if column.is_key:
        return _check_key(reader, prefix, column.name)
    if column.seed is not None and column.seed in codes:
        name = f"seeds/reference/{column.seed}.csv"
        return _check_codes(reader, prefix, column, codes[column.seed], name)
    if column.values:
        return _check_codes(reader, prefix, column, frozenset(column.values), None)
    if column.type is ColumnType.INTEGER and found.kind == FLOAT_KIND:
        return _check_whole(reader, prefix, column.name)
    return []


def _check_key(reader: _Reader, prefix: str, column: str) -> list[str]:
    """No nulls and no value twice; hashes are compared first because they need less memory."""
    ((rows, present, hashes),) = reader.rows(
        "select count(*), count(@column), count(distinct hash(@column)) "
        "filter (where @column is not null)",
        column,
    )
    problems = []
    if rows > present:
        problems.append(f"{prefix} is null in {_rows(rows - present)}; a key must have a value")
    if present > hashes:
        ((distinct,),) = reader.rows("select count(distinct @column)", column)
        if present > distinct:
            problems.append(
                f"{prefix} repeats a value in {_rows(present - distinct)}; a key must be unique"
            )
    return problems


def _check_codes(
    reader: _Reader, prefix: str, column: Column, known: frozenset[str], seed: str | None
) -> list[str]:
    """Name each value that is not known, with its number of rows, in sorted order."""
    counts = reader.rows(
        "select cast(@column as varchar) as code, count(*)",
        column.name,
        "group by all order by all nulls first",
    )
    problems = []
    unknown = [(code, n) for code, n in counts if code is not None and code not in known]
    for code, n in counts:
        if code is None and seed is not None:
            problems.append(f"{prefix} is null in {_rows(n)}; every row must have a code")
    for code, n in unknown[:_LISTED_N]:
        if seed is not None:
            problems.append(
                f"{prefix} code {_quoted(code)} is not in {seed} ({_rows(n)}); "
                "add it there or correct the extract"
            )
        else:
            problems.append(
                f"{prefix} value {_quoted(code)} is not known ({_rows(n)}); "
                f"use one of {', '.join(column.values)}"
            )
    if len(unknown) > _LISTED_N:
        problems.append(
            f"{prefix} {len(unknown) - _LISTED_N} more unknown values are not listed; "
            "is this the right column?"
        )
    return problems


def _check_whole(reader: _Reader, prefix: str, column: str) -> list[str]:
    ((broken,),) = reader.rows(
        "select count(*) filter ("
        "where not isnan(@column) and (isinf(@column) or @column != trunc(@column)))",
        column,
    )
    if not broken:
        return []
    return [f"{prefix} is not a whole number in {_rows(broken)}; write it as whole numbers"]


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{n} rows"


def _quoted(code: str) -> str:
    """Quote what has the form of a code; anything else may be a name, a number or a date.

    A code is at most eight letters and digits, a digit among them, or at most three letters; six
    digits or more are a date.
    """
    if _CODE.fullmatch(code):
        return f"'{code}'"
    return f"of {len(code)} characters (not shown: it has not the form of a code)"
