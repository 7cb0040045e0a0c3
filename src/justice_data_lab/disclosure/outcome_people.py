"""How many matched people stand behind each outcome and each month: persons, not weights."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.measures import Measure, measures
from justice_data_lab.statistics.arrow import ANALYSIS_KEY, FloatArray, rows_table
from justice_data_lab.statistics.guard import Failures, run_analysis
from justice_data_lab.statistics.measures import outcome_values
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.survival import DAYS_IN_A_YEAR

PEOPLE_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("measure", pa.string()),
        ("people_n", pa.int64()),
        ("contributors_n", pa.int64()),
        ("others_n", pa.int64()),
        ("is_dominated", pa.bool_()),
        ("control_people_n", pa.int64()),
        ("control_contributors_n", pa.int64()),
    ]
)
MONTHS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("arm", pa.string()),
        ("month", pa.int64()),
        ("people_n", pa.int64()),
    ]
)
Rows = list[dict[str, object]]


def outcome_contributors(
    cohort: pa.Table,
    matches: pa.Table,
    wanted: Iterable[Measure] | None = None,
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Count the matched people behind every measure; what disclosure control judges.

    cohort, matches: as for ``estimate_outcomes``. wanted: the measures; None for all.

    One row per (request_id, analysis_id, measure) of an analysis in which somebody is matched:
    ``people_n`` matched treated in the population of the measure, ``contributors_n`` of them with
    the outcome or a value above 0, ``others_n`` (frequencies by court type) with a re-offence of
    another court type, ``is_dominated`` where two of them make 90% of the total or all others less
    than 10% of the first; ``control_people_n`` and ``control_contributors_n`` are persons, each
    counted once however many of its events are matched.
    """
    of = tuple(measures().values() if wanted is None else wanted)
    result: Rows = []
    for people in people_by_analysis(cohort, matches):
        result += run_analysis(failures, people.key, _contributors_of, people, of) or []
    return rows_table(result, PEOPLE_SCHEMA)


def _contributors_of(people: People, wanted: Iterable[Measure]) -> Rows:
    keys = dict(zip(ANALYSIS_KEY, people.key, strict=True))
    if not people.is_matched.any():
        return []
    again = _numbers(people.outcomes.column("reoffences_n"))
    rows: Rows = []
    for measure in wanted:
        value = outcome_values(measure, people.outcomes)
        used = people.is_matched & ~np.isnan(value)
        ours, theirs = used & people.treated, used & ~people.treated
        has_others = (again > value) & (measure.family == "frequency")
        rows.append(
            {
                **keys,
                "measure": measure.name,
                "people_n": int(ours.sum()),
                "contributors_n": int((ours & (value > 0)).sum()),
                "others_n": int((ours & has_others).sum()),
                "is_dominated": _is_dominated(value[ours]),
                "control_people_n": people.count(theirs),
                "control_contributors_n": people.count(theirs & (value > 0)),
            }
        )
    return rows


def _numbers(column: pa.ChunkedArray) -> FloatArray:
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    return np.asarray(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)


def _is_dominated(value: FloatArray) -> bool:
    ordered = np.sort(value)[::-1]
    total, largest = float(ordered.sum()), float(ordered[:2].sum())
    if total <= 0:
        return False
    return 10 * largest >= 9 * total or 10 * (total - largest) < float(ordered[0])


def reoffenders_by_month(
    cohort: pa.Table, matches: pa.Table, *, failures: Failures | None = None
) -> pa.Table:
    """Count the matched people who re-offended first in each month of the follow-up, by arm.

    One row per (request_id, analysis_id, arm, month) with anybody. A month ends on day
    ceil(365.25 / 12 x month): the same months as those of the survival curves.
    """
    result: Rows = []
    for people in people_by_analysis(cohort, matches):
        result += run_analysis(failures, people.key, _months_of, people) or []
    return rows_table(result, MONTHS_SCHEMA)


def _months_of(people: People) -> Rows:
    keys = dict(zip(ANALYSIS_KEY, people.key, strict=True))
    days = _numbers(people.outcomes.column("days_to_first"))
    again = np.asarray(people.outcomes.column("is_reoffender").to_numpy(), dtype=np.bool_)
    month = np.floor((days - 1) * 12 / DAYS_IN_A_YEAR) + 1
    used = people.is_matched & again
    rows: Rows = []
    for arm, of_arm in (("treated", people.treated), ("control", ~people.treated)):
        for one in np.unique(month[used & of_arm]).tolist():
            people_n = people.count(used & of_arm & (month == one))
            rows.append({**keys, "arm": arm, "month": int(one), "people_n": people_n})
    return rows
