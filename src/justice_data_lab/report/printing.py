"""Reports as PDF, printed by a browser of the Chromium family that the machine has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from justice_data_lab.report.tables import ReportError

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PAGES: Final = 2
LONGEST_SECONDS: Final = 120
_LINK_IN_SITE: Final = re.compile(r'<a href="\.\./[^"]*">(.*?)</a>', re.DOTALL)
_PAGE: Final = re.compile(rb"/Type\s*/Page\b")


def find_browser() -> str:
    """Return the browser that prints; ReportError where the machine has none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise ReportError(f"a PDF needs one of {', '.join(BROWSERS)} on the PATH; there is none")


def print_report(browser: str, page: Path, pdf: Path) -> None:
    """Print a report to a new PDF of two A4 pages, tagged for screen readers.

    It is to be sent alone, so links to other pages of the site are text in it. ReportError where
    the browser fails, or where the report is not on two pages.
    """
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder, page.name)
        alone.write_text(_LINK_IN_SITE.sub(r"\1", page.read_text("utf-8")), "utf-8")
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-first-run"),
            *("--no-pdf-header-footer", f"--user-data-dir={folder}/profile"),
            *(("--no-sandbox",) if os.name == "posix" and os.geteuid() == 0 else ()),
            *(f"--print-to-pdf={pdf.absolute()}", alone.as_uri()),
        ]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=LONGEST_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise ReportError(f"{browser} did not print {page.name}") from error
    pages = len(_PAGE.findall(pdf.read_bytes())) if pdf.is_file() else 0
    if pages != PAGES:
        raise ReportError(f"{browser} printed {page.name} on {pages} pages, not {PAGES}")
