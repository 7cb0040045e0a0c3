"""The published tables as they are read by everything that people see: site, workbooks, CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

DRAFTS: Final = ("analysed", "in_review")
"""Statuses of requests whose results are not released yet."""


class PublishedError(Exception):
    """published.duckdb cannot be read; the text says why in one line."""


@dataclass(frozen=True)
class Published:
    """The tables of one published.duckdb.

    tables: by name, rows in the order of all their columns. descriptions: of each table.
    columns: the description of each (table, column). All texts are the YAML's.
    """

    tables: Mapping[str, pa.Table]
    descriptions: Mapping[str, str]
    columns: Mapping[tuple[str, str], str]

    def of_request(self, table: str, request_id: str) -> pa.Table:
        """Return the rows of one request, without the column request_id."""
        rows = self.tables[table]
        found = rows.filter(pc.equal(rows["request_id"], request_id))
        return found.drop_columns(["request_id"])

    def setting(self, name: str) -> str | None:
        """Return the value of a setting or fact of method_settings; None where there is none."""
        for row in self.tables["method_settings"].to_pylist():
            if row["setting"] == name:
                return str(row["value"])
        return None


def read_published(path: Path) -> Published:
    """Read every table of a published.duckdb.

    Raises PublishedError where the file is missing, in use, or no database.
    """
    if not path.exists():
        raise PublishedError(f"{path}: nothing is published there; run dbt build to its end first")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return _read(connection)
    except duckdb.IOException as error:
        raise PublishedError(
            f"{path}: cannot be opened; wait for the build that uses it"
        ) from error


def _read(connection: duckdb.DuckDBPyConnection) -> Published:
    found = connection.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() "
        "where schema_name = 'main' order by table_name"
    ).fetchall()
    columns = connection.execute(
        "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where schema_name = 'main' order by all"
    ).fetchall()
    return Published(
        tables={
            name: connection.sql(f'from "{name}" order by all').to_arrow_table()
            for name, _ in found
        },
        descriptions=dict(found),
        columns={(table, column): text for table, column, text in columns},
    )
