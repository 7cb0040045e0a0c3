"""Upload rows of a random world: correct ones, and the edges of the linking."""

from __future__ import annotations

import random
from datetime import date, timedelta

from . import lives
from .lives import DATA_TO, Life, Person, World

SUBMITTED = date(2023, 10, 15)
Row = dict[str, str]


def written(rng: random.Random, day: date | None, year_digits: bool = True) -> str:
    """Write a date in one of the accepted forms."""
    if day is None:
        return ""
    forms = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y"]
    forms += ["%d.%m.%Y", "%d-%b-%Y", "%d %B %Y", "%Y/%m/%d", "%d/%m/%Y 00:00:00"]
    if year_digits and rng.random() < 0.1:
        forms = ["%d/%m/%y", "%d-%m-%y", "%d-%b-%y"]
    return day.strftime(rng.choice(forms))


def row_for(world: World, person: Person, life: Life, end_only: bool = False) -> Row:
    """Write a correct upload row; a fifth each with PNCid, prison number or an alias."""
    rng = world.rng
    surname, forenames = person.names[0][1], person.names[0][0]
    if len(person.names) > 1 and rng.random() < 0.5:
        forenames, surname = person.names[1][0], person.names[1][1]
    if rng.random() < 0.3:
        forenames = forenames.split()[0]
    born = rng.choice(sorted(person.births)) if rng.random() < 0.3 else person.born
    row = {
        "surname": rng.choice([surname, surname.lower(), f" {surname} "]),
        "forename": forenames,
        "born": written(rng, born),
        "gender": rng.choice(["m", "Male", "man"] if person.sex == "M" else ["f", "Woman"]),
        "start": "" if end_only else written(rng, life.start),
        "end": written(rng, life.end),
    }
    if rng.random() < 0.2:
        row["pncid"] = short_pncid(rng, person.pnc_id)
    if person.prison_numbers and rng.random() < 0.3:
        row["prison_number"] = rng.choice(person.prison_numbers)
    return row


def short_pncid(rng: random.Random, pnc_id: str) -> str:
    """Write a PNCid in one of its forms."""
    year, rest = pnc_id.split("/")
    return rng.choice([pnc_id, f"{year}/{rest.lstrip('0')}", f"{year[2:]}/{rest.lstrip('0')}"])


def edge_row(world: World, person: Person, life: Life) -> list[Row]:
    """Write the upload row or rows of one edge of the linking."""
    return LINK_EDGES[world.rng.choice(sorted(LINK_EDGES))](world, person, life)


def _base(world: World, person: Person, life: Life, **changes: str) -> Row:
    row = row_for(world, person, life)
    row.update(pncid="", prison_number="")
    row.update(changes)
    return row


def bad_birth(world: World, person: Person, life: Life) -> list[Row]:
    """Bad date of birth: no identifier, an agreeing one, one whose surname disagrees."""
    bad = world.rng.choice(
        ["", "31/02/1980", "2030-01-01", "2023-03-01", "rubbish", "2022-10-15", "34", "1912-10-15"]
    )
    changes = world.rng.choice(
        [
            {},
            {"pncid": person.pnc_id, "surname": person.names[0][1]},
            {"pncid": person.pnc_id, "surname": world.word()},
            {"pncid": person.pnc_id, "surname": ""},
            {"pncid": "2003/0011985A"},
            {"prison_number": (person.prison_numbers or ["A0000AA"])[0]},
            {"prison_number": "A9999ZZ"},
        ]
    )
    return [_base(world, person, life, born=bad, **changes)]


def initials(world: World, person: Person, life: Life) -> list[Row]:
    """Initials, alone and with an identifier."""
    pncid = world.rng.choice(["", person.pnc_id])
    forename = person.names[0][0][0] + "."
    surname = world.rng.choice([person.names[0][1], person.names[0][1][0]])
    return [_base(world, person, life, forename=forename, surname=surname, pncid=pncid)]


def disagreeing(world: World, person: Person, life: Life) -> list[Row]:
    """Identifiers of somebody else, agreeing or not."""
    other = world.person()
    other_life, _ = lives.clean_community(world, other)
    number = world.prisoner(other)
    choice = world.rng.randrange(4)
    if choice == 0:  # PNCid of a stranger: falls through to the name
        return [_base(world, person, life, pncid=other.pnc_id)]
    if choice == 1:  # two identifiers, each agreeing by surname or date of birth
        other_row = _base(world, other, other_life, pncid=other.pnc_id)
        mine = world.prisoner(person, born=other.born)
        return [{**other_row, "born": written(world.rng, other.born), "prison_number": mine}]
    if choice == 2:  # prison number of a stranger beside a good PNCid
        return [_base(world, person, life, pncid=person.pnc_id, prison_number=number)]
    wrong = person.pnc_id[:-1] + ("A" if person.pnc_id[-1] != "A" else "B")
    return [_base(world, person, life, pncid=wrong)]


