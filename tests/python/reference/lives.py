"""The people of a random world: clean lives that are eligible, and soups of edges."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .text import add_months, check_letter

DATA_TO = date(2023, 9, 30)
FIRST_INDEX = date(2019, 7, 1)
LATEST_INDEX = date(2022, 2, 28)
Tables = dict[str, list[dict[str, Any]]]
FORENAMES = (
    *("ALAN", "BRIAN", "CARL", "DEAN", "ERIC", "FRED", "GARY", "HUGH", "IVOR", "JACK", "KARL"),
    *("ANNA", "BETH", "CARA", "DAWN", "EMMA", "FAYE", "GINA", "HELEN", "IRIS", "JANE", "KATE"),
)
PLAIN_CODES = ("TH02", "VI03", "BD02", "RO01", "FR02", "DP02", "CD02", "PO02", "OM02", "BO01")
SIDE_CODES = ("BR01", "OM03", "OT04", "BR02", "PO03")
DISPOSALS: tuple[str, ...] = (
    "1001",
    "1010",
    "1020",
    "1020",
    "1020",
    "1040",
    "1050",
    "1051",
    "1060",
    "1070",
)
DISPOSALS += ("1080", "1081", "1082", "1002", "1003", "1030")
NOT_PROVEN = ("1090", "1098", "1099")
FORCES = ("Metropolitan Police", "Greater Manchester", "Kent", "A force of its own", None)
REGIONS = ("london", "north_west", "south_east", None)
ESTABLISHMENTS = ("Leeds", "Pentonville", "Styal", "Nowhere", None)
MONTH_ENDS = (
    date(2020, 2, 29),
    date(2020, 2, 29),
    date(2020, 8, 31),
    date(2019, 8, 31),
    date(2021, 2, 28),
    date(2021, 8, 30),
    date(2020, 12, 31),
)
FOLLOW_EDGES = (date(2022, 3, 29), date(2022, 3, 30), date(2022, 3, 31), date(2022, 4, 1))


def nonsense(rng: random.Random) -> str:
    """Make a name that nobody shares or resembles."""
    return "".join(rng.choice("BCDFGHJKLMNPRSTVWZ") + rng.choice("AEIOU") for _ in range(5))


def days(number: int) -> timedelta:
    """Shorten timedelta(days=...)."""
    return timedelta(days=number)


@dataclass
class Person:
    """Somebody of the world, as far as uploads need to know."""

    pnc_id: str
    sex: str
    names: list[tuple[str, str]]
    born: date
    births: set[date]
    prison_numbers: list[str] = field(default_factory=list)


@dataclass
class Life:
    """When the service was received."""

    start: date
    end: date | None = None


@dataclass
class World:
    """The tables of a raw zone while it grows.

    A small world is written with numbers and names of its own kind, which are made those of
    its place among others when it is written (placed.py).
    """

    rng: random.Random
    tables: Tables
    counter: int = 0
    first_index: date = FIRST_INDEX
    last_index: date = LATEST_INDEX
    is_small: bool = False
    words_n: int = 0
    anchors: dict[str, list[date]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def next(self, prefix: str) -> str:
        """Give a new key whose order is not that of creation."""
        self.counter += 1
        return f"{prefix}{self.rng.randrange(10**4):04d}{self.counter:06d}"

    def word(self) -> str:
        """Make a name that nobody else has; in a small world a place holder of one."""
        if not self.is_small:
            return nonsense(self.rng)
        first, second = divmod(self.words_n, 26)
        self.words_n += 1
        return f"QX{chr(65 + first)}{chr(65 + second)}QX"

    def person(
        self,
        sex: str | None = None,
        forenames: str | None = None,
        surname: str | None = None,
        born: date | None = None,
    ) -> Person:
        """Add a person; a fifth have an alias, some with a date of birth of its own."""
        rng = self.rng
        year, number = rng.randint(1985, 2018), 1 + len(self.tables["pnc/persons"])
        pnc_id = f"{year}/{number:07d}{check_letter(year, number)}"
        sex = sex or rng.choices("MFU", (80, 18, 2))[0]
        born = born or date(1965, 1, 1) + days(rng.randrange(12000))
        forenames = forenames or " ".join(rng.sample(FORENAMES, rng.choice((1, 2, 2, 3))))
        names = [(forenames, surname or self.word())]
        births = {born}
        alias_born = born
        if rng.random() < 0.2:
            alias_born = rng.choice([born, born + days(rng.randint(400, 900))])
            births.add(alias_born)
            names.append((rng.choice(FORENAMES), self.word()))
        self.tables["pnc/persons"].append(
            {
                "pnc_id": pnc_id,
                "sex": sex,
                "ethnicity": rng.choice(("white", "white", "black", "asian", "other", "unknown")),
                "nationality": rng.choice(("uk", "uk", "uk", "foreign", "unknown")),
                "date_of_birth": born,
            }
        )
        for place, (given, family) in enumerate(names):
            self.tables["pnc/names"].append(
                {
                    "pnc_id": pnc_id,
                    "name_type": "alias" if place else "primary",
                    "forenames": given,
                    "surname": family,
                    "date_of_birth": alias_born if place else born,
                }
            )
        return Person(pnc_id, sex, names, born, births)

    def offence(
        self,
        person: Person,
        case_id: str,
        offended: date,
        proven: date | None,
        disposal: str,
        code: str,
        sentence: int | None = None,
    ) -> None:
        """Add one offence row."""
        self.tables["pnc/offences"].append(
            {
                "offence_id": self.next("O"),
                "pnc_id": person.pnc_id,
                "case_id": case_id,
                "offence_code": code,
                "offence_date": offended,
                "proven_date": proven,
                "disposal_code": disposal,
                "sentence_days": sentence,
                "police_force": self.rng.choice(FORCES),
            }
        )

    def case(
        self,
        person: Person,
        proven: date,
        disposal: str,
        code: str | None = None,
        offended: date | None = None,
        sentence: int | None = None,
    ) -> str:
        """Add a case of one offence and give its case_id."""
        self.anchors.setdefault(person.pnc_id, []).append(proven)
        case_id = self.next("C")
        code = code or self.rng.choice(PLAIN_CODES)
        offended = offended or proven - days(self.rng.randint(5, 90))
        self.offence(person, case_id, offended, proven, disposal, code, sentence)
        return case_id

    def order(self, person: Person, kind: str, start: date) -> None:
        """Add a probation order."""
        self.anchors.setdefault(person.pnc_id, []).append(start)
        self.tables["probation/orders"].append(
            {
                "order_id": self.next("R"),
                "pnc_id": person.pnc_id,
                "order_type": kind,
                "start_date": start,
                "end_date": start + days(365),
                "region": self.rng.choice(REGIONS),
            }
        )

    def prisoner(self, person: Person, known: bool = True, born: date | None = None) -> str:
        """Add a prison number of a person, with or without the pnc_id."""
        letters = "".join(self.rng.choice("ABCDEFGHJK") for _ in range(3))
        number = f"A{len(self.tables['prison/prisoners']):04d}{letters}"
        self.tables["prison/prisoners"].append(
            {
                "prison_number": number,
                "pnc_id": person.pnc_id if known else None,
                "forenames": person.names[0][0],
                "surname": person.names[0][1],
                "date_of_birth": born or person.born,
            }
        )
        person.prison_numbers.append(number)
        self.owners[number] = person.pnc_id
        return number

    def spell(self, number: str, start: date, end: date | None, kind: str = "sentenced") -> None:
        """Add a prison spell."""
        self.anchors.setdefault(self.owners.get(number, ""), []).extend([start, end or start])
        expected = self.rng.choice((start + days(400), None)) if end is None else None
        self.tables["prison/spells"].append(
            {
                "spell_id": self.next("S"),
                "prison_number": number,
                "reception_date": start,
                "release_date": end,
                "expected_release_date": expected,
                "custody_type": kind,
                "establishment": self.rng.choice(ESTABLISHMENTS),
                "sentence_days": 200 if kind == "sentenced" else None,
            }
        )


def clean(world: World, person: Person, kind: tuple[str, str]) -> Life:
    """Make an eligible life for a kind of service."""
    if kind[1] == "community_sentence" or (kind[1] == "either" and world.rng.random() < 0.5):
        life, index = clean_community(world, person)
        if kind[1] == "either" and world.rng.random() < 0.3:
            number = world.prisoner(person)
            end = index + days(world.rng.choice((-1, 0, 0, 1)))
            world.spell(number, end - days(50), end)
        return life
    return clean_release(world, person, kind[0])


def history(world: World, person: Person, before: date) -> None:
    """Add older cases, well before the index event."""
    for _ in range(world.rng.choice((0, 1, 1, 2, 3))):
        proven = before - days(world.rng.randint(400, 3000))
        world.case(person, proven, world.rng.choice(("1020", "1040", "1080", "1050", "1001")))


def reoffences(world: World, person: Person, index: date, safe: int) -> None:
    """Add offences after an index date, at the edges of 12 and 18 months.

    None is dated before day `safe`, and none proven by then (the delay).
    """
    rng = world.rng
    year, proof = add_months(index, 12), add_months(index, 18)
    if rng.random() < 0.45:
        offended = rng.choice(
            [index + days(max(safe, n)) for n in (1, 20, 90, 150, 200, 300)]
            + [year - days(1), year, year + days(1)]
            + [add_months(index, 6) + days(max(n, safe - 180)) for n in (-1, 0)]
        )
        latest = rng.choice([proof, proof, proof + days(1), proof - days(1)])
        proven = rng.choice([max(offended + days(30), index + days(safe + 1)), latest, latest])
        code = rng.choice((*PLAIN_CODES, *SIDE_CODES))
        disposal = rng.choice((*DISPOSALS, *NOT_PROVEN))
        case_id = world.case(person, proven, disposal, code, offended)
        for _ in range(rng.choice((0, 0, 1, 2))):
            world.offence(person, case_id, offended, proven, disposal, rng.choice(PLAIN_CODES))


def later_case(world: World, person: Person, index: date, safe: int) -> None:
    """Add a case for an old offence, proven after day `safe`: the event is lost to it."""
    rng = world.rng
    if rng.random() < 0.15:
        day = rng.choice((safe + 1, safe + 2, 181, 183, 185, rng.randint(1, 170)))
        proven = index + days(max(day, safe + 1))
        world.case(person, proven, rng.choice(DISPOSALS), offended=index - days(100))


def an_index_date(world: World) -> date:
    """Choose an index date: mostly any of the world's present span, sometimes a month end."""
    rng, span = world.rng, (world.last_index - world.first_index).days
    edges = [day for day in MONTH_ENDS if world.first_index <= day <= world.last_index]
    if edges and rng.random() < 0.25:
        return rng.choice(edges)
    return world.first_index + days(rng.randint(0, span))


