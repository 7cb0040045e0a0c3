"""The site of many requests and of one, beside starting the command: CPU seconds and memory.

``python bench_report.py REPORT.md`` writes the figures as a page. Each figure is a process of its
own, children included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from report.published_tables import write_published

REQUESTS = (1, 100)
PAGE = """# The site: what it costs

Written by `make bench-report`. CPU seconds and peak memory of a whole process;
the floor is `jdl report --help`, which is the start of the command alone. Made-up published tables.

| what | CPU s | times the floor | peak MB |
|---|---|---|---|
{rows}
"""


def measured(*arguments: str) -> tuple[float, float]:
    """Run the command and return its CPU seconds and its peak memory in MB."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("jdl")), *arguments], stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"jdl {' '.join(arguments)} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(page: Path) -> None:
    """Measure, and write the page."""
    floor, memory = measured("report", "--help")
    rows = [f"| floor: `jdl report --help` | {floor:.2f} | 1 | {memory:.0f} |"]
    for requests_n in REQUESTS:
        with tempfile.TemporaryDirectory() as folder:
            write_published(Path(folder) / "published.duckdb", requests_n)
            seconds, memory = measured("report", "--build", folder)
        name = f"site, workbooks and CSV of {requests_n} request{'s' if requests_n > 1 else ''}"
        rows.append(f"| {name} | {seconds:.1f} | {seconds / floor:.0f} | {memory:.0f} |")
    page.write_text(PAGE.format(rows="\n".join(rows)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
