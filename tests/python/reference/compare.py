"""Compare a built project with the reference: `compare(zone, build_dir) -> list[str]`.

python -m reference.compare ZONE BUILD_DIR      (from tests/python)
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from .eligibility import STEPS
from .linking import Link
from .rules import Answer, Links, Result, evaluate

ELIGIBLE_CODES = ("eligible", "analysed", "off_support", "group_too_small")
PASSES: tuple[tuple[str, str], ...] = (
    ("prob", "probabilistic"),
    ("cler", "clerical"),
    ("pncid", "pncid"),
    ("prison", "prison_number"),
    ("name", "name"),
    ("pnc", "pncid"),
)
FOLLOWED = (
    "index_event_type",
    "index_date",
    "delay_days",
    "is_reoffender",
    "reoffences_n",
    "days_to_first",
)
Rows = list[dict[str, Any]]


def rows(database: Path, table: str) -> Rows:
    """Read a table of a database as dictionaries."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(f"select * from {table}").to_arrow_table().to_pylist()


def plain_pass(name: object) -> str | None:
    """Bring the name of a pass to ours: pncid, prison_number, name, probabilistic, clerical."""
    lowered = str(name or "").lower()
    return next((ours for part, ours in PASSES if part in lowered), lowered or None)


def later_links(outcomes: Rows, linked: Rows, in_doubt: Rows, least: float = 0.5) -> Links:
    """Take over what only their later passes (probabilistic, clerical, review) can know.

    The people whom a record in doubt may be about are those of at least the review probability.
    """
    given: Links = {}
    possible: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in in_doubt:
        if row["match_probability"] >= least:
            possible[(row["request_id"], row["record_number"])].add(row["pnc_id"])
    for row in outcomes:
        key = (row["request_id"], row["record_number"])
        if row["outcome"] == "ambiguous_match":
            given[key] = Link(outcome="ambiguous_match", reached=frozenset(possible[key]))
        elif row["link_reason"] == "in_review" or (
            row["link_reason"] == "no_conviction"
            and plain_pass(row["link_pass"]) == "probabilistic"
        ):
            given[key] = Link(
                outcome="not_on_pnc",
                reason=row["link_reason"],
                reached=frozenset(possible[key]),
            )
    for row in linked:
        key = (row["request_id"], row["record_number"])
        if plain_pass(row["link_pass"]) in ("probabilistic", "clerical") and key not in given:
            name = plain_pass(row["link_pass"])
            given[key] = Link(row["pnc_id"], name, frozenset({row["pnc_id"]}))
    return given


def outcome_class(code: object, few: bool) -> object:
    """Make one class of the outcomes that need the matching, unless there are too few."""
    return "eligible" if code in ELIGIBLE_CODES and not few else code


def line(request: str, record: object, name: str, ours: object, theirs: object) -> str:
    """Write one disagreement."""
    return f"{request}\t{record}\t{name}\tours={ours}\ttheirs={theirs}"


def compare_record(result: Result, row: dict[str, Any], few: bool) -> Iterator[str]:
    """Compare one record with its row of record_outcomes.

    Event and follow-up are compared for eligible records; for excluded ones only where
    both give a value (a project may leave them null).
    """
    key = (result.request_id, result.record_number)
    ours, theirs = outcome_class(result.outcome, few), outcome_class(row["outcome"], few)
    if ours != theirs:
        yield line(*key, "outcome", ours, theirs)
    if result.link_reason != row["link_reason"]:
        yield line(*key, f"link_reason({ours})", result.link_reason, row["link_reason"])
    if result.link_pass != plain_pass(row["link_pass"]) and row["outcome"] != "not_on_pnc":
        yield line(*key, "link_pass", result.link_pass, row["link_pass"])
    for name in FOLLOWED:
        mine, other = getattr(result, name), row[name]
        either_null = mine is None or other is None
        if either_null and not (ours == theirs and result.outcome in ELIGIBLE_CODES):
            continue
        if row["outcome"] == "group_too_small" and either_null:
            continue
        if mine != other:
            yield line(*key, name, mine, other)


def compare_links(answer: Answer, linked: dict[tuple[str, int], Any]) -> Iterator[str]:
    """Compare the linked people; theirs may list people without a proven offence or not."""
    for result in answer.records:
        key = (result.request_id, result.record_number)
        theirs = linked.get(key)
        if result.link_reason == "no_conviction" and theirs in (None, *result.reached):
            continue
        if result.pnc_id != theirs:
            yield line(*key, "pnc_id", result.pnc_id, theirs)


