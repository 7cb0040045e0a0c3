"""What the services do to the people whom they help, and what no rule counts.

The analysed people's futures are drawn anew from the start on, the hazard of the rest of the year
multiplied by the hazard ratio of the service. Everybody else's future stays as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from justice_data_lab.sample import codes
from justice_data_lab.sample.careers import (
    BREACH,
    COMPANION,
    NON_RECORDABLE,
    PENALTY_NOTICE,
    REAL,
    UNPROVEN,
    AtRisk,
    Cases,
    simulate,
)
from justice_data_lab.sample.columns import Float, keys, stack, take
from justice_data_lab.sample.days import NEVER, Int
from justice_data_lab.sample.people import People
from justice_data_lab.sample.rulebook import RANK, Rulebook
from justice_data_lab.sample.selection import Chosen
from justice_data_lab.sample.settings import DATA_AS_OF, RequestPlan


@dataclass(frozen=True)
class _Future:
    """Whose future is drawn anew: the case, the first day and the hazard ratio."""

    row: Int
    low: Float
    ratio: Float


def add_noise(rng: np.random.Generator, people: People, cases: Cases) -> Cases:
    """Penalty notices, unproven charges, breaches and non-recordable offences: never counted."""
    size = people.birth.size
    anyone = np.flatnonzero(rng.random(size) < 0.16)
    idle = np.flatnonzero(~people.has_career)
    person = np.concatenate([anyone, idle[rng.random(idle.size) < 0.8]]).astype(np.int32)
    sentenced = take(cases, (cases.kind == REAL) & (cases.sentence_days > 0))
    sentenced = take(sentenced, rng.random(sentenced.person.size) < 0.12)
    proven = people.first_offence[person] + rng.integers(
        -400, 3000, size=person.size, dtype=np.int32
    )
    kind = rng.choice(
        [PENALTY_NOTICE, UNPROVEN, NON_RECORDABLE], size=person.size, p=[0.45, 0.35, 0.2]
    )
    kind[~people.has_career[person] & (kind == NON_RECORDABLE)] = UNPROVEN
    breach_date = sentenced.index_date + rng.integers(
        20, 300, size=sentenced.person.size, dtype=np.int32
    )
    who = np.concatenate([person, sentenced.person])
    kinds = np.concatenate([kind, np.full(breach_date.size, BREACH)])
    dates = np.concatenate([proven, breach_date]).astype(np.int32)
    noise = _noise_cases(rng, who, kinds.astype(np.int8), dates)
    old_enough = dates - people.birth[who] > 16 * 365
    return stack([cases, take(noise, (dates <= DATA_AS_OF) & old_enough)])


def _noise_cases(rng: np.random.Generator, who: Int, kind: np.ndarray, dates: Int) -> Cases:
    size = who.size
    plain = np.array([codes.OFFENCE_CODES.index(code) for code in ("PO02", "TH02", "CD02", "VI03")])
    breach = (codes.BREACH_OF_COMMUNITY_ORDER, codes.BREACH_OF_SUSPENDED_SENTENCE)
    code = np.select(
        [kind == NON_RECORDABLE, kind == BREACH],
        [codes.NON_RECORDABLE[rng.integers(0, 3, size=size)], rng.choice(breach, size=size)],
        plain[rng.integers(0, 4, size=size)],
    )
    disposal = np.select(
        [kind == PENALTY_NOTICE, kind == UNPROVEN, kind == BREACH],
        [
            np.full(size, codes.PENALTY_NOTICE),
            rng.choice((codes.CHARGE_WITHDRAWN, codes.NOT_GUILTY), size=size),
            rng.choice((codes.FINE, codes.COMMUNITY_ORDER, codes.OTHER_COURT_ORDER), size=size),
        ],
        codes.FINE,
    )
    return Cases(
        person=who,
        kind=kind,
        code=code.astype(np.int8),
        disposal=disposal.astype(np.int16),
        offence_date=dates - rng.integers(0, 90, size=size, dtype=np.int32),
        proven_date=dates,
        index_date=dates,
        order_start=np.full(size, NEVER, dtype=np.int32),
        sentence_days=np.where(disposal == codes.COMMUNITY_ORDER, 365, 0).astype(np.int32),
        remand_days=np.zeros(size, dtype=np.int32),
        offences=np.ones(size, dtype=np.int8),
        rate=np.zeros(size),
        earlier=np.zeros(size, dtype=np.int32),
        key=keys(rng, size),
    )


def _treated(plan: RequestPlan, book: Rulebook, chosen: Chosen) -> _Future:
    seen = take(chosen, chosen.outcome == RANK["analysed"])
    delay = np.maximum(seen.start - book.cases.index_date[seen.row], 0)
    size = seen.row.size
    return _Future(
        row=seen.row,
        low=np.maximum(delay - 1, 0).astype(np.float64),
        ratio=np.full(size, plan.hazard_ratio),
    )


def _at_risk(book: Rulebook, future: _Future, person: Int, companions: Int) -> AtRisk:
    cases = take(book.cases, future.row)
    never = np.full(person.size, NEVER, dtype=np.int32)
    return AtRisk(
        person=person,
        index_date=cases.index_date,
        rate=cases.rate,
        low=future.low,
        ratio=future.ratio,
        earlier=cases.earlier + 1 + companions,
        slow_offence=never,
        slow_proven=never,
    )


def treat(
    rng: np.random.Generator,
    people: People,
    cases: Cases,
    book: Rulebook,
    requests: Sequence[tuple[RequestPlan, Chosen]],
) -> Cases:
    """Return the cases once the services have been there."""
    size = people.birth.size
    treated = stack([_treated(plan, book, chosen) for plan, chosen in requests if plan.is_matched])
    who = book.cases.person[treated.row]
    until = np.full(size, NEVER, dtype=np.int32)
    until[who] = book.cases.proven_date[treated.row]
    companions = np.zeros(size, dtype=np.int32)
    same_day = cases.proven_date == until[cases.person]
    np.add.at(companions, cases.person[same_day & (cases.kind == COMPANION)], 1)
    risk = _at_risk(book, treated, who, companions[who])
    return simulate(rng, people, take(cases, cases.proven_date <= until[cases.person]), risk)
