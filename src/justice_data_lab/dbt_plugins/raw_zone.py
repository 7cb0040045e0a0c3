"""Plugin ``raw_zone``: the raw zone as sources, and its check.

Configuration (profiles.yml): ``zone`` (folder of the raw zone), ``build`` (folder of the databases,
with the registers of releases), ``seeds`` (folder of the seed files that the check reads).
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from duckdb import DuckDBPyConnection

from justice_data_lab import raw_zone
from justice_data_lab.dbt_plugins.folders import resolved
from justice_data_lab.intake.arrow import Uploads, read_uploads
from justice_data_lab.raw_zone.check import check
from justice_data_lab.raw_zone.plan_register import plan_changes
from justice_data_lab.raw_zone.staff import check_staff_file, read_staff_file
from justice_data_lab.raw_zone.views import views
from justice_data_lab.releases import journal

PLAN_CHANGES = "plan_changes"
_REGISTERS = {
    "release_register": raw_zone.RELEASE_REGISTER,
    "released_cohorts": raw_zone.RELEASED_COHORTS,
}


class Plugin(BasePlugin):
    """Views on the extracts in the in-memory schema ``raw``, uploads by ``load``, and the check."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the folders."""
        self._zone = resolved(plugin_config["zone"], "JDL_DATA")
        self._build = resolved(plugin_config["build"], "JDL_BUILD")
        self._seeds = resolved(plugin_config["seeds"])
        self._uploads: tuple[object, Uploads] | None = None
        journal.settle(self._build / "releases")

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Create the views of the extracts and the function that the run hook calls.

        A table that the check will refuse gets no view, so that the check can say why first.
        """
        conn.create_function(
            "raw_zone_problems", self._problems, ["DOUBLE"], "VARCHAR", side_effects=True
        )
        conn.execute("create schema if not exists raw")
        for view, select in views(self._zone):
            conn.execute(f"create or replace view raw.{view} as {select}")

    def load(self, source_config: SourceConfig) -> pa.Table:
        """Return a table of the uploads, read once for all, or what the lab's staff wrote down."""
        if source_config.schema == "decisions":
            return decisions(self._zone, self._build, source_config.identifier)
        stamps = tuple(
            (str(path), path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted((self._zone / "uploads").rglob("*"))
        )
        if self._uploads is None or self._uploads[0] != stamps:
            self._uploads = (stamps, read_uploads(self._zone))
        table: pa.Table = getattr(self._uploads[1], source_config.identifier)
        return table

    def _problems(self, minimum_found_share: float) -> str:
        return problems(self._zone, self._build, self._seeds, minimum_found_share)


def decision_tables() -> list[str]:
    """Return the names of the tables of what the lab's staff wrote down."""
    return [
        PLAN_CHANGES,
        *_REGISTERS,
        *(file.name.removesuffix(".csv") for file in raw_zone.STAFF_FILES),
    ]


def decisions(zone: Path, build: Path, name: str) -> pa.Table:
    """Return a staff file of the raw zone, or what a register beside the databases says."""
    if name == PLAN_CHANGES:
        return plan_changes(build, zone)
    if name in _REGISTERS:
        return read_staff_file(build / "releases", _REGISTERS[name])
    staff_file = next(file for file in raw_zone.STAFF_FILES if file.name == f"{name}.csv")
    return read_staff_file(zone, staff_file)


def problems(zone: Path, build: Path, seeds: Path, minimum_found_share: float) -> str:
    """Everything wrong with the raw zone, a line each; empty when it can be built."""
    found = check(zone, seeds, minimum_found_share=minimum_found_share)
    found += check_staff_file(build, raw_zone.PLAN_REGISTER)
    for register in _REGISTERS.values():
        found += check_staff_file(build / "releases", register)
    return "\n".join(found)
