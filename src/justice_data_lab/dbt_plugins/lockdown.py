"""Plugin ``lockdown``: the connection reaches the folders of the build and nothing else.

It locks the configuration, and so stands last among the plugins.
"""

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Closes the connection to the outside. Configuration: ``folders`` that stay open."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the folders as absolute paths."""
        self._folders = [f"{Path(folder).resolve()}/" for folder in plugin_config["folders"]]

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Allow the folders, then forbid every other access and every further change."""
        listed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in self._folders)
        conn.execute(f"set allowed_directories = [{listed}]")
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")
