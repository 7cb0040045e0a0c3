"""Folders of a build: a default is the project's, what a variable says is the user's."""

import os
from pathlib import Path
from typing import Any

from dbt.flags import get_flags


def flags() -> Any:
    """Return the flags of this run of dbt."""
    return get_flags()  # type: ignore[no-untyped-call]


def project_folder() -> Path:
    """Return the folder of dbt_project.yml, which need not be the current one."""
    return Path(flags().PROJECT_DIR).resolve()


def artefact_folders() -> list[str]:
    """Return the folders of dbt's own files; dbt's flags name them only where somebody set them."""
    named = flags().TARGET_PATH or "target", flags().LOG_PATH or "logs"
    return [str(project_folder() / folder) for folder in named]


def resolved(default: str, variable: str | None = None) -> Path:
    """Return a folder as an absolute path: what the environment variable says, or the default.

    What the variable says is relative to the current folder, as its user means it; a default is
    relative to the project.
    """
    named = os.environ.get(variable) if variable is not None else None
    return Path(named).resolve() if named else project_folder() / default
