"""What disclosure control knows of each measure: its kind, its population, its family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["share", "mean", "days"]


@dataclass(frozen=True)
class MeasureRule:
    """How one measure is controlled.

    kind: ``share`` in percent of people, ``mean`` per person, ``days`` to an event.
    places: decimals of a published value that is no share.
    is_of_reoffenders: its population are the people who re-offended, so that its size is a cell.
    is_of_reoffending: it follows from re-offending, and goes where the rate is suppressed.
    family: measures whose values add up to a published one.
    """

    kind: Kind
    places: int
    is_of_reoffenders: bool
    is_of_reoffending: bool = True
    family: str | None = None


_COURT_TYPES: Final = ("indictable", "either_way", "summary")
MEASURE_RULES: Final = {
    "rate": MeasureRule("share", 0, False),
    "frequency": MeasureRule("mean", 2, False),
    "days_to_first": MeasureRule("days", 0, True),
    **{f"first_{name}": MeasureRule("share", 0, True, family="first") for name in _COURT_TYPES},
    **{
        f"frequency_{name}": MeasureRule("mean", 2, True, family="frequency")
        for name in _COURT_TYPES
    },
    "first_custody": MeasureRule("share", 0, True),
    "custody_frequency": MeasureRule("mean", 2, True),
    "in_employment_1y": MeasureRule("share", 0, False, is_of_reoffending=False),
}
