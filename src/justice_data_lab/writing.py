"""The one way to write a file where a user says: what was there and is not ours stays."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any


class NotOursError(Exception):
    """Something lies there that this command did not write; the text says so in one line."""


def write_file(path: Path, content: bytes) -> None:
    """Write a file as a whole; replace a former one of the same make, and nothing else.

    Of the same make are: an empty file; the same bytes; JSON with the same keys; a page of HTML
    with the same head before its title; a CSV file with the same header; Parquet with the same
    columns; a workbook with the same description. What is no file, such as a device or a pipe, is
    written to. Raises NotOursError and OSError.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    if path.is_file() and not is_same_make(path.read_bytes(), content):
        raise NotOursError(
            f"{path}: is there, and was not written by this command; remove it, or choose another "
            "name"
        )
    target = path.resolve()
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def check_folder(folder: Path, names: frozenset[str]) -> None:
    """Raise NotOursError where a folder holds anything but files of these names."""
    if folder.exists() and not folder.is_dir():
        raise NotOursError(f"{folder}: is not a folder; choose another place")
    if folder.is_dir() and {path.name for path in folder.iterdir()} - names:
        raise NotOursError(f"{folder}: holds files that are not ours; choose another place")


def is_same_make(old: bytes, new: bytes) -> bool:
    """Whether the file that is there was made by what would write the new one."""
    if old in (b"", new):
        return True
    if new.startswith((b"{", b"[")):
        return _keys(old) is not None and _keys(old) == _keys(new)
    if new.startswith(b"PAR1"):
        return _columns(old) is not None and _columns(old) == _columns(new)
    if new.startswith(b"PK"):
        return _description(old) is not None and _description(old) == _description(new)
    mark = b"<title>" if new.startswith(b"<!DOCTYPE html>") else b"\n"
    return mark in old and old.partition(mark)[0] == new.partition(mark)[0]


def _keys(content: bytes) -> tuple[str, frozenset[str]] | None:
    """Return the keys of an object, or of the first of a list; None where it is no JSON."""
    try:
        value: Any = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list):
        return "list", frozenset(value[0]) if value and isinstance(value[0], dict) else frozenset()
    return ("object", frozenset(value)) if isinstance(value, dict) else None


def _description(content: bytes) -> bytes | None:
    """Return the description that a workbook has of itself; None where it has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            properties = archive.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return None
    found = re.search(rb"<dc:description>([^<]+)</dc:description>", properties)
    return found[1] if found else None


def _columns(content: bytes) -> list[str] | None:
    # what writes Parquet has this library already
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(io.BytesIO(content)).names)
    except (pa.ArrowException, OSError, ValueError):
        return None
