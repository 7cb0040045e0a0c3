"""A purge leaves no row and no byte of a request, and everything else as it was."""

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from justice_data_lab.build import state
from justice_data_lab.build.databases import KEY, DatabaseError
from justice_data_lab.intake.arrow import read_uploads
from justice_data_lab.releases.purge import PurgeError, begun, purge_request
from releases.test_interrupted import stopped_at

CANARY = "Quetzalcoatlus-Canary"
DAY = date(2026, 1, 15)


def write_database(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema staging; create schema audit")
        connection.execute(
            f"create table staging.stg_uploads__individuals as select * from (values "
            f"('gone', 1, '{CANARY}'), ('gone', 2, 'Smith'), ('kept', 1, 'Jones')) "
            "as rows (request_id, record_number, surname)"
        )
        connection.execute("comment on table staging.stg_uploads__individuals is 'The records'")
        connection.execute("create table people as select 1 as person_id")
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_outcomes__person_keys as "
            "select * from (values (1, 11), (2, 22), (3, 33)) as rows (person_id, person_key)"
        )
        connection.execute(
            "create table members as select * from "
            "(values ('gone', 1), ('gone', 2), ('kept', 2), ('kept', 3)) "
            "as rows (request_id, person_id)"
        )
        connection.execute(
            "create view staging.checks as "
            f"select request_id from {path.stem}.staging.stg_uploads__individuals"
        )
        connection.execute(f"create table audit.failed as select '{CANARY}' as surname")


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    zone, build = tmp_path / "zone", tmp_path / "build"
    for request in ("gone", "kept"):
        (zone / "uploads" / request).mkdir(parents=True)
        (zone / "uploads" / request / "individuals.csv").write_text(f"surname\n{CANARY}\n")
    (zone / "clerical_decisions.csv").write_text(
        "request_id,record_number,pnc_id\ngone,1,2003/0011985X\nkept,1,2003/0011985X\n"
    )
    (zone / "analysis_plans.csv").write_text(
        "request_id,analysis_id,setting,value,reason\n"
        f"gone,group,subgroup,user_reference_1={CANARY},asked\nkept,women,subgroup,sex=F,asked\n"
    )
    (zone / "provider_reviews.csv").write_text(
        f"request_id,sent_on,comment\ngone,2015-01-01,about {CANARY}\nkept,2015-01-01,none\n"
    )
    (build / "reproduced" / "v1").mkdir(parents=True)
    (build / "reproduced" / "v1" / "restricted.duckdb").write_text(CANARY)
    (build / "replies").mkdir(parents=True)
    (build / "replies" / "gone.html").write_text(CANARY)
    (build / "replies" / "kept.html").write_text("kept")
    for folder in ("target", "logs"):
        (build / folder).mkdir()
        (build / folder / "of the user.txt").write_text("kept")
    (build / "target" / "run_results.json").write_text(CANARY)
    (build / "target" / "run" / "models").mkdir(parents=True)
    (build / "target" / "run" / "models" / "a.sql").write_text(CANARY)
    (build / "logs" / "dbt.log").write_text(CANARY)
    (build / "logs" / "dbt.log.1").write_text(CANARY)
    state.begin(build, artefacts=[str(build / "target"), str(build / "logs")])
    for name in ("restricted", "analysis"):
        write_database(build / f"{name}.duckdb")
    return zone, build


def holds(folder: Path, text: str) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def test_no_byte_of_the_request_is_left(place: tuple[Path, Path]) -> None:
    zone, build = place
    assert {"restricted.duckdb", "analysis.duckdb"} <= set(holds(build, CANARY))
    purged = purge_request(zone, build, "gone", purged_on=DAY)
    assert purged.records_n == 2
    assert holds(build, CANARY) == []
    assert holds(zone / "uploads", CANARY) == ["kept/individuals.csv"]
    assert not (zone / "uploads" / "gone").exists()
    assert [path.name for path in (build / "logs").iterdir()] == ["of the user.txt"]
    assert [path.name for path in (build / "target").iterdir()] == ["of the user.txt"]
    assert not (build / "reproduced").exists()
    for name in ("analysis_plans.csv", "provider_reviews.csv"):
        text = (zone / name).read_text()
        assert CANARY not in text, name
        assert "kept," in text, name
    assert (zone / "clerical_decisions.csv").read_text().splitlines()[1:] == [
        "kept,1,2003/0011985X"
    ]


