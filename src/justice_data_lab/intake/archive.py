"""What a workbook's archive holds, checked before anything in it is interpreted."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Final

MAXIMUM_PARTS: Final = 1_000
MAXIMUM_UNPACKED_BYTES: Final = 200_000_000
MAXIMUM_RATIO: Final = 200
# small archives may pack well: a template of empty rows does
RATIO_FROM_BYTES: Final = 20_000_000
_CHUNK = 1 << 20
_FORBIDDEN = (b"<!doctype", b"<!entity")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
# in the parts that name the types of others, whatever those are called
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
_LINK_TYPE = b"relationships/externallink"
_OVERLAP = max(map(len, (*_FORBIDDEN, *_MACRO_TYPES, _LINK_TYPE))) - 1


class WorkbookRefusedError(Exception):
    """The workbook is not read; ``check_id`` and ``reason`` say why in plain words."""

    def __init__(self, check_id: str, reason: str) -> None:
        super().__init__(reason)
        self.check_id = check_id
        self.reason = reason


def check_archive(path: Path) -> None:
    """Raise WorkbookRefusedError unless the file is a workbook that is safe to open."""
    try:
        with path.open("rb") as handle:
            head = handle.read(4)
        if head == b"\xd0\xcf\x11\xe0":
            raise WorkbookRefusedError(
                "workbook_not_readable",
                "it is an old .xls file or has a password; save it as .xlsx without a password",
            )
        if head != b"PK\x03\x04":
            raise _not_a_workbook()
        with zipfile.ZipFile(path) as archive:
            _check_names([info.filename.casefold() for info in archive.infolist()])
            _check_declared(archive, path.stat().st_size)
            _check_content(archive)
    except (OSError, ValueError, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise _not_a_workbook() from error
    except zipfile.BadZipFile as error:
        raise _not_a_workbook() from error


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


def _check_names(names: list[str]) -> None:
    if len(names) > MAXIMUM_PARTS:
        raise _too_large()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _has_macros()
    if any("/externallinks/" in f"/{name}" for name in names):
        raise _has_external_links()
    if len({name.replace("\\", "/") for name in names}) < len(names):
        raise _not_a_workbook()


def _check_declared(archive: zipfile.ZipFile, packed: int) -> None:
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > MAXIMUM_UNPACKED_BYTES:
        raise _too_large()
    if unpacked > RATIO_FROM_BYTES and unpacked > MAXIMUM_RATIO * packed:
        raise _too_large()


def _check_content(archive: zipfile.ZipFile) -> None:
    """Unpack every part once: its real size, and no document types or entities in its XML."""
    unpacked = 0
    for info in archive.infolist():
        name = info.filename.casefold()
        is_xml = name.endswith((".xml", ".rels"))
        names_types = name.endswith((".rels", "[content_types].xml"))
        tail = b""
        with archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > MAXIMUM_UNPACKED_BYTES:
                    raise _too_large()
                if is_xml:
                    piece = tail + chunk
                    _check_xml(piece, is_head=not tail)
                    if names_types:
                        _check_types(piece.lower())
                    tail = piece[-_OVERLAP:]


def _check_xml(piece: bytes, is_head: bool) -> None:
    """In XML these words can stand only where they mean something; UTF-16 would hide them."""
    if is_head and piece.startswith(_BYTE_ORDER_MARKS):
        has_forbidden = True
    else:
        has_forbidden = b"<!" in piece and any(word in piece.lower() for word in _FORBIDDEN)
    if has_forbidden:
        raise WorkbookRefusedError(
            "workbook_unsafe_xml",
            "it holds definitions that a workbook never has; copy the values into the template",
        )


def _check_types(piece: bytes) -> None:
    if any(word in piece for word in _MACRO_TYPES):
        raise _has_macros()
    if _LINK_TYPE in piece:
        raise _has_external_links()
