"""The repository around the package: its models, macros and seeds.

The package works on the files of its repository: a seed is read where it stands, by dbt and by the
package alike, so that there is no copy to keep in step. A wheel holds those that `jdl check` needs.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = Path(__file__).resolve().parent / "rules"

RULES: Final = (
    "dbt_project.yml",
    "models/staging/uploads/*.sql",
    "models/staging/lab/*.sql",
    "models/intermediate/intake/*.sql",
    "models/marts/analysis/request_checks.sql",
    "models/marts/analysis/upload_findings.sql",
    "macros/cross_db/*.sql",
    "macros/rules/*.sql",
    "seeds/reference/upload_checks.csv",
)
"""What `jdl check` needs of the project: in the wheel, and in the offline page."""


class ProjectMissingError(Exception):
    """The package stands without the models, macros and seeds of its repository."""


def project_folder() -> Path:
    """Return the folder of ``dbt_project.yml``: the repository's, else what the wheel holds of it.

    Raises ProjectMissingError where neither is there.
    """
    for folder in (PROJECT, SHIPPED):
        if (folder / "dbt_project.yml").exists():
            return folder
    raise ProjectMissingError(
        "the rules are not here: install the package from its repository (make install)"
    )


def reference_rows(seed: str) -> list[dict[str, str]]:
    """Return the rows of a seed of ``seeds/reference``, as text; an empty cell is null in dbt."""
    path = project_folder() / "seeds" / "reference" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
