"""Models in Python on Spark: their text is that of DuckDB.

A model reads relations of DuckDB, asks them for Arrow, and keeps tables beside its own through the
connection. Here the connection is one of DuckDB in memory, for this model alone: each table of
Spark that the model reads becomes a relation of it, and each table that the model leaves in it
becomes a table of Spark.
"""

from __future__ import annotations

from typing import Any

import duckdb

from justice_data_lab.spark import tables

_BESIDE = "__failures"
"""How the names end of the tables that other models read from the connection, not by a ref."""


def run(spark: Any, model: dict[str, Any], code: str) -> None:
    """Run a model and write its table, and those that it keeps beside it."""
    namespace: dict[str, Any] = {}
    exec(compile(code, model["original_file_path"], "exec"), namespace)  # the project's own text
    this = namespace["this"]
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(f"attach ':memory:' as \"{this.database}\"")
        connection.execute(f'create schema "{this.database}"."{this.schema}"')
        before = _failures_of_others(spark, connection, this)

        def relation(name: str) -> Any:
            return connection.from_arrow(tables.read(spark, name))

        made = namespace["model"](namespace["dbtObj"](relation), connection)
        for name in _left_in(connection, this) - before:
            rows = connection.table(f'"{this.database}"."{this.schema}"."{name}"')
            tables.write(spark, rows.to_arrow_table(), this.schema, name)
    tables.write(spark, made, this.schema, this.identifier)


def _failures_of_others(spark: Any, connection: Any, this: Any) -> set[str]:
    """Copy what other models of the schema kept of failed analyses; return the tables' names."""
    listed = {table.name for table in spark.catalog.listTables(this.schema)}
    own = f"{this.identifier}{_BESIDE}"
    names = {name for name in listed if name.endswith(_BESIDE) and name != own}
    for name in names:
        connection.register("rows", tables.read(spark, f"{this.schema}.{name}"))
        target = f'"{this.database}"."{this.schema}"."{name}"'
        connection.execute(f"create table {target} as select * from rows")
        connection.unregister("rows")
    return names


def _left_in(connection: Any, this: Any) -> set[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?",
        [this.database, this.schema],
    ).fetchall()
    return {name for (name,) in found}
