"""The gate before results: whether the two groups of an analysis may be compared at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from justice_data_lab.gates import GATES
from justice_data_lab.statistics.arrow import rows_table
from justice_data_lab.statistics.covariates import Covariate
from justice_data_lab.statistics.guard import Failures, run_analysis

GATES_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("gate", pa.string()),
        ("value", pa.float64()),
        ("limit_value", pa.float64()),
        ("passes", pa.bool_()),
    ]
)
Judged = tuple[float, float, bool]
Row = Mapping[str, Any]


def judge_gates(
    diagnostics: pa.Table,
    balance: pa.Table,
    tilts: pa.Table,
    covariates: Sequence[Covariate],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Judge every analysis by its own final weights; one row per (request_id, analysis_id, gate).

    diagnostics, balance, tilts: what ``analysis_diagnostics``, ``covariate_balance`` and
    ``balance_matches`` return of the final weights.

    - ``covariates``: largest absolute standardised difference of a covariate or level, percent, at
      most 10.
    - ``squares_and_products``: the same over the squares and products of the tilt, balanced or
      not, at most 25. Strata are pooled by their matched treated; one that does not consider a
      product, whose columns are not among its six strongest, adds nothing to it.
    - ``variance_ratio``: of the numbers among the covariates whose treated vary, the ratio of the
      treated's variance to the controls' that is furthest from 1; 0.5 to 2, and ``limit_value`` is
      the limit on its side.
    - ``equipoise``: see ``equipoise``; at least 35.

    A null value does not pass, but where there is nothing to judge: no squares and products (an
    analysis without a tilt), or no numbers that vary.
    """
    numbers = {one.name for one in covariates if one.kind == "continuous"}
    balance_of, tilts_of = _by_analysis(balance), _by_analysis(tilts)
    result: list[dict[str, object]] = []
    for row in diagnostics.to_pylist():
        key = (row["request_id"], row["analysis_id"])
        judged = run_analysis(
            failures, key, _judge, row, balance_of.get(key, []), tilts_of.get(key, []), numbers
        )
        for gate, (value, limit, passes) in (judged or {}).items():
            named = {"request_id": key[0], "analysis_id": key[1], "gate": gate}
            result.append({**named, "value": value, "limit_value": limit, "passes": passes})
    return rows_table(result, GATES_SCHEMA)


def _judge(
    diagnostics: Row, balance: Sequence[Row], tilts: Sequence[Row], numbers: Collection[str]
) -> dict[str, Judged]:
    of_terms = _largest_of_terms(tilts)
    return {
        "covariates": _judged("covariates", _number(diagnostics["largest_smd_after"])),
        "squares_and_products": _judged(
            "squares_and_products", of_terms, is_nothing_to_judge=math.isnan(of_terms)
        ),
        "variance_ratio": _judge_ratios(balance, numbers),
        "equipoise": _judged("equipoise", _number(diagnostics["equipoise"])),
    }


def _judged(gate: str, value: float, *, is_nothing_to_judge: bool = False) -> Judged:
    """Return a value, the limit on its side, and whether it keeps to both."""
    low, high = GATES[gate].lowest, GATES[gate].highest
    passes = (low is None or value >= low) and (high is None or value <= high)
    is_below = high is None or (low is not None and value < 1.0)
    limit = low if is_below else high
    return value, math.nan if limit is None else limit, passes or is_nothing_to_judge


def _judge_ratios(balance: Sequence[Row], numbers: Collection[str]) -> Judged:
    """Judge the ratio furthest from 1; where the treated vary and the controls do not, it fails."""
    ratios = [
        row["variance_ratio_after"]
        for row in balance
        if row["covariate"] in numbers and row["smd_after"] is not None
    ]
    if any(ratio is None for ratio in ratios):
        return _judged("variance_ratio", math.nan)
    of_varying = [ratio for ratio in ratios if ratio > 0]
    furthest = max(of_varying, key=lambda ratio: abs(math.log(ratio)), default=math.nan)
    return _judged("variance_ratio", furthest, is_nothing_to_judge=not of_varying)


def _largest_of_terms(tilts: Sequence[Row]) -> float:
    """Return the largest difference over squares and products, percent; NaN without any."""
    treated_n = sum({row["stratum"]: row["treated_n"] for row in tilts}.values())
    sums: dict[str, float] = {}
    for row in tilts:
        if row["kind"] != "column":
            share = row["treated_n"] / treated_n
            sums[row["term"]] = sums.get(row["term"], 0.0) + share * row["difference_after"]
    return max((100.0 * abs(difference) for difference in sums.values()), default=math.nan)


def _by_analysis(table: pa.Table) -> dict[tuple[str, str], list[Row]]:
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in table.to_pylist():
        rows.setdefault((row["request_id"], row["analysis_id"]), []).append(row)
    return rows


def _number(value: float | None) -> float:
    return math.nan if value is None else value