def compare_attrition(answer: Answer, theirs: Rows) -> Iterator[str]:
    """Compare the waterfall; the steps that need the matching are compared as a sum."""
    by_step = {row["step_number"]: row for row in theirs}
    for step, reason, removed, remaining in answer.attrition():
        row = by_step.get(step)
        if row is None:
            yield line(answer.request_id, f"step {step}", "attrition_exact", "a row", None)
        elif row["reason"] != reason:
            yield line(answer.request_id, f"step {step}", "reason", reason, row["reason"])
        elif step <= STEPS.index("incomplete_follow_up") + 1:
            for name, mine in (("removed_n", removed), ("remaining_n", remaining)):
                if mine != row[name]:
                    yield line(answer.request_id, f"step {step} {reason}", name, mine, row[name])


def compare_pool(answer: Answer, members: Rows) -> Iterator[str]:
    """Compare the control pools, where the project keeps its cohort members."""
    analyses: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in members:
        if not row["is_treated"]:
            analyses[row["analysis_id"]][str(row["event_key"])] = row["last_day"]
    for event_type, pool in answer.pools.items():
        theirs = {
            key: day
            for key, day in analyses["headline"].items()
            if ("|" in key) == (event_type == "prison_release")
        }
        for key in sorted(pool.keys() - theirs.keys()):
            yield line(answer.request_id, key, f"pool {event_type}", "member", None)
        for key in sorted(theirs.keys() - pool.keys()):
            yield line(answer.request_id, key, f"pool {event_type}", None, "member")
        if answer.kind[0] == "custody":
            continue
        for key in sorted(pool.keys() & theirs.keys()):
            day = theirs[key]
            if day is not None and day != pool[key].last_day:
                yield line(answer.request_id, key, "last_day", pool[key].last_day, day)


def group(found: Rows) -> dict[str, Rows]:
    """Group rows by request."""
    grouped: dict[str, Rows] = defaultdict(list)
    for row in found:
        grouped[row["request_id"]].append(row)
    return grouped


def compare_request(answer: Answer, outcomes: Rows, linked: dict[Any, Any]) -> Iterator[str]:
    """Compare the records of one request."""
    few = answer.eligible_n < 30
    by_number = {row["record_number"]: row for row in outcomes}
    if len(by_number) != len(outcomes):
        yield line(answer.request_id, "", "record_outcomes", "unique", "duplicates")
    for result in answer.records:
        row = by_number.pop(result.record_number, None)
        if row is None:
            yield line(answer.request_id, result.record_number, "outcome", result.outcome, None)
        else:
            yield from compare_record(result, row, few)
    for number, row in by_number.items():
        yield line(answer.request_id, number, "outcome", None, row["outcome"])
    yield from compare_links(answer, linked)


def compare(zone: Path | str, build_dir: Path | str) -> list[str]:
    """List the disagreements between the reference and a built project, one line each."""
    analysis, restricted = (Path(build_dir) / f"{n}.duckdb" for n in ("analysis", "restricted"))
    outcomes = rows(analysis, "main.record_outcomes")
    linked_rows = rows(restricted, "main.linked_records")
    linked = {(r["request_id"], r["record_number"]): r["pnc_id"] for r in linked_rows}
    in_doubt = rows(restricted, "main.clerical_review")
    answers = evaluate(zone, later_links(outcomes, linked_rows, in_doubt))
    by_request, attrition = group(outcomes), group(rows(analysis, "main.attrition_exact"))
    detail = group(rows(analysis, "main.attrition_detail"))
    members = group(rows(restricted, "intermediate.int_cohorts__members"))
    lines: list[str] = []
    for name, answer in answers.items():
        lines += compare_request(answer, by_request.get(name, []), linked)
        lines += compare_attrition(answer, attrition.get(name, []))
        theirs = {row["detail"]: row["n"] for row in detail.get(name, [])}
        lines += [
            line(name, key, "attrition_detail", mine, theirs.get(key))
            for key, mine in answer.details().items()
            if mine != (theirs.get(key) or 0)
        ]
        if name in members:
            lines += compare_pool(answer, members.get(name, []))
    unknown = by_request.keys() - answers.keys()
    return lines + [line(name, "", "request", None, "present") for name in sorted(unknown)]


if __name__ == "__main__":
    found = compare(sys.argv[1], sys.argv[2])
    print("\n".join(found))
    print(Counter(text.split("\t")[2] for text in found), file=sys.stderr)
    sys.exit(1 if found else 0)
