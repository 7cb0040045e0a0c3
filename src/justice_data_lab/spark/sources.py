"""The raw zone and the seeds as tables of Spark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from justice_data_lab.dbt_plugins.raw_zone import decision_tables, decisions
from justice_data_lab.intake.arrow import read_uploads
from justice_data_lab.raw_zone.contract import Column, ColumnType, extract_tables
from justice_data_lab.raw_zone.reading import files, read_extract
from justice_data_lab.spark.tables import write


def load(spark: Any, zone: Path, build: Path) -> None:
    """Make views of the extracts, and tables of the uploads and of what the staff wrote down."""
    for schema in ("raw", "uploads", "decisions"):
        spark.sql(f"create schema if not exists {schema}")
    for view, select in _views(zone):
        spark.sql(f"create or replace view raw.{view} as {select}")
    uploads = read_uploads(zone)
    for name in ("requests", "individuals", "service", "findings"):
        write(spark, getattr(uploads, name), "uploads", name)
    for name in decision_tables():
        write(spark, decisions(zone, build, name), "decisions", name)


def read_seed(path: Path, types: Mapping[str, str]) -> pa.Table:
    """Return a seed in the types that its YAML declares; an empty cell is null, as on DuckDB."""
    relation = duckdb.connect().read_csv(str(path), header=True, dtype=dict(types) or None)
    return relation.to_arrow_table()


def _views(zone: Path) -> Iterator[tuple[str, str]]:
    """Yield (view name, select) for each extract, which the check has read before."""
    for table in extract_tables():
        paths = files(zone, table.name)
        single = zone / f"{table.name}.parquet"
        path = paths[0] if single.is_file() else paths[0].parent / "*.parquet"
        columns = ", ".join(f"{_cast(column)} as {column.name}" for column in table.columns)
        yield table.name.replace("/", "__"), f"select {columns} from parquet.`{path.as_uri()}`"
    extract = read_extract(zone)
    contact = "null" if extract.contact is None else "'" + extract.contact.replace("'", "''") + "'"
    yield (
        "lab__extract",
        f"select date '{extract.data_as_of}' as data_as_of, "
        f"date '{extract.reoffending_data_to}' as reoffending_data_to, "
        f"{str(extract.is_synthetic).lower()} as is_synthetic, "
        f"cast({contact} as string) as contact",
    )


def _cast(column: Column) -> str:
    """Return the column in its contract's type; a NaN stands for a missing number and is null."""
    if column.type is ColumnType.INTEGER:
        return f"cast(nanvl(try_cast(`{column.name}` as double), null) as integer)"
    kind = "string" if column.type is ColumnType.VARCHAR else column.type
    return f"cast(`{column.name}` as {kind})"
