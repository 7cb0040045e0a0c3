"""Published rows of a request, from which everything is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

Row = Mapping[str, Any]


def by_request(table: pa.Table, then: Sequence[str] = ()) -> dict[str, list[Row]]:
    """Return the rows of each request, in the order of some columns."""
    ordered = table.sort_by([(name, "ascending") for name in ("request_id", *then)])
    rows: dict[str, list[Row]] = {}
    for row in ordered.to_pylist():
        rows.setdefault(str(row["request_id"]), []).append(row)
    return rows
