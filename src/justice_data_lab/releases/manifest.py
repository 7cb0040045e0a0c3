"""The manifest of a release: who approved what, and the hash of everything in it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"
VERSION_FORM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Manifest:
    """One release.

    version: its name. released_on: day, ISO. previous: the version before, null for the first.
    reviewer, approver: as they gave their names; nothing more is claimed of them.
    reviewed_hash: the total that ``jdl verify`` printed, of the database that was reviewed.
    code_version: the commit that built it. requests: those whose results are released.
    tables: SHA-256 of each table of the release. files: of each of its files.
    """

    version: str
    released_on: str
    previous: str | None
    reviewer: str
    approver: str
    reviewed_hash: str
    code_version: str
    data_as_of: str
    reoffending_data_to: str
    requests: list[str]
    tables: dict[str, str]
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write the manifest into a release's folder."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read a release's manifest; FileNotFoundError without one, ValueError where it is broken."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError, TypeError) as error:
        raise ValueError(f"{folder / MANIFEST}: is not the manifest of a release") from error
