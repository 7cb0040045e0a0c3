"""The append-only registers of releases beside the databases, which the next build reads.

``register.csv`` has a row per request in a release, ``manifests.csv`` one per release: the hash of
its manifest. ``cohorts.csv`` has one per analysis with figures: the sketches of its people, by
which disclosure control tells how far a later cohort differs.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

COLUMNS: Final = ("version", "request_id", "released_on")
REGISTER: Final = "register.csv"
MANIFESTS: Final = "manifests.csv"
COHORTS: Final = "cohorts.csv"
COHORT_COLUMNS: Final = (
    *("request_id", "analysis_id", "key_check", "people_n", "people_sketch"),
    *("reoffenders_n", "reoffenders_sketch", "others_sketch"),
)


def read_register(releases: Path) -> list[dict[str, str]]:
    """Return the rows of the register, oldest first; none where nothing was released."""
    return _read(releases / REGISTER)


def read_cohorts(releases: Path) -> list[dict[str, str]]:
    """Return the rows of the register of released cohorts, oldest first."""
    return _read(releases / COHORTS)


def append_register(releases: Path, rows: Iterable[tuple[str, str, str]]) -> None:
    """Append rows (version, request_id, released_on), and make sure that they are on the disk."""
    _append(releases / REGISTER, COLUMNS, rows)


def read_manifest_hash(releases: Path, version: str) -> str | None:
    """Return the SHA-256 that the manifest of a version had at its release; None if unknown."""
    hashes = {row["version"]: row["sha256"] for row in _read(releases / MANIFESTS)}
    return hashes.get(version)


def append_manifest_hash(releases: Path, version: str, sha256: str) -> None:
    """Append the SHA-256 of the manifest of a version."""
    _append(releases / MANIFESTS, ("version", "sha256"), [(version, sha256)])


def append_cohorts(
    releases: Path,
    version: str,
    cohorts: Iterable[Mapping[str, object]],
    requests: Collection[str],
) -> None:
    """Append the cohorts of the requests that a version releases.

    cohorts: rows of ``restricted.main.cohort_sketches`` of the build.
    """
    rows = [
        (version, *(str(cohort[column]) for column in COHORT_COLUMNS))
        for cohort in cohorts
        if cohort["request_id"] in requests
    ]
    _append(releases / COHORTS, ("version", *COHORT_COLUMNS), rows)


def versions(releases: Path) -> list[str]:
    """Return the versions of the register, oldest first."""
    return list(dict.fromkeys(row["version"] for row in read_register(releases)))


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _append(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        if is_new:
            writer.writerow(columns)
        writer.writerows(rows)
        handle.flush()
        os.fsync(handle.fileno())
