"""Whole builds: dbt as its users run it, in a process and folders of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

REPOSITORY = Path(__file__).parents[3]
SAMPLE = REPOSITORY / "data" / "sample"
NO_SECRETS: Mapping[str, str] = {}
SECRETS: Mapping[str, str] = {
    "DBT_ENV_SECRET_JDL_KEY": "an-encryption-key-of-the-test-suite-only",
    "DBT_ENV_SECRET_JDL_HMAC": "a-pseudonym-key-of-the-test-suite-only",
}
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
WITHOUT_TESTS = ("--exclude-resource-type", "test", *WITHOUT_UNIT_TESTS)


@dataclass(frozen=True)
class Build:
    folder: Path
    exit_code: int
    output: str

    def rows(self, database: str, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.folder / f"{database}.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


Builder = Callable[..., Build]


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Run dbt on a raw zone: ``dbt("build", zone=..., folder=...)``; a new folder by default.

    Without a zone it is the project's own, wherever ``cwd`` is. ``secrets`` are environment
    variables; without them a zone that is not synthetic is refused. python_path: a folder of
    modules that come before the project's.
    """

    def run(
        *arguments: str,
        zone: Path | None = SAMPLE,
        folder: Path | None = None,
        secrets: Mapping[str, str] = NO_SECRETS,
        cwd: Path = REPOSITORY,
        python_path: Path | None = None,
    ) -> Build:
        folder = folder or tmp_path_factory.mktemp("build")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("DBT_ENV_")
        }
        environment |= secrets
        environment |= {
            "JDL_DATA": "" if zone is None else str(zone),
            "JDL_BUILD": str(folder),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        }
        if python_path is not None:
            environment["PYTHONPATH"] = str(python_path)
        done = subprocess.run(
            [Path(sys.executable).with_name("dbt"), "--no-use-colors", *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Build(folder=folder, exit_code=done.returncode, output=done.stdout + done.stderr)

    return run


@pytest.fixture(scope="session")
def sample_build(dbt: Builder, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The committed sample, built and published: a copy of the build that JDL_SAMPLE_BUILD names.

    `make test` names the one of `make dbt-test`, which runs the unit tests.
    """
    made = os.environ.get("JDL_SAMPLE_BUILD")
    if made:
        folder = tmp_path_factory.mktemp("sample") / "build"
        shutil.copytree(made, folder)
        return Build(folder=folder, exit_code=0, output="")
    build = dbt("build", *WITHOUT_UNIT_TESTS)
    assert build.exit_code == 0, build.output
    return build
