"""The site written as a whole: into a new folder beside its place, which then takes its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from justice_data_lab.downloads import write_csv_files, write_workbooks
from justice_data_lab.published import Published, PublishedError, read_published
from justice_data_lab.report.pages.index_page import index_page
from justice_data_lab.report.pages.parts import Link
from justice_data_lab.report.pages.request_page import request_page
from justice_data_lab.report.rendering import (
    method_page,
    render_index,
    render_method,
    render_request,
)
from justice_data_lab.report.tables import ReportError, SiteTables, site_tables

MARKER: Final = ".jdl-site"
MARKER_TEXT: Final = "Written by jdl report; replaced whole by the next run.\n"
DOWNLOADS: Final = "downloads"

Progress = Callable[[int, int], None]


def write_site(build: Path, out: Path, *, progress: Progress = lambda done, all_pages: None) -> int:
    """Write the site of a build's published tables, with its downloads; return its pages.

    ``out`` is new, empty or a former site, which is replaced whole, so that pages of requests that
    are gone go too. The same tables give the same bytes. Raises ReportError where something else
    lies at ``out``, or the tables cannot be read.
    """
    try:
        published = read_published(build / "published.duckdb")
    except PublishedError as error:
        raise ReportError(str(error)) from error
    tables = site_tables(published)
    _check_place(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            pages = _write_pages(new, tables, _write_downloads(new, published), progress)
            _replace(out, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise ReportError(f"{out}: could not be written ({error.strerror})") from error
    return pages


def _check_place(out: Path) -> None:
    """Refuse a place that holds anything but a former site."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise ReportError(f"{out}: is no folder; choose another place")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise ReportError(f"{out}: holds files that are no site of ours; choose another place")


def _write_downloads(folder: Path, published: Published) -> list[Path]:
    """Write the workbooks, and every table as CSV; return their places in the folder."""
    files = [
        *write_workbooks(published, folder / DOWNLOADS),
        *write_csv_files(published, folder / DOWNLOADS / "csv"),
    ]
    return [file.relative_to(folder) for file in files]


def _write_pages(
    folder: Path, tables: SiteTables, files: Sequence[Path], progress: Progress
) -> int:
    folder.chmod(0o755)
    (folder / MARKER).write_text(MARKER_TEXT, "utf-8")
    (folder / "requests").mkdir()
    requests = tables.table("requests")
    total = len(requests) + 2
    ids = {row["request_id"] for row in requests}
    for done, request in enumerate(requests):
        progress(done, total)
        own = [file for file in files if file.stem == request["request_id"] and _is_book(file)]
        page = request_page(tables, request, [_link(file, "../") for file in own])
        file = folder / "requests" / f"{request['request_id']}.html"
        _write(file, render_request(page, tables))
    shared = [_link(file) for file in files if not (_is_book(file) and file.stem in ids)]
    _write(folder / "index.html", render_index(index_page(tables, shared), tables))
    _write(folder / "method.html", render_method(method_page(tables), tables))
    progress(total, total)
    return total


def _is_book(file: Path) -> bool:
    return file.suffix == ".xlsx"


def _link(file: Path, before: str = "") -> Link:
    """Name a download by what it holds."""
    if _is_book(file):
        return Link("Workbook of all tables (xlsx)", f"{before}{file.as_posix()}")
    return Link(f"{file.stem.replace('_', ' ').capitalize()} (CSV)", f"{before}{file.as_posix()}")


def _write(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _replace(out: Path, new: Path) -> None:
    """Put the new folder in the place of the former; that one comes back if it cannot be put."""
    if not out.exists():
        new.rename(out)
        return
    former = Path(tempfile.mkdtemp(prefix=f".{out.name}-former-", dir=out.parent))
    os.replace(out, former)
    try:
        os.replace(new, out)
    except OSError:
        os.replace(former, out)
        raise
    shutil.rmtree(former, ignore_errors=True)
