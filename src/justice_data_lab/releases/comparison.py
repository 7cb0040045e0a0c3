"""What changed since the release before: one row per figure that is not the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.build.published import Published

KEYS: Final = {
    "requests": ("request_id",),
    "attrition": ("request_id", "step_number"),
    "outcomes": ("request_id", "analysis_id", "measure"),
    "covariate_balance": ("request_id", "analysis_id", "covariate"),
    "diagnostics_gate": ("request_id", "gate"),
    "sensitivity": ("request_id", "scenario", "measure"),
    "findings_summary": ("dimension", "value", "measure"),
    "meta_analysis": ("dimension", "value", "measure"),
    "method_settings": ("setting",),
}
"""The tables that are compared, each with its key."""

COMPARISON_SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("table", "key", "column", "before", "after")]
)


def compare_releases(before: Published, after: Published) -> pa.Table:
    """Return one row per figure that was added, removed or changed.

    ``column`` is null for a whole row that was added (``before`` null) or removed (``after``
    null). Columns that only one of the two has are not compared: they are a change of method, and
    the settings tell of it.
    """
    changes = [
        {"table": table, **change}
        for table, key in KEYS.items()
        if table in before.tables and table in after.tables
        for change in _changes(before.tables[table], after.tables[table], key)
    ]
    return pa.Table.from_pylist(changes, schema=COMPARISON_SCHEMA)


def _changes(
    before: pa.Table, after: pa.Table, key: tuple[str, ...]
) -> Iterator[dict[str, str | None]]:
    old, new = _by_key(before, key), _by_key(after, key)
    columns = [name for name in after.column_names if name in before.column_names]
    for place in sorted(old.keys() | new.keys()):
        named = {"key": " / ".join(place)}
        if place not in new:
            yield {**named, "column": None, "before": "there", "after": None}
        elif place not in old:
            yield {**named, "column": None, "before": None, "after": "there"}
        else:
            for column in columns:
                first, second = old[place][column], new[place][column]
                if first != second:
                    texts = {"before": _text(first), "after": _text(second)}
                    yield {**named, "column": column, **texts}


def _by_key(table: pa.Table, key: tuple[str, ...]) -> dict[tuple[str, ...], Mapping[str, object]]:
    return {tuple(str(row[name]) for name in key): row for row in table.to_pylist()}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
