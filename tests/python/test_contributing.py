"""CONTRIBUTING.md says which files a change touches: the changes are made in a copy, literally."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("src", "seeds", "models", "macros", "tests", "CONTRIBUTING.md", "CHANGELOG.md")


def guide(change: str) -> tuple[int, str]:
    """Return the number of files that the guide promises for a change, and its text."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(rf"\*\*{change}\*\* \((\d+) files\)(.*?)(?=\n\*\*|\n## )", text, re.DOTALL)
    assert found is not None, f"the guide has no number of files for {change}"
    return int(found[1]), found[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project without its data."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "*.egg-info")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    for name in ("dbt_project.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def pytest_in(project: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
        cwd=project,
        env={**os.environ, "PYTHONPATH": f"{project / 'src'}:{project / 'tests/python'}"},
        capture_output=True,
        text=True,
        check=False,
    )


def changed(project: Path) -> set[str]:
    """Return the files of the copy that are not those of the project."""
    return {
        str(path.relative_to(project))
        for path in project.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and path.read_bytes() != (ROOT / path.relative_to(project)).read_bytes()
    }


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) >= 1, f"{path.name}: {before!r}"
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_a_measure_on_an_existing_column_is_added_as_the_guide_says(project: Path) -> None:
    promised, text = guide("a measure")
    seed = project / "seeds/reference/measures.csv"
    rows = seed.read_text("utf-8")
    order = rows.count("\n")
    seed.write_text(
        f"{rows}any_summary,{order},Any summary re-offence,the share with a summary re-offence,"
        "percent,binary,reoffences_summary_n,,,all,,true,0,lower,higher,cause,"
        "Share with a proven re-offence of a magistrates' court.,methodology section 6\n",
        "utf-8",
    )
    by_hand = project / "tests/python/statistics/test_outcome_measures.py"
    tests = ("tests/python/statistics/test_outcome_measures.py", "tests/python/statements")
    forgotten = pytest_in(project, *tests)
    assert forgotten.returncode == 1, "a measure without its second computation passes"
    edit(
        by_hand,
        "\n}\n",
        '\n    "any_summary": (\n        lambda row: True,\n'
        '        lambda row: 100.0 * (row["reoffences_summary_n"] > 0),\n    ),\n}\n',
    )
    edit(project / "CHANGELOG.md", "### Added\n", "### Added\n- The measure `any_summary`.\n")
    result = pytest_in(project, *tests, "tests/python/statistics/test_pipeline.py")
    assert result.returncode == 0, result.stdout + result.stderr
    files = changed(project)
    assert len(files) == promised
    assert [name for name in files if name not in text] == []


def test_a_published_column_is_added_as_the_guide_says(project: Path) -> None:
    promised, text = guide("a published column")
    package, marts = project / "src/justice_data_lab", project / "models/marts"
    tests = (
        *("tests/python/statistics/test_pipeline.py", "tests/python/disclosure/test_outcomes.py"),
        *("tests/python/disclosure/test_contracts.py", "tests/python/report/test_wording.py"),
    )
    statistics = package / "statistics/outcomes.py"
    field = '("control_effective_n", pa.float64()),\n'
    edit(statistics, field, f'{field}        ("control_weight_n", pa.float64()),\n')
    edit(
        statistics,
        '        "control_effective_n": effective',
        '        "control_weight_n": float(people.weight[theirs].sum()),\n'
        '        "control_effective_n": effective',
    )
    forgotten = pytest_in(project, *tests)
    assert forgotten.returncode == 1, "a column that no contract names passes"
    control = package / "disclosure/outcomes.py"
    edit(control, field, f'{field}    ("control_weight_n", pa.float64()),\n')
    edit(
        control,
        '"control_events_n", "control_eff',
        '"control_events_n", "control_weight_n", "control_eff',
    )
    edit(
        control,
        "    return rounded\n",
        '    rounded["control_weight_n"] = round_size(figures.get("control_weight_n"), settings)\n'
        "    return rounded\n",
    )
    described = (
        "      - name: control_weight_n\n        data_type: double\n"
        '        description: "Sum of the weights of the controls."\n'
    )
    for contract in ("analysis/outcomes_unrounded.yml", "published/outcomes.yml"):
        path = marts / contract
        path.write_text(path.read_text("utf-8") + described, "utf-8")
    result = pytest_in(project, *tests)
    assert result.returncode == 0, result.stdout + result.stderr
    files = changed(project)
    assert len(files) == promised
    assert [name for name in files if name not in text] == []


def test_the_rules_before_matching_are_those_of_the_seed_in_its_order() -> None:
    made_elsewhere = {"repeat_record", "group_too_small", "could_not_be_estimated", "off_support"}
    with (ROOT / "seeds/reference/exclusion_reasons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    steps = [int(row["step_number"]) for row in rows]
    assert steps == sorted(set(steps))
    assert min(steps) > 0
    macro = (ROOT / "macros/rules/eligibility.sql").read_text("utf-8")
    rules = re.findall(r"'(\w+)'", macro)
    assert rules == [row["reason"] for row in rows if row["reason"] not in made_elsewhere]


def test_the_files_that_the_guide_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    paths = re.findall(r"`((?:models|macros|seeds|src|tests|docs|python_models)/[\w./-]+)`", text)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
