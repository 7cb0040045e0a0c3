"""Plugin ``pseudonyms``: the SQL function ``pseudonym(purpose, identifier)``, by HMAC-SHA-256.

The key stays in the closure of the function: compiled SQL, logs and databases never hold it.
"""

import hmac
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection


def pseudonym_function(key: str) -> Any:
    """Return a function of (purpose, identifier) that gives a signed 64-bit keyed hash.

    The first eight bytes of HMAC-SHA-256(key, purpose, a zero byte, identifier); one purpose a use,
    so that two releases cannot be joined on it (RFC 2104; the truncation of its section 5).
    """
    secret = key.encode()

    def pseudonym(purpose: str, identifier: str) -> int:
        message = purpose.encode() + b"\x00" + identifier.encode()
        return int.from_bytes(hmac.digest(secret, message, "sha256")[:8], "big", signed=True)

    return pseudonym


class Plugin(BasePlugin):
    """Registers ``pseudonym`` on the connection. Configuration: ``key``."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the key in the function only."""
        self._pseudonym = pseudonym_function(plugin_config["key"])

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the function."""
        conn.create_function("pseudonym", self._pseudonym, ["VARCHAR", "VARCHAR"], "BIGINT")
