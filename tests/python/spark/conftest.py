import os
import shutil
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A session of Spark; the tests that need one are skipped where it or Java is not installed."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (make test-spark)")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not installed")
    from justice_data_lab.spark.functions import register
    from justice_data_lab.spark.session import SETTINGS

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master("local[1]").appName("tests")
    warehouse = tmp_path_factory.mktemp("warehouse").as_uri()
    for name, value in {**SETTINGS, "spark.sql.warehouse.dir": warehouse}.items():
        builder = builder.config(name, value)
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    register(session, PROJECT, "")
    yield session
    session.stop()
