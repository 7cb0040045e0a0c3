"""SHA-256 of published tables and of files: what reviewer and approver agree on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from justice_data_lab.build.published import Published


@dataclass(frozen=True)
class Fingerprint:
    """The hash of a whole published database, and of each of its tables."""

    total: str
    tables: Mapping[str, str]


def fingerprint_of(published: Published) -> Fingerprint:
    """Hash every table: its columns with their types, and its rows in the order of all columns.

    The total is the SHA-256 of the lines ``<hash>  <table>`` in alphabetical order. It depends on
    every figure, and on nothing of the file that holds them.
    """
    tables = {name: table_hash(published.tables[name]) for name in sorted(published.tables)}
    lines = "".join(f"{digest}  {name}\n" for name, digest in tables.items())
    return Fingerprint(total=hashlib.sha256(lines.encode()).hexdigest(), tables=tables)


def table_hash(table: pa.Table) -> str:
    """Return the SHA-256 of one table whose rows are in order."""
    digest = hashlib.sha256()
    digest.update(json.dumps([[field.name, str(field.type)] for field in table.schema]).encode())
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        digest.update(b"\n" + json.dumps(row, default=str).encode())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder by its path from there, in order."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}
