"""Survival curves by month: months with few re-offenders are merged until a step is large."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.curves import WITHOUT_LIMITS, points_given_up
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
LIMITS: Final = ("lower", "upper")
POINT: Final = ("at_risk_n", "survival_percent", *LIMITS)

_NOBODY: Final = {"people_n": 0}

Key = tuple[str, str]


def control_survival(
    survival: pa.Table,
    reoffenders: pa.Table,
    matched_people: pa.Table,
    outcomes: pa.Table,
    holds: Mapping[Key, Reason | None],
    settings: DisclosureSettings,
    hidden_sizes: Collection[Key] = (),
) -> pa.Table:
    """Return the curves of published analyses, each with a point where enough people re-offended.

    survival: one row per (request_id, analysis_id, arm, month 0 to 12), ``at_risk_n`` (weighted)
    people left at the end of the month, ``survival``, ``lower``, ``upper`` (0 to 1). reoffenders:
    ``people_n`` who re-offended first in a month (people, not weights: the cells). matched_people:
    the matched treated of each analysis, by whom its curve is told from others. outcomes: the
    controlled ones; a curve ends in the complement of the rate, and goes with it. holds,
    hidden_sizes: as for outcomes.

    Published percentages are whole points. A month whose re-offenders are 1 to 7 is merged with a
    neighbour, as a step of the waterfall; of merged months only the last has a point. Points of the
    treated from which, with the curves of the request's other analyses, a few people could be
    worked out lose their interval, or go (``curves``).
    """
    key = ("request_id", "analysis_id", "arm", "month")
    people = by_key(reoffenders.to_pylist(), *key)
    hidden = {
        (row["request_id"], row["analysis_id"])
        for row in outcomes.to_pylist()
        if row["measure"] == "rate"
        and row["conclusion"] == "withheld"
        and row[SUPPRESSED_FIGURES] is not None
    }
    curves = {
        name: [{**row, **people.get(tuple(row[part] for part in key), _NOBODY)} for row in curve]
        for name, curve in grouped(rows_of(survival, key=key), *key[:3]).items()
    }
    shown = {
        (name[0], name[1]): _shown(curve, settings)
        for name, curve in curves.items()
        if name[2] == "treated" and holds.get(name[:2], "x") is None and name[:2] not in hidden
    }
    steps = _given_up(matched_people, shown, settings)
    result: list[Row] = []
    for (request_id, analysis_id, arm), curve in curves.items():
        if (request_id, analysis_id) in holds:
            held = holds[request_id, analysis_id]
            reason = held or ("linked" if (request_id, analysis_id) in hidden else None)
            of_curve = steps.get((request_id, analysis_id), {}) if arm == "treated" else {}
            rows = _control_curve(curve, reason, of_curve, settings)
            if arm == "treated" and (request_id, analysis_id) in hidden_sizes:
                for row in rows:
                    row.suppress(("at_risk_n", *LIMITS), "secondary")
            result += [row.finished() for row in rows]
    return table_of(result, SURVIVAL_SCHEMA)


def _given_up(
    matched_people: pa.Table, shown: Mapping[Key, Sequence[int]], settings: DisclosureSettings
) -> dict[Key, dict[int, int]]:
    """Return the step of each point that gives way, by month, for every curve of the treated."""
    result: dict[Key, dict[int, int]] = {}
    for (request_id,), members in grouped(matched_people.to_pylist(), "request_id").items():
        of_request = {key[1]: months for key, months in shown.items() if key[0] == request_id}
        for (analysis, month), step in points_given_up(members, of_request, settings).items():
            result.setdefault((request_id, analysis), {})[month] = step
    return result


def _shown(curve: Sequence[Row], settings: DisclosureSettings) -> list[int]:
    """Return the months of a curve that have a point, by the people who re-offended in each."""
    groups = merge_steps([int(point["people_n"]) for point in curve], settings)
    is_flat = settings.is_small(sum(int(point["people_n"]) for point in curve))
    return [0] if is_flat else [int(curve[group.last]["month"]) for group in groups]


def _control_curve(
    curve: Sequence[Row],
    hold: Reason | None,
    steps: Mapping[int, int],
    settings: DisclosureSettings,
) -> list[ControlledRow]:
    """Return a curve as it may be seen; steps: of the months whose points give way."""
    shown = _shown(curve, settings)
    result = []
    for point in curve:
        row = ControlledRow(
            {
                **point,
                "at_risk_n": round_count(round(point["at_risk_n"]), settings),
                "survival_percent": _percent(point["survival"]),
                "lower": _percent(point["lower"]),
                "upper": _percent(point["upper"]),
            }
        )
        step = steps.get(point["month"], 0)
        if hold is not None:
            row.suppress(POINT, hold)
        elif point["month"] not in shown:
            row.suppress(POINT, "primary")
        elif step:
            row.suppress(LIMITS if step == WITHOUT_LIMITS else POINT, "secondary")
        result.append(row)
    return result


def _percent(share: float | None) -> float | None:
    return None if share is None else round_figure(100.0 * share, 0)
