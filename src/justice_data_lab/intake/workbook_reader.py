"""Starts the process that reads a workbook, and turns what it writes into columns."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from array import array
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

from justice_data_lab.intake.columns import (
    ColumnBuilder,
    ReadPart,
    TooMuchTextError,
    accept_header,
    read_header,
)
from justice_data_lab.intake.contract import PARTS, Part
from justice_data_lab.intake.encodings import is_usable_file
from justice_data_lab.intake.findings import FindingLog
from justice_data_lab.intake.stores import MakeStore
from justice_data_lab.intake.workbook import write_messages

# the child limits its own CPU time to less; this is for one that only waits
TIME_LIMIT_SECONDS: Final = 60.0
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_PARTS: Final[dict[str, Part]] = {part.name: part for part in PARTS}
_BESIDE: Final = (
    "the row has cells after the last column of the header, which were not read; correct the row"
)
_ROW_TEXTS: Final = {
    "formula_without_value": "a cell holds a formula without a stored value and was read as "
    "empty; paste the value in its place",
    "cell_not_as_typed": "a cell holds an error of a formula, a number of more than 15 digits or "
    "a character written as a code, and may differ from what was typed; type it as text",
}


def read_workbook(
    path: Path, inside: Path, log: FindingLog, make_store: MakeStore
) -> dict[str, ReadPart]:
    """Read the sheets of one workbook; the result has those parts that could be read.

    A workbook is read whole or, with one finding, not at all. Nothing that it holds raises.
    """
    if not is_usable_file(path, inside, "workbook", log):
        return {}
    sheets = _Sheets(make_store)
    with contextlib.suppress(TooMuchTextError), contextlib.closing(_messages(path)) as messages:
        for message in messages:
            sheets.take(message)
    if not sheets.is_done:
        check_id, reason = sheets.refusal or (
            "workbook_too_large",
            "reading it took too long or too much memory; keep only the two sheets",
        )
        log.add(check_id, f"workbook: could not be read, because {reason}")
        return {}
    return sheets.finish(log)


def _messages(path: Path) -> Generator[list[Any], None, None]:
    """Yield what the reading process writes, until it ends or is ended."""
    if sys.platform == "emscripten":
        yield from _messages_of_this_process(path)
        return
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(_PACKAGE_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-P", "-m", "justice_data_lab.intake.workbook", str(path.resolve())]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        encoding="utf-8",
    ) as process:
        timer = threading.Timer(TIME_LIMIT_SECONDS, process.kill)
        timer.start()
        try:
            for line in process.stdout or ():
                # a process that was killed can leave half a line
                if not line.endswith("\n"):
                    break
                yield json.loads(line)
        finally:
            timer.cancel()
            process.kill()


def _messages_of_this_process(path: Path) -> Generator[list[Any], None, None]:
    """Yield the same in a browser, which starts no process and whose page is the fence."""
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        write_messages(path)
    for line in written.getvalue().splitlines():
        yield json.loads(line)


class _Sheets:
    """Collects the messages of the reading process."""

    def __init__(self, make_store: MakeStore) -> None:
        self._make_store = make_store
        self.is_done = False
        self.refusal: tuple[str, str] | None = None
        self._log = FindingLog()
        self._builders: dict[str, ColumnBuilder] = {}
        self._widths: dict[str, int] = {}
        self._header_rows: dict[str, int] = {}
        self._records: list[tuple[str, str, list[int]]] = []
        self._takers: dict[str, Callable[..., None]] = {
            "found": self._take_found,
            "header": self._take_header,
            "rows": self._take_rows,
            "records": self._take_records,
            "finding": self._take_finding,
            "refused": self._take_refusal,
            "done": self._take_done,
        }

    def take(self, message: list[Any]) -> None:
        """Take one message, in the order in which they were written."""
        self._takers[message[0]](*message[1:])

    def finish(self, log: FindingLog) -> dict[str, ReadPart]:
        """Log what was found and return the parts that could be read."""
        for name, width in self._widths.items():
            if width == 0:
                self._log.add("file_empty", f"{_label(name)}: is empty; fill it in")
        for name, builder in self._builders.items():
            part, label, row = _PARTS[name], _label(name), self._header_rows[name]
            self._log.add_rows(part, "wrong_number_of_cells", builder.ragged, label, _BESIDE, row)
            builder.log_dates(label, self._log, row)
        for name, check_id, numbers in self._records:
            if name in self._builders:
                rows = array("q", numbers)
                row = self._header_rows[name]
                text = _ROW_TEXTS[check_id]
                self._log.add_rows(_PARTS[name], check_id, rows, _label(name), text, row)
        log.extend(self._log)
        return {
            name: builder.finish(self._header_rows[name])
            for name, builder in self._builders.items()
        }

    def _take_found(self, name: str) -> None:
        self._widths[name] = 0

    def _take_header(self, name: str, cells: list[str], row: int, is_below_text: bool) -> None:
        self._widths[name] = len(cells)
        self._header_rows[name] = row
        header = read_header(cells, _PARTS[name])
        if accept_header(header, _PARTS[name], _label(name), self._log, row, is_below_text):
            self._builders[name] = ColumnBuilder(header, _PARTS[name], self._make_store)

    def _take_rows(self, name: str, numbers: list[int], rows: list[list[str]]) -> None:
        if name in self._builders:
            self._builders[name].add_numbered(numbers, rows)

    def _take_records(self, name: str, check_id: str, numbers: list[int]) -> None:
        self._records.append((name, check_id, numbers))

    def _take_finding(self, check_id: str, text: str) -> None:
        self._log.add(check_id, f"workbook: {text}")

    def _take_refusal(self, check_id: str, reason: str) -> None:
        self.refusal = (check_id, reason)

    def _take_done(self) -> None:
        self.is_done = True


def _label(name: str) -> str:
    return f"sheet {_PARTS[name].sheet_name}"
