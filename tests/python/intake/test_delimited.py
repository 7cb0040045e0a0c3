"""CSV files: every cell survives or has a finding, whatever the file holds."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_data_lab.intake import INDIVIDUAL_FIELDS
from justice_data_lab.intake import delimited as delimited_module
from justice_data_lab.intake import encodings as encodings_module
from justice_data_lab.intake.arrow import read_uploads

HEADER = ",".join(INDIVIDUAL_FIELDS)
ROW = "O'Néil-Smith,Zoë Anne,01/02/1980,F,03/11985X,00123,2012-01-01,,Null,NA"
CELLS = {
    "surname": "O'Néil-Smith",
    "forename": "Zoë Anne",
    "date_of_birth": "1980-02-01",
    "gender": "F",
    "pncid": "03/11985X",
    "prison_number": "00123",
    "intervention_start_date": "2012-01-01",
    "user_reference_1": "Null",
    "user_reference_2": "NA",
}


def only(reader: Any, check_id: str) -> str:
    """Return the message of the only finding, which must be of this check and hold no value."""
    rows = reader.read().findings.to_pylist()
    assert [row["check_id"] for row in rows] == [check_id]
    assert "Smith" not in rows[0]["message"]
    return str(rows[0]["message"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_delimiters_and_line_ends(
    reader: Any, end: str, delimiter: str, codec: str
) -> None:
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    text = f"{HEADER}{end}{ROW}{end}".replace(",", delimiter)
    reader.csv(marks.get(codec, b"") + text.encode(codec))
    assert reader.records() == [{"record_number": 1, **CELLS}]
    assert reader.findings() == []


def test_windows_1252(reader: Any) -> None:
    reader.csv(f"{HEADER}\n{ROW}\n".encode("cp1252"))
    assert reader.records() == [{"record_number": 1, **CELLS}]
    assert only(reader, "encoding_windows_1252") == (
        "individuals.csv: is not UTF-8 and was read as Windows-1252; check that letters with "
        "accents are right, or save it as CSV UTF-8"
    )


@pytest.mark.parametrize(
    ("content", "check_id"),
    [
        (b"", "file_empty"),
        (b"\n \n,,,\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (HEADER.encode() + b"\nSmith\x00,x\n", "file_not_text"),
        (HEADER.encode("utf-16-le"), "file_not_text"),
        (codecs.BOM_UTF32_LE + HEADER.encode("utf-32-le"), "file_not_text"),
        (b"PK\x03\x04" + b"x" * 99, "file_not_text"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "file_not_text"),
        (b"%PDF-1.7", "file_not_text"),
        (HEADER.encode() + b"\nSm\x81th,\xff\n", "encoding_unknown"),
        (b"\xef\xbb\xbf" + HEADER.encode() + b"\nSm\xe9th\n", "encoding_unknown"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "encoding_unknown"),
        (b"Smith,Ann,1980-01-01\nJones,Bob,1981-01-01\n", "header_not_recognised"),
        (b'"surname,forename\nSmith,Ann\n', "header_not_recognised"),
        (b"<html>\n<table>\n", "header_not_recognised"),
    ],
)
def test_files_that_are_not_read(reader: Any, content: bytes, check_id: str) -> None:
    reader.csv(content)
    assert only(reader, check_id).startswith("individuals.csv: ")
    assert reader.records() == []
    assert reader.read().requests["is_readable"].to_pylist() == [False]


def test_size_cap(reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings_module, "MAXIMUM_BYTES", 100)
    reader.rows("Smith,Ann,,,,,,,,")
    assert only(reader, "file_too_large").startswith("individuals.csv: is larger than")


def test_row_cap(reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_module, "MAXIMUM_ROWS", 3)
    reader.rows(*["Smith,,,,,,,,,"] * 3)
    assert reader.findings() == []
    reader.rows(*["Smith,,,,,,,,,"] * 4)
    assert only(reader, "too_many_rows").startswith("individuals.csv: has more than 3 rows")
    assert len(reader.records()) == 3


def test_header_is_matched_by_name(reader: Any) -> None:
    reader.csv(
        "User Reference 2,FORENAME, sur_name ,Date-of birth,PNC ID,Prison_Number,gender,"
        "InterventionStartDate,intervention_end_date,userreference1\n"
        "b,Ann,Smith,1980-01-01,p,n,f,s,e,a\n"
    )
    assert reader.findings() == []
    assert reader.read().individuals.to_pylist() == [
        {
            "request_id": "R",
            "record_number": 1,
            "surname": "Smith",
            "forename": "Ann",
            "date_of_birth": "1980-01-01",
            "gender": "f",
            "pncid": "p",
            "prison_number": "n",
            "intervention_start_date": "s",
            "intervention_end_date": "e",
            "user_reference_1": "a",
            "user_reference_2": "b",
            "source_form": "csv",
        }
    ]


def test_repeated_column(reader: Any) -> None:
    reader.csv(f"{HEADER},Sur name\nSmith,,,,,,,,,,Jones\n")
    assert reader.findings() == [("R", None, "column_repeated", "surname")]
    assert reader.records() == []


def test_missing_and_unknown_columns(reader: Any) -> None:
    reader.csv("Notes,surname,,gender,Smith Ann\nx,Smith,,f,y\n")
    assert reader.records() == [{"record_number": 1, "surname": "Smith", "gender": "f"}]
    assert reader.findings() == [
        ("R", None, "column_missing", "forename"),
        ("R", None, "column_missing", "date_of_birth"),
        *[("R", None, "optional_column_missing", field) for field in INDIVIDUAL_FIELDS[4:]],
        ("R", None, "column_not_known", None),
    ]
    messages = reader.read().findings["message"].to_pylist()
    assert messages[0] == (
        "individuals.csv: the column forename is missing, so it is empty for every record; add it"
    )
    assert messages[-1].endswith("(column A, E); nothing to do if they were not meant to be used")


def test_blank_rows_leave_gaps(reader: Any) -> None:
    reader.rows("Smith,,,,,,,,,", "", " , ,,,,,,,,\t", ",,", "\u00a0,,,,,,,,,", "Jones,,,,,,,,,")
    assert [r["record_number"] for r in reader.records()] == [1, 6]
    assert reader.findings() == []


def test_a_cell_outside_the_contract_makes_a_record(reader: Any) -> None:
    reader.csv(f"{HEADER},notes\n,,,,,,,,,,x\n,,,,,,,,,,\n")
    assert reader.records() == [{"record_number": 1}]


def test_ragged_rows_stay_in_place(reader: Any) -> None:
    reader.rows("Smith,Ann", "Jones,Bob,,,,,,,,,extra", "Brown,Cy,,,,,,,,", ",,,,,,,,,,lost")
    assert reader.records() == [
        {"record_number": 1, "surname": "Smith", "forename": "Ann"},
        {"record_number": 2, "surname": "Jones", "forename": "Bob"},
        {"record_number": 3, "surname": "Brown", "forename": "Cy"},
        {"record_number": 4},
    ]
    assert reader.findings() == [("R", number, "wrong_number_of_cells", None) for number in (2, 4)]


def test_ragged_and_broken_rows_in_different_batches(
    reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_module, "_BATCH_ROWS", 2)
    reader.rows("A,,,,,,,,,", "", '"B\nb",,,,,,,,,', "C", "", "D,,,,,,,,,", 'E,"')
    assert [(r["record_number"], r.get("surname")) for r in reader.records()] == [
        (1, "A"),
        (3, "B\nb"),
        (4, "C"),
        (6, "D"),
        (7, "E"),
    ]
    assert reader.findings() == [
        ("R", None, "unparseable_from_line", None),
        ("R", 7, "row_not_parsed", None),
        ("R", 3, "cell_spans_lines", None),
    ]
    assert "from line 9 on" in reader.read().findings["message"].to_pylist()[0]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["Smith,,,,,,,,,", '"Jones,,,,,,,,,', "Brown,,,,,,,,,"], 3),
        (["Smith,,,,,,,,,", '"Jones"x,,,,,,,,,', "Brown,,,,,,,,,"], 3),
        (["Smith,,,,,,,,,", '"Jo,,,,,,,,,', '"Brown",,,,,,,,,'], 3),
        (["Smith,,,,,,,,,", "", f'"{"x" * 3_000}",,,,,,,,,'], 4),
        (["Smith,,,,,,,,,", "x" * 3_000], 3),
    ],
)
def test_what_does_not_parse_is_named_by_line(
    reader: Any, monkeypatch: pytest.MonkeyPatch, lines: list[str], line: int
) -> None:
    monkeypatch.setattr(delimited_module, "_LONGEST_LINE", 2_000)
    reader.rows(*lines)
    records = reader.records()
    assert records[0]["surname"] == "Smith"
    assert len(records) == sum(text != "" for text in lines)
    assert [r["record_number"] for r in records][-1] == len(lines)
    messages = [
        row["message"]
        for row in reader.read().findings.to_pylist()
        if row["check_id"] == "unparseable_from_line"
    ]
    assert len(messages) == 1
    assert messages[0].startswith(f"individuals.csv: was read line by line from line {line} on")


def test_rows_swallowed_by_quotes_are_named(reader: Any) -> None:
    reader.rows('"Smith,Ann,,,,,,,,', "Jones,Bob,,,,,,,,", 'Brown",Cy,,,,,,,,', "Last,,,,,,,,,")
    assert [r["record_number"] for r in reader.records()] == [1, 2]
    assert reader.findings() == [("R", 1, "rows_may_be_joined", None)]


def test_quotes_and_odd_texts_survive(reader: Any) -> None:
    texts = [
        "Smith, Jr",
        'Jo "Jay" Brown',
        "d'Arcy",
        "NULL",
        "None",
        "nan",
        "00012",
        "=1+1",
        " x ",
        "a\u2028\x85\x0b",
    ]
    out = io.StringIO()
    csv.writer(out).writerow(texts)
    reader.rows(out.getvalue().removesuffix("\r\n"))
    assert list(reader.read().individuals.to_pylist()[0].values())[2:12] == texts
    assert reader.findings() == []


CELL = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    st.text(st.sampled_from("a,;\t\"'\r\n é"), max_size=6),
)
WIDTH = len(INDIVIDUAL_FIELDS)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=WIDTH, max_size=WIDTH), max_size=6),
    delimiter=st.sampled_from(",;\t"),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    # with another line end csv.writer leaves a lone carriage return unquoted
    style=st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
)
def test_any_table_survives(
    rows: list[list[str]], delimiter: str, codec: str, style: tuple[str, int]
) -> None:
    end, quoting = style
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([INDIVIDUAL_FIELDS, *rows])
    with tempfile.TemporaryDirectory() as zone:
        folder = Path(zone) / "uploads" / "R"
        folder.mkdir(parents=True)
        (folder / "individuals.csv").write_bytes(out.getvalue().encode(codec))
        (folder / "service.csv").write_text("question,answer\n", encoding="utf-8")
        uploads = read_uploads(Path(zone))
    expected = {
        number: [None if not cell.strip() else cell for cell in row]
        for number, row in enumerate(rows, 1)
        if any(cell.strip() for cell in row)
    }
    found = {row.pop("record_number"): row for row in uploads.individuals.to_pylist()}
    assert {n: [row[f] for f in INDIVIDUAL_FIELDS] for n, row in found.items()} == expected
    multiline = {n for n, row in expected.items() if any({*"\r\n"} & {*(c or "")} for c in row)}
    assert set(uploads.findings["record_number"].to_pylist()) == multiline


PIECE = st.sampled_from(
    [*'",;\t\n\r\0é', '""', "\r\n", "\ufeff", "\u2028", "\u200b", "sep=;"],
)


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9), PIECE), max_size=5),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    broken=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=2),
)
def test_a_damaged_file_raises_nothing_and_no_row_disappears(
    pieces: list[tuple[int, int, str]], codec: str, broken: list[tuple[int, int]]
) -> None:
    text = f"{HEADER}\n" + "".join(f"Zzsecret{n},Ann,1980-02-01,,,,,,,\n" for n in range(8))
    for place, length, piece in pieces:
        text = text[:place] + piece + text[place + length :]
    content = bytearray(text.encode(codec, "replace"))
    for place, byte in broken:
        content[place % len(content)] = byte
    with tempfile.TemporaryDirectory() as zone:
        folder = Path(zone) / "uploads" / "R"
        folder.mkdir(parents=True)
        for name in ("individuals", "service"):
            (folder / f"{name}.csv").write_bytes(bytes(content))
        uploads = read_uploads(Path(zone))
    findings = uploads.findings.to_pylist()
    assert not any("secret" in finding["message"] for finding in findings)
    if uploads.requests["is_readable"].to_pylist() == [False]:
        assert any(finding["severity"] == "error" for finding in findings)
    elif codec != "utf-16-le" and not broken:
        # a whole row is still there, or a finding names the row that holds it
        cells = str([row[field] for row in uploads.individuals.to_pylist() for field in row])
        whole = [n for n in range(8) if f"\nZzsecret{n},Ann,1980-02-01,,,,,,,\n" in text]
        assert [n for n in whole if f"secret{n}" in cells] == whole or findings
