"""Plugin ``lockdown``: the connection reaches the folders of the build and nothing else.

It locks the configuration, and so stands last among the plugins.
"""

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from justice_data_lab.dbt_plugins.folders import resolved


class Plugin(BasePlugin):
    """Closes the connection to the outside.

    Configuration: ``folders`` that stay open, each with the variable that names it, or null.
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the folders as absolute paths, whatever variable each of them is named by."""
        self._folders = [
            f"{resolved(folder, variable).resolve()}/"
            for folder, variable in plugin_config["folders"]
        ]

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Allow the folders, then forbid every other access and every further change."""
        listed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in self._folders)
        conn.execute(f"set allowed_directories = [{listed}]")
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")
