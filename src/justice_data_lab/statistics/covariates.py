"""What a covariate is, and the values of all events as numpy columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.statistics.arrow import (
    AnyFloatArray,
    AnyIntArray,
    FloatArray,
    IntArray,
)
from justice_data_lab.statistics.settings import MatchSettings

Kind = Literal["categorical", "continuous", "binary"]
MISSING = "missing"
KINDS = ("categorical", "continuous", "binary")
VALUE_LEVELS = {"binary": ("false", "true", MISSING), "continuous": ("present", MISSING)}
_BINARY = np.array([0.0, 1.0, np.nan])


@dataclass(frozen=True, kw_only=True)
class Covariate:
    """One covariate of the score, a row of the ``covariates`` seed.

    name: column of the covariate table, and the first part of its terms' names.
    family: group of covariates in reports (demographics, criminal history, ...).
    kind: ``categorical`` (one 0/1 column a level but the reference), ``continuous`` or
        ``binary`` (one column).
    reference_level: level without a column; None: the most frequent among the controls.
    is_in_headline: whether analyses use it unless they leave it out; the others must add it.
    """

    name: str
    family: str
    kind: Kind
    reference_level: str | None = None
    is_in_headline: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError on an unknown kind."""
        if self.kind not in KINDS:
            raise ValueError(
                f"covariate {self.name}: kind must be one of {', '.join(KINDS)}, not {self.kind!r}"
            )

    def term(self, level: str | None = None) -> str:
        """Return the name of a term: ``name`` or ``name: level``."""
        return self.name if level is None else f"{self.name}: {level}"


def read_covariates(table: pa.Table) -> tuple[Covariate, ...]:
    """Read the covariates from the seed's columns, keeping the order of its rows.

    Columns: covariate, family, kind, reference_level (null or empty: none declared) and
    is_in_headline.
    """
    columns = ["covariate", "family", "kind", "reference_level", "is_in_headline"]
    return tuple(
        Covariate(
            name=row["covariate"],
            family=row["family"],
            kind=cast("Kind", row["kind"]),
            reference_level=row["reference_level"] or None,
            is_in_headline=bool(row["is_in_headline"]),
        )
        for row in table.select(columns).to_pylist()
    )


def covariates_of(
    covariates: Sequence[Covariate], settings: MatchSettings
) -> tuple[Covariate, ...]:
    """Return the covariates that an analysis uses, in their order: headline's - left out + added.

    ValueError when it names one that does not exist, or when none is left.
    """
    known = {covariate.name for covariate in covariates}
    named = (*settings.left_out, *settings.added, *settings.exact_on)
    unknown = sorted(set(named) - known)
    if unknown:
        raise ValueError(f"no covariate is called {', '.join(unknown)}")
    used = tuple(
        covariate
        for covariate in covariates
        if covariate.name in settings.added
        or (covariate.is_in_headline and covariate.name not in settings.left_out)
    )
    if not used:
        raise ValueError("a score needs at least one covariate")
    return used


