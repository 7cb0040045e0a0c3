"""All uploads of a raw zone, request by request as text, whatever the files hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from justice_data_lab.intake.columns import ReadPart
from justice_data_lab.intake.contract import (
    INVALID_NAME_PREFIX,
    PARTS,
    is_request_id,
)
from justice_data_lab.intake.delimited import read_delimited
from justice_data_lab.intake.findings import FindingLog
from justice_data_lab.intake.service import tidy_answers
from justice_data_lab.intake.stores import ListedRows, MakeStore
from justice_data_lab.intake.workbook_reader import read_workbook
from justice_data_lab.visible import visible

CSV: Final = "csv"
XLSX: Final = "xlsx"
# what programs leave behind; nobody sent it
_LEFT_BEHIND = frozenset({".gitkeep", ".gitignore", ".ds_store", "thumbs.db", "desktop.ini"})
# files of programs that have a document open, and of a Mac on a drive that is no Mac's
_LEFT_BEHIND_BEGINNINGS = ("~$", ".~lock.", "._")
_OTHER_SPREADSHEETS = frozenset(
    {".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".fods", ".ots", ".numbers", ".gsheet"}
)


@dataclass(frozen=True)
class ReadRequest:
    """What was read of one request, as text.

    ``is_request``: the entry has the name of a request; else ``request_id`` is a placeholder, and
    only ``log`` has anything. ``form``: csv or xlsx, null where neither was read. ``individuals``:
    each data row with a cell that is not blank, cells as found, null where blank; null where the
    records could not be read. ``answers``: each question that was there. ``log``: what is wrong,
    without values.
    """

    request_id: str
    log: FindingLog
    is_request: bool = True
    form: str | None = None
    individuals: ReadPart | None = None
    answers: dict[str, str | None] = field(default_factory=dict)


@dataclass
class _Request:
    """The places where one request was found: its folders and its workbooks."""

    folder: Path | None = None
    workbooks: list[Path] = field(default_factory=list)


def read_requests(zone: Path, make_store: MakeStore) -> Iterator[ReadRequest]:
    """Read everything in ``uploads/`` of a raw zone, one request after the other by name.

    A file that cannot be read becomes findings and the others are read; no content of a file
    raises. A folder that is not there counts as an empty one. Requests are in order of their
    ids, records in the order of their file.
    """
    uploads = zone / "uploads"
    yield from _read(_entries(uploads), uploads, make_store)


def _entries(uploads: Path) -> list[Path]:
    """Return what lies in a folder of uploads, by name, but for what programs leave behind."""
    entries = sorted(uploads.iterdir(), key=lambda path: path.name) if uploads.is_dir() else []
    return [entry for entry in entries if not _is_left_behind(entry)]


def entries_of_request(zone: Path, request_id: str) -> list[Path]:
    """Return what in ``uploads/`` is read as this request: its folder and its workbooks."""
    request = _find_requests(_entries(zone / "uploads"))[0].get(request_id, _Request())
    return [*([request.folder] if request.folder else []), *request.workbooks]


def uploads_that_are_no_request(zone: Path) -> list[str]:
    """Return a line for each entry of ``uploads/`` that no request can be made of, with its name.

    No table holds the name, which a provider chose; this is for those who run the build.
    """
    return [
        f"uploads/{visible(entry.name)}: {message}"
        for entry, _, message in _find_requests(_entries(zone / "uploads"))[1]
    ]


def read_request(path: Path, make_store: MakeStore) -> Iterator[ReadRequest]:
    """Read one upload: the folder of a request, a file in it, or a workbook.

    Everything is as if it lay alone in ``uploads/``. Raises FileNotFoundError when there is
    nothing at ``path``.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    entry = place_of_upload(path)
    # a link of the caller's own is followed; one inside the folder must not lead out of it
    inside = entry.resolve() if entry.is_dir() else entry.resolve().parent
    yield from _read([entry], inside, make_store)


def place_of_upload(path: Path) -> Path:
    """Return the folder or workbook of the request that a path names, itself or by a file in it."""
    entry = Path(os.path.abspath(path))
    is_part = not entry.is_dir() and entry.name.casefold() in {part.file_name for part in PARTS}
    return entry.parent if is_part else entry


def _read(entries: list[Path], inside: Path, make_store: MakeStore) -> Iterator[ReadRequest]:
    """Read the requests among these folders and files, none of which may lead out of a folder."""
    requests, not_accepted = _find_requests(entries)
    for request_id in sorted(requests):
        yield _read_request(request_id, requests[request_id], inside, make_store)
    for n, (_, check_id, message) in enumerate(not_accepted, 1):
        log = FindingLog()
        log.add(check_id, message)
        yield ReadRequest(f"{INVALID_NAME_PREFIX}{n}", log, is_request=False)


