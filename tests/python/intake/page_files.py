"""``python -m intake.page_files FOLDER``: files of the tests, and what `jdl check` says of each.

The test of the offline page gives the page the same files and compares its replies with these.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path

from intake.odd_files import FILES, HEADER, SERVICE
from justice_data_lab.replies import reply_json
from justice_data_lab.replies.checking import check_upload

LARGE = "ten_thousand_records"
LARGE_N = 10_000


def write_large(folder: Path) -> None:
    """Write a request of ten thousand people."""
    folder.mkdir()
    (folder / "service.csv").write_bytes(SERVICE)
    first = date(1950, 1, 1)
    with (folder / "individuals.csv").open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        for n in range(LARGE_N):
            born = first + timedelta(days=n % 15_000)
            letters = "".join(chr(97 + n // 26**place % 26) for place in range(3))
            file.write(f"Surname{letters},Ann,{born},f,,,2012-01-01,2012-09-01,r{n},\n")


def main() -> None:
    """Write the folder ``uploads`` and the folder ``replies``."""
    folder = Path(sys.argv[1])
    uploads, replies = folder / "uploads", folder / "replies"
    uploads.mkdir(parents=True)
    replies.mkdir()
    paths = [file.write(uploads) for file in FILES]
    write_large(uploads / LARGE)
    for path in (*paths, uploads / LARGE):
        reply = reply_json(check_upload(path))
        (replies / f"{path.stem}.json").write_text(json.dumps(reply), "utf-8")


if __name__ == "__main__":
    main()
