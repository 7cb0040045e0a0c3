"""From page models to HTML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from justice_data_lab.html import render_page
from justice_data_lab.report.pages import method
from justice_data_lab.report.pages.annex_page import AnnexPage
from justice_data_lab.report.pages.index_page import IndexPage
from justice_data_lab.report.pages.parts import EXACT, EXACT_REAL, Table, Term
from justice_data_lab.report.pages.report_page import ReportPage
from justice_data_lab.report.tables import SiteTables
from justice_data_lab.report.wording import said

_FOLDER: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class MethodPage:
    """How the lab works, with the settings of the build and a summary of its checks."""

    title: str
    settings: Table
    how_it_works: tuple[Term, ...]
    log: tuple[Table, ...]
    log_summary: str
    log_file: str
    codes: Table


def method_page(published: SiteTables) -> MethodPage:
    """Return the page of settings and checks."""
    return MethodPage(
        title="Justice Data Lab: method and quality",
        settings=method.settings_table(published),
        how_it_works=method.method_texts(published),
        log=method.log_tables(published),
        log_file="downloads/csv/quality_log.csv",
        log_summary=method.log_summary(published),
        codes=method.codes_table(published),
    )


def render_index(page: IndexPage, published: SiteTables) -> str:
    """Return the index as a whole document."""
    return _render("index", page, published, home="", script=_source("filter.js"))


def render_report(page: ReportPage, published: SiteTables) -> str:
    """Return the report of a request as a whole document."""
    return _render("report", page, published, home="../index.html")


def render_annex(page: AnnexPage, published: SiteTables) -> str:
    """Return the annex of a request as a whole document."""
    return _render("annex", page, published, home="../index.html")


def render_method(page: MethodPage, published: SiteTables) -> str:
    """Return the page of settings and checks as a whole document."""
    return _render("method", page, published, home="index.html")


def _render(name: str, page: object, published: SiteTables, *, home: str, script: str = "") -> str:
    exact = "" if published.is_controlled else EXACT if published.is_synthetic else EXACT_REAL
    return render_page(
        _FOLDER,
        name,
        style=_source("site.css"),
        script=script,
        page=page,
        home=home,
        exact=exact,
        is_synthetic=published.is_synthetic,
        new_id=_new_id(),
        codes={row["code"]: said(row["meaning"]) for row in published.table("codes")},
    )


def _source(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _new_id() -> Callable[..., str]:
    """Return a function that numbers what a page has: ids of its tables, its figures."""
    numbers = count(1)
    figures = count(1)
    return lambda kind="table": str(next(figures)) if kind == "figure" else f"table-{next(numbers)}"
