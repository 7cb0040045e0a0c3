"""The catalogue of odd files: how each is made, its findings, and what survives."""

from __future__ import annotations

import codecs
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from justice_data_lab.intake import INDIVIDUAL_FIELDS

Finding = tuple[int | None, str, str | None]
Record = dict[str, Any]
HEADER: Final = ",".join(INDIVIDUAL_FIELDS)
SERVICE: Final = b"question,answer\nneed,employment\n"
DAY: Final = dt.date(1980, 2, 1)
MAIN: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET: Final = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class OddFile:
    """A request with one odd file; ``name`` is its request id."""

    name: str
    make: Callable[[], bytes]
    findings: Sequence[Finding] = ()
    records: Sequence[Record] = ()
    service: bytes | None = SERVICE
    form: str = "csv"
    answers: dict[str, str | None] = field(default_factory=lambda: {"need": "employment"})

    def write(self, uploads: Path) -> Path:
        """Write the request into a folder of uploads; return the path by which it is read alone."""
        if self.form == "xlsx":
            path = uploads / f"{self.name}.xlsx"
            path.write_bytes(self.make())
            return path
        path = uploads / self.name
        path.mkdir()
        (path / "individuals.csv").write_bytes(self.make())
        if self.service is not None:
            (path / "service.csv").write_bytes(self.service)
        return path


def line(*cells: str) -> str:
    """A row of as many cells as the header has."""
    return ",".join([*cells, *[""] * (len(INDIVIDUAL_FIELDS) - len(cells))])


def table(*rows: str, end: str = "\n") -> str:
    return end.join([HEADER, *rows]) + end


def rec(number: int, *cells: str | None, **more: str) -> Record:
    found = dict(zip(INDIVIDUAL_FIELDS, cells, strict=False))
    return {"record_number": number, **{k: v for k, v in found.items() if v is not None}, **more}


def on_file(*check_ids: str) -> list[Finding]:
    return [(None, check_id, None) for check_id in check_ids]


def on_rows(check_id: str, *numbers: int) -> list[Finding]:
    return [(number, check_id, None) for number in numbers]


MISSING: Final = [
    *[(None, "column_missing", name) for name in ("forename", "date_of_birth")],
    *[(None, "optional_column_missing", name) for name in INDIVIDUAL_FIELDS[3:]],
]
ROW: Final = line("O'Néil-Smith", "Zoë Anne Li", "01/02/1980", "F", "03/11985X", "00123")
PERSON: Final = rec(1, "O'Néil-Smith", "Zoë Anne Li", "1980-02-01", "F", "03/11985X", "00123")
SMITH: Final = rec(1, "Smithson", "Annabel")
SMITH_ROW: Final = line("Smithson", "Annabel")


def csv_file(
    name: str,
    content: str | bytes,
    findings: Sequence[Finding] = (),
    records: Sequence[Record] = (),
    **more: Any,
) -> OddFile:
    raw = content.encode() if isinstance(content, str) else content
    return OddFile(f"csv_{name}", lambda: raw, findings, records, **more)


def encoded(codec: str, mark: bytes = b"") -> bytes:
    return mark + table(ROW).encode(codec)


ENCODINGS: Final = [
    csv_file("utf_8", encoded("utf-8"), records=[PERSON]),
    csv_file("utf_8_mark", encoded("utf-8-sig"), records=[PERSON]),
    csv_file("utf_8_two_marks", encoded("utf-8-sig", codecs.BOM_UTF8), records=[PERSON]),
    csv_file("utf_16_le_mark", encoded("utf-16-le", codecs.BOM_UTF16_LE), records=[PERSON]),
    csv_file("utf_16_be_mark", encoded("utf-16-be", codecs.BOM_UTF16_BE), records=[PERSON]),
    csv_file("utf_16_le", encoded("utf-16-le"), on_file("file_not_text")),
    csv_file("utf_16_be", encoded("utf-16-be"), on_file("file_not_text")),
    csv_file("utf_16_half", encoded("utf-16")[:-1], on_file("encoding_unknown")),
    csv_file("utf_32", encoded("utf-32"), on_file("file_not_text")),
    csv_file("windows_1252", encoded("cp1252"), on_file("encoding_windows_1252"), [PERSON]),
    csv_file(
        "overlong_utf_8",
        table("Sm").encode().replace(b"Sm", b"Sm\xc1\xa1,,,,,,,,,"),
        on_file("encoding_windows_1252"),
        [rec(1, "SmÁ¡")],
    ),
    csv_file("no_encoding", table("Sm").encode() + b"\x81\xff\n", on_file("encoding_unknown")),
    csv_file("mark_and_latin", codecs.BOM_UTF8 + b"surname\nSm\xe9", on_file("encoding_unknown")),
    csv_file("nul", table("Smith\0son"), on_file("file_not_text")),
    csv_file("nul_in_utf_16", table("a\0b").encode("utf-16"), on_file("file_not_text")),
]

