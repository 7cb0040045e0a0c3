"""Workbooks and CSV files: the same bytes, nothing live, no empty cell, all text as its letters."""

import csv
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.build.published import DRAFTS, Published, read_published
from justice_data_lab.downloads import ALL_REQUESTS, write_csv_files, write_workbooks
from justice_data_lab.downloads.delimited import LIVE
from justice_data_lab.downloads.workbook import _columns
from report.published_tables import HOSTILE, write_published


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    path = tmp_path_factory.mktemp("published") / "published.duckdb"
    write_published(path)
    return read_published(path)


@pytest.fixture(scope="module")
def workbooks(published: Published, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(write_workbooks(published, tmp_path_factory.mktemp("workbooks")))


@pytest.fixture(scope="module")
def csv_files(published: Published, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(write_csv_files(published, tmp_path_factory.mktemp("csv")))


def test_equal_figures_give_equal_bytes(
    published: Published, workbooks: list[Path], csv_files: list[Path], tmp_path: Path
) -> None:
    again = [*write_workbooks(published, tmp_path), *write_csv_files(published, tmp_path)]
    pairs = list(zip([*workbooks, *csv_files], again, strict=True))
    assert len(pairs) > 20
    assert [
        first.name for first, second in pairs if first.read_bytes() != second.read_bytes()
    ] == []


def test_nothing_in_a_workbook_is_live(workbooks: list[Path]) -> None:
    for path in workbooks:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                part = parts.read(name)
                assert b"<f>" not in part, (path.name, name)
                if "sheet" in name:
                    targets = part.count(b"<hyperlink ") - part.count(b"location=")
                    assert targets == 0, (path.name, name)


def test_no_column_is_wider_than_a_page(workbooks: list[Path]) -> None:
    for path in workbooks:
        for sheet in openpyxl.load_workbook(path).worksheets:
            widths = {name: column.width for name, column in sheet.column_dimensions.items()}
            assert max(widths.values(), default=0) < 100, (path.name, sheet.title, widths)


def test_every_hostile_name_is_in_a_workbook_as_its_letters(workbooks: list[Path]) -> None:
    values: set[object] = set()
    for path in workbooks:
        if path.name == ALL_REQUESTS:
            sheet = openpyxl.load_workbook(path)["Requests"]
            values |= {cell.value for row in sheet.iter_rows() for cell in row}
    assert [name for name in HOSTILE if name.strip() not in {str(v).strip() for v in values}] == []


def test_no_cell_of_a_table_is_empty_and_what_is_not_shown_has_a_code(
    workbooks: list[Path],
) -> None:
    codes = 0
    for path in workbooks:
        for sheet in openpyxl.load_workbook(path).worksheets:
            if sheet.title in ("Cover", "Contents"):
                continue
            for table in sheet.tables.values():
                for row in sheet[table.ref]:
                    for cell in row:
                        assert cell.value not in (None, ""), (
                            path.name,
                            sheet.title,
                            cell.coordinate,
                        )
                        codes += cell.value in ("[c]", "[low]", "[x]", "[z]", "[u]")
    assert codes > 0


def test_a_text_that_does_not_apply_is_not_called_confidential() -> None:
    rows = pa.table(
        {
            "label": pa.array([None, "Men"], pa.string()),
            "exact_on": ["", "sex"],
            "balance_verdict": pa.array([None, "good"], pa.string()),
            "n": pa.array([None, 30], pa.int64()),
            "code": pa.array(["c", None], pa.string()),
        }
    )
    assert _columns(rows) == {
        "Label": ["[z]", "Men"],
        "Exact on": ["[z]", "sex"],
        "Balance verdict": ["[c]", "good"],
        "Number": ["[c]", 30],
    }


def test_a_draft_says_so_and_nothing_else_does(published: Published, workbooks: list[Path]) -> None:
    status = {row["request_id"]: row["status"] for row in published.tables["requests"].to_pylist()}
    seen = set()
    for path in workbooks:
        if path.stem in status:
            cover = openpyxl.load_workbook(path)["Cover"]
            text = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row)
            assert ("Draft" in text) == (status[path.stem] in DRAFTS), path.name
            seen.add(status[path.stem])
    assert {"published", "analysed"} <= seen


def test_a_csv_holds_every_row_and_runs_no_formula(
    published: Published, csv_files: list[Path]
) -> None:
    assert {path.stem for path in csv_files} == set(published.tables)
    escaped = 0
    for path in csv_files:
        with path.open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        table = published.tables[path.stem]
        assert header == table.column_names
        assert len(rows) == table.num_rows
        for field, column in zip(table.schema, zip(*rows, strict=True), strict=False):
            if str(field.type) == "string":
                assert not [text for text in column if text.startswith(LIVE)], path.name
                escaped += sum(text.startswith("'=") for text in column)
    assert escaped > 0


def test_every_csv_is_described_for_programs(published: Published, csv_files: list[Path]) -> None:
    for path in csv_files:
        metadata = json.loads(path.with_name(f"{path.name}-metadata.json").read_text("utf-8"))
        names = [column["name"] for column in metadata["tableSchema"]["columns"]]
        assert names == published.tables[path.stem].column_names


def test_a_missing_database_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="run dbt build"):
        read_published(tmp_path / "published.duckdb")
