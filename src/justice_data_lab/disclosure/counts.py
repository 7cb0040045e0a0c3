"""Tables of counts: requests, details of the waterfall, suggested analyses, resubmissions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.merging import merge_steps
from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import round_count
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    ControlledRow,
    Reason,
    Row,
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
    ("submitted_on", pa.date32()),
    *((name, pa.int32()) for name in ("started_from_year", "started_to_year")),
    ("release_version", pa.string()),
    ("released_on", pa.date32()),
)
DETAILS_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("detail", pa.string()),
    ("description", pa.string()),
    ("n", pa.int64()),
)
ADDITIONAL_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("suggested_analysis", pa.string()),
    ("description", pa.string()),
    ("expected_n", pa.int64()),
)
RESUBMISSIONS_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("release_quarter", pa.string()),
    ("basis", pa.string()),
    ("n", pa.int64()),
    ("earliest_analysis_on", pa.date32()),
)
REPEATS: Final = ("repeat_records", "repeat_people")
"""Details with more records than their step removes: the one kept of each person is among them."""
DETAILS_OF_SEVERAL_STEPS: Final = {"date_of_birth_not_accurate": "invalid_record"}
"""Details that no single reason holds, with the one that holds most of them."""
_REST: Final = ""


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
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the details of the waterfall of the published requests.

    details: request_id, detail, detail_order, reason (that it is a part of), description, n.
    attrition: the exact waterfall.

    The details of one row of the waterfall (the merged row, where it is merged) and whatever they
    leave of it are a partition of it: small parts hide each other. Repeats count the record that
    is kept too; both their counts go where people, or the records beyond one a person, are few.
    """
    sizes = _row_sizes(attrition, settings)
    result: list[Row] = []
    rows = rows_of(details, key=("request_id", "detail_order", "detail"))
    for (request_id,), parts in grouped(rows, "request_id").items():
        if request_id in published:
            of_rows = {reason: row for (of, reason), row in sizes.items() if of == request_id}
            reasons = _suppressed_details(parts, of_rows, settings)
            for part in parts:
                row = ControlledRow({**part, "n": round_count(part["n"], settings)})
                if part["detail"] in reasons:
                    row.suppress(["n"], reasons[part["detail"]])
                result.append(row.finished())
    return table_of(result, DETAILS_SCHEMA)


def _suppressed_details(
    parts: Sequence[Row], of_rows: Mapping[str, tuple[int, int]], settings: DisclosureSettings
) -> dict[str, Reason]:
    """Return the details of one request to suppress; of_rows: place and size of a reason's row."""
    counts = {part["detail"]: int(part["n"]) for part in parts}
    records, people = (counts.pop(name, 0) for name in REPEATS)
    suppressed: dict[str, Reason] = {}
    if settings.is_small(people) or settings.is_small(records - people):
        suppressed = dict.fromkeys(REPEATS, "primary")
    by_row: dict[tuple[int, int], dict[str, int]] = {}
    for part in parts:
        if part["detail"] in counts:
            reason = part["reason"] or DETAILS_OF_SEVERAL_STEPS.get(part["detail"], "")
            row = of_rows.get(reason, (-1, counts[part["detail"]]))
            by_row.setdefault(row, {})[part["detail"]] = counts[part["detail"]]
    for (_, size), cells in by_row.items():
        rest = max(0, size - sum(cells.values()))
        suppressed |= suppress_partition({**cells, _REST: rest}, settings)
    suppressed.pop(_REST, None)
    return suppressed


def control_additional(
    additional: pa.Table, published: Collection[str], settings: DisclosureSettings
) -> pa.Table:
    """Return the suggested analyses that the people left out would allow, with rounded sizes."""
    result: list[Row] = []
    for figures in rows_of(additional, key=("request_id", "suggested_analysis")):
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
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return of each reason the place of its published row, and what that row removes."""
    sizes: dict[tuple[str, str], tuple[int, int]] = {}
    rows = rows_of(attrition, key=("request_id", "step_number"))
    for (request_id,), waterfall in grouped(rows, "request_id").items():
        steps = waterfall[1:]
        for group in merge_steps([int(step["removed_n"]) for step in steps], settings):
            for step in steps[group.first : group.last + 1]:
                sizes[request_id, step["reason"]] = (group.first, group.removed)
    return sizes
