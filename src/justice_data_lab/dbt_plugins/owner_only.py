"""Files of a build belong to its owner: folders 0700, files 0600, nothing spilled elsewhere."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from justice_data_lab.build.artefacts import DBT_ARTEFACTS, logs_of

SPILL: Final = "spill"
"""Folder of the build into which DuckDB writes what does not fit into memory."""


def begin(build: Path, artefacts: Iterable[str]) -> None:
    """Make the folder of a build, and close it and dbt's own files to everybody else.

    dbt writes its log, and often its manifest, before any plugin is loaded: these are closed now.
    """
    os.umask(0o077)
    build.mkdir(parents=True, exist_ok=True)
    build.chmod(0o700)
    for folder in map(Path, artefacts):
        if folder.is_dir() and not (folder / "dbt_project.yml").exists():
            folder.chmod(0o700)
        for path in _files_of_dbt(folder):
            path.chmod(0o600)


def empty_spill(build: Path) -> None:
    """Remove what a stopped run spilled, now and when the process ends."""
    remove_spill(build)
    atexit.register(remove_spill, build)


def remove_spill(build: Path) -> None:
    """Remove everything that is spilled in the folder of a build."""
    shutil.rmtree(build / SPILL, ignore_errors=True)


def _files_of_dbt(folder: Path) -> Iterator[Path]:
    for path in (*(folder / name for name in DBT_ARTEFACTS), *logs_of(folder)):
        if path.is_dir():
            yield from (inner for inner in path.rglob("*") if inner.is_file())
        elif path.is_file():
            yield path
