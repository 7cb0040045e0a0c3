"""The intake at full size: a million records read and checked, beside reading the same file alone.

``python bench_intake.py REPORT.md`` writes the figures as a page. Each figure is a process of its
own: CPU seconds (user and system) and peak memory of the whole process, children included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from justice_data_lab.intake import INDIVIDUAL_FIELDS

RECORDS = 1_000_000
LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
FLOORS = {
    "floor: Python's csv module reads every row": (
        "import csv, sys\n"
        "with open(sys.argv[1] + '/individuals.csv', newline='') as handle:\n"
        "    print(sum(1 for row in csv.reader(handle, strict=True)))\n"
    ),
    "peer: DuckDB reads the text columns": (
        "import duckdb, sys\n"
        "path = sys.argv[1] + '/individuals.csv'\n"
        "print(duckdb.read_csv(path, all_varchar=True).to_arrow_table().num_rows)\n"
    ),
    "read only": (
        "import sys\n"
        "from pathlib import Path\n"
        "from justice_data_lab.intake.arrow import read_upload\n"
        "print(read_upload(Path(sys.argv[1])).individuals.num_rows)\n"
    ),
    "read and checked (jdl check)": (
        "import sys\n"
        "from pathlib import Path\n"
        "from justice_data_lab.replies.checking import check_upload\n"
        "print(check_upload(Path(sys.argv[1])).records_n)\n"
    ),
}


def rows() -> Iterator[str]:
    """Yield records in order, one in fifty with an impossible date."""
    yield ",".join(INDIVIDUAL_FIELDS)
    first = date(1950, 1, 1)
    for n in range(RECORDS):
        number = f"{n:07d}"
        letter = LETTERS[int(f"{n % 20:02d}{number}") % 23]
        born = first + timedelta(days=n % 15_000)
        end = "31/02/2013" if n % 50 == 0 else "01/09/2012"
        yield (
            f"Surname{chr(97 + n % 26)}{chr(97 + n // 26 % 26)},Forename{chr(97 + n % 23)},"
            f"{born:%d/%m/%Y},f,{2000 + n % 20}/{number}{letter},A{n % 10_000:04d}BC,"
            f"01/06/2012,{end},r{n},"
        )


def measure(code: str, folder: Path) -> tuple[float, float]:
    """Return CPU seconds and peak memory in MB of a Python process that runs the code."""
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise RuntimeError("a measured process failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_000


def main() -> None:
    """Measure and write the page."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "million"
        folder.mkdir()
        with (folder / "individuals.csv").open("w", encoding="utf-8") as handle:
            # row by row, since a process starts with the memory of the one that starts it
            handle.writelines(f"{row}\n" for row in rows())
        (folder / "service.csv").write_text("question,answer\ndelivered_in,custody\n", "utf-8")
        size = (folder / "individuals.csv").stat().st_size / 1e6
        figures = {name: measure(code, folder) for name, code in FLOORS.items()}
    floor = next(iter(figures.values()))[0]
    lines = [
        "# Intake: a million records",
        "",
        f"`make bench-intake`: one CSV file of {RECORDS:,} records ({size:.0f} MB). Each line is a",
        "process of its own; ratios are to the first.",
        "",
        "| | CPU seconds | ratio | peak memory, MB |",
        "|---|---|---|---|",
        *(
            f"| {name} | {cpu:.1f} | {cpu / floor:.1f} | {memory:,.0f} |"
            for name, (cpu, memory) in figures.items()
        ),
    ]
    page = "\n".join(lines) + "\n"
    Path(sys.argv[1]).write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
