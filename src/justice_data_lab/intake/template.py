"""Writes the empty Data Upload Template: a workbook that the intake reads back without findings.

Sheets: Guidance, Individuals (first row only), Service (questions, answers empty), Worked example.
No formulas, macros, links or merged cells; meaning never hangs on colour. What is written is
`template_texts` (columns and questions) and `template_guidance` (everything else).
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from justice_data_lab.intake.contract import DATE_FIELDS, INDIVIDUALS, SERVICE
from justice_data_lab.intake.template_guidance import (
    EXAMPLE_ANSWERS,
    EXAMPLE_NOTE,
    EXAMPLE_PEOPLE,
    EXAMPLE_TITLE,
    INTRODUCTION,
    MISTAKES,
    SECTIONS,
    TITLE,
)
from justice_data_lab.intake.template_texts import COLUMNS, QUESTIONS, Column, Question

GUIDANCE_SHEET: Final = "Guidance"
EXAMPLE_SHEET: Final = "Worked example"
SERVICE_HEADER: Final = ("Question", "Answer")
HELPED_ROWS: Final = 200_000
LONGEST_PROMPT: Final = 255
LONGEST_PROMPT_TITLE: Final = 32

_FIXED_MOMENT: Final = datetime(2014, 4, 1)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_LANGUAGE: Final = b"<dc:language>en-GB</dc:language></cp:coreProperties>"
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
_GENDERS = ("Female", "Male")

_A4: Final = 9
_GUIDANCE_WIDTHS: Final = (30, 80, 54)
_LINE_HEIGHT: Final = 15

_Style = Mapping[str, Any]
_DATE: Final[_Style] = {"num_format": "dd/mm/yyyy"}
_TEXT: Final[_Style] = {"num_format": "@"}
_FONT: Final[_Style] = {"font_name": "Arial", "font_size": 11}
_BODY: Final[_Style] = {**_FONT, "valign": "top", "text_wrap": True}
_BOLD: Final[_Style] = {**_BODY, "bold": True}
_ONE_LINE: Final[_Style] = {**_FONT, "valign": "top"}
_BOLD_LINE: Final[_Style] = {**_ONE_LINE, "bold": True}
_HEADING: Final[_Style] = {**_BOLD_LINE, "font_size": 14}
_TITLE: Final[_Style] = {**_BOLD_LINE, "font_size": 18}
_BOX: Final[_Style] = {"border": 1, "border_color": "#595959"}
_HEADER: Final[_Style] = {**_BOLD, **_BOX, "font_color": "#FFFFFF", "bg_color": "#12436D"}
_VALUE: Final[_Style] = {**_ONE_LINE, "align": "left"}


class _Book:
    """The workbook being written. Rows and columns count from 0; equal styles are one format."""

    def __init__(self, target: io.BytesIO) -> None:
        self.workbook = Workbook(target, dict(_OPTIONS))
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, style: _Style) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(dict(style))
        return self._formats[key]

    def add_sheet(
        self, name: str, widths: tuple[int, ...], *, is_landscape: bool = False
    ) -> Worksheet:
        """Add a sheet that prints on A4, as wide as one page."""
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_default_row(_LINE_HEIGHT + 2)
        if is_landscape:
            sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&L&A")
        sheet.set_footer("&RPage &P of &N")
        return sheet

    def put(
        self, sheet: Worksheet, row: int, column: int, value: str | date | None, style: _Style
    ) -> None:
        sheet.write(row, column, value, self.format(style))

    def put_value(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: str | date | None,
        border: _Style | None = None,
    ) -> None:
        """Write an answer as it would stand in the template: a day as a date, the rest as text."""
        number_format = _DATE if isinstance(value, date) else _TEXT
        self.put(sheet, row, column, value, {**_VALUE, **number_format, **(border or {})})

    def put_heading(self, sheet: Worksheet, row: int, text: str, style: _Style = _HEADING) -> None:
        self.put(sheet, row, 0, text, style)
        sheet.set_row(row, 2 * style["font_size"])

    def put_header(self, sheet: Worksheet, row: int, labels: tuple[str, ...]) -> None:
        for column, label in enumerate(labels):
            self.put(sheet, row, column, label, _HEADER)
        sheet.set_row(row, _LINE_HEIGHT + 5)

    def start_form(self, sheet: Worksheet, labels: tuple[str, ...]) -> None:
        """Write the first row, which stays in sight, and name it as the headers.

        Screen readers then say the header of each cell.
        """
        self.put_header(sheet, 0, labels)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        name = sheet.get_name()
        self.workbook.define_name(f"{name}!ColumnTitle_{name}", f"={name}!$A$1")


def template_bytes() -> bytes:
    """Return the template as the bytes of a workbook, the same on every call."""
    packed = io.BytesIO()
    book = _Book(packed)
    _write_guidance(book)
    _write_individuals(book)
    _write_service(book)
    _write_example(book)
    book.workbook.set_properties(
        {"title": TITLE, "author": "Justice Data Lab", "created": _FIXED_MOMENT}
    )
    book.workbook.close()
    return _stored(packed)


def _stored(packed: io.BytesIO) -> bytes:
    """Write the archive anew, its parts in order, with the language of the texts.

    The parts are stored unpacked: packed bytes differ between versions of the packing library.
    """
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(packed) as before,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_STORED) as after,
    ):
        for name in sorted(before.namelist()):
            content = before.read(name)
            if name == "docProps/core.xml":
                content = content.replace(b"</cp:coreProperties>", _LANGUAGE)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            after.writestr(entry, content)
    return rewritten.getvalue()


def _write_guidance(book: _Book) -> None:
    sheet = book.add_sheet(GUIDANCE_SHEET, _GUIDANCE_WIDTHS)
    sheet.hide_gridlines(2)
    book.put_heading(sheet, 0, TITLE, _TITLE)
    _write_line(book, sheet, 1, ("About", INTRODUCTION))
    row = 3
    for heading, lines in SECTIONS:
        row = _write_table(book, sheet, row, heading, (), lines)
    row = _write_table(
        book,
        sheet,
        row,
        "The sheet Individuals: one row for each person",
        ("Column", "What to write", "Whether it is needed, and forms that are read"),
        tuple((c.label, c.meaning, f"{c.need}. {c.accepted}") for c in COLUMNS),
    )
    _write_table(
        book,
        sheet,
        row,
        "The sheet Service: one answer to each question",
        ("Question", "What we ask", "Answers that are read"),
        tuple((q.label, q.meaning, q.accepted) for q in QUESTIONS),
    )


def _write_table(
    book: _Book,
    sheet: Worksheet,
    row: int,
    heading: str,
    header: tuple[str, ...],
    lines: tuple[tuple[str, ...], ...],
) -> int:
    """Write a heading, a header where there is one, and lines; return the row for the next."""
    book.put_heading(sheet, row, heading)
    row += 1
    if header:
        book.put_header(sheet, row, header)
        row += 1
    for line in lines:
        _write_line(book, sheet, row, line)
        row += 1
    return row + 1


def _write_line(book: _Book, sheet: Worksheet, row: int, texts: tuple[str, ...]) -> None:
    """Write a row as high as its texts; programs do not all find the height."""
    for column, text in enumerate(texts):
        book.put(sheet, row, column, text, _BODY if column else _BOLD)
    lines = max(
        len(textwrap.wrap(text, width))
        for text, width in zip(texts, _GUIDANCE_WIDTHS, strict=False)
    )
    sheet.set_row(row, _LINE_HEIGHT * lines + 3)


def _write_individuals(book: _Book) -> None:
    widths = (24, 24, 17, 12, 18, 18, 26, 26, 20, 20)
    sheet = book.add_sheet(INDIVIDUALS.sheet_name, widths, is_landscape=True)
    book.start_form(sheet, tuple(column.label for column in COLUMNS))
    for number, (column, width) in enumerate(zip(COLUMNS, widths, strict=True)):
        is_date = column.field in DATE_FIELDS
        style = book.format({**_FONT, **(_DATE if is_date else _TEXT)})
        sheet.set_column(number, number, width, style)
        sheet.data_validation(1, number, HELPED_ROWS, number, _column_validation(column, is_date))


def _column_validation(column: Column, is_date: bool) -> dict[str, Any]:
    """Help for every column, and a warning that can be passed for dates and gender."""
    validation = _help(column.label, column.prompt)
    if is_date:
        validation |= {
            "validate": "date",
            "criteria": "between",
            "minimum": _FIRST_DAY,
            "maximum": _LAST_DAY,
            "error_message": "This does not look like a date. Write it like 25/12/1980.",
        }
    elif column.field == "gender":
        validation |= {
            "validate": "list",
            "source": list(_GENDERS),
            "error_message": "Female or Male is expected. Leave it empty if you do not know it.",
        }
    return {**validation, "error_type": "warning"}


def _write_service(book: _Book) -> None:
    sheet = book.add_sheet(SERVICE.sheet_name, (32, 80))
    book.start_form(sheet, SERVICE_HEADER)
    for row, question in enumerate(QUESTIONS, 1):
        number_format = _DATE if question.question.endswith("_on") else _TEXT
        book.put(sheet, row, 0, question.label, {**_BOLD, **_BOX})
        book.put(sheet, row, 1, None, {**_BODY, **_BOX, **number_format, "align": "left"})
        sheet.set_row(row, 90 if question.is_long else 24)
        sheet.data_validation(row, 1, row, 1, _question_validation(question))


def _question_validation(question: Question) -> dict[str, Any]:
    validation = _help(question.label, question.prompt)
    if question.choices:
        validation |= {
            "validate": "list",
            "source": list(question.choices),
            "error_message": "Choose one of the answers in the list.",
        }
    return validation


def _write_example(book: _Book) -> None:
    widths = (28, 26, 16, 12, 18, 16, 26, 25, 20, 20)
    sheet = book.add_sheet(EXAMPLE_SHEET, widths, is_landscape=True)
    book.put_heading(sheet, 0, EXAMPLE_TITLE, _TITLE)
    book.put(sheet, 1, 0, EXAMPLE_NOTE, _ONE_LINE)
    book.put_heading(sheet, 3, "Individuals, filled in correctly")
    book.put_header(sheet, 4, tuple(column.label for column in COLUMNS))
    row = 5
    for person in EXAMPLE_PEOPLE:
        for number, value in enumerate(person):
            book.put_value(sheet, row, number, value, _BOX)
        row += 1
    book.put_heading(sheet, row + 1, "Service, filled in correctly")
    book.put_header(sheet, row + 2, SERVICE_HEADER)
    row += 3
    for question in QUESTIONS:
        book.put(sheet, row, 0, question.label, _BOLD_LINE)
        book.put_value(sheet, row, 1, EXAMPLE_ANSWERS[question.question])
        row += 1
    book.put_heading(sheet, row + 1, "Common mistakes, and how to mend them")
    book.put_header(sheet, row + 2, ("Where", "What was written", "What to do"))
    row += 3
    for where, written, advice in MISTAKES:
        book.put(sheet, row, 0, where, _BOLD_LINE)
        book.put_value(sheet, row, 1, written)
        book.put_value(sheet, row, 2, advice)
        row += 1


def _help(title: str, prompt: str) -> dict[str, Any]:
    return {
        "validate": "any",
        "input_title": title[:LONGEST_PROMPT_TITLE],
        "input_message": prompt[:LONGEST_PROMPT],
        "error_title": title[:LONGEST_PROMPT_TITLE],
    }
