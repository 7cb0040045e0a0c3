"""An empirical null: what the method finds where nobody had a service.

Cohorts that look like the treated are drawn from the control pool and put through the same radius
matching. Their true effect is nothing, so the mean of their estimates is the method's bias, and
their spread says how far off zero an estimate comes by chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.intervals import newcombe_limits
from justice_data_lab.statistics.settings import MatchSettings

CHUNK_DRAWS = 500_000
# Columns of a person's values: 1, re-offender, re-offences, their square.
ONE, RATE, FREQUENCY, SQUARE = range(4)


@dataclass(frozen=True)
class Pool:
    """The controls of one stratum and exact cell, and the treated whom they are to imitate.

    grid: their scores on the whole-number grid, ascending. odds: exp(score), any scale.
    values: columns ONE to SQUARE. treated_n: matched treated. days: distinct delays of these,
    ascending, and baseline: cumulative hazard of a start up to each; one day, 0, without delays.
    seen: on how many of the days each control is at risk. width: the radius on the grid.
    """

    grid: IntArray
    odds: FloatArray
    values: FloatArray
    treated_n: int
    days: IntArray
    baseline: FloatArray
    seen: IntArray
    width: int


@dataclass(frozen=True)
class Placebo:
    """The empirical null of one measure, in the measure's unit (rates in points).

    estimate: the real one. bias: mean of the cohorts' estimates; bias_error and coverage_error:
    Monte Carlo standard errors. spread: their standard deviation; lower, upper: their 2.5th and
    97.5th percentile. coverage: percent of the cohorts' 95% intervals that hold zero. p_value:
    (1 + cohorts at least as far from zero as the estimate) / (1 + cohorts).
    """

    measure: str
    estimate: float
    p_value: float
    bias: float
    bias_error: float
    spread: float
    lower: float
    upper: float
    coverage: float
    coverage_error: float
    cohorts: int


def make_pool(
    grid: IntArray,
    scores: FloatArray,
    reoffences_n: FloatArray,
    *,
    treated_n: int,
    width: int,
    delays: IntArray | None = None,
    last_days: IntArray | None = None,
) -> Pool:
    """Prepare one stratum; arrays are of its controls on support, in key order.

    grid: scores on the scale that is matched on; scores: linear predictors. delays: of the
    matched treated; last_days: of the controls; both or neither. The baseline hazard is
    Breslow's, over the controls: starts_t / sum of exp(score) at risk on t.
    """
    order = np.argsort(grid, kind="stable")
    odds: FloatArray = np.exp(scores[order] - scores.max())
    if delays is None or last_days is None:
        days, starts = np.zeros(1, dtype=np.int64), np.array([treated_n])
        seen = np.ones(len(grid), dtype=np.int64)
    else:
        days, starts = np.unique(delays, return_counts=True)
        seen = np.searchsorted(days, last_days[order], side="right")
    by_day = np.bincount(seen, weights=odds, minlength=len(days) + 1)[1:]
    at_risk = np.cumsum(by_day[::-1])[::-1]
    counts = reoffences_n[order].astype(np.float64)
    return Pool(
        grid=grid[order],
        odds=odds,
        values=np.column_stack([np.ones(len(grid)), counts > 0, counts, counts**2]),
        treated_n=treated_n,
        days=days,
        baseline=np.cumsum(np.divide(starts, at_risk, out=np.zeros(len(days)), where=at_risk > 0)),
        seen=seen,
        width=width,
    )


def draw_cohorts(pool: Pool, rng: np.random.Generator, cohorts: int) -> tuple[IntArray, IntArray]:
    """Draw pseudo-cohorts without replacement; returns (cohort by person) rows and day numbers.

    Each control has an exponential time E to a start at the rate of its score, and starts if the
    baseline hazard reaches E / exp(score) while it is at risk; the pace is set so that exactly
    ``treated_n`` do. So delays come as the fitted model has them, and without delays the draw is
    proportional to exp(logit). Source: Efraimidis & Spirakis (2006, Inf. Proc. Letters 97).
    """
    size = min(pool.treated_n, int(np.count_nonzero(pool.seen)))
    reach = np.append(0.0, pool.baseline)[pool.seen] * pool.odds
    slowness = np.divide(1.0, reach, out=np.full(len(reach), np.inf), where=reach > 0)
    rows = np.empty((cohorts, size), dtype=np.int64)
    days = np.empty((cohorts, size), dtype=np.int64)
    step = max(1, CHUNK_DRAWS // max(len(slowness), 1))
    for start in range(0, cohorts, step):
        times = rng.standard_exponential((min(step, cohorts - start), len(slowness)))
        times *= slowness
        chosen = np.argpartition(times, size - 1, axis=1)[:, :size]
        chosen.sort(axis=1)
        part = slice(start, start + len(chosen))
        rows[part] = chosen
        share = np.take_along_axis(times, chosen, axis=1)
        hazard = np.append(0.0, pool.baseline)[pool.seen[chosen]] * share
        hazard /= share.max(axis=1, keepdims=True)
        day = np.searchsorted(pool.baseline, hazard, side="left")
        days[part] = np.minimum(day, pool.seen[chosen] - 1)
    return rows, days


def weigh_cohorts(pool: Pool, rows: IntArray, days: IntArray) -> FloatArray:
    """Match every cohort by radius; returns sums of its values, (cohort, 3, 4).

    Of each of the four columns of values: the sum over the matched of the cohort, the weighted
    sum over its controls, and the sum with squared weights. Nobody is a control of its own.
    """
    low = np.searchsorted(pool.grid, pool.grid - pool.width, side="left")
    high = np.searchsorted(pool.grid, pool.grid + pool.width, side="right")
    share = _shares(pool, rows, days, low, high)
    sums = np.empty((len(rows), 3, pool.values.shape[1]))
    places, columns = len(pool.grid) + 1, len(pool.days) + 1
    later = np.arange(columns)
    for cohort, (people, day) in enumerate(zip(rows, days, strict=True)):
        table = np.zeros((len(people) + 1, columns))
        np.cumsum(
            np.where(later > day[:, None], share[cohort][:, None], 0.0), axis=0, out=table[1:]
        )
        running = table.ravel()
        begun = np.cumsum(np.bincount(low[people], minlength=places))[:-1]
        ended = np.cumsum(np.bincount(high[people], minlength=places))[:-1]
        begun *= columns
        ended *= columns
        begun += pool.seen
        ended += pool.seen
        weight = running[begun] - running[ended]
        weight[people] -= share[cohort]
        sums[cohort, 0] = (share[cohort] > 0) @ pool.values[people]
        sums[cohort, 1:] = np.stack([weight, weight * weight]) @ pool.values
    return sums


def _shares(
    pool: Pool, rows: IntArray, days: IntArray, low: IntArray, high: IntArray
) -> FloatArray:
    """Return 1 / k of each drawn person, k its controls at risk on its day but itself; 0 for 0."""
    counts = np.zeros(rows.size, dtype=np.int64)
    flat, day_of = rows.ravel(), days.ravel()
    order = np.argsort(day_of, kind="stable")
    edges = np.searchsorted(day_of[order], np.arange(len(pool.days) + 1))
    for day in range(len(pool.days)):
        there = order[edges[day] : edges[day + 1]]
        at_risk = np.append(0, np.cumsum(pool.seen > day))
        counts[there] = at_risk[high[flat[there]]] - at_risk[low[flat[there]]] - 1
    share = np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)
    return share.reshape(rows.shape)


def placebo_test(
    pools: Sequence[Pool],
    estimates: tuple[float, float],
    settings: MatchSettings,
    *,
    cohorts: int,
    seed: int,
) -> tuple[Placebo, Placebo]:
    """Draw and match cohorts of all strata together, and judge the real estimates by them.

    pools: one a stratum and exact cell. estimates: the real differences, of the rate in points
    and of the frequency a person. Returns the empirical null of both. Equal seed, equal result.
    ValueError without anybody to draw.
    """
    used = [pool for pool in pools if pool.treated_n and pool.seen.any()]
    if not used or cohorts < 1:
        raise ValueError("there is nobody in the pool to draw a placebo cohort from")
    rng = np.random.default_rng(seed)
    total: FloatArray = np.zeros((cohorts, 3, 4))
    for pool in used:
        total += weigh_cohorts(pool, *draw_cohorts(pool, rng, cohorts))
    known = total[(total[:, 0, ONE] > 1) & _is_spread(total)]
    if not len(known):
        raise ValueError("no placebo cohort has enough matches to estimate anything")
    rate = _rates(known, settings)
    frequency = _frequencies(known, settings)
    return (
        _judge("rate", estimates[0], 100 * rate),
        _judge("frequency", estimates[1], frequency),
    )


def _is_spread(sums: FloatArray) -> BoolArray:
    """Return which cohorts have controls of an effective size above 1."""
    result: BoolArray = sums[:, 1, ONE] ** 2 > (1.0 + 1e-9) * sums[:, 2, ONE]
    return result


def _rates(sums: FloatArray, settings: MatchSettings) -> FloatArray:
    """Return difference, lower and upper limit by Welch on Kish's size, or by Newcombe."""
    n, weight = sums[:, 0, ONE], sums[:, 1, ONE]
    size = weight**2 / sums[:, 2, ONE]
    p1, p0 = sums[:, 0, RATE] / n, np.clip(sums[:, 1, RATE] / weight, 0.0, 1.0)
    first, second = p1 * (1 - p1) / (n - 1), p0 * (1 - p0) / (size - 1)
    variance = np.maximum(first + second, 1e-300)
    freedom = variance**2 / (first**2 / (n - 1) + second**2 / (size - 1) + 1e-300)
    half = stats.t.ppf(1 - settings.alpha / 2, np.maximum(freedom, 1.0)) * np.sqrt(variance)
    found = np.column_stack([p1 - p0, p1 - p0 - half, p1 - p0 + half])
    rarest = np.minimum(n * np.minimum(p1, 1 - p1), size * np.minimum(p0, 1 - p0))
    z = float(stats.norm.ppf(1 - settings.alpha / 2))
    for row in np.flatnonzero(rarest < settings.guarded_expected_count):
        found[row, 1:] = newcombe_limits(p1[row], n[row], p0[row], size[row], z)
    return found


