"""A draft that a provider has is registered, and what is released later keeps its distance."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner

from justice_data_lab.build import state
from justice_data_lab.cli import main
from justice_data_lab.disclosure import DisclosureSettings, control_cohorts
from justice_data_lab.raw_zone import RELEASED_COHORTS
from justice_data_lab.raw_zone.staff import check_staff_file
from justice_data_lab.releases import reproduce
from justice_data_lab.releases.register import (
    COHORT_COLUMNS,
    COHORTS,
    REGISTER,
    add_rows,
    read_cohorts,
    read_register,
)
from report.published_tables import write_published

IN_REVIEW = "pathways_to_work"
PEOPLE = range(1000, 1120)
REOFFENDERS = frozenset(range(1000, 1040))
NOTHING_RELEASED = pa.table({name: pa.array([], pa.string()) for name in ("request_id",)})


def controlled(request_id: str, people: range, released: pa.Table = NOTHING_RELEASED) -> pa.Table:
    """Return the row of a headline of these people beside what was released before."""
    matched = pa.table(
        {
            "request_id": [request_id] * len(people),
            "analysis_id": ["headline"] * len(people),
            "release_key": list(people),
            "is_reoffender": [person in REOFFENDERS for person in people],
        }
    )
    analyses = pa.Table.from_pylist(
        [
            {
                "request_id": request_id,
                "analysis_id": "headline",
                "kind": "headline",
                "subgroup_field": None,
            }
        ]
    )
    return control_cohorts(matched, analyses, released, DisclosureSettings())


def write_sketches(build: Path, people: range) -> None:
    """Write what a build of these people keeps in restricted, of two requests."""
    rows = [
        {**row, "key_check": "17"}
        for request_id in (IN_REVIEW, "foundation")
        for row in controlled(request_id, people).to_pylist()
    ]
    with duckdb.connect(str(build / "restricted.duckdb")) as connection:
        connection.register("rows", pa.Table.from_pylist(rows).select(COHORT_COLUMNS))
        connection.execute("create or replace table cohort_sketches as from rows")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    write_published(tmp_path / "published.duckdb", 2)
    write_sketches(tmp_path, PEOPLE)
    return tmp_path


def report(build: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["report", "--build", str(build)])
    return result.exit_code, result.stderr


def hold_reason(build: Path, people: range) -> str | None:
    """Return why the request is held in a later build, which reads the register."""
    before = [
        {**row, "is_same_key": row["key_check"] == "17"} for row in read_cohorts(build / "releases")
    ]
    reason: str | None = controlled(IN_REVIEW, people, pa.Table.from_pylist(before)).to_pylist()[0][
        "hold_reason"
    ]
    return reason


def test_what_is_in_review_is_registered_once(build: Path) -> None:
    for _ in range(2):
        assert report(build) == (0, "")
        rows = read_cohorts(build / "releases")
        assert [(row["request_id"], row["version"][:6]) for row in rows] == [(IN_REVIEW, "draft:")]
    assert not check_staff_file(build / "releases", RELEASED_COHORTS)
    assert read_register(build / "releases") == []


def test_another_draft_is_registered_beside_the_first(build: Path) -> None:
    report(build)
    write_sketches(build, PEOPLE[10:])
    report(build)
    assert [row["people_n"] for row in read_cohorts(build / "releases")] == ["120", "110"]


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (PEOPLE, None),  # the same people
        (PEOPLE[3:], "differencing"),
        (PEOPLE[:-5], "differencing"),
        (PEOPLE[20:-20], None),
    ],
)
def test_later_figures_may_not_differ_by_a_few_people_from_a_draft(
    build: Path, people: range, reason: str | None
) -> None:
    assert hold_reason_before(build, people) is None
    report(build)
    assert hold_reason(build, people) == reason


def hold_reason_before(build: Path, people: range) -> str | None:
    """Return why the request is held before anything is registered."""
    assert read_cohorts(build / "releases") == []
    reason: str | None = controlled(IN_REVIEW, people).to_pylist()[0]["hold_reason"]
    return reason


def test_what_cannot_be_registered_is_not_to_be_sent(build: Path) -> None:
    state.begin(build)
    code, said = report(build)
    assert code == 0
    assert f"{IN_REVIEW}: in review, and not registered (the run was stopped" in said
    assert "do not send these pages" in said
    state.finish(build)
    (build / "restricted.duckdb").unlink()
    assert "restricted.duckdb is not there" in report(build)[1]
    (build / "restricted.duckdb").write_text("no database")
    code, said = report(build)
    assert (code, len(said.splitlines())) == (2, 1)
    assert not (build / "releases" / COHORTS).exists()


def test_a_release_is_built_again_with_the_drafts_that_were_before_it(tmp_path: Path) -> None:
    cohort = [str(number) for number in range(len(COHORT_COLUMNS))]
    for version in ("draft:1", "v1", "draft:2", "v2", "draft:3"):
        add_rows(tmp_path / COHORTS, version, [cohort])
        if version.startswith("v"):
            add_rows(tmp_path / REGISTER, version, [["r", "2026-01-15"]])
    registers = {REGISTER: read_register(tmp_path), COHORTS: read_cohorts(tmp_path)}
    before = reproduce._before(registers, "v2")
    assert [row["version"] for row in before[COHORTS]] == ["draft:1", "v1", "draft:2"]
    assert [row["version"] for row in before[REGISTER]] == ["v1"]