def clean_community(world: World, person: Person) -> tuple[Life, date]:
    """A community sentence with a service less than six months after its start."""
    rng = world.rng
    index = an_index_date(world)
    proven = index - days(rng.choice((0, 0, 0, 1, 5, 27, 28)))
    suspended = rng.random() < 0.35
    world.case(person, proven, "1010" if suspended else "1020", sentence=rng.choice((None, 180)))
    kind = "suspended_sentence_order" if suspended else "community_order"
    if proven != index or rng.random() < 0.8:
        world.order(person, kind, index)
    last = (add_months(index, 6) - index).days - 1
    delay = rng.choice((0, 1, last, last + 1, *(rng.randint(0, 150) for _ in range(5))))
    history(world, person, proven)
    reoffences(world, person, index, delay)
    later_case(world, person, index, delay)
    start = index + days(delay)
    return Life(start, rng.choice((None, start + days(30)))), index


def clean_release(world: World, person: Person, where: str) -> Life:
    """A release, with a service before it (custody) or less than six months after it."""
    rng = world.rng
    release = an_index_date(world)
    reception = release - days(rng.randint(40, 300))
    number = world.prisoner(person, known=rng.random() < 0.85)
    world.case(person, reception - days(rng.choice((0, 0, 5, 28))), "1001", sentence=200)
    middle = reception + (release - reception) // 2
    if rng.random() < 0.3:
        world.spell(number, reception, middle, rng.choice(("remand", "sentenced")))
        world.spell(number, middle + days(rng.choice((0, 1))), release)
    else:
        world.spell(number, reception, release)
    history(world, person, reception)
    if rng.random() < 0.1:
        world.case(person, release, "1040")
    if where == "custody" or (where == "through_the_gate" and rng.random() < 0.5):
        reoffences(world, person, release, 0)
        start = rng.choice((reception, middle, release - days(1), release))
        end = rng.choice((None, start, start + days(30)))
        if end is not None and rng.random() < 0.2:
            start, end = reception - days(30), reception
        return Life(start, end)
    delay = rng.choice((0, 1, *(rng.randint(0, 150) for _ in range(4))))
    reoffences(world, person, release, delay)
    later_case(world, person, release, delay)
    start = release + days(delay)
    return Life(start, rng.choice((None, start + days(30))))


