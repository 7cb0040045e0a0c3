"""The outcome of each person, measure by measure."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.measures import Measure
from justice_data_lab.statistics.arrow import FloatArray

DAYS_IN_THE_YEAR = 365


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
