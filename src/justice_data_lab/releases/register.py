"""The registers of releases, only added to, beside the databases, which the next build reads.

``register.csv`` has a row per request in a release, ``manifests.csv`` one per release: the hash of
its manifest. ``cohorts.csv`` has one per analysis with figures, of releases and of drafts that a
provider was sent: the sketches of its people, by which disclosure control tells how far a later
cohort differs.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
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
_COLUMNS: Final = {
    REGISTER: COLUMNS,
    MANIFESTS: ("version", "sha256"),
    COHORTS: ("version", *COHORT_COLUMNS),
}


def read_register(releases: Path) -> list[dict[str, str]]:
    """Return the rows of the register, oldest first; none where nothing was released."""
    return _read(releases / REGISTER)


def read_cohorts(releases: Path) -> list[dict[str, str]]:
    """Return the rows of the register of released cohorts, oldest first."""
    return _read(releases / COHORTS)


def read_manifest_hash(releases: Path, version: str) -> str | None:
    """Return the SHA-256 that the manifest of a version had at its release; None if unknown."""
    hashes = {row["version"]: row["sha256"] for row in _read(releases / MANIFESTS)}
    return hashes.get(version)


def rows_of_release(
    requests: Collection[str],
    released_on: str,
    manifest_hash: str,
    cohorts: Iterable[Mapping[str, object]],
) -> dict[str, list[list[str]]]:
    """Return the rows, without their version, that each register gains by a release.

    manifest_hash: the SHA-256 of its manifest. cohorts: rows of ``restricted.main.cohort_sketches``
    of the build; those of the released requests are kept.
    """
    return {
        MANIFESTS: [[manifest_hash]],
        COHORTS: rows_of_cohorts(requests, cohorts),
        REGISTER: [[request, released_on] for request in requests],
    }


def rows_of_cohorts(
    requests: Collection[str], cohorts: Iterable[Mapping[str, object]]
) -> list[list[str]]:
    """Return what ``cohorts.csv`` gains, without its version, by these requests of a build."""
    return [
        [str(cohort[column]) for column in COHORT_COLUMNS]
        for cohort in cohorts
        if cohort["request_id"] in requests
    ]


def add_rows(path: Path, version: str, rows: Iterable[Sequence[str]]) -> None:
    """Replace a register by one that holds the rows of a version too; twice is as once."""
    before = _read(path)
    if any(row["version"] == version for row in before):
        return
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(_COLUMNS[path.name])
        writer.writerows(row.values() for row in before)
        writer.writerows((version, *row) for row in rows)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(partial, path)


def versions(releases: Path) -> list[str]:
    """Return the versions of the register, oldest first."""
    return list(dict.fromkeys(row["version"] for row in read_register(releases)))


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
