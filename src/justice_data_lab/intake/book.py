"""A workbook's archive: its sheets by name, shared strings, date formats, the 1904 system.

Parts are found by their relationships and elements by their names without the namespace, so that
files of any program are read alike, Strict Office Open XML among them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, XMLPullParser

from justice_data_lab.intake.archive import WorkbookArchive, WorkbookRefusedError

LONGEST_PIECE = 1 << 20
# ids that have a date or time format without a definition in the file; 46 is a duration
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_TEXT_WITH_RETURN = re.compile(rb"(?:\A|(?<=>))[^<>\r]*+\r[^<>]*+(?=<)")
_NOT_A_PLACEHOLDER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_DATE_PLACEHOLDER = re.compile("[dmyhs]", re.I)
_LEADING_ZEROS = re.compile("0{2,30}")


@dataclass
class Book:
    """What is needed to read the sheets.

    ``sheets`` has titles and parts in the file's order, ``hidden`` the parts of hidden sheets.
    """

    archive: WorkbookArchive
    sheets: list[tuple[str, str]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    strings: list[str] = field(default_factory=list)
    date_styles: set[int] = field(default_factory=set)
    zero_styles: dict[int, int] = field(default_factory=dict)
    is_1904: bool = False

    def elements(self, path: str) -> Iterator[Element]:
        """Yield the elements of a part as they end; the caller clears what it has used."""
        return _elements(self.archive, path)

    def string(self, index: int) -> str:
        """Return a shared string; a negative index is none, where a list would count back."""
        if index < 0:
            raise ValueError("no such shared string")
        return self.strings[index]


def open_book(archive: WorkbookArchive) -> Book:
    """Read everything but the sheets; raises KeyError or ValueError where parts are missing."""
    book = Book(archive)
    main = next((path for kind, path in _targets(archive, "").values() if kind == "officeDocument"))
    targets = _targets(archive, main)
    root = _tree(archive, main)
    for element in root.iter():
        name = local_name(element)
        if name == "workbookPr":
            book.is_1904 = element.get("date1904") in ("1", "true")
        elif name == "sheet":
            # the id has the namespace of relationships, which differs between the two standards
            keys = [key for key in element.attrib if key.endswith("}id")]
            kind, path = targets[element.attrib[keys[0]]]
            if kind == "worksheet":
                book.sheets.append((element.attrib["name"], path))
                if element.get("state", "visible") != "visible":
                    book.hidden.add(path)
    for kind, path in targets.values():
        if kind == "sharedStrings":
            book.strings = _shared_strings(archive, path)
        elif kind == "styles":
            _read_styles(_tree(archive, path), book)
    return book


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def joined_text(element: Element) -> str:
    """Join the runs of a rich text, without the reading aids that some languages add."""
    parts = []
    for child in element:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [run.text or "" for run in child if local_name(run) == "t"]
    return "".join(parts)


def _targets(archive: WorkbookArchive, source: str) -> dict[str, tuple[str, str]]:
    """Return kind and path of what a part refers to inside the workbook, by id."""
    folder, name = posixpath.split(source)
    targets = {}
    for element in _tree(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if element.get("TargetMode") == "External":
            continue
        target = element.attrib["Target"].replace("\\", "/")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        targets[element.attrib["Id"]] = (element.attrib["Type"].rpartition("/")[2], path)
    return targets


def _tree(archive: WorkbookArchive, path: str) -> Element:
    root = None
    for root in _elements(archive, path):  # noqa: B007
        pass
    if root is None:
        raise ValueError("a part without an element")
    return root


def _elements(archive: WorkbookArchive, path: str) -> Iterator[Element]:
    parser = XMLPullParser(("end",))
    for piece in _pieces(archive.part(path)):
        parser.feed(piece)
        # an event of this kind is always a word and an element
        yield from (event[1] for event in parser.read_events())  # type: ignore[misc]
    parser.close()


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a part in pieces that end with a tag, so that no text is cut."""
    rest = b""
    for chunk in chunks:
        head, tag_end, tail = chunk.rpartition(b">")
        if tag_end:
            yield _keep_carriage_returns(rest + head + tag_end)
            rest = tail
        else:
            rest += chunk
        if len(rest) > LONGEST_PIECE:
            raise WorkbookRefusedError(
                "workbook_too_large", "a cell holds too much text; shorten it or leave it out"
            )
    yield rest


def _keep_carriage_returns(piece: bytes) -> bytes:
    """Write the carriage returns in a text as XML asks; bare ones would be read as line feeds.

    Excel writes one as a code and the line break after it with a bare one, which is no second.
    """
    if b"\r" not in piece:
        return piece
    return _TEXT_WITH_RETURN.sub(_with_references, piece)


def _with_references(found: re.Match[bytes]) -> bytes:
    if found[0].isspace():
        return found[0]
    return found[0].replace(b"_x000D_\r\n", b"_x000D_\n").replace(b"\r", b"&#13;")


def _shared_strings(archive: WorkbookArchive, path: str) -> list[str]:
    strings = []
    for element in _elements(archive, path):
        if local_name(element) == "si":
            strings.append(joined_text(element))
            element.clear()
    return strings


def _read_styles(root: Element, book: Book) -> None:
    """Find the cell styles that show dates, and those that show leading zeros."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    for group in root:
        if local_name(group) == "numFmts":
            formats = {int(f.attrib["numFmtId"]): f.get("formatCode", "") for f in group}
        elif local_name(group) == "cellXfs":
            styles = [int(style.get("numFmtId") or 0) for style in group]
    for number, format_id in enumerate(styles):
        code = formats.get(format_id)
        if code is None:
            if format_id in _BUILT_IN_DATES:
                book.date_styles.add(number)
        elif is_date_format(code):
            book.date_styles.add(number)
        elif _LEADING_ZEROS.fullmatch(code):
            book.zero_styles[number] = len(code)


def is_date_format(code: str) -> bool:
    """Tell whether a number format shows a date or a time of day; a duration is a number."""
    shown = _NOT_A_PLACEHOLDER.sub("", code.split(";")[0])
    return _ELAPSED.search(shown) is None and _DATE_PLACEHOLDER.search(shown) is not None
