"""What the offline page runs, with DuckDB here in place of its WebAssembly.

`make test-page` runs the page itself in Chromium, on every file.
"""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from intake.odd_files import FILES, OddFile
from justice_data_lab.replies import reply_json
from justice_data_lab.replies.checking import check_upload
from justice_data_lab.replies.in_browser import REQUEST, check
from justice_data_lab.replies.page import package_zip


@pytest.fixture(autouse=True)
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    connection = duckdb.connect()

    def query(sql: str) -> str:
        result = connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        return json.dumps({"names": names, "rows": result.fetchall()}, default=str)

    module = ModuleType("jdl_page")
    module.query = query  # type: ignore[attr-defined]
    module.register = lambda name, content: None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "jdl_page", module)
    yield
    connection.close()


def sent(path: Path) -> list[tuple[str, bytes]]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [(file.name, file.read_bytes()) for file in files]


@pytest.mark.parametrize("file", FILES[::5], ids=lambda file: file.name)
def test_the_page_says_what_the_command_says(file: OddFile, tmp_path: Path) -> None:
    path = file.write(tmp_path)
    if path.is_dir():
        path = path.rename(tmp_path / REQUEST)
    assert json.loads(check(sent(path)))["json"] == json.loads(
        json.dumps(reply_json(check_upload(path)))
    )


def test_the_page_asks_for_what_it_can_check() -> None:
    asked = "Choose one workbook, or individuals.csv and service.csv."
    assert json.loads(check([("a.xlsx", b""), ("b.xlsx", b"")])) == {"problem": asked}
    assert json.loads(check([])) == {"problem": asked}
    reply = json.loads(check([("a.txt", b"")], today=f"{date.today()}"))
    assert [e["check_id"] for e in reply["json"]["errors"]] == ["file_type_not_accepted"]


def test_the_package_of_the_page_has_the_modules_and_the_rules() -> None:
    with zipfile.ZipFile(BytesIO(package_zip())) as archive:
        names = set(archive.namelist())
    for name in (
        "justice_data_lab/replies/in_browser.py",
        "justice_data_lab/rules/dbt_project.yml",
        "justice_data_lab/rules/seeds/reference/upload_checks.csv",
        "jinja2/__init__.py",
        "markupsafe/_native.py",
        "yaml/__init__.py",
    ):
        assert name in names
    assert not [name for name in names if "numpy" in name or name.endswith(".so")]
