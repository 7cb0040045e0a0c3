"""Hold the SQL against the reference on generated worlds: many a build, one alone to look at.

    make fuzz                                               5,000 worlds, a build for each 250
    make fuzz FUZZ='--worlds 500 --seed 7'                  other worlds
    make fuzz FUZZ='--world FILE --variant N'               one world alone, from its file

A world that disagrees is made smaller: every world
with one thing less is a world too, so one build tries them all. What is left is written to
--out, with the disagreement.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings

from .built import Built, line
from .compare import compare
from .invariants import broken
from .placed import load_worlds, request_name, save_worlds, write_worlds
from .settings import Settings
from .small import Small, small_worlds
from .worlds import write_zone

DESCRIPTION = "Hold the SQL against the reference on generated worlds."
REPOSITORY = Path(__file__).resolve().parents[3]
MODELS = (
    "record_outcomes",
    "attrition_exact",
    "attrition_detail",
    "suggested_analyses",
    "resubmissions",
    "pool_attrition",
    "linked_records",
    "clerical_review",
    "int_eligibility__eligible_records",
    "int_outcomes__members",
    "int_cohorts__analyses",
    "int_cohorts__covariates",
    "int_cohorts__year_before",
)
SELECTION = ("build", "--quiet", "--select", *(f"+{name}" for name in MODELS))
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
COMPARED = (*SELECTION, *WITHOUT_TESTS)
SECRETS = {
    "DBT_ENV_SECRET_JDL_KEY": "an-encryption-key-of-the-test-suite-only",
    "DBT_ENV_SECRET_JDL_HMAC": "a-pseudonym-key-of-the-test-suite-only",
}
SMALL = Settings(minimum_submitted=2, minimum_analysed=2)
VARIANTS = (
    SMALL,
    replace(SMALL, recall_is_index_event=True),
    replace(SMALL, sex_offence_scope="ever_before", window_months=3),
    replace(SMALL, sex_offence_scope="index", window_months=18, recall_is_index_event=True),
    replace(SMALL, minimum_submitted=3, minimum_analysed=3, window_months=1),
)
BUILD = "build"
Worlds = dict[int, Small]


def draw_worlds(number: int, start: int) -> list[Small]:
    """Draw worlds by Hypothesis; the same seed gives the same ones."""
    drawn: list[Small] = []

    @seed(start)
    @hypothesis_settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(small_worlds())
    def collect(world: Small) -> None:
        drawn.append(world)

    collect()
    return drawn


class BuildError(Exception):
    """A zone of worlds could not be built."""


def run_build(
    zone: Path, folder: Path, settings: Settings, arguments: tuple[str, ...] = COMPARED
) -> None:
    """Build the tables that are compared, or what dbt is asked for, in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | SECRETS
    environment |= {
        "JDL_DATA": str(zone),
        "JDL_BUILD": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_PROFILES_DIR": str(REPOSITORY),
    }
    dbt = Path(sys.executable).with_name("dbt")
    done = subprocess.run(
        [dbt, "--no-use-colors", *arguments, "--vars", vars_of(settings)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError((done.stdout + done.stderr)[-2000:])


def vars_of(settings: Settings) -> str:
    """Write the settings that are vars of the project; the condition is set by plans alone."""
    named = settings.as_vars()
    del named["control_condition"]
    return json.dumps(named)


def disagreements(worlds: Mapping[int, Small], settings: Settings) -> list[str]:
    """Build the worlds as one raw zone and list the disagreements."""
    with tempfile.TemporaryDirectory(prefix="jdl-worlds-") as name:
        zone, folder = Path(name) / "zone", Path(name) / "build"
        write_worlds(zone, worlds)
        run_build(zone, folder, settings)
        return [*compare(zone, folder, settings), *broken(zone, Built(folder))]


def requests_of_real_size(number: int, start: int) -> list[str]:
    """Build requests of 60 records and more under the settings of the project, and compare."""
    with tempfile.TemporaryDirectory(prefix="jdl-worlds-") as name:
        zone, folder = Path(name) / "zone", Path(name) / "build"
        write_zone(zone, seed=start, requests=number)
        run_build(zone, folder, Settings())
        return [*compare(zone, folder), *broken(zone, Built(folder))]


def by_world(lines: list[str]) -> dict[int, list[str]]:
    """Sort disagreements by the world whose request, or whose people, they are about."""
    found: dict[int, list[str]] = defaultdict(list)
    for text in lines:
        request, record = text.split("\t")[:2]
        if request.startswith("w"):
            found[int(request[1:])].append(text)
        else:
            found[int(record[1:6])].append(text)
    return found


def fields(lines: list[str]) -> set[str]:
    """Say what disagrees, without the values."""
    return {text.split("\t")[2] for text in lines}


def without_person(world: Small, pnc_id: str) -> Small:
    """Take a person out, with everything of theirs but the rows of the upload."""
    numbers = {
        row["prison_number"] for row in world.tables["prison/prisoners"] if row["pnc_id"] == pnc_id
    }
    tables = {
        name: [
            row
            for row in rows
            if row.get("pnc_id") != pnc_id and row.get("prison_number") not in numbers
        ]
        for name, rows in world.tables.items()
    }
    return replace(world, tables=tables)


def smaller(world: Small) -> Iterator[Small]:
    """List the worlds with one thing less: a person, a record, a row of the plan, a row."""
    for person in world.tables["pnc/persons"]:
        yield without_person(world, person["pnc_id"])
    for place in range(len(world.individuals)):
        yield replace(world, individuals=drop(world.individuals, place))
    for place in range(len(world.plan)):
        yield replace(world, plan=drop(world.plan, place))
    for name, rows in world.tables.items():
        if name not in ("pnc/persons", "pnc/names", "prison/prisoners"):
            for place in range(len(rows)):
                yield replace(world, tables={**world.tables, name: drop(rows, place)})


def drop(rows: list[Any], place: int) -> list[Any]:
    """Leave out the row at a place."""
    return [*rows[:place], *rows[place + 1 :]]


@dataclass(frozen=True)
class Found:
    """A world that disagrees, with the world of the people whom it cannot do without, if any."""

    number: int
    world: Small
    lines: list[str]
    company: Worlds = field(default_factory=dict)


def company_of(number: int, lines: list[str], worlds: Worlds) -> Worlds:
    """Give the world of the first person of another world whom the disagreements name."""
    named = [int(found) for found in re.findall(r"\b[ACOS](\d{5})\d", "\n".join(lines))]
    others = [other for other in named if other != number and other in worlds]
    return {other: worlds[other] for other in others[:1]}


@dataclass(frozen=True)
class Shrinker:
    """Makes a world smaller while the same thing disagrees; one build tries many worlds."""

    settings: Settings
    company: Worlds
    wanted: set[str]

    def wrong(self, tried: list[Small]) -> list[int]:
        """Give the places of the worlds that still disagree in the wanted way."""
        places = (n for n in range(1, 100_000) if n not in self.company)
        numbered = dict(zip(places, tried, strict=False))
        found = by_world(disagreements_of({**numbered, **self.company}, self.settings))
        return [
            place
            for place, number in enumerate(numbered)
            if self.wanted & fields(found.get(number, []))
        ]

    def together(self, world: Small, good: list[Small]) -> Small:
        """Leave out as many things together as can be: all, the first half, a quarter, one."""
        sizes = sorted({max(len(good) // part, 1) for part in (1, 2, 4, 8, 16, 1000)}, reverse=True)
        runs = [(start, size) for size in sizes for start in range(0, len(good), size)][:120]
        tried = [
            reduce(lambda less, other: both(world, less, other), good[start : start + size])
            for start, size in runs
        ]
        wrong = self.wrong(tried)
        return tried[wrong[0]] if wrong else world

    def shrink(self, world: Small, rounds: int) -> Small:
        """Go on while there is a smaller world that disagrees."""
        for _ in range(rounds):
            candidates = list(smaller(world))[:900]
            good = [candidates[place] for place in self.wrong(candidates)]
            less = self.together(world, good) if good else world
            if less is world:
                break
            world = less
        return world


def shrink(found: Found, worlds: Worlds, settings: Settings, rounds: int = 6) -> Found:
    """Make a world that disagrees smaller, alone or with the world of another's person."""
    for company in ({}, company_of(found.number, found.lines, worlds)):
        shrinker = Shrinker(settings, company, fields(found.lines))
        if not shrinker.wrong([found.world]):
            continue
        world = shrinker.shrink(found.world, rounds)
        number = found.number if found.number not in company else 1
        lines = by_world(disagreements_of({number: world, **company}, settings))
        return Found(number, world, lines.get(number, []), company)
    return found


def both(world: Small, first: Small, second: Small) -> Small:
    """Leave out of a world what either of two smaller ones leaves out."""

    def common(rows: list[Any], mine: list[Any], others: list[Any]) -> list[Any]:
        kept = {id(row) for row in mine} & {id(row) for row in others}
        return [row for row in rows if id(row) in kept]

    return Small(
        {
            name: common(rows, first.tables[name], second.tables[name])
            for name, rows in world.tables.items()
        },
        common(world.individuals, first.individuals, second.individuals),
        world.service,
        common(world.plan, first.plan, second.plan),
    )


def disagreements_of(worlds: Worlds, settings: Settings) -> list[str]:
    """List the disagreements; a build that fails is one, of the fewest worlds that halving finds.

    Where a build fails with all worlds and with neither half, it is the first world's.
    """
    try:
        return disagreements(worlds, settings)
    except BuildError as error:
        numbers, found = sorted(worlds), []
        middle = len(numbers) // 2
        if middle:
            for part in (numbers[:middle], numbers[middle:]):
                found += disagreements_of({n: worlds[n] for n in part}, settings)
            if BUILD in fields(found):
                return found
        return [*found, line(request_name(numbers[0]), "", BUILD, "a build", str(error)[-300:])]


def run_batch(number: int, start: int, settings: Settings, shrunk: int) -> list[Found]:
    """Draw a batch, build it, and give the worlds that disagree, the first ones made smaller."""
    worlds = dict(enumerate(draw_worlds(number, start), start=1))
    found = by_world(disagreements_of(worlds, settings))
    wrong = [Found(n, worlds[n], found[n]) for n in sorted(found) if n in worlds]
    return [*(shrink(one, worlds, settings) for one in wrong[:shrunk]), *wrong[shrunk:]]


def report(found: Found, out: Path, settings: Settings) -> None:
    """Write a world that disagrees, and say how to run it alone."""
    path = out / f"{request_name(found.number)}.json"
    save_worlds(path, {found.number: found.world, **found.company})
    shown = [text.replace("\t", "  ") for text in found.lines[:8]]
    print(f"\n{path}: {len(found.lines)} disagreements under {vars_of(settings)}")
    print("\n".join(f"    {text}" for text in shown), flush=True)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="reference.fuzz", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--worlds", type=int, default=5000, help="how many worlds")
    parser.add_argument("--batch", type=int, default=250, help="how many of them a build")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first batch")
    parser.add_argument("--requests", type=int, default=60, help="requests of real size at the end")
    parser.add_argument("--world", type=Path, help="run the world of this file alone")
    parser.add_argument("--variant", type=int, default=0, help="the settings to run it under")
    parser.add_argument("--shrink", type=int, default=1, help="worlds a batch made smaller")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "build" / "fuzz")
    return parser.parse_args(arguments)


def run_one(path: Path, variant: int) -> int:
    """Run one world alone, from its file."""
    lines = disagreements_of(load_worlds(path), VARIANTS[variant])
    print("\n".join(lines) or "SQL and reference agree")
    return 1 if lines else 0


def run_batches(options: argparse.Namespace) -> Counter[str]:
    """Run the batches and say how far they are; count what disagrees."""
    began, done, wrong = time.monotonic(), 0, Counter[str]()
    for batch in range(-(-options.worlds // options.batch)):
        start, variant = options.seed + batch, batch % len(VARIANTS)
        number = min(options.batch, options.worlds - done)
        found = run_batch(number, start, VARIANTS[variant], options.shrink)
        done += number
        for world in found:
            wrong.update(fields(world.lines))
            report(world, options.out / f"seed_{start}_variant_{variant}", VARIANTS[variant])
        print(
            f"seed {start}, variant {variant}: {done} of {options.worlds} worlds, {len(found)} of "
            f"this batch disagree, {time.monotonic() - began:.0f} s",
            flush=True,
        )
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Run the batches and the requests of real size; exit status 1 where any disagrees."""
    options = parse(arguments)
    if options.world:
        return run_one(options.world, options.variant)
    shutil.rmtree(options.out, ignore_errors=True)
    try:
        wrong = run_batches(options)
        lines = requests_of_real_size(options.requests, options.seed) if options.requests else []
    except BuildError as error:
        print(f"the worlds could not be built:\n{error}", file=sys.stderr)
        return 2
    wrong.update(fields(lines))
    print(f"{options.requests} requests of real size: {len(lines)} disagreements")
    print("\n".join(lines[:20]))
    if wrong:
        print(f"disagreements by what disagrees: {dict(wrong)}")
        print("one alone: make fuzz FUZZ='--world FILE --variant N'")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
