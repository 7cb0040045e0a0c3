"""The Data Upload Template: what is written, and that the intake reads it back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from justice_data_lab.intake import INDIVIDUAL_FIELDS, SERVICE_QUESTIONS
from justice_data_lab.intake.contract import plain_name
from justice_data_lab.intake.template import (
    EXAMPLE_SHEET,
    GUIDANCE_SHEET,
    LONGEST_PROMPT,
    template_bytes,
)
from justice_data_lab.intake.template_guidance import EXAMPLE_ANSWERS, EXAMPLE_PEOPLE
from justice_data_lab.intake.template_texts import COLUMNS, LABELS, QUESTIONS

# the words of the upload contract
KNOWN = {
    "sector": {"private", "public", "voluntary_community", "educational"},
    "need": {
        "accommodation", "education", "employment", "finance", "relationships", "attitudes",
        "drugs", "alcohol", "health", "other",
    },
    "delivered_in": {"custody", "community", "through_the_gate"},
    "index_event": {"community_sentence", "prison_release", "either"},
    "repeat_receipt_usual": {"yes", "no"},
    "governance_approved": {"yes", "no"},
    "conditions_accepted": {"yes", "no"},
}  # fmt: skip
DATE_FORMS = re.compile(r"\d{4}-\d{2}-\d{2}|-\d{2}-\d{2}-\d{2}")
LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


@pytest.fixture
def book() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(template_bytes()))


def known_word(answer: str) -> str:
    """What the rule on answers makes of one."""
    return re.sub("[ _-]+", "_", answer.strip().lower())


def test_same_bytes_every_time() -> None:
    assert template_bytes() == template_bytes()


def test_no_moment_of_writing_in_the_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(template_bytes())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2014-04-01T00:00:00Z"}


def test_empty_template_has_no_findings(reader: Any) -> None:
    reader.uploads.mkdir()
    (reader.uploads / "R.xlsx").write_bytes(template_bytes())
    uploads = reader.read()
    assert uploads.findings.to_pylist() == []
    assert uploads.individuals.num_rows == 0
    assert uploads.service["question"].to_pylist() == list(SERVICE_QUESTIONS)
    assert set(uploads.service["answer"].to_pylist()) == {None}
    assert uploads.requests["is_readable"].to_pylist() == [True]


def fill(reader: Any, book: Workbook, people: Any, answers: dict[str, Any]) -> None:
    for row, person in enumerate(people, 2):
        for column, value in enumerate(person, 1):
            book["Individuals"].cell(row, column, value)
    for row, question in enumerate(SERVICE_QUESTIONS, 2):
        book["Service"].cell(row, 2, answers.get(question))
    reader.uploads.mkdir(exist_ok=True)
    book.save(reader.uploads / "R.xlsx")


def test_what_is_filled_in_is_what_is_read(reader: Any, book: Workbook) -> None:
    person = (
        "O'Neill", "Zoë Mary", dt.date(1980, 2, 1), "Female", "03/11985X", "A1234BC",
        "3 Sep 2012", dt.date(2013, 1, 31), "0012", "3-4",
    )  # fmt: skip
    answers: dict[str, Any] = {question: f"about {question}" for question in SERVICE_QUESTIONS}
    answers |= {"submitted_on": dt.date(2014, 3, 3), "withdrawn_on": None}
    fill(reader, book, [person, (None,) * 10, ("Second",)], answers)
    texts = [v.isoformat() if isinstance(v, dt.date) else v for v in person]
    texts[6] = "2012-09-03"
    assert reader.findings() == []
    assert reader.records() == [
        {"record_number": 1} | dict(zip(INDIVIDUAL_FIELDS, texts, strict=True)),
        {"record_number": 3, "surname": "Second"},
    ]
    answers["submitted_on"] = "2014-03-03"
    read = reader.read().service.to_pylist()
    assert {row["question"]: row["answer"] for row in read} == answers


def test_worked_example_reads_without_findings(reader: Any, book: Workbook) -> None:
    sheet = book[EXAMPLE_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = rows.index([column.label for column in COLUMNS]) + 1
    people = rows[first : first + len(EXAMPLE_PEOPLE)]
    start = next(n for n, row in enumerate(rows) if row[:2] == ["Question", "Answer"]) + 1
    answers = {SERVICE_QUESTIONS[n]: rows[start + n][1] for n in range(len(SERVICE_QUESTIONS))}
    assert answers.keys() == EXAMPLE_ANSWERS.keys()
    fill(reader, book, people, answers)
    assert reader.findings() == []
    records = reader.records()
    assert len(records) == len(EXAMPLE_PEOPLE)
    for record in records:
        assert_in_order(record)
    given = {row["question"]: row["answer"] for row in reader.read().service.to_pylist()}
    for question, words in KNOWN.items():
        assert known_word(given[question]) in words
    assert DATE_FORMS.fullmatch(given["submitted_on"])
    assert given["withdrawn_on"] is None


def assert_in_order(record: dict[str, str]) -> None:
    """Hold a record to the checks of records, written down a second time."""
    assert len(record["surname"]) > 1
    assert re.search(r"\w\w", record["forename"])
    assert record["gender"].lower() in ("m", "f", "male", "female", "man", "woman")
    assert DATE_FORMS.fullmatch(record["date_of_birth"])
    assert DATE_FORMS.fullmatch(record["intervention_start_date"])
    assert DATE_FORMS.fullmatch(record.get("intervention_end_date", "2000-01-01"))
    if "pncid" in record:
        year, number = record["pncid"].split("/")
        assert number[-1] == LETTERS[int(year[-2:] + number[:-1].zfill(7)) % 23]
    if "prison_number" in record:
        assert re.fullmatch(r"[A-Z]\d{4}[A-Z]{2}|[A-Z]{2}\d{3,6}", record["prison_number"])


def test_example_shows_every_form(book: Workbook) -> None:
    dates = [row[2] for row in EXAMPLE_PEOPLE] + [row[6] for row in EXAMPLE_PEOPLE]
    shapes = {re.sub(r"\d+", "0", re.sub("[A-Za-z]+", "M", str(d))) for d in dates}
    assert shapes >= {"0/0/0", "0-0-0", "0 M 0"}
    assert any(isinstance(d, dt.date) for d in dates)
    assert any(row[4] for row in EXAMPLE_PEOPLE)
    assert any(row[5] for row in EXAMPLE_PEOPLE)


def test_labels_are_matched_by_the_reader() -> None:
    assert tuple(column.field for column in COLUMNS) == INDIVIDUAL_FIELDS
    assert tuple(question.question for question in QUESTIONS) == SERVICE_QUESTIONS
    for column in COLUMNS:
        assert plain_name(column.label) == plain_name(column.field)
    for question in QUESTIONS:
        assert plain_name(question.label).rstrip("?:") == plain_name(question.question)
    assert LABELS.keys() == {*INDIVIDUAL_FIELDS, *SERVICE_QUESTIONS}


def test_choices_are_those_of_the_contract() -> None:
    choices = {q.question: q.choices for q in QUESTIONS if q.choices}
    assert choices.keys() == KNOWN.keys()
    for question, words in choices.items():
        assert [known_word(word) for word in words] == sorted(
            KNOWN[question], key=[known_word(word) for word in words].index
        )
        assert len(words) == len(KNOWN[question])


def test_everything_has_guidance_and_a_prompt(book: Workbook) -> None:
    guidance = {str(cell.value) for row in book[GUIDANCE_SHEET].iter_rows() for cell in row}
    for item in (*COLUMNS, *QUESTIONS):
        assert item.label in guidance
        assert item.meaning in guidance
        assert any(item.accepted in text for text in guidance)
        assert 0 < len(item.prompt) <= LONGEST_PROMPT
    for sheet, items in (("Individuals", COLUMNS), ("Service", QUESTIONS)):
        validations = book[sheet].data_validations.dataValidation
        assert [v.prompt for v in validations] == [item.prompt for item in items]
        assert all(v.showInputMessage for v in validations)


def test_lists_and_ranges(book: Workbook) -> None:
    lists = {
        str(v.sqref): v.formula1
        for v in book["Service"].data_validations.dataValidation
        if v.type == "list"
    }
    rows = [n for n, q in enumerate(QUESTIONS, 2) if q.choices]
    assert list(lists) == [f"B{row}" for row in rows]
    assert all(len(text) <= 257 for text in lists.values())
    of_people = {str(v.sqref): v for v in book["Individuals"].data_validations.dataValidation}
    assert of_people["C2:C200001"].type == "date"
    assert of_people["C2:C200001"].formula1 == "1"
    assert of_people["D2:D200001"].formula1 == '"Female,Male"'
    assert book["Individuals"].max_row == 1


def test_formats_keep_zeros_and_dates(book: Workbook) -> None:
    formats = {
        COLUMNS[place - 1].field: columns.number_format
        for columns in book["Individuals"].column_dimensions.values()
        for place in range(columns.min, columns.max + 1)
    }
    dates = {field for field, form in formats.items() if form == "dd/mm/yyyy"}
    assert dates == {"date_of_birth", "intervention_start_date", "intervention_end_date"}
    assert {form for field, form in formats.items() if field not in dates} == {"@"}
    assert len(formats) == len(COLUMNS)


def test_plain_and_accessible(book: Workbook) -> None:
    assert book.sheetnames == ["Guidance", "Individuals", "Service", "Worked example"]
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet["A1"].value
    assert book["Individuals"].freeze_panes == book["Service"].freeze_panes == "A2"
    with zipfile.ZipFile(io.BytesIO(template_bytes())) as archive:
        names = archive.namelist()
        content = b"".join(archive.read(name) for name in names)
    assert not [name for name in names if "external" in name.lower() or "vba" in name.lower()]
    assert b"<f>" not in content
    assert b"<hyperlink " not in content
    assert b"TargetMode" not in content
