"""The few settings of the method, validated in one place; every analysis may have its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, Self, cast

import pyarrow as pa

from justice_data_lab.settings import read_settings

Scale = Literal["logit", "probability"]
WidthUnit = Literal["sd", "raw"]
ControlCondition = Literal["risk_set", "fixed", "none"]
AnalysisKey = tuple[str, str]
ADDED_BY_KIND = {"regional": ("region",)}
EXACT_COVARIATES = ("index_quarter", "region", "sentence_type", "sex")


@dataclass(frozen=True, kw_only=True)
class MatchSettings:
    """How scores are fitted and matched, and how results are judged.

    control_condition: what a control must meet to stand for a treated person, see
        ``conditions``; ``risk_set``, ``fixed`` or ``none``.
    exact_on: covariates on which a control must equal the treated person it stands for.
    left_out: covariates of the headline that this analysis does without.
    added: covariates beside the headline's that it uses.
    scale: what the radius is measured on. ``logit`` is the linear predictor of the score (of the
        logistic or of the Cox model); ``probability`` is the fitted probability (logistic only).
    width, width_unit: the radius; ``sd`` counts standard deviations (n - 1) of the score on that
        scale over all units on support, treated and controls; ``raw`` is in units of the scale.
        A width of 0 matches equal scores only.
    ridge_on_separation: penalty used when there is no maximum likelihood estimate (0: never).
    is_tilted: whether the matched weights are balanced exactly, see ``tilting``.
    confidence: coverage of intervals, 0 to 1; a result is significant at p <= 1 - confidence.
    power: what a minimum group size is computed for, 0 to 1.
    guarded_expected_count: expected re-offenders in an arm under which a rate gets the guarded
        interval.
    minimum_reoffenders: treated re-offenders under which the time to the first re-offence gives
        no conclusion.
    """

    control_condition: ControlCondition = "risk_set"
    exact_on: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    scale: Scale = "logit"
    width: float = 0.05
    width_unit: WidthUnit = "sd"
    ridge_on_separation: float = 1.0
    is_tilted: bool = True
    confidence: float = 0.95
    power: float = 0.95
    guarded_expected_count: float = 10.0
    minimum_reoffenders: int = 30

    def __post_init__(self) -> None:
        """Raise ValueError, naming every setting that is out of range."""
        problems = [
            *_choice("control_condition", self.control_condition, ("risk_set", "fixed", "none")),
            *_known("exact_on", self.exact_on, EXACT_COVARIATES),
            *_choice("scale", self.scale, ("logit", "probability")),
            *_choice("width_unit", self.width_unit, ("sd", "raw")),
            *_number("width", self.width, 0.0, 1e6),
            *_number("ridge_on_separation", self.ridge_on_separation, 0.0, 1e6),
            *_number("confidence", self.confidence, 0.5, 0.9999),
            *_number("power", self.power, 0.5, 0.9999),
            *_number("guarded_expected_count", self.guarded_expected_count, 0.0, 1e6),
            *_number("minimum_reoffenders", self.minimum_reoffenders, 0, 1_000_000),
        ]
        if problems:
            raise ValueError("match settings: " + "; ".join(problems))

    @property
    def alpha(self) -> float:
        """Two-sided level of significance, 1 - confidence (rounded free of float residue)."""
        return round(1.0 - self.confidence, 12)

    @classmethod
    def from_table(cls, settings: pa.Table) -> Self:
        """Read the settings from the table ``int_settings``; others keep their default."""
        return cls.from_mapping(read_settings(settings, _FIELDS))

    @classmethod
    def from_mapping(cls, meta: Mapping[str, object]) -> Self:
        """Read the settings from a mapping by name.

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


_FIELDS: Final = {
    "scale": "match_scale",
    "width": "match_width",
    "width_unit": "match_width_unit",
    "is_tilted": "is_tilted",
    "guarded_expected_count": "guarded_expected_count",
    "minimum_reoffenders": "minimum_analysed",
}


def settings_by_analysis(
    analyses: pa.Table, defaults: MatchSettings
) -> dict[AnalysisKey, MatchSettings]:
    """Return the settings of every analysis, by (request_id, analysis_id).

    analyses: one row per analysis with its kind, control_condition, match_scale, match_width,
        match_width_unit, exact_on and left_out (names separated by commas; empty: none).
    defaults: everything that an analysis cannot set for itself.

    A ``regional`` analysis adds ``region`` to its covariates. ValueError, naming the analysis,
    when a value is out of range.
    """
    common = asdict(defaults)
    found: dict[AnalysisKey, MatchSettings] = {}
    for row in analyses.to_pylist():
        own = {
            "control_condition": row["control_condition"],
            "scale": row["match_scale"],
            "width": row["match_width"],
            "width_unit": row["match_width_unit"],
            "exact_on": row["exact_on"],
            "left_out": row["left_out"],
            "added": ADDED_BY_KIND.get(row["kind"], defaults.added),
        }
        key = (str(row["request_id"]), str(row["analysis_id"]))
        try:
            found[key] = MatchSettings.from_mapping({**common, **own})
        except ValueError as problem:
            raise ValueError(f"{' / '.join(key)}: {problem}") from None
    return found


def settings_of(
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings], key: Sequence[str]
) -> MatchSettings:
    """Return the settings of one analysis, by a key that begins with it; or the one for all."""
    if isinstance(settings, MatchSettings):
        return settings
    try:
        return settings[(key[0], key[1])]
    except KeyError:
        raise ValueError(f"{key[0]} / {key[1]} has no row in the table of analyses") from None


def _names(name: str, value: object) -> tuple[str, ...]:
    """Return names given as a text with commas or as a sequence, without repeats, sorted."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise ValueError(f"match settings: {name} must be names, not {value!r}")
    return tuple(sorted(set(value)))


def _like(name: str, value: object, default: object) -> object:
    """Return the value in the type of its default; ValueError where that loses something."""
    if isinstance(default, tuple):
        return _names(name, value)
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ValueError(f"match settings: {name} must be a text, not {value!r}")
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ValueError(f"match settings: {name} must be true or false, not {value!r}")
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


def _known(name: str, values: tuple[str, ...], allowed: tuple[str, ...]) -> list[str]:
    unknown = [value for value in values if value not in allowed]
    return [f"{name} can hold {', '.join(allowed)}, not {', '.join(unknown)}"] if unknown else []


def _number(name: str, value: float, lowest: float, highest: float) -> list[str]:
    if math.isfinite(value) and lowest <= value <= highest:
        return []
    return [f"{name} must be from {lowest:g} to {highest:g}, not {value!r}"]
