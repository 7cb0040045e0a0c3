"""The append-only register of releases beside the databases, which the next build reads."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

COLUMNS: Final = ("version", "request_id", "released_on")
REGISTER: Final = "register.csv"


def read_register(releases: Path) -> list[dict[str, str]]:
    """Return the rows of the register, oldest first; none where nothing was released."""
    path = releases / REGISTER
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def append_register(releases: Path, rows: Iterable[tuple[str, str, str]]) -> None:
    """Append rows (version, request_id, released_on), and make sure that they are on the disk."""
    path = releases / REGISTER
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        writer.writerows(rows)
        handle.flush()
        os.fsync(handle.fileno())


def versions(releases: Path) -> list[str]:
    """Return the versions of the register, oldest first."""
    return list(dict.fromkeys(row["version"] for row in read_register(releases)))
