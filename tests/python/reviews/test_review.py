"""The page of clerical review: complete, in order, escaped, private, and its lines are accepted."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import stat
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.raw_zone.contract import CLERICAL_DECISIONS
from justice_data_lab.raw_zone.staff import check_staff_file
from justice_data_lab.reviews import review_html, write_review
from reviews.review_tables import KEY, row, write_build

NASTY = "<script>alert(1)</script> {{ 7*7 }} \x1b[31m\u202e&amp;\"'"
NASTY_SHOWN = "<script>alert(1)</script> {{ 7*7 }} \\x1b[31m\\u202e&amp;\"'"
VOID = {"meta", "link", "br", "img", "hr", "input"}
MINUS = "\N{MINUS SIGN}"


class Page(HTMLParser):
    """Collects tags, headings, copy lines and the cells of tables; fails where tags do not pair."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.headings: list[str] = []
        self.lines: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []
        self.rows = [[" ".join(cell.split()) for cell in cells] for cells in self.rows]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append("")
        elif self._open[-2:] == ["pre", "code"]:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] == "style":
            return
        self.text += data
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data
        elif re.fullmatch("h[1-6]", self._open[-1]):
            self.headings[-1] += data
        elif self._open[-2:] == ["pre", "code"]:
            self.lines[-1] += data

    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]

    def row(self, label: str, at: int = 0) -> list[str]:
        """Return the cells of a row of a table, by its header."""
        return [cells for cells in self.rows if cells and cells[0] == label][at]


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)


BUSY = [
    row(record_number=12, place=2, pnc_id="B", reason="ambiguous", match_weight=6.0),
    row(record_number=12, place=1, pnc_id="A", reason="ambiguous", match_weight=6.5),
    row(record_number=3),
    row(request_id="foundation", record_number=40),
]


def page_of(folder: Path, rows: list[dict[str, object]]) -> Page:
    write_build(folder, rows)
    return Page(write_review(folder).read_text("utf-8"))


def test_order_is_by_request_record_and_place(tmp_path: Path) -> None:
    page = page_of(tmp_path, BUSY)
    first = page.headings.index("Request foundation")
    assert page.headings[first:] == [
        "Request foundation",
        "Record 40 of foundation",
        "Person 1 of 1: 1990/0000012A",
        "Request harbour",
        "Record 3 of harbour",
        "Person 1 of 1: 1990/0000012A",
        "Record 12 of harbour",
        "Person 1 of 2: A",
        "Person 2 of 2: B",
    ]
    assert page.row("harbour") == ["harbour", "2", "1", "3"]
    assert page.row("foundation") == ["foundation", "1", "0", "1"]
    targets = {a["href"] for _, a in page.tags if "href" in a}
    assert targets <= {f"#{a['id']}" for _, a in page.tags if "id" in a}
    assert "#request-2-record-12" in targets


def test_values_stand_side_by_side() -> None:
    page = Page(review_html([row(record_gender="U", record_pncid="1990/0000012A")]))
    assert page.row("Forenames") == ["Forenames", "MARIE ANN", "MARIE", "≈ Similar"]
    assert page.row("Surname") == ["Surname", "SMIHT", "SMITH", "≈ Similar"]
    assert page.row("Date of birth")[1:] == ["1980-03-02", "1981-03-02", "≈ Similar"]
    assert page.row("Gender")[1:] == ["none", "F", "\N{EN DASH} Missing"]
    assert page.row("PNCid")[1:] == ["1990/0000012A", "1990/0000012A", "= Same"]
    assert page.row("Prison number")[1:] == ["none", "none", "\N{EN DASH} Missing"]
    assert "mark" in page.names()


def test_difference_is_said_in_words() -> None:
    html = review_html(
        [row(date_of_birth_weight=-6.0, record_prison_number="A1234BC", prison_number_weight=-3.0)]
    )
    assert Page(html).row("Date of birth")[-1] == "≠ Different"
    assert Page(html).row("Prison number")[1:] == ["A1234BC", "not shown", "≠ Different"]
    assert "<bdi>198<mark>0</mark>-03-02</bdi>" in html


def test_swapped_names_are_compared_as_they_were_read() -> None:
    page = Page(
        review_html([row(name_order="swapped", record_forenames="SMITH", record_surname="MARIE")])
    )
    assert page.row("Forenames")[1:] == ["MARIE (given as the surname)", "MARIE", "= Same"]
    assert page.row("Surname")[1:] == ["SMITH (given as the forenames)", "SMITH", "= Same"]


