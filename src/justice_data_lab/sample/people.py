"""The people of the register and their work and benefit histories.

A person has an inclination to work (`work`, standard normal) which shapes the whole working life;
jobs and the claims between them are drawn from it alone, before any offending. Offending then
depends on whether there was a job or a claim when the last case was proven (module `careers`), and
that is where the correlation between work and re-offending comes from. Nothing else about a person
that no file records has any influence on re-offending, so the true effect is known exactly.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.columns import Float, Hash, keys
from justice_data_lab.sample.days import NEVER, Int, day
from justice_data_lab.sample.places import POLICE_FORCES
from justice_data_lab.sample.settings import DATA_AS_OF

SPELLS = 5
WORK_RECORDS_FROM = day("1998-04-01")
YEAR = 365.25
Bool = npt.NDArray[np.bool_]

MALE, FEMALE, SEX_UNKNOWN = 0, 1, 2
ASIAN = 2

_FIRST_AGE = (
    (11, 0),
    (14, 7),
    (16, 20),
    (18, 34),
    (21, 50),
    (25, 64),
    (30, 75),
    (40, 90),
    (72, 100),
)
_FIRST_YEAR = ((1985, 0), (1993, 10), (1998, 29), (2003, 60), (2008, 87), (2013.9, 100))


@dataclass(frozen=True)
class People:
    """One row per person. Spell columns are matrices person x spell, `NEVER` if none."""

    sex: npt.NDArray[np.int8]
    ethnicity: npt.NDArray[np.int8]
    nationality: npt.NDArray[np.int8]
    birth: Int
    first_offence: Int
    main_group: npt.NDArray[np.int8]
    is_sexual: Bool
    has_career: Bool
    force: npt.NDArray[np.int8]
    work: Float
    job_start: npt.NDArray[np.int32]
    job_end: npt.NDArray[np.int32]
    claim_start: npt.NDArray[np.int32]
    claim_end: npt.NDArray[np.int32]
    claim_type: npt.NDArray[np.int8]
    twin_of_previous: Bool
    key: Hash


def overlaps(start: npt.NDArray[np.int32], end: npt.NDArray[np.int32], low: Int, high: Int) -> Bool:
    """Whether any spell of each row touches the days low to high."""
    touches = (start <= high[:, None]) & (end >= low[:, None])
    return np.asarray(touches.any(axis=1))


def _choose(rng: np.random.Generator, size: int, shares: Any) -> npt.NDArray[np.int8]:
    bounds = np.cumsum(np.asarray(shares, dtype=np.float64))
    draw = rng.random(size) * bounds[-1]
    result: npt.NDArray[np.int8] = np.searchsorted(bounds, draw, side="right").astype(np.int8)
    return result


def _quantile(rng: np.random.Generator, size: int, curve: tuple[Any, ...]) -> Float:
    values, percents = zip(*curve, strict=True)
    result: Float = np.interp(rng.random(size) * 100, percents, values)
    return result


def _main_groups(
    rng: np.random.Generator, sex: npt.NDArray[np.int8], is_sexual: Bool
) -> npt.NDArray[np.int8]:
    women_share = codes.GROUP_SHARE.copy()
    women_share[codes.SOLICITING] *= 5
    women_share[codes.THEFT] *= 1.6
    groups = np.where(
        sex == FEMALE,
        _choose(rng, sex.size, women_share),
        _choose(rng, sex.size, codes.GROUP_SHARE),
    )
    sexual = np.where(rng.random(sex.size) < 0.55, *codes.SEXUAL_GROUPS)
    return np.where(is_sexual, sexual, groups).astype(np.int8)


def make_people(rng: np.random.Generator, size: int) -> People:
    """Draw the people, with some twins and with 2.5% who have no proven offence."""
    age_days = _quantile(rng, size, _FIRST_AGE) * YEAR
    first = ((_quantile(rng, size, _FIRST_YEAR) - 1970) * YEAR).astype(np.int32)
    birth = (first - age_days).astype(np.int32)
    twin = rng.random(size) < 0.003
    twin[0] = False
    twin &= ~np.roll(twin, 1)
    birth[twin] = birth[np.flatnonzero(twin) - 1]
    first = np.maximum(first, birth + np.int32(11 * YEAR)).astype(np.int32)
    sex = _choose(rng, size, (0.795, 0.202, 0.003))
    ethnicity = _choose(rng, size, (0.80, 0.085, 0.06, 0.015, 0.04))
    is_sexual = (rng.random(size) < 0.045) & (sex != FEMALE)
    empty = np.full((size, SPELLS), NEVER, dtype=np.int32)
    people = People(
        sex=sex,
        ethnicity=ethnicity,
        nationality=_choose(rng, size, (0.88, 0.09, 0.03)),
        birth=birth,
        first_offence=first,
        main_group=_main_groups(rng, sex, is_sexual),
        is_sexual=is_sexual,
        has_career=rng.random(size) >= 0.025,
        force=_choose(rng, size, [force[2] for force in POLICE_FORCES]),
        work=rng.standard_normal(size),
        job_start=empty,
        job_end=empty,
        claim_start=empty,
        claim_end=empty,
        claim_type=np.zeros((size, SPELLS), dtype=np.int8),
        twin_of_previous=twin,
        key=keys(rng, size),
    )
    return with_work(rng, people)


def with_work(rng: np.random.Generator, people: People) -> People:
    """Draw jobs one after another, and claims in the gaps between them."""
    size = people.birth.size
    shape = (size, SPELLS)
    jobs = np.full((2, *shape), NEVER, dtype=np.int32)
    claims = np.full((2, *shape), NEVER, dtype=np.int32)
    free_from = np.maximum(people.birth + np.int32(17 * YEAR), WORK_RECORDS_FROM).astype(np.float64)
    job_mean = 700 * np.exp(0.7 * people.work)
    gap_mean = 900 * np.exp(-0.8 * people.work)
    in_work = rng.random(size) < 1 / (1 + np.exp(-people.work))
    claim_chance = 0.62 / (1 + np.exp(0.5 * people.work))
    for spell in range(SPELLS):
        gap = 15 + rng.exponential(gap_mean)
        if spell == 0:
            gap[in_work] = 0
        begin = free_from + gap
        _fill(
            claims, spell, free_from + 7, begin - 3, (gap > 60) & (rng.random(size) < claim_chance)
        )
        finish = begin + 30 + rng.exponential(job_mean)
        _fill(jobs, spell, begin, finish, np.ones(size, dtype=np.bool_))
        free_from = finish
    return replace(
        people,
        job_start=jobs[0],
        job_end=jobs[1],
        claim_start=claims[0],
        claim_end=claims[1],
        claim_type=_choose(rng, size * SPELLS, (0.55, 0.12, 0.13, 0.17, 0.03)).reshape(shape),
    )


def _fill(
    spells: npt.NDArray[np.int32], column: int, begin: Float, finish: Float, keep: Bool
) -> None:
    real = keep & (begin <= DATA_AS_OF)
    spells[0, real, column] = begin[real]
    spells[1, real, column] = np.where(finish > DATA_AS_OF, NEVER, finish)[real]
