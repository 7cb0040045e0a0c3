"""The year before: two groups compared when nothing that the service did could differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import measures
from justice_data_lab.statistics.arrow import places_of, rows_table
from justice_data_lab.statistics.covariates import Covariate
from justice_data_lab.statistics.design import compare_groups
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.outcomes import PRIMARY, estimate_measure
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of

YEAR_BEFORE_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("treated_n", pa.int64()),
        ("treated_offended_n", pa.int64()),
        ("treated_value", pa.float64()),
        ("control_n", pa.int64()),
        ("control_offended_n", pa.int64()),
        ("control_effective_n", pa.float64()),
        ("control_value", pa.float64()),
        ("difference", pa.float64()),
        ("difference_lower", pa.float64()),
        ("difference_upper", pa.float64()),
        ("std_error", pa.float64()),
        ("p_value", pa.float64()),
        ("expected_count_min", pa.float64()),
        ("method", pa.string()),
        ("passes", pa.bool_()),
    ]
)
OUTCOME = "has_offended_in_year_before"


def compare_year_before(
    cohort: pa.Table,
    year_before: pa.Table,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Compare the recorded offending of both groups in the 12 months before their index dates.

    A negative control outcome (Lipsitch, Tchetgen Tchetgen & Cohen 2010, Epidemiology 21:
    383-388): the service cannot have caused a difference, so one shows bias, or selection on the
    last year's offending, which the headline itself adjusts for.

    cohort: treated and pool of the headlines as ``fit_propensities`` takes them; delays and last
    days stay, since treated people have survived to their start. year_before: one row per event
    of the cohort with its covariates, the criminal history as at index date - 12 months, all else
    as the headline's, and ``has_offended_in_year_before``. covariates, settings: the headline's.

    Score, matching and tilt are done again. Returns one row per (request_id, analysis_id), values
    in percent; ``treated_offended_n`` and ``control_offended_n`` count people who offended;
    ``passes``: p above 1 - confidence; null where nothing can be compared.
    """
    cohort = _with_outcome(cohort, year_before)
    groups = compare_groups(cohort, year_before, covariates, settings, failures=failures)
    result: list[dict[str, object]] = []
    for people in people_by_analysis(cohort, groups.matches):
        own = settings_of(settings, people.key)
        row = run_analysis(failures, people.key, _compare, people, own)
        result += [row] if row is not None else []
    return rows_table(result, YEAR_BEFORE_SCHEMA)


def _with_outcome(cohort: pa.Table, year_before: pa.Table) -> pa.Table:
    """Return the cohort with the year before in place of the year after."""
    events, wanted = (table["event_id"].to_numpy() for table in (year_before, cohort))
    rows = places_of(wanted, events)
    if not np.array_equal(events[rows], wanted):
        raise ValueError("an event of the cohort has no year before")
    column = cohort.column_names.index("is_reoffender")
    outcome = year_before[OUTCOME].combine_chunks().take(pa.array(rows))
    return cohort.set_column(column, "is_reoffender", outcome)


def _compare(people: People, settings: MatchSettings) -> dict[str, object]:
    """Return the row of one analysis, by the method of the rate."""
    offended = np.asarray(people.outcomes.column("is_reoffender").to_numpy(), dtype=np.bool_)
    rate = estimate_measure(measures()[PRIMARY], people, offended.astype(np.float64), settings)
    p_value = rate.get("p_value")
    controls = ~people.treated & people.is_matched
    row = {
        **dict.fromkeys(YEAR_BEFORE_SCHEMA.names),
        **dict(zip(("request_id", "analysis_id"), people.key, strict=True)),
        **{name: rate[name] for name in YEAR_BEFORE_SCHEMA.names if name in rate},
        "treated_offended_n": rate["treated_reoffenders_n"],
        "control_offended_n": people.count(controls & offended),
        "passes": p_value > settings.alpha if isinstance(p_value, float) else None,
    }
    require_finite([row])
    return row
