"""Plain tables give the bytes that gptables gives of the same tables."""

import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import gptables
import pandas as pd
import pytest
from gptables.core.gptable import FormatList
from xlsxwriter import Workbook

from justice_data_lab.build.published import read_published
from justice_data_lab.downloads.plain_tables import WIDEST, PlainTable, PlainWorkbook
from justice_data_lab.downloads.sheets import ALL_SHEETS, REQUEST_SHEETS
from justice_data_lab.downloads.workbook import OPTIONS, _columns
from report.published_tables import write_published

Columns = Mapping[str, Sequence[object]]
WHEN = datetime(2000, 1, 1)
DESCRIBED: dict[str, Any] = {
    "title": "A table",
    "subtitles": ["What it holds"],
    "scope": "England and Wales",
    "source": "Records",
    "instructions": "One table.",
}
ODD: dict[str, Columns] = {
    "numbers": {"name": ["a", "b"], "n": [1, 2.5]},
    "first column of numbers": {"n": [1, 2], "m": [3, 4]},
    "numbers and codes": {"name": ["a", "b", "c"], "n": [1, "[c]", 2.25]},
    "codes alone": {"name": ["a", "b"], "n": ["[c]", "[low]"]},
    "a text with a code in it": {"name": ["a", "b"], "n": ["[c] counted elsewhere", 1]},
    "numbers and words": {"name": ["a", "b"], "n": ["yes", 1]},
    "brackets that are no code": {"name": ["a", "b"], "n": ["[a-b]", 1]},
    "capitals, lines and signs": {"name": ["ABC", "two\nlines"], "n": ["-0.5", "=1+1"]},
    "a text that is written as it is": {"name": [FormatList([{}, "[a](b)"])], "n": [1]},
    "a long text": {"name": ["x" * 100, "b"], "long heading of a short column": ["y", "z"]},
    "another script": {"name": [FormatList([{}, "\u66f4\u751f"]), "a"], "n": [0.1 + 0.2, -3]},
}


def closed(workbook: Workbook, path: Path) -> bytes:
    workbook.set_properties({"created": WHEN})
    workbook.close()
    return path.read_bytes()


def by_gptables(tables: Mapping[str, Columns], path: Path) -> bytes:
    frames = {
        label: pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in table.items()})
        for label, table in tables.items()
    }
    made = {
        label: gptables.GPTable(table=frame, table_name=f"t_{place}", index_columns={}, **DESCRIBED)
        for place, (label, frame) in enumerate(frames.items())
    }
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No note text provided")
        workbook = gptables.produce_workbook(
            str(path), made, cover=gptables.Cover(title="All"), workbook_options=dict(OPTIONS)
        )
    for label, frame in frames.items():
        longest = frame.map(lambda cell: len(getattr(cell, "string", str(cell)))).max()
        for place, letters in enumerate(longest):
            if letters > WIDEST:
                workbook.get_worksheet_by_name(label).set_column(place, place, WIDEST)
    return closed(workbook, path)


def by_cells(tables: Mapping[str, Columns], path: Path) -> bytes:
    workbook = PlainWorkbook(str(path), options=dict(OPTIONS))
    made = {
        label: PlainTable(columns, table_name=f"t_{place}", **DESCRIBED)
        for place, (label, columns) in enumerate(tables.items())
    }
    workbook.add_worksheet("Cover").write_cover(gptables.Cover(title="All"))
    for label, table in {"Contents": workbook.make_table_of_contents(made), **made}.items():
        workbook.add_worksheet(label).write_gptable(table, auto_width=True)
    return closed(workbook, path)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_table_is_written_as_gptables_writes_it(name: str, tmp_path: Path) -> None:
    tables = {"Table": ODD[name]}
    assert by_cells(tables, tmp_path / "a.xlsx") == by_gptables(tables, tmp_path / "b.xlsx")


def test_every_published_table_is_written_as_gptables_writes_it(tmp_path: Path) -> None:
    write_published(tmp_path / "published.duckdb", 20)
    published = read_published(tmp_path / "published.duckdb")
    of_all = {sheet.label: _columns(published.tables[sheet.table]) for sheet in ALL_SHEETS}
    of_one = {
        sheet.label: _columns(published.of_request(sheet.table, "foundation"))
        for sheet in REQUEST_SHEETS
    }
    for place, tables in enumerate((of_all, of_one)):
        files = [tmp_path / f"{place}{letter}.xlsx" for letter in "ab"]
        assert by_cells(tables, files[0]) == by_gptables(tables, files[1])
