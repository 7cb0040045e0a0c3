"""Uploads as people send them, from the file to the verdict: what each kind must come to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from intake.conftest import HEADER, Reader
from justice_data_lab.intake import INDIVIDUAL_FIELDS, SERVICE_QUESTIONS
from justice_data_lab.replies import Reply
from justice_data_lab.replies.checking import check_upload

ANSWERS = dict.fromkeys(SERVICE_QUESTIONS, "x") | {
    "sector": "public",
    "need": "other",
    "delivered_in": "community",
    "index_event": "either",
    "repeat_receipt_usual": "no",
    "governance_approved": "yes",
    "conditions_accepted": "yes",
    "contact_email": "a@b.example",
    "submitted_on": "2013-08-15",
    "withdrawn_on": "",
}
READY = "This request can be analysed as it stands."


def service(**changes: str) -> str:
    return "".join(f"{q},{a}\n" for q, a in {"question": "answer", **ANSWERS, **changes}.items())


def people(n: int = 65) -> list[tuple[str, date, date]]:
    """A name, a birth and a start of service for each."""
    rng = random.Random(7)
    return [
        (
            f"Anna{chr(97 + i % 26)}{chr(97 + i // 26)}",
            date(1960, 1, 1) + timedelta(days=rng.randrange(12_000)),
            date(2010, 1, 1) + timedelta(days=rng.randrange(360)),
        )
        for i in range(n)
    ]


def line(name: str, born: str, start: str, rest: str = ",,,") -> str:
    return f"Smith,{name},{born},f,,A1234BC,{start}{rest}"


def check_csv(reader: Reader, lines: Iterable[str], above: str = "", **changes: str) -> Reply:
    reader.csv(above + "\n".join([HEADER, *lines]) + "\n", service=service(**changes))
    return check_upload(reader.uploads / "R")


def check_xlsx(
    reader: Reader,
    rows: Iterable[Sequence[Any]],
    header: Sequence[str] = INDIVIDUAL_FIELDS,
    edit: Callable[[openpyxl.Workbook], None] = lambda book: None,
) -> Reply:
    def fill(book: openpyxl.Workbook) -> None:
        for question, answer in ANSWERS.items():
            book["Service"].append([question, answer])
        edit(book)

    return check_upload(reader.xlsx([header, *rows], fill))


def checks(reply: Reply) -> set[str]:
    problems = (*reply.errors, *reply.warnings)
    return {check_id for problem in problems for check_id in (problem.check_id, *problem.covers)}


@pytest.mark.parametrize(
    "form",
    ["%d-%b-%y", "%d %B %Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%Y 00:00:00", "%Y-%m-%dT00:00:00.000Z"],
)
def test_dates_with_one_meaning_are_read(reader: Reader, form: str) -> None:
    reply = check_csv(
        reader, [line(n, born.strftime(form), start.strftime(form)) for n, born, start in people()]
    )
    assert reply.verdict_text == READY
    assert checks(reply) == set()


def test_a_time_of_day_is_a_note(reader: Reader) -> None:
    reply = check_csv(
        reader, [line(n, f"{born:%d/%m/%Y} 23:00", f"{start}") for n, born, start in people()]
    )
    assert (reply.verdict_text, checks(reply)) == (READY, {"time_of_day"})
    assert (reply.warning_n, reply.error_n) == (65, 0)


def test_ages_are_a_finding_on_the_record_and_on_the_column(reader: Reader) -> None:
    rows = [
        ["Smith", n, 20 + i % 50, "f", "", "", start] for i, (n, _, start) in enumerate(people())
    ]
    reply = check_xlsx(reader, rows)
    assert reply.verdict == "stopped"
    assert "Many dates of birth are numbers" in reply.reasons[0]
    assert reply.reasons[1] == "0 of 65 records can be used, and at least 60 are needed."
    assert {"impossible_ages", "date_of_birth_unreadable"} <= checks(reply)


def test_impossible_ages_by_date_are_too(reader: Reader) -> None:
    reply = check_csv(reader, [line(n, "01/01/1900", f"{start}") for n, _, start in people()])
    assert {"impossible_ages", "date_of_birth_implausible"} <= checks(reply)
    few = [line(n, f"{born}" if i > 5 else "01/01/1900", f"{start}")
           for i, (n, born, start) in enumerate(people(70))]  # fmt: skip
    reply = check_csv(reader, few)
    assert checks(reply) == {"date_of_birth_implausible"}
    assert reply.verdict_text == READY


def test_the_month_first_stops_the_column(reader: Reader) -> None:
    reply = check_csv(
        reader, [line(n, f"{born:%m/%d/%Y}", f"{start:%m/%d/%Y}") for n, born, start in people()]
    )
    assert reply.verdict == "stopped"
    assert [problem.fields for problem in reply.errors[:1]] == [
        ("date_of_birth", "intervention_start_date")
    ]
    assert "date_in_doubt" in checks(reply)
    assert all("can be used" not in sentence for sentence in reply.good)


def test_days_that_a_program_has_turned_round_are_not_used(reader: Reader) -> None:
    def cell(day: date) -> date | str:
        return date(day.year, day.day, day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"

    rows = [["Smith", n, cell(born), "f", "", "", start] for n, born, start in people(120)]
    reply = check_xlsx(reader, rows)
    assert reply.verdict == "stopped"
    assert reply.errors[0].check_id == "date_order_unclear"
    assert reply.errors[0].fields == ("date_of_birth",)
    assert (reply.errors[0].covers[0], reply.errors[0].records_n) == ("date_in_doubt", 120)


def test_columns_by_other_names_are_named(reader: Reader) -> None:
    header = ["Last name", "First name", "D.O.B.", "Sex", *INDIVIDUAL_FIELDS[4:]]
    rows = [["Smith", n, born, "f", "", "", start] for n, born, start in people()]
    reply = check_xlsx(reader, rows, header)
    assert reply.verdict == "stopped"
    assert reply.reasons[-1] == "0 of 65 records can be used, and at least 60 are needed."
    assert all("if it is column" in reason for reason in reply.reasons[:-1])
    assert reply.errors[0].check_id == "column_missing"


def test_short_rows_and_a_note_above_the_header(reader: Reader) -> None:
    lines = [line(n, f"{born}", f"{start}", rest="") for n, born, start in people()]
    assert checks(check_csv(reader, lines)) == set()
    reply = check_csv(reader, lines, above="Export of 01/04/2013,,,\n,,,\n")
    assert (checks(reply), reply.verdict_text) == ({"header_not_first"}, READY)
    assert "row 3 was taken" in reply.warnings[0].text
    assert reply.records_n == 65


def test_hidden_rows_and_columns_are_counted(reader: Reader) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        for row in range(10, 20):
            book["Individuals"].row_dimensions[row].hidden = True
        book["Individuals"].column_dimensions["E"].hidden = True

    rows = [["Smith", n, born, "f", "", "A1234BC", start] for n, born, start in people()]
    reply = check_xlsx(reader, rows, edit=hide)
    assert (checks(reply), reply.records_n) == ({"hidden_in_workbook"}, 65)
    assert "10 of 65 rows and column E" in reply.warnings[0].text


@pytest.mark.parametrize("name", ["R.xls", "R.ods", "R.XLSB"])
def test_other_spreadsheets_are_told_the_cure(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    reply = check_upload(tmp_path / name)
    assert reply.verdict == "stopped"
    assert "save it as .xlsx" in reply.reasons[0]


@pytest.mark.parametrize(
    ("sent", "check_id"),
    [
        ("", "submitted_on_missing"),
        ("in March", "service_answer_not_recognised"),
        (f"{date.today() + timedelta(days=40)}", "submitted_on_in_future"),
    ],
)
def test_a_day_of_submission_has_one_finding(reader: Reader, sent: str, check_id: str) -> None:
    lines = [line(n, f"{born}", f"{start}") for n, born, start in people()]
    assert checks(check_csv(reader, lines, submitted_on=sent)) == {check_id}


def found_in(reply: Reply, check_id: str) -> str:
    problems = (*reply.errors, *reply.warnings)
    return next(p.where(reply.header_row) for p in problems if p.check_id == check_id)


def test_names_that_stand_for_none_and_titles_are_noticed(reader: Reader) -> None:
    names = ["TEST", "Unknown", "Client 1", "not known", "Mrs Ann", "Dr. Ann", "Testa", "Drew"]
    lines = [line(name, "1980-02-01", f"2010-01-{n:02d}") for n, name in enumerate(names, 1)]
    reply = check_csv(reader, [*lines, *(line(n, f"{b}", f"{s}") for n, b, s in people())])
    assert found_in(reply, "placeholder_name") == "rows 2-5"
    assert found_in(reply, "title_in_name") == "rows 6-7"
    assert reply.error_n == 0


def test_notes_in_a_reference_are_noticed(reader: Reader) -> None:
    given = ["site 3", "he has moved to his aunt", "x" * 41, "A/12 of 2012", " "]
    rows = [
        line(name, f"{born}", f"{start}", f",,{text},")
        for (name, born, start), text in zip(people(), [*given, *["C1"] * 60], strict=True)
    ]
    reply = check_csv(reader, rows)
    assert found_in(reply, "free_text_in_reference") == "rows 3-4"


@pytest.mark.parametrize(
    ("address", "is_one"), [("a@b.example", True), ("a at b", False), ("a@b", False), ("", True)]
)
def test_an_address_is_one(reader: Reader, address: str, is_one: bool) -> None:
    lines = [line(n, f"{born}", f"{start}") for n, born, start in people()]
    reply = check_csv(reader, lines, contact_email=address)
    assert ("contact_not_an_address" not in checks(reply)) is is_one


def test_rows_are_those_of_the_sheet(reader: Reader) -> None:
    lines = [line(n, f"{born}", f"{start}") for n, born, start in people()]
    lines[4] = lines[4].replace(",f,", ",q,")
    assert found_in(check_csv(reader, lines), "gender_unknown") == "row 6"
    assert found_in(check_csv(reader, lines, above="Our list\n\n"), "gender_unknown") == "row 8"
    assert found_in(check_csv(reader, lines, above="sep=,\n"), "gender_unknown") == "row 6"
    rows = [each.split(",") for each in lines]
    assert found_in(check_xlsx(reader, rows), "gender_unknown") == "row 6"


def test_an_empty_gender_is_a_note_and_the_record_is_used(reader: Reader) -> None:
    lines = [line(n, f"{born}", f"{start}").replace(",f,", ",,") for n, born, start in people()]
    reply = check_csv(reader, lines)
    assert (reply.verdict_text, checks(reply)) == (READY, {"gender_unknown"})
    assert "leave it empty if you do not know it" in reply.warnings[0].text
