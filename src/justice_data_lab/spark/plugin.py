"""What dbt loads for a profile of the type ``jdlspark``."""

from pathlib import Path
from typing import Final

from dbt.adapters.base import AdapterPlugin

from justice_data_lab.spark.adapter import JdlSparkAdapter
from justice_data_lab.spark.connections import JdlSparkCredentials

Plugin: Final = AdapterPlugin(
    adapter=JdlSparkAdapter,
    credentials=JdlSparkCredentials,
    include_path=str(Path(__file__).parent / "include"),
    dependencies=["spark"],
    project_name="dbt_jdlspark",
)
