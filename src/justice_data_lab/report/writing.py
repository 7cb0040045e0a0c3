"""The site written as a whole: into a new folder beside its place, which then takes its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from justice_data_lab.build.published import Published, read_published
from justice_data_lab.downloads import ALL_REQUESTS, write_csv_files, write_workbooks
from justice_data_lab.report.pages.annex_page import annex_page
from justice_data_lab.report.pages.index_page import index_page
from justice_data_lab.report.pages.parts import Link
from justice_data_lab.report.pages.report_page import report_page
from justice_data_lab.report.printing import print_report
from justice_data_lab.report.rendering import (
    method_page,
    render_annex,
    render_index,
    render_method,
    render_report,
)
from justice_data_lab.report.tables import ReportError, Row, SiteTables, site_tables

MARKER: Final = ".jdl-site"
MARKER_TEXT: Final = "Written by jdl report; replaced whole by the next run.\n"
DOWNLOADS: Final = "downloads"
ALL_TABLES: Final = Link("Workbook of all requests (xlsx)", f"{DOWNLOADS}/{ALL_REQUESTS}")

Progress = Callable[[int, int], None]


def write_site(
    database: Path,
    out: Path,
    *,
    browser: str | None = None,
    progress: Progress = lambda done, all_pages: None,
) -> int:
    """Write the site of a published.duckdb, with its downloads; return its pages.

    browser: prints each report as a PDF among the downloads; None: there are none.

    ``out`` is new, empty or a former site, which is replaced whole, so that pages of requests that
    are gone go too. The same tables give the same bytes. Raises DatabaseError where the database
    cannot be read, and ReportError where something else lies at ``out`` or a table is missing.
    """
    published = read_published(database)
    tables = site_tables(published)
    _check_place(out)
    place = Path(os.path.abspath(out))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            pages = _write_all(new, published, tables, browser, progress)
            _replace(place, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise ReportError(f"{out}: could not be written ({error.strerror})") from error
    return pages


def _check_place(out: Path) -> None:
    """Refuse a place that holds anything but a former site."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise ReportError(f"{out}: is not a folder; choose another place")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise ReportError(f"{out}: holds files that jdl report did not write; choose another place")


def _write_all(
    folder: Path,
    published: Published,
    tables: SiteTables,
    browser: str | None,
    progress: Progress,
) -> int:
    """Write downloads and pages; progress counts workbooks and pages alike."""
    folder.chmod(0o755)
    (folder / MARKER).write_text(MARKER_TEXT, "utf-8")
    for name in ("requests", "annex"):
        (folder / name).mkdir()
    requests = tables.table("requests")
    pages = 2 * len(requests) + 2
    for done, _ in enumerate(write_workbooks(published, folder / DOWNLOADS)):
        progress(done, pages + len(requests))
    csv_files = list(write_csv_files(published, folder / DOWNLOADS / "csv"))
    for done, request in enumerate(requests):
        progress(len(requests) + 2 * done, pages + len(requests))
        _write_request(folder, tables, request, browser)
    index = index_page(tables, [ALL_TABLES], [_csv_link(file) for file in csv_files])
    _write(folder / "index.html", render_index(index, tables))
    _write(folder / "method.html", render_method(method_page(tables), tables))
    return pages


def _write_request(folder: Path, tables: SiteTables, request: Row, browser: str | None) -> None:
    """Write report and annex of a request, with links to its workbook and PDF if it has them."""
    request_id = request["request_id"]
    book, pdf = (folder / DOWNLOADS / f"{request_id}.{ending}" for ending in ("xlsx", "pdf"))
    links = []
    if browser:
        links.append(Link("This report in two pages (pdf)", f"../{DOWNLOADS}/{pdf.name}"))
    if book.is_file():
        links.append(Link("Workbook of this request (xlsx)", f"../{DOWNLOADS}/{book.name}"))
    page = folder / "requests" / f"{request_id}.html"
    _write(page, render_report(report_page(tables, request, links), tables))
    if browser:
        print_report(browser, page, pdf)
    annex = annex_page(tables, request, links)
    _write(folder / "annex" / f"{request_id}.html", render_annex(annex, tables))


def _csv_link(file: Path) -> Link:
    return Link(file.stem.replace("_", " ").capitalize(), f"{DOWNLOADS}/csv/{file.name}")


def _write(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _replace(out: Path, new: Path) -> None:
    """Put the new folder in the place of the former; that one comes back if it cannot be put."""
    if not out.exists():
        new.rename(out)
        return
    former = new.with_name(f"{new.name}-former")
    os.replace(out, former)
    try:
        os.replace(new, out)
    except OSError:
        os.replace(former, out)
        raise
    shutil.rmtree(former, ignore_errors=True)
