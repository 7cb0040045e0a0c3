"""Runs that are honest about themselves: the last line, a retry, a reader, a folder elsewhere."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from builds.conftest import REPOSITORY, WITHOUT_UNIT_TESTS, Build, Builder
from justice_data_lab.build.state import why_older
from justice_data_lab.raw_zone import extract_tables
from raw_zone.conftest import two_rows, write_extract

COPIED = ("analyses", "macros", "models", "python_models", "seeds", "tests/generic")
ELSEWHERE = ("--project-dir", str(REPOSITORY), "--profiles-dir", str(REPOSITORY))
BROKEN = "tests/singular/broken.sql"


def last_line(build: Build) -> str:
    return build.output.rstrip().splitlines()[-1]


@pytest.fixture(scope="module")
def tiny_zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic raw zone of no rows, with an upload that can be no request."""
    zone = tmp_path_factory.mktemp("zone")
    for table in extract_tables():
        path = zone / f"{table.name}.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(two_rows(table).slice(0, 0), path)
    write_extract(
        zone,
        {"data_as_of": "2014-01-31", "reoffending_data_to": "2013-12-31", "synthetic": True},
    )
    (zone / "uploads").mkdir()
    (zone / "uploads" / "list of people.docx").write_text("")
    return zone


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with one data test that fails."""
    folder = tmp_path / "project"
    for part in COPIED:
        shutil.copytree(REPOSITORY / part, folder / part)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(REPOSITORY / name, folder / name)
    (folder / "tests" / "singular").mkdir()
    (folder / BROKEN).write_text("select 1 as broken")
    return folder


def test_a_retry_that_completes_the_build_publishes(
    dbt: Builder, tiny_zone: Path, project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "build"
    at = ("--project-dir", str(project), "--profiles-dir", str(project))
    published = folder / "published.duckdb"

    build = dbt("build", *WITHOUT_UNIT_TESTS, *at, zone=tiny_zone, folder=folder)
    assert build.exit_code == 1
    assert last_line(build) == (
        "not published: 1 failed (broken) and 0 were skipped; mend what failed, then run dbt "
        "retry, or dbt build; nothing was published before"
    )
    (project / BROKEN).write_text("select 1 as broken where false")
    build = dbt("retry", *at, zone=tiny_zone, folder=folder)
    assert build.exit_code == 0, build.output
    assert last_line(build) == f"published: {published}"
    assert why_older(folder) is None
    log = build.rows("published", "select count(*), count(distinct check_id) from quality_log")
    assert log[0][0] > 900
    name = "uploads/list of people.docx: a file among the uploads is neither a folder nor "
    assert build.output.splitlines()[-2].startswith(name)

    before = published.read_bytes()
    build = dbt("build", "-s", "stg_lab__extract", *at, zone=tiny_zone, folder=folder)
    assert " models, seeds and data tests were not run; " in last_line(build)
    assert last_line(build).endswith(f"{published} is as it was")
    assert published.read_bytes() == before
    shown = jdl("summary", "--build", folder)
    assert shown.returncode == 0
    assert "older than the last run, which published nothing" in shown.stderr
    build = dbt("test", "-s", "stg_lab__extract", *at, zone=tiny_zone, folder=folder)
    assert last_line(build).startswith("not published: dbt test alone publishes nothing; ")


def test_a_part_is_tested_without_tables_that_it_has_not(dbt: Builder) -> None:
    listed = dbt("--quiet", "ls", "-s", "stg_lab__extract", "--resource-type", "test")
    names = [name.rpartition(".")[2] for name in listed.output.split()]
    assert sorted(names) == [
        "not_null_stg_lab__extract_data_as_of",
        "unique_stg_lab__extract_data_as_of",
    ]


def jdl(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("jdl"), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_reader_is_named_before_anything_runs(dbt: Builder, tmp_path: Path) -> None:
    held = tmp_path / "analysis.duckdb"
    duckdb.connect(str(held)).close()
    read = "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", read, held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        build = dbt("build", folder=tmp_path)
        reader.communicate("\n")
    assert build.exit_code != 0
    said = f"{held}: is open in {Path(sys.executable).resolve().name} (process {reader.pid}); "
    assert [line.strip() for line in build.output.splitlines() if str(held) in line] == [
        f"{said}close it there, then run again"
    ]
    assert len(build.output.splitlines()) < 15
    assert "START" not in build.output


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            "{window_month: 3}",
            "--vars: window_month: is not a setting; did you mean window_months?",
        ),
        ("{Minimum_Analysed: 3}", "did you mean minimum_analysed?"),
    ],
)
def test_a_misspelt_setting_is_refused(dbt: Builder, settings: str, message: str) -> None:
    build = dbt("build", "--vars", settings)
    assert build.exit_code != 0
    assert message in build.output
    assert last_line(build) == (
        "not published: the run ended early; see the reason above; nothing was published before"
    )
    assert " OK created" not in build.output


def test_defaults_are_of_the_project_and_not_of_the_current_folder(
    dbt: Builder, tmp_path: Path
) -> None:
    day = "select data_as_of from {{ source('raw', 'lab__extract') }}"
    build = dbt("show", "--inline", day, *ELSEWHERE, zone=None, cwd=tmp_path)
    assert build.exit_code == 0, build.output
    assert "2013-12-31" in build.output
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_raw_zone_is_named_in_full(dbt: Builder, tmp_path: Path) -> None:
    build = dbt("build", *ELSEWHERE, zone=Path("no/zone"), cwd=tmp_path)
    assert f"raw zone: there is no folder {tmp_path / 'no' / 'zone'}; " in build.output
