"""The replies to the requests of a build, each a page in the folder ``replies`` beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
from duckdb_extensions import import_extension

from justice_data_lab.replies.html import reply_html
from justice_data_lab.replies.queries import ReplyTables
from justice_data_lab.replies.reply import UnknownRequestError, read_reply

KEY: Final = "DBT_ENV_SECRET_JDL_KEY"
_TABLES: Final = ReplyTables(
    request_checks="analysis.main.request_checks",
    upload_findings="analysis.main.upload_findings",
    record_checks="analysis.main.record_checks",
    upload_checks="analysis.reference.upload_checks",
    requests="analysis.main.request_lives",
)


class ReplyError(Exception):
    """A reply cannot be written; the text says why in one line."""


def write_replies(build: Path, request_ids: Sequence[str] = ()) -> Iterator[Path]:
    """Write the replies and yield each page; to all requests where none is named.

    The folder can be read by its owner only: a reply is for one provider. Raises ReplyError
    where there is no build, no such request, or no key for an encrypted database.
    """
    path = build / "analysis.duckdb"
    if not path.exists():
        raise ReplyError(f"{path}: nothing is built there; run dbt build first")
    folder = build / "replies"
    folder.mkdir(mode=0o700, exist_ok=True)
    with _attached(path) as connection:
        for request_id in request_ids or _all_requests(connection):
            try:
                reply = read_reply(connection, request_id, _TABLES)
            except UnknownRequestError as error:
                raise ReplyError(str(error)) from error
            page = folder / f"{request_id}.html"
            page.write_text(reply_html(reply), "utf-8")
            yield page


def _all_requests(connection: duckdb.DuckDBPyConnection) -> list[str]:
    query = (
        "select distinct request_id from analysis.main.upload_findings union "
        "select request_id from analysis.main.request_lives order by all"
    )
    return [request_id for (request_id,) in connection.execute(query).fetchall()]


@contextmanager
def _attached(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the analysis database for reading, with the key of the secure target where it is set."""
    key = os.environ.get(KEY, "").replace("'", "''")
    place = str(path).replace("'", "''")
    options = f"read_only, encryption_key '{key}'" if key else "read_only"
    with duckdb.connect() as connection:
        try:
            if key:
                import_extension("httpfs", con=connection)
                connection.load_extension("httpfs")
            connection.execute(f"attach '{place}' as analysis ({options})")
        except duckdb.Error as error:
            raise ReplyError(
                f"{path}: cannot be opened; wait for the build that uses it, or set {KEY} as the "
                "build had it"
            ) from error
        yield connection
