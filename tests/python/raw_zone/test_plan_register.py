"""The register of plans: what stood before a first result, what came later, what is only added."""

from __future__ import annotations

from pathlib import Path

import pytest

from justice_data_lab.raw_zone.contract import PLAN_REGISTER
from justice_data_lab.raw_zone.plan_register import (
    plan_changes,
    register_estimated,
    register_plans,
)
from justice_data_lab.raw_zone.staff import check_staff_file

HEADER = "request_id,analysis_id,setting,value,reason\n"
WIDTH = "R,headline,match_width,0.1,few people\n"
WOMEN = "R,women,subgroup,sex=F,they are few\n"
OVERRIDE = "R,headline,override_gate,equipoise,looked at\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    build, zone = tmp_path / "build", tmp_path / "zone"
    build.mkdir()
    zone.mkdir()
    return build, zone


def plan(zone: Path, *rows: str) -> None:
    (zone / "analysis_plans.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


def changed(folders: tuple[Path, Path]) -> dict[str, int]:
    return {row["request_id"]: row["changed_n"] for row in plan_changes(*folders).to_pylist()}


def run(folders: tuple[Path, Path], *rows: str) -> dict[str, int]:
    """Do what a run of the build does: register on its start, judge, register on its end."""
    plan(folders[1], *rows)
    register_plans(*folders)
    found = changed(folders)
    register_estimated(folders[0], ["R"])
    return found


def test_a_plan_that_stood_before_the_first_result_is_unchanged(
    folders: tuple[Path, Path],
) -> None:
    assert changed(folders) == {}
    assert run(folders, WIDTH, WOMEN) == {"R": 0}
    assert run(folders, WOMEN, WIDTH) == {"R": 0}


@pytest.mark.parametrize(
    ("rows", "changed_n"),
    [
        ([WIDTH, WOMEN], 1),
        ([], 1),
        ([WIDTH.replace("0.1", "0.2")], 2),
        ([WIDTH.replace("few", "very few")], 2),
        ([WIDTH, OVERRIDE], 0),
        ([WIDTH, "S,headline,match_width,0.3,of another\n"], 0),
    ],
)
def test_a_later_change_is_known_until_it_is_taken_back(
    folders: tuple[Path, Path], rows: list[str], changed_n: int
) -> None:
    run(folders, WIDTH)
    assert run(folders, *rows)["R"] == changed_n
    assert run(folders, *rows)["R"] == changed_n
    assert run(folders, WIDTH)["R"] == 0


def test_a_plan_may_change_as_long_as_there_is_no_result(folders: tuple[Path, Path]) -> None:
    for row in (WIDTH, WOMEN):
        plan(folders[1], row)
        register_plans(*folders)
        register_estimated(folders[0], ["S"])
    assert changed(folders) == {"R": 0, "S": 0}
    assert run(folders, WOMEN) == {"R": 0, "S": 0}
    assert run(folders, WIDTH)["R"] == 2


def test_a_plan_that_comes_after_a_result_without_one_is_a_change(
    folders: tuple[Path, Path],
) -> None:
    register_plans(*folders)
    register_estimated(folders[0], ["R"])
    assert changed(folders) == {"R": 0}
    assert run(folders, WIDTH) == {"R": 1}


def test_a_row_that_no_run_has_registered_is_a_change(folders: tuple[Path, Path]) -> None:
    plan(folders[1], WIDTH)
    assert changed(folders) == {"R": 1}


def test_the_register_is_only_added_to_closed_to_others_and_holds_no_value(
    folders: tuple[Path, Path],
) -> None:
    path = folders[0] / PLAN_REGISTER.name
    run(folders, WIDTH, WOMEN)
    first = path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [line.split(",")[1:4] for line in first.splitlines()[1:]]
    assert sorted(lines[:2]) == [["R", "declared", "match_width"], ["R", "declared", "subgroup"]]
    assert lines[2:] == [["R", "estimated", ""]]
    run(folders, WIDTH, WOMEN)
    assert path.read_text("utf-8") == first
    run(folders, WIDTH)
    later = path.read_text("utf-8")
    assert later.startswith(first)
    assert later.count("withdrawn") == 1
    assert not [word for word in ("sex=F", "they are few", "0.1") if word in later]
    assert check_staff_file(folders[0], PLAN_REGISTER) == []
