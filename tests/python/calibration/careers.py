"""Worlds of careers: people offend for years, every offence is an index event, no effect at all.

People with more offences have more events, and who starts a service has stayed free of offending
until then. A pool of one event a person, or one without the people who start later, conditions on
what happened after the index date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from justice_data_lab.statistics import Covariate, MatchSettings
from justice_data_lab.statistics.matching import match_units

FloatArray = NDArray[np.float64]
YEAR, WINDOW, BEFORE = 365.0, 182, 5.0
BENT_RANGE = 2.0
COVARIATES = tuple(
    Covariate(name=name, family="simulated", kind="continuous")
    for name in ("risk", "age", "previous", "years")
)
RULES = ("old", "new", "year before")


@dataclass(frozen=True)
class Careers:
    """A kind of world. pool_n: people. years: of index events. treated_n: wanted.

    bend: of offending and of the wish to start, by a square and a product that no score sees. With
    it risk and age lie within ``BENT_RANGE`` standard deviations: events are drawn in proportion
    to offending, and with a rate exponential in the square of a normal the treated's mean number
    of offences is carried by a few people beyond any bound (five of 250 held a fifth of them), so
    that no finite pool can hold their like. Its bias grew with the pool: +0.034 (0.008) with 3,000
    people, +0.116 (0.024) with 12,000.
    record: what the log of the past offences adds to the wish. planted: points by which an
    unrecorded factor raises the treated's share of people who offended in the year before.
    has_delay: the service starts after the index date, and only for those free of offences.
    """

    name: str = "careers"
    description: str = ""
    pool_n: int = 3000
    years: float = 7.0
    treated_n: int = 250
    yearly: float = 0.7
    bend: float = 0.0
    effect: float = 0.0
    record: float = 0.3
    planted: float = 0.0
    has_delay: bool = True


@dataclass(frozen=True)
class Events:
    """Every offence inside the years as an index event; times in days, one row per event.

    x, x_before: covariates at the index date, and as they were a year before; offended_before: in
    between. delay: until the service would start, infinite for never.
    """

    person: NDArray[np.int64]
    time: FloatArray
    gap: FloatArray
    offences: NDArray[np.int64]
    x: FloatArray
    x_before: FloatArray
    offended_before: NDArray[np.bool_]
    delay: FloatArray
    planted: float


def draw_events(world: Careers, rng: np.random.Generator) -> Events:
    """Draw the careers, and when each event would lead to a start of the service."""
    n, span = world.pool_n, world.years + BEFORE + 1.5
    limit = BENT_RANGE if world.bend else np.inf
    risk, age, frailty = _normal(rng, n, limit), _normal(rng, n, limit), rng.gamma(2, 0.5, n)
    curve = world.bend * (risk**2 - 1 + risk * age)
    rate = world.yearly * np.exp(0.5 * risk - 0.3 * age + curve) * frailty
    person = np.repeat(np.arange(n), rng.poisson(rate * span))
    time = np.floor(rng.random(len(person)) * span * YEAR) - BEFORE * YEAR
    order = np.lexsort((time, person))
    person, time = person[order], time[order]
    kept = np.append(True, (person[1:] != person[:-1]) | (time[1:] != time[:-1]))
    person, time = person[kept], time[kept]
    first = np.searchsorted(person, person)
    is_last = np.append(person[1:] != person[:-1], True)
    gap = np.where(is_last, np.inf, np.append(time[1:], np.inf) - time)
    key = person * 1e6 + time
    offences = np.searchsorted(key, key + YEAR, side="right") - np.arange(len(key)) - 1
    previous = np.arange(len(person)) - first
    years = (time - time[first]) / YEAR
    traits = risk[person], age[person]
    x = np.column_stack([*traits, np.log1p(previous), np.sqrt(years)])
    earlier = np.searchsorted(key, key - YEAR, side="right") - first
    earlier, lasted = np.maximum(earlier, 0), np.maximum(years - 1.0, 0.0)
    x_before = np.column_stack([*traits, np.log1p(earlier), np.sqrt(lasted)])
    inside = (time >= 0) & (time < world.years * YEAR)
    wish = 0.5 * x[:, 0] + 0.2 * x[:, 1] + world.record * x[:, 2] + 0.8 * curve[person]
    slow = rng.standard_exponential(len(person)) * np.exp(-wish)
    free = np.minimum(gap - 1, WINDOW) + 1 if world.has_delay else np.ones(len(person))
    first_of = np.full(n, np.inf)
    np.minimum.at(first_of, person[inside], (slow / free)[inside])
    pace = np.partition(first_of, world.treated_n)[world.treated_n]
    delay = np.floor(slow / pace)
    return Events(
        person[inside], time[inside], gap[inside], offences[inside], x[inside], x_before[inside],
        (previous > earlier)[inside],
        (delay if world.has_delay else np.where(slow <= pace, 0.0, np.inf))[inside],
        world.planted,
    )  # fmt: skip


def _normal(rng: np.random.Generator, n: int, limit: float) -> FloatArray:
    """Draw standard normal numbers, again where they lie beyond a limit."""
    drawn = rng.normal(size=n)
    while len(away := np.flatnonzero(np.abs(drawn) > limit)):
        drawn[away] = rng.normal(size=len(away))
    return drawn


def pool_of(events: Events, rule: str, rng: np.random.Generator) -> tuple[pa.Table, pa.Table]:
    """Return cohort and covariates: the treated's first started event, and the rule's controls.

    ``year before``: the people of the new rules, with what was known, and done, a year before.
    """
    lives = np.minimum(events.gap - 1, WINDOW)
    rows = np.flatnonzero(events.delay <= lives)
    treated = rows[np.unique(events.person[rows], return_index=True)[1]]
    start = np.full(int(events.person.max()) + 1, np.inf)
    start[events.person[treated]] = (events.time + events.delay)[treated]
    last = np.minimum(lives, start[events.person] - 1 - events.time)
    is_treated = np.zeros(len(lives), dtype=bool)
    is_treated[treated] = True
    controls = np.flatnonzero(~is_treated & (last >= 0))
    if rule == "old":
        controls = controls[np.isinf(start[events.person[controls]])]
        controls = rng.permutation(controls)
        controls = controls[np.unique(events.person[controls], return_index=True)[1]]
    used = np.sort(np.append(treated, controls))
    cohort, values = _tables(events, used, is_treated[used], last[used])
    if rule != "year before":
        return cohort, values
    offended = events.offended_before[used]
    if events.planted:
        share = float(offended[is_treated[used]].mean())
        turned = rng.random(len(used)) < events.planted / 100 / (1.0 - share)
        offended = offended | (turned & is_treated[used])
    for name, column in (("is_reoffender", offended), ("reoffences_n", offended.astype(int))):
        cohort = cohort.set_column(cohort.column_names.index(name), name, pa.array(column))
    return cohort, _values(events.x_before, used)


def _tables(
    events: Events, used: NDArray[np.int64], treated: NDArray[np.bool_], last: FloatArray
) -> tuple[pa.Table, pa.Table]:
    n, again = len(used), events.offences[used] > 0
    first = np.minimum(events.gap[used], 1e6).astype(np.int64)
    delay = events.delay[used].clip(0, 999).astype(int)
    is_at_once = not delay[treated].any()
    cohort = pa.table(
        {
            **{name: pa.array([name] * n) for name in ("request_id", "analysis_id", "stratum")},
            "person_id": events.person[used],
            "event_id": used,
            "is_treated": treated,
            "delay_days": pa.array(delay, mask=~treated | is_at_once),
            "last_day": pa.array(last.astype(np.int64), mask=treated | is_at_once),
            "is_reoffender": again,
            "reoffences_n": events.offences[used],
            "days_to_first": pa.array(first, mask=~again),
        }
    )
    return cohort, _values(events.x, used)


def _values(x: FloatArray, used: NDArray[np.int64]) -> pa.Table:
    values = {one.name: x[used, place] for place, one in enumerate(COVARIATES)}
    return pa.table({"event_id": used, **values})


def without_multipliers(scores: pa.Table, matches: pa.Table, settings: MatchSettings) -> pa.Table:
    """Match as before the multiplier: every control counts once for whom it stands for."""
    events = matches["event_id"].to_numpy()
    by_event = np.argsort(scores["event_id"].to_numpy())
    rows = by_event[np.searchsorted(scores["event_id"].to_numpy()[by_event], events)]
    treated = matches["is_treated"].to_numpy()
    days = np.where(
        treated,
        scores["delay_days"].fill_null(0).to_numpy()[rows],
        scores["last_day"].fill_null(0).to_numpy()[rows],
    ).astype(np.int64)
    plain = match_units(scores["score"].to_numpy()[rows], treated, days, settings=settings)
    weight = np.zeros(len(rows))
    weight[treated] = plain.controls_n > 0
    weight[~treated] = plain.weights
    return matches.set_column(matches.column_names.index("weight"), "weight", pa.array(weight))
