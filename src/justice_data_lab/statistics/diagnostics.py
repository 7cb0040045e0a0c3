"""What a reader must know of an analysis before its result: support, weights and balance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    ANALYSIS_KEY,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    rows_table,
    sort_rows,
)
from justice_data_lab.statistics.balance import terms_of
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.equipoise import equipoise
from justice_data_lab.statistics.guard import Failures, run_analysis
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of
from justice_data_lab.statistics.weighted import effective_size, weighted_mean

DIAGNOSTICS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("eligible_n", pa.int64()),
        ("matched_n", pa.int64()),
        ("off_support_n", pa.int64()),
        ("pool_n", pa.int64()),
        ("matched_control_n", pa.int64()),
        ("control_effective_n", pa.float64()),
        ("controls_used_percent", pa.float64()),
        ("largest_weight_percent", pa.float64()),
        ("largest_smd_before", pa.float64()),
        ("largest_smd_after", pa.float64()),
        ("green_n", pa.int64()),
        ("amber_n", pa.int64()),
        ("red_n", pa.int64()),
        ("balance_verdict", pa.string()),
        ("equipoise", pa.float64()),
        ("fit_method", pa.string()),
        ("ridge", pa.float64()),
        ("converged", pa.bool_()),
    ]
)
OFF_SUPPORT_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("covariate", pa.string()),
        ("matched_mean", pa.float64()),
        ("off_support_mean", pa.float64()),
        ("off_support_n", pa.int64()),
    ]
)
RATINGS = ("green", "amber", "red")


def analysis_diagnostics(
    models: pa.Table,
    scores: pa.Table,
    matches: pa.Table,
    balance: pa.Table,
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Sum up every analysis; one row per (request_id, analysis_id).

    models, scores, matches, balance: what ``fit_propensities``, ``score_propensities``,
        ``match_controls`` and ``covariate_balance`` return.

    ``off_support_n`` are the treated without a control: of a level that no control has, or with
    nobody inside the radius. ``pool_n`` are the controls that meet the condition;
    ``controls_used_percent`` is the share of them with a weight, ``largest_weight_percent`` the
    share of the largest in the sum of weights, ``control_effective_n`` Kish's size. Smd are
    absolute, in percent. ``balance_verdict``: ``good`` where every term is green, ``acceptable``
    where none is red, ``poor``; null where nobody is matched. ``equipoise``: see there.
    ``ridge`` is the largest, ``converged`` of every fit, ``fit_method`` those used.
    """
    rated, fits, in_equipoise = _balance_of(balance), _fits_of(models), equipoise(scores)
    rows = sort_rows(matches, by=ANALYSIS_KEY, then=("person_id", "event_id"))
    treated, weight = rows.booleans("is_treated"), rows.floats("weight")
    result: list[dict[str, object]] = []
    for key, part in rows.groups():

        def sum_up(key: tuple[str, ...], part: slice) -> dict[str, object]:
            no_balance: dict[str, object] = dict.fromkeys((f"{name}_n" for name in RATINGS), 0)
            return {
                **dict.fromkeys(DIAGNOSTICS_SCHEMA.names),
                **dict(zip(ANALYSIS_KEY, key, strict=True)),
                **_weights_of(treated[part], weight[part]),
                **rated.get(key, no_balance),
                "equipoise": in_equipoise.get(key, math.nan),
                **fits.get(key, {"converged": False}),
            }

        row = run_analysis(failures, key, sum_up, key, part)
        result.extend([] if row is None else [row])
    return rows_table(result, DIAGNOSTICS_SCHEMA)