def test_waterfall_adds_up_to_the_match_weight() -> None:
    page = Page(review_html([row()]))
    assert "Probability 66.7%, match weight +1.0 bits" in " ".join(page.text.split())
    steps = page.rows[[cells[:1] for cells in page.rows].index(["Starting point"]) :]
    assert [cells[:3] for cells in steps] == [
        ["Starting point", f"{MINUS}18.3", f"{MINUS}18.3"],
        ["First forename", "+7.5", f"{MINUS}10.8"],
        ["Other forenames", "0.0", f"{MINUS}10.8"],
        ["Surname", "+9.2", f"{MINUS}1.6"],
        ["Date of birth", "+2.1", "+0.5"],
        ["Gender", "+0.5", "+1.0"],
        ["PNCid", "0.0", "+1.0"],
        ["Prison number", "0.0", "+1.0"],
        ["Order of names", "0.0", "+1.0"],
        ["Match weight", "+1.0", "+1.0"],
    ]
    bars = [a for tag, a in page.tags if tag == "rect" and a.get("y") == "2" and a["x"] != "1"]
    assert all(0 <= int(a["x"] or 0) <= 240 - int(a["width"] or 0) for a in bars)


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.9999, "over 99.9%"), (0.5, "50.0%"), (1e-5, "under 0.1%")]
)
def test_no_probability_is_certain(probability: float, shown: str) -> None:
    assert f"Probability {shown}," in Page(review_html([row(match_probability=probability)])).text


def test_everything_is_escaped() -> None:
    texts = [
        name
        for name, value in row().items()
        if isinstance(value, str) and name not in ("reason", "name_order")
    ]
    html = review_html([row(**dict.fromkeys([*texts, "record_pncid"], NASTY))])
    page = Page(html)
    assert "script" not in page.names()
    assert page.row("Surname")[1:] == [NASTY_SHOWN, NASTY_SHOWN, "= Same"]
    assert "49" not in page.text
    assert "\x1b" not in page.headings[-1]
    assert next(csv.reader([page.lines[1]]))[::2] == [NASTY, NASTY, ""]


def test_page_loads_and_runs_nothing() -> None:
    html = review_html(BUSY)
    page = Page(html)
    assert not re.search(r"https?:|//[a-z]", html)
    assert not {"script", "img", "link", "iframe", "form", "object", "base"} & set(page.names())
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
    assert not re.search(r"url\((?!#)|@import", html)
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv"))
    style = re.search("<style>(.*)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")


@pytest.mark.parametrize("rows", [BUSY, []])
def test_page_is_well_built(rows: list[dict[str, object]]) -> None:
    page = Page(review_html(rows))
    assert [page.names().count(name) for name in ("header", "main", "footer", "h1")] == [1] * 4
    levels = [int(name[1]) for name in page.names() if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a} <= set(ids)
    assert page.names().count("table") == page.names().count("caption")
    assert all("scope" in a for tag, a in page.tags if tag == "th")
    assert page.text.index("identifies people") < page.text.index("Clerical review\n")


def test_nothing_to_review(tmp_path: Path) -> None:
    page = page_of(tmp_path, [])
    assert page.headings == ["Clerical review", "Nothing to review"]
    assert page.lines == []


@pytest.mark.parametrize("ending", [",,", ",R. Reviewer,2026-02-01"])
def test_copy_lines_are_accepted(tmp_path: Path, ending: str) -> None:
    header, *lines = page_of(tmp_path, [*BUSY, row(pnc_id='12/3,"x"')]).lines
    assert header == ",".join(CLERICAL_DECISIONS.columns)
    assert lines[:2] == [f"foundation,40,1990/0000012A,{word},," for word in ("same", "different")]
    assert len(lines) == 10
    zone = tmp_path / "zone"
    zone.mkdir()
    filled = [header, *(line.removesuffix(",,") + ending for line in lines)]
    (zone / CLERICAL_DECISIONS.name).write_text("\n".join(filled) + "\n", "utf-8")
    assert check_staff_file(zone, CLERICAL_DECISIONS) == []
    with (zone / CLERICAL_DECISIONS.name).open(newline="") as handle:
        read = list(csv.DictReader(handle, strict=True))
    assert {(entry["request_id"], entry["record_number"], entry["pnc_id"]) for entry in read} == {
        ("foundation", "40", "1990/0000012A"),
        ("harbour", "3", "1990/0000012A"),
        ("harbour", "7", '12/3,"x"'),
        ("harbour", "12", "A"),
        ("harbour", "12", "B"),
    }


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    write_build(tmp_path, [row()])
    (tmp_path / "reviews").mkdir(mode=0o755)
    (tmp_path / "reviews" / "review.html").touch(mode=0o644)
    page = write_review(tmp_path)
    assert page == tmp_path / "reviews" / "review.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700


def test_no_build_and_no_table(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"nothing is built there; run dbt build first$"):
        write_review(tmp_path)
    duckdb.connect(str(tmp_path / "restricted.duckdb")).close()
    with pytest.raises(DatabaseError, match=r"run dbt build to its end$"):
        write_review(tmp_path)
    assert not (tmp_path / "reviews").exists()


def test_encrypted_build_needs_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "a key of more than 32 letters, with a ' in it"
    write_build(tmp_path, [row()], key=key.replace("'", "''"))
    with pytest.raises(DatabaseError, match=f"cannot be opened; .*{KEY}") as caught:
        write_review(tmp_path)
    assert "\n" not in str(caught.value)
    monkeypatch.setenv(KEY, "another key of more than 32 letters")
    with pytest.raises(DatabaseError):
        write_review(tmp_path)
    monkeypatch.setenv(KEY, key)
    assert "SMIHT" in re.sub("</?mark>", "", write_review(tmp_path).read_text("utf-8"))
