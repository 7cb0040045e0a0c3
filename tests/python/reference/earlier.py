"""People of the request who had an index event before their service: controls until it."""

from __future__ import annotations

from .lives import Life, Person, World, days
from .text import add_months
from .uploads import Row, row_for, twins


def earlier_event(world: World, person: Person, life: Life, kind: tuple[str, str]) -> None:
    """Add an event of the kind at an edge of the service: of its start, or the window before it."""
    rng, window = world.rng, add_months(life.start, -world.rng.choice((1, 3, 6, 6)))
    index = rng.choice(
        [life.start - days(n) for n in (0, 1, 2, rng.randint(3, 190), rng.randint(190, 700))]
        + [window + days(n) for n in (-2, -1, 0, 1)]
    )
    if kind[1] == "community_sentence" or (kind[1] == "either" and rng.random() < 0.5):
        world.case(person, index, "1020", offended=index - days(30))
    else:
        world.spell(world.prisoner(person), index - days(40), index)


def later_again(world: World, person: Person, life: Life, kind: tuple[str, str]) -> list[Row]:
    """Two services; the first began, in custody, on the day of an earlier release."""
    rng = world.rng
    receptions = [
        row["reception_date"]
        for row in world.tables["prison/spells"]
        if row["prison_number"] in person.prison_numbers
    ]
    first, end = life.start - days(rng.choice((60, 90, 200))), life.end
    if kind[0] == "community" or not receptions:
        earlier_event(world, person, Life(first), kind)
    else:
        first, end = min(receptions) - days(rng.choice((2, 20, 60))), min(receptions)
        release = first - days(rng.choice((0, 0, 1)))
        world.spell(world.prisoner(person), release - days(40), release)
    return [row_for(world, person, Life(first, end)), row_for(world, person, life)]


def in_doubt_too(world: World, person: Person, life: Life, kind: tuple[str, str]) -> list[Row]:
    """One record that is linked, and another that could mean a twin as well."""
    earlier_event(world, person, life, kind)
    linked = {**row_for(world, person, life), "pncid": person.pnc_id, "prison_number": ""}
    return [linked, *twins(world, person, life)]
