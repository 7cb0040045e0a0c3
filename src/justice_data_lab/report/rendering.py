"""From page models to HTML: the templates, and the one style and script that a page may use."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import count
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from justice_data_lab.report.pages import method
from justice_data_lab.report.pages.index_page import IndexPage
from justice_data_lab.report.pages.parts import EXACT, EXACT_REAL, Table
from justice_data_lab.report.pages.request_page import RequestPage
from justice_data_lab.report.tables import SiteTables

_FOLDER: Final = resources.files(__package__).joinpath("templates")


@dataclass(frozen=True)
class MethodPage:
    """The page of settings and checks."""

    title: str
    settings: Table
    log: Table | None
    log_summary: str
    codes: Table


def method_page(published: SiteTables) -> MethodPage:
    """Return the page of settings and checks."""
    return MethodPage(
        title="Justice Data Lab: method and quality",
        settings=method.settings_table(published),
        log=method.log_table(published),
        log_summary=method.log_summary(published),
        codes=method.codes_table(published),
    )


def render_index(page: IndexPage, published: SiteTables) -> str:
    """Return the index as a whole document."""
    return _render("index", page, published, home="", script=_source("filter.js"))


def render_request(page: RequestPage, published: SiteTables) -> str:
    """Return the page of a request as a whole document."""
    return _render("request", page, published, home="../index.html")


def render_method(page: MethodPage, published: SiteTables) -> str:
    """Return the page of settings and checks as a whole document."""
    return _render("method", page, published, home="index.html")


def _render(name: str, page: object, published: SiteTables, *, home: str, script: str = "") -> str:
    style = _source("site.css")
    exact = "" if published.is_controlled else EXACT if published.is_synthetic else EXACT_REAL
    return (
        _environment()
        .get_template(f"{name}.html.jinja")
        .render(
            page=page,
            home=home,
            exact=exact,
            is_synthetic=published.is_synthetic,
            style=Markup(style),
            style_hash=_hash(style),
            script=Markup(script),
            script_hash=_hash(script),
            new_id=_new_id(),
        )
    )


def _new_id() -> Callable[[], str]:
    """Return a function that gives each table of a page an id of its own."""
    numbers = count(1)
    return lambda: f"table-{next(numbers)}"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def _source(name: str) -> str:
    return _FOLDER.joinpath(name).read_text("utf-8")


@cache
def _environment() -> Environment:
    """Templates are escaped, and a name that no page has is an error."""
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_source),
    )
