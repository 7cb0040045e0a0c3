"""What stands between the project and Spark: tables, errors, and the models in Python."""

from datetime import date

import pyarrow as pa
import pytest

ROWS = pa.table(
    {
        "n": pa.array([1, None], pa.int64()),
        "x": pa.array(["O'Brien", None], pa.large_string()),
        "day": pa.array([date(2016, 2, 29), date(9999, 12, 31)]),
        "is_so": pa.array([True, None]),
        "d": pa.array([0.1, None], pa.float64()),
        "words": pa.array([["a", "b"], []], pa.list_(pa.string())),
    }
)


def test_a_table_comes_back_as_it_went(spark):
    from justice_data_lab.spark import tables

    spark.sql("create schema if not exists house")
    tables.write(spark, ROWS, "house", "rows")
    tables.write(spark, ROWS, "house", "rows")  # anew
    back = tables.read(spark, "house.rows")
    assert back.sort_by("day").to_pylist() == ROWS.to_pylist()
    assert back.schema.field("x").type == pa.string()


def test_an_empty_cell_of_a_seed_is_null(spark, tmp_path):
    from justice_data_lab.spark import sources, tables

    (tmp_path / "seed.csv").write_text("code,n\n01,\n,2\n", "utf-8")
    rows = sources.read_seed(tmp_path / "seed.csv", {"code": "varchar", "n": "integer"})
    spark.sql("create schema if not exists house")
    tables.write(spark, rows, "house", "seed")
    found = tables.read(spark, "house.seed").to_pylist()
    assert sorted(found, key=repr) == sorted(
        [{"code": "01", "n": None}, {"code": None, "n": 2}], key=repr
    )


def test_an_error_names_its_kind_and_no_value(spark, tmp_path):
    from dbt_common.exceptions import DbtRuntimeError

    from justice_data_lab.spark import errors

    errors.keep_in(tmp_path)
    with pytest.raises(DbtRuntimeError) as raised, errors.quiet():
        spark.sql("select cast(x as int) from values ('Smithson') as t (x)").collect()
    assert "CAST_INVALID_INPUT" in str(raised.value)
    assert "Smithson" not in str(raised.value)
    assert "Smithson" in (tmp_path / errors.LOG).read_text("utf-8")
    with pytest.raises(DbtRuntimeError, match="surname"), errors.quiet():
        spark.sql("select surname from values (1) as t (x)")


def test_a_python_model_keeps_what_it_leaves_beside_its_table(spark):
    from justice_data_lab.spark import python_models, tables

    code = """
class this:
    database, schema, identifier = "None", "house", "of_python"

class dbtObj:
    def __init__(self, load):
        self.this, self.ref = this, lambda name: load("house." + name)

def model(dbt, session):
    rows = dbt.ref("given").filter("n > 1").order("n").to_arrow_table()
    session.register("beside", rows)
    session.execute('create table "None"."house"."of_python__failures" as from beside')
    return rows
"""
    spark.sql("create schema if not exists house")
    tables.write(spark, pa.table({"n": [3, 1, 2]}), "house", "given")
    python_models.run(spark, {"original_file_path": "of_python.py"}, code)
    for name in ("of_python", "of_python__failures"):
        assert tables.read(spark, f"house.{name}").sort_by("n")["n"].to_pylist() == [2, 3]
