"""The wheel alone, without the repository and the lab's libraries: what a provider installs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LIBRARIES = (
    "dbt",
    "splink",
    "pyarrow",
    "numpy",
    "scipy",
    "pandas",
    "gptables",
    "duckdb_extensions",
)
# like an environment with the small install alone
START = f"""
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {LIBRARIES!r}:
            raise ModuleNotFoundError(name + " is blocked", name=name)

sys.meta_path.insert(0, Blocked())
from justice_data_lab.cli import main
main(prog_name="jdl")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, from it the wheel, and install that into a folder."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    ignored = shutil.ignore_patterns("*.egg-info", "__pycache__")
    for name in ("src", "models", "macros", "seeds", "LICENSES"):
        shutil.copytree(PROJECT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copyfile(PROJECT / name, source / name)
    shutil.copyfile(PROJECT / "dbt_project.yml", source / "dbt_project.yml")
    build = "from setuptools import build_meta; print(build_meta.build_{}({!r}))"
    run([sys.executable, "-c", build.format("sdist", str(place))], source)
    archive = next(place.glob("*.tar.gz"))
    shutil.unpack_archive(archive, place / "unpacked", filter="data")
    unpacked = next((place / "unpacked").iterdir())
    run([sys.executable, "-c", build.format("wheel", str(place))], unpacked)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    run([*pip, "--target", str(place / "installed"), str(next(place.glob("*.whl")))], place)
    return place / "installed"


def run(command: Sequence[str], folder: Path, **variables: str) -> str:
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def jdl(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_checks_as_the_repository_does(installed: Path, tmp_path: Path) -> None:
    upload = PROJECT / "data/sample/uploads/foundation"
    done = jdl(installed, tmp_path, "check", str(upload), "--json", "wheel.json")
    assert done.returncode in (0, 1), done.stderr
    here = [sys.executable, "-m", "justice_data_lab.cli", "check", str(upload), "--json"]
    subprocess.run([*here, str(tmp_path / "here.json")], cwd=PROJECT, check=False)
    assert (tmp_path / "wheel.json").read_text() == (tmp_path / "here.json").read_text()


def test_the_wheel_writes_the_template_and_reads_it(installed: Path, tmp_path: Path) -> None:
    done = jdl(installed, tmp_path, "template", "upload.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    template = PROJECT / "data/template/data-upload-template.xlsx"
    assert (tmp_path / "upload.xlsx").read_bytes() == template.read_bytes()
    done = jdl(installed, tmp_path, "check", "upload.xlsx")
    assert done.returncode == 1
    assert "This request cannot be analysed yet." in done.stdout


@pytest.mark.parametrize(
    ("command", "extra"), [("estimate", "estimate"), ("power", "estimate"), ("report", "lab")]
)
def test_what_is_not_installed_is_named_in_one_line(
    installed: Path, tmp_path: Path, command: str, extra: str
) -> None:
    done = jdl(installed, tmp_path, command, "--help")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"pip install 'justice-data-lab[{extra}]'" in done.stderr


def test_the_version_is_that_of_the_project(installed: Path, tmp_path: Path) -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert jdl(installed, tmp_path, "--version").stdout == f"jdl {version}\n"


def test_the_small_install_asks_for_no_library_of_the_lab() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {name.replace("_", "-") for name in LIBRARIES}
    small = [asked for asked in project["dependencies"] if asked.startswith(tuple(names))]
    assert small == []
