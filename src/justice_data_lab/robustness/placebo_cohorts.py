"""Cohorts that had no service, taken out of the pool and compared as the treated are.

Whoever is drawn leaves the pool as a treated person does. The cohort is matched, tilted and tested
by the same functions as the headline, at the score of the headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.matching import match_units, multipliers_of
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.tilting import TiltTerm, tilt


@dataclass(frozen=True)
class PlaceboStratum:
    """The controls on support of one stratum, and how many of which delays are to be drawn.

    score: linear predictor. matched_on: the score on the scale that is matched on. cell: exact
    cell. person, index_day: who, and the day of the event. last_day: last day at risk; None
    without delays. delays: of the matched treated; None without delays. treated_n: matched
    treated of each cell. terms, values: what the headline's tilt balances, a row a control.
    """

    score: FloatArray
    matched_on: FloatArray
    cell: IntArray
    person: IntArray
    index_day: IntArray
    last_day: IntArray | None
    delays: IntArray | None
    treated_n: dict[int, int]
    terms: tuple[TiltTerm, ...]
    values: FloatArray


@dataclass(frozen=True)
class PlaceboDraw:
    """One cohort in its stratum: who was drawn, everybody's day, and who is left of the pool.

    days: delay of the drawn, last day of the others; None without delays.
    """

    drawn: BoolArray
    in_pool: BoolArray
    days: IntArray | None


@dataclass
class PlaceboResult:
    """What became of the cohorts, by measure: differences and p values in the order drawn.

    contribution: for every row, the mean over cohorts of its share in the treated's mean less its
    share in the controls': the mean difference is the sum of contribution x outcome.
    """

    differences: dict[str, FloatArray] = field(default_factory=dict)
    p_values: dict[str, FloatArray] = field(default_factory=dict)
    contribution: FloatArray = field(default_factory=lambda: np.zeros(0))


def draw_cohort(stratum: PlaceboStratum, rng: np.random.Generator) -> PlaceboDraw:
    """Draw one cohort without replacement, and take it out of its pool.

    Each control has an exponential time E to a start at the rate of its score, and starts when
    Breslow's baseline reaches E / exp(score), if it is at risk then; the pace is set in each cell
    so that as many do as treated people are matched there. Without delays the draw is in
    proportion to exp(score). Of two events of one person the earlier is drawn. Source: Efraimidis
    & Spirakis (2006, Inf. Proc. Letters 97).

    As for the people of a request: the events of a drawn person before the drawn one stay, at risk
    up to the day before the start, and later ones leave. Without delays earlier events stay.
    """
    n = len(stratum.score)
    reach, total, distinct = _reach(stratum)
    slow = rng.standard_exponential(n) * np.exp(-(stratum.score - stratum.score.max()))
    time = np.divide(slow, reach, out=np.full(n, np.inf), where=reach > 0)
    drawn, delay = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    for cell, wanted in sorted(stratum.treated_n.items()):
        rows = np.flatnonzero((stratum.cell == cell) & np.isfinite(time))
        if not len(rows) or not wanted:
            continue
        size = min(wanted, len(rows))
        chosen = rows[np.argsort(time[rows], kind="stable")[:size]]
        drawn[chosen] = True
        if distinct is not None:
            hazard = slow[chosen] / float(time[chosen].max())
            place = np.searchsorted(total, hazard, side="left")
            delay[chosen] = distinct[np.minimum(place, len(distinct) - 1)]
    _one_event_each(stratum, drawn)
    start = np.full(int(stratum.person.max()) + 1, np.iinfo(np.int64).max)
    start[stratum.person[drawn]] = stratum.index_day[drawn] + delay[drawn]
    is_earlier = stratum.index_day < start[stratum.person]
    of_drawn = np.isin(stratum.person, stratum.person[drawn])
    in_pool = ~drawn & (~of_drawn | is_earlier)
    if stratum.last_day is None:
        return PlaceboDraw(drawn, in_pool, None)
    left = start[stratum.person] - 1 - stratum.index_day
    last = np.where(of_drawn, np.minimum(stratum.last_day, left), stratum.last_day)
    return PlaceboDraw(drawn, in_pool & (last >= 0), np.where(drawn, delay, last))


def _reach(stratum: PlaceboStratum) -> tuple[FloatArray, FloatArray, IntArray | None]:
    """Return how far the baseline gets while each is at risk, the baseline, and its days."""
    if stratum.delays is None or stratum.last_day is None:
        return np.ones(len(stratum.score)), np.ones(1), None
    score = np.append(np.full(len(stratum.delays), -np.inf), stratum.score)  # controls alone count
    treated = np.arange(len(score)) < len(stratum.delays)
    found = baseline_hazard(score, treated, np.append(stratum.delays, stratum.last_day))
    seen = np.searchsorted(found.days, stratum.last_day, side="right")
    return np.append(0.0, found.total)[seen], found.total, found.days.astype(np.int64)


def _one_event_each(stratum: PlaceboStratum, drawn: BoolArray) -> None:
    """Leave only the earliest drawn event of each person drawn."""
    rows = np.flatnonzero(drawn)
    order = np.lexsort((stratum.index_day[rows], stratum.person[rows]))
    person = stratum.person[rows][order]
    drawn[rows[order[1:][person[1:] == person[:-1]]]] = False


def weigh_cohort(stratum: PlaceboStratum, draw: PlaceboDraw, settings: MatchSettings) -> FloatArray:
    """Return the weight of every row: 1 for the matched of the cohort, final ones for controls."""
    rows = np.flatnonzero(draw.drawn | draw.in_pool)
    is_drawn = draw.drawn[rows]
    weight = np.zeros(len(stratum.score))
    if not is_drawn.any() or is_drawn.all():
        return weight
    days = None if draw.days is None else draw.days[rows]
    factor = None if days is None else multipliers_of(stratum.score[rows], is_drawn, days)
    found = match_units(
        stratum.matched_on[rows],
        is_drawn,
        days,
        settings=settings,
        cells=stratum.cell[rows],
        multipliers=factor,
    )
    weight[rows[is_drawn]] = found.controls_n > 0
    weight[rows[~is_drawn]] = found.weights
    if settings.is_tilted and stratum.terms:
        _tilt_cohort(stratum, draw, weight)
    return weight


def _tilt_cohort(stratum: PlaceboStratum, draw: PlaceboDraw, weight: FloatArray) -> None:
    """Tilt the controls' weights in place, for the terms of the headline."""
    ours = np.flatnonzero(draw.drawn & (weight > 0))
    theirs = np.flatnonzero(~draw.drawn & (weight > 0))
    if len(ours) < 2:
        return
    treated = stratum.values[ours]
    spread = treated.std(axis=0, ddof=1)
    spread = np.where(spread > 0, spread, stratum.values[theirs].std(axis=0))
    varies = spread > 0
    values = (stratum.values[theirs][:, varies] - treated.mean(axis=0)[varies]) / spread[varies]
    terms = tuple(term for term, one in zip(stratum.terms, varies, strict=True) if one)
    found = tilt(weight[theirs], values, terms, treated_n=len(ours), cells=stratum.cell[theirs])
    weight[theirs] = found.weights


