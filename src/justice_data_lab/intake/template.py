"""Writes the empty Data Upload Template: a workbook that the intake reads back without findings.

Sheets: Guidance, Individuals (first row only), Service (questions, answers empty), Worked example.
No formulas, macros, links or merged cells; meaning never hangs on colour. What is written is
`template_texts` (columns and questions) and `template_guidance` (everything else).
"""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

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
_MOMENT_TEXT: Final = b"2014-04-01T00:00:00Z"
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

_DATE_FORMAT: Final = "dd/mm/yyyy"
_TEXT_FORMAT: Final = "@"
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
_GENDERS = ("Female", "Male")

_GUIDANCE_WIDTHS: Final = (30, 80, 54)
_LINE_HEIGHT: Final = 15

_BODY = Font(name="Arial", size=11)
_BOLD = Font(name="Arial", size=11, bold=True)
_HEADING = Font(name="Arial", size=14, bold=True)
_TITLE = Font(name="Arial", size=18, bold=True)
_HEADER = Font(name="Arial", size=11, bold=True, color="FFFFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="FF12436D")
_LINE = Side(style="thin", color="FF595959")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAP = Alignment(wrap_text=True, vertical="top")
_PLAIN = Alignment(vertical="top")


def write_template(path: Path) -> None:
    """Write the empty template to ``path``, over a file that is there.

    Every call writes the same bytes. Raises OSError where the file cannot be written.
    """
    path.write_bytes(template_bytes())


def template_bytes() -> bytes:
    """Return the template as the bytes of a workbook, the same on every call."""
    book = Workbook()
    guidance = book.worksheets[0]
    guidance.title = GUIDANCE_SHEET
    _write_guidance(guidance)
    _write_individuals(book.create_sheet(INDIVIDUALS.sheet_name))
    _write_service(book.create_sheet(SERVICE.sheet_name))
    _write_example(book.create_sheet(EXAMPLE_SHEET))
    book.properties.title = TITLE
    book.properties.creator = "Justice Data Lab"
    book.properties.language = "en-GB"
    book.properties.created = _FIXED_MOMENT
    packed = io.BytesIO()
    book.save(packed)
    return _without_moments(packed.getvalue())


def _without_moments(packed: bytes) -> bytes:
    """Write the archive anew, its parts in order and without the time of writing.

    The parts are stored unpacked: packed bytes differ between versions of the packing library.
    """
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as before,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_STORED) as after,
    ):
        for name in sorted(before.namelist()):
            content = before.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + _MOMENT_TEXT + rb"\g<2>", content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            after.writestr(entry, content)
    return rewritten.getvalue()


def _write_guidance(sheet: Worksheet) -> None:
    _lay_out(sheet, widths=_GUIDANCE_WIDTHS)
    sheet.sheet_view.showGridLines = False
    _put_heading(sheet, 1, TITLE, _TITLE)
    _put(sheet, 2, 1, "About", _BOLD)
    _put(sheet, 2, 2, INTRODUCTION)
    sheet.row_dimensions[2].height = _height(("", INTRODUCTION), _GUIDANCE_WIDTHS)
    row = 4
    for heading, lines in SECTIONS:
        row = _write_table(sheet, row, heading, ("", ""), lines)
    row = _write_table(
        sheet,
        row,
        "The sheet Individuals: one row for each person",
        ("Column", "What to write", "Whether it is needed, and forms that are read"),
        tuple((c.label, c.meaning, f"{c.need}. {c.accepted}") for c in COLUMNS),
    )
    _write_table(
        sheet,
        row,
        "The sheet Service: one answer to each question",
        ("Question", "What we ask", "Answers that are read"),
        tuple((q.label, q.meaning, q.accepted) for q in QUESTIONS),
    )


def _write_table(
    sheet: Worksheet,
    row: int,
    heading: str,
    header: tuple[str, ...],
    lines: tuple[tuple[str, ...], ...],
) -> int:
    """Write a heading, a header where there is one, and lines; return the row for the next."""
    _put_heading(sheet, row, heading)
    row += 1
    if any(header):
        _put_header(sheet, row, header)
        row += 1
    for line in lines:
        for column, text in enumerate(line, 1):
            _put(sheet, row, column, text, _BOLD if column == 1 else _BODY)
        sheet.row_dimensions[row].height = _height(line, _GUIDANCE_WIDTHS)
        row += 1
    return row + 1


def _height(texts: tuple[str, ...], widths: tuple[int, ...]) -> int:
    """Return the height of a row that shows its texts whole; programs do not all find it."""
    lines = max(len(textwrap.wrap(text, width)) for text, width in zip(texts, widths, strict=False))
    return _LINE_HEIGHT * lines + 3


def _write_individuals(sheet: Worksheet) -> None:
    _lay_out(sheet, widths=(24, 24, 17, 12, 18, 18, 26, 26, 20, 20), is_landscape=True)
    _put_header(sheet, 1, tuple(column.label for column in COLUMNS))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _name_headers(sheet)
    for number, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        is_date = column.field in DATE_FIELDS
        style = sheet.column_dimensions[letter]
        style.number_format = _DATE_FORMAT if is_date else _TEXT_FORMAT
        style.font = _BODY
        validation = _column_validation(column, is_date)
        validation.add(f"{letter}2:{letter}{HELPED_ROWS + 1}")
        sheet.add_data_validation(validation)


