"""The check inside the offline page: the same reader, rules and reply, on DuckDB's WebAssembly.

Runs in Pyodide. The page gives two functions as the module ``jdl_page``: ``query`` runs SQL and
returns names and rows as JSON, ``register`` lends a file to DuckDB under its name.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from justice_data_lab.intake.contract import PARTS
from justice_data_lab.intake.loading import load_uploads
from justice_data_lab.intake.rules import run_intake
from justice_data_lab.intake.stores import SpooledRows
from justice_data_lab.intake.uploads import read_request
from justice_data_lab.project import project_folder
from justice_data_lab.replies.as_json import reply_json
from justice_data_lab.replies.html import reply_html
from justice_data_lab.replies.queries import INTAKE_TABLES
from justice_data_lab.replies.reply import Reply, read_reply

REQUEST: Final = "upload"
"""Name of a request that came as two files, which have no folder in a browser."""
STYLE: Final = Path(__file__).parent / "page.css"
_READ_FILE: Final = re.compile(r"read_csv\('((?:[^']|'')*)'")
_PLACE: Final = re.compile(r"\$(\w+)")


def check(files: Sequence[tuple[str, Any]], today: str = "") -> str:
    """Check a workbook, or the files of a folder; return JSON of the reply and its page.

    ``files``: names and contents. ``today``: the day that stands for the extract's, as ISO; empty
    for the day itself. Where nothing can be checked, the JSON has one sentence, ``problem``.
    """
    names = [name.casefold() for name, _ in files]
    is_folder = bool({part.file_name for part in PARTS}.intersection(names))
    if len(files) != 1 and not is_folder:
        return json.dumps({"problem": "Choose one workbook, or individuals.csv and service.csv."})
    day = date.fromisoformat(today) if today else date.today()
    with tempfile.TemporaryDirectory() as place:
        upload = Path(place, "upload", REQUEST) if is_folder else Path(place, "upload")
        upload.mkdir(parents=True)
        for name, content in files:
            (upload / Path(name).name).write_bytes(bytes(content))
        reply = _reply(upload if is_folder else upload / Path(files[0][0]).name, Path(place), day)
    return json.dumps({"json": reply_json(reply), "html": reply_html(reply, STYLE)})


def _reply(upload: Path, work: Path, day: date) -> Reply:
    connection = PageConnection()
    requests = read_request(upload, lambda _: SpooledRows(work / "individuals"))
    names = load_uploads(connection, requests, work)
    run_intake(connection, project=project_folder(), data_as_of=day, reoffending_data_to=day)
    return read_reply(connection, names[0], INTAKE_TABLES)


class PageConnection:
    """DuckDB in the page, with what the intake and the reply ask of a connection."""

    def __init__(self) -> None:
        self.description: list[tuple[str]] = []
        self._rows: list[list[Any]] = []

    def execute(self, query: str, parameters: Any = None) -> PageConnection:
        """Run one statement; the values of its parameters are written into it."""
        import jdl_page  # type: ignore[import-not-found]

        if not query.strip():
            return self
        for name in _READ_FILE.findall(query):
            jdl_page.register(name, Path(name.replace("''", "'")).read_bytes())
        found = json.loads(jdl_page.query(_with_values(query, parameters)))
        self.description = [(name,) for name in found["names"]]
        self._rows = found["rows"]
        return self

    def fetchall(self) -> list[list[Any]]:
        """Return the rows of the last statement."""
        return self._rows


def _with_values(query: str, parameters: Any) -> str:
    if isinstance(parameters, Mapping):
        return _PLACE.sub(lambda place: _literal(parameters[place[1]]), query)
    values = iter(parameters or ())
    pieces = query.split("?") if parameters else [query]
    return pieces[0] + "".join(_literal(next(values)) + piece for piece in pieces[1:])


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
