"""Small worlds: one request with its people, as Hypothesis draws them.

A world knows nothing of the others. `placed.py` gives it a place among them: people, keys
and names of its own, so that many worlds are one raw zone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from . import lives
from .earlier import earlier_event, in_doubt_too, later_again
from .lives import Life, Person, Tables, World
from .messy import messy
from .soups import soup
from .uploads import SUBMITTED, Row, edge_row, row_for
from .worlds import KINDS, NEEDS, SCHEMAS, break_request, narrow_span, service_answers

BREAKS = ("withdrawn", "governance_no", "conditions_no", "no_delivered_in", "no_index_event")
BREAKS += ("custody_community", "initials", "half_initials")
SETTINGS = {
    "sex_offence_scope": ("ever", "ever_before", "index"),
    "window_months": ("1", "3", "6", "12"),
    "control_condition": ("risk_set", "fixed", "none"),
    "match_width": ("0.1", "0.5"),
    "leave_out": ("ethnicity", "employment_and_benefits"),
    "exact_on": ("sex", "region"),
}
SUBGROUPS = (
    "sex=M",
    "sex=F",
    "event_type=prison_release",
    "event_type=community_sentence",
    "region=london",
    "region=north_west",
    "establishment=Leeds",
    "user_reference_1=Group A",
    "age_band=30-34",
    "age_band=50+",
)
PlanRow = tuple[str, str, str]


class Drawn(random.Random):
    """A generator whose every number is Hypothesis's, evenly spread and simple at its least.

    A chance that is not wanted to be simple (`random() < p`) is the largest draw, so that
    the simplest world is the plainest.
    """

    def __init__(self, source: random.Random) -> None:
        super().__init__(0)
        self.source = source

    def random(self) -> float:
        return 1 - (self._randbelow(100) + 1) / 100

    def getrandbits(self, k: int) -> int:
        return self._randbelow(1 << k)

    def _randbelow(self, n: int) -> int:
        """Draw below n, by digits of base 100: of a wide range Hypothesis prefers the least."""
        if n <= 100:
            return self.source.randrange(n)
        rest = self._randbelow(-(-n // 100))
        return (rest * 100 + self.source.randrange(100)) % n


@dataclass(frozen=True)
class Small:
    """One request and its people: the tables, the rows of the upload, its answers, its plan."""

    tables: Tables
    individuals: list[Row]
    service: dict[str, str]
    plan: list[PlanRow]


def with_identifiers(row: Row, person: Person) -> Row:
    """Write the correct PNCid on a row."""
    return {**row, "pncid": person.pnc_id, "prison_number": ""}


def a_life(world: World, person: Person, kind: tuple[str, str], how: str) -> Life:
    """Make a life of the world's kind: mostly clean, mostly edges, or as registers hold them."""
    chance = world.rng.random()
    if how == "messy":
        return messy(world, person, kind)
    if chance > (0.2 if how == "clean" else 0.7):
        return lives.clean(world, person, kind)
    return soup(world, person, kind)


def records(world: World, kind: tuple[str, str], how: str, total: int) -> list[Row]:
    """Write the upload of a world."""
    rng = world.rng
    identified = rng.choice((True, False, False))
    rows: list[Row] = []
    while len(rows) < total:
        person = world.person()
        life = a_life(world, person, kind, how)
        if rng.random() < 0.1:
            rows += rng.choice((later_again, in_doubt_too))(world, person, life, kind)
            continue
        if rng.random() < 0.3:
            earlier_event(world, person, life, kind)
        if how != "messy" and rng.random() < 0.15:
            rows += edge_row(world, person, life)
            continue
        for _ in range(rng.choice((1, 1, 1, 1, 1, 2))):
            ends = kind[0] != "community" and life.end is not None and rng.random() < 0.15
            row = row_for(world, person, life, end_only=ends)
            rows.append(with_identifiers(row, person) if identified else row)
    for row in rows:
        row["user_reference_1"] = rng.choice(("", "Group A", "group b"))
    return rows


def plan(rng: random.Random) -> list[PlanRow]:
    """Write the plan of a request: most have none."""
    rows: list[PlanRow] = []
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        if rng.random() < 0.4:
            rows.append((f"part_{len(rows)}", "subgroup", rng.choice(SUBGROUPS)))
        else:
            setting = rng.choice((*sorted(SETTINGS), *["control_condition"] * 3))
            rows.append(("headline", setting, rng.choice(SETTINGS[setting])))
    return list({(row[0], row[1]): row for row in rows}.values())


def make(rng: random.Random) -> Small:
    """Make a small world; every choice is the generator's."""
    tables: Tables = {name: [] for name in SCHEMAS}
    world = World(rng, tables, is_small=True)
    narrow_span(world)
    kind, how = rng.choice(KINDS), rng.choice(("clean", "edges", "edges", "messy"))
    individuals = records(world, kind, how, rng.choice((5, 4, 3, 2, 6, 8, 1)))
    for _ in range(rng.choice((4, 3, 2, 1))):
        a_life(world, world.person(), kind, how)
    answers = service_answers(kind)
    answers["submitted_on"] = SUBMITTED.isoformat()
    if rng.random() < 0.06:
        break_request(rng.choice(BREAKS), individuals, answers)
    lives.background(world, NEEDS)
    return Small(tables, individuals, answers, plan(rng))


@st.composite
def small_worlds(draw: Any) -> Small:
    """Draw a small world: Hypothesis stands in for the generator of random numbers."""
    return make(Drawn(draw(st.randoms(use_true_random=False, note_method_calls=False))))
