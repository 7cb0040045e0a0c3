"""What `jdl check` puts into its DuckDB is what the build puts into its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.odd_files import FILES, OddFile
from justice_data_lab.intake import INDIVIDUAL_FIELDS
from justice_data_lab.intake.arrow import read_upload
from justice_data_lab.intake.columns import ReadPart
from justice_data_lab.intake.findings import FindingLog
from justice_data_lab.intake.loading import load_uploads
from justice_data_lab.intake.stores import SpooledRows
from justice_data_lab.intake.uploads import ReadRequest, read_request

TABLES = ("individuals", "service", "findings", "requests")


def rows(connection: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema) -> list[Any]:
    names = ", ".join(schema.names)
    return connection.execute(f"select {names} from uploads__{table} order by all").fetchall()


def as_sorted(table: pa.Table) -> list[Any]:
    with duckdb.connect() as connection:
        connection.register("given", table)
        return connection.execute("select * from given order by all").fetchall()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_both_roads_hold_the_same_rows(file: OddFile, tmp_path: Path) -> None:
    path = file.write(tmp_path)
    read = read_upload(path)
    with duckdb.connect() as connection:
        load_uploads(
            connection, read_request(path, lambda _: SpooledRows(tmp_path / "r")), tmp_path
        )
        for name in TABLES:
            table = getattr(read, name)
            assert rows(connection, name, table.schema) == as_sorted(table), name


CELLS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1) | st.none()


@given(st.lists(st.lists(CELLS, min_size=10, max_size=10), min_size=1, max_size=4))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, given_rows: list[list[str | None]]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    store = SpooledRows(folder / "individuals")
    store.add(range(1, len(given_rows) + 1), list(zip(*given_rows, strict=True)))
    request = ReadRequest("R", FindingLog(), form="csv", individuals=ReadPart(store, 1))
    with duckdb.connect() as connection:
        load_uploads(connection, [request], folder)
        names = ", ".join(INDIVIDUAL_FIELDS)
        found = connection.execute(
            f"select {names} from uploads__individuals order by record_number"
        ).fetchall()
    assert found == [tuple(row) for row in given_rows]
