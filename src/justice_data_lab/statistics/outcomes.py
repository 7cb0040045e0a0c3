"""Outcomes of the treated against their weighted controls: every measure of every analysis."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import Measure, measures
from justice_data_lab.statistics.adjustment import Adjustment
from justice_data_lab.statistics.arrow import BoolArray, FloatArray, rows_table
from justice_data_lab.statistics.contrast import Contrast, contrast
from justice_data_lab.statistics.e_value import e_values
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.intervals import Arm, Comparison, Interval
from justice_data_lab.statistics.measures import outcome_values
from justice_data_lab.statistics.multiplicity import holm
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import effective_size

OUTCOMES_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("measure", pa.string()),
        ("treated_n", pa.int64()),
        ("treated_value", pa.float64()),
        ("treated_lower", pa.float64()),
        ("treated_upper", pa.float64()),
        ("treated_reoffenders_n", pa.int64()),
        ("control_n", pa.int64()),
        ("control_effective_n", pa.float64()),
        ("control_reoffenders_n", pa.float64()),
        ("control_value", pa.float64()),
        ("control_lower", pa.float64()),
        ("control_upper", pa.float64()),
        ("difference", pa.float64()),
        ("difference_lower", pa.float64()),
        ("difference_upper", pa.float64()),
        ("std_error", pa.float64()),
        ("p_value", pa.float64()),
        ("number_needed", pa.int64()),
        ("conclusion", pa.string()),
        ("method", pa.string()),
        ("expected_count_min", pa.float64()),
        ("dr_difference", pa.float64()),
        ("dr_lower", pa.float64()),
        ("dr_upper", pa.float64()),
        ("dr_p_value", pa.float64()),
        ("dr_ridge", pa.float64()),
        ("tests_n", pa.int64()),
        ("p_value_holm", pa.float64()),
        ("e_value", pa.float64()),
        ("e_value_bound", pa.float64()),
    ]
)
_ROW = dict.fromkeys(OUTCOMES_SCHEMA.names)


def estimate_outcomes(
    cohort: pa.Table,
    matches: pa.Table,
    settings: MatchSettings,
    *,
    adjustment: Adjustment | None = None,
    scenarios: Iterable[tuple[str, str]] = (),
    failures: Failures | None = None,
) -> pa.Table:
    """Estimate all twelve measures of every analysis.

    cohort: outcomes, one row per (request_id, analysis_id, stratum, person_id). matches: what
    ``match_controls`` returns for it. Strata are pooled with the treated's shares, since each
    control's weight already says how many treated it stands for. adjustment: what the doubly
    robust estimates need; without it their columns are null. scenarios: (request_id,
    analysis_id) of the analyses that only show how sensitive a result is: they have no doubly
    robust estimates, and their tests are none of the request's.

    Returns one row per (request_id, analysis_id, measure), unrounded. Shares and their differences
    in percent, frequencies per person, the rest in days; differences are treated minus control.
    Counts are of the matched people of the measure's population: everybody, re-offenders (control
    weights are then renormalised among re-offenders by the weighted mean itself), or those whose
    employment is known. ``control_effective_n`` is Kish's size of these controls,
    ``control_reoffenders_n`` the sum of their weights over re-offenders.

    ``method``: see ``contrast``. ``expected_count_min``: of shares, see ``Contrast``.
    ``conclusion``: ``decrease`` or ``increase`` by the sign of a difference with p <= 0.05 (a
    decrease of days is an *earlier* re-offence), else ``inconclusive``; ``withheld`` with null
    estimates with fewer than two treated or an effective size of 1 or less; with values but no
    interval where an arm of a count or duration does not vary; and with its estimates when under
    30 treated re-offenders make the days too few. ``number_needed``: smallest treated group with
    which this difference would be significant; null if none.

    ``tests_n``: tests of the request, ``p_value_holm``: adjusted over them. ``e_value`` and
    ``e_value_bound``: of the rate.

    ValueError when a match has no row in the cohort, or a re-offender no days.
    """
    result: list[dict[str, object]] = []
    apart = set(scenarios)
    for people in people_by_analysis(cohort, matches):
        adjusted = None if people.key in apart else adjustment
        made = run_analysis(failures, people.key, _estimate_analysis, people, settings, adjusted)
        result.extend(made or [])
    _adjust(result, apart)
    return rows_table(result, OUTCOMES_SCHEMA)


def _estimate_analysis(
    people: People, settings: MatchSettings, adjustment: Adjustment | None
) -> list[dict[str, object]]:
    keys = dict(zip(("request_id", "analysis_id"), people.key, strict=True))
    residuals = adjustment.of(people) if adjustment else None
    rows: list[dict[str, object]] = []
    for measure in measures().values():
        outcome = outcome_values(measure, people.outcomes)
        row = estimate_measure(measure, people, outcome, settings)
        if residuals is not None:
            row |= residuals.estimate(measure, outcome, people, settings)
        rows.append({**_ROW, **keys, **row})
    require_finite(rows)
    return rows


def estimate_measure(
    measure: Measure, people: People, outcome: FloatArray, settings: MatchSettings
) -> dict[str, object]:
    """Return one measure's columns; outcome is NaN for people outside its population."""
    inside = ~np.isnan(outcome)
    row = _counts(measure.name, people, inside & people.is_matched)
    weight = np.where(inside, people.weight, 0.0)
    found = contrast(np.nan_to_num(outcome), people.treated, weight, measure.kind, settings)
    if found is None:
        return row
    row |= _figures(measure, found)
    if found.result is None:
        return row
    row |= _comparison(measure, found, found.result, settings)
    if measure.name == "rate":
        values = e_values(found.result, found.treated, found.control)
        row["e_value"], row["e_value_bound"] = values
    if measure.name == "days_to_first" and found.treated.n < settings.minimum_reoffenders:
        row["conclusion"] = "withheld"
    return row


