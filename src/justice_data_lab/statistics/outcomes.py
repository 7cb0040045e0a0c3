"""Outcomes of the treated against their weighted controls."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    ANALYSIS_KEY,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    rows_table,
    sort_rows,
)
from justice_data_lab.statistics.intervals import (
    Arm,
    Comparison,
    Interval,
    control_arm,
    effective_size,
    newcombe,
    robust,
    treated_arm,
    welch,
)
from justice_data_lab.statistics.settings import MatchSettings

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
        ("control_value", pa.float64()),
        ("control_lower", pa.float64()),
        ("control_upper", pa.float64()),
        ("difference", pa.float64()),
        ("difference_lower", pa.float64()),
        ("difference_upper", pa.float64()),
        ("p_value", pa.float64()),
        ("number_needed", pa.int64()),
        ("conclusion", pa.string()),
        ("method", pa.string()),
        ("expected_count_min", pa.float64()),
    ]
)
_ESTIMATES = (
    *(f"{arm}_{part}" for arm in ("treated", "control") for part in ("value", "lower", "upper")),
    *("difference", "difference_lower", "difference_upper", "p_value"),
    *("number_needed", "method", "expected_count_min"),
)


@dataclass(frozen=True)
class Group:
    """Matched people of one analysis: weights (treated: 1) and outcomes, in key order."""

    treated: BoolArray
    weight: FloatArray
    is_reoffender: BoolArray
    reoffences_n: FloatArray
    days_to_first: FloatArray

    def take(self, rows: BoolArray | slice) -> Group:
        """Return some of the people."""
        return Group(
            self.treated[rows],
            self.weight[rows],
            self.is_reoffender[rows],
            self.reoffences_n[rows],
            self.days_to_first[rows],
        )


def estimate_outcomes(cohort: pa.Table, matches: pa.Table, settings: MatchSettings) -> pa.Table:
    """Estimate the rate, the frequency and the time to the first re-offence of every analysis.

    cohort: outcomes, one row a (request_id, analysis_id, stratum, person_id). matches: what
    ``match_controls`` returns for it. Strata are pooled with the treated's shares, since each
    control's weight already says how many treated it stands for.

    Returns one row a (request_id, analysis_id, measure), unrounded: ``rate`` in percent,
    ``frequency`` in re-offences per person, ``days_to_first`` in days, among re-offenders only.
    Differences are treated minus control. ``treated_n`` and ``control_n`` are the matched people
    of the measure's population, ``control_effective_n`` Kish's size of these controls.

    ``method``: ``welch_effective`` for rates, ``newcombe_effective`` when ``expected_count_min``
    (re-offenders in the treated group, or control rate times effective size, the smaller) is
    under 10; ``robust_t`` for the others. ``conclusion``: ``decrease`` or ``increase`` by the
    sign of a difference with p <= 0.05 (a decrease of days is an *earlier* re-offence), else
    ``inconclusive``; ``withheld`` with null estimates when fewer than two treated, an effective
    size of 1 or less, or no variation leave nothing to estimate; and with its estimates when
    under 30 treated re-offenders make the days too few. ``number_needed``: smallest treated
    group with which this difference would be significant; null if none.

    ValueError when a match has no row in the cohort, or a re-offender no days.
    """
    people, rows = _join(cohort, matches)
    result = []
    for key, part in rows:
        group = people.take(part)
        named = dict(zip(ANALYSIS_KEY, key, strict=True))
        for measure in MEASURES:
            result.append({**named, "measure": measure, **MEASURES[measure](group, settings)})
    return rows_table(result, OUTCOMES_SCHEMA)


def estimate_rate(group: Group, settings: MatchSettings) -> dict[str, object]:
    """Estimate the one-year proven re-offending rate, in percent of people."""
    outcome = group.is_reoffender.astype(np.float64)
    arms = _arms(group, outcome)
    if arms is None:
        return _row(group, None, None)
    treated, control = arms
    expected = min(treated.n * treated.mean, control.size * control.mean)
    if expected < settings.minimum_expected_count:
        result: Comparison | None = newcombe(treated, control, alpha=settings.alpha)
    else:
        result = welch(treated, control, alpha=settings.alpha)
    row = _row(group, result, settings, scale=100.0, highest=1.0)
    return row | {"expected_count_min": expected}


def estimate_frequency(group: Group, settings: MatchSettings) -> dict[str, object]:
    """Estimate the frequency of proven re-offending, in offences per person."""
    arms = _arms(group, group.reoffences_n)
    return _row(group, robust(*arms, alpha=settings.alpha) if arms else None, settings)


def estimate_days(group: Group, settings: MatchSettings) -> dict[str, object]:
    """Estimate the days to the first re-offence among re-offenders: descriptive only.

    Control weights are renormalised among re-offenders by the weighted mean itself.
    """
    some = group.take(group.is_reoffender)
    if np.isnan(some.days_to_first).any():
        raise ValueError("a re-offender has no days_to_first; see the model of index events")
    arms = _arms(some, some.days_to_first)
    row = _row(some, robust(*arms, alpha=settings.alpha) if arms else None, settings)
    if int(some.treated.sum()) < settings.minimum_reoffenders:
        row["conclusion"] = "withheld"
    return row


MEASURES: dict[str, Callable[[Group, MatchSettings], dict[str, object]]] = {
    "rate": estimate_rate,
    "frequency": estimate_frequency,
    "days_to_first": estimate_days,
}


def _arms(group: Group, outcome: FloatArray) -> tuple[Arm, Arm] | None:
    weights = group.weight[~group.treated]
    if int(group.treated.sum()) < 2 or effective_size(weights) <= 1.0 + 1e-9:
        return None
    return treated_arm(outcome[group.treated]), control_arm(outcome[~group.treated], weights)


def _row(
    group: Group,
    result: Comparison | None,
    settings: MatchSettings | None,
    *,
    scale: float = 1.0,
    highest: float = math.inf,
) -> dict[str, object]:
    """Return the measure's columns; limits of an arm are cut at what is possible."""
    row: dict[str, object] = {
        "treated_n": int(group.treated.sum()),
        "control_n": int((~group.treated).sum()),
        "treated_reoffenders_n": int((group.treated & group.is_reoffender).sum()),
        "control_effective_n": effective_size(group.weight[~group.treated]),
        "conclusion": "withheld",
        **dict.fromkeys(_ESTIMATES),
    }
    if result is None or settings is None:
        return row
    for arm, interval in (("treated", result.treated), ("control", result.control)):
        row[f"{arm}_value"] = scale * interval.value
        row[f"{arm}_lower"] = scale * max(interval.lower, 0.0)
        row[f"{arm}_upper"] = scale * min(interval.upper, highest)
    row |= {
        "difference": scale * result.difference.value,
        "difference_lower": scale * result.difference.lower,
        "difference_upper": scale * result.difference.upper,
        "p_value": result.p_value,
        "number_needed": result.number_needed,
        "method": result.method,
        "conclusion": conclude(result.difference, result.p_value, settings.alpha),
    }
    return row


