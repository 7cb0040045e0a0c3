"""Criminal careers: a point process of proven cases, simulated case by case for everybody at once.

Every case starts a follow-up on its index date: the start of the order for a community sentence,
the release for custody, the proven date for the rest. From there the person offends again with a
hazard that is constant for a year and lower afterwards. The yearly rate is log-linear in what the
files record about the person at that moment, plus curved and joint terms (`yearly_rate`).

An offence is proven either quickly, 5 to 170 days later, and then counts as a re-offence if it
falls in the year; or very slowly, over 600 days later, and then never counts. Only quick offences
carry the hazard; slow ones are sprinkled beside them and can only replace the index event. So the
first counted re-offence within the year is exponential, and the probability of one from day d on,
given none before, is 1 - exp(-rate x (days left)), which is what `probability` returns.

Days are discrete: the offence of the interval (j - 1, j] happens on day j. A service that starts
on day d has seen no offence on the days 1 to d - 1, so its clock begins at max(d - 1, 0).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.columns import Float, Hash, keys, stack, take
from justice_data_lab.sample.days import NEVER, Int, add_months
from justice_data_lab.sample.disposals import choose_disposal
from justice_data_lab.sample.people import FEMALE, YEAR, Bool, People, overlaps
from justice_data_lab.sample.settings import DATA_AS_OF

FIRST_YEAR_DAYS = 366.0
LATER_YEARS_END = 5 * YEAR
LATER_FACTOR, LAST_FACTOR = 0.30, 0.03
SLOW_SHARE = 0.02
QUICK_LAG, SLOW_LAG = (5, 171), (610, 900)

REAL, COMPANION, PENALTY_NOTICE, UNPROVEN, BREACH, NON_RECORDABLE = range(6)


@dataclass(frozen=True)
class Cases:
    """One row per court appearance or caution. `kind` marks the cases that rules drop."""

    person: Int
    kind: npt.NDArray[np.int8]
    code: npt.NDArray[np.int8]
    disposal: npt.NDArray[np.int16]
    offence_date: Int
    proven_date: Int
    index_date: Int
    order_start: Int
    sentence_days: Int
    remand_days: Int
    offences: npt.NDArray[np.int8]
    rate: Float
    earlier: Int
    key: Hash


@dataclass(frozen=True)
class AtRisk:
    """People being followed up: the clock runs from `low` days after the index date.

    `ratio` multiplies the hazard of the first year.
    """

    person: Int
    index_date: Int
    rate: Float
    low: Float
    ratio: Float
    earlier: Int
    slow_offence: Int
    slow_proven: Int


@dataclass(frozen=True)
class Offended:
    """An offence that will be proven, and what is still pending beside it."""

    person: Int
    offence_date: Int
    proven_date: Int
    earlier: Int
    slow_offence: Int
    slow_proven: Int


def work_before(people: People, cases: Cases) -> tuple[Bool, Bool]:
    """Whether there was a job, and a claim, in the month before conviction or reception."""
    who, known = cases.person, cases.proven_date - cases.remand_days
    low, high = known - np.int32(30), known - np.int32(1)
    return (
        overlaps(people.job_start[who], people.job_end[who], low, high),
        overlaps(people.claim_start[who], people.claim_end[who], low, high),
    )


def yearly_rate(people: People, cases: Cases) -> Float:
    """Return the hazard of a counted re-offence per year, from what the files say at the case."""
    who = cases.person
    age = (cases.index_date - people.birth[who]) / YEAR
    career = np.floor(np.maximum(cases.index_date - people.first_offence[who], 0) / YEAR)
    copas = np.log((1 + cases.earlier) / (10 + career)) + 1.6
    group = codes.CODE_GROUP[cases.code]
    job, claim = work_before(people, cases)
    older = np.clip(age - 28, -14, 25) / 10
    theft = group == codes.THEFT
    score = (
        -0.80
        + 0.80 * copas
        - 0.12 * (copas - 0.2) ** 2
        - 0.32 * older
        + 0.05 * older**2
        - 0.20 * (people.sex[who] == FEMALE)
        - 0.35 * job
        + 0.25 * claim
        + 0.30 * theft
        - 0.30 * (group == codes.DRINK_DRIVING)
        - 0.60 * people.is_sexual[who]
        + 0.20 * (claim & theft)
        - 0.15 * (job & (older > 0.2))
    )
    result: Float = np.clip(np.exp(score), 0.02, 1.9)
    return result


def days_in_window(index_date: Int) -> Int:
    """Days of the follow-up year of an index date: 365, or 366 with a 29 February."""
    return add_months(index_date, 12) - index_date


def probability(rate: Float, index_date: Int, delay: Int, ratio: float) -> Float:
    """P(counted re-offence in the year from day `delay` on, given none before)."""
    left = days_in_window(index_date) - np.maximum(delay - 1, 0)
    result: Float = 1 - np.exp(-rate / YEAR * ratio * left)
    return result


def _cumulative(days: Float, rate: Float, ratio: Float) -> Float:
    daily = rate / YEAR
    first = np.minimum(days, FIRST_YEAR_DAYS)
    later = np.clip(days - FIRST_YEAR_DAYS, 0, LATER_YEARS_END - FIRST_YEAR_DAYS)
    last = np.maximum(days - LATER_YEARS_END, 0)
    result: Float = daily * (first * ratio + later * LATER_FACTOR + last * LAST_FACTOR)
    return result


def _days_until(cumulative: Float, rate: Float, ratio: Float) -> Float:
    """Invert `_cumulative`."""
    daily = rate / YEAR
    first_end = daily * ratio * FIRST_YEAR_DAYS
    later_end = first_end + daily * LATER_FACTOR * (LATER_YEARS_END - FIRST_YEAR_DAYS)
    return np.where(
        cumulative <= first_end,
        cumulative / (daily * ratio),
        np.where(
            cumulative <= later_end,
            FIRST_YEAR_DAYS + (cumulative - first_end) / (daily * LATER_FACTOR),
            LATER_YEARS_END + (cumulative - later_end) / (daily * LAST_FACTOR),
        ),
    )


def next_offence(rng: np.random.Generator, risk: AtRisk) -> Offended:
    """Draw who offends next and when; people whose next case lies beyond the extract leave."""
    size = risk.person.size
    reached = np.exp(-_cumulative(risk.low, risk.rate, risk.ratio))
    survival = reached * (1 - rng.random(size))
    wait = _days_until(-np.log(np.maximum(survival, 1e-300)), risk.rate, risk.ratio)
    offence = risk.index_date + np.minimum(np.floor(wait) + 1, NEVER).astype(np.int32)
    proven = offence + rng.integers(*QUICK_LAG, size=size, dtype=np.int32)

    is_pending = (risk.slow_proven > risk.index_date) & (risk.slow_proven != NEVER)
    slow_first = is_pending & (risk.slow_proven < offence)
    still_pending = is_pending & ~slow_first & (risk.slow_proven > proven)
    new_slow = risk.index_date + rng.integers(1, 300, size=size, dtype=np.int32)
    starts_slow = (
        (rng.random(size) < SLOW_SHARE) & ~still_pending & ~slow_first & (new_slow < offence)
    )
    new_proven = new_slow + rng.integers(*SLOW_LAG, size=size, dtype=np.int32)
    starts_slow &= (new_proven < offence) | (new_proven > proven)
    cut_in = starts_slow & (new_proven < offence)
    pending_offence = np.where(starts_slow, new_slow, risk.slow_offence)
    pending_proven = np.where(starts_slow, new_proven, risk.slow_proven)
    slow_first |= cut_in
    carries_on = (still_pending | starts_slow) & ~slow_first
    result = Offended(
        person=risk.person,
        offence_date=np.where(slow_first, pending_offence, offence),
        proven_date=np.where(slow_first, pending_proven, proven),
        earlier=risk.earlier,
        slow_offence=np.where(carries_on, pending_offence, NEVER).astype(np.int32),
        slow_proven=np.where(carries_on, pending_proven, NEVER).astype(np.int32),
    )
    return take(result, result.proven_date <= DATA_AS_OF)


def first_offences(rng: np.random.Generator, people: People) -> Offended:
    """Draw the offence that brings each person into the register."""
    person = np.flatnonzero(people.has_career).astype(np.int32)
    offence = people.first_offence[person]
    lag = rng.integers(*QUICK_LAG, size=person.size, dtype=np.int32)
    slow = rng.random(person.size) < 0.02
    lag[slow] = rng.integers(*SLOW_LAG, size=int(slow.sum()), dtype=np.int32)
    never = np.full(person.size, NEVER, dtype=np.int32)
    result = Offended(
        person=person,
        offence_date=offence,
        proven_date=offence + lag,
        earlier=np.zeros(person.size, dtype=np.int32),
        slow_offence=never,
        slow_proven=never,
    )
    return take(result, result.proven_date <= DATA_AS_OF)


def _offence_code(
    rng: np.random.Generator, people: People, offended: Offended
) -> npt.NDArray[np.int8]:
    """Draw the offences; a sex offender's first is sexual, so no later one is a surprise."""
    who, size = offended.person, offended.person.size
    bounds = np.cumsum(codes.GROUP_SHARE) / codes.GROUP_SHARE.sum()
    other = np.searchsorted(bounds, rng.random(size), side="right")
    is_usual = (rng.random(size) < 0.5) | (people.is_sexual[who] & (offended.earlier == 0))
    group = np.where(is_usual, people.main_group[who], other)
    return codes.CODE_BY_PERCENTILE[group, rng.integers(0, 100, size=size)]


