"""The databases of a build, and how every command opens them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
from duckdb_extensions import import_extension

from justice_data_lab.build.replacement import settle

_HOLDER: Final = re.compile(r"lock is held in (?P<program>.+?) \(PID (?P<process>\d+)\)")
KEY: Final = "DBT_ENV_SECRET_JDL_KEY"
"""Environment variable with the key of the secure target's databases."""

KEY_FORM: Final = re.compile(r"[A-Za-z0-9+/=_-]{32,}")
"""A key reaches DuckDB inside an ATTACH statement, so quotes and spaces are refused."""

WRONG_FORM: Final = "{}: must be 32 or more letters, digits or + / = _ -"
"""Said of the variable whose key has another form."""

UNENCRYPTED: Final = "published"
"""The one database that no target encrypts: it is made to be handed on."""


class DatabaseError(Exception):
    """A database of the build cannot be read; the text says why in one line."""


@contextmanager
def open_build(build: Path, *names: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open databases of a build for reading, by name: restricted, analysis, published.

    Nothing is written beside them. Raises DatabaseError where one is missing or cannot be opened,
    and where a query in the block fails because the build was not run to its end.
    """
    settle(build)
    with connect() as connection:
        for name in names:
            attach(connection, build / f"{name}.duckdb", name, read_only=True)
        try:
            yield connection
        except duckdb.CatalogException as error:
            raise DatabaseError(
                f"{build}: does not hold the tables that are needed; run dbt build to its end"
            ) from error


def check_nobody_holds(path: Path) -> None:
    """Raise DatabaseError, with the process, where another one has a database open.

    It is opened for writing and closed again, as the build will: a reader refuses that too.
    """
    if not path.exists():
        return
    with duckdb.connect() as connection:
        place = str(path).replace("'", "''")
        try:
            connection.execute(f"attach '{place}' as held")
        except duckdb.IOException as error:
            holder = _HOLDER.search(str(error))
            if holder:
                name, process = Path(holder["program"]).name, holder["process"]
                raise DatabaseError(
                    f"{path}: is open in {name} (process {process}); close it there, then run again"
                ) from error
        except duckdb.Error:
            return  # no conflict of locks: the build says what it is


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection that spills nothing, and can read what the secure target encrypts."""
    with duckdb.connect() as connection:
        connection.execute("set temp_directory = ''")
        if os.environ.get(KEY):
            import_extension("httpfs", con=connection)
            connection.load_extension("httpfs")
        yield connection


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    *,
    read_only: bool,
    key: str | None = None,
) -> None:
    """Attach a database of a build, by the key of the secure target where there is one.

    key: another key than that of the environment. Without read_only a database that is not there
    is made. Raises DatabaseError where it is missing or cannot be opened.
    """
    if read_only and not path.exists():
        raise DatabaseError(f"{path}: nothing is built there; run dbt build first")
    if key is None:
        key = "" if name == UNENCRYPTED else os.environ.get(KEY, "").replace("'", "''")
    options = [*(["read_only"] if read_only else []), *([f"encryption_key '{key}'"] if key else [])]
    place = str(path).replace("'", "''")
    try:
        connection.execute(
            f"attach '{place}' as {name}" + (f" ({', '.join(options)})" if options else "")
        )
    except duckdb.Error as error:
        raise DatabaseError(f"{path}: {_why_closed(error, name)}") from error


def _why_closed(error: duckdb.Error, name: str) -> str:
    if "is not encrypted" in str(error):
        return f"is not encrypted; unset {KEY}, or run dbt build --target secure in a new folder"
    cure = "" if name == UNENCRYPTED else f", or set {KEY} as the build had it"
    return f"cannot be opened; wait for the build that uses it{cure}"
