"""The settings of disclosure control, validated in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self, cast

import pyarrow as pa

from justice_data_lab.settings import read_settings


@dataclass(frozen=True, kw_only=True)
class DisclosureSettings:
    """What may be published, and how it is rounded.

    is_on: false for a synthetic raw zone only; nothing is suppressed then and counts are exact.
    small_count: a count of 1 to this many people is a protected cell.
    rounding: counts are rounded to a multiple of this, each for itself; 1 for exact counts.
    minimum_people: an analysis of fewer people has no figures at all.
    whole_points_below: percentages of fewer people are whole points (methodology, section 6).
    minimum_expected_count: expected people with the outcome in the smaller arm, below which a
        rate is withheld (methodology, section 6).
    """

    is_on: bool = True
    small_count: int = 7
    rounding: int = 5
    minimum_people: int = 30
    whole_points_below: int = 200
    minimum_expected_count: float = 10.0

    def __post_init__(self) -> None:
        """Raise ValueError when a setting is out of its range."""
        if self.small_count < 0 or self.rounding < 1 or self.minimum_people < 1:
            raise ValueError("disclosure settings: a count is out of range")

    @property
    def levels(self) -> range:
        """Every threshold from 1 to the small count.

        Rules that choose which further cell to hide raise the threshold one by one and never take
        a choice back: that is why a higher threshold cannot reveal what a lower one hides.
        """
        return range(1, self.small_count + 1) if self.is_on else range(0)

    def is_small(self, count: int) -> bool:
        """Say whether a count is a protected cell: 1 to the small count."""
        return self.is_on and 1 <= count <= self.small_count

    @classmethod
    def from_table(cls, settings: pa.Table) -> Self:
        """Read the settings from the table ``int_settings``."""
        return cls(**cast("dict[str, Any]", read_settings(settings, _FIELDS)))


_FIELDS: Final = {
    "is_on": "disclosure_control",
    "small_count": "disclosure_small_count",
    "rounding": "disclosure_rounding",
    "minimum_people": "minimum_analysed",
    "whole_points_below": "whole_points_below",
    "minimum_expected_count": "minimum_expected_count",
}
