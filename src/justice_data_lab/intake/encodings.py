"""Which encoding a text file has, found without holding the file in memory."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path
from typing import Final

from justice_data_lab.intake.findings import FindingLog

MAXIMUM_BYTES: Final = 150_000_000
_CHUNK = 1 << 20
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


def is_usable_file(path: Path, inside: Path, label: str, log: FindingLog) -> bool:
    """Log and return False unless this is a readable file of a size that will be read.

    A link is followed only inside the folder ``inside``: whoever drops a file in must not be
    able to point the lab at another one.
    """
    try:
        status = path.stat()
        is_inside = path.resolve(strict=True).is_relative_to(inside.resolve())
        is_open = os.access(path, os.R_OK)
    except (OSError, RuntimeError):
        is_inside = is_open = False
    if not is_inside or not is_open or not stat.S_ISREG(status.st_mode):
        log.add(
            "file_not_readable",
            f"{label}: is not an ordinary file that can be opened; send the file again",
        )
        return False
    if status.st_size == 0:
        log.add("file_empty", f"{label}: has nothing in it; send the file again")
        return False
    if status.st_size > MAXIMUM_BYTES:
        log_too_large(label, log)
        return False
    return True


def log_too_large(label: str, log: FindingLog) -> None:
    """Log that a file holds more than is read."""
    log.add(
        "file_too_large",
        f"{label}: is larger than {MAXIMUM_BYTES // 1_000_000} MB, as a file or once read; send "
        "it in parts, each as a request of its own",
    )


def find_encoding(path: Path, label: str, log: FindingLog) -> str | None:
    """Return the codec of a text file, or log a finding and return None.

    Byte order mark first (UTF-8, UTF-16), then strict UTF-8, then Windows-1252 with a warning.
    """
    with path.open("rb") as handle:
        head = handle.read(8)
    if head.startswith(_NOT_TEXT):
        log.add(
            "file_not_text",
            f"{label}: is another kind of file with a wrong name; save it as CSV",
        )
        return None
    if head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "cp1252"]
    for encoding in candidates:
        try:
            has_nul = _has_nul(path, encoding)
        except UnicodeDecodeError:
            continue
        if has_nul:
            log.add(
                "file_not_text",
                f"{label}: has NUL characters, which no text has; save it again as CSV UTF-8",
            )
            return None
        if encoding == "cp1252":
            log.add(
                "encoding_windows_1252",
                f"{label}: is not UTF-8 and was read as Windows-1252; check that letters with "
                "accents are right, or save it as CSV UTF-8",
            )
        return encoding
    log.add(
        "encoding_unknown",
        f"{label}: its characters could not be read; save it as CSV UTF-8",
    )
    return None


def _has_nul(path: Path, encoding: str) -> bool:
    """Decode the whole file strictly; raise UnicodeDecodeError where it is not in this encoding.

    A file with NUL bytes is no text in any encoding but UTF-16, where the characters count.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    has_nul = False
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            if encoding != "utf-16" and b"\0" in chunk:
                return True
            has_nul = "\0" in decoder.decode(chunk) or has_nul
        decoder.decode(b"", final=True)
    return has_nul
