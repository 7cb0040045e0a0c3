"""Tables of counts: requests, details of the waterfall, suggested analyses, resubmissions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.records import Kind, Suppressed, quarter_name, reasons_of
from justice_data_lab.disclosure.rounding import round_count
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    ControlledRow,
    Row,
    controlled_schema,
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
    suppressed: pa.Table,
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the details of the waterfall of the published requests.

    details: request_id, detail, detail_order, description, n. suppressed: of the records.
    """
    rows = rows_of(details, key=("request_id", "detail_order", "detail"))
    return _controlled(
        [(row, "detail", row["detail"]) for row in rows if row["request_id"] in published],
        "n",
        reasons_of(suppressed),
        DETAILS_SCHEMA,
        settings,
    )


def control_additional(
    additional: pa.Table,
    suppressed: pa.Table,
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the suggested analyses that the people left out would allow, with rounded sizes."""
    rows = rows_of(additional, key=("request_id", "suggested_analysis"))
    return _controlled(
        [
            (row, "suggested_analysis", row["suggested_analysis"])
            for row in rows
            if row["request_id"] in published
        ],
        "expected_n",
        reasons_of(suppressed),
        ADDITIONAL_SCHEMA,
        settings,
    )


def control_resubmissions(
    resubmissions: pa.Table,
    suppressed: pa.Table,
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the people still in custody by the quarter and basis of their release."""
    rows = rows_of(resubmissions, key=("request_id", "release_quarter", "basis"))
    return _controlled(
        [(row, "quarter", quarter_name(row)) for row in rows if row["request_id"] in published],
        "n",
        reasons_of(suppressed),
        RESUBMISSIONS_SCHEMA,
        settings,
    )


def _controlled(
    rows: Sequence[tuple[Row, Kind, str]],
    figure: str,
    reasons: Suppressed,
    schema: pa.Schema,
    settings: DisclosureSettings,
) -> pa.Table:
    """Return rows with their count rounded, or taken out where it is suppressed."""
    result: list[Row] = []
    for figures, kind, name in rows:
        row = ControlledRow({**figures, figure: round_count(figures[figure], settings)})
        reason = reasons.get((figures["request_id"], kind, name))
        if reason is not None:
            row.suppress([figure], reason)
        result.append(row.finished())
    return table_of(result, schema)
