"""What make test-spark would say of tables that differ: made up here, without Spark."""

import duckdb
import pytest

from justice_data_lab.spark.equality import differences

ROWS = "(values (1, 'a', 0.5::double), (2, null, null), (2, null, 3e9)) as t (n, x, d)"


def made(folder, rows_of_duckdb=ROWS, rows_of_spark=ROWS):
    """A build of one table on both engines."""
    for name in ("restricted", "analysis"):
        duckdb.connect(str(folder / f"{name}.duckdb")).close()
    with duckdb.connect(str(folder / "restricted.duckdb")) as connection:
        connection.execute("create schema staging")
        connection.execute(f"create table staging.one as select * from {rows_of_duckdb}")
        connection.execute("create schema audit")
        connection.execute("create table audit.other as select 1 as n")
    if rows_of_spark is not None:
        table = folder / "spark/restricted_staging.db/one"
        table.mkdir(parents=True)
        duckdb.execute(f"copy (select * from {rows_of_spark}) to '{table}/part-0.parquet'")
    return differences(folder, folder)


def test_equal_tables_in_any_order_with_the_last_digits_of_doubles(tmp_path):
    other = "(select * from (values (2, null, 3e9 + 1), (2, null, null), (1, 'a', 0.5 + 1e-10)) "
    assert made(tmp_path, rows_of_spark=f"{other} as t (n, x, d))") == (["staging.one"], [])


def test_two_empty_tables_are_equal(tmp_path):
    empty = f"(select * from {ROWS} where n > 9)"
    assert made(tmp_path, rows_of_duckdb=empty, rows_of_spark=empty) == (["staging.one"], [])


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (f"(select * from {ROWS} limit 2)", "differs, of 3 rows, in rows (1), n (1), d (1)"),
        (f"(select n, x, d + 1e-6 as d from {ROWS})", "differs, of 3 rows, in d (1)"),
        (f"(select n, coalesce(x, 'b') as x, d from {ROWS})", "differs, of 3 rows, in x (2)"),
        (f"(select n, x, coalesce(d, 0) as d from {ROWS})", "differs, of 3 rows, in d"),
        (f"(select n, x from {ROWS})", "has other columns: d"),
        (None, "is not built on Spark"),
    ],
)
def test_every_difference_is_named_without_a_value(tmp_path, rows, problem):
    compared, found = made(tmp_path, rows_of_spark=rows)
    assert compared == ["staging.one"]
    assert [difference.table for difference in found] == ["staging.one"]
    assert found[0].problem.startswith(problem)