def _counts(name: str, people: People, used: BoolArray) -> dict[str, object]:
    is_reoffender = np.asarray(people.outcomes.column("is_reoffender").to_numpy(), dtype=np.bool_)
    ours, theirs = used & people.treated, used & ~people.treated
    return {
        "measure": name,
        "treated_n": int(ours.sum()),
        "control_n": int(theirs.sum()),
        "treated_reoffenders_n": int((ours & is_reoffender).sum()),
        "control_reoffenders_n": float(people.weight[theirs & is_reoffender].sum()),
        "control_effective_n": effective_size(people.weight[theirs]),
        "conclusion": "withheld",
    }


def _figures(measure: Measure, found: Contrast) -> dict[str, object]:
    scale = measure.scale
    return {
        "treated_value": _treated_value(measure, found.treated),
        "control_value": scale * found.control.mean,
        "difference": scale * (found.treated.mean - found.control.mean),
        "expected_count_min": found.expected_count_min,
    }


def _treated_value(measure: Measure, arm: Arm) -> float:
    """Return the mean in the unit of the table; a percentage from its counts, so that ties are."""
    if measure.kind == "binary":
        return measure.scale * round(arm.n * arm.mean) / arm.n
    return measure.scale * arm.mean


def _comparison(
    measure: Measure, found: Contrast, result: Comparison, settings: MatchSettings
) -> dict[str, object]:
    """Return the columns of a comparison; limits of an arm are cut at what is possible."""
    scale, error = measure.scale, found.std_error(settings.alpha)
    limits = {
        f"{arm}_{side}": min(max(scale * bound, 0.0), measure.highest)
        for arm, interval in (("treated", result.treated), ("control", result.control))
        for side, bound in (("lower", interval.lower), ("upper", interval.upper))
    }
    return {
        **limits,
        "difference_lower": scale * result.difference.lower,
        "difference_upper": scale * result.difference.upper,
        "std_error": None if error is None else scale * error,
        "p_value": result.p_value,
        "number_needed": result.number_needed,
        "method": result.method,
        "conclusion": conclude(result.difference, result.p_value, settings.alpha),
    }


def conclude(difference: Interval, p_value: float, alpha: float) -> str:
    """Return ``decrease``, ``increase`` or ``inconclusive``; p equal to alpha is significant."""
    if p_value > alpha or difference.value == 0:
        return "inconclusive"
    return "decrease" if difference.value < 0 else "increase"


def _adjust(rows: list[dict[str, object]], scenarios: set[tuple[str, str]]) -> None:
    """Write the number of tests, and Holm's p, into the rows that were tests of a request."""
    tests: dict[object, list[dict[str, object]]] = {}
    for row in rows:
        is_shown = (row["request_id"], row["analysis_id"]) not in scenarios
        if is_shown and row["p_value"] is not None:
            tests.setdefault(row["request_id"], []).append(row)
    for made in tests.values():
        adjusted = holm(np.array([row["p_value"] for row in made], dtype=np.float64))
        for row, p_value in zip(made, adjusted.tolist(), strict=True):
            row["tests_n"], row["p_value_holm"] = len(made), p_value


def scenario_keys(analyses: pa.Table) -> list[tuple[str, str]]:
    """Return (request_id, analysis_id) of the analyses of the kind ``scenario``."""
    rows = analyses.select(["request_id", "analysis_id", "kind"]).to_pylist()
    return [(r["request_id"], r["analysis_id"]) for r in rows if r["kind"] == "scenario"]
