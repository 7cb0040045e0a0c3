"""The gates before results, as they may be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.analyses import has_few
from justice_data_lab.disclosure.outcomes import Key
from justice_data_lab.disclosure.rounding import round_figure
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    NOT_AVAILABLE,
    ControlledRow,
    Reason,
    Row,
    by_key,
    controlled_schema,
    rows_of,
    table_of,
)
from justice_data_lab.measures import HEADLINE

GATES_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("gate", pa.string()),
    ("value", pa.float64()),
    ("limit_value", pa.float64()),
    ("passes", pa.bool_()),
    ("is_overridden", pa.bool_()),
)
PLACES: Final = {"variance_ratio": 2, "equipoise": 0, "plan": 0}
"""Decimals of a value; the others have one, as differences have in the table of the balance."""


def control_gates(
    gates: pa.Table,
    diagnostics: pa.Table,
    holds: Mapping[Key, Reason | None],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the gates of each published headline, one row per (request_id, gate).

    gates: of all analyses, unrounded. diagnostics: one row per analysis, for the people behind its
    equipoise: where few of them are inside or outside, the value is not shown. holds: as for
    outcomes; of a held headline only the limits are shown, and what was overridden.
    """
    people = by_key(diagnostics.to_pylist(), "request_id", "analysis_id")
    result: list[Row] = []
    for figures in rows_of(gates, key=("request_id", "analysis_id", "gate")):
        key = (figures["request_id"], figures["analysis_id"])
        if key[1] == HEADLINE and key in holds:
            result.append(_control(figures, people[key]["eligible_n"], holds[key], settings))
    return table_of(result, GATES_SCHEMA)


def _control(
    figures: Row, eligible_n: int, hold: Reason | None, settings: DisclosureSettings
) -> Row:
    row = ControlledRow({name: figures[name] for name in GATES_SCHEMA.names[:-2]})
    gate, value = figures["gate"], figures["value"]
    row.figures["value"] = round_figure(value, PLACES.get(gate, 1))
    if hold is not None:
        row.suppress(("value", "passes"), hold)
    elif gate == "equipoise" and has_few(value, eligible_n, settings):
        row.suppress(["value"], "primary")
    return row.finished(code=NOT_AVAILABLE if value is None else None)
