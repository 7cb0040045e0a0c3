"""Whether a release is as it was when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.build.published import read_published
from justice_data_lab.releases import journal
from justice_data_lab.releases.hashes import file_hash, file_hashes, fingerprint_of
from justice_data_lab.releases.manifest import MANIFEST, Manifest, read_manifest
from justice_data_lab.releases.register import read_manifest_hash, read_register


@dataclass(frozen=True)
class ReleaseCheck:
    """The manifest of a release and every problem with what lies in its folder; empty: none."""

    manifest: Manifest
    problems: list[str]


def check_release(build: Path, version: str) -> ReleaseCheck:
    """Recompute every hash of a release.

    Raises FileNotFoundError for an unknown version, ValueError for a broken manifest.
    """
    journal.settle(build / "releases")
    folder = build / "releases" / version
    manifest = read_manifest(folder)
    found = {name: digest for name, digest in file_hashes(folder).items() if name != MANIFEST}
    problems = [
        *(f"{name}: is missing" for name in sorted(manifest.files.keys() - found.keys())),
        *(f"{name}: was added" for name in sorted(found.keys() - manifest.files.keys())),
        *(
            f"{name}: was changed"
            for name in sorted(found.keys() & manifest.files.keys())
            if found[name] != manifest.files[name]
        ),
    ]
    if file_hash(folder / MANIFEST) != read_manifest_hash(build / "releases", version):
        problems.append(f"{MANIFEST}: was changed")
    problems += _table_problems(folder, manifest)
    rows = [row for row in read_register(build / "releases") if row["version"] == version]
    registered = sorted(row["request_id"] for row in rows)
    if registered != manifest.requests:
        problems.append("register.csv: does not hold the requests of this release")
    return ReleaseCheck(manifest, problems)


def _table_problems(folder: Path, manifest: Manifest) -> list[str]:
    try:
        tables = fingerprint_of(read_published(folder / "published.duckdb")).tables
    except DatabaseError:
        return ["published.duckdb: cannot be read"]
    return [
        f"table {name}: its figures were changed"
        for name in sorted(tables.keys() | manifest.tables.keys())
        if tables.get(name) != manifest.tables.get(name)
    ]
