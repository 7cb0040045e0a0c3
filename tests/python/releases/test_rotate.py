"""Another key: the same tables under it, and old or new whenever it stops."""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from justice_data_lab.build import audit, replacement
from justice_data_lab.build.databases import KEY, DatabaseError, attach, connect, open_build
from justice_data_lab.build.rotation import ENCRYPTED, NEW_KEY
from justice_data_lab.cli import main
from releases.test_interrupted import fill_the_disk, interrupt, kill, stopped_at

OLD = "the-old-key-of-the-test-suite-of-some-letters"
NEW = "the-new-key-of-the-test-suite-of-some-letters"
ROWS = [(number, f"person {number}") for number in range(3)]


def write_build(build: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(KEY, OLD)
    monkeypatch.setenv(NEW_KEY, NEW)
    build.mkdir()
    for name in ENCRYPTED:
        with connect() as connection:
            attach(connection, build / f"{name}.duckdb", name, read_only=False)
            connection.execute(f"use {name}; create schema staging")
            connection.execute("create table staging.people (person_id bigint, surname varchar)")
            connection.executemany("insert into staging.people values (?, ?)", ROWS)
            connection.execute("comment on table staging.people is 'One row per person'")
            connection.execute(f"create view main.people as from {name}.staging.people")
            connection.execute("use memory")
    return build


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_build(tmp_path / "build", monkeypatch)


def rotate(build: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["rotate", "--build", str(build)])
    return result.exit_code, result.stdout, result.stderr


def opens(build: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a key opens both databases, whole; that it opens one of them is an error."""
    monkeypatch.setenv(KEY, key)
    opened = []
    for name in ENCRYPTED:
        try:
            with open_build(build, name) as connection:
                rows = connection.execute(f"from {name}.main.people order by all").fetchall()
                comments = connection.execute(
                    "select comment from duckdb_tables() where comment is not null"
                ).fetchall()
        except DatabaseError:
            opened.append(False)
        else:
            assert (rows, comments) == (ROWS, [("One row per person",)])
            opened.append(True)
    assert len(set(opened)) == 1
    return opened[0]


def left_behind(build: Path) -> list[str]:
    return sorted({path.name for path in build.iterdir()} - {f"{n}.duckdb" for n in ENCRYPTED})


def test_the_new_key_opens_what_the_old_one_did(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (build / "reproduced" / "v1").mkdir(parents=True)
    modes = [(build / f"{name}.duckdb").stat().st_mode for name in ENCRYPTED]
    code, said, _ = rotate(build)
    assert code == 0
    assert not opens(build, OLD, monkeypatch)
    assert opens(build, NEW, monkeypatch)
    assert [(build / f"{name}.duckdb").stat().st_mode for name in ENCRYPTED] == modes
    assert left_behind(build) == ["audit.jsonl", "reproduced"]
    assert f"From now on {KEY} must be what {NEW_KEY} is" in said
    for unchanged in ("back-ups", "DBT_ENV_SECRET_JDL_HMAC", str(build / "reproduced" / "v1")):
        assert unchanged in said.partition("Not changed")[2]
    (entry,) = audit.read(build)
    assert (entry.action, entry.counts) == ("rotate", {"restricted": 1, "analysis": 1})
    for path in build.rglob("*"):
        if path.is_file():
            assert NEW.encode() not in path.read_bytes()


@pytest.mark.parametrize("stop", [fill_the_disk, interrupt, kill])
def test_whatever_stops_it_leaves_the_old_key_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
) -> None:
    outcomes = []
    for number in range(100):
        build = write_build(tmp_path / str(number), monkeypatch)
        is_whole = not stopped(build, number, stop)
        has_new = opens(build, NEW, monkeypatch)
        assert opens(build, OLD, monkeypatch) is not has_new
        outcomes.append(has_new)
        if is_whole:
            break
        if not has_new:
            monkeypatch.setenv(KEY, OLD)
            assert rotate(build)[0] == 0
            assert opens(build, NEW, monkeypatch)
            assert left_behind(build) == ["audit.jsonl"]
    assert {True, False} == set(outcomes)
    assert len(outcomes) > 8
    if stop is kill:
        assert outcomes == sorted(outcomes)


def stopped(build: Path, number: int, stop: Callable[[], None]) -> bool:
    """Stop a rotation at a step in a process of its own; return whether it came that far."""
    process = os.fork()
    if process == 0:
        with stopped_at(number, stop, of=str(build)) as calls:
            rotate(build)
        os._exit(9 if calls[0] > number else 0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9


def test_a_stopped_replacement_is_carried_to_its_end_by_whoever_opens_next(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(replacement, "settle", lambda build: None)
        assert rotate(build)[0] == 0
    (build / "restricted.duckdb.wal").write_bytes(b"of the old file")
    assert opens(build, NEW, monkeypatch)
    assert left_behind(build) == ["audit.jsonl"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", NEW, f"{KEY}: is not set"),
        (OLD, "", f"{NEW_KEY}: is not set"),
        (OLD, "short", f"{NEW_KEY}: must be 32 or more letters"),
        (OLD, OLD, "is the key that the databases have"),
        (NEW, OLD, "cannot be opened; wait for the build that uses it"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_changes_nothing(
    build: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    monkeypatch.setenv(KEY, old)
    monkeypatch.setenv(NEW_KEY, new)
    code, _, why = rotate(build)
    assert (code, len(why.splitlines())) == (2, 1)
    assert said in why
    assert not any(key in why for key in (OLD, NEW))
    assert opens(build, OLD, monkeypatch)
    assert left_behind(build) == []


def test_a_build_that_is_not_encrypted_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, OLD)
    monkeypatch.setenv(NEW_KEY, NEW)
    for name in ENCRYPTED:
        duckdb.connect(str(tmp_path / f"{name}.duckdb")).close()
    code, _, why = rotate(tmp_path)
    assert (code, len(why.splitlines())) == (2, 1)
    assert "is not encrypted" in why
    assert left_behind(tmp_path) == []


def test_a_missing_database_is_not_made(build: Path) -> None:
    (build / "analysis.duckdb").unlink()
    code, _, why = rotate(build)
    assert code == 2
    assert "nothing is built there" in why
    assert not (build / "analysis.duckdb").exists()


def test_a_copy_that_differs_changes_nothing(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(100))
    monkeypatch.setattr("justice_data_lab.build.rotation.digest", lambda *names: str(next(numbers)))
    code, _, why = rotate(build)
    assert code == 2
    assert "is not the same; nothing changed" in why
    assert opens(build, OLD, monkeypatch)
    assert left_behind(build) == []