@dataclass(frozen=True)
class CovariateValues:
    """Covariates of all events, in the order of event_id, each in the smallest type that holds it.

    codes: levels as small integers, one array a covariate: the place in ``levels`` of a
        categorical one; for the others, which of ``false``, ``true``, ``missing`` or of
        ``present``, ``missing`` a value is.
    continuous: numbers of the continuous covariates, NaN where missing: float32 where that loses
        nothing. Read them by ``numbers``, which gives float64.
    """

    event_ids: IntArray
    levels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, AnyIntArray]
    continuous: Mapping[str, AnyFloatArray]

    def has_numbers(self, name: str) -> bool:
        """Tell whether a covariate is continuous or binary."""
        return name in self.continuous or self.levels[name] == VALUE_LEVELS["binary"]

    def numbers(self, name: str, places: IntArray) -> FloatArray:
        """Return the numbers of a continuous or binary (0, 1) covariate, NaN where missing."""
        if name in self.continuous:
            return self.continuous[name][places].astype(np.float64)
        return _BINARY[self.codes[name][places]]

    def take(self, event_ids: IntArray) -> CovariateValues:
        """Return the covariates of some events (each once); levels stay those of all."""
        wanted = np.sort(event_ids)
        places = self.places(wanted)
        return CovariateValues(
            event_ids=wanted,
            levels=self.levels,
            codes={name: code[places] for name, code in self.codes.items()},
            continuous={name: number[places] for name, number in self.continuous.items()},
        )

    def places(self, event_ids: IntArray) -> IntArray:
        """Return the place of each event; ValueError when one has no covariates."""
        if not len(event_ids):
            return np.zeros(0, dtype=np.int64)
        if not len(self.event_ids):
            raise ValueError("no event has covariates: is covariate_values empty?")
        found = np.searchsorted(self.event_ids, event_ids)
        found = np.minimum(found, len(self.event_ids) - 1)
        absent = self.event_ids[found] != event_ids
        if absent.any():
            raise ValueError(
                f"{int(absent.sum())} events of the cohort have no row in covariate_values, "
                f"event_id {int(event_ids[absent][0])} among them"
            )
        return found.astype(np.int64)


def read_values(
    table: pa.Table | CovariateValues, covariates: Sequence[Covariate]
) -> CovariateValues:
    """Read the covariate table (one row per event_id) into sorted arrays; once read, return it.

    Raises ValueError on repeated event_ids or an absent column. Infinite numbers count as
    missing.
    """
    if isinstance(table, CovariateValues):
        return table
    event_ids = np.asarray(pc.cast(table.column("event_id"), pa.int64()).to_numpy(), np.int64)
    order = np.argsort(event_ids, kind="stable")
    event_ids = event_ids[order]
    if (event_ids[1:] == event_ids[:-1]).any():
        raise ValueError("covariate_values has an event_id twice; it must be one row per event")
    levels: dict[str, tuple[str, ...]] = {}
    codes: dict[str, AnyIntArray] = {}
    continuous: dict[str, AnyFloatArray] = {}
    for covariate in covariates:
        if covariate.name not in table.column_names:
            raise ValueError(f"covariate_values has no column {covariate.name}")
        column = table.column(covariate.name)
        if covariate.kind == "categorical":
            levels[covariate.name], codes[covariate.name] = _categorical(column, order)
        else:
            number = _numbers(column)[order]
            levels[covariate.name] = VALUE_LEVELS[covariate.kind]
            codes[covariate.name] = _value_codes(number, covariate)
            if covariate.kind == "continuous":
                continuous[covariate.name] = _smallest_float(number)
    return CovariateValues(event_ids, levels, codes, continuous)


def _numbers(column: pa.ChunkedArray) -> FloatArray:
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    number = np.array(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)
    number[~np.isfinite(number)] = np.nan
    return number


def _smallest_float(number: FloatArray) -> AnyFloatArray:
    with np.errstate(over="ignore"):
        small = number.astype(np.float32)
    return small if np.array_equal(small.astype(np.float64), number, equal_nan=True) else number


def _value_codes(number: FloatArray, covariate: Covariate) -> AnyIntArray:
    is_missing = np.isnan(number)
    if covariate.kind == "continuous":
        return is_missing.astype(np.int8)
    if not (is_missing | (number == 0.0) | (number == 1.0)).all():
        raise ValueError(f"covariate {covariate.name} is binary but has values other than 0 and 1")
    return np.where(is_missing, 2, number == 1.0).astype(np.int8)


def _categorical(column: pa.ChunkedArray, order: IntArray) -> tuple[tuple[str, ...], AnyIntArray]:
    text = pc.fill_null(pc.cast(column, pa.string()), MISSING).combine_chunks()
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    encoded = text.dictionary_encode()
    names: list[str] = encoded.dictionary.to_pylist()
    rank = np.argsort(np.argsort(np.array(names, dtype=object), kind="stable"))
    indices = np.asarray(encoded.indices.to_numpy(), dtype=np.int64)
    codes = rank[indices] if names else indices
    return tuple(sorted(names)), codes[order].astype(np.min_scalar_type(-max(len(names), 1)))
