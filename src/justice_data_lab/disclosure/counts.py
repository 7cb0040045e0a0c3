"""Tables of counts: requests, details of the waterfall, further analyses, resubmissions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.merging import merge_steps
from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import round_count
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    ControlledRow,
    Row,
    by_key,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)

REQUESTS_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    *((name, pa.string()) for name in ("organisation", "service_name", "sector", "need")),
    ("status", pa.string()),
    ("status_reason", pa.string()),
    ("review_due_on", pa.date32()),
    ("submitted_n", pa.int64()),
    ("analysed_n", pa.int64()),
    *((name, pa.string()) for name in ("description", "delivered_in", "balance_verdict")),
)
DETAILS_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("detail", pa.string()),
    ("description", pa.string()),
    ("n", pa.int64()),
)
ADDITIONAL_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("additional_analysis", pa.string()),
    ("description", pa.string()),
    ("expected_n", pa.int64()),
)
RESUBMISSIONS_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("release_quarter", pa.date32()),
    ("basis", pa.string()),
    ("n", pa.int64()),
    ("earliest_analysis_on", pa.date32()),
)
REPEATS: Final = ("repeat_records", "repeat_people")
"""Details with more records than their step removes: the one kept of each person is among them."""


def published_requests(requests: pa.Table, settings: DisclosureSettings) -> set[str]:
    """Return the requests that have more than a status: those analysed; all when control is off."""
    return {
        row["request_id"]
        for row in requests.select(["request_id", "is_analysed"]).to_pylist()
        if row["is_analysed"] or not settings.is_on
    }


def control_requests(requests: pa.Table, settings: DisclosureSettings) -> pa.Table:
    """Return every request with its rounded counts; names are passed on as they were given.

    requests: with ``is_analysed`` and ``balance_verdict`` (of the headline, null where it has
    none). A request that was not analysed has its status and the records submitted. Where only a
    few of the submitted were not analysed, the submitted are not shown (see the waterfall).
    """
    result: list[Row] = []
    for figures in rows_of(requests, key=("request_id",)):
        row = ControlledRow(dict(figures))
        submitted, analysed = figures["submitted_n"], figures["analysed_n"]
        row.figures["submitted_n"] = round_count(submitted, settings)
        row.figures["analysed_n"] = (
            round_count(analysed, settings) if figures["is_analysed"] else None
        )
        if settings.is_small(submitted):
            row.suppress(["submitted_n"], "primary")
        if figures["is_analysed"] and settings.is_small(submitted - analysed):
            row.suppress(["submitted_n"], "secondary")
        if figures["is_analysed"] and settings.is_small(analysed):
            row.suppress(["analysed_n"], "primary")
        result.append(row.finished())
    return table_of(result, REQUESTS_SCHEMA)


def control_details(
    details: pa.Table,
    attrition: pa.Table,
    described: pa.Table,
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the details of the waterfall of the published requests.

    details: request_id, detail, n. attrition: the exact waterfall. described: the seed of details
    with their words and the reason that each is a part of; one of no reason stands for itself.

    Not shown are details of 1 to 7, and those that leave 1 to 7 of the row of the waterfall that
    they are a part of (the merged row, where it is merged: there they may not leave nobody
    either, since that would empty its other steps).
    """
    sizes = _row_sizes(attrition, settings)
    words = by_key(described.to_pylist(), "detail")
    result: list[Row] = []
    rows = rows_of(details, key=("request_id", "detail"))
    for (request_id,), parts in grouped(rows, "request_id").items():
        if request_id in published:
            counts = {part["detail"]: int(part["n"]) for part in parts}
            for part in parts:
                seed = words[(part["detail"],)]
                within = sizes.get((request_id, seed["reason"]), (0, False))
                row = _control_detail(part, counts, within, settings)
                row.figures["description"] = seed["description"]
                result.append(row.finished())
    return table_of(result, DETAILS_SCHEMA)


def _control_detail(
    part: Row, counts: Mapping[str, int], within: tuple[int, bool], settings: DisclosureSettings
) -> ControlledRow:
    """Return one detail; within: what its row of the waterfall removes, and whether it is merged."""
    count, (size, is_merged) = int(part["n"]), within
    row = ControlledRow({**part, "n": round_count(count, settings)})
    leaves_few = settings.is_small(size - count) or (is_merged and size == count)
    if settings.is_small(count) or _is_small_repeat(part["detail"], counts, settings):
        row.suppress(["n"], "primary")
    elif settings.is_on and count and size and leaves_few:
        row.suppress(["n"], "secondary")
    return row


def control_additional(
    additional: pa.Table, published: Collection[str], settings: DisclosureSettings
) -> pa.Table:
    """Return the further analyses that the people left out would allow, with rounded sizes."""
    result: list[Row] = []
    for figures in rows_of(additional, key=("request_id", "additional_analysis")):
        if figures["request_id"] in published:
            row = ControlledRow(
                {**figures, "expected_n": round_count(figures["expected_n"], settings)}
            )
            if settings.is_small(figures["expected_n"] or 0):
                row.suppress(["expected_n"], "primary")
            result.append(row.finished())
    return table_of(result, ADDITIONAL_SCHEMA)


def control_resubmissions(
    resubmissions: pa.Table, published: Collection[str], settings: DisclosureSettings
) -> pa.Table:
    """Return the people still in custody by the quarter and basis of their release.

    They add up to a step of the waterfall: small quarters hide each other.
    """
    rows = rows_of(resubmissions, key=("request_id", "release_quarter", "basis"))
    result: list[Row] = []
    for (request_id,), quarters in grouped(rows, "request_id").items():
        if request_id in published:
            cells = {f"{place}": int(quarter["n"]) for place, quarter in enumerate(quarters)}
            reasons = suppress_partition(cells, settings)
            for place, quarter in enumerate(quarters):
                row = ControlledRow({**quarter, "n": round_count(quarter["n"], settings)})
                if f"{place}" in reasons:
                    row.suppress(["n"], reasons[f"{place}"])
                result.append(row.finished())
    return table_of(result, RESUBMISSIONS_SCHEMA)


def _row_sizes(
    attrition: pa.Table, settings: DisclosureSettings
) -> dict[tuple[str, str], tuple[int, bool]]:
    """Return what each published row of the waterfall removes, and whether it is merged, by reason."""
    sizes: dict[tuple[str, str], tuple[int, bool]] = {}
    rows = rows_of(attrition, key=("request_id", "step_number"))
    for (request_id,), waterfall in grouped(rows, "request_id").items():
        steps = waterfall[1:]
        for group in merge_steps([int(step["removed_n"]) for step in steps], settings):
            for step in steps[group.first : group.last + 1]:
                sizes[request_id, step["reason"]] = (group.removed, group.last > group.first)
    return sizes


def _is_small_repeat(
    detail: str, counts: Mapping[str, int], settings: DisclosureSettings
) -> bool:
    """Say whether a detail of repeats goes because the other one, or their difference, is small."""
    if detail not in REPEATS:
        return False
    records, people = (counts.get(name, 0) for name in REPEATS)
    return settings.is_small(people) or settings.is_small(records - people)
