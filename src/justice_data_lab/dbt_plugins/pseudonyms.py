"""Plugin ``pseudonyms``: the SQL function ``pseudonym(purpose, identifier)``, by HMAC-SHA-256.

The key stays in the closure of the function: compiled SQL, logs and databases never hold it.
"""

import hmac
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

PUBLIC_KEY = "the key of the synthetic sample is public"
"""Used where no key is given, which the check of the raw zone allows for synthetic people only."""

SHORTEST_KEY = 16
"""Characters that a key has at least."""


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
    """Registers ``pseudonym`` and ``has_pseudonym_key``. Configuration: ``key``, may be empty."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the key in the function only."""
        key = plugin_config["key"]
        self._has_key = len(key) >= SHORTEST_KEY
        self._pseudonym = pseudonym_function(key or PUBLIC_KEY)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions."""
        conn.create_function("pseudonym", self._pseudonym, ["VARCHAR", "VARCHAR"], "BIGINT")
        conn.create_function("has_pseudonym_key", lambda: self._has_key, [], "BOOLEAN")
