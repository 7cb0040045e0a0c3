"""The year before: two groups compared when nothing that the service did could differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import measures
from justice_data_lab.statistics.arrow import rows_table
from justice_data_lab.statistics.covariates import Covariate
from justice_data_lab.statistics.design import compare_groups
from justice_data_lab.statistics.outcomes import estimate_measure
from justice_data_lab.statistics.people import people_by_analysis
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings

YEAR_BEFORE_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("treated_n", pa.int64()),
        ("treated_value", pa.float64()),
        ("control_n", pa.int64()),
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
OUTCOME = "offended_in_the_year_before"


def compare_year_before(
    cohort: pa.Table,
    values_year_before: pa.Table,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
) -> pa.Table:
    """Compare the recorded offending of both groups in the 12 months before their index dates.

    A negative control outcome (Lipsitch, Tchetgen Tchetgen & Cohen 2010, Epidemiology 21:
    383-388): the service cannot have caused a difference, so one shows bias, or selection on the
    last year's offending, which the headline itself adjusts for.

    cohort: treated and pool of the headlines as ``fit_propensities`` takes them (delays, last
    days: treated people have survived to their start), with the column
    ``offended_in_the_year_before``: a counted proven offence, not of the index case, with index
    date - 12 months < offence_date < index date. values_year_before: covariates of the events of
    the cohort, the history as at index date - 12 months, all else as the headline's. covariates,
    settings: the headline's.

    Score, matching and tilt are done again. Returns one row per (request_id, analysis_id), values
    in percent; ``passes``: p above 1 - confidence; null where nothing can be compared.
    """
    place = cohort.column_names.index("is_reoffender")
    cohort = cohort.set_column(place, "is_reoffender", cohort.column(OUTCOME))
    groups = compare_groups(cohort, values_year_before, covariates, settings)
    rate = measures()["rate"]
    result: list[dict[str, object]] = []
    for people in people_by_analysis(cohort, groups.matches):
        own = settings if isinstance(settings, MatchSettings) else settings[people.key]
        outcome = np.array(
            people.outcomes.column("is_reoffender").to_numpy(zero_copy_only=False), np.float64
        )
        row = estimate_measure(rate, people, outcome, own)
        p_value = row.get("p_value")
        result.append(
            {
                **dict.fromkeys(YEAR_BEFORE_SCHEMA.names),
                **dict(zip(("request_id", "analysis_id"), people.key, strict=True)),
                **{name: row[name] for name in YEAR_BEFORE_SCHEMA.names if name in row},
                "passes": p_value > own.alpha if isinstance(p_value, float) else None,
            }
        )
    return rows_table(result, YEAR_BEFORE_SCHEMA)