def off_support_characteristics(
    matches: pa.Table,
    covariate_values: pa.Table | CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Describe the treated who are off support beside the matched; one row per covariate term.

    Analyses in which everybody is matched have no rows. Means are of the known values: of
    numbers in their unit, of levels 0 to 1; null without any. The analysis leaves these people
    out, so its result says nothing of people like them.
    """
    rows = sort_rows(matches, by=ANALYSIS_KEY, then=("person_id", "event_id"))
    values = read_values(covariate_values, covariates)
    places = values.places(rows.integers("event_id"))
    treated, matched = rows.booleans("is_treated"), rows.booleans("is_matched")
    result: list[dict[str, object]] = []
    for key, part in rows.groups():
        mine = np.flatnonzero(treated[part]) + part.start
        is_off = ~matched[mine]
        if not is_off.any():
            continue
        named = dict(zip(ANALYSIS_KEY, key, strict=True))
        used = covariates_of(covariates, settings_of(settings, key))
        made = run_analysis(failures, key, _means_of, places[mine], is_off, values, used)
        result.extend(named | row for row in made or [])
    return rows_table(result, OFF_SUPPORT_SCHEMA)


def _means_of(
    places: IntArray, is_off: BoolArray, values: CovariateValues, covariates: Sequence[Covariate]
) -> list[dict[str, object]]:
    return [
        {
            "covariate": term.name,
            "matched_mean": _known_mean(term.value[~is_off]),
            "off_support_mean": _known_mean(term.value[is_off]),
            "off_support_n": int(is_off.sum()),
        }
        for term in terms_of(places, values, covariates)
    ]


def balance_verdict(ratings: Sequence[str]) -> str | None:
    """Return good (all green), acceptable (none red) or poor; None without ratings."""
    if not ratings:
        return None
    if "red" in ratings:
        return "poor"
    return "acceptable" if "amber" in ratings else "good"


def _weights_of(treated: BoolArray, weight: FloatArray) -> dict[str, object]:
    used = weight[~treated & (weight > 0)]
    eligible, matched = int(treated.sum()), int((treated & (weight > 0)).sum())
    pool = int((~treated).sum())
    return {
        "eligible_n": eligible,
        "matched_n": matched,
        "off_support_n": eligible - matched,
        "pool_n": pool,
        "matched_control_n": len(used),
        "control_effective_n": effective_size(used),
        "controls_used_percent": 100.0 * len(used) / pool if pool else math.nan,
        "largest_weight_percent": (
            100.0 * (float(used.max()) / float(used.sum())) if len(used) else math.nan
        ),
    }


def _balance_of(balance: pa.Table) -> dict[tuple[str, ...], dict[str, object]]:
    """Return the largest differences, the counts of ratings and the verdict of each analysis."""
    rows = sort_rows(balance, by=(*ANALYSIS_KEY, "covariate"))
    before, after = np.abs(rows.floats("smd_before")), np.abs(rows.floats("smd_after"))
    ratings: list[str | None] = balance.column("rating").take(pa.array(rows.order)).to_pylist()
    places: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(rows.keys):
        places.setdefault(key[:2], []).append(place)
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for key, mine in places.items():
        rated = [rating for place in mine if (rating := ratings[place]) is not None]
        found[key] = {
            "largest_smd_before": _largest(before[mine]),
            "largest_smd_after": _largest(after[mine]),
            **{f"{name}_n": rated.count(name) for name in RATINGS},
            "balance_verdict": balance_verdict(rated),
        }
    return found


def _fits_of(models: pa.Table) -> dict[tuple[str, ...], dict[str, object]]:
    """Return method, ridge and convergence over the strata of each analysis that have a fit."""
    strata = {tuple(row[name] for name in STRATUM_KEY): row for row in models.to_pylist()}
    fits: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, row in sorted(strata.items()):
        if row["gradient_norm"] is not None:
            fits.setdefault(key[:2], []).append(row)
    return {
        key: {
            "fit_method": ", ".join(sorted({row["method"] for row in rows})),
            "ridge": max(row["ridge"] for row in rows),
            "converged": all(row["converged"] for row in rows),
        }
        for key, rows in fits.items()
    }


def _largest(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else math.nan


def _known_mean(values: FloatArray) -> float:
    return weighted_mean(values[~np.isnan(values)])
