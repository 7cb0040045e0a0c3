"""Who may be a control: the three readings of "not re-offended within the equivalent time".

This is the one place where the condition meets the rows; everything after it looks at delays and
last days alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    BoolArray,
    SortedRows,
    sort_rows,
)
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of


def apply_conditions(
    cohort: pa.Table, settings: MatchSettings | Mapping[AnalysisKey, MatchSettings]
) -> pa.Table:
    """Return the cohort as its analyses' ``control_condition`` wants it.

    ``risk_set``: a control may stand for delay d if d is not after its ``last_day``, and the score
    is the risk set's; controls with a ``last_day`` below 0 leave the strata in which treated people
    have a delay.
    ``fixed``: controls with a re-offence or a start of their own service up to the last day of the
    window leave (``days_to_first`` at most, ``own_last_day`` below ``window_last_day``), and nobody
    has a delay: the literal reading, which makes the controls look better than they are.
    ``none``: nobody leaves and nobody has a delay: immortal time makes the service look better
    than it is.

    Under any of them, controls whose own service starts on or before their index date leave
    (``own_last_day`` below 0; tables without that column have nobody of the kind).

    Rows keep their order. ``fixed`` needs ``days_to_first`` and ``own_last_day`` (null: none) and
    ``window_last_day``.
    """
    rows = sort_rows(cohort, by=STRATUM_KEY)
    conditions = [settings_of(settings, key).control_condition for key in rows.keys]
    condition = np.empty(cohort.num_rows, dtype=object)
    condition[rows.order] = np.array(conditions, dtype=object)[rows.code]
    leaves = _started_at_once(rows) & (condition == "risk_set")
    if "own_last_day" in cohort.column_names:
        leaves |= _is_below(cohort, "own_last_day", 0)
    is_fixed = condition == "fixed"
    if is_fixed.any():
        leaves |= is_fixed & _does_not_last_the_window(cohort)
    without_delay = condition != "risk_set"
    for name in ("delay_days", "last_day") if without_delay.any() else ():
        column = cohort.column(name).combine_chunks()
        values = pc.if_else(pa.array(without_delay), pa.scalar(None, column.type), column)
        cohort = cohort.set_column(cohort.column_names.index(name), name, values)
    return cohort.filter(pa.array(~leaves)) if leaves.any() else cohort


def _started_at_once(rows: SortedRows) -> BoolArray:
    """Return which controls of strata with delays had started by their own index date."""
    treated = rows.booleans("is_treated")
    has_delay = treated & ~rows.is_null("delay_days")
    is_early = ~treated & (rows.integers("last_day", null=NEVER) < 0)
    with_delays = np.bincount(rows.code, weights=has_delay, minlength=len(rows.keys)) > 0
    unsorted = np.empty(len(treated), dtype=bool)
    unsorted[rows.order] = is_early & with_delays[rows.code]
    return unsorted


def _does_not_last_the_window(cohort: pa.Table) -> BoolArray:
    """Return which controls re-offended or started a service by the last day of their window."""
    last = cohort.column("window_last_day")
    is_treated = np.asarray(cohort.column("is_treated").to_numpy(), dtype=np.bool_)
    reoffended = _is_below(cohort, "days_to_first", pc.add(last, 1))
    return (reoffended | _is_below(cohort, "own_last_day", last)) & ~is_treated


def _is_below(cohort: pa.Table, name: str, limit: pa.ChunkedArray | int) -> BoolArray:
    """Return where a column is below a limit; a null is not."""
    below = pc.fill_null(pc.less(cohort.column(name), limit), False)
    return np.asarray(below.to_numpy(), dtype=np.bool_)
