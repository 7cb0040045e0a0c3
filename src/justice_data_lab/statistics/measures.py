"""The outcome of each person, measure by measure."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.measures import Measure, outcome_columns
from justice_data_lab.statistics.arrow import FloatArray

DAYS_IN_THE_YEAR = 365
DERIVED = {
    "serious_reoffences_n": ("reoffences_indictable_n", "reoffences_either_way_n"),
    "is_summary_only": ("is_reoffender", "reoffences_indictable_n", "reoffences_either_way_n"),
    "days_free": ("days_to_first",),
}
"""Columns that follow from others of the cohort, with those: see ``with_derived_outcomes``."""


def cohort_columns() -> tuple[str, ...]:
    """Return the columns of the cohort that the measures need, each once."""
    needed = [name for one in outcome_columns() for name in DERIVED.get(one, (one,))]
    return tuple(dict.fromkeys(needed))


def with_derived_outcomes(people: pa.Table) -> pa.Table:
    """Add the outcomes of everybody that follow from those of re-offenders.

    people: ``cohort_columns``, a row a person. Adds ``serious_reoffences_n`` (indictable or either
    way; a null counts as none), ``is_summary_only`` (a re-offence and none serious), and
    ``days_free``: days to the first re-offence, 365 without one or after day 365.
    """
    counts = [pc.fill_null(people.column(name), 0) for name in DERIVED["serious_reoffences_n"]]
    serious = pc.add(*counts)
    days = pc.fill_null(people.column("days_to_first"), DAYS_IN_THE_YEAR)
    is_serious = pc.greater(serious, 0)
    return (
        people.append_column("serious_reoffences_n", serious)
        .append_column("is_summary_only", pc.and_not(people.column("is_reoffender"), is_serious))
        .append_column("days_free", pc.min_element_wise(days, DAYS_IN_THE_YEAR))
    )


def exposure_values(measure: Measure, people: pa.Table) -> FloatArray:
    """Return what each person's outcome is counted over; ValueError where it is not known."""
    column = pc.cast(people.column(measure.exposure), pa.float64())
    if column.null_count:
        raise ValueError(f"somebody has no {measure.exposure}; see the model of index events")
    return np.asarray(column.to_numpy(), dtype=np.float64)


def outcome_values(measure: Measure, people: pa.Table) -> FloatArray:
    """Return each person's outcome (shares: 0 or 1), NaN for those outside the population.

    A share of a number's column is of people with more than 0.

    people: rows of the cohort. ValueError when somebody of the population has no value, unless
    the measure may be unknown.
    """
    column = people.column(measure.column)
    if measure.level is not None:
        column = pc.equal(column, measure.level)
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    values = np.array(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)
    if measure.kind == "binary":
        values = np.where(np.isnan(values), np.nan, values > 0)
    inside = np.ones(len(values), dtype=bool)
    if measure.is_of_reoffenders:
        inside = np.asarray(people.column("is_reoffender").to_numpy(), dtype=np.bool_)
        values[~inside] = np.nan
    if not measure.may_be_unknown and np.isnan(values[inside]).any():
        who = "a re-offender" if measure.is_of_reoffenders else "somebody"
        raise ValueError(f"{who} has no {measure.column}; see the model of index events")
    return values
