"""Plugin ``encryption``: what DuckDB needs before it attaches an encrypted database.

DuckDB writes encrypted files only with the cryptography of its httpfs extension, which comes as a
wheel and is loaded here from the environment, never from a network.
"""

import re
from typing import Any

import duckdb_extensions
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

KEY_FORM = re.compile(r"[A-Za-z0-9+/=_-]{32,}")
"""A key reaches DuckDB inside an ATTACH statement, so quotes and spaces are refused."""


class Plugin(BasePlugin):
    """Loads httpfs on the connection. Configuration: ``key``, checked for its form only."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Raise DbtRuntimeError, without the key, where it has not the form that ATTACH takes."""
        if not KEY_FORM.fullmatch(plugin_config["key"]):
            raise DbtRuntimeError(
                "DBT_ENV_SECRET_JDL_KEY: must be 32 or more letters, digits or + / = _ -"
            )

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Load the extension from its wheel."""
        duckdb_extensions.import_extension("httpfs", con=conn)
        conn.load_extension("httpfs")
