"""Where the tables of a build on Spark lie."""

from typing import Final

WAREHOUSE: Final = "spark"
"""Folder of the build that holds the tables: ``<schema>.db/<table>``, each a folder of Parquet."""


def schema_of_room(database: str, schema: str) -> str:
    """Return the schema on Spark, which has one level, of a database and schema of DuckDB."""
    return f"{database}_{schema}"
