"""Survival curves by month: months with few re-offenders are merged until a step is large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.merging import merge_steps
from justice_data_lab.disclosure.rounding import round_count, round_figure
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    SUPPRESSED_FIGURES,
    ControlledRow,
    Reason,
    Row,
    by_key,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)

SURVIVAL_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("analysis_id", pa.string()),
    ("arm", pa.string()),
    ("month", pa.int32()),
    ("at_risk_n", pa.int64()),
    *((name, pa.float64()) for name in ("survival_percent", "lower", "upper")),
)
POINT: Final = ("at_risk_n", "survival_percent", "lower", "upper")

_NOBODY: Final = {"people_n": 0}

Key = tuple[str, str]


def control_survival(
    survival: pa.Table,
    reoffenders: pa.Table,
    outcomes: pa.Table,
    holds: Mapping[Key, Reason | None],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the curves of published analyses, each with a point where enough people re-offended.

    survival: one row per (request_id, analysis_id, arm, month 0 to 12), ``at_risk_n`` (weighted)
    people left at the end of the month, ``survival``, ``lower``, ``upper`` (0 to 1). reoffenders:
    ``people_n`` who re-offended first in a month (people, not weights: the cells). outcomes: the
    controlled ones; a curve ends in the complement of the rate, and goes with it. holds: as for
    outcomes.

    Published percentages are whole points. A month whose re-offenders are 1 to 7 is merged with a
    neighbour, as a step of the waterfall; of merged months only the last has a point.
    """
    key = ("request_id", "analysis_id", "arm", "month")
    people = by_key(reoffenders.to_pylist(), *key)
    hidden = {
        (row["request_id"], row["analysis_id"])
        for row in outcomes.to_pylist()
        if row["measure"] == "rate" and row[SUPPRESSED_FIGURES] is not None
    }
    result: list[Row] = []
    for curve in grouped(rows_of(survival, key=key), *key[:3]).values():
        analysis = (curve[0]["request_id"], curve[0]["analysis_id"])
        if analysis in holds:
            reason = holds[analysis] or ("linked" if analysis in hidden else None)
            points = [
                {
                    **row,
                    "people_n": people.get(tuple(row[name] for name in key), _NOBODY)["people_n"],
                }
                for row in curve
            ]
            result += _control_curve(points, reason, settings)
    return table_of(result, SURVIVAL_SCHEMA)


def _control_curve(
    curve: Sequence[Row], hold: Reason | None, settings: DisclosureSettings
) -> list[Row]:
    groups = merge_steps([int(point["people_n"]) for point in curve], settings)
    shown = {group.last for group in groups}
    is_flat = settings.is_small(sum(int(point["people_n"]) for point in curve))
    result = []
    for place, point in enumerate(curve):
        row = ControlledRow(
            {
                **point,
                "at_risk_n": round_count(round(point["at_risk_n"]), settings),
                "survival_percent": _percent(point["survival"]),
                "lower": _percent(point["lower"]),
                "upper": _percent(point["upper"]),
            }
        )
        if hold is not None:
            row.suppress(POINT, hold)
        elif place not in shown or (is_flat and place):
            row.suppress(POINT, "primary")
        result.append(row.finished())
    return result


def _percent(share: float | None) -> float | None:
    return None if share is None else round_figure(100.0 * share, 0)
