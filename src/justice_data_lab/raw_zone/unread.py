"""What lies in a raw zone and would not be read: an extract is read whole, or not at all."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from justice_data_lab.raw_zone.contract import STAFF_FILES, extract_tables
from justice_data_lab.raw_zone.reading import (
    ENDING,
    FILE_NAME,
    LEFT_BY_PROGRAMS,
    RawZoneError,
    files,
)
from justice_data_lab.visible import visible

_TABLES = frozenset(table.name for table in extract_tables())


def unread_files(zone: Path) -> list[str]:
    """Return one problem for each file of the extracts that would not be read, in sorted order.

    Everything in the folders of the sources (``pnc`` and the others) must be a table of the
    contract or a part of one, but for names that begin with ``_`` or ``.``. Beside these folders
    anything may lie, unless its name is nearly one of the contract's.
    """
    read = set(_read(zone))
    problems = [_misspelt(zone, path) for path in sorted(zone.iterdir())]
    for source in _sources():
        problems += [
            _problem(path.relative_to(zone))
            for path in sorted(_files_below(zone / source))
            if path not in read
        ]
    return [problem for problem in problems if problem]


def _sources() -> tuple[str, ...]:
    return tuple(dict.fromkeys(table.name.partition("/")[0] for table in extract_tables()))


def _at_the_top() -> tuple[str, ...]:
    return (FILE_NAME, "uploads", *(staff_file.name for staff_file in STAFF_FILES), *_sources())


def _read(zone: Path) -> Iterator[Path]:
    for table in extract_tables():
        try:
            yield from files(zone, table.name)
        except RawZoneError:
            # the check of the table says why; its files are not unknown
            yield zone / f"{table.name}{ENDING}"
            for folder in (zone / table.name, zone / f"{table.name}{ENDING}"):
                yield from folder.glob(f"*{ENDING}")


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield every file, and every link to a folder, which is not followed."""
    for place, folders, names in os.walk(folder):
        kept = [name for name in folders if not name.startswith(LEFT_BY_PROGRAMS)]
        links = [name for name in kept if (Path(place) / name).is_symlink()]
        folders[:] = [name for name in kept if name not in links]
        for name in [*names, *links]:
            if not name.startswith(LEFT_BY_PROGRAMS):
                yield Path(place) / name


def _problem(path: Path) -> str:
    """Say that a file of a source is not read, why, and the cure."""
    return (
        f"{visible(path.as_posix())}: would not be read, since {_reason(path)}, "
        "or take it out of the raw zone"
    )


def _reason(path: Path) -> str:
    table = _table_of(path)
    if table is None:
        return "the contract has no such table; correct the name"
    is_part = len(path.parts) > 2
    folder = "/".join(path.parts[:2])
    if is_part and folder not in (table, f"{table}{ENDING}"):
        return f"its folder is not called {table}; rename the folder"
    if len(path.parts) > 3:
        return (
            "it lies in a sub-folder, and partitions are not read; write all files of the table "
            f"straight into {folder}/"
        )
    if path.suffix == ENDING and (is_part or path.as_posix() == f"{table}{ENDING}"):
        return "it is a link that leads nowhere, not a file; copy the file"
    wanted = "end in .parquet" if is_part else f"be {table}{ENDING}"
    return f"its name must {wanted}; rename it where it is Parquet, write it as Parquet else"


def _table_of(path: Path) -> str | None:
    """Return the table that a file seems to be of, whatever the ending and the capitals."""
    if len(path.parts) == 1:
        return None
    table = f"{path.parts[0]}/{path.parts[1].partition('.')[0].casefold()}"
    return table if table in _TABLES else None


def _misspelt(zone: Path, path: Path) -> str | None:
    """Name a file or folder beside the extracts whose name is nearly one of the contract's."""
    if path.name in _at_the_top() or path.name.startswith(LEFT_BY_PROGRAMS):
        return None
    name = path.name.casefold()
    close = (
        [name] if name in _at_the_top() else difflib.get_close_matches(name, _at_the_top(), 1, 0.85)
    )
    if not close or (zone / close[0]).exists():
        return None
    return (
        f"{visible(path.name)}: would not be read; rename it to {close[0]}, "
        "or take it out of the raw zone"
    )
