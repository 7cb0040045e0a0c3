"""Plugin ``raw_zone``: the raw zone as sources, its check, and how the published file is replaced.

Configuration (profiles.yml): ``zone`` (folder of the raw zone), ``build`` (folder of the databases,
made here before dbt attaches them), ``seeds`` (folder of the seed files that the check reads).
"""

import os
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from duckdb import DuckDBPyConnection

from justice_data_lab import intake, raw_zone
from justice_data_lab.build import state as build_state

_REGISTERS = {
    "release_register": raw_zone.RELEASE_REGISTER,
    "released_cohorts": raw_zone.RELEASED_COHORTS,
}


def code_version() -> str:
    """Return the commit of the working folder, with ``-dirty`` where it was changed since.

    Outside of git it is the version of the package.
    """
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return f"justice-data-lab {version('justice-data-lab')}"
    return described.stdout.strip()


class Plugin(BasePlugin):
    """Views on the extracts in the in-memory schema ``raw``, uploads by ``load``, two functions."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the folders and make the build folder, readable by its owner only."""
        self._zone = Path(plugin_config["zone"])
        self._build = Path(plugin_config["build"])
        self._seeds = Path(plugin_config["seeds"])
        self._uploads: tuple[object, intake.Uploads] | None = None
        self._build.mkdir(mode=0o700, parents=True, exist_ok=True)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Create the views of the extracts and the functions that the run hooks call.

        A table that the check will refuse gets no view, so that the check can say why first.
        """
        conn.create_function(
            "raw_zone_problems", self._problems, ["DOUBLE"], "VARCHAR", side_effects=True
        )
        conn.create_function(
            "remove_unpublished", self._remove_unpublished, [], "BOOLEAN", side_effects=True
        )
        conn.create_function(
            "replace_published", self._replace_published, [], "BOOLEAN", side_effects=True
        )
        conn.create_function("begin_build", self._begin_build, [], "BOOLEAN", side_effects=True)
        conn.create_function("code_version", code_version, [], "VARCHAR")
        conn.execute("create schema if not exists raw")
        for view, select in raw_zone.views(self._zone):
            conn.execute(f"create or replace view raw.{view} as {select}")

    def load(self, source_config: SourceConfig) -> pa.Table:
        """Return a table of the uploads, read once for all, or what the lab's staff wrote down."""
        if source_config.schema == "decisions":
            return self._decisions(source_config.identifier)
        fingerprint = tuple(
            (str(path), path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted((self._zone / "uploads").rglob("*"))
        )
        if self._uploads is None or self._uploads[0] != fingerprint:
            self._uploads = (fingerprint, intake.read_uploads(self._zone))
        table: pa.Table = getattr(self._uploads[1], source_config.identifier)
        return table

    def _decisions(self, name: str) -> pa.Table:
        """Return a staff file of the raw zone, or a register of releases beside the databases."""
        if name in _REGISTERS:
            return raw_zone.read_staff_file(self._build / "releases", _REGISTERS[name])
        staff_file = next(file for file in raw_zone.STAFF_FILES if file.name == f"{name}.csv")
        return raw_zone.read_staff_file(self._zone, staff_file)

    def _problems(self, minimum_found_share: float) -> str:
        """Everything wrong with the raw zone, a line each; empty when it can be built."""
        problems = raw_zone.check(self._zone, self._seeds, minimum_found_share=minimum_found_share)
        for register in _REGISTERS.values():
            problems += raw_zone.check_staff_file(self._build / "releases", register)
        return "\n".join(problems)

    def _remove_unpublished(self) -> bool:
        """Remove what a stopped build left of ``published.duckdb.next``."""
        for name in ("published.duckdb.next", "published.duckdb.next.wal"):
            (self._build / name).unlink(missing_ok=True)
        return True

    def _begin_build(self) -> bool:
        """Mark the databases as unfinished."""
        build_state.begin(self._build)
        return True

    def _replace_published(self) -> bool:
        """Replace ``published.duckdb`` by ``published.duckdb.next``; readers keep the old one."""
        os.replace(self._build / "published.duckdb.next", self._build / "published.duckdb")
        build_state.finish(self._build)
        return True
