"""The settings of disclosure control, validated in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


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
    def from_mapping(cls, meta: Mapping[str, object]) -> Self:
        """Read the settings from ``dbt.config.get("meta")``; ValueError for an unknown name."""
        known = {field.name: field.type for field in fields(cls)}
        unknown = sorted(set(meta) - set(known))
        if unknown:
            raise ValueError(f"disclosure settings: unknown {', '.join(unknown)}")
        return cls(**{name: _typed(name, value) for name, value in meta.items()})  # type: ignore[arg-type]


def _typed(name: str, value: object) -> object:
    """Return a setting in its type; ValueError where a truth value or a number is not one."""
    if name == "is_on":
        if not isinstance(value, bool):
            raise ValueError("disclosure settings: is_on must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"disclosure settings: {name} must be a number")
    return float(value) if name == "minimum_expected_count" else int(value)
