"""A site of made-up published tables, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from justice_data_lab.report import write_site
from report.pages import Page, pages_of
from report.published_tables import write_published


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    write_published(folder / "published.duckdb")
    return folder


@pytest.fixture(scope="session")
def site(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sites") / "site"
    write_site(build / "published.duckdb", out)
    return out


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, Page]:
    return pages_of(site)