def test_everything_else_is_as_it_was(place: tuple[Path, Path]) -> None:
    zone, build = place
    purge_request(zone, build, "gone", purged_on=DAY)
    assert (build / "replies" / "kept.html").exists()
    with duckdb.connect(str(build / "restricted.duckdb"), read_only=True) as connection:
        rows = connection.execute("from staging.stg_uploads__individuals").fetchall()
        comments = connection.execute("select comment from duckdb_tables() where comment <> ''")
        assert rows == [("kept", 1, "Jones")]
        assert comments.fetchall() == [("The records",)]
        assert connection.execute("from people").fetchall() == [(1,)]
        assert connection.execute("from staging.checks").fetchall() == [("kept",)]


def test_keys_of_people_who_are_in_no_other_request_go(place: tuple[Path, Path]) -> None:
    zone, build = place
    purge_request(zone, build, "gone", purged_on=DAY)
    with duckdb.connect(str(build / "restricted.duckdb"), read_only=True) as connection:
        keys = connection.execute("from intermediate.int_outcomes__person_keys order by all")
        assert keys.fetchall() == [(2, 22), (3, 33)]


def test_a_purge_stopped_at_any_step_is_done_again(place: tuple[Path, Path]) -> None:
    zone, build = place
    number = 0
    while stop_purge(zone, build, number):
        assert begun(build / "releases") in ([], ["gone"])
        for name in ("restricted", "analysis"):
            with duckdb.connect(str(build / f"{name}.duckdb"), read_only=True) as connection:
                rows = connection.execute("from people").fetchall()
            assert rows == [(1,)]
        number += 1
    assert number > 10
    assert holds(build, CANARY) == []
    assert holds(zone, CANARY) == ["uploads/kept/individuals.csv"]
    assert begun(build / "releases") == []
    assert (build / "releases" / "tombstones.csv").read_text().count("\ngone,2026-01-15,2,") == 1
    assert not [path for path in build.rglob("*") if path.suffix in (".partial", ".purged", ".wal")]


def stop_purge(zone: Path, build: Path, number: int) -> bool:
    """Kill a purge at a step in a process of its own; return whether it came that far."""
    process = os.fork()
    if process == 0:
        with stopped_at(number, lambda: os._exit(9), of=str(zone.parent)):
            purge_request(zone, build, "gone", purged_on=DAY)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9


def test_a_tombstone_stays(place: tuple[Path, Path]) -> None:
    zone, build = place
    purge_request(zone, build, "gone", purged_on=DAY)
    lines = (build / "releases" / "tombstones.csv").read_text().splitlines()
    assert lines[1].startswith("gone,2026-01-15,2,")


def test_a_key_that_does_not_fit_removes_nothing(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    zone, build = place
    monkeypatch.setenv(KEY, "a-key-of-the-test-suite-of-32-letters")
    with pytest.raises(DatabaseError, match="is not encrypted"):
        purge_request(zone, build, "gone", purged_on=DAY)
    assert (zone / "uploads" / "gone").exists()


@pytest.mark.parametrize("request_id", ["unknown", "../gone", ""])
def test_an_unknown_request_removes_nothing(place: tuple[Path, Path], request_id: str) -> None:
    zone, build = place
    with pytest.raises(PurgeError):
        purge_request(zone, build, request_id, purged_on=DAY)
    assert (build / "logs" / "dbt.log").exists()
    assert len(holds(zone, CANARY)) == 4


@pytest.mark.parametrize("name", ["gone.xlsx", "gone.XLSX", "gone.Xlsx"])
def test_what_the_intake_would_read_is_removed(place: tuple[Path, Path], name: str) -> None:
    zone, build = place
    (zone / "uploads" / name).write_text(CANARY)
    (zone / "uploads" / "gone-too.XLSX").write_text("another request")
    purge_request(zone, build, "gone", purged_on=DAY)
    assert sorted(path.name for path in (zone / "uploads").iterdir()) == ["gone-too.XLSX", "kept"]
    assert "gone" not in read_uploads(zone).requests["request_id"].to_pylist()


def test_the_current_folder_is_left_alone(
    place: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone, build = place
    for folder in ("target", "logs"):
        (tmp_path / "elsewhere" / folder).mkdir(parents=True)
        (tmp_path / "elsewhere" / folder / "manifest.json").write_text("of another project")
    monkeypatch.chdir(tmp_path / "elsewhere")
    purge_request(zone, build, "gone", purged_on=DAY)
    assert (tmp_path / "elsewhere" / "target" / "manifest.json").exists()
    assert (tmp_path / "elsewhere" / "logs" / "manifest.json").exists()


def test_it_looks_again_and_says_what_is_left(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    zone, build = place
    monkeypatch.setattr(shutil, "rmtree", lambda path, **how: None)
    with pytest.raises(PurgeError, match=r"reproduced: still holds gone"):
        purge_request(zone, build, "gone", purged_on=DAY)
    assert not (build / "releases" / "tombstones.csv").exists()
