"""What the lab measures: one entry a measure, in the order of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.statistics.arrow import FloatArray

Kind = Literal["binary", "count", "continuous"]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure of methodology section 6.

    name: code of the ``measures`` seed. kind: ``binary`` measures are shares, reported in
    percent; ``count`` is per person; ``continuous`` is in the unit of its column.
    column: of the cohort. level: the value of a text column that counts as 1; None for numbers.
    reoffenders_only: whether the population is people who re-offended: such a measure conditions
    on re-offending and is descriptive. may_be_unknown: whether people whose value is null leave
    the population; elsewhere a null is an error.
    """

    name: str
    kind: Kind
    column: str
    level: str | None = None
    reoffenders_only: bool = False
    may_be_unknown: bool = False

    @property
    def scale(self) -> float:
        """Factor from the outcome of a person to the unit of the table."""
        return 100.0 if self.kind == "binary" else 1.0

    @property
    def highest(self) -> float:
        """Largest value that a mean can have, in the unit of the table."""
        return 100.0 if self.kind == "binary" else float("inf")


def _of_reoffenders(name: str, kind: Kind, column: str, level: str | None = None) -> Measure:
    return Measure(name=name, kind=kind, column=column, level=level, reoffenders_only=True)


COURT_TYPES = ("indictable", "either_way", "summary")
MEASURES: tuple[Measure, ...] = (
    Measure(name="rate", kind="binary", column="is_reoffender"),
    Measure(name="frequency", kind="count", column="reoffences_n"),
    _of_reoffenders("days_to_first", "continuous", "days_to_first"),
    *(_of_reoffenders(f"first_{c}", "binary", "first_court_type", c) for c in COURT_TYPES),
    *(_of_reoffenders(f"frequency_{c}", "count", f"reoffences_{c}_n") for c in COURT_TYPES),
    _of_reoffenders("first_custody", "binary", "is_first_custody"),
    _of_reoffenders("custody_frequency", "count", "custodial_sentences_n"),
    Measure(name="in_employment_1y", kind="binary", column="in_employment_1y", may_be_unknown=True),
)
OUTCOME_COLUMNS = tuple(dict.fromkeys(measure.column for measure in MEASURES))


def outcome_values(measure: Measure, people: pa.Table) -> FloatArray:
    """Return each person's outcome (shares: 0 or 1), NaN for those outside the population.

    people: rows of the cohort. ValueError when somebody of the population has no value, unless
    the measure may be unknown.
    """
    column = people.column(measure.column)
    if measure.level is not None:
        column = pc.equal(column, measure.level)
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    values = np.array(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)
    inside = np.ones(len(values), dtype=bool)
    if measure.reoffenders_only:
        inside = np.asarray(people.column("is_reoffender").to_numpy(), dtype=np.bool_)
        values[~inside] = np.nan
    if not measure.may_be_unknown and np.isnan(values[inside]).any():
        who = "a re-offender" if measure.reoffenders_only else "somebody"
        raise ValueError(f"{who} has no {measure.column}; see the model of index events")
    return values
