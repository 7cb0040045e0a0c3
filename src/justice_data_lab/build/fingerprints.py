"""Fingerprints of the tables of a build: what must be equal when a build is done again.

``python -m justice_data_lab.build.fingerprints FIRST SECOND`` compares two build folders, exit
status 1 where they differ.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import duckdb

from justice_data_lab.build.databases import DatabaseError, open_build

DATABASES = ("restricted", "analysis", "published")
"""The databases of a build, in the order of their rooms."""

UNCOMPARED_SCHEMAS = ("audit",)
"""Schemas whose tables depend on which tests ran."""


def fingerprints(build: Path, databases: Iterable[str] = DATABASES) -> dict[str, str]:
    """Return a digest by table (``database.schema.table``) of databases in a build folder.

    The digest is the sum of the MD5 halves of the rows, so that it does not depend on their order,
    with the number of rows before it. Raises DatabaseError where a database is missing.
    """
    with open_build(build, *databases) as connection:
        tables = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables() order by all"
        ).fetchall()
        return {
            ".".join(names): digest(connection, *names)
            for names in tables
            if names[1] not in UNCOMPARED_SCHEMAS
        }


def digest(connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> str:
    """Return the number of rows of a table, and a sum over them in any order."""
    query = f"""
        select count(*), coalesce(sum(md5_number_lower(rows::varchar)::hugeint), 0)
        from {database}."{schema}"."{table}" as rows
    """
    count, total = connection.execute(query).fetchall()[0]
    return f"{count} rows, {total:x}"


def main(first: str, second: str) -> int:
    """Print every table that differs between two builds; 0 where none does, 1 else, 2 unread."""
    try:
        left, right = fingerprints(Path(first)), fingerprints(Path(second))
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return 2
    different = sorted(
        table for table in left.keys() | right.keys() if left.get(table) != right.get(table)
    )
    for table in different:
        print(f"{table}: {left.get(table, 'missing')} | {right.get(table, 'missing')}")
    print(f"fingerprints: {len(left)} tables, {len(different)} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
