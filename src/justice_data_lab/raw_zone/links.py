"""Whether the rows of an extract are about people whom the register of persons has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.raw_zone.contract import extract_tables
from justice_data_lab.rounding import percent_of

FEWEST_ROWS: Final = 20
"""An extract with fewer rows that name somebody is not judged: one row may well be of nobody."""

_REGISTER: Final = "pnc/persons"
_KEY: Final = "pnc_id"
_SCAN: Final = "read_parquet($%s, hive_partitioning = false)"


def check_links(
    connection: duckdb.DuckDBPyConnection,
    paths: Mapping[str, list[Path]],
    labels: Mapping[str, str],
    minimum_share: float,
) -> list[str]:
    """Return a problem for each extract of whose rows less than a share is about somebody.

    Rows are compared by their ``pnc_id`` as it is written; a null names nobody and is not counted.
    ``paths`` and ``labels`` hold the tables that fit the contract. Prison numbers are not judged:
    a prison's list of prisoners may be of another day than its spells.
    """
    if _REGISTER not in paths:
        return []
    problems = []
    for table in extract_tables():
        is_about_people = _KEY in {column.name for column in table.columns}
        if table.name == _REGISTER or table.name not in paths or not is_about_people:
            continue
        named, found = _counted(connection, paths[table.name], paths[_REGISTER])
        if named >= FEWEST_ROWS and found < minimum_share * named:
            problems.append(
                f"{labels[table.name]}: column {_KEY}: {found:,} of {named:,} rows "
                f"({percent_of(found, named, 2):.2f}%) are in {labels[_REGISTER]}, less than the "
                f"setting minimum_found_share ({minimum_share:.2%}); write both with one form of "
                "key"
            )
    return problems


def _counted(
    connection: duckdb.DuckDBPyConnection, rows: list[Path], register: list[Path]
) -> tuple[int, int]:
    """Count the rows that name somebody, and those whose key the register has, by its hash."""
    ((named, found),) = connection.execute(
        f"select count({_KEY}), count({_KEY}) filter (hash({_KEY}) in (select hash({_KEY}) from "
        f"{_SCAN % 'register'})) from {_SCAN % 'rows'}",
        {"rows": [str(path) for path in rows], "register": [str(path) for path in register]},
    ).fetchall()
    return named, found
