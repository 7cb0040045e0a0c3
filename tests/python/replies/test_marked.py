"""The workbook that comes back marked: the right cells, the notes, and everything else kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from justice_data_lab.cli import main
from justice_data_lab.intake import SERVICE_QUESTIONS
from justice_data_lab.intake.template import template_bytes

RED, YELLOW = "00FFC7CE", "00FFEB9C"


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(template_bytes())
    book = openpyxl.load_workbook(path)
    people = book["Individuals"]
    for row in range(2, 70):
        for column, value in enumerate(
            ["Smith", f"Ann{chr(97 + row // 26)}x{chr(97 + row % 26)}", "01/02/1980", "F"], 1
        ):
            people.cell(row, column, value)
        people.cell(row, 7, "03/09/2012")
    people["C5"] = "31/02/1980"
    people["D6"] = "q"
    people["B8"], people["B9"] = "Anna", "Anna"
    book["Service"]["B7"] = "on the moon"
    book.create_sheet("Ours")["A1"] = "=1+1"
    book.save(path)
    return path


def run(*arguments: Path | str) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def test_faulty_cells_are_coloured_and_say_why(sent: Path, tmp_path: Path) -> None:
    done = run(sent, "--marked", tmp_path / "out.xlsx")
    assert done.exit_code == 1, done.output
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    people, service = book["Individuals"], book["Service"]
    marked: dict[str, Any] = {
        cell.coordinate: cell for row in people.iter_rows(min_row=2) for cell in row if cell.comment
    }
    assert set(marked) == {"C5", "D6", "A8", "A9"}
    assert marked["C5"].fill.start_color.rgb == RED
    assert "could not be read" in marked["C5"].comment.text
    assert marked["D6"].fill.start_color.rgb == YELLOW
    place = SERVICE_QUESTIONS.index("delivered_in") + 2
    assert service.cell(place, 2).fill.start_color.rgb == RED
    assert "Custody, Community or Through the gate" in service.cell(place, 2).comment.text
    assert "Formulas are without values" in done.output


def test_the_rest_of_the_workbook_stays(sent: Path, tmp_path: Path) -> None:
    run(sent, "--marked", tmp_path / "out.xlsx")
    before, after = openpyxl.load_workbook(sent), openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert after.sheetnames == before.sheetnames
    for sheet in before.worksheets:
        same = after[sheet.title]
        assert [[c.value for c in row] for row in same.iter_rows()] == [
            [c.value for c in row] for row in sheet.iter_rows()
        ]
        rules = [
            [(str(one.sqref), one.formula1) for one in of.data_validations.dataValidation]
            for of in (sheet, same)
        ]
        assert rules[0] == rules[1]


def test_only_its_own_workbook_is_written_over(sent: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert run(sent, "--marked", out).exit_code == 1
    assert run(sent, "--marked", out).exit_code == 1
    other = tmp_path / "other.xlsx"
    other.write_bytes(template_bytes())
    for target in (other, sent):
        content = target.read_bytes()
        done = run(sent, "--marked", target)
        assert done.exit_code == 2
        assert target.read_bytes() == content
    assert run(sent, "--marked", tmp_path / "out.csv").exit_code == 2
