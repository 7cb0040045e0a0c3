"""A workbook's archive: what it must not hold, and its parts, guarded while they are read."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MAXIMUM_PARTS: Final = 1_000
MAXIMUM_UNPACKED_BYTES: Final = 200_000_000
CHUNK: Final = 1 << 16
_FORBIDDEN: Final = (b"<!doctype", b"<!entity")
_OVERLAP: Final = max(map(len, _FORBIDDEN)) - 1
# in the parts that name the types of others, whatever those are called
_MACRO_TYPES: Final = (b"macroenabled", b"vbaproject", b"macrosheet")
_LINK_TYPE: Final = b"relationships/externallink"
# how XML of two bytes a letter begins, with a mark and without one
_TWO_BYTES: Final = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION: Final = re.compile(rb"\A\s*<\?xml[^>]*\?>")


class WorkbookRefusedError(Exception):
    """The workbook is not read; ``check_id`` and ``reason`` say why in plain words."""

    def __init__(self, check_id: str, reason: str) -> None:
        super().__init__(reason)
        self.check_id = check_id
        self.reason = reason


class WorkbookArchive:
    """The parts of a workbook by name; only those that are read are unpacked and judged.

    Raises WorkbookRefusedError where the file is none, where it says that it holds macros or refers
    to other workbooks, and while parts are read that declare a document type or hold too much.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as handle:
            head = handle.read(4)
        if head == b"\xd0\xcf\x11\xe0":
            raise WorkbookRefusedError(
                "workbook_not_readable",
                "it is an old .xls file or has a password; save it as .xlsx without a password",
            )
        if head != b"PK\x03\x04":
            raise _not_a_workbook()
        try:
            self._archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise _not_a_workbook() from error
        listed = self._archive.namelist()
        self._names = {name.replace("\\", "/").casefold(): name for name in listed}
        self._unpacked = 0
        if len(listed) > MAXIMUM_PARTS:
            raise _too_large()
        if len(self._names) < len(listed):
            raise _not_a_workbook()
        self._check_types()

    def part(self, path: str) -> Iterator[bytes]:
        """Yield the content of an XML part in UTF-8; KeyError where there is none of this name."""
        tail = b""
        for chunk in self._in_utf_8(self._names[path.casefold()]):
            self._unpacked += len(chunk)
            if self._unpacked > MAXIMUM_UNPACKED_BYTES:
                raise _too_large()
            piece = tail + chunk
            # in XML these words can stand only where they mean something
            if b"<!" in piece and any(word in piece.lower() for word in _FORBIDDEN):
                raise WorkbookRefusedError(
                    "workbook_unsafe_xml",
                    "it declares a document type, which no program writes into a workbook; copy "
                    "the values into the template",
                )
            tail = piece[-_OVERLAP:]
            yield chunk

    def _in_utf_8(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as part:
            chunk = part.read(CHUNK)
            codec = next((codec for head, codec in _TWO_BYTES if chunk.startswith(head)), None)
            if codec is None:
                while chunk:
                    yield chunk
                    chunk = part.read(CHUNK)
                return
            decoder = codecs.getincrementaldecoder(codec)("strict")
            # the declaration names an encoding that it no longer has
            yield _DECLARATION.sub(b"", decoder.decode(chunk).encode(), count=1)
            while chunk:
                chunk = part.read(CHUNK)
                yield decoder.decode(chunk, final=not chunk).encode()

    def _check_types(self) -> None:
        """Refuse macros and links to other workbooks, by the names of parts and by their types."""
        if any(name.endswith("vbaproject.bin") for name in self._names):
            raise _has_macros()
        if any("/externallinks/" in f"/{name}" for name in self._names):
            raise _has_external_links()
        for name in self._names:
            if name.endswith((".rels", "[content_types].xml")):
                types = b"".join(self.part(name)).lower()
                if any(word in types for word in _MACRO_TYPES):
                    raise _has_macros()
                if _LINK_TYPE in types:
                    raise _has_external_links()


def _not_a_workbook() -> WorkbookRefusedError:
    return WorkbookRefusedError(
        "workbook_not_readable", "it is damaged or not a workbook; save it again as .xlsx"
    )


def _too_large() -> WorkbookRefusedError:
    return WorkbookRefusedError(
        "workbook_too_large", "it holds too much; keep only the two sheets of the template"
    )


def _has_macros() -> WorkbookRefusedError:
    return WorkbookRefusedError(
        "workbook_has_macros", "it holds macros; save it as .xlsx without them"
    )


def _has_external_links() -> WorkbookRefusedError:
    return WorkbookRefusedError(
        "workbook_has_external_links",
        "it refers to other workbooks; paste the values and save it again",
    )
