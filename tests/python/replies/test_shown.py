"""The reply as a page and on the terminal: nothing runs, nothing loads, nothing leaks."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from rich.console import Console

from justice_data_lab.replies import read_reply, reply_html
from justice_data_lab.replies.terminal import print_reply

NASTY = "<script>alert(1)</script> {{ 7*7 }} [bold red]x[/] \x1b[31m\u202e&amp;\"'"
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Collects the tags, texts and headings of a page; fails where tags do not pair."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text += data

    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]


@pytest.fixture
def busy(intake: Any) -> Any:
    intake.request(organisation=NASTY, records_n=48)
    intake.check("too_few_records", True, (48, 60, 12))
    intake.fail("date_of_birth_missing", [1, 2, 3, 9])
    intake.fail("gender_unknown", [3, 4])
    intake.finding("optional_column_missing", "individuals.csv: no <b>pncid", "pncid")
    intake.finding("optional_column_missing", "individuals.csv: no gender", "gender")
    return read_reply(intake.connection, "harbour")


def shown(reply: Any, width: int = 100, terminal: bool = False) -> str:
    out = io.StringIO()
    print_reply(reply, Console(file=out, width=width, force_terminal=terminal))
    return out.getvalue()


def test_page_shows_names_letter_by_letter(busy: Any) -> None:
    html = reply_html(busy)
    page = Page(html)
    assert "script" not in page.names()
    assert (
        "<script>alert(1)</script> {{ 7*7 }} [bold red]x[/] \\x1b[31m\\u202e&amp;\"'" in page.text
    )
    assert "individuals.csv: no <b>pncid" in page.text
    assert "49" not in page.text
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_page_loads_and_runs_nothing(busy: Any) -> None:
    html = reply_html(busy)
    page = Page(html)
    assert not re.search(r"https?:|//[a-z]", html)
    assert not {"img", "link", "iframe", "form", "object", "base"} & set(page.names())
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
    assert {a["href"] for _, a in page.tags if "href" in a} == {"#main"}
    assert not re.search(r"url\((?!#)|@import", html)


def test_policy_allows_the_one_style(busy: Any) -> None:
    html = reply_html(busy)
    policy = next(a["content"] for _, a in Page(html).tags if a.get("http-equiv"))
    style = re.search("<style>(.*)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy


def test_page_is_well_built(busy: Any) -> None:
    html = reply_html(busy)
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>\n<html lang=")
    assert [page.names().count(name) for name in ("header", "main", "footer", "h1")] == [1] * 4
    levels = [int(name[1]) for name in page.names() if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a} <= set(ids)
    title = re.search("<title>(.*)</title>", html)
    assert title is not None
    assert len(title[1]) <= 70


def test_bar_has_its_text(busy: Any) -> None:
    page = Page(reply_html(busy))
    assert "Ready: 43 records, To look at: 1 record, To correct: 4 records." in page.text
    bar = [a for tag, a in page.tags if tag == "rect" and a.get("height") == "36"]
    assert [a["class"] for a in bar] == ["clear", "look", "correct"]
    assert sum(int(a["width"] or 0) for a in bar) == 600


def test_page_says_what_to_do(busy: Any) -> None:
    text = " ".join(Page(reply_html(busy)).text.split())
    for words in (
        "Not yet This request cannot be analysed yet.",
        "48 records, and at least 60 are needed: 12 more",
        "Date of birth The date of birth is missing; add it. 4 records: rows 2-4, 10",
        "Rows are numbered as in your sheet",
        "This stops the request.",
        "Correct what stops the request",
    ):
        assert words in text


def test_page_of_nothing_and_of_a_good_request(intake: Any) -> None:
    intake.finding("invalid_request_name", request_id="invalid_name_1")
    nothing = Page(reply_html(read_reply(intake.connection, "invalid_name_1")))
    assert "There are no records in your upload that we can read." in nothing.text
    assert "svg" not in nothing.names()
    intake.request(organisation=None)
    good = Page(reply_html(read_reply(intake.connection, "harbour")))
    assert "You do not have to send anything again." in good.text
    assert "Organisation" not in good.text
    assert "Correct these first" not in good.text


def test_same_page_for_the_same_reply(busy: Any) -> None:
    assert reply_html(busy) == reply_html(busy)


def test_long_names_do_not_grow_the_page(intake: Any) -> None:
    intake.request(request_id="r" * 64, organisation="W" * 5_000)
    html = reply_html(read_reply(intake.connection, "r" * 64))
    assert "W" * 200 + "…" in html
    assert "W" * 201 not in html


def test_terminal_shows_names_letter_by_letter(busy: Any) -> None:
    text = shown(busy)
    assert text.startswith("harbour: This request cannot be analysed yet.\n")
    assert "<script>alert(1)</script> {{ 7*7 }} [bold red]x[/] \\x1b[31m\\u202e&amp;\"'" in text
    assert "\x1b" not in text
    coloured = shown(busy, terminal=True)
    assert "\x1b[31m\u202e" not in coloured
    assert "\\u202e" in coloured


def test_terminal_of_another_encoding_shows_codes(intake: Any) -> None:
    intake.request(organisation="Zoë 李")
    out = io.TextIOWrapper(io.BytesIO(), "cp1252", newline="")
    print_reply(read_reply(intake.connection, "harbour"), Console(file=out, width=100))
    out.seek(0)
    assert "Zoë \\u674e, Harbour Keys" in out.read()


def test_terminal_table(busy: Any) -> None:
    text = shown(busy, width=160)
    assert re.search(r"error +Date of birth +4 +The date of birth is missing; add it\.", text)
    assert "rows 2-4, 10" in text
    assert "48 records: 43 without a finding, 1 to look at, 4 to correct." in text
    assert "Rows are numbered as in your sheet" in text
    assert shown(busy, width=40)


def test_terminal_without_findings(intake: Any) -> None:
    intake.request()
    text = shown(read_reply(intake.connection, "harbour"))
    assert "finding  about" not in text
    assert "- All 80 records have a full name." in text


def test_no_value_of_a_record_is_shown(busy: Any, intake: Any) -> None:
    """The tables hold no values; of what they hold, only these names are free text."""
    intake.connection.execute("alter table requests add column contact_email varchar")
    intake.connection.execute("update requests set contact_email = 'canary@example.org'")
    reply = read_reply(intake.connection, "harbour")
    assert "canary" not in reply_html(reply) + shown(reply) + repr(reply)
