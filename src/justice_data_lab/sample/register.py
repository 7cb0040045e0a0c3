"""From people, cases and names to the rows of the extracts.

Everything drawn here comes from the key that each case carries, not from a stream of random
numbers, so it does not depend on the order of the rows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.careers import QUICK_LAG, REAL, Cases
from justice_data_lab.sample.columns import Float, hashed_uniform, take
from justice_data_lab.sample.days import NEVER, Int
from justice_data_lab.sample.people import Bool, People
from justice_data_lab.sample.places import ESTABLISHMENTS, POLICE_FORCES, REGIONS
from justice_data_lab.sample.settings import DATA_AS_OF

FORCE_NAMES = tuple(force[0] for force in POLICE_FORCES)
_FORCE_REGION = np.array([REGIONS.index(force[1]) for force in POLICE_FORCES])
PRISON_NAMES = tuple(prison[0] for prison in ESTABLISHMENTS)
SENTENCED, REMAND, RECALL = 0, 1, 2
CUSTODY_TYPES = ("sentenced", "remand", "recall")

_PRISONS_BY_REGION = [
    [place for place, (_, region) in enumerate(ESTABLISHMENTS) if region == name]
    for name in REGIONS
]


@dataclass(frozen=True)
class OffenceRows:
    """One row per offence; `case` is the position of its case."""

    case: Int
    code: npt.NDArray[np.int8]
    disposal: npt.NDArray[np.int16]
    offence_date: Int
    sentence_days: Int


@dataclass(frozen=True)
class Spells:
    """One row per stay in prison; `release_date` is `NEVER` for people still there."""

    person: Int
    reception_date: Int
    release_date: Int
    expected_release_date: Int
    custody_type: npt.NDArray[np.int8]
    establishment: npt.NDArray[np.int8]
    sentence_days: Int


@dataclass(frozen=True)
class Assessments:
    """One row per OASys assessment: needs as 0, 1 or -1 for not known."""

    person: Int
    assessment_date: Int
    needs: npt.NDArray[np.int8]


def in_order(cases: Cases) -> Cases:
    """Cases sorted by person, proven date and kind."""
    return take(cases, np.lexsort((cases.key, cases.kind, cases.proven_date, cases.person)))


def force_of(people: People, cases: Cases) -> npt.NDArray[Any]:
    """Return the police force of each case: the home force for most."""
    away = (hashed_uniform(cases.key, 1) * len(FORCE_NAMES)).astype(np.int8)
    return np.where(hashed_uniform(cases.key, 2) < 0.07, away, people.force[cases.person])


def order_region(people: People, cases: Cases) -> npt.NDArray[Any]:
    """Return the probation region of each case."""
    result: npt.NDArray[Any] = _FORCE_REGION[force_of(people, cases)]
    return result


def offence_rows(people: People, cases: Cases) -> OffenceRows:
    """List the offences of each case; the first row of a real case is its index offence."""
    is_real = cases.kind == REAL
    has_noise = is_real & (hashed_uniform(cases.key, 3) < 0.07)
    count = cases.offences + has_noise
    case = np.repeat(np.arange(cases.person.size, dtype=np.int32), count)
    place = np.arange(case.size) - np.repeat(np.cumsum(count) - count, count)
    key = cases.key[case]
    is_noise = has_noise[case] & (place == count[case] - 1)
    is_extra = (place > 0) & ~is_noise
    code, disposal = cases.code[case], cases.disposal[case]
    days = cases.sentence_days[case].copy()
    offence = cases.offence_date[case].copy()
    rows = np.flatnonzero(is_extra)
    _fill_extra(people, cases, rows, case[rows], place[rows], code, disposal, days, offence)
    rows = np.flatnonzero(is_noise)
    draw = hashed_uniform(key[rows], 4)
    is_breach, is_unproven = draw < 0.35, (draw >= 0.35) & (draw < 0.8)
    code[rows] = np.select(
        [is_breach, is_unproven],
        [codes.BREACH_OF_COMMUNITY_ORDER, code[rows]],
        codes.NON_RECORDABLE[1],
    )
    disposal[rows] = np.where(is_unproven, codes.NOT_GUILTY, codes.FINE)
    days[rows] = 0
    return OffenceRows(case, code, disposal, offence, days)


def _fill_extra(
    people: People,
    cases: Cases,
    rows: npt.NDArray[np.int64],
    case: Int,
    place: npt.NDArray[np.int64],
    code: npt.NDArray[np.int8],
    disposal: npt.NDArray[np.int16],
    days: Int,
    offence: Int,
) -> None:
    """Further offences of a case, none of which outranks the first."""
    key = cases.key[case]
    main = cases.code[case]
    bounds = np.cumsum(codes.GROUP_SHARE) / codes.GROUP_SHARE.sum()
    other = np.searchsorted(bounds, hashed_uniform(key, place * 8 + 16), side="right")
    group = np.where(hashed_uniform(key, place * 8 + 17) < 0.5, codes.CODE_GROUP[main], other)
    percent = (hashed_uniform(key, place * 8 + 18) * 100).astype(np.int64)
    drawn = codes.CODE_BY_PERCENTILE[group, percent]
    is_lesser = (hashed_uniform(key, place * 8 + 19) < 0.4) & (disposal[rows] < codes.FINE)
    outranks = ~is_lesser & (codes.COURT_RANK[drawn] < codes.COURT_RANK[main])
    code[rows] = np.where(outranks, main, drawn)
    disposal[rows] = np.where(is_lesser, codes.FINE, disposal[rows])
    days[rows] = np.where(is_lesser, 0, days[rows])
    room = np.minimum(cases.proven_date[case] - cases.offence_date[case], 30)
    offence[rows] += (hashed_uniform(key, place * 8 + 20) * room).astype(np.int32)


def _prison(people: People, person: Int, draw: Float) -> npt.NDArray[np.int8]:
    region = _FORCE_REGION[people.force[person]]
    table = np.zeros((len(REGIONS), 60), dtype=np.int8)
    for number, prisons in enumerate(_PRISONS_BY_REGION):
        table[number] = np.resize(prisons, 60)
    anywhere = (draw * 7919 % 1 * len(PRISON_NAMES)).astype(np.int8)
    return np.where(draw < 0.25, anywhere, table[region, (draw * 60).astype(np.int64)])


def spells(people: People, cases: Cases) -> Spells:
    """Remand, sentence, transfer and recall, sorted by person and reception."""
    real = take(cases, cases.kind == REAL)
    following = np.where(
        np.append(real.person[1:] == real.person[:-1], False),
        np.roll(real.offence_date, -1),
        DATA_AS_OF + 1,
    ).astype(np.int32)
    is_custody = real.disposal <= codes.DETENTION_AND_TRAINING
    parts = [
        *_sentences(people, take(real, is_custody)),
        _recalls(people, take(real, is_custody), following[is_custody]),
        _remand_only(people, take(real, ~is_custody)),
    ]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Spells.__dataclass_fields__
    }
    order = np.lexsort([columns["release_date"], columns["reception_date"], columns["person"]])
    return Spells(**{name: values[order] for name, values in columns.items()})


def _sentences(people: People, cases: Cases) -> list[Spells]:
    proven, end = cases.proven_date, cases.index_date
    moved = (hashed_uniform(cases.key, 5) < 0.22) & (end - proven > 40)
    middle = proven + ((end - proven) * (0.2 + 0.5 * hashed_uniform(cases.key, 6))).astype(np.int32)
    moved &= middle <= DATA_AS_OF
    remand = cases.remand_days > 0
    return [
        _spells(people, cases, remand, proven - cases.remand_days, proven, REMAND, 7),
        _spells(people, cases, ~moved, proven, end, SENTENCED, 8),
        _spells(people, cases, moved, proven, middle, SENTENCED, 8),
        _spells(people, cases, moved, middle, end, SENTENCED, 9),
    ]


def _recalls(people: People, cases: Cases, following: Int) -> Spells:
    free = following - cases.index_date
    back = cases.index_date + 15 + (hashed_uniform(cases.key, 10) * 200).astype(np.int32)
    out = back + 14 + (hashed_uniform(cases.key, 11) * 80).astype(np.int32)
    is_recalled = (hashed_uniform(cases.key, 12) < 0.22) & (free > 60) & (back < following - 1)
    out = np.where(following > DATA_AS_OF, out, np.minimum(out, following - 1))
    return _spells(people, cases, is_recalled, back, out.astype(np.int32), RECALL, 13)


def _remand_only(people: People, cases: Cases) -> Spells:
    room = cases.proven_date - cases.offence_date
    begin = cases.offence_date + 1
    finish = begin + 2 + (hashed_uniform(cases.key, 14) * 40).astype(np.int32)
    finish = np.minimum(finish, cases.proven_date - 1).astype(np.int32)
    some = (hashed_uniform(cases.key, 15) < 0.03) & (room > 12) & (room < QUICK_LAG[1])
    some &= cases.disposal < codes.CAUTION
    return _spells(people, cases, some, begin, finish, REMAND, 7)


def _spells(
    people: People, cases: Cases, keep: Bool, begin: Int, finish: Int, kind: int, salt: int
) -> Spells:
    rows = np.flatnonzero(keep & (begin <= DATA_AS_OF))
    person = cases.person[rows]
    is_open = finish[rows] > DATA_AS_OF
    is_expected = (kind == SENTENCED) | is_open
    return Spells(
        person=person,
        reception_date=begin[rows].astype(np.int32),
        release_date=np.where(is_open, NEVER, finish[rows]).astype(np.int32),
        expected_release_date=np.where(is_expected, finish[rows], NEVER).astype(np.int32),
        custody_type=np.full(rows.size, kind, dtype=np.int8),
        establishment=_prison(people, person, hashed_uniform(cases.key[rows], salt + 100)),
        sentence_days=np.where(kind == REMAND, 0, cases.sentence_days[rows]).astype(np.int32),
    )


def assessments(people: People, cases: Cases) -> Assessments:
    """OASys: for some sentenced cases, around the index date, with needs that go with the rate."""
    eligible = (cases.kind == REAL) & (cases.disposal <= codes.COMMUNITY_ORDER)
    eligible &= (hashed_uniform(cases.key, 40) < 0.30) & (cases.proven_date > 11_300)
    some = take(cases, eligible)
    when = some.index_date + (hashed_uniform(some.key, 41) * 60).astype(np.int32) - np.int32(40)
    some, when = take(some, when <= DATA_AS_OF), when[when <= DATA_AS_OF]
    level = np.log(np.maximum(some.rate, 0.02)) + 1.0 - 0.2 * people.work[some.person]
    base = np.array([-0.9, 0.2, -0.4, 0.0, 0.3, -0.5, -0.6, -0.4, 0.5, 0.0])
    slope = np.array([0.7, 0.9, 0.6, 0.3, 0.8, 1.0, 0.3, 0.2, 0.5, 0.6])
    chance = 1 / (1 + np.exp(-(base + slope * level[:, None])))
    draw = np.stack([hashed_uniform(some.key, 50 + need) for need in range(base.size)], axis=1)
    unknown = np.stack([hashed_uniform(some.key, 70 + need) for need in range(base.size)], axis=1)
    needs = np.where(unknown < 0.04, -1, draw < chance).astype(np.int8)
    order = np.lexsort([when, some.person])
    return Assessments(some.person[order], when[order].astype(np.int32), needs[order])


def order_ends(cases: Cases) -> Int:
    """Return the day on which each order ends; a few are cut short."""
    length = cases.sentence_days * np.where(hashed_uniform(cases.key, 30) < 0.15, 0.6, 1.0)
    suspended = cases.disposal == codes.SUSPENDED_SENTENCE_ORDER
    length = np.where(suspended, np.maximum(365, length), length)
    return (cases.order_start + length).astype(np.int32)


def is_order(cases: Cases) -> Bool:
    """Cases that probation holds an order for."""
    result: Bool = (cases.kind == REAL) & (cases.order_start <= DATA_AS_OF)
    return result
