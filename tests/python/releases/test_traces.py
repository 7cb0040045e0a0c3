"""A purge ends only when no byte of the upload's people is left in any file of the build."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from intake.odd_files import line, table, workbook
from justice_data_lab.releases.purge import PurgeError, purge_request
from justice_data_lab.releases.traces import traces, values_of

DAY = date(2026, 1, 15)
CELLS = ("Quetzalcoatlus", "Éloïse", "01/02/1980", "F", "2003/0119850X", "A1234BC", "", "", "")
PERSON = (*CELLS[:8], "case 77-1234")
OTHER = ("Montgomery", "Bartholomew", "01/02/1980", "M", "1999/0000001A", "")
FORMS = ("csv", "xlsx", "both")


def write_upload(uploads: Path, request_id: str, form: str, *people: tuple[str, ...]) -> None:
    if form in ("csv", "both"):
        (uploads / request_id).mkdir(parents=True)
        rows = table(*(line(*person) for person in people))
        (uploads / request_id / "individuals.csv").write_text(rows)
        (uploads / request_id / "service.csv").write_text(
            "question,answer\ncontact_email,eloise@example.org\n"
        )
    if form in ("xlsx", "both"):
        uploads.mkdir(parents=True, exist_ok=True)
        (uploads / f"{request_id}.xlsx").write_bytes(workbook(*people))


@pytest.fixture(params=FORMS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    zone, build = tmp_path / "zone", tmp_path / "build"
    write_upload(zone / "uploads", "gone", request.param, PERSON, OTHER)
    write_upload(zone / "uploads", "kept", "csv", OTHER)
    build.mkdir()
    with duckdb.connect(str(build / "restricted.duckdb")) as connection:
        connection.execute("create table individuals (request_id varchar, surname varchar)")
        for request_id, surname in (
            *(("gone", person[0].upper()) for person in (PERSON, OTHER)),
            ("kept", OTHER[0].upper()),
        ):
            connection.execute("insert into individuals values (?, ?)", [request_id, surname])
    return zone, build


def in_any_case(build: Path, value: str) -> list[str]:
    return [
        path.name
        for path in build.rglob("*")
        if path.is_file() and value.lower().encode() in path.read_bytes().lower()
    ]


def test_no_byte_is_left_in_any_form_of_upload(place: tuple[Path, Path]) -> None:
    zone, build = place
    assert in_any_case(build, PERSON[0]) == ["restricted.duckdb"]
    purged = purge_request(zone, build, "gone", purged_on=DAY)
    assert purged.values_n >= 8
    for value in (PERSON[0], PERSON[1], PERSON[4], PERSON[8]):
        assert in_any_case(build, value) == []
        assert in_any_case(zone, value) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("notes of the night.log", "about quetzalcoatlus"),
        ("spilled.tmp", "x" * (1 << 23) + "QUETZALCOATLUS"),  # over the edge of a piece
        ("site/index.html", "see 2003/0119850x"),
        ("releases/v1/a.csv", "case 77-1234"),
        ("audit.jsonl", "eloise@example.org"),
        ("copy.sql", "ÉLOÏSE"),
    ],
)
def test_what_is_left_elsewhere_stops_the_purge_before_the_upload_goes(
    place: tuple[Path, Path], file: str, text: str
) -> None:
    zone, build = place
    if "@" in text and not (zone / "uploads" / "gone").exists():
        pytest.skip("this workbook has no address")
    path = build / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    uploads = sorted((zone / "uploads").iterdir())
    with pytest.raises(PurgeError) as raised:
        purge_request(zone, build, "gone", purged_on=DAY)
    assert str(raised.value) == f"{path}: still holds gone; remove it and purge again"
    assert sorted((zone / "uploads").iterdir()) == uploads
    path.unlink()
    purge_request(zone, build, "gone", purged_on=DAY)
    assert [path.name for path in (zone / "uploads").iterdir()] == ["kept"]


def test_a_row_that_a_database_keeps_is_seen(place: tuple[Path, Path]) -> None:
    zone, build = place
    values = values_of([path for path in (zone / "uploads").iterdir() if "gone" in path.name])
    assert traces(build, values) == []  # its rows explain what it holds
    with duckdb.connect(str(build / "restricted.duckdb")) as connection:
        connection.execute("delete from individuals where request_id = 'gone'")
    assert in_any_case(build, PERSON[0]) == ["restricted.duckdb"]  # deleted, and still there
    assert traces(build, values) == [build / "restricted.duckdb"]


def test_what_others_hold_too_is_no_trace(place: tuple[Path, Path]) -> None:
    zone, build = place
    (build / "replies").mkdir()
    (build / "replies" / "kept.html").write_text(f"row 1: {OTHER[0]}")
    purge_request(zone, build, "gone", purged_on=DAY)
    assert in_any_case(build, OTHER[0]) == ["restricted.duckdb", "kept.html"]