NOT_CSV: Final = [
    csv_file("empty", b"", on_file("file_empty")),
    csv_file("only_mark", codecs.BOM_UTF8, on_file("file_empty")),
    csv_file("only_blanks", "\n \n,,,\n\t\n", on_file("file_empty")),
    csv_file("only_header", table()),
    csv_file("zip", b"PK\x03\x04" + b"x" * 99, on_file("file_not_text")),
    csv_file("old_xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", on_file("file_not_text")),
    csv_file("pdf", b"%PDF-1.7\n", on_file("file_not_text")),
    csv_file("html", "<html><table><tr><td>surname", on_file("header_not_recognised")),
    csv_file("json", '[{"surname": "Smithson"}]', on_file("header_not_recognised")),
    csv_file("no_header", "Smithson,Ann\nJones,Bob\n", on_file("header_not_recognised")),
    csv_file("title_row", "Our people\n" + table(SMITH_ROW), on_file("header_not_first"), [SMITH]),
    csv_file(
        "notes_above",
        "Export,of,01/04/2013\n,,\ngender,only\n" + table(SMITH_ROW, line("B")),
        on_file("header_not_first"),
        [SMITH, rec(2, "B")],
    ),
    csv_file(
        "header_in_row_21", "note\n" * 20 + table(SMITH_ROW), on_file("header_not_recognised")
    ),
    csv_file("pipe", table(SMITH_ROW).replace(",", "|"), on_file("header_not_recognised")),
    csv_file("open_quote_header", '"' + table(SMITH_ROW), on_file("header_not_recognised")),
]

DELIMITERS: Final = [
    csv_file("semicolon", table(ROW).replace(",", ";"), records=[PERSON]),
    csv_file("tab", table(ROW).replace(",", "\t"), records=[PERSON]),
    csv_file("excel_unicode_text", table(ROW).replace(",", "\t").encode("utf-16"), (), [PERSON]),
    csv_file("sep_line", "sep=;\r\n" + table(ROW).replace(",", ";"), (), [PERSON]),
    csv_file("sep_line_quoted", '"sep=,"\n' + table(ROW), (), [PERSON]),
    csv_file(
        "commas_under_semicolons",
        HEADER.replace(",", ";") + "\nSmithson,Ann;x\n",
        (),
        [rec(1, "Smithson,Ann", "x")],
    ),
    csv_file("line_ends_cr", table(ROW, end="\r"), (), [PERSON]),
    csv_file("line_ends_crlf", table(ROW, end="\r\n"), (), [PERSON]),
    csv_file(
        "line_ends_mixed",
        HEADER + "\r" + line("A") + "\r\n" + line("B") + "\n" + line("C"),
        records=[rec(1, "A"), rec(2, "B"), rec(3, "C")],
    ),
    csv_file("no_last_line_end", table(ROW)[:-1], records=[PERSON]),
    csv_file("ctrl_z", table(SMITH_ROW, "\x1a"), (), [SMITH, rec(2, "\x1a")]),
]  # fmt: skip

HEADERS: Final = [
    csv_file(
        "header_case_and_space",
        table(ROW).replace("surname", " SUR  Name ").replace("date_of_birth", "Date-Of BIRTH"),
        records=[PERSON],
    ),
    csv_file(
        "header_invisible",
        table(ROW)
        .replace("surname", "\u200bsurname\u00a0")
        .replace("gender", '"gen\u00adder\n"')
        .replace("pncid", "PNC\u00a0ID\ufeff"),
        records=[PERSON],
    ),
    csv_file("header_repeated_column", f"{HEADER},Sur_Name\n{ROW},X\n",
             [(None, "column_repeated", "surname")]),
    csv_file("header_trailing_commas", f"{HEADER},,\n{ROW},,\n", (), [PERSON]),
    csv_file("header_one_column", "surname\nNull\n", MISSING, [rec(1, "Null")]),
    csv_file("header_unknown_column", f"notes,{HEADER}\nsecret,{ROW}\n",
             on_file("column_not_known"), [PERSON]),
    csv_file("header_after_blank_rows", "\n,,\n \n" + table(ROW), (), [PERSON]),
    csv_file(
        "header_in_the_middle",
        table(SMITH_ROW, HEADER, line("Total", "2")),
        records=[SMITH, rec(2, *INDIVIDUAL_FIELDS), rec(3, "Total", "2")],
    ),
    csv_file(
        "header_of_900_columns",
        "surname" + "," * 900 + "\n" + "Smithson\n" * 30,
        MISSING,
        [rec(n, "Smithson") for n in range(1, 31)],
    ),
]  # fmt: skip

