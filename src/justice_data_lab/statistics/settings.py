"""The few settings of the method, validated in one place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, cast

Scale = Literal["logit", "probability"]
WidthUnit = Literal["sd", "raw"]


@dataclass(frozen=True, kw_only=True)
class MatchSettings:
    """How scores are fitted and matched, and how results are judged.

    scale: what the radius is measured on. ``logit`` is the linear predictor of the score (of the
        logistic or of the Cox model); ``probability`` is the fitted probability (logistic only).
    width, width_unit: the radius; ``sd`` counts standard deviations (n - 1) of the score on that
        scale over all units on support, treated and controls; ``raw`` is in units of the scale.
        A width of 0 matches equal scores only.
    ridge_on_separation: penalty used when there is no maximum likelihood estimate (0: never).
    confidence: coverage of intervals, 0 to 1; a result is significant at p <= 1 - confidence.
    power: what a minimum group size is computed for, 0 to 1.
    minimum_expected_count: expected re-offenders in an arm under which a rate gets the guarded
        interval.
    minimum_reoffenders: treated re-offenders under which the time to the first re-offence gives
        no conclusion.
    """

    scale: Scale = "logit"
    width: float = 0.2
    width_unit: WidthUnit = "sd"
    ridge_on_separation: float = 1.0
    confidence: float = 0.95
    power: float = 0.95
    minimum_expected_count: float = 10.0
    minimum_reoffenders: int = 30

    def __post_init__(self) -> None:
        """Raise ValueError, naming every setting that is out of range."""
        problems = [
            *_choice("scale", self.scale, ("logit", "probability")),
            *_choice("width_unit", self.width_unit, ("sd", "raw")),
            *_number("width", self.width, 0.0, 1e6),
            *_number("ridge_on_separation", self.ridge_on_separation, 0.0, 1e6),
            *_number("confidence", self.confidence, 0.5, 0.9999),
            *_number("power", self.power, 0.5, 0.9999),
            *_number("minimum_expected_count", self.minimum_expected_count, 0.0, 1e6),
            *_number("minimum_reoffenders", self.minimum_reoffenders, 0, 1_000_000),
        ]
        if problems:
            raise ValueError("match settings: " + "; ".join(problems))

    @property
    def alpha(self) -> float:
        """Two-sided level of significance, 1 - confidence (rounded free of float residue)."""
        return round(1.0 - self.confidence, 12)

    @classmethod
    def from_mapping(cls, meta: Mapping[str, object]) -> Self:
        """Read the settings from a mapping such as ``dbt.config.get("meta")``.

        Names that are absent keep their default; an unknown name, a text where a number is
        wanted or a value out of range raises ValueError.
        """
        known = {field.name: field.default for field in fields(cls)}
        unknown = sorted(set(meta) - set(known))
        if unknown:
            raise ValueError(
                f"match settings: unknown {', '.join(unknown)}; known: {', '.join(known)}"
            )
        read = {name: _like(name, value, known[name]) for name, value in meta.items()}
        return cls(**cast("dict[str, Any]", read))


def _like(name: str, value: object, default: object) -> object:
    """Return the value in the type of its default; ValueError where that loses something."""
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ValueError(f"match settings: {name} must be a text, not {value!r}")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"match settings: {name} must be a number, not {value!r}")
    if isinstance(default, int):
        if value != int(value):
            raise ValueError(f"match settings: {name} must be a whole number, not {value!r}")
        return int(value)
    return float(value)


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> list[str]:
    if value in allowed:
        return []
    return [f"{name} must be one of {', '.join(allowed)}, not {value!r}"]


def _number(name: str, value: float, lowest: float, highest: float) -> list[str]:
    if math.isfinite(value) and lowest <= value <= highest:
        return []
    return [f"{name} must be from {lowest:g} to {highest:g}, not {value!r}"]
