"""A page as a test sees it: its elements, its words, and the pictures inside it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

VOID = frozenset(("meta", "img", "source", "link", "br", "input"))
PREFIX = "data:image/svg+xml;base64,"


@dataclass
class Page(HTMLParser):
    """Elements as (tag, attributes) in order; texts outside scripts and styles; cells of tables."""

    path: Path
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self.raw = self.path.read_text("utf-8")
        self.feed(self.raw)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{self.path.name}: </{tag}>"

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            self.scripts.append(data)
        elif "style" in self._open:
            self.styles.append(data)
        else:
            self.texts.append(data)
            if self._open and {"th", "td"} & set(self._open):
                self.rows[-1][-1] += data.strip("\n")

    @property
    def text(self) -> str:
        """Everything that a reader reads, but for pictures."""
        return " ".join("".join(self.texts).split())

    def every(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        """Every id."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def drawings(self) -> list[str]:
        """Every SVG of the page, for wide and for narrow screens."""
        addresses = [image["src"] for image in self.every("img")]
        addresses += [source["srcset"] for source in self.every("source")]
        return [drawing(address) for address in addresses]


def drawing(address: str) -> str:
    """Return the SVG of a data address."""
    assert address.startswith(PREFIX)
    return base64.b64decode(address.removeprefix(PREFIX), validate=True).decode("utf-8")


def words_of(svg: str) -> list[str]:
    """Return the texts of an SVG."""
    return [
        "".join(element.itertext())
        for element in ElementTree.fromstring(svg).iter()
        if element.tag.endswith("}text")
    ]


def pages_of(site: Path) -> dict[str, Page]:
    """Return every page by its place in the site."""
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(site.rglob("*.html"))}