def background(world: World, needs: Sequence[str]) -> None:
    """Add employment, benefits and assessments; a prisoner whom nobody can place."""
    for row in list(world.tables["pnc/persons"]):
        dates = world.anchors.get(row["pnc_id"], []) or [FIRST_INDEX]
        work(world, row["pnc_id"], dates)
        assessments(world, row["pnc_id"], dates, needs)
    nobody = Person("", "M", [("NOBODY", world.word())], date(1980, 1, 1), set())
    world.spell(world.prisoner(nobody, known=False), date(2019, 1, 1), date(2019, 6, 1))


def near(world: World, dates: Sequence[date]) -> date:
    """Choose a day at the edges of the month and the year before or after one of the dates."""
    rng = world.rng
    day = add_months(rng.choice(dates), rng.choice((0, 0, -1, -12, 12, 12)))
    return day + days(rng.choice((0, 0, 0, 1, -1, -40, 40)))


def work(world: World, pnc_id: str, dates: Sequence[date]) -> None:
    """Add spells of employment and of benefits near the dates of somebody's life."""
    rng = world.rng
    for _ in range(rng.choice((0, 0, 1, 2))):
        ends = [near(world, dates), near(world, dates)]
        end = rng.choice((None, max(ends), max(ends)))
        row: dict[str, Any] = {"pnc_id": pnc_id, "start_date": min(ends), "end_date": end}
        if rng.random() < 0.5:
            world.tables["hmrc/employment_spells"].append(row)
        else:
            benefit = rng.choice(("jsa", "esa", "is", "ib", "other"))
            world.tables["dwp/benefit_spells"].append({**row, "benefit": benefit})


def assessments(world: World, pnc_id: str, dates: Sequence[date], needs: Sequence[str]) -> None:
    """Add assessments near the dates of somebody's life, never two on one day."""
    rng = world.rng
    for day in {near(world, dates) for _ in range(rng.choice((0, 0, 1, 2)))}:
        states = rng.choices((True, False, None), k=len(needs))
        known = dict(zip((f"need_{need}" for need in needs), states, strict=True))
        world.tables["oasys/assessments"].append(
            {"pnc_id": pnc_id, "assessment_date": day, **known}
        )
