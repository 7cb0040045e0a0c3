"""Means, intervals and p values of a treated group against a weighted control group."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from justice_data_lab.statistics.arrow import FloatArray
from justice_data_lab.statistics.clusters import Clusters, clustered_variance
from justice_data_lab.statistics.weighted import effective_size, mean_variance, weighted_mean

LARGEST_N = 2**40
SCANNED_N = 1024
Test = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class Arm:
    """One group, in the units of the outcome.

    n: rows (controls: those with a weight). size: effective number of people (treated: n).
    mean: weighted mean. variance: variance of one person (n - 1, or its weighted like).
    error_variance: robust variance of the mean, clustered by person where persons are known.
    """

    n: int
    size: float
    mean: float
    variance: float
    error_variance: float


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence limits, in the units of the outcome."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Comparison:
    """Treated minus control: both arms, the difference, p (0 to 1), the number needed, how.

    number_needed: also None where it was not asked for (``is_sized``), as it takes most time.
    """

    treated: Interval
    control: Interval
    difference: Interval
    p_value: float
    number_needed: int | None
    method: str


def treated_arm(outcome: FloatArray) -> Arm:
    """Summarise the treated: plain mean and variance (n - 1); needs two people."""
    size, mean = len(outcome), weighted_mean(outcome)
    variance = float(np.sum((outcome - mean) ** 2)) / (size - 1)
    return Arm(size, float(size), mean, variance, variance / size)


def control_arm(
    outcome: FloatArray,
    weights: FloatArray,
    clusters: Clusters | None = None,
    *,
    at_least_kish: bool = False,
) -> Arm:
    """Summarise weighted controls (all weights positive); needs an effective size above 1.

    With m the weighted mean, W the sum of weights and ESS Kish's effective size:
    variance = (sum w (y - m)^2 / W) * ESS / (ESS - 1), so that equal weights give the n - 1
    variance. Without clusters (a row a person) size = ESS and error_variance =
    sum (w (y - m))^2 / W^2 (HC0 of the weighted mean). With clusters error_variance is that of
    ``clustered_variance``, and size = variance / error_variance: as many independent people
    of equal weight would give the same error. Without any variation it is ESS.
    """
    size, mean = effective_size(weights), weighted_mean(outcome, weights)
    variance = weighted_mean((outcome - mean) ** 2, weights) * size / (size - 1)
    if clusters is None:
        return Arm(len(outcome), size, mean, variance, mean_variance(outcome, weights, mean))
    error = clustered_variance(
        outcome, weights, clusters, of_one=variance, at_least_kish=at_least_kish
    )
    if variance > 0 and error > 0:
        size = variance / error
    return Arm(len(outcome), size, mean, variance, error)


def welch(
    treated: Arm, control: Arm, *, alpha: float = 0.05, is_sized: bool = True
) -> Comparison | None:
    """Compare by Welch's t on the effective size n0 of the controls.

    Standard error sqrt(v1 / n1 + s0^2 / n0), Welch-Satterthwaite degrees of freedom with n1 and
    n0. Arms: t with n1 - 1 and n0 - 1. Source: Welch (1947), Kish (1965). None where neither
    arm varies: there is nothing to estimate an error from.
    """

    def test(n: FloatArray) -> tuple[FloatArray, FloatArray]:
        first, second = treated.variance / n, control.variance / control.size
        freedom = (first + second) ** 2 / (first**2 / (n - 1) + second**2 / (control.size - 1))
        return first + second, freedom

    return _by_t(
        treated,
        control,
        test,
        control.variance / control.size,
        alpha,
        "welch_effective",
        is_sized=is_sized,
    )


def robust(
    treated: Arm, control: Arm, *, alpha: float = 0.05, is_sized: bool = True
) -> Comparison | None:
    """Compare counts or durations by the robust variance.

    Standard error sqrt(v1 / n1 + the controls' error variance), t with n1 - 1 degrees of freedom
    (the controls' own interval: effective size - 1). Kish's variance is too small here, because
    much-used controls are the high-risk ones. None where neither arm varies.
    """

    def test(n: FloatArray) -> tuple[FloatArray, FloatArray]:
        return treated.variance / n + control.error_variance, n - 1

    return _by_t(
        treated, control, test, control.error_variance, alpha, "robust_t", is_sized=is_sized
    )


def newcombe(
    treated: Arm, control: Arm, *, alpha: float = 0.05, is_sized: bool = True
) -> Comparison:
    """Compare two proportions by Newcombe's hybrid score interval on the effective size.

    p is the smallest alpha whose interval leaves out zero, so that p and interval never disagree.
    Arms: Wilson's interval. Source: Newcombe (1998, Statistics in Medicine 17: 873-890),
    method 10.
    """
    z = float(stats.norm.ppf(1 - alpha / 2))
    lower, upper = newcombe_limits(treated.mean, treated.n, control.mean, control.size, z)
    difference = treated.mean - control.mean

    def p_value(n: float) -> float:
        return newcombe_p(treated.mean, n, control.mean, control.size)

    return Comparison(
        treated=Interval(treated.mean, *wilson_limits(treated.mean, treated.n, z)),
        control=Interval(control.mean, *wilson_limits(control.mean, control.size, z)),
        difference=Interval(difference, lower, upper),
        p_value=p_value(treated.n),
        number_needed=smallest_n(p_value, alpha=alpha) if difference and is_sized else None,
        method="newcombe_effective",
    )


def wilson_limits(share: float, n: float, z: float) -> tuple[float, float]:
    """Return Wilson's score limits of a proportion (0 to 1) with n (effective) people.

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Source: Wilson (1927). A share that
    rounding has left outside 0 to 1 counts as 0 or 1.
    """
    share = min(max(share, 0.0), 1.0)
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    lower = 0.0 if share == 0 else max(0.0, (middle - half) / scale)
    upper = 1.0 if share == 1 else min(1.0, (middle + half) / scale)
    return lower, upper


def newcombe_limits(p1: float, n1: float, p0: float, n0: float, z: float) -> tuple[float, float]:
    """Return Newcombe's limits of p1 - p0 from the Wilson limits of both arms.

    d - sqrt((p1 - l1)^2 + (u0 - p0)^2) to d + sqrt((u1 - p1)^2 + (p0 - l0)^2).
    """
    low1, high1 = wilson_limits(p1, n1, z)
    low0, high0 = wilson_limits(p0, n0, z)
    difference = p1 - p0
    return (
        difference - math.hypot(p1 - low1, high0 - p0),
        difference + math.hypot(high1 - p1, p0 - low0),
    )


def newcombe_p(p1: float, n1: float, p0: float, n0: float, *, null: float = 0.0) -> float:
    """Return the smallest alpha at which Newcombe's interval leaves out a difference of ``null``.

    1 where that is the difference, 0 where no interval reaches it (of shares it always reaches
    0). The limit nearer to it crosses it at one z, found by root search: p = 2 (1 - Phi(z)).
    """
    if p1 - p0 == null:
        return 1.0

    def nearest(z: float) -> float:
        lower, upper = newcombe_limits(p1, n1, p0, n0, z)
        return lower - null if p1 - p0 > null else null - upper

    high = 1.0
    while nearest(high) > 0 and high < 1e6:
        high *= 2
    if nearest(high) > 0:
        return 0.0
    z = float(optimize.brentq(nearest, 0.0, high, xtol=1e-14, rtol=1e-14))
    return float(2 * stats.norm.sf(z))


def smallest_n(p_value: Callable[[float], float], *, alpha: float, start: int = 2) -> int | None:
    """Return the smallest treated n (start or more) with p <= alpha; None if no size has.

    Doubles, then halves: p must fall as n grows from start.
    """
    high = start
    while p_value(high) > alpha:
        if high >= LARGEST_N:
            return None
        high *= 2
    low = max(high // 2, start - 1)
    while high - low > 1:
        middle = (low + high) // 2
        if p_value(middle) <= alpha:
            high = middle
        else:
            low = middle
    return high


def _by_t(
    treated: Arm,
    control: Arm,
    test: Test,
    control_error: float,
    alpha: float,
    method: str,
    *,
    is_sized: bool,
) -> Comparison | None:
    """Compare by t, given the variance of the difference and its freedom at treated sizes."""
    if treated.variance <= 0 and control_error <= 0:
        return None
    difference = treated.mean - control.mean

    def p_values(n: FloatArray) -> FloatArray:
        variance, freedom = test(n)
        return np.asarray(2 * special.stdtr(freedom, -abs(difference) / np.sqrt(variance)))

    size = np.array([float(treated.n)])
    variance, freedom = (float(number[0]) for number in test(size))
    return Comparison(
        treated=t_interval(treated.mean, treated.variance / treated.n, treated.n - 1, alpha),
        control=t_interval(control.mean, control_error, control.size - 1, alpha),
        difference=t_interval(difference, variance, freedom, alpha),
        p_value=float(p_values(size)[0]),
        number_needed=_needed(p_values, alpha=alpha) if difference and is_sized else None,
        method=method,
    )


def _needed(p_values: Callable[[FloatArray], FloatArray], *, alpha: float) -> int | None:
    """Return the smallest treated n of a t test with p <= alpha; None if no size has.

    Every size up to 1,024 is looked at: with controls of a very small effective size the degrees
    of freedom shrink while n grows, and p does not fall all the way.
    """
    sizes = np.arange(2, SCANNED_N, dtype=np.float64)
    found = np.flatnonzero(p_values(sizes) <= alpha)
    if len(found):
        return int(sizes[found[0]])

    def p_value(n: float) -> float:
        return float(p_values(np.array([float(n)]))[0])

    return smallest_n(p_value, alpha=alpha, start=SCANNED_N)


def t_interval(value: float, variance: float, freedom: float, alpha: float) -> Interval:
    """Return value -+ t(1 - alpha/2, freedom) * sqrt(variance)."""
    half = float(special.stdtrit(freedom, 1 - alpha / 2)) * math.sqrt(variance)
    return Interval(value, value - half, value + half)
