"""The shell and the content policy of every page: site, replies and clerical review.

A page loads nothing from anywhere; its one style and its one script are named by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_SHELL = Path(__file__).parent


def page_style(*more: Path) -> str:
    """Return the style of the pages that are not of the site, and what a page adds to it."""
    return "".join(file.read_text("utf-8") for file in (_SHELL / "page.css", *more))


def render_page(folder: Path, name: str, *, style: str, script: str = "", **values: object) -> str:
    """Return a whole document from ``name.html.jinja`` of a folder, which extends the shell.

    Every value is escaped, and a name that the page does not have is an error.
    """
    return (
        _environment(folder)
        .get_template(f"{name}.html.jinja")
        .render(
            style=Markup(style),
            style_hash=_hash(style),
            script=Markup(script),
            script_hash=_hash(script),
            **values,
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def _environment(folder: Path) -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader((folder, _SHELL)),
    )