def is_community(disposal: npt.NDArray[np.int16]) -> Bool:
    """Community orders and suspended sentence orders."""
    return np.isin(disposal, (codes.COMMUNITY_ORDER, codes.SUSPENDED_SENTENCE_ORDER))


def _index_dates(
    rng: np.random.Generator, disposal: npt.NDArray[np.int16], proven: Int, days: Int, remand: Int
) -> tuple[Int, Int]:
    """Return the index date and the order's start (`NEVER` where probation has no order)."""
    size = proven.size
    wait = np.where(rng.random(size) < 0.6, 0, rng.integers(0, 29, size=size, dtype=np.int32))
    has_order = is_community(disposal) & (rng.random(size) < 0.96)
    order_start = np.where(has_order, proven + wait, NEVER).astype(np.int32)
    served = np.maximum(days // 2 - remand, 3)
    is_custody = disposal <= codes.DETENTION_AND_TRAINING
    index_date = np.where(is_custody, proven + served, np.where(has_order, order_start, proven))
    return index_date.astype(np.int32), order_start


def convict(rng: np.random.Generator, people: People, offended: Offended) -> tuple[Cases, AtRisk]:
    """Sentence these offences (a few with a lesser case beside them); say who is then free."""
    who, proven = offended.person, offended.proven_date
    size = who.size
    code = _offence_code(rng, people, offended)
    disposal, days = choose_disposal(
        rng,
        code=code,
        age=(proven - people.birth[who]) / YEAR,
        earlier=offended.earlier,
    )
    lag = proven - offended.offence_date
    remanded = (disposal <= codes.DETENTION_AND_TRAINING) & (rng.random(size) < 0.4)
    remanded &= lag < QUICK_LAG[1]
    remand = np.where(remanded, np.minimum(rng.integers(3, 90, size=size), lag - 1), 0)
    index_date, order_start = _index_dates(rng, disposal, proven, days, remand.astype(np.int32))
    cases = Cases(
        person=who,
        kind=np.zeros(size, dtype=np.int8),
        code=code,
        disposal=disposal,
        offence_date=offended.offence_date,
        proven_date=proven,
        index_date=index_date,
        order_start=order_start,
        sentence_days=days,
        remand_days=remand.astype(np.int32),
        offences=np.minimum(rng.geometric(0.62, size=size), 5).astype(np.int8),
        rate=np.zeros(size),
        earlier=offended.earlier,
        key=keys(rng, size),
    )
    cases.rate[:] = yearly_rate(people, cases)
    companions = take(cases, (disposal < codes.FINE) & (rng.random(size) < 0.015))
    joined = np.isin(who, companions.person)
    risk = AtRisk(
        person=who,
        index_date=index_date,
        rate=cases.rate,
        low=np.zeros(size),
        ratio=np.ones(size),
        earlier=offended.earlier + 1 + joined,
        slow_offence=offended.slow_offence,
        slow_proven=offended.slow_proven,
    )
    return stack([cases, _as_companions(companions)]), take(risk, index_date < DATA_AS_OF)


def _as_companions(cases: Cases) -> Cases:
    size = cases.person.size
    cases.kind[:] = COMPANION
    cases.code[:] = codes.OFFENCE_CODES.index("CD02")
    cases.disposal[:] = codes.FINE
    cases.index_date[:] = cases.proven_date
    cases.order_start[:] = NEVER
    cases.sentence_days[:] = 0
    cases.remand_days[:] = 0
    cases.offences[:] = np.ones(size, dtype=np.int8)
    return cases


def simulate(
    rng: np.random.Generator,
    people: People,
    cases: Cases,
    risk: AtRisk,
    progress: Callable[[int], None] | None = None,
) -> Cases:
    """Follow everybody up, case after case, until nobody offends again inside the extract."""
    parts = [cases]
    while risk.person.size:
        more, risk = convict(rng, people, next_offence(rng, risk))
        parts.append(more)
        if progress is not None:
            progress(int(risk.person.size))
    return stack(parts)
