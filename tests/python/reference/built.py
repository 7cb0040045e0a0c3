"""The tables of a build, and how a disagreement about them is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

Rows = list[dict[str, Any]]


def line(request: str, record: object, name: str, ours: object, theirs: object) -> str:
    """Write one disagreement."""
    return f"{request}\t{record}\t{name}\tours={ours}\ttheirs={theirs}"


def rows(database: Path, table: str) -> Rows:
    """Read a table of a database as dictionaries."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(f"select * from {table}").to_arrow_table().to_pylist()


def group(found: Rows) -> dict[str, Rows]:
    """Group rows by request."""
    grouped: dict[str, Rows] = defaultdict(list)
    for row in found:
        grouped[row["request_id"]].append(row)
    return grouped


@dataclass
class Built:
    """The tables of a build that are compared, by request."""

    folder: Path

    def table(self, name: str) -> Rows:
        """Read a table by database.schema.table."""
        database, rest = name.split(".", 1)
        return rows(self.folder / f"{database}.duckdb", rest)

    def by_request(self, name: str) -> dict[str, Rows]:
        """Read a table by request."""
        return group(self.table(name))
