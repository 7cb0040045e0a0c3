"""Credentials and connections of the adapter ``jdlspark``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.spark.connections import (
    SparkConnectionManager,
    SparkConnectionMethod,
    SparkCredentials,
)
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper

from justice_data_lab.dbt_plugins.folders import project_folder, resolved
from justice_data_lab.spark import errors, session


@dataclass
class JdlSparkCredentials(SparkCredentials):
    """What profiles.yml says of the target.

    master: where Spark runs. zone: folder of the raw zone. build: folder of the warehouse. seeds:
    folder of the seed files. key: key of the pseudonyms, may be empty.
    """

    master: str = "local[2]"
    zone: str = ""
    build: str = ""
    seeds: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        """Take the session of this process; dbt-spark's other ways to a server are not used."""
        self.method = SparkConnectionMethod.SESSION
        self.host = self.master
        super().__post_init__()

    @property
    def type(self) -> str:
        """Return the name of the adapter."""
        return "jdlspark"

    def _connection_keys(self) -> tuple[str, ...]:
        return "master", "schema", "zone", "build"

    def spark(self) -> Any:
        """Return the session."""
        parameters = dict(self.server_side_parameters)
        parameters.pop("spark.sql.ansi.enabled")  # which dbt-spark sets to false
        build = resolved(self.build, "JDL_BUILD").resolve()
        return session.start(
            self.master, build, project_folder(), self.key, tuple(sorted(parameters.items()))
        )


class _Cursor(Cursor):
    """A cursor on the session, whose errors quote no value."""

    def __init__(self, credentials: JdlSparkCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def execute(self, sql: str, *parameters: Any) -> None:
        with errors.quiet():
            self._df = self._credentials.spark().sql(sql % parameters if parameters else sql)

    def fetchall(self) -> Any:
        with errors.quiet():
            return super().fetchall()

    def fetchone(self) -> Any:
        with errors.quiet():
            return super().fetchone()


@dataclass
class _Handle:
    credentials: JdlSparkCredentials

    def cursor(self) -> _Cursor:
        return _Cursor(self.credentials)


class JdlSparkConnectionManager(SparkConnectionManager):
    """Opens connections to the session of this process."""

    TYPE = "jdlspark"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Return the connection with a handle on the session, which the first statement starts."""
        if connection.state != ConnectionState.OPEN:
            connection.handle = SessionConnectionWrapper(_Handle(connection.credentials))
            connection.state = ConnectionState.OPEN
        return connection
