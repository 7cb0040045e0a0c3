"""Who did what to a build: one line per build, test, review, release, purge or new key.

The file is only added to.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from justice_data_lab.build.durable import append

FILE: Final = "audit.jsonl"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that was done.

    at: when it ended, UTC, ISO 8601. user: the account of the machine. action: build, run, seed,
    retry, test, review, release, purge or rotate. outcome: what came of it, in a line. code: the
    commit. inputs: SHA-256 of each kind of input. settings: the vars of the call. counts: of what
    there was. seconds: how long it took; null for what takes no time.
    """

    at: str
    user: str
    action: str
    outcome: str
    code: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float | None = None


def note(
    build: Path,
    action: str,
    outcome: str,
    *,
    code: str = "",
    inputs: Mapping[str, str] | None = None,
    settings: str = "",
    counts: Mapping[str, int] | None = None,
    seconds: float | None = None,
) -> None:
    """Add a line about what the user of this process did, and make sure that it is on the disk."""
    entry = Entry(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        user=_user(),
        action=action,
        outcome=outcome,
        code=code,
        inputs=inputs or {},
        settings=settings,
        counts=counts or {},
        seconds=None if seconds is None else round(seconds, 1),
    )
    line = json.dumps(asdict(entry), sort_keys=True) + "\n"
    append(build / FILE, line)


def read(build: Path) -> list[Entry]:
    """Return the entries, oldest first; a line that a full disk cut short is left out."""
    path = build / FILE
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    entries = []
    for line in lines:
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return entries


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return str(os.getuid())
