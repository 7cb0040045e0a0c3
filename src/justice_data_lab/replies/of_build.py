"""The replies to the requests of a build, each a page in the folder ``replies`` beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.build.databases import open_build
from justice_data_lab.replies.html import reply_html
from justice_data_lab.replies.queries import ReplyTables
from justice_data_lab.replies.reply import read_reply

TABLES: Final = ReplyTables(
    request_checks="analysis.main.request_checks",
    upload_findings="analysis.main.upload_findings",
    record_checks="analysis.main.record_checks",
    upload_checks="analysis.reference.upload_checks",
    requests="analysis.main.request_lives",
)


def write_replies(build: Path, request_ids: Sequence[str] = ()) -> Iterator[Path]:
    """Write the replies and yield each page; to all requests where none is named.

    The folder can be read by its owner only: a reply is for one provider. Raises
    UnknownRequestError, and DatabaseError where there is no build or no key for it.
    """
    with open_build(build, "analysis") as connection:
        folder = build / "replies"
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        for request_id in request_ids or _all_requests(connection):
            page = folder / f"{request_id}.html"
            page.write_text(reply_html(read_reply(connection, request_id, TABLES)), "utf-8")
            yield page


def _all_requests(connection: duckdb.DuckDBPyConnection) -> list[str]:
    query = (
        "select distinct request_id from analysis.main.upload_findings union "
        "select request_id from analysis.main.request_lives order by all"
    )
    return [request_id for (request_id,) in connection.execute(query).fetchall()]
