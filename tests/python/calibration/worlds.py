"""Worlds with a known effect: people, who is treated and when, and what they then do.

Everybody has 16 covariates, half of them normal and half of them binary, and offends by a Poisson
process whose rate depends on them and on a gamma frailty that nobody sees. In worlds with a delay
the service starts at a rate of its own, and only for people who have not offended by then: that is
what makes time immortal. The effect takes a share of the treated off the list of re-offenders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from justice_data_lab.statistics import Covariate

Selection = Literal["mild", "strong"]
FloatArray = NDArray[np.float64]
YEAR, WINDOW, NORMALS, BINARIES = 365, 182, 8, 8
COVARIATES = tuple(
    Covariate(
        name=f"x{place}",
        family="simulated",
        kind="continuous" if place < NORMALS else "binary",
    )
    for place in range(NORMALS + BINARIES)
)
# Log-odds (or log-hazard) of treatment, and log-rate of offending, a covariate.
_PULL = np.array([0.4, -0.3, 0.25, 0.2, 0.1, 0.1, 0, 0, 0.4, -0.4, 0.3, 0.2, 0.1, 0, 0, 0])
SELECTION = {"mild": _PULL, "strong": 2 * _PULL}
OFFENDING = np.array([0.45, -0.25, 0.25, 0, 0.1, 0, 0.2, 0.1, 0.3, -0.2, 0, 0.2, 0, 0.1, 0.1, 0])
# Strong selection is also curved and joint, and no score sees either term; where ``bend`` is not 0,
# offending is so, too.
CURVED, JOINT = 0.15, 0.2


@dataclass(frozen=True)
class Scenario:
    """One kind of world.

    effect: points of the one-year rate, 0 or negative. treated_n, pool_n: people. selection:
    mild, or strong with curved and joint terms. has_delay: the service starts after the index
    date, so that time is immortal. frailty_shape: of the gamma frailty, mean 1; counts are
    negative binomial with this size. base_rate: log of yearly offences at covariates 0. bend: of
    the log-rate by a square and a product that no score sees.
    """

    name: str
    description: str
    effect: float = 0.0
    treated_n: int = 250
    pool_n: int = 10_000
    selection: Selection = "strong"
    has_delay: bool = False
    frailty_shape: float = 2.0
    base_rate: float = -0.6
    bend: float = 0.0


@dataclass(frozen=True)
class World:
    """One drawn world: the cohort and its covariates as the package takes them, and the truth.

    true_rate: expected effect on the treated of this world in points; true_frequency: in offences
    a person. Both are the mean over its treated people of what their covariates, and their
    having stayed free of offences until the start, make the effect to be.
    """

    cohort: pa.Table
    values: pa.Table
    true_rate: float
    true_frequency: float


def draw_world(scenario: Scenario, *, world: int, seed: int, first_event: int = 0) -> World:
    """Draw one world; equal seed, scenario and number, equal world."""
    rng = np.random.default_rng([seed, crc32(scenario.name.encode()), world])
    n = scenario.treated_n + scenario.pool_n
    x = _covariates(rng, n)
    curve = scenario.bend * (x[:, 0] ** 2 - 1 + x[:, 1] * x[:, 2])
    rate = np.exp(scenario.base_rate + x @ OFFENDING + curve)
    rate /= YEAR
    frail = rng.gamma(scenario.frailty_shape, 1 / scenario.frailty_shape, n) * rate
    moment = rng.standard_exponential(n) / frail
    first = np.ceil(moment)
    treated, delay = _treat(rng, scenario, x, first)
    later = rng.poisson(frail * np.maximum(YEAR - moment, 0))
    offences = np.where(first <= YEAR, 1 + later, 0)
    chance, expected = _without_the_service(scenario, rate[treated], delay[treated])
    share = np.minimum(-scenario.effect / 100 / chance, 1.0)
    spared = rng.random(scenario.treated_n) < share
    offences[np.flatnonzero(treated)[spared]] = 0
    return World(
        cohort=_cohort(scenario, world, first_event, treated, delay, first, offences),
        values=_values(x, first_event),
        true_rate=-100 * float(np.mean(share * chance)),
        true_frequency=-float(np.mean(share * expected)),
    )


def _covariates(rng: np.random.Generator, n: int) -> FloatArray:
    """Draw normal covariates of which neighbours correlate by 0.3, and balanced binary ones."""
    x = rng.standard_normal((n, NORMALS + BINARIES))
    x[:, 1:NORMALS] = 0.3 * x[:, : NORMALS - 1] + np.sqrt(1 - 0.09) * x[:, 1:NORMALS]
    x[:, NORMALS:] = x[:, NORMALS:] > 0
    return x


def _treat(
    rng: np.random.Generator, scenario: Scenario, x: FloatArray, first: FloatArray
) -> tuple[NDArray[np.bool_], FloatArray]:
    """Return who is treated, exactly the scenario's number, and everybody's delay.

    With a delay a service would start after an exponential time; it does if that day is not after
    the first offence or the window, and the pace is set so that it does for just so many. Without
    one the log-odds have a logistic error, and the highest are treated.
    """
    wish = x @ SELECTION[scenario.selection]
    if scenario.selection == "strong":
        wish += CURVED * (x[:, 0] ** 2 - 1) + JOINT * x[:, 1] * x[:, 2]
    if not scenario.has_delay:
        wish += rng.logistic(size=len(wish))
        treated = np.zeros(len(wish), dtype=bool)
        treated[np.argpartition(-wish, scenario.treated_n)[: scenario.treated_n]] = True
        return treated, np.zeros(len(wish))
    slow = rng.standard_exponential(len(wish)) * np.exp(-wish)
    free_days = np.minimum(first, WINDOW) + 1
    pace = np.partition(slow / free_days, scenario.treated_n)[scenario.treated_n]
    treated = slow / free_days < pace
    return treated, np.floor(slow / pace)


def _without_the_service(
    scenario: Scenario, rate: FloatArray, delay: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return P(offends in the year) and the expected offences of people free until their start.

    Whoever starts on day d has had d - 1 whole days without an offence. With frailty
    G ~ Gamma(k, k), G given none by day t is Gamma(k, k + rate t): the chance of none from then to
    the end of the year is ((k + rate t) / (k + rate 365)) ** k, and the expected number
    rate (365 - t) k / (k + rate t).
    """
    k, free = scenario.frailty_shape, np.maximum(delay - 1, 0)
    none = ((k + rate * free) / (k + rate * YEAR)) ** k
    return 1 - none, rate * (YEAR - free) * k / (k + rate * free)


