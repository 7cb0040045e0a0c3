"""The site written as a whole: into a new folder beside its place, which then takes its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from justice_data_lab.report.pages.index_page import index_page
from justice_data_lab.report.pages.parts import Link
from justice_data_lab.report.pages.request_page import request_page
from justice_data_lab.report.published import Published, ReportError, Row, read_published
from justice_data_lab.report.rendering import (
    method_page,
    render_index,
    render_method,
    render_request,
)

MARKER: Final = ".jdl-site"
MARKER_TEXT: Final = "Written by jdl report; replaced whole by the next run.\n"
DOWNLOADS: Final = "downloads"

Progress = Callable[[int, int], None]


def write_site(
    build: Path,
    out: Path,
    *,
    add_downloads: Callable[[Path], None] | None = None,
    progress: Progress = lambda done, all_pages: None,
) -> int:
    """Write the site of a build's published tables to ``out``; return the number of pages.

    ``out`` is new, empty or a former site, which is replaced whole, so that pages of requests that
    are gone go too. ``add_downloads`` writes files for readers into the folder that it is given:
    the index links to all, and a request's page to those named after it. The same tables and
    downloads give the same bytes. Raises ReportError where something else lies at ``out``, or the
    tables cannot be read.
    """
    published = read_published(build)
    _check_place(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            pages = _write_pages(new, published, add_downloads, progress)
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


def _write_pages(
    folder: Path,
    published: Published,
    add_downloads: Callable[[Path], None] | None,
    progress: Progress,
) -> int:
    folder.chmod(0o755)
    (folder / MARKER).write_text(MARKER_TEXT, "utf-8")
    if add_downloads:
        (folder / DOWNLOADS).mkdir()
        add_downloads(folder / DOWNLOADS)
    files = _downloads(folder)
    (folder / "requests").mkdir()
    requests = published.table("requests")
    for done, request in enumerate(requests):
        progress(done, len(requests) + 2)
        _write_request(folder, published, request, files)
    links = [Link(name, f"{DOWNLOADS}/{name}") for name in files]
    _write(folder / "index.html", render_index(index_page(published, links), published))
    _write(folder / "method.html", render_method(method_page(published), published))
    progress(len(requests) + 2, len(requests) + 2)
    return len(requests) + 2


def _write_request(folder: Path, published: Published, request: Row, files: Sequence[str]) -> None:
    """Write the page of a request; its downloads are the files of its own name."""
    request_id = request["request_id"]
    own = [Link(name, f"../{DOWNLOADS}/{name}") for name in files if Path(name).stem == request_id]
    page = request_page(published, request, own)
    _write(folder / "requests" / f"{request_id}.html", render_request(page, published))


def _downloads(folder: Path) -> list[str]:
    if not (folder / DOWNLOADS).is_dir():
        return []
    return sorted(path.name for path in (folder / DOWNLOADS).iterdir() if path.is_file())


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
