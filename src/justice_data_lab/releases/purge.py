"""Remove what a provider sent, and everything in the databases that was made of it.

Deleting rows leaves their bytes in a database file, so each database is copied without them into a
new file that replaces the old one.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.build import replacement
from justice_data_lab.build.artefacts import DBT_ARTEFACTS, logs_of
from justice_data_lab.build.databases import attach, connect, open_build
from justice_data_lab.build.state import read as read_run
from justice_data_lab.intake.contract import REQUEST_ID
from justice_data_lab.intake.uploads import entries_of_request
from justice_data_lab.releases.hashes import file_hash
from justice_data_lab.releases.register import REGISTER
from justice_data_lab.releases.traces import traces, values_of

PERSONAL: Final = ("restricted", "analysis")
NOTES: Final = ("clerical_decisions.csv", "analysis_plans.csv", "provider_reviews.csv")
"""What the lab wrote of a request, with words of the provider about people."""
PERSON_KEYS: Final = ("intermediate", "int_outcomes__person_keys")
"""Schema and table of the keyed hashes that stand for people outside of ``restricted``."""
_BEGUN: Final = ".purge-"
TOMBSTONES: Final = "tombstones.csv"
TOMBSTONE_COLUMNS: Final = ("request_id", "purged_on", "records_n", "register_sha256")


class PurgeError(Exception):
    """Not everything was removed, or nothing; the text says why in one line."""


@dataclass(frozen=True)
class Purged:
    """What was removed of one request: records of the upload, and files and folders by path.

    values_n: values of its people that were looked for in every file of the build, and not found.
    """

    request_id: str
    records_n: int
    values_n: int
    removed: list[Path]


def purge_request(zone: Path, build: Path, request_id: str, *, purged_on: date) -> Purged:
    """Remove a request from the raw zone and from a build, and write its tombstone.

    zone: where its upload lies and what the lab wrote of it. Builds that ``reproduce`` left go too,
    since they hold people, and what dbt wrote beside the last run of the build (target and logs, as
    that run noted them), since unit tests and errors may quote rows.

    Before the upload itself goes, every file of the build is searched for the values of its people.
    Stopped at any step it is done again by the same call; until then ``begun`` names the request.

    What is published stays as it is: aggregates under disclosure control, and releases. The
    audit tables of restricted, which the next build makes anew, are dropped. Raises PurgeError for
    an unknown request and when anything is left, and DatabaseError when a database is in use or
    cannot be opened.
    """
    if not REQUEST_ID.fullmatch(request_id):
        raise PurgeError("the request is named by letters, digits, hyphens and underscores only")
    uploads = entries_of_request(zone, request_id)
    databases = [path for name in PERSONAL if (path := build / f"{name}.duckdb").exists()]
    counts = [_count(path, request_id) for path in databases]
    releases = build / "releases"
    if not uploads and not any(counts) and request_id not in begun(releases):
        raise PurgeError(f"{request_id}: is neither in {zone / 'uploads'} nor in {build}")
    records_n = _begin(releases, request_id, max(counts, default=0))
    for path in databases:
        _rewrite(path, request_id)
    for name in NOTES:
        _drop_rows(zone / name, request_id)
    values = values_of(uploads)
    copies = [build / "spill", build / "reproduced"]
    replacement.abandon(build)
    holding = [*_pages(build, request_id), *copies, *_files_of_dbt(build)]
    removed = [path for path in holding if _remove(path)]
    left = [path for path in holding if _is_there(path)]
    left += [path for path in databases if _count(path, request_id)]
    _check_nothing_is_left(request_id, left or traces(build, values))
    removed += [path for path in uploads if _remove(path)]  # last: the search is made from it
    _check_nothing_is_left(request_id, entries_of_request(zone, request_id))
    _write_tombstone(releases, request_id, records_n, purged_on)
    _begun(releases, request_id).unlink()
    return Purged(request_id, records_n, len(values), removed)


def _check_nothing_is_left(request_id: str, left: list[Path]) -> None:
    if left:
        raise PurgeError(f"{left[0]}: still holds {request_id}; remove it and purge again")


def begun(releases: Path) -> list[str]:
    """Return the requests whose purge was stopped: it has to be done again."""
    marks = releases.glob(f"{_BEGUN}*")
    return sorted(mark.name.removeprefix(_BEGUN) for mark in marks if mark.suffix != ".partial")


def _begun(releases: Path, request_id: str) -> Path:
    return releases / f"{_BEGUN}{request_id}"


def _begin(releases: Path, request_id: str, records_n: int) -> int:
    """Note that a purge has begun, and return how many records there were when it first did."""
    releases.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = _begun(releases, request_id)
    if mark.exists():
        return int(mark.read_text("utf-8"))
    _replace_text(mark, f"{records_n}")
    return records_n


def _replace_text(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_text(text, "utf-8")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _pages(build: Path, request_id: str) -> Iterator[Path]:
    """Yield the pages about people: the reply to this request, and the review of all."""
    yield build / "replies" / f"{request_id}.html"
    yield build / "reviews"


def _files_of_dbt(build: Path) -> Iterator[Path]:
    """Yield what dbt wrote in target and logs, by name: the folders may hold other things."""
    run = read_run(build)
    for folder in run.artefacts if run else ():
        yield from (Path(folder) / name for name in DBT_ARTEFACTS)
        yield from logs_of(Path(folder))


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _remove(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return True
    if _is_there(path):
        path.unlink()
        return True
    return False


def _tables_of_requests(
    connection: duckdb.DuckDBPyConnection, database: str
) -> list[tuple[str, str]]:
    """Return the tables with a column request_id; views follow the tables that they read."""
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "semi join (from duckdb_columns() where column_name = 'request_id') "
        "using (database_name, schema_name, table_name) where database_name = ? order by all",
        [database],
    ).fetchall()


def _count(path: Path, request_id: str) -> int:
    """Return the largest number of rows that one table of a database holds of a request."""
    with open_build(path.parent, path.stem) as connection:
        return max(
            (
                connection.execute(
                    f'select count(*) from {path.stem}."{schema}"."{table}" where request_id = ?',
                    [request_id],
                ).fetchall()[0][0]
                for schema, table in _tables_of_requests(connection, path.stem)
                if "individuals" in table or table == "record_outcomes"
            ),
            default=0,
        )


def _rewrite(path: Path, request_id: str) -> None:
    """Replace a database by a copy without the rows of a request.

    It is attached by its own name, by which its views name its tables.
    """
    copy = path.with_suffix(".purged")
    _remove_copy(copy)
    try:
        with connect() as connection:
            attach(connection, path, path.stem, read_only=False)
            _delete(connection, path.stem, request_id)
            attach(connection, copy, "new", read_only=False)
            connection.execute(f"copy from database {path.stem} to new")
            connection.execute("detach new")
            connection.execute(f"detach {path.stem}")
        copy.chmod(path.stat().st_mode & 0o777)
        os.replace(copy, path)
    finally:
        _remove_copy(copy)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _remove_copy(copy: Path) -> None:
    for path in (copy, copy.with_name(f"{copy.name}.wal")):
        path.unlink(missing_ok=True)


def _delete(connection: duckdb.DuckDBPyConnection, database: str, request_id: str) -> None:
    """Delete the rows of a request, the keys of people who are in no other, and failing rows."""
    tables = _tables_of_requests(connection, database)
    for schema, table in tables:
        connection.execute(
            f'delete from {database}."{schema}"."{table}" where request_id = ?', [request_id]
        )
    with_people = [
        f'select person_id from {database}."{schema}"."{table}"'
        for schema, table in tables
        if _has_column(connection, database, schema, table, "person_id")
    ]
    if with_people and _has_column(connection, database, *PERSON_KEYS, "person_key"):
        connection.execute(
            f'delete from {database}."{PERSON_KEYS[0]}"."{PERSON_KEYS[1]}" '
            f"where person_id not in ({' union all '.join(with_people)})"
        )
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'audit'",
        [database],
    ).fetchall():
        connection.execute(f'drop table {database}.audit."{table}"')


def _has_column(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str, column: str
) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_columns() where (database_name, schema_name, table_name, "
        "column_name) = (?, ?, ?, ?)",
        [database, schema, table, column],
    ).fetchall()
    return bool(found[0][0])


def _drop_rows(path: Path, request_id: str) -> None:
    """Write a file of the lab again without the rows about a request."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        kept = [row for row in reader if (row.get("request_id") or "").strip() != request_id]
        header = list(reader.fieldnames or ())
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    _replace_text(path, text.getvalue())


def _write_tombstone(releases: Path, request_id: str, records_n: int, purged_on: date) -> None:
    register = releases / REGISTER
    path = releases / TOMBSTONES
    before = path.read_text("utf-8") if path.exists() else ",".join(TOMBSTONE_COLUMNS) + "\n"
    digest = file_hash(register) if register.exists() else ""
    line = f"{request_id},{purged_on.isoformat()},{records_n},{digest}\n"
    if line not in before:  # a purge that was stopped after it had written it
        _replace_text(path, before + line)
