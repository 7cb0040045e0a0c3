"""Results that add up: random-effects meta-analysis across requests."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import stats

from justice_data_lab.measures import HEADLINE
from justice_data_lab.statistics.arrow import FloatArray, rows_table
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.interactions import cochran_q
from justice_data_lab.statistics.weighted import weighted_mean

META_ANALYSIS_SCHEMA = pa.schema(
    [
        ("dimension", pa.string()),
        ("value", pa.string()),
        ("measure", pa.string()),
        ("requests_n", pa.int64()),
        ("difference", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("p_value", pa.float64()),
        ("tau2", pa.float64()),
        ("i2", pa.float64()),
        ("q", pa.float64()),
        ("q_p_value", pa.float64()),
        ("prediction_lower", pa.float64()),
        ("prediction_upper", pa.float64()),
    ]
)
DIMENSIONS = {"need": "need", "sector": "sector", "provider": "organisation"}
COMBINED_MEASURES = ("rate", "frequency")
OF_THE_INTERVAL = ("lower", "upper", "p_value")


@dataclass(frozen=True)
class Combined:
    """A random-effects mean, in the units of the effects.

    std_error, lower, upper, p_value: by Hartung and Knapp. tau2: variance of the true effects.
    i2: share (percent) of the spread that is not chance. q, q_p_value: Cochran's test that all
    true effects are equal. prediction_lower, prediction_upper: where the true effect of one more
    request of the kind is expected; None with two effects, which do not tell.
    """

    effects_n: int
    difference: float
    std_error: float
    lower: float
    upper: float
    p_value: float
    tau2: float
    i2: float
    q: float
    q_p_value: float
    prediction_lower: float | None
    prediction_upper: float | None


def combine_effects(
    effects: FloatArray, std_errors: FloatArray, *, alpha: float = 0.05
) -> Combined:
    """Combine two or more independent effects; all standard errors above 0.

    tau2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)), w = 1 / se^2 (DerSimonian & Laird
    1986); mean by w* = 1 / (se^2 + tau2). Its variance is max(1, H) / sum w* with H = sum w* (d -
    mean)^2 / (k - 1), and t has k - 1 degrees of freedom (Hartung & Knapp 2001; the 1 is their
    correction of 2003, Statistics in Medicine 22: 2693-2710: without it two requests that agree
    by chance have an interval of no width). Prediction: mean -+ t(k - 2) sqrt(tau2 + se^2)
    (Higgins, Thompson & Spiegelhalter 2009). I2 = max(0, (Q - (k - 1)) / Q).
    """
    spread = cochran_q(effects, std_errors)
    tau2, i2 = _between(spread.q, spread.freedom, std_errors)
    weights = 1 / (std_errors**2 + tau2)
    total = float(weights.sum())
    mean = weighted_mean(effects, weights)
    inflation = float(np.sum(weights * (effects - mean) ** 2)) / spread.freedom
    error = math.sqrt(max(1.0, inflation) / total)
    half = float(stats.t.ppf(1 - alpha / 2, spread.freedom)) * error
    ahead = None
    if spread.freedom > 1:
        ahead = float(stats.t.ppf(1 - alpha / 2, spread.freedom - 1)) * math.hypot(
            error, math.sqrt(tau2)
        )
    return Combined(
        effects_n=len(effects),
        difference=mean,
        std_error=error,
        lower=mean - half,
        upper=mean + half,
        p_value=float(2 * stats.t.sf(abs(mean) / error, spread.freedom)),
        tau2=tau2,
        i2=i2,
        q=spread.q,
        q_p_value=spread.p_value,
        prediction_lower=None if ahead is None else mean - ahead,
        prediction_upper=None if ahead is None else mean + ahead,
    )


def _between(q: float, freedom: int, std_errors: FloatArray) -> tuple[float, float]:
    """Return tau2 and I2 (percent)."""
    weights = 1 / std_errors**2
    excess = max(0.0, q - freedom)
    # sum w - sum w^2 / sum w, without the difference, which one precise request would cancel
    pairs = float(np.triu(np.outer(weights, weights), 1).sum())
    scale = 2 * pairs / float(weights.sum())
    return excess / scale, 100 * excess / q if q > 0 else 0.0


def combine_requests(
    estimates: pa.Table,
    requests: pa.Table,
    *,
    alpha: float = 0.05,
    failures: Failures | None = None,
) -> pa.Table:
    """Combine the headline effects of all requests, of each need and sector, and of each provider.

    estimates: what ``estimate_outcomes`` returns. requests: request_id, organisation, sector,
    need; effects of requests that are not among them are left out. A provider is an organisation,
    by the exact name that it gives.

    Returns one row per (dimension, value, measure) with two or more requests: dimension ``all``
    (value ``all``), ``need``, ``sector`` or ``provider``; measures ``rate`` (percentage points)
    and ``frequency``. Effects that are estimated count, published or not. Two requests have no
    interval and no p: t with one degree of freedom says nothing of them. Requests are taken for
    independent: of one service the latest submission alone is among them. They share some controls,
    and services of one provider could share people.
    """
    about = {row["request_id"]: row for row in requests.to_pylist()}
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    names = ["request_id", "analysis_id", "measure", "difference", "std_error"]
    for row in estimates.select(names).sort_by("request_id").to_pylist():
        is_used = row["analysis_id"] == HEADLINE and row["measure"] in COMBINED_MEASURES
        if not is_used or row["request_id"] not in about or not row["std_error"]:
            continue
        effect = (row["difference"], row["std_error"])
        for dimension, value in _dimensions(about[row["request_id"]]):
            found.setdefault((dimension, value, row["measure"]), []).append(effect)
    pools = [key for key in sorted(found) if len(found[key]) > 1]
    rows = [
        run_analysis(failures, (None, " / ".join(key)), _row, key, found[key], alpha)
        for key in pools
    ]
    return rows_table([row for row in rows if row is not None], META_ANALYSIS_SCHEMA)


def _dimensions(request: dict[str, str | None]) -> list[tuple[str, str]]:
    """Return the pools that a request belongs to; an answer that was not given makes none."""
    named = ((dimension, request[column]) for dimension, column in DIMENSIONS.items())
    return [("all", "all"), *((dimension, value) for dimension, value in named if value)]


def _row(
    key: tuple[str, str, str], effects: list[tuple[float, float]], alpha: float
) -> dict[str, object]:
    values = np.array(effects, dtype=np.float64)
    result = combine_effects(values[:, 0], values[:, 1], alpha=alpha)
    row: dict[str, object] = {
        **dict(zip(("dimension", "value", "measure"), key, strict=True)),
        "requests_n": result.effects_n,
        **{name: getattr(result, name) for name in META_ANALYSIS_SCHEMA.names[4:]},
    }
    if result.effects_n == 2:
        row |= dict.fromkeys(OF_THE_INTERVAL)
    require_finite([row])
    return row
