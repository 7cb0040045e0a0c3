"""Build a release again and compare: ``python -m justice_data_lab.releases.reproduce VERSION``.

The build goes into a folder of its own, with the registers as they were before the release. Exit
status 0 (every figure is the same), 1 (a figure differs) or 2 (it could not be built again).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.build.published import read_published
from justice_data_lab.dbt_plugins.runs import code_version
from justice_data_lab.raw_zone.contract import PLAN_REGISTER
from justice_data_lab.releases.hashes import fingerprint_of
from justice_data_lab.releases.manifest import Manifest, read_manifest
from justice_data_lab.releases.register import (
    COHORTS,
    REGISTER,
    add_rows,
    read_cohorts,
    read_register,
)


def main(version: str, build: Path) -> int:
    """Build the release again, say what came out, and return the exit status."""
    try:
        manifest = read_manifest(build / "releases" / version)
    except (OSError, ValueError):
        print(f"{version}: no such release in {build / 'releases'}", file=sys.stderr)
        return 2
    here = code_version()
    if here != manifest.code_version:
        print(
            f"{version} was built by the commit {manifest.code_version}, this is {here}: check "
            "that commit out first",
            file=sys.stderr,
        )
        return 2
    again = build / "reproduced" / version
    if not _build_again(build, again, manifest):
        print(f"{version}: the build did not pass, see above", file=sys.stderr)
        return 2
    return _compare(again, manifest)


def _build_again(build: Path, again: Path, manifest: Manifest) -> bool:
    shutil.rmtree(again, ignore_errors=True)
    (again / "releases").mkdir(mode=0o700, parents=True)
    registers = {
        REGISTER: read_register(build / "releases"),
        COHORTS: read_cohorts(build / "releases"),
    }
    for name, rows in _before(registers, manifest.version).items():
        for version in dict.fromkeys(row["version"] for row in rows):
            of_version = [list(row.values())[1:] for row in rows if row["version"] == version]
            add_rows(again / "releases" / name, version, of_version)
    if (build / PLAN_REGISTER.name).exists():
        shutil.copy(build / PLAN_REGISTER.name, again)
    dbt = Path(sys.executable).with_name("dbt")
    environment = os.environ | {"JDL_BUILD": str(again)}
    return subprocess.run([dbt, "build", "--quiet"], env=environment, check=False).returncode == 0


def _before(
    registers: Mapping[str, Sequence[Mapping[str, str]]], version: str
) -> dict[str, list[Mapping[str, str]]]:
    """Return the rows of the registers that stood before a version, drafts among them."""
    released = list(dict.fromkeys(row["version"] for row in registers[REGISTER]))
    later = released[released.index(version) :]
    return {
        name: list(takewhile(lambda row: row["version"] not in later, rows))
        for name, rows in registers.items()
    }


def _compare(again: Path, manifest: Manifest) -> int:
    try:
        found = fingerprint_of(read_published(again / "published.duckdb"))
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return 2
    if found.total == manifest.reviewed_hash:
        print(f"{manifest.version}: built again, every figure is the same ({found.total})")
        return 0
    print(f"{manifest.version}: {manifest.reviewed_hash} was released, {found.total} is built now")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(os.environ.get("JDL_BUILD", "build"))))
