"""Publications that share people, attacked together: ``python -m disclosure.overlapping N``.

Each of N worlds (a second number stops after so many minutes) has a request with event types,
subgroups and a region; an earlier release of it with a few people fewer; the same again under
another name; and another request with half of its people. The attacker reads sizes and rates of all
four publications, and knows which people could be in which of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pyarrow as pa

from disclosure.generated import Rows, cohorts_of_requests, published, request
from disclosure.release_attack import Attacked, Person, attack_rates
from justice_data_lab.disclosure import DisclosureSettings

People = Mapping[int, Person]
FEW_AND_MORE = (0, 1, 3, 6, 9, 25)
OTHERS = 100_000


def world(seed: int) -> tuple[People, dict[str, People]]:
    """Return the people of the earlier release, and those of each request of the build now."""
    chance = Random(40_000 + seed)
    people = dict(enumerate(request(seed)))
    fewer = {key: smaller(person) for key, person in people.items()}
    strangers = {OTHERS + key: smaller(one) for key, one in enumerate(request(seed + 1000))}
    half = sorted(chance.sample(sorted(fewer), len(fewer) // 2))
    return without_some(fewer, chance), {
        "r": people,
        "again": without_some(fewer, chance),
        "other": {key: fewer[key] for key in half} | dict(list(strangers.items())[: len(half)]),
    }


def smaller(person: Person) -> Person:
    """Return the same person in a request of a headline and its sexes only."""
    kept = {name for name in person.analyses if name == "headline" or name.startswith("sex")}
    return replace(person, analyses=frozenset(kept))


def without_some(people: People, chance: Random) -> People:
    gone = {*chance.sample(sorted(people), min(chance.choice(FEW_AND_MORE), len(people)))}
    return {key: person for key, person in people.items() if key not in gone}


def attacked_together(
    seed: int, settings: DisclosureSettings, *, is_compared: bool = True
) -> Attacked:
    """Attack a world; is_compared: whether requests and releases are compared with each other."""
    before, now = world(seed)
    first = cohorts_of_requests({"r": before}, settings)
    register = released(first) if is_compared else first.slice(0, 0)
    groups = [now] if is_compared else [{name: people} for name, people in now.items()]
    tables = [cohorts_of_requests(group, settings, register) for group in groups]
    shown = {"before": (before, of_request(first, "r"))} | {
        name: (people, of_request(table, name))
        for table, group in zip(tables, groups, strict=True)
        for name, people in group.items()
    }
    return attack_all(shown, settings)


def attack_all(
    shown: Mapping[str, tuple[People, pa.Table]], settings: DisclosureSettings
) -> Attacked:
    """Attack publications by name: their people, and which of their analyses are held."""
    outcomes: Rows = []
    together: dict[int, Person] = {}
    for name, (people, cohorts) in shown.items():
        rows = published([*people.values()], settings, cohorts)[0]
        outcomes += [{**row, "analysis_id": f"{name} {row['analysis_id']}"} for row in rows]
        for key, person in people.items():
            named = frozenset(f"{name} {analysis}" for analysis in person.analyses)
            known = together.get(key, replace(person, analyses=frozenset()))
            together[key] = replace(known, analyses=known.analyses | named)
    return attack_rates([*together.values()], outcomes)


def released(cohorts: pa.Table) -> pa.Table:
    """Return what a release puts into the register, as the build reads it."""
    rows = [row for row in cohorts.to_pylist() if row["hold_reason"] is None]
    return pa.Table.from_pylist(
        [{**row, "is_same_key": True} for row in rows],
        schema=cohorts.schema.append(pa.field("is_same_key", pa.bool_())),
    )


def of_request(cohorts: pa.Table, request_id: str) -> pa.Table:
    rows = [row for row in cohorts.to_pylist() if row["request_id"] == request_id]
    return pa.Table.from_pylist([{**row, "request_id": "r"} for row in rows], cohorts.schema)


def main(worlds: int, minutes: float) -> int:
    """Attack as many worlds as the time allows; 0 where no small cell is known."""
    began = time.monotonic()
    tried = done = 0
    broken = []
    for seed in range(worlds):
        if time.monotonic() - began > 60 * minutes:
            break
        found = attacked_together(seed, DisclosureSettings())
        tried, done = tried + found.tried, done + 1
        broken += [(seed, one) for one in found.broken]
        for one in found.broken:
            print(f"world {seed}: {one}", flush=True)
    print(
        f"overlapping: {done} of {worlds} worlds, {4 * done} publications, {tried} small cells "
        f"attacked, {len(broken)} known"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 1e9))