NAMES = ["Null", "NULL", "NA", "N/A", "None", "nan", "NaN", "TRUE", "False", "inf", "0", "-"]
ODD_NAMES = ["O\u2019Brien", "d'Arcy", "Smith-Jones", "van der Berg", "St. John", "Ng", "Łukasz",
             "李", "José\u0301", "=1+1", "@cmd", "+44", "-1", "=HYPERLINK(1)", "{{ var }}",
             "'; DROP"]  # fmt: skip
DATES = ["1980-02-01", "01/02/1980", "1-2-1980", "1 Feb 1980", "01 february 80", "01/02/80",
         "29252", "19800201", "Feb 1 1980", "31/02/1980"]  # fmt: skip
DATES_READ = [*["1980-02-01"] * 4, "-80-02-01", "-80-02-01", "29252", "19800201", "1980-02-01",
              "31/02/1980"]  # fmt: skip
ROWS: Final = [
    csv_file(
        "names_that_look_null",
        table(*[line(name, name) for name in NAMES]),
        records=[rec(n, name, name) for n, name in enumerate(NAMES, 1)],
    ),
    csv_file(
        "odd_names",
        table(*[line(name, "Mary Ann") for name in ODD_NAMES]),
        records=[rec(n, name, "Mary Ann") for n, name in enumerate(ODD_NAMES, 1)],
    ),
    csv_file(
        "space_around_and_separators",
        table(line(" Smith ", "a\u2028b\x85c\x0bd", "\u00a0x\u200b")),
        records=[rec(1, " Smith ", "a\u2028b\x85c\x0bd", "\u00a0x\u200b")],
    ),
    csv_file(
        "blank_rows",
        table(line("A"), "", ",,", line(" ", "\t", "\u00a0"), line("B"), "", ""),
        records=[rec(1, "A"), rec(5, "B")],
    ),
    csv_file(
        "ragged_rows",
        table("A,x", line("B") + ",y", line("C"), "," * 12, "," * 12 + "z", line("D") + ",,"),
        on_rows("wrong_number_of_cells", 2, 5, 6),
        [rec(1, "A", "x"), rec(2, "B"), rec(3, "C"), rec(5), rec(6, "D")],
    ),
    csv_file(
        "short_rows_of_excel",
        table("A,x", line("B"), "C,y,1980-02-01"),
        records=[rec(1, "A", "x"), rec(2, "B"), rec(3, "C", "y", "1980-02-01")],
    ),
    csv_file(
        "cut_in_the_last_row",
        table(SMITH_ROW) + "Jones,Bo",
        on_rows("wrong_number_of_cells", 2),
        [SMITH, rec(2, "Jones", "Bo")],
    ),
    csv_file(
        "trailing_delimiter",
        table(SMITH_ROW + ",", line("B")),
        on_rows("wrong_number_of_cells", 1),
        [SMITH, rec(2, "B")],
    ),
    csv_file(
        "quotes_in_plain_cells",
        table(line('Jo "Jay" B', ' "x"'), line("5' 6\"")),
        records=[rec(1, 'Jo "Jay" B', ' "x"'), rec(2, "5' 6\"")],
    ),
    csv_file(
        "quoted_cells",
        table(line('"Smith, Jr"', '"a ""b"" c"', '""', '"x;\ty"')),
        records=[rec(1, "Smith, Jr", 'a "b" c', None, "x;\ty")],
    ),
    csv_file(
        "cell_over_lines",
        table(line('"Smith\r\nson"', "x"), line("B")),
        on_rows("cell_spans_lines", 1),
        [rec(1, "Smith\r\nson", "x"), rec(2, "B")],
    ),
    csv_file(
        "quote_open_at_start",
        table('"' + line("A"), line("B", '"C, D"'), line("E")),
        [*on_file("unparseable_from_line"), *on_rows("row_not_parsed", 1)],
        [rec(1, '"A'), rec(2, "B", "C, D"), rec(3, "E")],
    ),
    csv_file(
        "quote_open_in_the_middle",
        table(line("A"), line("B", '"C'), line("D"), line("E")),
        [*on_file("unparseable_from_line"), *on_rows("row_not_parsed", 2)],
        [rec(1, "A"), rec(2, "B", '"C'), rec(3, "D"), rec(4, "E")],
    ),
    csv_file(
        "text_after_quote",
        table(line("A"), line('"B" ', "x"), line("C")),
        [*on_file("unparseable_from_line"), *on_rows("row_not_parsed", 2)],
        [rec(1, "A"), rec(2, '"B" ', "x"), rec(3, "C")],
    ),
    csv_file(
        "rows_joined_by_quotes",
        table('"Smith,Ann' + "," * 8, line("Jones"), 'Brown"' + "," * 9, line("Last")),
        on_rows("rows_may_be_joined", 1),
        [rec(1, f"Smith,Ann,,,,,,,,\n{line('Jones')}\nBrown"), rec(2, "Last")],
    ),
    csv_file(
        "mark_in_the_middle",
        table(line("A"), line("\ufeffB")),
        records=[rec(1, "A"), rec(2, "\ufeffB")],
    ),
    csv_file(
        "dates_in_ten_forms",
        table(*[line("A", "B", day) for day in DATES]),
        records=[rec(n, "A", "B", day) for n, day in enumerate(DATES_READ, 1)],
    ),
]  # fmt: skip

