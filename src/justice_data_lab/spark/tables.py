"""Arrow tables to Spark and back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa


def write(spark: Any, rows: pa.Table, schema: str, name: str) -> None:
    """Write a table anew."""
    frame = spark.createDataFrame(rows.cast(_plain(rows.schema)))
    drop(spark, schema, name)
    frame.write.format("parquet").mode("overwrite").saveAsTable(f"{schema}.{name}")


def drop(spark: Any, schema: str, name: str) -> None:
    """Drop a table, and what an earlier run left in its folder."""
    if spark.catalog.tableExists(f"{schema}.{name}"):
        kind = spark.catalog.getTable(f"{schema}.{name}").tableType
        spark.sql(f"drop {'view' if kind == 'VIEW' else 'table'} {schema}.{name}")
    warehouse = unquote(urlsplit(spark.conf.get("spark.sql.warehouse.dir")).path)
    shutil.rmtree(Path(warehouse) / f"{schema}.db" / name, ignore_errors=True)


def read(spark: Any, name: str) -> pa.Table:
    """Return a table; its text is in the type that DuckDB gives."""
    table = spark.table(name).toArrow()
    return table.cast(_plain(table.schema))


def _plain(schema: pa.Schema) -> pa.Schema:
    """Return a schema in the types that both engines have."""
    return pa.schema([pa.field(field.name, _plain_type(field.type)) for field in schema])


def _plain_type(of: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(of):
        return _plain_type(of.value_type)
    if pa.types.is_large_string(of) or pa.types.is_string_view(of):
        return pa.string()
    if pa.types.is_list(of) or pa.types.is_large_list(of):
        return pa.list_(_plain_type(of.value_type))
    if pa.types.is_unsigned_integer(of):
        return pa.int64()
    return of