def _column_validation(column: Column, is_date: bool) -> DataValidation:
    """Help for every column, and a warning that can be passed for dates and gender."""
    validation = _help(column.label, column.prompt)
    if is_date:
        validation.type = "date"
        validation.operator = "between"
        validation.formula1, validation.formula2 = (_serial(_FIRST_DAY), _serial(_LAST_DAY))
        validation.error = "This does not look like a date. Write it like 25/12/1980."
    elif column.field == "gender":
        validation.type = "list"
        validation.formula1 = _choices(_GENDERS)
        validation.error = "Female or Male is expected. Leave it empty if you do not know it."
    validation.errorStyle = "warning"
    return validation


def _write_service(sheet: Worksheet) -> None:
    _lay_out(sheet, widths=(32, 80))
    _put_header(sheet, 1, SERVICE_HEADER)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _name_headers(sheet)
    for row, question in enumerate(QUESTIONS, 2):
        _put(sheet, row, 1, question.label, _BOLD)
        _put(sheet, row, 2, None)
        sheet.cell(row, 1).border = sheet.cell(row, 2).border = _BOX
        is_date = question.question.endswith("_on")
        sheet.cell(row, 2).number_format = _DATE_FORMAT if is_date else _TEXT_FORMAT
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        sheet.row_dimensions[row].height = 90 if question.is_long else 24
        validation = _question_validation(question)
        validation.add(f"B{row}")
        sheet.add_data_validation(validation)


def _question_validation(question: Question) -> DataValidation:
    validation = _help(question.label, question.prompt)
    if question.choices:
        validation.type = "list"
        validation.formula1 = _choices(question.choices)
        validation.errorStyle = "stop"
        validation.error = "Choose one of the answers in the list."
    return validation


def _write_example(sheet: Worksheet) -> None:
    _lay_out(sheet, widths=(28, 26, 16, 12, 18, 16, 26, 25, 20, 20), is_landscape=True)
    _put_heading(sheet, 1, EXAMPLE_TITLE, _TITLE)
    _put(sheet, 2, 1, EXAMPLE_NOTE, _BODY, _PLAIN)
    _put_heading(sheet, 4, "Individuals, filled in correctly")
    _put_header(sheet, 5, tuple(column.label for column in COLUMNS))
    row = 6
    for person in EXAMPLE_PEOPLE:
        for number, value in enumerate(person, 1):
            _put_value(sheet, row, number, value)
            sheet.cell(row, number).border = _BOX
        row += 1
    _put_heading(sheet, row + 1, "Service, filled in correctly")
    _put_header(sheet, row + 2, SERVICE_HEADER)
    row += 3
    for question in QUESTIONS:
        _put(sheet, row, 1, question.label, _BOLD, _PLAIN)
        _put_value(sheet, row, 2, EXAMPLE_ANSWERS[question.question])
        row += 1
    _put_heading(sheet, row + 1, "Common mistakes, and how to mend them")
    _put_header(sheet, row + 2, ("Where", "What was written", "What to do"))
    row += 3
    for where, written, advice in MISTAKES:
        _put(sheet, row, 1, where, _BOLD, _PLAIN)
        _put_value(sheet, row, 2, written)
        _put_value(sheet, row, 3, advice)
        row += 1


def _lay_out(sheet: Worksheet, widths: tuple[int, ...], is_landscape: bool = False) -> None:
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_format.defaultRowHeight = _LINE_HEIGHT + 2
    sheet.sheet_format.customHeight = True
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.paperSize = int(Worksheet.PAPERSIZE_A4)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(left=_HeaderFooterPart(text="&A"))
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart(text="Page &P of &N"))


def _name_headers(sheet: Worksheet) -> None:
    """Name the first row as the headers: screen readers then say the header of each cell."""
    name = f"ColumnTitle_{sheet.title}"
    sheet.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!$A$1")


def _put_heading(sheet: Worksheet, row: int, text: str, font: Font = _HEADING) -> None:
    _put(sheet, row, 1, text, font, _PLAIN)
    sheet.row_dimensions[row].height = 2 * font.size


def _put_header(sheet: Worksheet, row: int, labels: tuple[str, ...]) -> None:
    for column, label in enumerate(labels, 1):
        _put(sheet, row, column, label, _HEADER)
        sheet.cell(row, column).fill = _HEADER_FILL
        sheet.cell(row, column).border = _BOX
    sheet.row_dimensions[row].height = _LINE_HEIGHT + 5


def _put_value(sheet: Worksheet, row: int, column: int, value: str | date | None) -> None:
    """Write an answer as it would stand in the template: a day as a date, the rest as text."""
    _put(sheet, row, column, value, _BODY, Alignment(vertical="top", horizontal="left"))
    sheet.cell(row, column).number_format = (
        _DATE_FORMAT if isinstance(value, date) else _TEXT_FORMAT
    )


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | date | None,
    font: Font = _BODY,
    alignment: Alignment = _WRAP,
) -> None:
    cell = sheet.cell(row, column, value)
    cell.font = font
    cell.alignment = alignment


def _help(title: str, prompt: str) -> DataValidation:
    return DataValidation(
        type=None,
        allow_blank=True,
        showInputMessage=True,
        showErrorMessage=True,
        promptTitle=title[:LONGEST_PROMPT_TITLE],
        prompt=prompt[:LONGEST_PROMPT],
        errorTitle=title[:LONGEST_PROMPT_TITLE],
    )


def _choices(words: tuple[str, ...]) -> str:
    return '"' + ",".join(words) + '"'


def _serial(day: date) -> str:
    """Write a day as the number that a workbook keeps; day 61 is 1 March 1900."""
    days = (day - date(1899, 12, 30)).days
    return str(days if days > 60 else days - 1)
