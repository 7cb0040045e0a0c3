"""A million rows, and more rows than are read, in the memory of one small process."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from intake.odd_files import HEADER, MAIN, ROW, SERVICE, workbook

MEASURED = """
import json, resource, sys
from collections import Counter
from pathlib import Path
from justice_data_lab.intake.arrow import read_upload
read = read_upload(Path(sys.argv[1]))
# the most that this process ever held; ru_maxrss would count the one that started it
status = Path("/proc/self/status")
if status.exists():
    words = status.read_text().split()
    kilobytes = int(words[words.index("VmHWM:") + 1])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
numbers = read.individuals["record_number"]
print(json.dumps({
    "megabytes": kilobytes // 1024,
    "records": len(numbers),
    "last": [numbers[-1].as_py(), read.individuals["surname"][-1].as_py()],
    "findings": Counter(read.findings["check_id"].to_pylist()),
}))
"""


def measured(path: Path) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def write_rows(folder: Path, row: str, n: int, last: str) -> Path:
    path = folder / "R"
    path.mkdir()
    (path / "service.csv").write_bytes(SERVICE)
    with (path / "individuals.csv").open("w", encoding="utf-8", newline="") as handle:
        handle.write(f"{HEADER}\n")
        handle.writelines(row for _ in range(n))
        handle.write(last)
    return path


@pytest.mark.parametrize(
    ("row", "n", "last", "findings"),
    [
        (f"{ROW}\n", 999_999, "Last,,,,,,,,,\n", {}),
        (
            'A,"b\nc",d,"e\r\nf",,,,,,,x\n',
            1_199_999,
            "Last\nLost\n",
            {"wrong_number_of_cells": 1_199_999, "cell_spans_lines": 1_199_999, "too_many_rows": 1},
        ),
        (
            "Smith,Ann,1980-02-01,f,p,n,2012-01-01,2012-02-01,a,b\n",
            1_000_000,
            f'"{ROW}\nLast,,,,,,,,,\n',
            {"unparseable_from_line": 1, "row_not_parsed": 1},
        ),
    ],
    ids=["good", "ragged_over_lines", "unclosed_quote_at_the_end"],
)
def test_a_million_rows(
    tmp_path: Path, row: str, n: int, last: str, findings: dict[str, int]
) -> None:
    found = measured(write_rows(tmp_path, row, n, last))
    assert found["findings"] == findings
    assert found["last"][1] == "Last"
    assert found["last"][0] == found["records"] >= 1_000_000
    assert found["megabytes"] < 500


def test_a_workbook_of_more_than_200_000_rows(tmp_path: Path) -> None:
    path = tmp_path / "R.xlsx"
    path.write_bytes(workbook())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    start = parts["xl/worksheets/sheet1.xml"].split(b"</sheetData>")[0]
    assert MAIN in start
    cells = "".join(f'<c r="{letter}%d" t="str"><v>S%d</v></c>' for letter in "ABDEFJ")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            if not name.endswith("sheet1.xml"):
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(start)
            for row in range(2, 200_003):
                values = (cells % ((row,) * 12)).encode()
                sheet.write(b'<row r="%d">%s<c r="C%d"><v>29252</v></c></row>' % (row, values, row))
            sheet.write(b"</sheetData></worksheet>")
    found = measured(path)
    assert found["findings"] == {"too_many_rows": 1}
    assert found["records"] == 200_000
    assert found["last"] == [200_000, "S200001"]
    assert found["megabytes"] < 500