def run_cohorts(
    strata: Sequence[PlaceboStratum],
    outcomes: dict[str, FloatArray],
    settings: MatchSettings,
    *,
    cohorts: int,
    seed: int,
) -> PlaceboResult:
    """Draw, weigh and test cohorts of all strata together; equal seed, equal result.

    outcomes: ``rate`` (0 or 1) and ``frequency`` of every row, strata one after the other.
    Differences in the units of the outcome; cohorts that cannot be compared are left out.
    """
    rng = np.random.default_rng(seed)
    sizes = [len(stratum.score) for stratum in strata]
    clusters = Clusters.of(
        np.concatenate([stratum.person for stratum in strata]),
        np.repeat(np.arange(len(strata)), sizes),
    )
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in outcomes}
    contribution, used = np.zeros(sum(sizes)), 0
    for _ in range(cohorts):
        draws = [draw_cohort(stratum, rng) for stratum in strata]
        weight = np.concatenate(
            [
                weigh_cohort(stratum, draw, settings)
                for stratum, draw in zip(strata, draws, strict=True)
            ]
        )
        drawn = np.concatenate([draw.drawn for draw in draws])
        compared = {
            name: contrast(
                outcome, drawn, weight, "binary" if name == "rate" else "count", settings, clusters
            )
            for name, outcome in outcomes.items()
        }
        if any(one is None or one.result is None for one in compared.values()):
            continue
        for name, one in compared.items():
            if one is not None and one.result is not None:
                found[name].append((one.result.difference.value, one.result.p_value))
        total = weight[~drawn].sum()
        contribution += np.where(drawn, weight / weight[drawn].sum(), -weight / total)
        used += 1
    return PlaceboResult(
        differences={name: np.array([d for d, _ in rows]) for name, rows in found.items()},
        p_values={name: np.array([p for _, p in rows]) for name, rows in found.items()},
        contribution=contribution / max(used, 1),
    )


def shared_pool_error(
    contribution: FloatArray, outcome: FloatArray, values: FloatArray, person: IntArray
) -> float:
    """Return the standard error of the cohorts' mean difference, for the pool being what it is.

    The mean is sum a y with a the rows' contributions, and all cohorts come from one pool: over
    other pools with the same covariates its variance is the sum over persons of
    (sum of a e)^2, e what a regression of the outcome on the balanced terms leaves. Drawing more
    cohorts makes the part of chance draws small, not the pool's. Treating the draws as
    independent, as their spread over the root of their number does, calls a sound method biased
    far too often.
    """
    columns = np.column_stack([np.ones(len(outcome)), values])
    residual = outcome - columns @ np.linalg.lstsq(columns, outcome, rcond=None)[0]
    code = np.unique(person, return_inverse=True)[1]
    return float(np.sqrt(np.sum(np.bincount(code, contribution * residual) ** 2)))
