"""The published tables as they are read by everything that people see: site, workbooks, CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.build.databases import open_build

DRAFTS: Final = ("analysed", "in_review")
"""Statuses of requests whose results are not released yet."""


def is_controlled(settings: Mapping[str, str]) -> bool:
    """Whether small counts are hidden: control is on, and none of its settings below its floor.

    settings: of method_settings, by name.
    """
    is_on = settings.get("disclosure_control", "true") != "false"
    return is_on and "disclosure_" not in settings.get("settings_below_floor", "")


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
        return self.settings.get(name)

    @property
    def settings(self) -> Mapping[str, str]:
        """The values of method_settings by name, without those that are null."""
        rows = self.tables["method_settings"].to_pylist()
        return {row["setting"]: row["value"] for row in rows if row["value"] is not None}


def read_published(path: Path) -> Published:
    """Read every table of a published.duckdb.

    Raises DatabaseError where the file is missing, in use, or no database.
    """
    with open_build(path.parent, path.stem) as connection:
        described = connection.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() "
            "where database_name = ? order by table_name",
            [path.stem],
        ).fetchall()
        columns = connection.execute(
            "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
            "where database_name = ? and not internal order by all",
            [path.stem],
        ).fetchall()
        return Published(
            tables={
                name: connection.sql(f'from {path.stem}."{name}" order by all').to_arrow_table()
                for name, _ in described
            },
            descriptions=dict(described),
            columns={(table, column): text for table, column, text in columns},
        )
