"""What the lab measures: the rows of the ``measures`` seed, as statistics and texts need them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast

from justice_data_lab.project import reference_rows

Kind = Literal["binary", "count", "continuous", "ratio"]
REOFFENDERS = "re-offenders"
HEADLINE: Final = "headline"
"""The main analysis of a request, and the scenario in which nothing is changed."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure of methodology section 6; the seed's YAML describes its columns.

    unit: of the published values. kind: ``binary`` measures are shares, in percent; ``count`` is
    per person; ``continuous`` is in the unit of its column; ``ratio`` is 365 x the sum of its
    column over the sum of ``exposure``. column: of the cohort. level: the value of a
    text column that counts as 1; None elsewhere. exposure: column of what a ratio is counted over;
    None elsewhere. population: ``all``, ``re-offenders``, or whose value is known. family: measures
    whose values add up to a published one. decimals: of a published value that is no share.
    name_in_text: the name with its article. limits: code of what a significant result must not
    be taken for.
    """

    name: str
    kind: Kind
    column: str
    level: str | None = None
    exposure: str | None = None
    unit: str = ""
    population: str = "all"
    family: str | None = None
    is_of_reoffending: bool = True
    decimals: int = 0
    name_in_text: str = ""
    decrease_word: str = "lower"
    increase_word: str = "higher"
    limits: str = "cause"

    @property
    def is_of_reoffenders(self) -> bool:
        """Whether the population is people who re-offended: such a measure is descriptive."""
        return self.population == REOFFENDERS

    @property
    def may_be_unknown(self) -> bool:
        """Whether people whose value is null leave the population; elsewhere a null is an error."""
        return self.population not in ("all", REOFFENDERS)

    @property
    def scale(self) -> float:
        """Factor from the outcome of a person to the unit of the table."""
        return 100.0 if self.kind == "binary" else 1.0

    @property
    def highest(self) -> float:
        """Largest value that a mean can have, in the unit of the table."""
        return 100.0 if self.kind == "binary" else float("inf")


@cache
def measures() -> dict[str, Measure]:
    """Return the measures by code, in the order of the tables."""
    rows = sorted(reference_rows("measures"), key=lambda row: int(row["measure_order"]))
    return {row["measure"]: _measure(row) for row in rows}


def outcome_columns() -> tuple[str, ...]:
    """Return the columns that measures are made from, each once."""
    columns = [
        name
        for measure in measures().values()
        for name in (measure.column, measure.exposure)
        if name is not None
    ]
    return tuple(dict.fromkeys(columns))


def _measure(row: dict[str, str]) -> Measure:
    return Measure(
        name=row["measure"],
        kind=cast("Kind", row["kind"]),
        column=row["outcome_column"],
        level=row["outcome_level"] or None,
        exposure=row["exposure_column"] or None,
        unit=row["unit"],
        population=row["population"],
        family=row["family"] or None,
        is_of_reoffending=row["is_of_reoffending"] == "true",
        decimals=int(row["decimals"]),
        name_in_text=row["name_in_text"],
        decrease_word=row["decrease_word"],
        increase_word=row["increase_word"],
        limits=row["limits"],
    )
