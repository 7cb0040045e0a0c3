"""The gate before results: whether the two groups may be compared at all."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    rows_table,
    sort_rows,
)
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.covariates import Covariate
from justice_data_lab.statistics.glm import probability

GATE_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("gate", pa.string()),
        ("gate_order", pa.int64()),
        ("value", pa.float64()),
        ("limit_value", pa.float64()),
        ("passes", pa.bool_()),
    ]
)
LARGEST_COLUMN, LARGEST_TERM = 10.0, 25.0
VARIANCE_RATIOS = (0.5, 2.0)
PREFERENCES = (0.3, 0.7)
SMALLEST_EQUIPOISE = 35.0
AnalysisId = tuple[str, ...]


def diagnostics_gate(
    scores: pa.Table, balance: pa.Table, tilts: pa.Table, covariates: Sequence[Covariate]
) -> pa.Table:
    """Judge every analysis by its own final weights; one row per (request, analysis, gate).

    scores, balance, tilts: what ``score_propensities``, ``covariate_balance`` (of the final
    weights) and ``balance_matches`` return.

    ``columns``: largest absolute standardised difference over the terms of the balance, percent,
    at most 10. ``squares_and_products``: the same over squares and products, dropped ones
    included, at most 25; strata pooled by their matched treated; null (passes) without any.
    ``variance_ratio_low`` and ``variance_ratio_high``: smallest and largest ratio of variances
    after matching of the numbers among the covariates, 0.5 to 2; null (passes) without any.
    ``equipoise``: see ``equipoise``, at least 35. A value that cannot be worked out does not pass,
    but for the two cases named.
    """
    numbers = {one.name for one in covariates if one.kind == "continuous"}
    columns, terms, prefer = _columns(balance, numbers), _terms(tilts), equipoise(scores)
    result: list[dict[str, object]] = []
    for key in sorted(columns):
        largest, low, high = columns[key]
        term = terms.get(key, math.nan)
        rows = (
            ("columns", largest, LARGEST_COLUMN, largest <= LARGEST_COLUMN),
            (
                "squares_and_products",
                term,
                LARGEST_TERM,
                math.isnan(term) or term <= LARGEST_TERM,
            ),
            (
                "variance_ratio_low",
                low,
                VARIANCE_RATIOS[0],
                math.isnan(low) or low >= VARIANCE_RATIOS[0],
            ),
            (
                "variance_ratio_high",
                high,
                VARIANCE_RATIOS[1],
                math.isnan(high) or high <= VARIANCE_RATIOS[1],
            ),
            (
                "equipoise",
                prefer.get(key, math.nan),
                SMALLEST_EQUIPOISE,
                prefer.get(key, math.nan) >= SMALLEST_EQUIPOISE,
            ),
        )
        for place, (gate, value, limit, passes) in enumerate(rows):
            result.append(
                {
                    "request_id": key[0],
                    "analysis_id": key[1],
                    "gate": gate,
                    "gate_order": place,
                    "value": value,
                    "limit_value": limit,
                    "passes": bool(passes),
                }
            )
    return rows_table(result, GATE_SCHEMA)


def equipoise(scores: pa.Table) -> dict[AnalysisId, float]:
    """Return the percent of the treated with a preference score from 0.3 to 0.7, by analysis.

    The preference score F is the chance of treatment with the share of the treated taken out:
    ln(F / (1 - F)) = ln(S / (1 - S)) - ln(P / (1 - P)), with S the chance by the score and P its
    mean over everybody on support of the stratum. S is the propensity of a logistic score; of a
    risk-set score the chance of having started by the median delay, 1 - exp(-exp(score) H). The
    treated off support count as outside. Source: Walker et al. (2013, Comparative Effectiveness
    Research 3: 11-20).
    """
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    treated, on_support = rows.booleans("is_treated"), rows.booleans("on_support")
    linear, has_delay = rows.floats("score"), ~rows.is_null("delay_days")
    days = np.where(
        treated, rows.integers("delay_days", null=0), rows.integers("last_day", null=NEVER)
    )
    inside: dict[AnalysisId, int] = {}
    total: dict[AnalysisId, int] = {}
    for key, part in rows.groups():
        used = np.flatnonzero(on_support[part]) + part.start
        found = 0
        if treated[used].any() and not treated[used].all():
            with_delays = bool((has_delay & treated)[part].any())
            preference = preference_scores(
                linear[used], treated[used], days[used] if with_delays else None
            )[treated[used]]
            found = int(((preference >= PREFERENCES[0]) & (preference <= PREFERENCES[1])).sum())
        inside[key[:2]] = inside.get(key[:2], 0) + found
        total[key[:2]] = total.get(key[:2], 0) + int(treated[part].sum())
    return {key: 100.0 * inside[key] / n for key, n in total.items() if n}


def preference_scores(linear: FloatArray, treated: BoolArray, days: IntArray | None) -> FloatArray:
    """Return the preference score of everybody on support of one stratum, see ``equipoise``.

    days: delay of the treated and last day of the controls; None for a logistic score.
    """
    if days is None:
        odds, chance = linear, probability(linear)
    else:
        median = float(np.median(days[treated]))
        expected = baseline_hazard(linear, treated, days).hazard(
            linear, np.full(len(linear), median)
        )
        chance = -np.expm1(-expected)
        with np.errstate(divide="ignore", over="ignore"):
            odds = np.log(np.expm1(expected))
    share = float(np.mean(chance))
    return probability(odds - math.log(share / (1 - share)))


def _columns(
    balance: pa.Table, numbers: Container[str]
) -> dict[AnalysisId, tuple[float, float, float]]:
    """Return the largest difference, and the smallest and largest ratio of variances."""
    found: dict[AnalysisId, tuple[list[float], list[float]]] = {}
    for row in balance.to_pylist():
        sizes, ratios = found.setdefault((row["request_id"], row["analysis_id"]), ([], []))
        if row["smd_after"] is not None:
            sizes.append(abs(row["smd_after"]))
        if row["variance_ratio_after"] and row["covariate"] in numbers:
            ratios.append(row["variance_ratio_after"])
    return {
        key: (
            max(sizes, default=math.nan),
            min(ratios, default=math.nan),
            max(ratios, default=math.nan),
        )
        for key, (sizes, ratios) in found.items()
    }


def _terms(tilts: pa.Table) -> dict[AnalysisId, float]:
    """Return the largest difference over squares and products, percent, strata pooled."""
    sums: dict[tuple[str, str, str], tuple[float, float]] = {}
    for row in tilts.to_pylist():
        if row["kind"] != "column":
            key = (row["request_id"], row["analysis_id"], row["term"])
            total, n = sums.get(key, (0.0, 0.0))
            own = row["treated_n"]
            sums[key] = (total + own * row["difference_after"], n + own)
    largest: dict[AnalysisId, float] = {}
    for (request, analysis, _), (total, n) in sums.items():
        size = 100.0 * abs(total / n)
        largest[(request, analysis)] = max(size, largest.get((request, analysis), 0.0))
    return largest
