"""One upload checked without police data: the reader, the build's own rules, and the reply."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.intake import Uploads, read_upload
from justice_data_lab.intake.contract import PARTS
from justice_data_lab.intake.rules import run_intake
from justice_data_lab.raw_zone import read_extract
from justice_data_lab.replies import Reply, ReplyTables, read_reply

# a million records fit the first; cells of a hundred thousand letters need the second
_MEMORY_LIMITS: Final = ("80MB", "4GB")
_PROJECT: Final = Path(__file__).resolve().parents[2]
_TABLES: Final = ReplyTables(
    requests="int_intake__requests", record_checks="int_intake__record_checks"
)


class ProjectMissingError(Exception):
    """The package stands without the models, macros and seeds of its repository."""


def check_upload(path: Path) -> Reply:
    """Check one upload: a folder of two CSV files, or a workbook.

    An upload that lies in a raw zone is checked with the dates of its extract, any other with
    today's. Raises FileNotFoundError where there is nothing at ``path``, and ProjectMissingError.
    """
    if not (_PROJECT / "dbt_project.yml").exists():
        raise ProjectMissingError(
            "the rules are not here: install the package from its repository (make install)"
        )
    uploads = read_upload(path)
    names = uploads.requests.column("request_id").to_pylist()
    names += uploads.findings.column("request_id").to_pylist()
    if not names:
        raise FileNotFoundError(f"{path.name}: is neither a folder nor a workbook")
    request_id = names[0]
    for limit in _MEMORY_LIMITS:
        try:
            with _scratch_database(limit) as connection:
                return _reply(connection, request_id, uploads, path)
        except duckdb.OutOfMemoryException:
            if limit == _MEMORY_LIMITS[-1]:
                raise
    raise AssertionError("unreachable")


def _reply(
    connection: duckdb.DuckDBPyConnection, request_id: str, uploads: Uploads, path: Path
) -> Reply:
    data_as_of, reoffending_data_to = _dates(path)
    run_intake(
        connection,
        uploads=uploads,
        project=_PROJECT,
        data_as_of=data_as_of,
        reoffending_data_to=reoffending_data_to,
    )
    return read_reply(connection, request_id, _TABLES)


def _dates(path: Path) -> tuple[date, date]:
    """Return the extract's dates of the raw zone around the upload, else today's."""
    upload = path.resolve()
    if not upload.is_dir() and upload.name.casefold() in {part.file_name for part in PARTS}:
        upload = upload.parent
    try:
        extract = read_extract(upload.parents[1])
    except (OSError, ValueError, IndexError):
        return date.today(), date.today()
    return extract.data_as_of, extract.reoffending_data_to


@contextmanager
def _scratch_database(memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in a folder that only its owner can read and that is removed afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="jdl-check-") as folder,
        duckdb.connect(Path(folder) / "check.duckdb") as connection,
    ):
        for setting in (
            f"memory_limit = '{memory_limit}'",
            "threads = 1",
            "preserve_insertion_order = false",
            # what is read once and thrown away is not worth packing
            "force_compression = 'uncompressed'",
        ):
            connection.execute(f"set {setting}")
        yield connection
