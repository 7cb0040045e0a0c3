"""Accessible workbooks by gptables: one table a sheet, a cover, no empty cell, nothing live.

Text that strangers wrote is text here: formulas and links are switched off, and what gptables would
read as a mark of its own, for a note ($$) or a link (]( as in Markdown), is kept from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from justice_data_lab.build.published import DRAFTS, Published, is_controlled
from justice_data_lab.downloads.sheets import ALL_SHEETS, REQUEST_SHEETS, Sheet

MADE_ON: Final = datetime(2000, 1, 1)
"""The same in every workbook, so that equal figures give equal bytes."""

ALL_REQUESTS: Final = "all.requests.xlsx"
"""The workbook of all requests; the dot, which no request has, keeps it apart from theirs."""

OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
LONGEST_TITLE: Final = 150
UNCODED: Final = "[z]"
JUDGEMENTS: Final = ("balance_verdict", "fit_method", "rating", "method")
"""Texts that follow from figures, and are hidden with them."""
SYNTHETIC: Final = (
    "The people behind these figures are synthetic. Disclosure control is off: small numbers are "
    "shown as they are."
)
LATIN: Final = re.compile("[A-Za-z0-9]")
MARKS: Final = re.compile(r"\$(?=\$)|\](?=\()")
DRAFT: Final = "Draft for the provider's comments: not for publication."


def write_workbooks(published: Published, folder: Path) -> Iterator[Path]:
    """Write the workbook of all requests and one of each request; yield each path.

    One whose results are not released yet says on its cover that it is a draft.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ALL_REQUESTS
    _write(path, published, _all_sheets(published), "Justice Data Lab: all requests", [])
    yield path
    with_results = set(published.tables["statements"]["request_id"].to_pylist())
    for request in published.tables["requests"].to_pylist():
        if request["request_id"] in with_results:
            path = folder / f"{request['request_id']}.xlsx"
            title = f"{request['service_name'] or ''}, {request['organisation'] or ''}".strip(", ")
            intro = [DRAFT] if request["status"] in DRAFTS else []
            sheets = _request_sheets(published, request["request_id"])
            _write(path, published, sheets, title or request["request_id"], intro)
            yield path


def _all_sheets(published: Published) -> list[tuple[Sheet, pa.Table]]:
    return [(sheet, published.tables[sheet.table]) for sheet in ALL_SHEETS]


def _request_sheets(published: Published, request_id: str) -> list[tuple[Sheet, pa.Table]]:
    return [(sheet, published.of_request(sheet.table, request_id)) for sheet in REQUEST_SHEETS]


def _write(
    path: Path,
    published: Published,
    sheets: Sequence[tuple[Sheet, pa.Table]],
    title: str,
    intro: list[str],
) -> None:
    from gptables import Cover

    from justice_data_lab.downloads.plain_tables import PlainWorkbook

    made = {sheet.label: _table(sheet, rows, published) for sheet, rows in sheets if rows.num_rows}
    if not is_controlled(published.settings):
        intro = [*intro, SYNTHETIC]
    workbook = PlainWorkbook(str(path), options=dict(OPTIONS))
    cover = Cover(
        title=_inert(title)[:LONGEST_TITLE],
        intro=[*intro, "Each sheet holds one table. A figure that is not shown has a code."],
        about=_about(published),
        contact=["The Justice Data Lab that sent you this workbook."],
    )
    workbook.add_worksheet(cover.cover_label).write_cover(cover)
    contents = workbook.make_table_of_contents(made)
    for label, table in {"Contents": contents, **made}.items():
        workbook.add_worksheet(label).write_gptable(table, auto_width=True)
    workbook.set_properties({"created": MADE_ON})
    workbook.close()


def _about(published: Published) -> list[str]:
    dates = [
        f"{meaning}: {published.setting(name)}."
        for name, meaning in (
            ("data_as_of", "Extracts taken on"),
            ("reoffending_data_to", "Re-offending records complete to"),
        )
    ]
    codes = [f"[{row['code']}] {row['meaning']}" for row in published.tables["codes"].to_pylist()]
    return [*dates, *codes]


def _table(sheet: Sheet, rows: pa.Table, published: Published) -> object:
    from justice_data_lab.downloads.plain_tables import PlainTable

    return PlainTable(
        _columns(rows),
        table_name=f"table_{sheet.table}",
        title=sheet.title,
        subtitles=[
            _inert(published.descriptions.get(sheet.table) or sheet.title),
            f"Units: {sheet.units}.",
        ],
        scope="England and Wales",
        source="Police, prison and probation records",
        instructions="This sheet holds one table. Figures that are not shown have a code.",
    )


def _columns(rows: pa.Table) -> dict[str, list[object]]:
    """Return the columns as numbers and text without an empty cell.

    A figure that is not shown becomes its row's code in brackets; what does not apply, [z]. Of
    texts only the judgements are hidden: another that is empty does not apply.
    """
    columns = rows.to_pydict()
    codes = columns.pop("code", [None] * rows.num_rows)
    shown = [f"[{code}]" if code else UNCODED for code in codes]
    texts = {field.name for field in rows.schema if pa.types.is_string(field.type)}
    never_hidden = texts - set(JUDGEMENTS)
    return {
        _heading(name): [
            _cell(value, UNCODED if name in never_hidden else code)
            for value, code in zip(values, shown, strict=True)
        ]
        for name, values in columns.items()
    }


def _cell(value: object, code: str) -> object:
    if value is None or value == "":
        return code
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else value


def _heading(name: str) -> str:
    """Write a column's name as words: ``treated_n`` as ``Treated (n)``."""
    if name == "n":
        return "Number"
    words = re.sub(r"_n$", " (number)", name).replace("_", " ")
    return words[:1].upper() + words[1:]


def _text(text: str) -> object:
    """Return a cell's text, wrapped where gptables would make a link of it, or refuse it.

    It refuses a cell without a Latin letter or digit; what is wrapped it writes as it is.
    """
    from gptables.core.gptable import FormatList

    if LATIN.search(text) and "](" not in text:
        return text
    return FormatList([{}, text])


def _inert(text: str) -> str:
    """Break gptables' marks in a title by an invisible letter."""
    return MARKS.sub("\\g<0>\u2060", text)
