"""Survival without a re-offence: the curves of both arms, month by month."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
from scipy import stats

from justice_data_lab.measures import measures
from justice_data_lab.statistics.arrow import FloatArray, rows_table
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.intervals import control_arm, wilson_limits
from justice_data_lab.statistics.measures import outcome_values
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import effective_size, weighted_mean

SURVIVAL_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("arm", pa.string()),
        ("month", pa.int64()),
        ("at_risk_n", pa.float64()),
        ("events_n", pa.float64()),
        ("survival", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
    ]
)
DAYS_IN_A_YEAR = 365.25
MONTHS = tuple(range(13))
# Last day of each month after the index date; the twelfth ends the year, leap years too.
MONTH_ENDS = np.array([math.ceil(month * DAYS_IN_A_YEAR / 12) for month in MONTHS], dtype=float)


def estimate_survival(
    cohort: pa.Table,
    matches: pa.Table,
    settings: MatchSettings,
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Estimate how many have not re-offended by the end of each month, for every analysis.

    cohort, matches: as for ``estimate_outcomes``. Treated people count 1, controls their weight.

    Returns one row per (request_id, analysis_id, arm, month), arm ``treated`` or ``control``, month
    0 to 12 from the index date. ``at_risk_n``: (weighted) people without a re-offence by the end
    of the month; ``events_n``: (weighted) first re-offences since the end of the month before;
    ``survival`` with ``lower`` and ``upper``, 0 to 1. Survival at month 12 is 1 less the
    re-offending rate. An arm without people has no rows.

    ValueError when a re-offender has no days, or days after the follow-up.
    """
    result: list[dict[str, object]] = []
    for people in people_by_analysis(cohort, matches):
        result.extend(run_analysis(failures, people.key, _curves_of, people, settings) or [])
    return rows_table(result, SURVIVAL_SCHEMA)


def _curves_of(people: People, settings: MatchSettings) -> list[dict[str, object]]:
    """Return the months of both arms of an analysis."""
    days_to_first = measures()["days_to_first"]
    keys = dict(zip(("request_id", "analysis_id"), people.key, strict=True))
    days = outcome_values(days_to_first, people.outcomes)
    rows: list[dict[str, object]] = []
    for arm, is_treated in (("treated", True), ("control", False)):
        used = people.is_matched & (people.treated == is_treated)
        if used.any():
            curve = survival_curve(
                days[used],
                people.weight[used],
                None if is_treated else people.clusters.take(used),
                alpha=settings.alpha,
            )
            rows.extend({**keys, "arm": arm, **row} for row in curve)
    require_finite(rows)
    return rows


def survival_curve(
    days: FloatArray,
    weights: FloatArray,
    clusters: Clusters | None = None,
    *,
    alpha: float = 0.05,
) -> list[dict[str, object]]:
    """Return one arm's months: the weighted share of people without a re-offence.

    days: to the first re-offence, NaN without one. weights: all above 0. clusters: the events of
    each person; None where a row is a person.

    Eligibility asks for the whole follow-up, so nobody is censored before month 12, and the
    estimate of Kaplan and Meier (1958, JASA 53: 457-481) is this share. Limits: Wilson's on the
    effective size (``control_arm``); Greenwood's formula on summed weights would take them for
    people, and gives no width at all before the first event. At month 0 survival is 1 by
    definition.
    Source: Rothman (1978, Journal of Chronic Diseases 31: 557-560), of which this is the case
    without censoring.
    """
    is_event = ~np.isnan(days)
    if is_event.any() and float(days[is_event].max()) > MONTH_ENDS[-1]:
        raise ValueError("a first re-offence lies after the 12 months of follow-up")
    z = float(stats.norm.ppf(1 - alpha / 2))
    kish = effective_size(weights)
    free = [~is_event | (days > end) for end in MONTH_ENDS]
    left = [float(weights[still].sum()) for still in free]
    survival = [weighted_mean(still.astype(np.float64), weights) for still in free]
    rows: list[dict[str, object]] = []
    for month in MONTHS:
        size = kish
        if clusters is not None and kish > 1:
            still = free[month].astype(np.float64)
            size = control_arm(still, weights, clusters, at_least_kish=True).size
        lower, upper = wilson_limits(survival[month], size, z) if month else (1.0, 1.0)
        rows.append(
            {
                "month": month,
                "at_risk_n": left[month],
                "events_n": left[month - 1] - left[month] if month else 0.0,
                "survival": survival[month],
                "lower": lower,
                "upper": upper,
            }
        )
    return rows
