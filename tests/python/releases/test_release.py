"""A release is what was reviewed, whole, of two people, and known to be as it was."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from justice_data_lab.build import state as build_state
from justice_data_lab.build.published import Published, read_published
from justice_data_lab.raw_zone import RELEASED_COHORTS
from justice_data_lab.raw_zone.staff import check_staff_file
from justice_data_lab.releases import (
    Approval,
    ReleaseError,
    check_release,
    fingerprint_of,
    freeze_release,
)
from justice_data_lab.releases.comparison import compare_releases
from justice_data_lab.releases.manifest import Manifest
from justice_data_lab.releases.register import read_cohorts, read_register
from report.published_tables import write_published

DAY = date(2026, 1, 15)
COHORTS = [
    {
        "request_id": request_id,
        "analysis_id": "headline",
        "key_check": "17",
        "people_n": 257,
        "people_sketch": "a.b",
        "reoffenders_n": 79,
        "reoffenders_sketch": "c.d",
        "others_sketch": "e.f",
    }
    for request_id in ("foundation", "pathways_to_work")  # the second is still in review
]


def write_page(published: Path, folder: Path) -> None:
    folder.mkdir()
    statuses = read_published(published).tables["requests"]["status"].to_pylist()
    (folder / "index.html").write_text(" ".join(statuses))


@pytest.fixture
def build(tmp_path: Path) -> Path:
    write_published(tmp_path / "published.duckdb")
    return tmp_path


def published_of(build: Path) -> Published:
    return read_published(build / "published.duckdb")


def approve(build: Path, **names: str) -> Approval:
    facts = {"reviewer": "A. Reader", "approver": "B. Head"} | names
    return Approval(reviewed_hash=fingerprint_of(published_of(build)).total, **facts)


def freeze(build: Path, version: str, approval: Approval | None = None) -> Manifest:
    return freeze_release(
        build,
        version,
        approval or approve(build),
        released_on=DAY,
        cohorts=COHORTS,
        write_site=write_page,
    )


def test_the_cohorts_of_released_requests_are_appended_for_later_builds(build: Path) -> None:
    freeze(build, "1")
    freeze(build, "2")
    rows = read_cohorts(build / "releases")
    assert [(row["version"], row["request_id"]) for row in rows] == [
        ("1", "foundation"),
        ("2", "foundation"),
    ]
    assert {row["people_sketch"] for row in rows} == {"a.b"}
    assert not check_staff_file(build / "releases", RELEASED_COHORTS)


def change_a_figure(build: Path) -> None:
    with duckdb.connect(str(build / "published.duckdb")) as connection:
        connection.execute(
            "update outcomes set difference = difference + 1 "
            "where request_id = 'foundation' and measure = 'rate' and analysis_id = 'headline'"
        )


def change_the_reviewer(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace("A. Reader", "C. Other"))


def test_a_release_is_whole_and_as_it_was(build: Path) -> None:
    manifest = freeze(build, "2026-01")
    assert manifest.files.keys() >= {"published.duckdb", "site/index.html", "csv/outcomes.csv"}
    check = check_release(build, "2026-01")
    assert check.problems == []
    assert check.manifest == manifest
    assert manifest.previous is None
    rows = read_register(build / "releases")
    assert [row["request_id"] for row in rows] == manifest.requests
    assert {row["released_on"] for row in rows} == {"2026-01-15"}
    assert not list((build / "releases").glob(".*"))


def test_a_request_in_review_is_left_out_and_the_others_are_published(build: Path) -> None:
    before = published_of(build)
    statuses = {row["request_id"]: row["status"] for row in before.tables["requests"].to_pylist()}
    in_review = {request for request, status in statuses.items() if status == "in_review"}
    assert in_review
    manifest = freeze(build, "2026-01")
    assert not in_review & set(manifest.requests)
    after = read_published(build / "releases" / "2026-01" / "published.duckdb")
    for name, table in after.tables.items():
        if "request_id" in table.column_names and name != "requests":
            assert not in_review & set(table["request_id"].to_pylist()), name
    rows = {row["request_id"]: row for row in after.tables["requests"].to_pylist()}
    assert rows.keys() == statuses.keys()
    for request, row in rows.items():
        if request in in_review:
            assert row["analysed_n"] is None
            assert row["balance_verdict"] is None
        else:
            assert row["status"] == (
                "published" if statuses[request] == "analysed" else statuses[request]
            )


def test_the_hash_depends_on_the_figures_and_not_on_the_file(build: Path, tmp_path: Path) -> None:
    first = fingerprint_of(published_of(build)).total
    other = tmp_path / "other"
    other.mkdir()
    write_published(other / "published.duckdb")
    assert fingerprint_of(published_of(other)).total == first
    change_a_figure(build)
    assert fingerprint_of(published_of(build)).total != first


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ({"approver": " "}, "must be named"),
        ({"approver": "a. reader "}, "two people"),
    ],
)
def test_two_people_are_needed(build: Path, names: dict[str, str], why: str) -> None:
    with pytest.raises(ReleaseError, match=why):
        freeze(build, "2026-01", approve(build, **names))
    assert not (build / "releases").exists()


def test_a_change_since_the_review_is_refused(build: Path) -> None:
    approval = approve(build)
    change_a_figure(build)
    with pytest.raises(ReleaseError, match="not those of this hash"):
        freeze(build, "2026-01", approval)


def test_a_build_that_did_not_pass_is_refused(build: Path) -> None:
    build_state.begin(build)
    with pytest.raises(ReleaseError, match="run dbt build to its end"):
        freeze(build, "2026-01")
    build_state.finish(build)
    freeze(build, "2026-01")


@pytest.mark.parametrize("version", ["", "../x", ".hidden", "a b", "x" * 41])
def test_a_version_is_a_plain_name(build: Path, version: str) -> None:
    with pytest.raises(ReleaseError, match="version may hold"):
        freeze(build, version)


def test_figures_of_uncommitted_code_are_refused(build: Path) -> None:
    with duckdb.connect(str(build / "published.duckdb")) as connection:
        connection.execute(
            "update method_settings set value = value || '-dirty' where setting = 'code_version'"
        )
    with pytest.raises(ReleaseError, match="uncommitted changes; commit them, run dbt build"):
        freeze(build, "2026-01")
    assert not list((build / "releases").glob("*"))


def test_a_version_is_released_once(build: Path) -> None:
    freeze(build, "2026-01")
    with pytest.raises(ReleaseError, match="released already"):
        freeze(build, "2026-01")


def test_a_site_that_cannot_be_written_leaves_nothing(build: Path) -> None:
    def fail(published: Path, folder: Path) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        freeze_release(
            build, "1", approve(build), released_on=DAY, cohorts=COHORTS, write_site=fail
        )
    assert list((build / "releases").iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda folder: (folder / "csv" / "outcomes.csv").write_text("x"), "csv/outcomes.csv: was"),
        (lambda folder: (folder / "new.txt").write_text("x"), "new.txt: was added"),
        (lambda folder: (folder / "site" / "index.html").unlink(), "index.html: is missing"),
        (change_a_figure, "table outcomes: its figures were changed"),
        (change_the_reviewer, "manifest.json: was changed"),
    ],
)
def test_whatever_is_changed_in_a_release_is_found(build: Path, spoil, problem: str) -> None:
    freeze(build, "2026-01")
    spoil(build / "releases" / "2026-01")
    assert any(problem in found for found in check_release(build, "2026-01").problems)


def test_the_next_release_tells_what_changed(build: Path) -> None:
    freeze(build, "2026-01")
    before = published_of(build)
    change_a_figure(build)
    manifest = freeze(build, "2026-02")
    assert manifest.previous == "2026-01"
    changes = compare_releases(before, published_of(build)).to_pylist()
    assert [(row["table"], row["key"], row["column"]) for row in changes] == [
        ("outcomes", "foundation / headline / rate", "difference")
    ]
    text = (build / "releases" / "2026-02" / "comparison.csv").read_text()
    assert "foundation / headline / rate,difference" in text


def test_the_manifest_is_readable_by_itself(build: Path) -> None:
    freeze(build, "2026-01")
    facts = json.loads((build / "releases" / "2026-01" / "manifest.json").read_text())
    assert (facts["reviewer"], facts["approver"]) == ("A. Reader", "B. Head")
    assert len(facts["reviewed_hash"]) == 64
