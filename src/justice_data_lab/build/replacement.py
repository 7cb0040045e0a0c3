"""Databases of a build that are replaced together: all of them, or none.

New files are written into ``.databases.partial``. Renaming that folder decides; from then on
``settle`` goes on where a stopped process left off, before anything opens a database.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from justice_data_lab.build.durable import alone, sync

_PARTIAL: Final = ".databases.partial"
_DECIDED: Final = ".databases.decided"


def begin(build: Path) -> Path:
    """Return the new, empty folder that the new databases are written into."""
    abandon(build)
    folder = build / _PARTIAL
    folder.mkdir(mode=0o700)
    return folder


def abandon(build: Path) -> None:
    """Remove what was written and not decided."""
    shutil.rmtree(build / _PARTIAL, ignore_errors=True)


def decide(build: Path) -> None:
    """Decide that what is written replaces what is there, and carry that to its end."""
    partial = build / _PARTIAL
    for path in (*partial.iterdir(), partial):
        sync(path)
    os.replace(partial, build / _DECIDED)
    sync(build)
    settle(build)


def settle(build: Path) -> None:
    """Carry what was decided to its end; twice does nothing more."""
    decided = build / _DECIDED
    if not decided.is_dir():
        return
    with alone(build):
        if not decided.is_dir():
            return
        for path in sorted(decided.iterdir()):
            # a log of the old file beside the new one would make it unreadable
            (build / f"{path.name}.wal").unlink(missing_ok=True)
            os.replace(path, build / path.name)
        sync(build)
        decided.rmdir()
