"""Whether the rows of an extract are about people, or prisoners, that the zone knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.raw_zone.contract import TABLES, Table

FEWEST_ROWS: Final = 20
"""An extract with fewer rows that name somebody is not judged: one row may well be of nobody."""

_REGISTERS: Final = {"pnc_id": "pnc/persons", "prison_number": "prison/prisoners"}
_SCAN: Final = "read_parquet($%s, hive_partitioning = false)"


def check_links(
    connection: duckdb.DuckDBPyConnection,
    paths: Mapping[str, list[Path]],
    labels: Mapping[str, str],
    minimum_share: float,
) -> list[str]:
    """Return a problem for each extract of whose rows less than a share is about somebody.

    Rows are compared by their key as it is written (``pnc_id`` with pnc/persons, ``prison_number``
    with prison/prisoners); a null names nobody and is not counted. ``paths`` and ``labels`` hold
    the tables that fit the contract.
    """
    problems = []
    for table in TABLES:
        for key, register in _REGISTERS.items():
            if register == table.name or {table.name, register} - paths.keys():
                continue
            if key not in {column.name for column in table.columns} or key == table.key:
                continue
            named, found = _counted(connection, key, paths[table.name], paths[register])
            if named >= FEWEST_ROWS and found < minimum_share * named:
                problems.append(
                    f"{labels[table.name]}: column {key}: {found:,} of {named:,} rows "
                    f"({found / named:.2%}) are in {labels[register]}, less than the setting "
                    f"minimum_found_share ({minimum_share:.2%}); write both with one form of key"
                )
    return problems


def _counted(
    connection: duckdb.DuckDBPyConnection, key: str, rows: list[Path], register: list[Path]
) -> tuple[int, int]:
    """Count the rows that name somebody, and those whose key the register has, by its hash."""
    ((named, found),) = connection.execute(
        f"select count({key}), count({key}) filter (hash({key}) in (select hash({key}) from "
        f"{_SCAN % 'register'})) from {_SCAN % 'rows'}",
        {"rows": [str(path) for path in rows], "register": [str(path) for path in register]},
    ).fetchall()
    return named, found
