"""A hash of each kind of input of a build, by which a retry knows whether one has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import justice_data_lab

PACKAGE: Final = Path(justice_data_lab.__file__).parent

_YAML: Final = tuple(f"{folder}/**/*.yml" for folder in ("models", "python_models", "seeds"))
_UNIT_TESTS: Final = "_unit_tests.yml"


def hash_inputs(zone: Path, project: Path, settings: str) -> dict[str, str]:
    """Return a SHA-256 of the raw zone (names, sizes and times), settings, macros and package.

    The YAML of the sources is the contract of the extracts, and among them. The SQL, CSV and
    Python files of models, seeds and tests are not, nor unit tests: dbt itself says which of these
    changed.
    """
    return {
        "the raw zone": _hash(_listed(zone)),
        "a setting": _hash([settings.encode(), *_contents(project, "dbt_project.yml")]),
        "a model's YAML": _hash(_contents(project, *_YAML, without=_UNIT_TESTS)),
        "a macro": _hash(_contents(project, "macros/**/*.sql")),
        "the package": _hash(_contents(PACKAGE, "**/*.py", "**/*.json")),
    }


def _listed(folder: Path) -> Iterable[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found = path.stat()
            yield f"{path.relative_to(folder)} {found.st_size} {found.st_mtime_ns}".encode(
                errors="surrogateescape"
            )


def _contents(folder: Path, *patterns: str, without: str = "") -> Iterable[bytes]:
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if path.name == without:
                continue
            yield path.relative_to(folder).as_posix().encode()
            yield path.read_bytes()


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