def conclude(difference: Interval, p_value: float, alpha: float) -> str:
    """Return ``decrease``, ``increase`` or ``inconclusive``; p equal to alpha is significant."""
    if p_value > alpha or difference.value == 0:
        return "inconclusive"
    return "decrease" if difference.value < 0 else "increase"


def _join(cohort: pa.Table, matches: pa.Table) -> tuple[Group, list[tuple[tuple[str, ...], slice]]]:
    """Join matched people to their outcomes; returns them and the rows of every analysis."""
    ours = sort_rows(matches, by=STRATUM_KEY, then=("person_id",))
    theirs = sort_rows(cohort, by=STRATUM_KEY, then=("person_id",))
    theirs.require_unique("person_id")
    weight = ours.floats("weight")
    places = np.full(len(weight), -1, dtype=np.int64)
    person, cohort_person = ours.integers("person_id"), theirs.integers("person_id")
    slices = dict(theirs.groups())
    for key, part in ours.groups():
        there = slices.get(key, slice(0, 0))
        found = np.searchsorted(cohort_person[there], person[part])
        inside = found < there.stop - there.start
        same = inside.copy()
        same[inside] = cohort_person[there][found[inside]] == person[part][inside]
        if not same.all():
            raise ValueError(f"{' / '.join(key)}: {int((~same).sum())} matches not in the cohort")
        places[part] = found + there.start
    used = weight > 0
    at = places[used]
    people = Group(
        treated=ours.booleans("is_treated")[used],
        weight=weight[used],
        is_reoffender=theirs.booleans("is_reoffender")[at],
        reoffences_n=theirs.integers("reoffences_n")[at].astype(np.float64),
        days_to_first=theirs.floats("days_to_first")[at],
    )
    edges = np.searchsorted(ours.code[used], np.arange(len(ours.keys) + 1)).tolist()
    analyses: dict[tuple[str, ...], slice] = {}
    for number, key in enumerate(ours.keys):  # the strata of an analysis stand side by side
        start = analyses[key[:2]].start if key[:2] in analyses else edges[number]
        analyses[key[:2]] = slice(start, edges[number + 1])
    return people, list(analyses.items())
