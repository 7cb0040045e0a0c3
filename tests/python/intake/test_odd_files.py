"""Every file of the catalogue, all in one folder of uploads beside two good requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from intake.odd_files import DAY, FILES, OddFile, table, workbook
from justice_data_lab.intake.arrow import Uploads, read_upload, read_uploads

GOOD = [f"Surname{n},First Second,1980-02-0{n},m,,A000{n}AA,2012-01-0{n},,," for n in range(1, 10)]
GOOD_ROWS = [[n, *text.split(",")] for n, text in enumerate(GOOD, 1)]


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    zone = tmp_path_factory.mktemp("zone")
    (zone / "uploads").mkdir()
    good = OddFile("a_good_csv", table(*GOOD).encode)
    rows = [[*text.split(",")[:2], DAY] for text in GOOD]
    for file in (*FILES, good, OddFile("z_good", lambda: workbook(*rows), form="xlsx")):
        file.write(zone / "uploads")
    return zone


@pytest.fixture(scope="module")
def everything(zone: Path) -> Uploads:
    return read_uploads(zone)


def rows_of(table: pa.Table, request_id: str) -> list[dict[str, Any]]:
    rows = [row for row in table.to_pylist() if row.pop("request_id") == request_id]
    for row in rows:
        row.pop("source_form", None)
    return rows


def test_the_catalogue_is_large_enough_and_each_name_is_there_once() -> None:
    assert len({file.name for file in FILES}) == len(FILES) >= 60


def test_good_requests_among_odd_ones(everything: Uploads) -> None:
    found = rows_of(everything.individuals, "a_good_csv")
    assert [[cell or "" for cell in row.values()] for row in found] == [
        [number, *cells] for number, *cells in GOOD_ROWS
    ]
    found = rows_of(everything.individuals, "z_good")
    assert [list(row.values())[:4] for row in found] == [
        [number, surname, forename, "1980-02-01"] for number, surname, forename, *_ in GOOD_ROWS
    ]
    for good in ("a_good_csv", "z_good"):
        assert rows_of(everything.findings, good) == []
        assert rows_of(everything.service, good) == [{"question": "need", "answer": "employment"}]
    assert everything.requests["request_id"].to_pylist() == sorted(
        ["a_good_csv", "z_good", *(file.name for file in FILES)]
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_findings_and_surviving_values(file: OddFile, everything: Uploads, zone: Path) -> None:
    findings = rows_of(everything.findings, file.name)
    found = [(row["record_number"], row["check_id"], row["field"]) for row in findings]
    assert found == list(file.findings)
    records = rows_of(everything.individuals, file.name)
    assert [{k: v for k, v in row.items() if v is not None} for row in records] == list(
        file.records
    )
    answers = rows_of(everything.service, file.name)
    assert {row["question"]: row["answer"] for row in answers} == file.answers
    messages = " ".join(row["message"] for row in findings)
    values = {v for row in file.records for k, v in row.items() if k != "record_number"}
    assert not [value for value in values if len(value) > 4 and value in messages]
    # alone it is read as among all the others
    path = zone / "uploads" / (file.name + (".xlsx" if file.form == "xlsx" else ""))
    alone = read_upload(path)
    assert rows_of(alone.individuals, file.name) == records
    assert rows_of(alone.service, file.name) == answers
    assert rows_of(alone.findings, file.name) == findings
    assert alone.requests.num_rows == 1


def test_an_unreadable_file_says_so(everything: Uploads) -> None:
    readable = {row["request_id"]: row["is_readable"] for row in everything.requests.to_pylist()}
    errors = {
        row["request_id"]
        for row in everything.findings.to_pylist()
        if row["severity"] == "error" and row["record_number"] is None
    }
    unreadable = {name for name, is_readable in readable.items() if not is_readable}
    assert len(unreadable) > 40
    assert unreadable <= errors
    assert {file.name for file in FILES if file.records} & unreadable == set()
