"""The tables of a build on Spark beside those of DuckDB: the same rows, doubles to 1e-9.

``python -m justice_data_lab.spark.equality DUCKDB_BUILD SPARK_BUILD`` compares every table that the
target ``spark`` builds; exit status 1 where one differs or is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.build.databases import open_build
from justice_data_lab.project import project_folder
from justice_data_lab.spark.layout import WAREHOUSE, schema_of_room

TOLERANCE: Final = 1e-9
"""Of doubles, beside the greater of 1 and the figure: logarithms of Java and C end otherwise."""

ROOMS: Final = (
    *(("analysis", "reference"), ("analysis", "pilot_report")),
    *(("restricted", "staging"), ("restricted", "intermediate")),
)
"""Database and schema on DuckDB of what the target ``spark`` builds."""

PUBLISHING: Final = "int_publishing__"
AFTER_THE_ESTIMATES: Final = "models/intermediate/outcomes"
"""Folder of the models that DuckDB alone builds, beside those of the publishing."""


@dataclass(frozen=True)
class Difference:
    """A table that is not the same on both; what is wrong holds no value of a row."""

    table: str
    problem: str


def differences(duckdb_build: Path, spark_build: Path) -> tuple[list[str], list[Difference]]:
    """Return the tables that were compared, and those that differ."""
    compared: list[str] = []
    found: list[Difference] = []
    with open_build(duckdb_build, "restricted", "analysis") as connection:
        for database, schema, table in _tables(connection):
            compared.append(f"{schema}.{table}")
            folder = spark_build / WAREHOUSE / f"{schema_of_room(database, schema)}.db" / table
            problem = _problem(connection, f'{database}.{schema}."{table}"', folder)
            if problem:
                found.append(Difference(f"{schema}.{table}", problem))
    return compared, found


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    rows = connection.execute(
        "select database_name, schema_name, table_name from duckdb_tables() order by all"
    ).fetchall()
    later = {path.stem for path in (project_folder() / AFTER_THE_ESTIMATES).glob("*.sql")}
    for database, schema, table in rows:
        is_alone = table.startswith(PUBLISHING) or table in later
        if (database, schema) in ROOMS and not is_alone:
            yield database, schema, table


def _problem(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> str:
    """Say in a few words how a table of DuckDB and a folder of Spark differ; empty where not."""
    if not any(folder.glob("*.parquet")):
        return "is not built on Spark"
    of_spark = f"read_parquet('{folder.as_posix()}/*.parquet')"
    left, right = _columns(connection, table), _columns(connection, of_spark)
    if left.keys() != right.keys():
        return f"has other columns: {', '.join(sorted(left.keys() ^ right.keys()))}"
    doubles = [name for name in left if "DOUBLE" in (left[name], right[name])]
    exact = [name for name in left if name not in doubles]
    order = ", ".join(f'"{name}"' for name in (*exact, *doubles))
    is_same = [
        "l.row_n is not distinct from r.row_n",
        *(f'l."{name}" is not distinct from r."{name}"' for name in exact),
        *(_is_close(f'l."{name}"', f'r."{name}"') for name in doubles),
    ]
    columns = [f"count(case when not coalesce({same}, false) then 1 end)" for same in is_same]
    numbered = "(select *, row_number() over (order by {order}) as row_n from {source})"
    query = (
        f"select count(*), {', '.join(columns)} "
        f"from {numbered.format(order=order, source=table)} as l "
        f"full join {numbered.format(order=order, source=of_spark)} as r on l.row_n = r.row_n"
    )
    rows_n, *different = connection.execute(query).fetchall()[0]
    named = [
        f"{name} ({n})"
        for name, n in zip(("rows", *exact, *doubles), different, strict=True)
        if n > 0
    ]
    return f"differs, of {rows_n} rows, in {', '.join(named)}" if named else ""


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    described = connection.execute(f"describe select * from {source}").fetchall()
    return {row[0]: row[1] for row in described}


def _is_close(left: str, right: str) -> str:
    """Return SQL for whether two doubles agree; null agrees with null, NaN with NaN."""
    return (
        f"{left} is not distinct from {right} "
        f"or abs({left} - {right}) <= {TOLERANCE} * greatest(1, abs({left}))"
    )


def main(duckdb_build: str, spark_build: str) -> int:
    """Print every table that differs; 0 where none does."""
    compared, found = differences(Path(duckdb_build), Path(spark_build))
    for difference in found:
        print(f"{difference.table}: {difference.problem}")
    print(f"{len(compared)} tables compared, {len(found)} different")
    return 1 if found or not compared else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
