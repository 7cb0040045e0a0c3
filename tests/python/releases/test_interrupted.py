"""A release that is stopped at any step is old or new, never half, and can be done again."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from justice_data_lab.releases import check_release, journal
from justice_data_lab.releases.register import COHORTS, MANIFESTS, REGISTER, read_register
from releases.test_release import approve, freeze
from report.published_tables import write_published

STEPS = ("open", "replace", "fsync", "mkdir", "rmdir", "unlink")
VERSION = "2026-01"
ROWS = {MANIFESTS: [["a" * 64]], COHORTS: [list("abcdefgh")], REGISTER: [["r", "2026-01-15"]]}
FILES = ("manifest.json", "site/index.html", "csv/outcomes.csv")


@contextmanager
def stopped_at(
    number: int, stop: Callable[[], None], *, of: str = "releases"
) -> Iterator[list[int]]:
    """Stop at the given call, from 0, of what writes in paths ``of`` a name; count the calls."""
    calls = [0]
    kept = {name: getattr(os, name) for name in STEPS}

    def counted(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if name == "fsync" or of in str(arguments[0]):
                calls[0] += 1
                if calls[0] - 1 == number:
                    stop()
            return kept[name](*arguments, **named)

        return call

    try:
        for name in STEPS:
            setattr(os, name, counted(name))
        yield calls
    finally:
        for name, function in kept.items():
            setattr(os, name, function)


def release(releases: Path) -> None:
    """Release a folder of three files, as ``freeze_release`` does."""
    journal.settle(releases)
    try:
        folder = journal.begin(releases, VERSION)
        for name in FILES:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(name)
        journal.decide(releases, VERSION, ROWS)
    finally:
        journal.abandon(releases, VERSION)


def is_whole(releases: Path) -> bool:
    """Return whether the version is released, once it is settled; it is so wholly or not at all."""
    journal.settle(releases)
    folder = releases / VERSION
    assert len({(releases / name).exists() for name in (*ROWS, VERSION)}) == 1
    if not folder.exists():
        return False
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {*FILES}
    for name, rows in ROWS.items():
        lines = (releases / name).read_text().splitlines()
        assert lines[1:] == [",".join((VERSION, *row)) for row in rows]
    assert not list(releases.glob("*.decided"))
    return True


def count_of_steps(folder: Path) -> int:
    with stopped_at(-1, interrupt) as calls:
        release(folder / "releases")
    assert is_whole(folder / "releases")
    return calls[0]


def fill_the_disk() -> None:
    raise OSError(28, "No space left on device")


def interrupt() -> None:
    raise KeyboardInterrupt


def kill() -> None:
    os._exit(9)


def stop_and_look(releases: Path, number: int, stop: Callable[[], None]) -> bool:
    """Stop a release at a step in a process of its own; return whether it is there."""
    process = os.fork()
    if process == 0:
        try:
            with stopped_at(number, stop):
                release(releases)
        except (OSError, KeyboardInterrupt):
            os._exit(9)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert code in (0, 9)
    is_there = is_whole(releases)
    assert is_there or code == 9  # what only tidies up may fail
    return is_there


@pytest.mark.parametrize("stop", [fill_the_disk, interrupt, kill])
def test_whatever_stops_a_release_leaves_old_or_new(
    tmp_path: Path, stop: Callable[[], None]
) -> None:
    steps = count_of_steps(tmp_path)
    assert steps > 20
    outcomes = []
    for number in range(steps):
        releases = tmp_path / str(number) / "releases"
        outcomes.append(stop_and_look(releases, number, stop))
        if not outcomes[-1]:
            release(releases)
            assert is_whole(releases)
            assert not list(releases.glob(".*"))
    assert {True, False} == set(outcomes)
    if stop is kill:
        assert outcomes == sorted(outcomes)


def test_a_version_decided_by_a_stopped_process_is_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_published(tmp_path / "published.duckdb", 2)
    approval = approve(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(journal, "settle", lambda releases: [])
        freeze(tmp_path, VERSION, approval)
    releases = tmp_path / "releases"
    assert not (releases / VERSION).exists()
    assert read_register(releases) == []
    assert check_release(tmp_path, VERSION).problems == []
    assert len(read_register(releases)) > 0
