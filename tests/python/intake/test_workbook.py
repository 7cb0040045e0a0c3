"""Workbooks: cells as text, and files that must not be opened."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from intake.odd_files import repacked
from justice_data_lab.intake import INDIVIDUAL_FIELDS
from justice_data_lab.intake import archive as archive_module
from justice_data_lab.intake import book as book_module
from justice_data_lab.intake import workbook as workbook_module
from justice_data_lab.intake import workbook_reader as reader_module
from justice_data_lab.intake.archive import WorkbookArchive, WorkbookRefusedError
from justice_data_lab.intake.arrow import Uploads, read_uploads
from justice_data_lab.intake.book import open_book
from justice_data_lab.intake.cells import serial_date

Repack = Callable[[Path, Callable[[dict[str, bytes]], None]], None]
SHEET = "xl/worksheets/sheet1.xml"
DAY = dt.date(1980, 2, 1)


def test_cells_as_text(reader: Any) -> None:
    reader.xlsx(
        [
            INDIVIDUAL_FIELDS,
            ["O'Néil", "Null", DAY, True, 3.0, 12.5, 29252, 29252.75, DAY, "29252"],
            ["00123", 0, dt.datetime(1980, 2, 1, 14, 30), False, -7, 1e20, 0.5, 80001, 29252, "NA"],
            [" x ", "a\nb", "01/02/1980", "#N/A", dt.time(9, 5), dt.datetime(2001, 2, 3, 4, 5, 6)],
        ]
    )
    assert reader.findings() == [
        *[("R", number, "time_of_day", None) for number in (1, 2)],
        *[("R", number, "cell_not_as_typed", None) for number in (2, 3)],
    ]
    assert [list(record.values())[1:] for record in reader.records()] == [
        ["O'Néil", "Null", "1980-02-01", "TRUE", "3", "12.5", "1980-02-01", "1980-02-01",
         "1980-02-01", "29252"],
        ["00123", "0", "1980-02-01", "FALSE", "-7", "100000000000000000000", "0.5", "80001",
         "29252", "NA"],
        [" x ", "a\nb", "1980-02-01", "#N/A", "09:05:00", "2001-02-03 04:05:06"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("serial", "is_1904", "day"),
    [
        (1, False, dt.date(1900, 1, 1)),
        (59, False, dt.date(1900, 2, 28)),
        (60, False, None),
        (61, False, dt.date(1900, 3, 1)),
        (29252, False, DAY),
        (0, False, None),
        (0, True, dt.date(1904, 1, 1)),
        (27790, True, DAY),
        (float("nan"), False, None),
        (2_958_465, False, dt.date(9999, 12, 31)),
        (2_958_465, True, None),
    ],
)
def test_serial_numbers(serial: float, is_1904: bool, day: dt.date | None) -> None:
    assert serial_date(serial, is_1904) == day


def test_workbook_of_the_1904_system(reader: Any) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    reader.xlsx([["surname", "date_of_birth"], ["A", DAY], ["B", 27790]], edit)
    assert [r["date_of_birth"] for r in reader.records()] == ["1980-02-01"] * 2


def test_blank_rows_leave_gaps_and_the_header_may_stand_lower(reader: Any) -> None:
    reader.xlsx([[], [" "], ["surname"], ["A"], [], ["B"], [" "]])
    assert reader.records() == [
        {"record_number": 1, "surname": "A"},
        {"record_number": 3, "surname": "B"},
    ]


def test_sheet_names(reader: Any) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Individuals"].title = " INDIVIDUALS "
        book["Service"].sheet_state = "hidden"
        book.create_sheet("Notes", 0)

    reader.xlsx([["surname"], ["A"]], edit)
    assert reader.records() == [{"record_number": 1, "surname": "A"}]
    assert "sheet_missing" not in reader.checks()


def test_missing_repeated_and_empty_sheets(reader: Any) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Service"].title = "Servis"
        book.create_sheet("Individuals ")

    reader.xlsx([["surname"], ["A"]], edit)
    reader.xlsx([], request_id="S")
    assert reader.findings() == [
        ("R", None, "sheet_name_repeated", None),
        ("R", None, "sheet_missing", None),
        ("S", None, "file_empty", None),
    ]
    assert reader.read().requests["is_readable"].to_pylist() == [False, False]
    assert reader.read().findings["message"].to_pylist()[1] == (
        "workbook: the sheet Service is missing; use the template's sheets and names"
    )


def test_header_findings_are_those_of_csv(reader: Any) -> None:
    reader.xlsx([["surname", "Sur Name"], ["A", "B"]])
    reader.xlsx([["A", "B"], ["C", "D"]], request_id="S")
    assert reader.findings() == [
        ("R", None, "column_repeated", "surname"),
        ("S", None, "header_not_recognised", None),
    ]


def test_cells_beside_the_header(reader: Any) -> None:
    reader.xlsx([INDIVIDUAL_FIELDS, ["A", *[None] * 9, " "], ["B", *[None] * 9, "x"]])
    assert [r["surname"] for r in reader.records()] == ["A", "B"]
    assert reader.findings() == [("R", 2, "wrong_number_of_cells", None)]


def test_formula_without_value(reader: Any) -> None:
    reader.xlsx([INDIVIDUAL_FIELDS, ["A", "=B1"], ["=A1"], ["B"]])
    assert [r["record_number"] for r in reader.records()] == [1, 2, 3]
    assert reader.findings() == [("R", number, "formula_without_value", None) for number in (1, 2)]


def test_formula_with_value(reader: Any, repack: Repack) -> None:
    path = reader.xlsx([INDIVIDUAL_FIELDS, ["A", "=B1"]])
    stored = b'<c r="B2" t="str"><f>B1</f><v>Ann</v></c>'

    def change(parts: dict[str, bytes]) -> None:
        before, after = parts[SHEET].split(b'<c r="B2">')
        parts[SHEET] = before + stored + after.split(b"</c>", 1)[1]

    repack(path, change)
    assert reader.records() == [{"record_number": 1, "surname": "A", "forename": "Ann"}]


def test_merged_cells_and_rich_text(reader: Any, repack: Repack) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book["Individuals"].merge_cells("A2:A3")

    path = reader.xlsx([INDIVIDUAL_FIELDS, ["A", "x"], [None, "y"]], merge)
    rich = b"<is><r><t>An</t></r><r><t>na</t></r><rPh><t>no</t></rPh></is>"
    repack(path, lambda p: p.update({SHEET: p[SHEET].replace(b"<is><t>x</t></is>", rich)}))
    assert [(r.get("surname"), r["forename"]) for r in reader.records()] in (
        [("A", "Anna"), (None, "y")],
        [("A", "x"), (None, "y")],  # where the strings are shared
    )


def set_part(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


def replace(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({SHEET: parts[SHEET].replace(old, new)})


@pytest.mark.parametrize(
    ("change", "check_id"),
    [
        (set_part("xl/vbaProject.bin", b"x"), "workbook_has_macros"),
        (set_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "workbook_has_external_links"),
        (replace(b"<worksheet", b"<!DOCTYPE a><worksheet"), "workbook_unsafe_xml"),
        (replace(b"<worksheet", b"<!-- --><!doctype a><worksheet"), "workbook_unsafe_xml"),
        (set_part("xl/_rels/a.rels", "<!DOCTYPE a><a/>".encode("utf-16")), "workbook_unsafe_xml"),
        (replace(b"</sheetData>", b""), "workbook_not_readable"),
        (replace(b'<row r="2"', b'<row r="1"'), "workbook_not_readable"),
        (replace(b'<row r="2"', b'<row r="x"'), "workbook_not_readable"),
        (replace(b'r="A2"', b'r="??"'), "workbook_not_readable"),
        (lambda parts: parts.pop("xl/workbook.xml"), "workbook_not_readable"),
        (lambda parts: parts.clear(), "workbook_not_readable"),
    ],
)  # fmt: skip
def test_workbooks_that_are_refused(
    reader: Any, repack: Repack, change: Callable[[dict[str, bytes]], None], check_id: str
) -> None:
    path = reader.xlsx([["surname"], ["Smith"]])
    repack(path, change)
    rows = reader.read().findings.to_pylist()
    assert [row["check_id"] for row in rows] == [check_id]
    assert rows[0]["message"].startswith("workbook: could not be read, because ")
    assert reader.records() == []
    assert reader.read().requests["is_readable"].to_pylist() == [False]


@pytest.mark.parametrize(
    ("content", "check_id"),
    [
        (b"", "file_empty"),
        (b"surname,forename\n", "workbook_not_readable"),
        (b"PK\x03\x04" + b"x" * 100, "workbook_not_readable"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "workbook_not_readable"),
    ],
)
def test_files_that_are_no_workbook(reader: Any, content: bytes, check_id: str) -> None:
    reader.uploads.mkdir()
    (reader.uploads / "R.xlsx").write_bytes(content)
    assert reader.findings() == [("R", None, check_id, None)]


def test_truncated_and_damaged_workbooks(reader: Any) -> None:
    path = reader.xlsx([["surname"], ["Smith"]])
    whole = path.read_bytes()
    place = whole.index(SHEET.encode()) + 60
    for content in (
        whole[:-30],
        whole[: len(whole) // 2],
        b"".join([whole[:place], b"!!", whole[place + 2 :]]),
    ):
        path.write_bytes(content)
        assert reader.checks() == ["workbook_not_readable"]


def read_here(path: Path) -> None:
    """Read a workbook in this process, where limits can be lowered."""
    workbook_module._read(open_book(WorkbookArchive(path)), workbook_module._Output())


@pytest.mark.parametrize(
    ("module", "limit", "most"),
    [
        (archive_module, "MAXIMUM_UNPACKED_BYTES", 1_000),
        (archive_module, "MAXIMUM_PARTS", 3),
        (book_module, "LONGEST_PIECE", 10),
        (workbook_module, "MAXIMUM_CELL", 20),
        (workbook_module, "MAXIMUM_OUTPUT", 100),
    ],
)
def test_a_workbook_over_a_limit_is_refused(
    reader: Any, monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, most: int
) -> None:
    path = reader.xlsx([["surname"], ["Smith" * 5], ["Jones"]])
    read_here(path)
    monkeypatch.setattr(module, limit, most)
    if limit == "LONGEST_PIECE":
        monkeypatch.setattr(archive_module, "CHUNK", 20)
    with pytest.raises(WorkbookRefusedError) as refused:
        read_here(path)
    assert refused.value.check_id == "workbook_too_large"


@pytest.mark.parametrize("place", range(20))
def test_a_document_type_is_found_wherever_a_part_is_cut(
    reader: Any, repack: Repack, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    path = reader.xlsx([["surname"], ["Smith"]])
    repack(path, replace(b"<worksheet", b" " * place + b"<!DOCTYPE a><worksheet"))
    monkeypatch.setattr(archive_module, "CHUNK", 16)
    with pytest.raises(WorkbookRefusedError) as refused:
        read_here(path)
    assert refused.value.check_id == "workbook_unsafe_xml"


def test_parts_that_are_not_read_are_not_unpacked(
    reader: Any, repack: Repack, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reader.xlsx([["surname"], ["Smith"]])
    repack(path, set_part("xl/media/a.bin", b"0" * 20_000))
    monkeypatch.setattr(archive_module, "MAXIMUM_UNPACKED_BYTES", 20_000)
    read_here(path)


def test_what_is_written_is_bounded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workbook_module, "MAXIMUM_OUTPUT", 30)
    output = workbook_module._Output()
    output.emit("rows", "x" * 10)
    with pytest.raises(WorkbookRefusedError):
        output.emit("rows", "x" * 10)
    assert capsys.readouterr().out.count("\n") == 2


def test_time_limit(reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.xlsx([["surname"], ["Smith"]])
    monkeypatch.setattr(reader_module, "TIME_LIMIT_SECONDS", 0.01)
    assert reader.checks() == ["workbook_too_large"]
    assert reader.read().findings["message"].to_pylist() == [
        "workbook: could not be read, because reading it took too long or too much memory; "
        "keep only the two sheets"
    ]


def test_memory_limit(reader: Any, repack: Repack) -> None:
    path = reader.xlsx([["surname"], ["Smith"]])
    end = b"</row></sheetData>"
    repack(path, replace(end, b"<c/>" * 50_000 + end))
    # what the process has, and nothing more
    script = (
        "import resource; from pathlib import Path; from justice_data_lab.intake import workbook; "
        "pages = int(Path('/proc/self/statm').read_text().split()[0]); "
        "workbook.MAXIMUM_MEMORY = pages * resource.getpagesize(); workbook.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert '["done"]' not in ended.stdout
    assert '["found", "individuals"]' in ended.stdout


# FFFE and FFFF are no characters of XML
CHARACTERS = st.characters(exclude_categories=["Cs"]).filter(
    lambda c: not ILLEGAL_CHARACTERS_RE.match(c) and c not in "\ufffe\uffff"
)
TEXT = st.one_of(
    st.text(CHARACTERS, max_size=12),
    st.text(st.sampled_from("a \r\n\t<&>\"']=_x000DE5"), max_size=14),
    st.from_regex("[=+@-]?(_x[0-9A-F]{4}_){1,2}[a-z]?", fullmatch=True),
    st.from_regex("-?[0-9]{1,22}(\\.[0-9]{1,18})?(E[+-]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["#N/A", "TRUE", "NULL", "nan", "=1+1", "1980-02-01", "00012", "'x"]),
)
BLANKS = [letter for letter in map(chr, range(0x10000)) if letter.isspace()]
WIDTH = len(INDIVIDUAL_FIELDS)
TABLE = st.lists(st.lists(TEXT, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=20)


def write_texts(path: Path, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Individuals"
    book.create_sheet("Service").append(["question", "answer"])
    book["Individuals"].append(INDIVIDUAL_FIELDS)
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row, 1):
            if text:
                cell = book["Individuals"].cell(number, column)
                cell.value = text
                cell.data_type = "s"  # a text that starts with "=" is a text
    book.save(path)


def shown(cell: str) -> str:
    """What a spreadsheet shows of a cell: a code such as _x2000_ may stand for a blank."""
    codes = "|".join(f"{ord(blank):04X}" for blank in BLANKS)
    return re.sub(f"_x({codes})_", " ", cell, flags=re.IGNORECASE)


def check_round_trip(read: Uploads, rows: list[list[str]]) -> None:
    """Every cell is equal, or its record has a finding; every record is there."""
    expected = {
        number: [None if not cell.strip() else cell for cell in row]
        for number, row in enumerate(rows, 1)
        if any(shown(cell).strip() for cell in row)
    }
    found = {
        row["record_number"]: [row[name] for name in INDIVIDUAL_FIELDS]
        for row in read.individuals.to_pylist()
    }
    noted = set(read.findings["record_number"].to_pylist())
    coded = {n for n, row in enumerate(rows, 1) if any(re.search("_x[0-9A-F]{4}_", c) for c in row)}
    assert found.keys() == expected.keys()
    assert {n for n in found if found[n] != expected[n]} <= noted <= coded


@settings(max_examples=15, deadline=None)
@example([[""] * (WIDTH - 1) + ["_x2000_"]])
@example([[""] * (WIDTH - 1) + ["_x001C_"]])
@given(TABLE)
def test_any_table_survives(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as zone:
        uploads = Path(zone) / "uploads"
        uploads.mkdir()
        write_texts(uploads / "R.xlsx", rows)
        check_round_trip(read_uploads(Path(zone)), rows)


@settings(max_examples=150, deadline=None)
@given(TABLE)
def test_any_table_survives_in_this_process(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as zone, pytest.MonkeyPatch.context() as patch:
        uploads = Path(zone) / "uploads"
        uploads.mkdir()
        write_texts(uploads / "R.xlsx", rows)
        patch.setattr(reader_module, "_messages", messages_of_this_process)
        patch.setattr(workbook_module, "_limit_resources", lambda: None)
        check_round_trip(read_uploads(Path(zone)), rows)


def messages_of_this_process(path: Path) -> Generator[list[Any], None, None]:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setattr(sys, "argv", ["workbook", str(path)])
        workbook_module.main()
        gc.enable()
    for text in out.getvalue().splitlines():
        yield json.loads(text)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_raises_nothing(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as zone, pytest.MonkeyPatch.context() as patch:
        path = Path(zone) / "uploads" / "R.xlsx"
        path.parent.mkdir()
        write_texts(path, [["Zzsecret", "Ann", "1980-02-01"]])
        name = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml"]))

        def damage(parts: dict[str, bytes]) -> None:
            place = data.draw(st.integers(0, len(parts[name])))
            length = data.draw(st.integers(0, 12))
            token = data.draw(st.sampled_from([b"", b"-1", b"<c/>", b'"', b"\xff", b"9" * 30]))
            parts[name] = parts[name][:place] + token + parts[name][place + length :]

        path.write_bytes(repacked(path.read_bytes(), damage))
        patch.setattr(reader_module, "_messages", messages_of_this_process)
        patch.setattr(workbook_module, "_limit_resources", lambda: None)
        read = read_uploads(Path(zone))
    assert read.requests["request_id"].to_pylist() == ["R"]
    assert read.requests["is_readable"].to_pylist() == [True] or read.findings.num_rows > 0
    assert "secret" not in " ".join(read.findings["message"].to_pylist())
