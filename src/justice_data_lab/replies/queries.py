"""What a reply reads of the intake's tables: rows about one request, aggregated in SQL."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from typing import Any, Final

from justice_data_lab.intake.loading import Connection

MOST_RANGES: Final = 200
"""Ranges of record numbers that a reply lists for one check."""
MOST_MESSAGES: Final = 20

_RELATION = re.compile(r'(?:[A-Za-z_]\w*|"[^"]+")(?:\.(?:[A-Za-z_]\w*|"[^"]+")){0,2}')

REQUEST_CHECKS = """
    select check_id, severity, status, counted_n, limit_n, by_n, is_stopping, text
    from {request_checks}
    where request_id = $request_id
    order by check_id
"""
RECORD_CHECKS = """
    select check_id, count(*) filter (where status = 'failed') as failed_n
    from {record_checks}
    where request_id = $request_id
    group by check_id
    order by check_id
"""
CHECKED_RECORDS = """
    select count(distinct record_number)
    from {record_checks}
    where request_id = $request_id
"""
UPLOAD_CHECKS = """
    select check_id, level, severity, field, text, coalesce(is_stopping, false) as is_stopping
    from {upload_checks}
    order by check_id
"""
RECORDS_WITH_FINDINGS = """
    with records as (
        select record_number, bool_or(severity = 'error') as has_error
        from {upload_findings}
        where request_id = $request_id and record_number is not null
        group by record_number
    )

    select count(*) as found_n, count(*) filter (where has_error) as error_n
    from records
"""
FINDINGS_OF_RECORDS = """
    select
        check_id,
        min(severity) as severity,
        min(field) as field,
        min(message) as message,
        count(distinct record_number) as records_n
    from {upload_findings}
    where request_id = $request_id and record_number is not null
    group by check_id
    order by check_id
"""
# the difference of number and place is one for each run of numbers without a gap
RANGES_OF_RECORDS = """
    with concerned as (
        select distinct check_id, record_number
        from {upload_findings}
        where request_id = $request_id and record_number is not null
    ),

    placed as (
        select
            check_id,
            record_number,
            record_number
            - row_number() over (partition by check_id order by record_number) as run
        from concerned
    ),

    ranges as (
        select check_id, min(record_number) as first_number, max(record_number) as last_number
        from placed
        group by check_id, run
    )

    select check_id, first_number, last_number
    from ranges
    qualify row_number() over (partition by check_id order by first_number) <= $most_ranges
    order by check_id, first_number
"""
PEOPLE = """
    select check_id, list(distinct record_number order by record_number) as numbers
    from {upload_findings}
    where request_id = $request_id and first_record_number is not null
    group by check_id, first_record_number
    order by check_id, first_record_number
    limit 200
"""
FINDINGS_OF_REQUEST = """
    select distinct check_id, severity, field, message
    from {upload_findings}
    where request_id = $request_id and record_number is null
    order by check_id, field, message
"""
REQUEST = "select * from {requests} where request_id = $request_id"


@dataclass(frozen=True)
class ReplyTables:
    """Names of the relations that a reply is read from.

    A name is an identifier, or up to three joined by dots, such as
    ``analysis.main.upload_findings``; any other raises ValueError.
    """

    request_checks: str = "request_checks"
    upload_findings: str = "upload_findings"
    record_checks: str = "record_checks"
    upload_checks: str = "upload_checks"
    requests: str = "requests"

    def __post_init__(self) -> None:
        for name in astuple(self):
            if _RELATION.fullmatch(name) is None:
                raise ValueError(f"{name!r} is not the name of a table; write schema.table")


INTAKE_TABLES: Final = ReplyTables(
    requests="int_intake__requests", record_checks="int_intake__record_checks"
)
"""What a reply is read from where the intake alone has run."""


class RequestReader:
    """Answers the queries of this module for one request, as rows by column name."""

    def __init__(self, connection: Connection, request_id: str, tables: ReplyTables) -> None:
        self._connection = connection
        self._request_id = request_id
        self._tables = tables

    def rows(self, query: str, **parameters: int) -> list[dict[str, Any]]:
        """Return all rows of a query; duckdb.Error where a relation or column is missing."""
        sql = query.format(**vars(self._tables))
        named: dict[str, object] = dict(parameters)
        if "$request_id" in sql:
            named["request_id"] = self._request_id
        result = self._connection.execute(sql, named or None)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
