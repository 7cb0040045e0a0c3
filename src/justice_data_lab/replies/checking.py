"""One upload checked without police data: the reader, the build's own rules, and the reply."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from justice_data_lab.intake.loading import load_uploads
from justice_data_lab.intake.rules import run_intake
from justice_data_lab.intake.stores import SpooledRows
from justice_data_lab.intake.uploads import place_of_upload, read_request
from justice_data_lab.project import project_folder
from justice_data_lab.raw_zone.reading import read_extract
from justice_data_lab.replies.queries import INTAKE_TABLES, MOST_RANGES
from justice_data_lab.replies.reply import Reply, read_reply

# a million records fit the first; cells of a hundred thousand letters need the second
_MEMORY_LIMIT: Final = "80MB"
_MEMORY_LIMIT_OF_LONG_CELLS: Final = "4GB"


def check_upload(path: Path, most_ranges: int = MOST_RANGES) -> Reply:
    """Check one upload: a folder of two CSV files, or a workbook.

    An upload that lies in a raw zone is checked with the dates of its extract, any other with
    today's. ``most_ranges``: of the records of one check. Raises FileNotFoundError where there is
    nothing at ``path``, and ProjectMissingError.
    """
    project_folder()
    dates = _dates(path)
    try:
        return _reply(path, dates, _MEMORY_LIMIT, most_ranges)
    except duckdb.OutOfMemoryException:
        return _reply(path, dates, _MEMORY_LIMIT_OF_LONG_CELLS, most_ranges)


def _reply(path: Path, dates: tuple[date, date], memory_limit: str, most_ranges: int) -> Reply:
    with _scratch_folder() as folder, _scratch_database(folder, memory_limit) as connection:
        requests = read_request(path, lambda _: SpooledRows(folder / "individuals"))
        names = load_uploads(connection, requests, folder)
        if not names:
            raise FileNotFoundError(f"{path.name}: is neither a folder nor a workbook")
        run_intake(
            connection,
            project=project_folder(),
            data_as_of=dates[0],
            reoffending_data_to=dates[1],
        )
        return read_reply(connection, names[0], INTAKE_TABLES, most_ranges)


def _dates(path: Path) -> tuple[date, date]:
    """Return the extract's dates of the raw zone around the upload, else today's."""
    try:
        extract = read_extract(place_of_upload(path.resolve()).parents[1])
    except (OSError, ValueError, IndexError):
        return date.today(), date.today()
    return extract.data_as_of, extract.reoffending_data_to


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    """Make a folder that only its owner can read and that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="jdl-check-") as folder:
        yield Path(folder)


@contextmanager
def _scratch_database(folder: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(folder / "check.duckdb") as connection:
        for setting in (
            f"memory_limit = '{memory_limit}'",
            "threads = 1",
            "preserve_insertion_order = false",
            # what is read once and thrown away is not worth packing
            "force_compression = 'uncompressed'",
        ):
            connection.execute(f"set {setting}")
        yield connection
