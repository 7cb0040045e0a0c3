"""A data test leaves a table where rows fail, and none where they do not."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
PROJECT = """
name: checks
profile: checks
macro-paths: [macros]
data_tests: {+store_failures: true, +schema: audit, +severity: warn}
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
checks:
  target: dev
  outputs: {dev: {type: duckdb, path: checks.duckdb, threads: 1}}
"""
TESTS = {
    "holds": "select 1 as x where {{ var('now') }} = 0",
    "fails": "select unnest([1, 2]) as x",
    "is_limited": "{{ config(limit=1) }} select unnest([1, 2]) as x",
    "is_tolerated": "{{ config(warn_if='> 5', error_if='> 9') }} select unnest([1, 2]) as x",
    "held_before": "select 1 as x where {{ var('now') }} = 1",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with our way of running data tests and five of them."""
    folder = tmp_path_factory.mktemp("checks")
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    for name, sql in TESTS.items():
        (folder / "tests").mkdir(exist_ok=True)
        (folder / "tests" / f"{name}.sql").write_text(sql)
    (folder / "macros").mkdir()
    ours = ROOT / "macros" / "overrides" / "test_materialization.sql"
    (folder / "macros" / ours.name).write_text(ours.read_text())
    return folder


def kept(project: Path, now: int) -> dict[str, int]:
    """Run the tests; return the rows of every table of failing rows."""
    command = [str(Path(sys.executable).with_name("dbt")), "test", "--vars", f"now: {now}"]
    own = os.environ | {"DBT_PROFILES_DIR": str(project)}
    run = subprocess.run(command, cwd=project, env=own, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "checks.duckdb"), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {
            name: len(connection.execute(f"from main_audit.{name}").fetchall()) for (name,) in names
        }


def test_only_failing_rows_are_kept_and_those_of_a_former_run_go(project: Path) -> None:
    assert kept(project, now=0) == {"fails": 2, "holds": 1, "is_limited": 1}
    assert kept(project, now=1) == {"fails": 2, "held_before": 1, "is_limited": 1}
