"""What an error of a build says outside of ``restricted``: never a value of a row.

DuckDB, Arrow and Python quote the value that they failed on, and dbt writes their text to the
terminal, to dbt.log and to run_results.json. ``install`` stands between: every error of a query, of
a Python model and of a source keeps its kind, column and line; its whole text goes to the table
``restricted.audit.errors``.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.environments import local
from dbt_common.exceptions import DbtRuntimeError

from justice_data_lab.statistics.guard import AnalysisError, raised_in

TABLE: Final = "restricted.audit.errors"
_SEE: Final = f"its text may quote a record and is not shown: see {TABLE}"
_LOST: Final = "its text may quote a record and is not shown; it could not be kept either"

_ABOUT_CODE: Final = (
    *(duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException),
    *(duckdb.SyntaxException, duckdb.NotImplementedException, duckdb.PermissionException),
    *(duckdb.DependencyException, duckdb.InterruptException),
    *(duckdb.OutOfMemoryException, duckdb.IOException),
)
"""Errors whose text is about SQL, memory and files. One of a transaction quotes duplicate keys."""

_NODE: Final = re.compile(r'"node_id": "([\w.]+)"')
_COLUMN: Final = re.compile(r".*when casting from source column (\w+)", re.DOTALL)
_LINE: Final = re.compile(r".*\n\nLINE (\d+):", re.DOTALL)
_SYSTEM: Final = re.compile(r"\[Errno \d+\] [A-Za-z ]+")
_SELF: Final = Path(__file__).resolve()


class QueryError(Exception):
    """An error of DuckDB, said without a value."""


class _Cursor(local.DuckDBCursorWrapper):
    """The cursor of dbt and of Python models, whose errors quote nothing."""

    def execute(self, sql: str, bindings: Any = None) -> Any:
        arguments = (sql,) if bindings is None else (sql, bindings)
        return _quietly(sql, partial(self._cursor.execute, *arguments))

    def fetchall(self) -> Any:
        return _quietly("", self._cursor.fetchall)

    def fetchone(self) -> Any:
        return _quietly("", self._cursor.fetchone)

    def fetchmany(self, size: int = 1) -> Any:
        return _quietly("", partial(self._cursor.fetchmany, size))


def install() -> None:
    """Put this module between dbt-duckdb and DuckDB, once in a process."""
    if local.DuckDBCursorWrapper is _Cursor:
        return
    module: Any = local
    module.DuckDBCursorWrapper = _Cursor
    for method in ("handle", "submit_python_job", "load_source"):
        quiet = _quiet(getattr(local.LocalEnvironment, method))
        setattr(local.LocalEnvironment, method, quiet)


def describe(error: BaseException, sql: str = "") -> str:
    """Return the kind of an error and where it arose, in one line without a value.

    sql: what was run; a column is named only where it stands there.
    """
    if isinstance(error, AnalysisError) or _is_about_code(error, sql):
        return str(error)
    text = str(error)
    column, line = _COLUMN.match(text), _LINE.match(text)
    system = _SYSTEM.search(text)
    words = [
        type(error).__name__,
        *([f"({system[0].strip()})"] if system else []),
        *([f"in a value of column {column[1]}"] if column and column[1] in sql else []),
        *([f"at line {line[1]} of its SQL"] if line else []),
        *([f"in justice_data_lab.{place}"] if (place := raised_in(error, ignored=_SELF)) else []),
    ]
    return " ".join(words)


def _is_about_code(error: BaseException, sql: str) -> bool:
    """Whether the text quotes no row; a pivot makes columns of values."""
    return isinstance(error, _ABOUT_CODE) and "pivot" not in sql.lower()


def _quietly(sql: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except duckdb.Error as raised:
        error = raised
    # outside of the handler, so that the new error does not carry the old one
    node = _NODE.search(sql)
    raise QueryError(_say(error, node[1] if node else "", sql))


def _quiet(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of the environment whose errors quote nothing."""

    def quiet(environment: Any, *arguments: Any) -> Any:
        try:
            return method(environment, *arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # a model may call sys.exit with a value
            error = raised
        if isinstance(error, DbtRuntimeError) and error.__context__ is None:
            raise error
        cause = error.__context__ if isinstance(error, DbtRuntimeError) else error
        model = next((part for part in arguments if isinstance(part, dict)), {})
        raise DbtRuntimeError(_say(cause or error, str(model.get("unique_id", "")), ""))

    return quiet


def _say(error: BaseException, node: str, sql: str) -> str:
    """Keep the whole text where a data engineer finds it, and return what may be said."""
    if isinstance(error, QueryError):  # said already, inside a Python model
        return str(error)
    said = describe(error, sql)
    if said == str(error):
        return said
    return f"{said}; {_SEE if _Kept.keep(node, error) else _LOST}"


class _Kept:
    """The table of whole texts: made anew by the first error of a process."""

    is_begun = False

    @classmethod
    def keep(cls, node: str, error: BaseException) -> bool:
        text = "".join(traceback.format_exception(error))
        try:
            environment: Any = DuckDBConnectionManager.env()
            cursor = environment.conn.cursor()
            cursor.execute("create schema if not exists restricted.audit")
            if not cls.is_begun:
                cursor.execute(
                    f"create or replace table {TABLE} "
                    "(raised_at timestamp, node varchar, kind varchar, text varchar)"
                )
                cls.is_begun = True
            cursor.execute(
                f"insert into {TABLE} values (current_localtimestamp(), ?, ?, ?)",
                [node, type(error).__name__, text],
            )
        except Exception:  # before any connection, or where restricted itself cannot be written
            return False
        return True
