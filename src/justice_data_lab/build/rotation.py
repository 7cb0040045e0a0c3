"""Give the encrypted databases of a build another key: under the new one, or as they were."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.build import replacement
from justice_data_lab.build.databases import (
    KEY,
    KEY_FORM,
    WRONG_FORM,
    DatabaseError,
    attach,
    connect,
)
from justice_data_lab.build.fingerprints import digest

NEW_KEY: Final = "DBT_ENV_SECRET_JDL_NEW_KEY"
"""Environment variable with the key that the databases are to have."""
ENCRYPTED: Final = ("restricted", "analysis")


class RotationError(Exception):
    """The key was not changed; the text says why in one line, and what to do."""


def rotate_key(build: Path) -> dict[str, int]:
    """Write the encrypted databases again under a new key; return their numbers of tables.

    The keys are those of the environment (``KEY`` and ``NEW_KEY``). Every table is compared with
    the old one, and the new files are seen not to open by the old key, before both databases are
    replaced together. Meanwhile nobody else can open the old ones. Raises RotationError, and
    DatabaseError where a database is missing, in use or has another key.
    """
    old, new = (os.environ.get(name, "") for name in (KEY, NEW_KEY))
    _check_keys(old, new)
    replacement.settle(build)
    try:
        with connect() as connection:
            for name in ENCRYPTED:
                _check_is_there(build / f"{name}.duckdb")
                attach(connection, build / f"{name}.duckdb", name, read_only=False)
                connection.execute(f"checkpoint {name}")  # so that closing it writes nothing
            return _replace(connection, build, old=old, new=new)
    except duckdb.Error as error:
        raise RotationError(f"{build}: could not be written again ({_why(error)})") from error


def _replace(
    connection: duckdb.DuckDBPyConnection, build: Path, *, old: str, new: str
) -> dict[str, int]:
    """Write both databases again and replace them while they are held, so that no build starts."""
    try:
        folder = replacement.begin(build)
        tables = {
            name: _write_again(connection, build / f"{name}.duckdb", folder, old=old, new=new)
            for name in ENCRYPTED
        }
        replacement.decide(build)
    finally:
        replacement.abandon(build)
    return tables


def _check_keys(old: str, new: str) -> None:
    for name, key in ((KEY, old), (NEW_KEY, new)):
        if not key:
            raise RotationError(f"{name}: is not set; both the old and the new key are needed")
        if not KEY_FORM.fullmatch(key):
            raise RotationError(WRONG_FORM.format(name))
    if old == new:
        raise RotationError(f"{NEW_KEY}: is the key that the databases have; make another")


def _check_is_there(path: Path) -> None:
    """Raise DatabaseError for a missing database, which attaching would make."""
    if not path.exists():
        raise DatabaseError(f"{path}: nothing is built there; run dbt build first")


def _write_again(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, *, old: str, new: str
) -> int:
    """Write a database into a folder under the new key, and verify it; return its tables."""
    copy, name = folder / path.name, path.stem
    attach(connection, copy, "rotated", read_only=False, key=new)
    connection.execute(f"copy from database {name} to rotated")
    connection.execute("detach rotated")
    attach(connection, copy, "rotated", read_only=True, key=new)
    before, after = (_digests(connection, database) for database in (name, "rotated"))
    connection.execute("detach rotated")
    if before != after:
        raise RotationError(f"{path}: its copy under the new key is not the same; nothing changed")
    try:
        attach(connection, copy, "rotated", read_only=True, key=old)
    except DatabaseError:
        copy.chmod(path.stat().st_mode & 0o777)
        return len(after)
    raise RotationError(f"{path}: its copy still opens by the old key; nothing was changed")


def _digests(connection: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], str]:
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? order by all",
        [database],
    ).fetchall()
    return {names: digest(connection, database, *names) for names in tables}


def _why(error: duckdb.Error) -> str:
    """Return the first line of an error of files or memory; of others, which may quote, a name."""
    if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return str(error).partition("\n")[0]
    return type(error).__name__
