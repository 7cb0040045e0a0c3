"""Arrow tables to sorted numpy arrays and back.

Every entry point sorts its rows by key first, so that no result depends on the order in which
a database happened to return them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
AnyFloatArray = NDArray[np.float32] | NDArray[np.float64]
IntArray = NDArray[np.int64]
AnyIntArray = NDArray[np.signedinteger[Any]]
BoolArray = NDArray[np.bool_]

STRATUM_KEY = ("request_id", "analysis_id", "stratum")
ANALYSIS_KEY = ("request_id", "analysis_id")
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class SortedRows:
    """A table's rows in key order, cut into groups.

    keys: one tuple of key values a group, ascending.
    code: the group of each sorted row.
    starts: first sorted row of each group, and the number of rows at the end.
    order: row of the table that stands at each sorted place.
    """

    table: pa.Table
    keys: list[tuple[str, ...]]
    code: IntArray
    starts: IntArray
    order: IntArray

    def groups(self) -> Iterator[tuple[tuple[str, ...], slice]]:
        """Yield each key with the slice of its sorted rows."""
        for number, key in enumerate(self.keys):
            yield key, slice(int(self.starts[number]), int(self.starts[number + 1]))

    def analyses(self) -> Iterator[tuple[tuple[str, ...], list[tuple[tuple[str, ...], slice]]]]:
        """Yield each (request_id, analysis_id) with its groups, which stand side by side."""
        for key, groups in groupby(self.groups(), key=lambda group: group[0][:2]):
            yield key, list(groups)

    def require_unique(self, *names: str) -> None:
        """Raise ValueError when a group has the same values twice (sorted by these names next)."""
        repeated = self.code[1:] == self.code[:-1]
        for name in names:
            value = self.integers(name)
            repeated &= value[1:] == value[:-1]
        if repeated.any():
            place = int(np.flatnonzero(repeated)[0])
            key = " / ".join(self.keys[int(self.code[place])])
            row = ", ".join(f"{name} {int(self.integers(name)[place])}" for name in names)
            raise ValueError(f"{key}: {row} has two rows; one is wanted")

    def integers(self, name: str, *, null: int | None = None) -> IntArray:
        """Return a whole-number column in key order; a null is ``null``, else ValueError."""
        column = _filled(self.table, name, pa.int64(), null)
        return np.asarray(column.to_numpy(), dtype=np.int64)[self.order]

    def floats(self, name: str) -> FloatArray:
        """Return a number column in key order; a null is NaN."""
        column = pc.cast(_column(self.table, name), pa.float64())
        return np.asarray(column.to_numpy(), dtype=np.float64)[self.order]

    def booleans(self, name: str) -> BoolArray:
        """Return a boolean column in key order; ValueError on nulls."""
        column = _filled(self.table, name, pa.bool_(), None)
        return np.asarray(column.to_numpy(), dtype=np.bool_)[self.order]

    def text_codes(self, name: str) -> IntArray:
        """Return a text column in key order as the places of its values in their order."""
        return _text_codes(self.table, name)[0][self.order]

    def is_null(self, name: str) -> BoolArray:
        """Return where a column is null, in key order."""
        return np.asarray(_column(self.table, name).is_null().to_numpy(), dtype=np.bool_)[
            self.order
        ]

    def key_columns(self, names: Sequence[str]) -> dict[str, pa.Array]:
        """Return the key's columns, a text a sorted row."""
        codes = pa.array(self.code)
        return {
            name: pa.array([key[place] for key in self.keys], pa.string()).take(codes)
            for place, name in enumerate(names)
        }


def sort_rows(table: pa.Table, *, by: Sequence[str], then: Sequence[str] = ()) -> SortedRows:
    """Sort a table by text columns, then by whole-number columns, and group it by the former.

    Null keys raise ValueError: a row without a key cannot be followed.
    """
    code = np.zeros(table.num_rows, dtype=np.int64)
    values: list[list[str]] = []
    for name in by:
        ranks, names = _text_codes(table, name)
        code = code * max(len(names), 1) + ranks
        values.append(names)
    within = [
        np.asarray(_filled(table, name, pa.int64(), None).to_numpy(), dtype=np.int64)
        for name in then
    ]
    order = _order([code, *within])
    code = code[order]
    is_first = np.append(True, code[1:] != code[:-1])[: len(code)]
    starts = np.flatnonzero(is_first)
    return SortedRows(
        table=table,
        keys=[_decode(int(number), values) for number in code[starts]],
        code=np.cumsum(is_first) - 1,
        starts=np.append(starts, table.num_rows).astype(np.int64),
        order=order,
    )


def build_table(columns: Mapping[str, object], schema: pa.Schema) -> pa.Table:
    """Make a table of one schema; NaN becomes null in its number columns."""
    arrays = []
    for field in schema:
        values = columns[field.name]
        if isinstance(values, pa.Array | pa.ChunkedArray):
            arrays.append(pc.cast(values, field.type))
        else:
            arrays.append(pa.array(values, field.type, from_pandas=True))
    return pa.table(arrays, schema=schema)


def rows_table(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """Make a table from a few rows; NaN becomes null."""
    return build_table({name: [row[name] for row in rows] for name in schema.names}, schema)


def whole(values: IntArray, *, is_null: BoolArray) -> pa.Array:
    """Return whole numbers with nulls where ``is_null``."""
    return pa.array(values, pa.int64(), mask=is_null)


def _order(keys: list[IntArray]) -> IntArray:
    """Return the rows in order of the keys, the first the most important."""
    rows = len(keys[0])
    is_later, is_tied = (
        np.zeros(max(rows - 1, 0), dtype=bool),
        np.ones(max(rows - 1, 0), dtype=bool),
    )
    for key in keys:
        is_later |= is_tied & (key[1:] > key[:-1])
        is_tied &= key[1:] == key[:-1]
    if (is_later | is_tied).all():  # extracts mostly come sorted, and sorting is not free
        return np.arange(rows, dtype=np.int64)
    return np.lexsort(tuple(reversed(keys))).astype(np.int64)


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        raise ValueError(f"column {name} is missing; there are {', '.join(table.column_names)}")
    return table.column(name)


def _filled(table: pa.Table, name: str, kind: pa.DataType, null: int | None) -> pa.ChunkedArray:
    column = pc.cast(_column(table, name), kind)
    if column.null_count and null is None:
        raise ValueError(f"column {name} has {column.null_count} nulls; it must be known")
    return pc.fill_null(column, null) if column.null_count else column


def _text_codes(table: pa.Table, name: str) -> tuple[IntArray, list[str]]:
    column = pc.cast(_column(table, name), pa.string())
    if column.null_count:
        raise ValueError(f"column {name} has {column.null_count} nulls")
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    names: list[str] = encoded.dictionary.to_pylist()
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(np.array(names, dtype=object), kind="stable")] = np.arange(len(names))
    codes = np.asarray(encoded.indices.to_numpy(), dtype=np.int64)
    return rank[codes] if len(names) else codes, sorted(names)


def _decode(number: int, values: list[list[str]]) -> tuple[str, ...]:
    parts = []
    for names in reversed(values):
        number, place = divmod(number, len(names))
        parts.append(names[place])
    return tuple(reversed(parts))


def places_of(wanted: IntArray, ids: IntArray) -> IntArray:
    """Return where each wanted id stands among distinct ids in any order.

    One that is not among them has the place of another: compare, where that can be.
    """
    order = np.argsort(ids, kind="stable")
    places: IntArray = order[np.searchsorted(ids, wanted, sorter=order).clip(max=len(ids) - 1)]
    return places
