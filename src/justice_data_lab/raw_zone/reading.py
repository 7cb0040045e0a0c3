"""Where the files of the raw zone stand, and what its ``extract.json`` says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FILE_NAME = "extract.json"
ENDING = ".parquet"
LEFT_BY_PROGRAMS = ("_", ".")
"""How names begin that writers of Parquet keep for themselves: _SUCCESS, .part-0.parquet.crc."""
_CONTACT = re.compile(r"\S(?:[^\n\r]{0,118}\S)?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class RawZoneError(ValueError):
    """The raw zone cannot be used as it is; the message is one line that says what to do."""


def files(zone: Path, table: str) -> list[Path]:
    """Return the Parquet files of an extract table, in sorted order.

    A table is one file (``pnc/offences.parquet``), or a folder of files that is called
    ``pnc/offences`` or, as Spark writes it, ``pnc/offences.parquet``. Raises RawZoneError unless
    exactly one of the three is there, and when a folder has no Parquet file. What else lies in a
    folder is said by ``unread_files``.
    """
    single = zone / f"{table}.parquet"
    folder = zone / table
    if single.exists() and folder.exists():
        beside = f"{table}.parquet{'/' if single.is_dir() else ''}"
        raise RawZoneError(f"{beside}: is there as well as a folder {table}/; keep one of the two")
    if single.is_file():
        return [single]
    if single.is_dir():
        folder = single
    parts = sorted(path for path in folder.glob(f"*{ENDING}") if _is_part(path))
    if parts:
        return parts
    if folder.is_dir():
        raise RawZoneError(
            f"{folder.relative_to(zone).as_posix()}/: has no *.parquet file; add one with the "
            "contract's columns (it may have no rows)"
        )
    raise RawZoneError(
        f"{table}.parquet: is missing; add it, or a folder {table}/ with *.parquet files "
        "(it may have no rows)"
    )


def _is_part(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(LEFT_BY_PROGRAMS)


@dataclass(frozen=True)
class Extract:
    """What the extract says of itself.

    ``reoffending_data_to`` is the day to which re-offending records, with proven dates, are
    complete; ``is_synthetic`` is true only where the file says ``"synthetic": true``; ``contact``
    is where readers of the results ask, null where the file does not say.
    """

    data_as_of: date
    reoffending_data_to: date
    is_synthetic: bool
    contact: str | None = None


def read_extract(zone: Path) -> Extract:
    """Read ``extract.json``; raise RawZoneError with every problem, one a line."""
    problems, extract = inspect_extract(zone)
    if extract is None:
        raise RawZoneError("\n".join(problems))
    return extract


def inspect_extract(zone: Path) -> tuple[list[str], Extract | None]:
    """Return the problems of ``extract.json``, and what it says if there is none."""
    try:
        content: Any = json.loads((zone / FILE_NAME).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return [
            f"{FILE_NAME}: is missing; add it with the dates data_as_of and reoffending_data_to"
        ], None
    except (OSError, ValueError, RecursionError):
        return [f"{FILE_NAME}: is not valid JSON; write it again"], None
    if not isinstance(content, dict):
        return [f"{FILE_NAME}: must be one JSON object with data_as_of; write it again"], None
    return _inspect_content(content)


def _inspect_content(content: dict[str, Any]) -> tuple[list[str], Extract | None]:
    problems: list[str] = []
    as_of = _iso_date(content, "data_as_of", problems)
    reoffending_to = _iso_date(content, "reoffending_data_to", problems)
    synthetic = content.get("synthetic", False)
    if not isinstance(synthetic, bool):
        problems.append(f"{FILE_NAME}: synthetic: must be true or false; correct it")
    contact = content.get("contact")
    if contact is not None and not (isinstance(contact, str) and _CONTACT.fullmatch(contact)):
        problems.append(f"{FILE_NAME}: contact: is not one line of at most 120 letters; correct it")
    if as_of and reoffending_to and reoffending_to > as_of:
        problems.append(
            f"{FILE_NAME}: reoffending_data_to: {reoffending_to} is after data_as_of {as_of}; "
            "correct one of the two"
        )
    if problems or as_of is None or reoffending_to is None:
        return problems, None
    return [], Extract(as_of, reoffending_to, bool(synthetic), contact)


def _iso_date(content: dict[str, Any], key: str, problems: list[str]) -> date | None:
    value = content.get(key)
    if value is None:
        problems.append(f"{FILE_NAME}: {key}: is missing; add it as a date yyyy-mm-dd")
        return None
    try:
        # fromisoformat also takes week dates and dates without hyphens
        if isinstance(value, str) and _ISO_DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    problems.append(f"{FILE_NAME}: {key}: is not a date yyyy-mm-dd; correct it")
    return None