def _is_left_behind(path: Path) -> bool:
    name = path.name.casefold()
    is_named_so = name in _LEFT_BEHIND or name.startswith(_LEFT_BEHIND_BEGINNINGS)
    return is_named_so and not path.is_dir()


def _find_requests(
    entries: list[Path],
) -> tuple[dict[str, _Request], list[tuple[Path, str, str]]]:
    """Return the requests by id, and a finding for each entry that is none, in their order."""
    requests: dict[str, _Request] = {}
    not_accepted: list[tuple[Path, str, str]] = []
    for entry in entries:
        is_folder = entry.is_dir()
        is_workbook = not is_folder and entry.suffix.casefold() == ".xlsx"
        name = entry.stem if is_workbook else entry.name
        if not is_folder and not is_workbook:
            not_accepted.append(
                (
                    entry,
                    "file_type_not_accepted",
                    _not_accepted(entry),
                )
            )
        elif not is_request_id(name):
            not_accepted.append(
                (
                    entry,
                    "invalid_request_name",
                    "the name of a folder or workbook is not 1 to 64 letters, digits, hyphens or "
                    f"underscores, or starts with {INVALID_NAME_PREFIX}; rename it",
                )
            )
        elif is_workbook:
            requests.setdefault(name, _Request()).workbooks.append(entry)
        else:
            requests.setdefault(name, _Request()).folder = entry
    return requests, not_accepted


def _not_accepted(file: Path) -> str:
    if file.suffix.casefold() in _OTHER_SPREADSHEETS:
        return (
            "a spreadsheet among the uploads is of another kind than .xlsx, and was not read; open "
            "it and save it as .xlsx"
        )
    return (
        "a file among the uploads is neither a folder nor a workbook .xlsx, and was not read; put "
        "CSV files into a folder named after the request"
    )


def _read_request(
    request_id: str, request: _Request, inside: Path, make_store: MakeStore
) -> ReadRequest:
    log = FindingLog()
    form: str | None = None
    parts: dict[str, ReadPart] = {}
    if request.folder is not None and request.workbooks:
        log.add(
            "both_forms_present",
            "the request is there as a folder and as a workbook, so neither was read; keep one",
        )
    elif len(request.workbooks) > 1:
        log.add(
            "file_name_repeated",
            "two workbooks have this name in capital and small letters, so neither was read; "
            "keep one",
        )
    elif request.workbooks:
        form = XLSX
        parts = read_workbook(request.workbooks[0], inside, log, make_store)
    elif request.folder is not None:
        form = CSV
        parts = _read_folder(request.folder, inside, log, make_store)
    answers: dict[str, str | None] = {}
    if "service" in parts:
        label = "service.csv" if form == CSV else "sheet Service"
        part = parts["service"]
        listed = cast(ListedRows, part.store)
        answers = tidy_answers(listed.rows(), part.header_row, label, log)
    return ReadRequest(
        request_id, log, form=form, individuals=parts.get("individuals"), answers=answers
    )


def _read_folder(
    folder: Path, inside: Path, log: FindingLog, make_store: MakeStore
) -> dict[str, ReadPart]:
    """Read the two CSV files of a folder, their names without regard to case."""
    parts: dict[str, ReadPart] = {}
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        entries = []
    expected = {part.file_name for part in PARTS}
    others = [
        entry
        for entry in entries
        if entry.name.casefold() not in expected and not _is_left_behind(entry)
    ]
    for part in PARTS:
        found = [entry for entry in entries if entry.name.casefold() == part.file_name]
        if len(found) > 1:
            log.add(
                "file_name_repeated",
                f"{part.file_name}: appears more than once, in capital and small letters, so "
                "none was read; keep one",
            )
        elif not found:
            others_n = sum(entry.stem.casefold() == part.name for entry in others)
            cure = "save the other file of this name as CSV UTF-8" if others_n else "add it"
            log.add("file_missing", f"{part.file_name}: is missing from the folder; {cure}")
        else:
            read = read_delimited(found[0], inside, part, log, make_store)
            if read is not None:
                parts[part.name] = read
    if others:
        log.add(
            "file_not_expected",
            f"the folder holds other files than individuals.csv and service.csv ({len(others)}), "
            "which were not read; remove them",
        )
    return parts
