"""Outcomes of the treated against their weighted controls: every measure of every analysis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import HEADLINE, Measure, measures
from justice_data_lab.statistics.adjustment import Adjustment
from justice_data_lab.statistics.arrow import BoolArray, FloatArray, rows_table
from justice_data_lab.statistics.contrast import Contrast, contrast, linearise
from justice_data_lab.statistics.e_value import e_values
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.intervals import Arm, Comparison, Interval
from justice_data_lab.statistics.measures import (
    DAYS_IN_THE_YEAR,
    exposure_values,
    outcome_values,
)
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
        ("control_events_n", pa.int64()),
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
        ("dr_method", pa.string()),
        ("dr_ridge", pa.float64()),
        ("tests_n", pa.int64()),
        ("adjusted_p_value", pa.float64()),
        ("e_value", pa.float64()),
        ("e_value_bound", pa.float64()),
    ]
)
PRIMARY = "rate"
_ROW = dict.fromkeys(OUTCOMES_SCHEMA.names)


def estimate_outcomes(
    cohort: pa.Table,
    matches: pa.Table,
    settings: MatchSettings,
    *,
    adjustment: Adjustment | None = None,
    scenarios: Iterable[tuple[str, str]] = (),
    minimum_expected_count: float = 10.0,
    failures: Failures | None = None,
) -> pa.Table:
    """Estimate all measures of every analysis.

    cohort: outcomes, one row per (request_id, analysis_id, stratum, person_id, event_id).
    matches: what ``match_controls`` or ``balance_matches`` returns for it. Strata are pooled with
    the treated's shares, since each control's weight already says how many treated it stands for.
    adjustment: what the doubly robust estimates need; without it their columns are null.
    scenarios: (request_id, analysis_id) of the analyses that only show how sensitive a result is:
    they have no doubly robust estimates. minimum_expected_count: expected in the smaller arm under
    which a share is not published, and so no test.

    Returns one row per (request_id, analysis_id, measure), unrounded. Shares and their differences
    in percent, frequencies per person, the rest in days; differences are treated minus control.
    Counts are of the matched people of the measure's population: everybody, re-offenders (control
    weights are then renormalised among re-offenders by the weighted mean itself), or those whose
    employment is known. ``control_n`` counts persons, ``control_events_n`` their events.
    ``control_effective_n`` is the variance of one person over that of the controls' mean,
    clustered by person (``clustered_variance``); Kish's size where nothing can be compared.
    ``control_reoffenders_n`` is the sum of their weights over re-offenders.

    ``method``: see ``contrast``. ``expected_count_min``: of shares, see ``Contrast``.
    ``conclusion``: ``decrease`` or ``increase`` by the sign of a difference with p <= 0.05 (a
    decrease of days is an *earlier* re-offence), else ``inconclusive``; ``withheld`` with null
    estimates with fewer than two treated or an effective size of 1 or less; with values but no
    interval where an arm of a count or duration does not vary; and with its estimates when under
    30 treated re-offenders make the days too few. ``number_needed``: smallest treated group with
    which this difference would be significant; null if none.

    Families of tests: the rate of the headline is tested alone; ``tests_n`` are the tests among
    its other measures that no rule withholds (see ``is_tested``), and ``adjusted_p_value`` is
    Holm's over them, from which their conclusion comes (intervals stay as they are). Both are
    null elsewhere: further analyses are no tests of the request, and subgroups are compared by
    ``compare_subgroups``. ``e_value`` and ``e_value_bound``: of the rate.

    ValueError when a match has no row in the cohort, or a re-offender no days.
    """
    result: list[dict[str, object]] = []
    apart = set(scenarios)
    for people in people_by_analysis(cohort, matches):
        adjusted = None if people.key in apart else adjustment
        made = run_analysis(failures, people.key, _estimate_analysis, people, settings, adjusted)
        result.extend(made or [])
    _adjust(result, settings.alpha, minimum_expected_count)
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
        if residuals is not None and measure.kind != "ratio":
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
    values: FloatArray | None = np.nan_to_num(outcome)
    if measure.kind == "ratio":
        exposure = exposure_values(measure, people.outcomes)
        values = linearise(outcome, exposure, people.treated, weight, DAYS_IN_THE_YEAR)
    if values is None:
        return row
    found = contrast(values, people.treated, weight, measure.kind, settings, people.clusters)
    if found is None:
        return row
    row |= _figures(measure, found)
    if found.result is None:
        return row
    row |= _comparison(measure, found, found.result, settings)
    if measure.name == "rate":
        point, bound = e_values(found.result, found.treated, found.control)
        row["e_value"], row["e_value_bound"] = point, bound
    if measure.name == "days_to_first" and found.treated.n < settings.minimum_reoffenders:
        row["conclusion"] = "withheld"
    return row


def _counts(name: str, people: People, used: BoolArray) -> dict[str, object]:
    is_reoffender = np.asarray(people.outcomes.column("is_reoffender").to_numpy(), dtype=np.bool_)
    ours, theirs = used & people.treated, used & ~people.treated
    return {
        "measure": name,
        "treated_n": int(ours.sum()),
        "control_n": people.count(theirs),
        "control_events_n": int(theirs.sum()),
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
        "control_effective_n": found.control.size,
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


def is_tested(row: Mapping[str, Any], minimum_expected_count: float) -> bool:
    """Tell whether a row of the headline is a test that no rule withholds.

    Withheld are: measures without a p value, those whose conclusion is ``withheld``, and shares
    with fewer than ``minimum_expected_count`` expected in either arm, which are not published.
    """
    expected = row["expected_count_min"]
    is_rare = expected is not None and expected < minimum_expected_count
    return row["p_value"] is not None and row["conclusion"] != "withheld" and not is_rare


def _adjust(rows: Sequence[dict[str, object]], alpha: float, minimum_expected_count: float) -> None:
    """Write Holm's p, the tests it is over and the conclusion by it into the headlines' rows."""
    families: dict[tuple[object, bool], list[dict[str, Any]]] = {}
    for row in rows:
        if row["analysis_id"] == HEADLINE and is_tested(row, minimum_expected_count):
            families.setdefault((row["request_id"], row["measure"] == PRIMARY), []).append(row)
    for tests in families.values():
        adjusted = holm(np.array([row["p_value"] for row in tests], dtype=np.float64))
        for row, p_value in zip(tests, adjusted.tolist(), strict=True):
            row["tests_n"], row["adjusted_p_value"] = len(tests), p_value
            if p_value > alpha:
                row["conclusion"] = "inconclusive"


def scenario_keys(analyses: pa.Table) -> list[tuple[str, str]]:
    """Return (request_id, analysis_id) of the analyses of the kind ``scenario``."""
    rows = analyses.select(["request_id", "analysis_id", "kind"]).to_pylist()
    return [(r["request_id"], r["analysis_id"]) for r in rows if r["kind"] == "scenario"]