def _frequencies(sums: FloatArray, settings: MatchSettings) -> FloatArray:
    """Return difference, lower and upper limit by the robust variance, t with n - 1."""
    n, weight = sums[:, 0, ONE], sums[:, 1, ONE]
    m1, m0 = sums[:, 0, FREQUENCY] / n, sums[:, 1, FREQUENCY] / weight
    first = (sums[:, 0, SQUARE] - n * m1**2) / (n * (n - 1))
    second = sums[:, 2, SQUARE] - 2 * m0 * sums[:, 2, FREQUENCY] + m0**2 * sums[:, 2, ONE]
    error = np.sqrt(np.maximum(first, 0.0) + np.maximum(second, 0.0) / weight**2)
    half = stats.t.ppf(1 - settings.alpha / 2, n - 1) * error
    return np.column_stack([m1 - m0, m1 - m0 - half, m1 - m0 + half])


def _judge(measure: str, estimate: float, found: FloatArray) -> Placebo:
    null, n = found[:, 0], len(found)
    covered = float(np.mean((found[:, 1] <= 0) & (found[:, 2] >= 0)))
    spread = float(np.std(null, ddof=1)) if n > 1 else math.nan
    lower, upper = np.quantile(null, [0.025, 0.975]).tolist()
    return Placebo(
        measure=measure,
        estimate=estimate,
        p_value=(1 + int(np.count_nonzero(np.abs(null) >= abs(estimate)))) / (1 + n),
        bias=float(null.mean()),
        bias_error=spread / math.sqrt(n),
        spread=spread,
        lower=lower,
        upper=upper,
        coverage=100 * covered,
        coverage_error=100 * math.sqrt(covered * (1 - covered) / n),
        cohorts=n,
    )
