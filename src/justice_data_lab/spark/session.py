"""The Spark session of this process, and the tables that lie in its warehouse."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from dbt_common.exceptions import DbtRuntimeError

from justice_data_lab.dbt_plugins import owner_only
from justice_data_lab.dbt_plugins.folders import artefact_folders
from justice_data_lab.spark import errors, functions
from justice_data_lab.spark.layout import WAREHOUSE

SETTINGS: Final[Mapping[str, str]] = {
    # a text that is no number stops the build, as on DuckDB; dbt-spark would make it null
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # the walk over orders has a row for each pair of the register
    "spark.sql.cteRecursionRowLimit": "-1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "8",
}
"""What the rules need, and defaults for one machine; ``server_side_parameters`` overrides them."""


@cache
def start(
    master: str, build: Path, project: Path, key: str, parameters: tuple[tuple[str, str], ...]
) -> Any:
    """Return the session, with the tables of earlier runs of this build in its catalogue.

    master: where Spark runs, ``local[2]`` or ``spark://host:7077``. project, key: see
    ``functions.register``. parameters: settings of Spark.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1" if master.startswith("local") else "")
    # else the workers would take whichever python3 comes first on their path
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    owner_only.begin(build, artefact_folders())
    warehouse = build / WAREHOUSE
    warehouse.mkdir(parents=True, exist_ok=True)
    builder = SparkSession.builder.master(master).appName("justice-data-lab")
    builder = builder.config("spark.sql.warehouse.dir", warehouse.as_uri())
    for name, value in {**SETTINGS, **dict(parameters)}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, FileNotFoundError) as error:
        raise DbtRuntimeError(
            "target spark: Java 17 or later could not be started; install it (Debian: "
            "openjdk-17-jre-headless) and set JAVA_HOME"
        ) from error
    session.sparkContext.setLogLevel("OFF")  # its log quotes the value that a task failed on
    errors.keep_in(warehouse)
    functions.register(session, project, key)
    _register(session, warehouse)
    return session


def _register(session: Any, warehouse: Path) -> None:
    """Enter the tables that lie in the warehouse into the catalogue, which lives in memory."""
    for schema in sorted(warehouse.glob("*.db")):
        session.sql(f"create schema if not exists `{schema.stem}`")
        for table in sorted(path for path in schema.iterdir() if (path / "_SUCCESS").exists()):
            name = f"`{schema.stem}`.`{table.name}`"
            session.sql(
                f"create table if not exists {name} using parquet location '{table.as_uri()}'"
            )
