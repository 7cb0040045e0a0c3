"""The dbt adapter ``jdlspark``: dbt-spark in a session of this process (justice_data_lab.spark)."""

from justice_data_lab.spark.plugin import Plugin

__all__ = ["Plugin"]