def twins(world: World, person: Person, life: Life) -> list[Row]:
    """A twin of the same name and birth: ambiguous, unless sex or identifier tells."""
    twin = world.person(
        sex=world.rng.choice("MF"),
        forenames=person.names[0][0].split()[0] + world.rng.choice(["", " QUILL"]),
        surname=person.names[0][1],
        born=person.born,
    )
    lives.clean_community(world, twin)
    gender = world.rng.choice(["", "x", "m", "f"])
    pncid = world.rng.choice(["", "", person.pnc_id])
    surname = person.names[0][1]
    return [
        _base(
            world,
            person,
            life,
            surname=surname,
            forename=person.names[0][0],
            born=person.born.isoformat(),
            gender=gender,
            pncid=pncid,
        )
    ]


def repeated(world: World, person: Person, life: Life) -> list[Row]:
    """Several records of a person, with starts around the first."""
    rows = []
    for _ in range(world.rng.choice([2, 2, 3])):
        shift = timedelta(days=world.rng.choice([0, 0, 1, -1, 30, -30, 200]))
        moved = Life(life.start + shift, life.end + shift if life.end else None)
        rows.append(row_for(world, person, moved))
    return rows


def service_dates(world: World, person: Person, life: Life) -> list[Row]:
    """End only, start only, none, an end before the start, after the data."""
    start, end = life.start, life.start + timedelta(days=20)
    changes: Row = world.rng.choice(
        [
            {"start": "", "end": end.isoformat()},
            {"start": start.isoformat(), "end": ""},
            {"start": "", "end": ""},
            {"start": end.isoformat(), "end": start.isoformat()},
            {"start": start.isoformat(), "end": start.isoformat()},
            {"start": "soon", "end": end.isoformat()},
            {"start": DATA_TO.isoformat(), "end": ""},
            {"start": (DATA_TO + timedelta(days=1)).isoformat(), "end": ""},
            {"start": "", "end": (DATA_TO + timedelta(days=1)).isoformat()},
        ]
    )
    return [_base(world, person, life, **changes)]


def stranger(world: World, person: Person, life: Life) -> list[Row]:
    """Somebody on no record, or without a prison number that anybody knows."""
    number = world.rng.choice(["", "Z1234ZZ"])
    born = date(1960, 1, 1) + timedelta(days=world.rng.randrange(12000))
    return [
        _base(
            world,
            person,
            life,
            surname=world.word(),
            forename=world.word(),
            born=born.isoformat(),
            prison_number=number,
        )
    ]


def unproven(world: World, person: Person, life: Life) -> list[Row]:
    """A person without any proven offence, or with a proven breach only."""
    other = world.person()
    case = world.case(other, life.start - timedelta(days=50), "1099", "TH02")
    if world.rng.random() < 0.5:
        world.offence(other, case, life.start, life.start, "1090", "PO03")
    if world.rng.random() < 0.3:
        world.case(other, life.start - timedelta(days=40), "1040", "BR01")
    return [row_for(world, other, life)]


def spelling(world: World, person: Person, life: Life) -> list[Row]:
    """Accents, strokes, marks, apostrophes, hyphens and case, which the folding removes."""
    name = world.word()
    other = world.person(surname=f"O'{name.title()}-Smith", forenames="Zoë Anne Marie")
    again, _ = lives.clean_community(world, other)
    surname = world.rng.choice(
        [
            f"O\u2019{name}  SMITH",
            f"o{name}-smith",
            f"\u00d8\u2032{name}\u2011Sm\u00ad\u0268th",
            f"O\u02bc{name} \uff33\uff4d\uff49\uff54\uff48",
        ]
    )
    forename = world.rng.choice(["ZOE", "zoë anne", "Zoe Anne Marie Claire", "Zoe Marie"])
    return [_base(world, other, again, surname=surname, forename=forename)]


LINK_EDGES = {
    function.__name__: function
    for function in (
        bad_birth,
        initials,
        disagreeing,
        twins,
        repeated,
        service_dates,
        stranger,
        unproven,
        spelling,
    )
}
