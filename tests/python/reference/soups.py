"""Soups of edges: lives whose dates lie at the edges of the rules."""

from __future__ import annotations

from datetime import date

from .lives import (
    DATA_TO,
    DISPOSALS,
    FOLLOW_EDGES,
    MONTH_ENDS,
    NOT_PROVEN,
    PLAIN_CODES,
    SIDE_CODES,
    Life,
    Person,
    World,
    an_index_date,
    days,
)
from .text import add_months

DATA_EDGES = (DATA_TO - days(5), DATA_TO, DATA_TO, DATA_TO + days(1))


def soup(world: World, person: Person, kind: tuple[str, str]) -> Life:
    """A life of edges: cases, orders and spells at small distances around one date."""
    rng = world.rng
    base = rng.choice(
        (*MONTH_ENDS, *FOLLOW_EDGES, *DATA_EDGES, *(an_index_date(world) for _ in range(8)))
    )
    if kind[0] == "custody" and rng.random() < 0.15:
        base = rng.choice(DATA_EDGES)
    proven = soup_anchor(world, person, base, kind)
    offsets = (-400, -190, -60, -29, -28, -27, -1, 0, 0, 1, 5, 27, 28, 29, 60, 170, 180)
    more = [base + days(rng.choice(offsets)) for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))]
    for day in more:
        soup_case(world, person, day, base)
    proven += more
    for _ in range(rng.choice((0, 0, 1, 2))):
        joint = rng.choice([*proven, base]) + days(rng.choice((-1, -1, 0, 1, 14, 27, 28, 29)))
        order = rng.choice(("community_order", "community_order", "suspended_sentence_order"))
        world.order(person, order, joint)
    if rng.random() < (0.25 if kind[1] == "community_sentence" else 0.7):
        soup_spells(world, person, base)
    soup_aftermath(world, person, base)
    if kind[0] != "community" and rng.random() < 0.3:
        again = base + days(rng.choice((1, 2, 3, 30)))
        custody = rng.choice(("sentenced", "sentenced", "recall"))
        world.spell(world.prisoner(person), again, again + days(rng.choice((0, 20))), custody)
    return soup_service(world, base, kind)


def soup_service(world: World, base: date, kind: tuple[str, str]) -> Life:
    """Choose when the service was received: at the edges of the window, or around custody."""
    rng, half = world.rng, add_months(base, 6)
    start = rng.choice(
        [base + days(n) for n in (-20, -10, -1, 0, 0, 0, 1, 1, 5, 14, 28, 30, 60, 90)]
        + [half - days(1), half, half, half + days(1)]
    )
    length = rng.choice((None, None, 0, 1, 10, 40, 200))
    if kind[0] != "community" and rng.random() < 0.5:
        start = base + days(rng.choice((-90, -60, -20, -2, -1, 0)))
        length = (base - start).days + rng.choice((-1, 0, 1, 2, 3, 30, 60))
    return Life(start, None if length is None else start + days(length))


def soup_anchor(world: World, person: Person, base: date, kind: tuple[str, str]) -> list[date]:
    """Add, mostly, an event of the right kind at or near the base date."""
    rng = world.rng
    if rng.random() < 0.25:
        return []
    if kind[1] == "community_sentence" or (kind[1] == "either" and rng.random() < 0.5):
        proven = base - days(rng.choice((0, 0, 1, 27, 28, 29)))
        world.case(person, proven, "1020")
        if rng.random() < 0.8:
            world.order(person, "community_order", base)
        return [proven]
    start = base - days(rng.choice((30, 90, 150)))
    proven = start - days(rng.choice((0, 1, 28, 29)))
    if rng.random() < 0.9:
        world.case(person, proven, "1001")
    number = world.prisoner(person, known=rng.random() < 0.8)
    world.spell(number, start, base, rng.choice(("sentenced", "sentenced", "sentenced", "remand")))
    return [proven]


def soup_case(world: World, person: Person, day: date, base: date) -> None:
    """Add a case with several offences: equal rank, side offences, uneven proven dates."""
    rng = world.rng
    disposal = rng.choice(("1020", "1020", "1010", *DISPOSALS))
    code = "SX02" if rng.random() < 0.04 else None
    offended = rng.choice((day - days(30), day, base, base + days(1), base - days(1)))
    sentence = rng.choice((None, 0, 100, 200))
    if rng.random() < 0.06:
        disposal, code = rng.choice(NOT_PROVEN), "SX01"
    case_id = world.case(person, day, disposal, code, min(offended, day), sentence)
    for _ in range(rng.choice((0, 0, 1, 2))):
        other = rng.choice((disposal, disposal, *DISPOSALS, *NOT_PROVEN))
        extra = rng.choice((*PLAIN_CODES, *SIDE_CODES))
        later = day + days(rng.choice((0, 0, 0, 1, -1)))
        sentence = rng.choice((None, 100, 200))
        world.offence(person, case_id, min(offended, day), later, other, extra, sentence)


def soup_spells(world: World, person: Person, base: date) -> None:
    """Add spells that overlap, touch, stay open, or hold no sentence."""
    rng = world.rng
    numbers = [world.prisoner(person, known=rng.random() < 0.7)]
    if rng.random() < 0.3:
        numbers.append(world.prisoner(person))
    edge = base + days(rng.choice((-200, -100, -30, -2, -1, 0)))
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        kind = rng.choice(("sentenced", "sentenced", "sentenced", "remand", "recall"))
        length = rng.choice((0, 1, 20, 60, 100, 200))
        end: date | None = edge + days(length)
        if rng.random() < 0.3:
            end = rng.choice((base, base + days(1), base - days(1), DATA_TO, DATA_TO + days(1)))
            end = max(end, edge)
        if rng.random() < 0.12:
            end = None
        world.spell(rng.choice(numbers), edge, end, kind)
        edge = (end or edge + days(40)) + days(rng.choice((-10, 0, 1, 2, 3, 60)))


def soup_aftermath(world: World, person: Person, base: date) -> None:
    """Add offences committed after the base date, at the edges of rules 5 and 6."""
    rng = world.rng
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        year, proof = add_months(base, 12), add_months(base, 18)
        offended = rng.choice(
            [base + days(n) for n in (0, 0, 1, 1, 2, 4, 5, 13, 14, 27, 30, 59, 60)]
            + [year - days(1), year, year + days(1)]
        )
        proven = rng.choice((proof - days(1), proof, proof, proof + days(1), offended + days(40)))
        code = rng.choice((*PLAIN_CODES, *PLAIN_CODES, *SIDE_CODES))
        disposal = rng.choice((*DISPOSALS, *NOT_PROVEN))
        world.case(person, proven, disposal, code, offended)
