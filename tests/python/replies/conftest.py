"""Hand-made tables of the intake, in the shapes that replies are read from."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

SEED = Path(__file__).parents[3] / "seeds" / "reference" / "upload_checks.csv"
RECORD_LEVEL = (
    "surname_missing",
    "forename_missing",
    "initials_only",
    "date_of_birth_missing",
    "date_of_birth_unreadable",
    "date_of_birth_implausible",
    "gender_unknown",
    "pncid_malformed",
)
CHECK_COLUMNS = ("check_id", "level", "severity", "field", "text", "source", "is_stopping")
SHAPES = """
create table requests (
    request_id varchar, organisation varchar, service_name varchar, status varchar,
    status_detail varchar, submitted_n bigint, header_row bigint
);
create table request_checks (
    request_id varchar, check_id varchar, severity varchar, status varchar, counted_n bigint,
    limit_n bigint, by_n bigint, is_stopping boolean, text varchar
);
create table upload_findings (
    request_id varchar, finding_number bigint, record_number bigint, check_id varchar,
    severity varchar, field varchar, message varchar, first_record_number bigint
);
create table upload_checks (
    check_id varchar, level varchar, severity varchar, field varchar, text varchar,
    source varchar, is_stopping boolean
);
create table record_checks (
    request_id varchar, record_number bigint, check_id varchar, status varchar
);
"""


@dataclass(frozen=True)
class Intake:
    """The tables of a test, filled by its methods."""

    connection: duckdb.DuckDBPyConnection

    def request(
        self,
        request_id: str = "harbour",
        organisation: str | None = "Harbour Trust",
        status: str | None = None,
        detail: str | None = None,
        records_n: int | None = 80,
        header_row: int = 1,
    ) -> None:
        """Add a request whose records are all right, with their passed checks."""
        self.connection.execute(
            "insert into requests values (?, ?, 'Harbour Keys', ?, ?, ?, ?)",
            [request_id, organisation, status, detail, records_n, header_row],
        )
        self.connection.execute(
            "insert into record_checks select ?, n, unnest(?), 'passed' from range(1, ?) r(n)",
            [request_id, list(RECORD_LEVEL), (records_n or 0) + 1],
        )

    def check(
        self,
        check_id: str,
        failed: bool = False,
        numbers: tuple[int | None, int | None, int | None] = (None, None, None),
        request_id: str = "harbour",
    ) -> None:
        """Add the outcome of a check of the request, and its finding where it failed."""
        self.connection.execute(
            "insert into request_checks select ?, check_id, severity, ?, ?, ?, ?, is_stopping, "
            "text from upload_checks where check_id = ?",
            [request_id, "failed" if failed else "passed", *numbers, check_id],
        )
        if failed:
            self.finding(check_id, request_id=request_id)

    def finding(
        self,
        check_id: str,
        message: str | None = None,
        field: str | None = None,
        request_id: str = "harbour",
    ) -> None:
        """Add a finding on the file or the request."""
        self.connection.execute(
            "insert into upload_findings select ?, 0, null, check_id, severity, "
            "coalesce(?, field), coalesce(?, text), null from upload_checks where check_id = ?",
            [request_id, field, message, check_id],
        )

    def fail(self, check_id: str, numbers: Sequence[int], request_id: str = "harbour") -> None:
        """Let records fail a check."""
        self.connection.execute(
            "insert into upload_findings select ?, 0, unnest(?::bigint[]), check_id, severity, "
            "field, text, null from upload_checks where check_id = ?",
            [request_id, list(numbers), check_id],
        )
        self.connection.execute(
            "update record_checks set status = 'failed' "
            "where request_id = ? and check_id = ? and record_number in (select unnest(?))",
            [request_id, check_id, list(numbers)],
        )

    def twice(self, *people: Sequence[int], request_id: str = "harbour") -> None:
        """Let each of these lists of records be of one person."""
        for numbers in people:
            self.fail("duplicate_record", numbers, request_id)
            self.connection.execute(
                "update upload_findings set first_record_number = ? "
                "where list_contains(?, record_number)",
                [min(numbers), list(numbers)],
            )


@pytest.fixture
def intake() -> Intake:
    return make_intake()


def make_intake() -> Intake:
    """Return tables that hold the checks of the seed, and nothing else."""
    connection = duckdb.connect()
    connection.execute(SHAPES)
    with SEED.open(newline="", encoding="utf-8") as handle:
        rows = [[row[name] or None for name in CHECK_COLUMNS] for row in csv.DictReader(handle)]
    connection.executemany("insert into upload_checks values (?, ?, ?, ?, ?, ?, ?)", rows)
    return Intake(connection)
