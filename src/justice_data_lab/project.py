"""The repository around the package: its models, macros and seeds.

The package works on the files of its repository, which it is installed from: a seed is read where
it stands, by dbt and by the package alike, so that there is no copy to keep in step.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]


class ProjectMissingError(Exception):
    """The package stands without the models, macros and seeds of its repository."""


def project_folder() -> Path:
    """Return the folder of ``dbt_project.yml``; ProjectMissingError where it is not there."""
    if not (PROJECT / "dbt_project.yml").exists():
        raise ProjectMissingError(
            "the rules are not here: install the package from its repository (make install)"
        )
    return PROJECT


def reference_rows(seed: str) -> list[dict[str, str]]:
    """Return the rows of a seed of ``seeds/reference``, as text; an empty cell is null in dbt."""
    path = project_folder() / "seeds" / "reference" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
