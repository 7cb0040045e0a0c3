"""Which folders and workbooks are requests, and what is said of the others."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from justice_data_lab.intake import SEVERITIES
from justice_data_lab.intake.arrow import (
    FINDINGS_SCHEMA,
    INDIVIDUALS_SCHEMA,
    REQUESTS_SCHEMA,
    SERVICE_SCHEMA,
    read_upload,
    read_uploads,
)
from justice_data_lab.intake.contract import INVALID_NAME_PREFIX


def test_no_uploads(tmp_path: Path) -> None:
    uploads = read_uploads(tmp_path)
    assert uploads.individuals.schema == INDIVIDUALS_SCHEMA
    assert uploads.service.schema == SERVICE_SCHEMA
    assert uploads.findings.schema == FINDINGS_SCHEMA
    assert uploads.requests.schema == REQUESTS_SCHEMA
    assert uploads.requests.num_rows == 0


def test_a_good_request_of_each_form(reader: Any) -> None:
    reader.rows("Smith,Ann,1980-02-01,f,,,2012-01-01,,,")
    header = [["surname"], ["Jones"]]
    reader.xlsx(header, request_id="S")
    uploads = reader.read()
    assert uploads.requests.to_pylist() == [
        {"request_id": "R", "form": "csv", "is_readable": True, "header_row": 1},
        {"request_id": "S", "form": "xlsx", "is_readable": True, "header_row": 1},
    ]
    assert uploads.individuals["source_form"].to_pylist() == ["csv", "xlsx"]
    assert uploads.individuals["request_id"].to_pylist() == ["R", "S"]


@pytest.mark.parametrize(
    "name", ["a b", "a.b", "é", "x" * 65, "-;drop", "{{ 7 }}", f"{INVALID_NAME_PREFIX}1"]
)
def test_names_that_are_not_allowed(reader: Any, name: str) -> None:
    reader.csv("surname\nSmith\n", request_id=name)
    uploads = reader.read()
    assert reader.findings() == [("invalid_name_1", None, "invalid_request_name", None)]
    assert name not in str(uploads.findings.to_pylist()).replace("'invalid_name_1'", "")
    assert uploads.individuals.num_rows == uploads.requests.num_rows == 0


def test_placeholders_are_numbered_in_the_order_of_names(reader: Any) -> None:
    reader.uploads.mkdir()
    (reader.uploads / "b.xls").write_bytes(b"x")
    (reader.uploads / "a b").mkdir()
    (reader.uploads / ".gitkeep").touch()
    assert reader.findings() == [
        ("invalid_name_1", None, "invalid_request_name", None),
        ("invalid_name_2", None, "file_type_not_accepted", None),
    ]


def test_both_forms(reader: Any) -> None:
    reader.rows("Smith,,,,,,,,,")
    reader.xlsx([["surname"], ["Jones"]])
    assert reader.findings() == [("R", None, "both_forms_present", None)]
    assert reader.records() == []
    assert reader.read().requests.to_pylist() == [
        {"request_id": "R", "form": None, "is_readable": False, "header_row": None}
    ]


def test_names_of_requests_are_exact_and_names_of_files_are_not(reader: Any) -> None:
    reader.rows("Smith,,,,,,,,,")
    folder = reader.uploads / "R"
    (folder / "individuals.csv").rename(folder / "Individuals.CSV")
    reader.xlsx([["surname"], ["Jones"]], request_id="r").rename(reader.uploads / "r.XLSX")
    assert [r["surname"] for r in reader.records()] == ["Smith", "Jones"]


def test_one_name_in_two_cases(reader: Any) -> None:
    reader.rows("Smith,,,,,,,,,")
    (reader.uploads / "R" / "INDIVIDUALS.csv").write_text("surname\nX\n", encoding="utf-8")
    path = reader.xlsx([["surname"], ["Jones"]], request_id="S")
    (reader.uploads / "S.XLSX").write_bytes(path.read_bytes())
    assert reader.checks() == ["file_name_repeated", "file_name_repeated"]
    assert reader.records() == []


def test_missing_and_other_files(reader: Any) -> None:
    reader.rows("Smith,,,,,,,,,")
    (reader.uploads / "R" / "service.csv").rename(reader.uploads / "R" / "servis.csv")
    (reader.uploads / "E").mkdir()
    assert reader.findings() == [
        ("E", None, "file_missing", None),
        ("E", None, "file_missing", None),
        ("R", None, "file_missing", None),
        ("R", None, "file_not_expected", None),
    ]
    assert reader.read().requests["is_readable"].to_pylist() == [False, True]
    assert reader.read().findings["message"].to_pylist()[2] == (
        "service.csv: is missing from the folder; add it"
    )


def test_links_that_lead_out_and_what_is_no_file(reader: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("surname\nSecret\n", encoding="utf-8")
    for request_id in "ABCD":
        reader.csv("surname\nSmith\n", request_id=request_id)
        (reader.uploads / request_id / "individuals.csv").unlink()
    (reader.uploads / "A/individuals.csv").symlink_to(outside)
    os.mkfifo(reader.uploads / "B/individuals.csv")
    (reader.uploads / "C/individuals.csv").mkdir()
    (reader.uploads / "D/individuals.csv").symlink_to("individuals.csv")
    (reader.uploads / "E").symlink_to(tmp_path)
    (reader.uploads / "F.xlsx").symlink_to(outside)
    assert set(reader.checks()) == {"file_not_readable", "file_missing", "file_not_expected"}
    assert reader.records() == []


def test_a_folder_that_leads_out_is_not_read(reader: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "individuals.csv").write_text("surname\nSecret\n", encoding="utf-8")
    reader.uploads.mkdir()
    (reader.uploads / "R").symlink_to(outside)
    assert reader.checks() == ["file_not_readable", "file_missing"]
    assert reader.records() == []


def test_service_answers(reader: Any) -> None:
    reader.csv(
        "surname\nSmith\n",
        service="Question,Answer\n Delivered-In , custody \nNEED,\nneed,drugs\nneed,alcohol\n"
        "need,drugs\nsector,  \nsecret question,secret answer\n,\nindex event?,either\n",
    )
    uploads = reader.read()
    assert uploads.service.to_pylist() == [
        {"request_id": "R", "question": "delivered_in", "answer": "custody"},
        {"request_id": "R", "question": "need", "answer": "drugs"},
        {"request_id": "R", "question": "sector", "answer": None},
        {"request_id": "R", "question": "index_event", "answer": "either"},
    ]
    assert reader.findings()[-2:] == [
        ("R", None, "service_question_repeated", "need"),
        ("R", None, "service_question_not_known", None),
    ]
    assert "secret" not in str(uploads.findings.to_pylist())


def test_service_needs_both_columns(reader: Any) -> None:
    reader.csv("surname\nSmith\n", service="question\nneed\n")
    assert reader.checks()[-1] == "header_not_recognised"
    assert reader.read().service.num_rows == 0


def test_severities_and_texts_agree_with_the_seed() -> None:
    path = Path(__file__).parents[3] / "seeds/reference/upload_checks.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, strict=True))
    severities = {row["check_id"]: row["severity"] for row in rows}
    assert len(severities) == len(rows)
    assert SEVERITIES.items() <= severities.items()
    assert {row["level"] for row in rows} == {"file", "request", "record"}
    assert {row["severity"] for row in rows} == {"error", "warning"}
    assert all(row["text"].endswith(".") and row["source"] for row in rows)


def test_files_of_programs_that_have_a_document_open_are_ignored(reader: Any) -> None:
    reader.rows("Smith,,,,,,,,,")
    for folder in (reader.uploads, reader.uploads / "R"):
        for name in ("~$S.xlsx", ".~lock.S.xlsx#", "._S.xlsx", ".DS_Store", "Thumbs.db"):
            (folder / name).write_bytes(b"x")
    assert reader.findings() == []
    assert [r["surname"] for r in reader.records()] == ["Smith"]


PATHS_AS_NAMES = [
    "..x",
    "%2e%2e",
    "R\\..\\S",
    "C:R",
    "R\nS",
    "~root",
    "$HOME",
    "R;rm",
    "\uff32",
    " R",
]


@pytest.mark.parametrize("name", PATHS_AS_NAMES)
def test_request_ids_with_parts_of_paths(reader: Any, name: str) -> None:
    reader.csv("surname\nSmith\n", request_id=name)
    reader.xlsx([["surname"], ["Jones"]]).rename(reader.uploads / f"{name}.xlsx")
    assert reader.findings() == [
        (f"{INVALID_NAME_PREFIX}{n}", None, "invalid_request_name", None) for n in (1, 2)
    ]
    assert reader.records() == []
    for path in (reader.uploads / name, reader.uploads / f"{name}.xlsx"):
        alone = read_upload(path)
        assert alone.findings["check_id"].to_pylist() == ["invalid_request_name"]
        assert alone.findings["request_id"].to_pylist() == [f"{INVALID_NAME_PREFIX}1"]
        assert alone.individuals.num_rows == alone.requests.num_rows == 0


def test_one_upload_by_folder_file_or_workbook(reader: Any, monkeypatch: Any) -> None:
    reader.rows("Smith,,,,,,,,,")
    reader.csv("surname\nJones\n", request_id="S")
    workbook = reader.xlsx([["surname"], ["Brown"]], request_id="T")
    folder = reader.uploads / "R"
    monkeypatch.chdir(folder)
    for path in (
        folder,
        folder / "individuals.csv",
        folder / "service.csv",
        Path(),
        Path("individuals.csv"),
        Path("../S/../R"),
    ):
        alone = read_upload(path)
        assert alone.individuals["surname"].to_pylist() == ["Smith"]
        assert alone.requests.to_pylist() == [
            {"request_id": "R", "form": "csv", "is_readable": True, "header_row": 1}
        ]
        assert alone.findings.num_rows == 0
    assert read_upload(workbook).individuals["surname"].to_pylist() == ["Brown"]


def test_one_upload_that_is_none(reader: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_upload(tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert read_upload(tmp_path / "empty").findings["check_id"].to_pylist() == ["file_missing"] * 2
    other = read_upload(tmp_path / "notes.txt")
    assert other.findings["check_id"].to_pylist() == ["file_type_not_accepted"]
    assert other.requests.num_rows == 0


def test_links_of_one_upload(reader: Any, tmp_path: Path) -> None:
    reader.rows("Smith,,,,,,,,,")
    reader.csv("surname\nJones\n", request_id="S")
    (tmp_path / "linked").symlink_to(reader.uploads / "R")
    assert read_upload(tmp_path / "linked").individuals["surname"].to_pylist() == ["Smith"]
    (reader.uploads / "R" / "individuals.csv").unlink()
    (reader.uploads / "R" / "individuals.csv").symlink_to(reader.uploads / "S/individuals.csv")
    alone = read_upload(reader.uploads / "R")
    assert alone.findings["check_id"].to_pylist() == ["file_not_readable"]
    assert alone.individuals.num_rows == 0
