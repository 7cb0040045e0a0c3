"""The empirical null of the lab's headlines: of shown figures alone, a service once."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pyarrow as pa

from justice_data_lab.disclosure.cohorts import HEADLINE
from justice_data_lab.disclosure.rounding import round_figure
from justice_data_lab.disclosure.suppressions import Row, by_key, rows_of, table_of
from justice_data_lab.measures import measures
from justice_data_lab.statistics.empirical_null import fit_null

EMPIRICAL_NULL_SCHEMA: Final = pa.schema(
    [
        ("measure", pa.string()),
        ("requests_n", pa.int64()),
        ("mean", pa.float64()),
        ("spread", pa.float64()),
    ]
)


def publish_empirical_null(estimates: pa.Table, outcomes: pa.Table, requests: pa.Table) -> pa.Table:
    """Return the empirical null of every measure with ten services or more.

    estimates: unrounded, one per (request_id, analysis_id, measure). outcomes: the controlled
    ones: a headline whose difference is not shown counts in no null, so that none gives it away.
    requests: request_id, organisation, service_name, submitted_on of those that may stand in a
    total; of the requests about one service the latest counts (ties: the last request_id).

    Mean and spread in the unit of the measure, rounded as its figures are, to one place more.
    """
    latest = _latest_of_each_service(requests)
    shown = by_key(outcomes.to_pylist(), "request_id", "analysis_id", "measure")
    by_measure: dict[str, list[tuple[float, float]]] = {}
    for row in rows_of(estimates, key=("request_id", "analysis_id", "measure")):
        key = (row["request_id"], row["analysis_id"], row["measure"])
        is_shown = key in shown and shown[key]["difference"] is not None
        if is_shown and row["analysis_id"] == HEADLINE and row["request_id"] in latest:
            pair = (row["difference"], row["std_error"])
            if all(isinstance(one, float) and math.isfinite(one) for one in pair) and pair[1] > 0:
                by_measure.setdefault(row["measure"], []).append(pair)
    result: list[Row] = []
    for measure, pairs in sorted(by_measure.items()):
        differences, errors = np.array(pairs).T
        null = fit_null(differences, errors)
        if null is not None:
            places = measures()[measure].decimals + 1
            result.append(
                {
                    "measure": measure,
                    "requests_n": null.requests_n,
                    "mean": round_figure(null.mean, places),
                    "spread": round_figure(null.spread, places),
                }
            )
    return table_of(result, EMPIRICAL_NULL_SCHEMA)


def _latest_of_each_service(requests: pa.Table) -> set[str]:
    latest: dict[tuple[Any, Any], tuple[Any, str]] = {}
    for row in requests.to_pylist():
        name = row["service_name"] or row["request_id"]
        service = (row["organisation"], name)
        submitted = (row["submitted_on"], row["request_id"])
        latest[service] = max(latest.get(service, submitted), submitted)
    return {request_id for _, request_id in latest.values()}
