"""Findings of the reading: what is wrong with a file or a row, never with a value in it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.intake.contract import INDIVIDUALS, Part

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
    "header_not_first": WARNING,
    "column_repeated": ERROR,
    "column_missing": ERROR,
    "optional_column_missing": WARNING,
    "column_not_known": WARNING,
    "date_order_unclear": ERROR,
    "too_many_columns": ERROR,
    "too_many_rows": ERROR,
    "unparseable_from_line": ERROR,
    "hidden_in_workbook": WARNING,
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
    "row_not_parsed": ERROR,
    "formula_without_value": ERROR,
    "cell_not_as_typed": WARNING,
    "time_of_day": WARNING,
}

_LISTED_N = 10


def rows_text(numbers: Sequence[int], header_row: int) -> str:
    """Write numbers under the header as the rows that a sheet shows, the first ten of them."""
    listed = ", ".join(f"{number + header_row}" for number in numbers[:_LISTED_N])
    return listed + (" and more" if len(numbers) > _LISTED_N else "")


@dataclass(frozen=True)
class Finding:
    """A finding on the file or the request (numbers is None), or on each record numbered."""

    check_id: str
    message: str
    field: str | None
    numbers: array[int] | None

    @property
    def severity(self) -> str:
        """Severity of the check."""
        return SEVERITIES[self.check_id]


class FindingLog:
    """Collects the findings of one request, in the order in which they are made."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, check_id: str, message: str, field: str | None = None) -> None:
        """Add a finding on the file or the request."""
        self.findings.append(Finding(check_id, message, field, None))

    def add_rows(
        self,
        part: Part,
        check_id: str,
        numbers: array[int],
        label: str,
        message: str,
        header_row: int,
    ) -> None:
        """Add one finding to each record numbered; of a part without records, one that lists."""
        if not numbers:
            return
        if part is INDIVIDUALS:
            self.findings.append(Finding(check_id, message, None, numbers))
        else:
            rows = rows_text(numbers, header_row)
            self.add(check_id, f"{label}: row {rows}: {message}")

    def extend(self, other: FindingLog) -> None:
        """Add the findings of another log after these."""
        self.findings += other.findings
