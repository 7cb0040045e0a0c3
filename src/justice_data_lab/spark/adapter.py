"""The dbt adapter ``jdlspark``: dbt-spark with this project's sources, seeds and Python models."""

from __future__ import annotations

from typing import Any

from dbt.adapters.base import available
from dbt.adapters.contracts.connection import AdapterResponse
from dbt.adapters.spark import SparkAdapter, SparkRelation

from justice_data_lab.dbt_plugins.folders import project_folder, resolved
from justice_data_lab.dbt_plugins.pseudonyms import SHORTEST_KEY
from justice_data_lab.dbt_plugins.raw_zone import problems
from justice_data_lab.spark import python_models, sources
from justice_data_lab.spark.connections import JdlSparkConnectionManager, JdlSparkCredentials
from justice_data_lab.spark.tables import drop, write


class JdlSparkRelation(SparkRelation):
    """A table of Spark, which has one level of schemas: the room is a part of their name."""

    @classmethod
    def create(cls, database: str | None = None, **named: Any) -> Any:
        """Return the relation without its database, which a source of DuckDB has."""
        return super().create(database=None, **named)


class JdlSparkAdapter(SparkAdapter):
    """What dbt sees of Spark."""

    Relation = JdlSparkRelation
    ConnectionManager = JdlSparkConnectionManager

    def submit_python_job(self, parsed_model: dict[str, Any], compiled_code: str) -> Any:
        """Run a Python model and write the tables that it makes."""
        python_models.run(self._credentials().spark(), parsed_model, compiled_code)
        return AdapterResponse(_message="OK")

    def drop_relation(self, relation: JdlSparkRelation) -> None:
        """Drop a table with its folder, which Spark leaves of a table that a run before made."""
        self.cache.drop(relation)
        drop(self._credentials().spark(), relation.schema, relation.identifier)

    @available
    def load_seed(self, relation: JdlSparkRelation, model: dict[str, Any]) -> int:
        """Write the table of a seed; returns its rows."""
        path = project_folder() / model["original_file_path"]
        rows = sources.read_seed(path, model["config"]["column_types"])
        spark = self._credentials().spark()
        spark.sql(f"create schema if not exists {relation.schema}")
        write(spark, rows, relation.schema, relation.identifier)
        return int(rows.num_rows)

    @available
    def load_sources(self) -> None:
        """Make the tables and views of the raw zone."""
        credentials = self._credentials()
        sources.load(credentials.spark(), self._zone(), self._build())

    @available
    def seed_view(self, name: str) -> str:
        """Make a view of a seed's file, and return its name."""
        path = resolved(self._credentials().seeds) / f"{name}.csv"
        view = "seed_file__" + name.replace("/", "__")
        rows = sources.read_seed(path, {})
        self._credentials().spark().createDataFrame(rows).createOrReplaceTempView(view)
        return view

    @available
    def has_pseudonym_key(self) -> bool:
        """Return whether the profile has a key for the pseudonyms."""
        return len(self._credentials().key) >= SHORTEST_KEY

    @available
    def raw_zone_problems(self, minimum_found_share: float) -> str:
        """Return everything wrong with the raw zone, a line each; empty when it can be built."""
        seeds = resolved(self._credentials().seeds)
        return problems(self._zone(), self._build(), seeds, minimum_found_share)

    def _credentials(self) -> JdlSparkCredentials:
        credentials: JdlSparkCredentials = self.config.credentials
        return credentials

    def _zone(self) -> Any:
        return resolved(self._credentials().zone, "JDL_DATA").resolve()

    def _build(self) -> Any:
        return resolved(self._credentials().build, "JDL_BUILD").resolve()
