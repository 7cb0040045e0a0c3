"""Odd but valid zones are built and their data tests pass: none promises more than its model."""

from pathlib import Path

import duckdb

from .data_tests import WITH_DATA_TESTS
from .fuzz import run_build
from .odd import write_odd
from .settings import Settings


def test_a_zone_of_odd_shape_is_built_with_every_data_test(tmp_path: Path) -> None:
    zone, folder = tmp_path / "zone", tmp_path / "build"
    write_odd(zone, "combined")
    run_build(zone, folder, Settings(), WITH_DATA_TESTS)
    with duckdb.connect(str(folder / "published.duckdb"), read_only=True) as connection:
        rows = connection.execute("select request_id, status from requests").fetchall()
    statuses = {str(name)[-3:]: status for name, status in rows}
    assert statuses["_00"] == "not_answerable", "nobody of it is in the register"
    assert "analysed" in statuses.values()
