"""Who may be a control: the three readings of "not re-offended within the equivalent time".

This is the one place where the condition meets the rows; everything after it looks at delays and
last days alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import ANALYSIS_KEY, sort_rows
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of


def apply_conditions(
    cohort: pa.Table, settings: MatchSettings | Mapping[AnalysisKey, MatchSettings]
) -> pa.Table:
    """Return the cohort as its analyses' ``control_condition`` wants it.

    ``risk_set``: as it is. A control may stand for delay d if d is not after its ``last_day``,
    and the score is the risk set's.
    ``fixed``: controls with a re-offence up to the last day of the window leave (``days_to_first``
    at most ``window_last_day``), and nobody has a delay: the literal reading, which makes the
    controls look better than they are.
    ``none``: nobody leaves and nobody has a delay: immortal time makes the service look better
    than it is.

    Rows keep their order. ``fixed`` needs ``days_to_first`` (null: none) and ``window_last_day``.
    """
    rows = sort_rows(cohort, by=ANALYSIS_KEY)
    conditions = [settings_of(settings, key).control_condition for key in rows.keys]
    if all(condition == "risk_set" for condition in conditions):
        return cohort
    condition = np.empty(cohort.num_rows, dtype=object)
    condition[rows.order] = np.array(conditions, dtype=object)[rows.code]
    without_delay = condition != "risk_set"
    for name in ("delay_days", "last_day"):
        column = cohort.column(name).combine_chunks()
        values = pa.compute.if_else(pa.array(without_delay), pa.scalar(None, column.type), column)
        cohort = cohort.set_column(cohort.column_names.index(name), name, values)
    is_fixed = condition == "fixed"
    if is_fixed.any():
        cohort = cohort.filter(pa.array(~(is_fixed & _has_reoffended_in_window(cohort))))
    return cohort


def _has_reoffended_in_window(cohort: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which controls re-offended by the last day of their window."""
    early = pa.compute.and_kleene(
        pa.compute.invert(cohort.column("is_treated")),
        pa.compute.less_equal(cohort.column("days_to_first"), cohort.column("window_last_day")),
    )
    return np.asarray(pa.compute.fill_null(early, False).to_numpy(), dtype=np.bool_)