def _cohort(
    scenario: Scenario,
    world: int,
    first_event: int,
    treated: NDArray[np.bool_],
    delay: FloatArray,
    first: FloatArray,
    offences: NDArray[np.int64],
) -> pa.Table:
    """Return the rows of the cohort, as the model int_outcomes__members has them."""
    n = len(treated)
    key = first_event + np.arange(n)
    offends = offences > 0
    is_known = treated if scenario.has_delay else np.zeros(n, dtype=bool)
    last_day = np.minimum(first, WINDOW)
    return pa.table(
        {
            "request_id": pa.array([scenario.name]).take(pa.array(np.zeros(n, dtype=np.int64))),
            "analysis_id": pa.array([f"{world:06d}"]).take(pa.array(np.zeros(n, dtype=np.int64))),
            "stratum": pa.array(["simulated"]).take(pa.array(np.zeros(n, dtype=np.int64))),
            "person_id": key,
            "event_id": key,
            "is_treated": treated,
            "delay_days": pa.array(delay.astype(np.int32), mask=~is_known),
            "last_day": pa.array(last_day.astype(np.int32), mask=treated),
            "window_last_day": pa.array(np.full(n, WINDOW, dtype=np.int32)),
            "own_last_day": pa.nulls(n, pa.int32()),
            "is_reoffender": offends,
            "reoffences_n": offences,
            "days_to_first": pa.array(np.minimum(first, 1e6).astype(np.int32), mask=~offends),
        }
    )


def _values(x: FloatArray, first_event: int) -> pa.Table:
    columns: dict[str, object] = {"event_id": first_event + np.arange(len(x))}
    for place, covariate in enumerate(COVARIATES):
        column = x[:, place]
        columns[covariate.name] = column > 0.5 if covariate.kind == "binary" else column
    return pa.table(columns)