SERVICES: Final = [
    csv_file("service_missing", table(SMITH_ROW), on_file("file_missing"), [SMITH],
             service=None, answers={}),
    csv_file("service_not_a_table", table(SMITH_ROW), on_file("header_not_recognised"), [SMITH],
             service=b"need: employment", answers={}),
    csv_file(
        "service_unquoted_comma",
        table(SMITH_ROW, line("B"), line("C")),
        on_file("wrong_number_of_cells"),
        [SMITH, rec(2, "B"), rec(3, "C")],
        service=b"question,answer\nneed,drugs\ndescription,we help, and more\n",
        answers={"need": "drugs", "description": "we help"},
    ),
    csv_file(
        "service_repeated",
        table(SMITH_ROW),
        [(None, "too_many_rows", None), (None, "service_question_repeated", "need")],
        [SMITH],
        service=b"question,answer\n" + b"need,drugs\nneed,health\n" * 6_000,
        answers={"need": "drugs"},
    ),
]  # fmt: skip


def workbook(
    *rows: Sequence[Any],
    edit: Callable[[openpyxl.Workbook], None] = lambda book: None,
    parts: Callable[[dict[str, bytes]], None] | None = None,
) -> bytes:
    """A workbook of rows under the header; ``edit`` changes the book, ``parts`` its archive."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Individuals"
    for row in (INDIVIDUAL_FIELDS, *rows):
        sheet.append(row)
    service = book.create_sheet("Service")
    service.append(["question", "answer"])
    service.append(["need", "employment"])
    edit(book)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue() if parts is None else repacked(packed.getvalue(), parts)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def swap(old: bytes, new: bytes, *names: str) -> Callable[[dict[str, bytes]], None]:
    """Change bytes in the parts named, by default the first sheet; they must be there."""

    def change(parts: dict[str, bytes]) -> None:
        for name in names or (SHEET,):
            assert old in parts[name], f"{old!r} is not in {name}"
            parts[name] = parts[name].replace(old, new)

    return change


def put(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


def change_sheet(**attributes: Any) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        for name, value in attributes.items():
            setattr(book["Individuals"], name, value)

    return edit


def set_cells(**cells: Any) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        for place, value in cells.items():
            book["Individuals"][place] = value

    return edit


def set_formats(**formats: str) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        for place, code in formats.items():
            book["Individuals"][place].number_format = code

    return edit


def xlsx(
    name: str,
    make: Callable[[], bytes],
    findings: Sequence[Finding] = (),
    records: Sequence[Record] = (),
    **more: Any,
) -> OddFile:
    return OddFile(f"xlsx_{name}", make, findings, records, form="xlsx", **more)


def refused(name: str, make: Callable[[], bytes], check_id: str) -> OddFile:
    return xlsx(name, make, on_file(check_id), answers={})


SMITH_CELL: Final = b'<c r="A2" t="inlineStr"><is><t>Smithson</t></is></c>'
ONE: Final = ["Smithson", "Annabel"]


def smith(parts: Callable[[dict[str, bytes]], None]) -> Callable[[], bytes]:
    return lambda: workbook(ONE, parts=parts)


def edited(edit: Callable[[openpyxl.Workbook], None]) -> Callable[[], bytes]:
    return lambda: workbook(ONE, edit=edit)


def surname_cell(cell: bytes) -> Callable[[], bytes]:
    return smith(swap(SMITH_CELL, cell))


def with_shared_strings(strings: bytes, cell: bytes) -> Callable[[], bytes]:
    """A workbook with a table of shared strings, and a cell that may refer to it."""
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rX" Type="' + kind + b'" Target="/xl/sharedStrings.xml"/>'
    end = b"</Relationships>"

    def change(parts: dict[str, bytes]) -> None:
        swap(end, relation + end, "xl/_rels/workbook.xml.rels")(parts)
        swap(SMITH_CELL, cell)(parts)
        parts["xl/sharedStrings.xml"] = b'<sst xmlns="' + MAIN + b'">' + strings + b"</sst>"

    return smith(change)


def strict(parts: dict[str, bytes]) -> None:
    """The other standard: every namespace has another name."""
    for name, content in parts.items():
        parts[name] = (
            content.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            .replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
        )  # fmt: skip


def two_parts_of_one_name() -> bytes:
    packed = io.BytesIO(workbook(ONE))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(SHEET.upper(), b"<x/>")
    return packed.getvalue()


def flagged(bits: int) -> bytes:
    """A workbook whose directory says that its parts are encrypted, or the like."""
    content = bytearray(workbook(ONE))
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content[place + 8] |= bits
        place += 4
    return bytes(content)


def wrong_checksum() -> bytes:
    content = bytearray(workbook(ONE))
    content[content.rfind(b"PK\x01\x02") + 16] ^= 0xFF
    return bytes(content)


def rich(book: openpyxl.Workbook) -> None:
    bold = TextBlock(InlineFont(b=True), "son")
    set_cells(A2=CellRichText("Smith", bold))(book)


def decorated(book: openpyxl.Workbook) -> None:
    sheet = book["Individuals"]
    sheet["A2"].comment = Comment("a secret note", "me")
    sheet["B2"].hyperlink = "mailto:annabel@example.org"
    sheet.protection.enable()
    sheet.auto_filter.ref = "A1:J2"
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["A"].hidden = True
    book.create_chartsheet("Individuals chart")


def in_utf_16(part: bytes) -> bytes:
    """A part as Power Query writes its own: two bytes a letter, and a declaration of it."""
    text = re.sub(r"<\?xml[^>]*\?>", "", part.decode())
    return ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16")


def epoch_1904(book: openpyxl.Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


def rename(old: str, new: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: setattr(book[old], "title", new)


def empty_rows(n: int) -> bytes:
    return b"".join(b'<row r="%d"><c r="A%d"/></row>' % (i, i) for i in range(3, n + 3))


DOCTYPE: Final = b"<!DOCTYPE a>"
CELLS_WITH_VALUES: Final = [
    xlsx("plain", lambda: workbook(ONE), (), [SMITH]),
    xlsx(
        "names_that_look_null",
        lambda: workbook(*[[name, f" {name} "] for name in NAMES]),
        records=[rec(n, name, f" {name} ") for n, name in enumerate(NAMES, 1)],
    ),
    xlsx(
        "typed_cells",
        lambda: workbook(["A", True, DAY, 3.0, 12.5, -7, dt.datetime(2012, 1, 2, 3, 4), DAY,
                          dt.time(9, 5), dt.datetime(2001, 2, 3, 4, 5, 6)]),
        findings=on_rows("time_of_day", 1),
        records=[rec(1, "A", "TRUE", "1980-02-01", "3", "12.5", "-7", "2012-01-02", "1980-02-01",
                     "09:05:00", "2001-02-03 04:05:06")],
    ),
    xlsx(
        "dates_in_ten_forms",
        lambda: workbook(
            *[["A", None, day] for day in (DAY, 29252, 29252.75, "29252", "1980-02-01",
              "01/02/1980", "1 Feb 1980", 1980, 60, 19800201)],
            edit=set_formats(C3="dd/mm/yyyy", C4='[$-809]d "of" mmmm yyyy'),
        ),
        findings=on_rows("time_of_day", 3),
        records=[rec(n, "A", None, day) for n, day in enumerate(
            [*["1980-02-01"] * 3, "29252", *["1980-02-01"] * 3, "1980", "60", "19800201"], 1)],
    ),
    xlsx(
        "dates_of_1904",
        lambda: workbook(["A", None, DAY], ["B", None, 27790], edit=epoch_1904),
        records=[rec(n, name, None, "1980-02-01") for n, name in ((1, "A"), (2, "B"))],
    ),
    xlsx("iso_date_cell", surname_cell(b'<c r="C2" t="d"><v>1980-02-01T00:00:00</v></c>'), (),
         [rec(1, None, "Annabel", "1980-02-01")]),
    xlsx(
        "number_formats",
        lambda: workbook(
            ["A", "B", None, 0.5, 12, 123, None, None, 100000.0, 1.1],
            edit=set_formats(D2="0%", E2='"£"#,##0.00', F2="0000000", I2="0.00E+00", J2="[h]:mm"),
        ),
        records=[rec(1, "A", "B", None, "0.5", "12", "0000123", None, None, "100000", "1.1")],
    ),
    xlsx(
        "number_stored_with_17_digits",
        surname_cell(b'<c r="I2"><v>1.1000000000000001</v></c>'),
        records=[rec(1, None, "Annabel", user_reference_1="1.1")],
    ),
    xlsx(
        "long_numbers",
        lambda: workbook([12345678901234570000, "A"], ["B", 123456789012345], [None, 1e20]),
        on_rows("cell_not_as_typed", 1, 3),
        [rec(1, "12345678901234570000", "A"), rec(2, "B", "123456789012345"),
         rec(3, None, "100000000000000000000")],
    ),
    xlsx("number_that_is_none", surname_cell(b'<c r="A2"><v>1_0</v></c>'), (),
         [rec(1, "1_0", "Annabel")]),
    xlsx(
        "errors_of_formulas",
        lambda: workbook(["#N/A", "A"], ["B", "#REF!"]),
        on_rows("cell_not_as_typed", 1, 2),
        [rec(1, "#N/A", "A"), rec(2, "B", "#REF!")],
    ),
    xlsx("formula_without_value", lambda: workbook(["A", "=B1"], ["=A1"], ["B"]),
         on_rows("formula_without_value", 1, 2), [rec(1, "A"), rec(2), rec(3, "B")]),
    xlsx("formula_with_value", surname_cell(b'<c r="A2" t="str"><f>B1</f><v>Li</v></c>'), (),
         [rec(1, "Li", "Annabel")]),
    xlsx("formula_with_empty_text",
         smith(swap(b"</sheetData>", b'<row r="3"><c r="A3" t="str"><f>""</f><v></v></c></row>'
                    b"</sheetData>")), (), [SMITH]),
    xlsx(
        "coded_characters",
        lambda: workbook(["A_x000D_B", "_x005F_x0041_"], ["_x0000_", "_xD83D_"], ["_x_", "x0041"]),
        on_rows("cell_not_as_typed", 1),
        [rec(1, "A\rB", "_x0041_"), rec(2, "_x0000_", "_xD83D_"), rec(3, "_x_", "x0041")],
    ),
    xlsx("line_breaks", lambda: workbook(["a\nb", "c\r\nd\re"]), (), [rec(1, "a\nb", "c\r\nd\re")]),
    xlsx("line_break_of_excel", lambda: workbook(["a_x000D_\r\nb"]),
         on_rows("cell_not_as_typed", 1), [rec(1, "a\r\nb")]),
    xlsx("pretty_printed", smith(lambda p: p.update(
        {name: b'<?xml version="1.0"?>\r\n' + x.replace(b"><", b">\r\n<") for name, x in p.items()
         if name.startswith("xl/w")})), (), [SMITH]),
    xlsx("rich_text", edited(rich), (), [SMITH]),
    xlsx("reading_aids", surname_cell(
        b'<c r="A2" t="inlineStr"><is><t>Li</t><rPh sb="0" eb="1"><t>no</t></rPh></is></c>'), (),
        [rec(1, "Li", "Annabel")]),
    xlsx("shared_string", with_shared_strings(b"<si><t> Li </t></si>",
         b'<c r="A2" t="s"><v>0</v></c>'), (), [rec(1, " Li ", "Annabel")]),
    xlsx("no_references", smith(lambda p: p.update({SHEET: p[SHEET].replace(b' r="A2"', b"")
         .replace(b' r="B2"', b"").replace(b'<row r="2"', b"<row")})), (), [SMITH]),
    xlsx("no_styles", smith(lambda p: (p.pop("xl/styles.xml"), swap(
        b"styles.xml", b"none.xml", "xl/_rels/workbook.xml.rels")(p), swap(
        b"relationships/styles", b"relationships/none", "xl/_rels/workbook.xml.rels")(p))), (),
        [SMITH]),
    xlsx("strict_standard", smith(strict), (), [SMITH]),
    xlsx("names_in_capitals", smith(lambda p: p.update({SHEET.upper(): p.pop(SHEET)})), (),
         [SMITH]),
    xlsx("wrong_content_types", smith(swap(b"spreadsheetml.worksheet", b"x",
         "[Content_Types].xml")), (), [SMITH]),
    xlsx("lying_dimension", smith(swap(b'ref="A1:J2"', b'ref="A1:XFD9999999"')), (), [SMITH]),
    xlsx("decorated", edited(decorated), on_file("hidden_in_workbook"), [SMITH]),
    xlsx("part_of_power_query", smith(lambda p: p.update({"customXml/item1.xml": in_utf_16(
         b'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>')})), (),
         [SMITH]),
    xlsx("sheet_in_utf_16", smith(lambda p: p.update({SHEET: in_utf_16(p[SHEET])})), (), [SMITH]),
    xlsx("part_that_is_not_read", smith(put("xl/a.xml", DOCTYPE + b"<a")), (), [SMITH]),
    xlsx("merged_cells", lambda: workbook(
        ["Smithson", "x"], [None, "y"], edit=lambda b: b["Individuals"].merge_cells("A2:A3")), (),
        [rec(1, "Smithson", "x"), rec(2, None, "y")]),
]  # fmt: skip

SHEETS: Final = [
    xlsx("very_hidden_sheet", edited(lambda b: (change_sheet(sheet_state="veryHidden")(b),
         b.create_sheet("Notes"))), on_file("hidden_in_workbook"), [SMITH]),
    xlsx("sheet_case_and_space", edited(rename("Individuals", " INDIVIDUALS ")), (), [SMITH]),
    xlsx("wrong_sheet_name", edited(rename("Individuals", "Sheet1")), on_file("sheet_missing")),
    xlsx("sheet_twice", edited(lambda b: b.create_sheet("individuals ")),
         on_file("sheet_name_repeated")),
    xlsx("empty_sheet", edited(lambda b: b["Individuals"].delete_rows(1, 9)),
         on_file("file_empty")),
    xlsx("only_header", workbook),
    xlsx("title_row", edited(lambda b: (b["Individuals"].insert_rows(1),
         set_cells(A1="Our list")(b))), on_file("header_not_first"), [SMITH]),
    xlsx("header_lower", edited(lambda b: b["Individuals"].insert_rows(1, 3)), (), [SMITH]),
    xlsx("header_of_numbers", lambda: workbook(edit=lambda b: b["Individuals"].append([1, 2])),
         (), [rec(1, "1", "2")]),
    xlsx("repeated_column", edited(set_cells(K1="SUR NAME")),
         [(None, "column_repeated", "surname")]),
    xlsx("cells_beside_the_header", edited(set_cells(M2="x", M3=" ", A3="B")),
         on_rows("wrong_number_of_cells", 1), [SMITH, rec(2, "B")]),
    xlsx("far_cell_down", edited(set_cells(A1048576="far")), (),
         [SMITH, rec(1_048_575, "far")]),
    xlsx("far_cell_right", edited(set_cells(XFD4="far")),
         [*on_file("too_many_columns"), *on_rows("wrong_number_of_cells", 3)], [SMITH, rec(3)]),
    xlsx("blank_rows", lambda: workbook([], ["A"], [" "], [], ["B"]), (),
         [rec(2, "A"), rec(5, "B")]),
    xlsx("empty_rows", smith(swap(b"</sheetData>", empty_rows(100_000)
         + b"</sheetData>")), (), [SMITH]),
    xlsx("service_with_three_cells", lambda: workbook(ONE, ["B"], edit=lambda b: b["Service"]
         .append(["description", "=A1", "more"])),
         on_file("wrong_number_of_cells", "formula_without_value"), [SMITH, rec(2, "B")],
         answers={"need": "employment", "description": None}),
]  # fmt: skip

REFUSED: Final = [
    refused("empty_file", lambda: b"", "file_empty"),
    refused("csv", lambda: table(ROW).encode(), "workbook_not_readable"),
    refused("old_xls", lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600, "workbook_not_readable"),
    refused("cut_short", lambda: workbook(ONE)[:-40], "workbook_not_readable"),
    refused("half", lambda: workbook(ONE)[:3_000], "workbook_not_readable"),
    refused("wrong_checksum", wrong_checksum, "workbook_not_readable"),
    refused("encrypted_parts", lambda: flagged(1), "workbook_not_readable"),
    refused("open_document", smith(lambda p: (p.clear(), p.update(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}))),
        "workbook_not_readable"),
    refused("binary_workbook", smith(lambda p: p.update(
        {"xl/workbook.bin": p.pop("xl/workbook.xml")})), "workbook_not_readable"),
    refused("nested_zip", smith(lambda p: (p.clear(), p.update({"a.xlsx": workbook(ONE)}))),
            "workbook_not_readable"),
    refused("two_parts_of_one_name", two_parts_of_one_name, "workbook_not_readable"),
    refused("macros", smith(put("xl/vbaProject.bin", b"x")), "workbook_has_macros"),
    refused("macros_by_type", smith(swap(b"spreadsheetml.sheet.main",
            b"x.macroEnabled.main", "[Content_Types].xml")), "workbook_has_macros"),
    refused("macro_sheet", smith(swap(b"relationships/worksheet", b"relationships/xlMacrosheet",
            "xl/_rels/workbook.xml.rels")), "workbook_has_macros"),
    refused("external_link", smith(put("xl/externalLinks/externalLink1.xml", b"<x/>")),
            "workbook_has_external_links"),
    refused("external_link_renamed", smith(put("xl/_rels/a.rels",
            b'<x Type="http://x/relationships/externalLinkPath"/>')),
            "workbook_has_external_links"),
    refused("sheet_on_a_server", smith(swap(b'Target="/xl/worksheets/sheet1.xml"',
            b'Target="http://example.org/a.xml" TargetMode="External"',
            "xl/_rels/workbook.xml.rels")), "workbook_not_readable"),
    refused("sheet_outside", smith(swap(b'Target="/xl/worksheets/sheet1.xml"',
            b'Target="../../../../etc/passwd"', "xl/_rels/workbook.xml.rels")),
            "workbook_not_readable"),
    refused("document_type", smith(swap(b"<worksheet", DOCTYPE + b"<worksheet")),
            "workbook_unsafe_xml"),
    refused("document_type_in_small_letters", smith(swap(b"<worksheet", DOCTYPE.lower()
            + b"<worksheet")), "workbook_unsafe_xml"),
    refused("document_type_after_a_comment", smith(swap(b"<worksheet", b"<!-- " + b"x" * 70_000
            + b" -->" + DOCTYPE + b"<worksheet")), "workbook_unsafe_xml"),
    refused("document_type_in_utf_16", smith(lambda p: p.update({SHEET: in_utf_16(
            p[SHEET].replace(b"<worksheet", DOCTYPE + b"<worksheet"))})), "workbook_unsafe_xml"),
    refused("document_type_not_called_xml", smith(lambda p: (
        p.update({"xl/worksheets/sheet1.dat": p.pop(SHEET).replace(
            b"<worksheet", DOCTYPE + b"<worksheet")}),
        swap(b"sheet1.xml", b"sheet1.dat", "xl/_rels/workbook.xml.rels")(p))),
        "workbook_unsafe_xml"),
    refused("document_type_in_relations", smith(put("xl/_rels/a.rels", DOCTYPE + b"<a/>")),
            "workbook_unsafe_xml"),
    refused("string_of_minus_one", with_shared_strings(b"<si><t>Li</t></si>",
            b'<c r="A2" t="s"><v>-1</v></c>'), "workbook_not_readable"),
    refused("rows_out_of_order", smith(swap(b'<row r="2"', b'<row r="1"')),
            "workbook_not_readable"),
    refused("row_after_the_last", smith(swap(b'<row r="2"', b'<row r="%d"' % 10**25)),
            "workbook_not_readable"),
    refused("cell_of_another_row", smith(swap(b'r="A2"', b'r="A3"')), "workbook_not_readable"),
    refused("cell_twice", smith(swap(b'r="B2"', b'r="A2"')), "workbook_not_readable"),
    refused("cell_nowhere", smith(swap(b'r="A2"', b'r="??"')), "workbook_not_readable"),
    refused("not_well_formed", smith(swap(b"</sheetData>", b"")), "workbook_not_readable"),
    refused("no_workbook_part", smith(lambda p: p.pop("xl/workbook.xml")),
            "workbook_not_readable"),
    refused("no_sheet_part", smith(lambda p: p.pop(SHEET)), "workbook_not_readable"),
]  # fmt: skip

FILES: Final = [
    *ENCODINGS, *NOT_CSV, *DELIMITERS, *HEADERS, *ROWS, *SERVICES, *CELLS_WITH_VALUES, *SHEETS,
    *REFUSED,
]  # fmt: skip
