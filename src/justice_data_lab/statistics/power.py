"""What a group of a given size could show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from scipy import optimize, special

from justice_data_lab.measures import HEADLINE
from justice_data_lab.statistics.arrow import rows_table
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.settings import MatchSettings

POWER_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("reduction_points", pa.int64()),
        ("minimum_treated_n", pa.int64()),
    ]
)
DETECTABLE_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("power_percent", pa.int64()),
        ("smallest_detectable_points", pa.float64()),
    ]
)
REDUCTIONS = tuple(range(1, 11))
POWERS = (80, 95)
SMALLEST_N = 2.0
LARGEST_N = 1e12


def power_table(
    estimates: pa.Table, settings: MatchSettings, *, failures: Failures | None = None
) -> pa.Table:
    """Return the treated group needed for reductions of 1 to 10 points, for every request.

    estimates: what ``estimate_outcomes`` returns; the ``rate`` of the analysis ``headline`` is
    read, requests without an estimate of it are left out.

    One common variance, the average of both arms' p (1 - p), as the pilot's own table implies,
    and the effective control size. Returns one row per (request_id, reduction_points), the size
    rounded to nearest, null if no size can show it.
    """
    result: list[dict[str, object]] = []
    for row in _headline_rates(estimates):
        key = (row["request_id"], HEADLINE)
        result.extend(run_analysis(failures, key, _sizes_needed, row, settings) or [])
    return rows_table(result, POWER_SCHEMA)


def _sizes_needed(row: Mapping[str, Any], settings: MatchSettings) -> list[dict[str, object]]:
    variance = common_variance(row["treated_value"] / 100, row["control_value"] / 100)
    return [
        {
            "request_id": row["request_id"],
            "reduction_points": points,
            "minimum_treated_n": round_size(
                minimum_treated_n(
                    points=points,
                    controls_n=row["control_effective_n"],
                    variance=variance,
                    power=settings.power,
                    alpha=settings.alpha,
                )
            ),
        }
        for points in REDUCTIONS
    ]


def detectable_table(
    estimates: pa.Table, settings: MatchSettings, *, failures: Failures | None = None
) -> pa.Table:
    """Return the smallest difference that each request could have shown, at 80 and 95% power.

    estimates: as for ``power_table``, and the same variance and control size, with the treated
    of the rate. Returns one row per (request_id, power_percent), in points, unrounded; null with
    fewer than two treated or an effective size under two.
    """
    result: list[dict[str, object]] = []
    for row in _headline_rates(estimates):
        key = (row["request_id"], HEADLINE)
        result.extend(run_analysis(failures, key, _differences_shown, row, settings) or [])
    return rows_table(result, DETECTABLE_SCHEMA)


def _differences_shown(row: Mapping[str, Any], settings: MatchSettings) -> list[dict[str, object]]:
    variance = common_variance(row["treated_value"] / 100, row["control_value"] / 100)
    rows: list[dict[str, object]] = [
        {
            "request_id": row["request_id"],
            "power_percent": percent,
            "smallest_detectable_points": smallest_detectable_points(
                treated_n=row["treated_n"],
                controls_n=row["control_effective_n"],
                variance=variance,
                power=percent / 100,
                alpha=settings.alpha,
            ),
        }
        for percent in POWERS
    ]
    require_finite(rows)
    return rows


def round_size(size: float | None) -> int | None:
    """Round a group's size to nearest, as the pilot did; None stays None."""
    return None if size is None else math.floor(size + 0.5)


def _headline_rates(estimates: pa.Table) -> list[dict[str, Any]]:
    """Return the rate of every request's headline that has an estimate, by request."""
    names = [name for name in estimates.column_names if name != "statement"]
    return [
        row
        for row in estimates.select(names).sort_by("request_id").to_pylist()
        if row["analysis_id"] == HEADLINE
        and row["measure"] == "rate"
        and row["treated_value"] is not None
        and row["control_value"] is not None
    ]


def common_variance(treated_rate: float, control_rate: float) -> float:
    """Return the average of p (1 - p) of both arms (rates 0 to 1)."""
    return (treated_rate * (1 - treated_rate) + control_rate * (1 - control_rate)) / 2


def power_of(
    *, points: float, treated_n: float, controls_n: float, variance: float, alpha: float = 0.05
) -> float:
    """Return the power (0 to 1) of a two-sided two-sample t-test with unequal sizes.

    P(|T| > t(1 - alpha/2)) for a noncentral t with treated_n + controls_n - 2 degrees of freedom
    and noncentrality (points / 100) / sqrt(variance (1 / treated_n + 1 / controls_n)). Source:
    Cohen (1988), chapter 2.
    """
    freedom = treated_n + controls_n - 2
    error = math.sqrt(variance * (1 / treated_n + 1 / controls_n))
    centre = abs(points) / 100 / error
    if freedom > 1e8:  # no longer to be told from the normal
        edge = float(special.ndtri(1 - alpha / 2))
        return float(special.ndtr(centre - edge) + special.ndtr(-edge - centre))
    edge = float(special.stdtrit(freedom, 1 - alpha / 2))
    below, far_below = (special.nctdtr(freedom, centre, at) for at in (edge, -edge))
    both = 1.0 - float(below) + float(far_below)
    return both if math.isfinite(both) else float(special.ndtr(centre - edge))


def minimum_treated_n(
    points: float,
    controls_n: float,
    variance: float,
    power: float = 0.95,
    alpha: float = 0.05,
) -> float | None:
    """Return the treated group with which a difference is found with this power.

    points: size of the difference in percentage points, above 0. controls_n: (effective)
    number of controls. variance: of the outcome of one person, on 0 to 1.

    The size is continuous, 2 or more, for the caller to round; None when no size is enough (the
    controls alone leave too much error), or with fewer than two controls. With 33,111 controls
    and a variance of 0.2239838 these are the ten sizes of table 1 of the pilot's report.
    """
    if points <= 0 or variance < 0:
        raise ValueError("points must be above 0 and the variance not negative")
    if controls_n < SMALLEST_N:
        return None
    if variance == 0:
        return SMALLEST_N

    def short(log_n: float) -> float:
        reached = power_of(
            points=points,
            treated_n=math.exp(log_n),
            controls_n=controls_n,
            variance=variance,
            alpha=alpha,
        )
        return reached - power

    low, high = math.log(SMALLEST_N), math.log(LARGEST_N)
    if short(low) >= 0:
        return SMALLEST_N
    if short(high) < 0:
        return None
    return math.exp(float(optimize.brentq(short, low, high, xtol=1e-13, rtol=1e-13)))


def smallest_detectable_points(
    *, treated_n: float, controls_n: float, variance: float, power: float, alpha: float = 0.05
) -> float | None:
    """Return the smallest difference, in points, that these groups find with this power.

    None when either group has fewer than two people.
    """
    if min(treated_n, controls_n) < SMALLEST_N:
        return None
    if variance == 0:
        return 0.0

    def short(points: float) -> float:
        reached = power_of(
            points=points,
            treated_n=treated_n,
            controls_n=controls_n,
            variance=variance,
            alpha=alpha,
        )
        return reached - power

    high = 1.0
    while short(high) < 0:
        high *= 2
    return float(optimize.brentq(short, 0.0, high, xtol=1e-12, rtol=1e-12))
