"""Plugin ``encryption``: what DuckDB needs before it attaches an encrypted database.

DuckDB writes encrypted files only with the cryptography of its httpfs extension, which comes as a
wheel and is loaded here from the environment, never from a network.
"""

from typing import Any

import duckdb_extensions
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from justice_data_lab.build.databases import KEY, KEY_FORM, WRONG_FORM


class Plugin(BasePlugin):
    """Loads httpfs on the connection. Configuration: ``key``, checked for its form only."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Raise DbtRuntimeError, without the key, where it has not the form that ATTACH takes."""
        if not KEY_FORM.fullmatch(plugin_config["key"]):
            raise DbtRuntimeError(WRONG_FORM.format(KEY))

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Load the extension from its wheel."""
        duckdb_extensions.import_extension("httpfs", con=conn)
        conn.load_extension("httpfs")
