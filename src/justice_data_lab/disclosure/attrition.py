"""Waterfalls: of a request's records, and of the control pool of an analysis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.merging import StepGroup, merge_steps
from justice_data_lab.disclosure.rounding import round_count
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    ControlledRow,
    Row,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)
from justice_data_lab.rounding import percent_of

MERGED_STEP: Final = "other_reasons"
ATTRITION_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("step_number", pa.int32()),
    ("step", pa.string()),
    ("stage", pa.string()),
    ("reason", pa.string()),
    ("description", pa.string()),
    ("removed_n", pa.int64()),
    ("remaining_n", pa.int64()),
    ("percent_of_submitted", pa.float64()),
    ("is_merged", pa.bool_()),
)
POOL_ATTRITION_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("analysis_id", pa.string()),
    ("step_number", pa.int32()),
    ("step", pa.string()),
    ("description", pa.string()),
    ("removed_n", pa.int64()),
    ("remaining_n", pa.int64()),
    ("is_merged", pa.bool_()),
)


def control_attrition(
    attrition: pa.Table,
    reasons: pa.Table,
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the waterfall of every request, small steps merged and counts rounded.

    A request that was not analysed has one too: it says where its people were left out.

    attrition: one row per request and step, exact, step 0 the submitted. reasons: the seed of
    exclusion reasons, for the words.

    A merged row stands at its last step, is called ``other_reasons``, and says in its description
    which steps it holds; its percentage is of the rounded counts, as all are, so that it says
    nothing that they do not. The share is null where the submitted are not shown.
    """
    words = {row["reason"]: row["description"] for row in reasons.to_pylist()}
    steps = rows_of(attrition, key=("request_id", "step_number"))
    result: list[Row] = []
    for waterfall in grouped(steps, "request_id").values():
        described = [
            {**step, "description": words.get(step["reason"], "Submitted")} for step in waterfall
        ]
        rows = control_waterfall(described, settings)
        submitted = rows[0]["remaining_n"]
        for row in rows:
            row["percent_of_submitted"] = _percent(row["remaining_n"], submitted)
        result.extend(rows)
    return table_of(result, ATTRITION_SCHEMA)


def control_pool_attrition(
    pool: pa.Table, published: Collection[tuple[str, str]], settings: DisclosureSettings
) -> pa.Table:
    """Return the waterfalls of the control pools of published analyses, by the same rules."""
    steps = rows_of(pool, key=("request_id", "analysis_id", "step_number"))
    result: list[Row] = []
    for key, waterfall in grouped(steps, "request_id", "analysis_id").items():
        if key in published:
            result.extend(control_waterfall(waterfall, settings))
    return table_of(result, POOL_ATTRITION_SCHEMA)


def control_waterfall(waterfall: Sequence[Row], settings: DisclosureSettings) -> list[Row]:
    """Return one row per group of steps, merged ones with the words of those that remove anybody.

    The first step removes nobody and shows the whole. Where all steps together are small, neither
    their sum nor the whole is shown: only what is left at the end.
    """
    removed = [int(step["removed_n"]) for step in waterfall[1:]]
    groups = [StepGroup(0, 0, 0), *_after_the_whole(merge_steps(removed, settings))]
    is_whole_hidden = settings.is_small(sum(removed))
    rows = []
    for group in groups:
        last = waterfall[group.last]
        row = ControlledRow(
            {
                **last,
                "removed_n": round_count(group.removed, settings),
                "remaining_n": round_count(last["remaining_n"], settings),
                "is_merged": group.last > group.first,
            }
        )
        if group.last > group.first:
            held = waterfall[group.first : group.last + 1]
            texts = "; ".join(step["description"] for step in held if step["removed_n"])
            row.figures.update(step=MERGED_STEP, reason=None, description=f"Other reasons: {texts}")
        if settings.is_small(last["remaining_n"]):
            row.suppress(["remaining_n"], "primary")
        if is_whole_hidden:
            row.suppress(["removed_n"] if group.removed else [], "primary")
            row.suppress(["remaining_n"] if _is_before_end(group, groups) else [], "secondary")
        rows.append(row.finished())
    return rows


def _after_the_whole(groups: Sequence[StepGroup]) -> list[StepGroup]:
    """Return groups of the steps after the first, by their places in the whole waterfall."""
    return [StepGroup(group.first + 1, group.last + 1, group.removed) for group in groups]


def _is_before_end(group: StepGroup, groups: Sequence[StepGroup]) -> bool:
    """Say whether people are still removed after a group: then it shows the whole."""
    return any(later.removed for later in groups if later.first > group.last)


def _percent(part: int | None, whole: int | None) -> float | None:
    if part is None or not whole:
        return None
    return min(100.0, percent_of(part, whole))
