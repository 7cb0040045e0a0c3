"""What must hold of every build, whatever the rules say: checked on its tables alone."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .built import Built, Rows, group, line
from .eligibility import STEPS
from .later_passes import people_in_review


def uploaded(folder: Path) -> int:
    """Count the rows of an upload that have a cell, straight from its file."""
    with (folder / "individuals.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))[1:]
    return sum(any(cell.strip() for cell in row) for row in rows)


def conserved(zone: Path, outcomes: dict[str, Rows]) -> Iterator[str]:
    """Every record of an upload has one row with one outcome that is known."""
    for folder in sorted((zone / "uploads").iterdir()):
        found = outcomes.get(folder.name, [])
        if len(found) != uploaded(folder):
            yield line(folder.name, "", "rows conserved", uploaded(folder), len(found))
        numbers = Counter(row["record_number"] for row in found)
        for number, times in numbers.items():
            if times > 1:
                yield line(folder.name, number, "one outcome a record", 1, times)
        for row in found:
            if row["outcome"] not in (*STEPS, "analysed"):
                yield line(folder.name, row["record_number"], "outcome known", "", row["outcome"])


def telescopes(outcomes: dict[str, Rows], attrition: dict[str, Rows]) -> Iterator[str]:
    """The waterfall begins with all, loses what its records say, and ends with the analysed."""
    for name, found in outcomes.items():
        counts = Counter(row["outcome"] for row in found)
        left = len(found)
        steps = sorted(attrition.get(name, []), key=lambda row: row["step_number"])
        if [row["reason"] for row in steps] != [None, *STEPS]:
            yield line(name, "", "steps of the waterfall", [None, *STEPS], steps)
        for row in steps:
            left -= counts[row["reason"]] if row["reason"] else 0
            wanted = (counts[row["reason"]] if row["reason"] else 0, left)
            if (row["removed_n"], row["remaining_n"]) != wanted:
                yield line(name, row["step_number"], "waterfall telescopes", wanted, row)
        if left != counts["analysed"]:
            yield line(name, "", "waterfall ends", counts["analysed"], left)


def apart(built: Built) -> Iterator[str]:
    """Nobody in doubt is in a pool; of the linked only events before what they are treated for."""
    numbers = {
        row["person_id"]: row["pnc_id"]
        for row in built.table("restricted.intermediate.int_register__people")
    }
    in_doubt = {(request_id, pnc_id) for request_id, _, pnc_id in people_in_review(built)}
    linked = {
        (row["request_id"], row["pnc_id"]) for row in built.table("restricted.main.linked_records")
    }
    members = built.table("restricted.intermediate.int_cohorts__members")
    treated = {
        (row["request_id"], row["analysis_id"], row["person_id"]): row["index_date"]
        for row in members
        if row["is_treated"]
    }
    for row in members:
        if row["is_treated"]:
            continue
        person = row["request_id"], numbers[row["person_id"]]
        before = treated.get((row["request_id"], row["analysis_id"], row["person_id"]))
        is_late = before is not None and row["index_date"] >= before
        is_unbound = person in linked and row["own_last_day"] is None
        if person in in_doubt or is_late or is_unbound:
            yield line(row["request_id"], row["event_key"], "apart from the treated", "", "pool")


def broken(zone: Path, built: Built) -> list[str]:
    """List what does not hold, one line each."""
    outcomes = group(built.table("analysis.main.record_outcomes"))
    attrition = group(built.table("analysis.main.attrition_exact"))
    return [*conserved(zone, outcomes), *telescopes(outcomes, attrition), *apart(built)]
