"""A tiny raw zone with two rows a table, and the seeds beside it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from justice_data_lab.raw_zone import Column, ColumnType, Table, extract_tables

ARROW_TYPES = {
    ColumnType.VARCHAR: pa.string(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INTEGER: pa.int32(),
    ColumnType.BOOLEAN: pa.bool_(),
}
SEEDS = {
    "offence_codes": "offence_code,offence\nVI01,Wounding\n",
    "disposal_codes": "disposal_code,disposal\n1001,Imprisonment\n",
}
Change = Callable[[str, Callable[[pa.Table], pa.Table]], None]


def two_values(column: Column) -> list[object]:
    if column.type is ColumnType.DATE:
        return [dt.date(2010, 1, 1), None]
    if column.type is ColumnType.INTEGER:
        return [12, None]
    if column.type is ColumnType.BOOLEAN:
        return [True, None]
    if column.seed is not None:
        return ["VI01" if column.seed == "offence_codes" else "1001"] * 2
    if column.values:
        return [column.values[0], None]
    return [f"{column.name}-1", f"{column.name}-2"]


def two_rows(table: Table) -> pa.Table:
    return pa.table(
        {
            column.name: pa.array(two_values(column), ARROW_TYPES[column.type])
            for column in table.columns
        }
    )


def write_extract(zone: Path, content: object) -> None:
    (zone / "extract.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    folder = tmp_path / "zone"
    for table in extract_tables():
        path = folder / f"{table.name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(two_rows(table), path)
    write_extract(folder, {"data_as_of": "2014-01-31", "reoffending_data_to": "2013-12-31"})
    return folder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds" / "reference"
    folder.mkdir(parents=True)
    for name, content in SEEDS.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder.parent


@pytest.fixture
def change(zone: Path) -> Change:
    """Rewrite one table of the zone with a function from table to table."""

    def rewrite(name: str, edit: Callable[[pa.Table], pa.Table]) -> None:
        path = zone / f"{name}.parquet"
        pq.write_table(edit(pq.read_table(path)), path)

    return rewrite
