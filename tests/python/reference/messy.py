"""Lives as real registers hold them: long histories, and custody and orders in disorder."""

from __future__ import annotations

from datetime import date

from .lives import DATA_TO, PLAIN_CODES, SIDE_CODES, Life, Person, World, days

START = date(2005, 1, 1)
SERVICE_YEARS = (date(2018, 6, 1), date(2022, 6, 1))
COURT = ("1001", "1002", "1010", "1020", "1020", "1020", "1030", "1040", "1040", "1050", "1070")
OUT_OF_COURT = ("1080", "1080", "1081", "1082", "1060", "1090")
ORDERS = {"1020": "community_order", "1010": "suspended_sentence_order"}


def messy(world: World, person: Person, kind: tuple[str, str]) -> Life:
    """Make a long life, and a service near one of its events."""
    rng = world.rng
    numbers = [world.prisoner(person, known=rng.random() < 0.9)]
    if rng.random() < 0.2:
        numbers.append(world.prisoner(person))
    day, marks = START + days(rng.randint(0, 3000)), []
    for _ in range(rng.choice((2, 4, 6, 9, 14))):
        day += days(rng.choice((0, 1, 3, 14, 28, 60, 150, 300, 700)))
        if day > DATA_TO:
            break
        marks += episode_of_life(world, person, numbers, day)
    marks = [m for m in marks if SERVICE_YEARS[0] <= m <= SERVICE_YEARS[1]] or marks
    anchor = rng.choice(marks) if marks else day
    start = anchor + days(rng.choice((-60, -20, -2, -1, 0, 0, 1, 2, 10, 30, 90, 170, 200)))
    length = rng.choice((None, 0, 20, 60, 120))
    return Life(start, None if length is None else start + days(length))


def episode_of_life(world: World, person: Person, numbers: list[str], day: date) -> list[date]:
    """Add one thing that happens, and give the days that a service may follow."""
    rng = world.rng
    what = rng.choice(("court", "court", "court", "custody", "custody", "caution", "order"))
    if what == "custody":
        return custody(world, person, rng.choice(numbers), day)
    if what == "order":
        world.order(person, rng.choice(("community_order", "suspended_sentence_order")), day)
        return [day]
    disposal = rng.choice(COURT if what == "court" else OUT_OF_COURT)
    appearance(world, person, day, disposal)
    if disposal in ORDERS:
        for _ in range(rng.choice((0, 1, 1, 1, 2))):
            world.order(person, ORDERS[disposal], day + days(rng.choice((0, 0, 1, 7, 28, 29))))
    if rng.random() < 0.15:
        appearance(world, person, day, rng.choice(COURT))
    return [day]


def appearance(world: World, person: Person, day: date, disposal: str) -> None:
    """Add a case of one to five offences, some of them not counted or proven on another day."""
    rng = world.rng
    sentence = rng.choice((None, 30, 90, 200, 400, 800, 1500))
    code = rng.choice(("SX02", "SC02", "BR03", *PLAIN_CODES * 8))
    offended = day - days(rng.choice((0, 1, 10, 60, 200, 400)))
    case_id = world.case(person, day, disposal, code, offended, sentence)
    for _ in range(rng.choice((0, 0, 0, 1, 2, 4))):
        other = rng.choice((disposal, disposal, *COURT, *OUT_OF_COURT, "1099"))
        proven = rng.choice((day, day, day, day + days(14), None))
        extra = rng.choice((*PLAIN_CODES, *SIDE_CODES))
        world.offence(person, case_id, offended, proven, other, extra, sentence)


def custody(world: World, person: Person, number: str, day: date) -> list[date]:
    """Add remand, sentence, transfer, release and recall, with or without a case."""
    rng = world.rng
    at = day
    if rng.random() < 0.4:
        later = at + days(rng.choice((1, 20, 60)))
        world.spell(number, at, later, "remand")
        at = later + days(rng.choice((0, 0, 1, 2)))
    if rng.random() < 0.85:
        appearance(world, person, at - days(rng.choice((0, 0, 0, 1, 28, 29))), "1001")
    for _ in range(rng.choice((1, 1, 2, 3))):
        later = at + days(rng.choice((0, 14, 60, 150, 400)))
        world.spell(
            number, at, later, rng.choice(("sentenced", "sentenced", "sentenced", "recall"))
        )
        at = later + days(rng.choice((0, 1, 2, 30)))
    release = later
    if rng.random() < 0.3:
        again = release + days(rng.choice((1, 2, 10, 40)))
        end = rng.choice((again + days(14), again + days(28), None))
        world.spell(number, again, end, "recall")
    return [day, release, release - days(1)]
