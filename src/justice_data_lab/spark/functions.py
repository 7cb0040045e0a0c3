"""Functions that the rules call and Spark does not have: DuckDB's own, and the package's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa

from justice_data_lab.dbt_plugins.pseudonyms import PUBLIC_KEY, pseudonym_function

_MACROS = ("patterns.sql", "strings.sql")


def register(spark: Any, project: Path, key: str) -> None:
    """Register ``plain_capitals(text)`` and ``pseudonym(purpose, identifier)``.

    project: folder of dbt_project.yml, whose macro says what plain capitals are. key: of the
    pseudonyms, may be empty; it stays in the closure of the function, in the memory of Spark.
    """
    from pyspark.sql.functions import arrow_udf, udf

    plain_capitals = arrow_udf(_over_arrow(plain_capitals_sql(project)), "string")
    spark.udf.register("plain_capitals", plain_capitals)
    spark.udf.register(
        "pseudonym", udf(pseudonym_function(key or PUBLIC_KEY), "bigint", useArrow=False)
    )


def plain_capitals_sql(project: Path) -> str:
    """Return DuckDB's expression for the plain capitals of a column ``text``."""
    environment = jinja2.Environment(autoescape=False)
    environment.globals["return"] = lambda value: value
    folder = project / "macros/cross_db"
    text = "\n".join((folder / name).read_text("utf-8") for name in _MACROS)
    module: Any = environment.from_string(text).module
    return str(module.duckdb__plain_capitals("text"))


def _over_arrow(expression: str) -> Callable[[pa.Array], pa.Array]:
    """Return a function of an Arrow array that DuckDB evaluates, on whichever machine it runs."""

    def evaluate(text: pa.Array) -> pa.Array:
        rows = pa.table({"text": text})  # DuckDB finds it by its name
        with duckdb.connect() as connection:
            connection.register("given", rows)
            made = connection.execute(f"select {expression} as made from given").to_arrow_table()
        return made["made"].combine_chunks().cast(pa.string())

    return evaluate
