"""A release as one act: decided by one rename, and carried to its end whatever stops it.

What a release will be is written into ``.<version>.partial``: its folder, and the rows that the
registers gain. Renaming it to ``.<version>.decided`` decides. From then on ``settle`` goes on where
a stopped process left off: first the registers, each replaced as a whole, then the folder under its
name. So a version is released with its rows, or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from justice_data_lab.build.durable import alone, sync
from justice_data_lab.releases.register import add_rows

_PARTIAL: Final = ".{}.partial"
_DECIDED: Final = ".decided"
_ROWS: Final = "rows.json"
_CONTENT: Final = "content"

Rows = Mapping[str, Sequence[Sequence[str]]]
"""By the name of a register, the rows that it gains."""


def begin(releases: Path, version: str) -> Path:
    """Return the new, empty folder that a version is written into."""
    abandon(releases, version)
    content = releases / _PARTIAL.format(version) / _CONTENT
    content.mkdir(mode=0o700, parents=True)
    return content


def abandon(releases: Path, version: str) -> None:
    """Remove what was written of a version that is not decided."""
    shutil.rmtree(releases / _PARTIAL.format(version), ignore_errors=True)


def decide(releases: Path, version: str, rows: Rows) -> None:
    """Decide a release whose folder is written, and carry it to its end."""
    partial = releases / _PARTIAL.format(version)
    (partial / _ROWS).write_text(json.dumps(rows), "utf-8")
    for path in (*partial.rglob("*"), partial):
        sync(path)
    os.replace(partial, releases / f".{version}{_DECIDED}")
    sync(releases)
    settle(releases)


def settle(releases: Path) -> list[str]:
    """Carry every decided release to its end; return the versions. Twice does nothing more."""
    if not any(releases.glob(f".*{_DECIDED}")):
        return []
    with alone(releases):
        return [
            decided.name[1 : -len(_DECIDED)]
            for decided in sorted(releases.glob(f".*{_DECIDED}"))
            if _carry_out(releases, decided)
        ]


def _carry_out(releases: Path, decided: Path) -> bool:
    """Do what is left to do of one release, in this order; return whether its folder was named."""
    version = decided.name[1 : -len(_DECIDED)]
    is_left = (decided / _CONTENT).is_dir()
    if is_left:
        rows: Rows = json.loads((decided / _ROWS).read_text("utf-8"))
        for register, added in rows.items():
            add_rows(releases / register, version, added)
        os.replace(decided / _CONTENT, releases / version)
        sync(releases)
    shutil.rmtree(decided)
    return is_left
