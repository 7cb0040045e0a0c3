"""Findings of the reading: what is wrong with a file or a row, never with a value in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

ERROR: Final = "error"
WARNING: Final = "warning"

# the checks made while reading; `seeds/reference/upload_checks.csv` has their texts
SEVERITIES: Final[dict[str, str]] = {
    "invalid_request_name": ERROR,
    "file_type_not_accepted": ERROR,
    "both_forms_present": ERROR,
    "file_name_repeated": ERROR,
    "file_missing": ERROR,
    "file_not_expected": WARNING,
    "file_not_readable": ERROR,
    "file_too_large": ERROR,
    "file_empty": ERROR,
    "file_not_text": ERROR,
    "encoding_unknown": ERROR,
    "encoding_windows_1252": WARNING,
    "header_not_recognised": ERROR,
    "column_repeated": ERROR,
    "column_missing": ERROR,
    "optional_column_missing": WARNING,
    "column_not_known": WARNING,
    "too_many_columns": ERROR,
    "too_many_rows": ERROR,
    "unparseable_from_line": ERROR,
    "sheet_missing": ERROR,
    "sheet_name_repeated": ERROR,
    "workbook_not_readable": ERROR,
    "workbook_too_large": ERROR,
    "workbook_has_macros": ERROR,
    "workbook_has_external_links": ERROR,
    "workbook_unsafe_xml": ERROR,
    "service_question_not_known": WARNING,
    "service_question_repeated": WARNING,
    "wrong_number_of_cells": ERROR,
    "cell_spans_lines": WARNING,
    "rows_may_be_joined": ERROR,
    "formula_without_value": ERROR,
}

FINDINGS_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("record_number", pa.int64()),
        ("check_id", pa.string()),
        ("severity", pa.string()),
        ("field", pa.string()),
        ("message", pa.string()),
    ]
)


@dataclass(frozen=True)
class _Group:
    """One finding, on the file (numbers is None) or on each of the records numbered."""

    check_id: str
    message: str
    field: str | None
    numbers: Sequence[int] | None

    def table(self, request_id: str) -> pa.Table:
        n = 1 if self.numbers is None else len(self.numbers)
        numbers: Sequence[int | None] = (None,) if self.numbers is None else self.numbers
        texts = (self.check_id, SEVERITIES[self.check_id], self.field, self.message)
        columns = [pa.repeat(pa.scalar(text, pa.string()), n) for text in texts]
        request_ids = pa.repeat(pa.scalar(request_id, pa.string()), n)
        return pa.Table.from_arrays(
            [request_ids, pa.array(numbers, pa.int64()), *columns], schema=FINDINGS_SCHEMA
        )


class FindingLog:
    """Collects the findings of one request, in the order in which they are made."""

    def __init__(self) -> None:
        self._groups: list[_Group] = []

    def add(self, check_id: str, message: str, field: str | None = None) -> None:
        """Add a finding on the file or the request."""
        self._groups.append(_Group(check_id, message, field, None))

    def add_records(
        self, check_id: str, numbers: Sequence[int], message: str, field: str | None = None
    ) -> None:
        """Add one finding to each of the records; none when there are no numbers."""
        if numbers:
            self._groups.append(_Group(check_id, message, field, numbers))

    def extend(self, other: FindingLog) -> None:
        """Add the findings of another log after these."""
        self._groups += other._groups

    def table(self, request_id: str) -> pa.Table:
        """Return the findings as rows of the findings table."""
        return pa.concat_tables(
            [FINDINGS_SCHEMA.empty_table(), *(group.table(request_id) for group in self._groups)]
        )
