"""The fuzz without a build: what disagrees is made small, and a build that fails is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from . import fuzz
from .built import line
from .fuzz import SMALL, BuildError, Found, disagreements_of, draw_worlds, report, shrink
from .placed import load_worlds, request_name
from .settings import Settings
from .small import Small


def fines(world: Small) -> int:
    return sum(row["disposal_code"] == "1040" for row in world.tables["pnc/offences"])


def wrong_where_fined(worlds: Mapping[int, Small], settings: Settings) -> list[str]:
    return [
        line(request_name(number), 1, "outcome", "here", "there")
        for number, world in worlds.items()
        if fines(world) >= 2 and world.individuals
    ]


def a_world_that_is_wrong() -> tuple[int, dict[int, Small]]:
    worlds = dict(enumerate(draw_worlds(40, 3), start=1))
    return next(n for n in sorted(worlds) if wrong_where_fined({n: worlds[n]}, SMALL)), worlds


def test_a_world_is_made_as_small_as_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "disagreements", wrong_where_fined)
    number, worlds = a_world_that_is_wrong()
    lines = wrong_where_fined({number: worlds[number]}, SMALL)
    found = shrink(Found(number, worlds[number], lines), worlds, SMALL, rounds=30)
    left = {name: len(rows) for name, rows in found.world.tables.items() if rows}
    assert left.pop("pnc/offences") == 2
    assert sum(left.values()) <= 8  # the people of the two offences, and nothing else
    assert len(found.world.individuals) == 1
    assert not found.company
    assert found.lines


def test_a_pool_disagreement_keeps_the_world_of_the_other_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(worlds: Mapping[int, Small], settings: Settings) -> list[str]:
        others = [n for n in worlds if n == 7]
        return [
            line(request_name(n), f"headline C{7:05d}0001000002", "pool", "member", None)
            for n in worlds
            if others and n != 7
        ]

    monkeypatch.setattr(fuzz, "disagreements", wrong)
    worlds = dict(enumerate(draw_worlds(8, 3), start=1))
    lines = wrong({2: worlds[2], 7: worlds[7]}, SMALL)
    found = shrink(Found(2, worlds[2], lines), worlds, SMALL, rounds=1)
    assert list(found.company) == [7]
    assert found.lines


def test_a_build_that_fails_is_the_disagreement_of_its_world(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build(worlds: Mapping[int, Small], settings: Settings) -> list[str]:
        if 5 in worlds:
            raise BuildError("no step")
        return []

    monkeypatch.setattr(fuzz, "disagreements", build)
    (text,) = disagreements_of(dict(enumerate(draw_worlds(8, 3), start=1)), SMALL)
    assert text.split("\t")[:3] == ["w00005", "", "build"]


def test_a_report_says_how_to_run_the_world_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = draw_worlds(1, 3)[0]
    report(Found(4, world, [line("w00004", 1, "outcome", "a", "b")]), tmp_path, SMALL)
    assert load_worlds(tmp_path / "w00004.json")[4].individuals == world.individuals
    assert "w00004.json: 1 disagreements under" in capsys.readouterr().out
