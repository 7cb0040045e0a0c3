"""The empirical null of the lab's headlines: of shown figures alone, a service once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from justice_data_lab.disclosure.nested import STEPS
from justice_data_lab.disclosure.outcomes import round_value
from justice_data_lab.disclosure.rounding import round_figure, round_p
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import Row, by_key, rows_of, table_of
from justice_data_lab.measures import HEADLINE, measures
from justice_data_lab.statistics.empirical_null import EmpiricalNull, calibrate, fit_null

EMPIRICAL_NULL_SCHEMA: Final = pa.schema(
    [
        ("measure", pa.string()),
        ("requests_n", pa.int64()),
        ("mean", pa.float64()),
        ("spread", pa.float64()),
    ]
)
CALIBRATED: Final = ("calibrated_lower", "calibrated_upper", "calibrated_p_value")
CALIBRATED_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("request_id", "analysis_id", "measure")),
        *((name, pa.float64()) for name in CALIBRATED),
        *((f"published_{name}", pa.float64()) for name in CALIBRATED),
    ]
)

Service = tuple[Any, str]


@dataclass(frozen=True)
class _Headline:
    """One measure of a headline. shown: as published; null figures where it is not.

    is_counted: whether it is one of those that the null is of.
    """

    figures: Row
    shown: Mapping[str, Any]
    service: Service
    is_counted: bool


def publish_empirical_null(estimates: pa.Table, outcomes: pa.Table, requests: pa.Table) -> pa.Table:
    """Return the empirical null of every measure with ten services or more.

    estimates: unrounded, one per (request_id, analysis_id, measure). outcomes: the controlled
    ones: a headline whose difference is not shown counts in no null, so that none gives it away.
    requests: request_id, organisation, service_name, submitted_on, and is_in_total of those that
    may stand in a total; of these about one service the latest counts (ties: the last request_id).

    Mean and spread in the unit of the measure, rounded as its figures are, to one place more.
    """
    result: list[Row] = []
    for measure, headlines in _headlines(estimates, outcomes, requests):
        null = _null_of([one for one in headlines if one.is_counted])
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


def calibrate_headlines(
    estimates: pa.Table, outcomes: pa.Table, requests: pa.Table, settings: DisclosureSettings
) -> pa.Table:
    """Return every headline against the empirical null of all services but its own.

    estimates, outcomes, requests: as ``publish_empirical_null``. One row per (request_id,
    analysis_id, measure) with a standard error, where ten other services or more have a null.
    The columns ``published_`` are rounded as the difference is, and null where it is not shown.
    """
    result: list[Row] = []
    for _, headlines in _headlines(estimates, outcomes, requests):
        for headline in headlines:
            others = [
                one for one in headlines if one.is_counted and one.service != headline.service
            ]
            null = _null_of(others)
            if null is not None:
                result.append(_calibrated(headline, null, settings))
    return table_of(result, CALIBRATED_SCHEMA)


def _headlines(
    estimates: pa.Table, outcomes: pa.Table, requests: pa.Table
) -> Iterator[tuple[str, Sequence[_Headline]]]:
    """Yield each measure with the headlines that have a standard error."""
    services = {row["request_id"]: _service(row) for row in requests.to_pylist()}
    latest = _latest_of_each_service(requests)
    shown = by_key(outcomes.to_pylist(), "request_id", "analysis_id", "measure")
    nothing = {"difference": None, "rounding_step": None}
    by_measure: dict[str, list[_Headline]] = {}
    for row in rows_of(estimates, key=("request_id", "analysis_id", "measure")):
        request_id, pair = row["request_id"], (row["difference"], row["std_error"])
        if row["analysis_id"] != HEADLINE or request_id not in services:
            continue
        if all(isinstance(one, float) and math.isfinite(one) for one in pair) and pair[1] > 0:
            printed = shown.get((request_id, HEADLINE, row["measure"]), nothing)
            is_counted = printed["difference"] is not None and request_id in latest
            headline = _Headline(row, printed, services[request_id], is_counted)
            by_measure.setdefault(row["measure"], []).append(headline)
    yield from sorted(by_measure.items())


def _null_of(headlines: Sequence[_Headline]) -> EmpiricalNull | None:
    differences = np.array([one.figures["difference"] for one in headlines], dtype=np.float64)
    errors = np.array([one.figures["std_error"] for one in headlines], dtype=np.float64)
    return fit_null(differences, errors)


def _calibrated(headline: _Headline, null: EmpiricalNull, settings: DisclosureSettings) -> Row:
    row, shown = headline.figures, headline.shown
    rule = measures()[row["measure"]]
    exact = calibrate(row["difference"], row["std_error"], null)
    figures = dict(zip(CALIBRATED, (exact.lower, exact.upper, exact.p_value), strict=True))
    published: dict[str, float | None] = dict.fromkeys(CALIBRATED)
    if shown["difference"] is not None:
        step = shown["rounding_step"] or STEPS[0]
        for name in CALIBRATED[:2]:
            published[name] = round_value(
                figures[name], rule, step=step, people=row["treated_n"], settings=settings
            )
        published[CALIBRATED[2]] = round_p(exact.p_value)
    return {
        **{name: row[name] for name in CALIBRATED_SCHEMA.names[:3]},
        **figures,
        **{f"published_{name}": value for name, value in published.items()},
    }


def _service(request: Mapping[str, Any]) -> Service:
    return request["organisation"], request["service_name"] or request["request_id"]


def _latest_of_each_service(requests: pa.Table) -> set[str]:
    """Return the requests that count: of those in totals, the latest of each service."""
    latest: dict[Service, tuple[Any, str]] = {}
    for row in requests.to_pylist():
        if row["is_in_total"]:
            service, submitted = _service(row), (row["submitted_on"], row["request_id"])
            latest[service] = max(latest.get(service, submitted), submitted)
    return {request_id for _, request_id in latest.values()}
