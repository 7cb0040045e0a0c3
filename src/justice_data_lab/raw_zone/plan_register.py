"""The register of plans: which rows of analysis_plans.csv stood there before a first result.

``plan_register.csv`` lies beside the databases and is only added to. On run start each row of the
plan that is new is ``declared``, and each that is gone ``withdrawn``; a request is ``estimated``
once, when its first result is there. So a plan that was changed afterwards is known.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from justice_data_lab.build.durable import append
from justice_data_lab.raw_zone.contract import ANALYSIS_PLANS, PLAN_REGISTER
from justice_data_lab.raw_zone.staff import read_staff_file

OVERRIDE: Final = "override_gate"
"""The setting that answers to a result, and so is no change of the plan."""
CHANGES_SCHEMA: Final = pa.schema([("request_id", pa.string()), ("changed_n", pa.int64())])

Hashes = dict[str, str]
"""SHA-256 of the rows of one request's plan, each with the setting of its row."""
Line = tuple[str, str, str, str]


def register_plans(build: Path, zone: Path) -> None:
    """Add what is new in the plan since the last run, and what is gone; twice adds nothing."""
    before, now = _standing(_lines(build)), _plans(zone)
    _append(build, list(_differences(before, now)))


def register_estimated(build: Path, requests: Iterable[str]) -> None:
    """Note for each request that its first result is there; once for all."""
    known = {row["request_id"] for row in _lines(build) if row["event"] == "estimated"}
    _append(build, [(name, "estimated", "", "") for name in sorted(set(requests) - known)])


def plan_changes(build: Path, zone: Path) -> pa.Table:
    """Return how many rows of each plan are not as they stood before the first result.

    One row per request with a plan, now or then. Counted are rows that were added or changed
    since, or are not registered at all, and rows that are gone; overrides of gates are not: they
    answer to a result.
    """
    lines = _lines(build)
    standing, now = _standing(lines), _plans(zone)
    first: dict[str, Mapping[str, Hashes]] = {}
    for place, row in enumerate(lines):
        if row["event"] == "estimated":
            first.setdefault(row["request_id"], _standing(lines[:place]))
    counted = {
        request: len(
            _without_overrides(first.get(request, standing).get(request, {}))
            ^ _without_overrides(now.get(request, {}))
        )
        for request in sorted({*standing, *now, *first})
    }
    rows = [{"request_id": name, "changed_n": n} for name, n in counted.items()]
    return pa.Table.from_pylist(rows, schema=CHANGES_SCHEMA)


def _differences(before: Mapping[str, Hashes], now: Mapping[str, Hashes]) -> Iterable[Line]:
    for request in sorted({*before, *now}):
        old, new = before.get(request, {}), now.get(request, {})
        for digest in sorted(old.keys() - new.keys()):
            yield request, "withdrawn", old[digest], digest
        for digest in sorted(new.keys() - old.keys()):
            yield request, "declared", new[digest], digest


def _standing(lines: Iterable[Mapping[str, str]]) -> dict[str, Hashes]:
    """Return the plans as they stand after these lines of the register."""
    plans: dict[str, Hashes] = {}
    for row in lines:
        plan = plans.setdefault(row["request_id"], {})
        if row["event"] == "declared":
            plan[row["sha256"]] = row["setting"]
        elif row["event"] == "withdrawn":
            plan.pop(row["sha256"], None)
    return plans


def _plans(zone: Path) -> dict[str, Hashes]:
    """Return the plans as they are now; a row is hashed with its reason and all that it says."""
    plans: dict[str, Hashes] = {}
    for row in read_staff_file(zone, ANALYSIS_PLANS).to_pylist():
        text = json.dumps([row[column] for column in ANALYSIS_PLANS.columns], ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        plans.setdefault(row["request_id"], {})[digest] = row["setting"].lower()
    return plans


def _without_overrides(plan: Hashes) -> set[str]:
    return {digest for digest, setting in plan.items() if setting != OVERRIDE}


def _lines(build: Path) -> list[dict[str, str]]:
    rows = read_staff_file(build, PLAN_REGISTER).to_pylist()
    return [{name: text or "" for name, text in row.items()} for row in rows]


def _append(build: Path, lines: Iterable[Line]) -> None:
    """Add lines to the register, and make sure that they are on the disk."""
    path = build / PLAN_REGISTER.name
    now = datetime.now(UTC).isoformat(timespec="seconds")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((now, *line) for line in lines)
    if not text.getvalue():
        return
    header = "" if path.exists() else ",".join(PLAN_REGISTER.columns) + "\n"
    append(path, header + text.getvalue())
