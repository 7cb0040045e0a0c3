"""The rules of the methodology from upload to eligible record, for a whole raw zone.

`evaluate(zone_folder)` is the entry. Matching is left out: a record that could go on
to it has the outcome `eligible`, or `group_too_small` in a request with fewer than 30.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import pool, text
from .eligibility import ELIGIBLE, STEPS, History, Verdict, build_histories, judge
from .linking import Index, Link, Read, build_index, link, read_record, unlinkable, unusable_dates
from .zone import Request, Zone, load_zone

MINIMUM_SUBMITTED = 60
MINIMUM_ELIGIBLE = 30
DETAILS = (
    "date_of_birth_not_accurate",
    "no_conviction",
    "repeat_records",
    "repeat_people",
    "other_disposal_within_window",
    "sexual_index_offence",
    "referred_before_sentence",
)
WHERE = ("custody", "community", "through_the_gate")
WHICH = ("community_sentence", "prison_release", "either")
Links = dict[tuple[str, int], Link]


@dataclass
class Result:
    """What the rules say of one record; the fields of `record_outcomes`."""

    request_id: str
    record_number: int
    outcome: str
    link_reason: str | None = None
    pnc_id: str | None = None
    link_pass: str | None = None
    index_event_type: str | None = None
    index_date: date | None = None
    delay_days: int | None = None
    is_reoffender: bool | None = None
    reoffences_n: int | None = None
    days_to_first: int | None = None
    reached: frozenset[str] = frozenset()
    notes: set[str] = field(default_factory=set)


@dataclass
class Answer:
    """What the rules say of one request."""

    request_id: str
    records: list[Result]
    kind: tuple[str, str] = ("", "")
    repeats: tuple[int, int] = (0, 0)
    pools: dict[str, dict[str, pool.Control]] = field(default_factory=dict)

    @property
    def eligible_n(self) -> int:
        """How many records could go on to matching."""
        return sum(r.outcome in (ELIGIBLE, "group_too_small") for r in self.records)

    def attrition(self) -> list[tuple[int, str | None, int, int]]:
        """Rows of attrition_exact: step, reason, removed, remaining; off_support unknown."""
        left = len(self.records)
        rows: list[tuple[int, str | None, int, int]] = [(0, None, 0, left)]
        for step, reason in enumerate(STEPS, start=1):
            removed = sum(r.outcome == reason for r in self.records)
            left -= removed
            rows.append((step, reason, removed, left))
        return rows

    def details(self) -> dict[str, int]:
        """Counts of attrition_detail.

        Readings: `repeat_records` counts all records of the people with several, the kept
        one too; `date_of_birth_not_accurate` includes records that are invalid for it.
        """
        counts = {
            name: sum(name == r.link_reason or name in r.notes for r in self.records)
            for name in DETAILS
        }
        counts["repeat_records"], counts["repeat_people"] = self.repeats
        return counts


def answer(request: Request, question: str) -> str:
    """Read a service answer: lower case, spaces and hyphens as underscores."""
    raw = request.service.get(question.replace("_", ""), "")
    return re.sub(r"[\s-]+", "_", raw.strip().lower())


def service_kind(request: Request) -> tuple[str, str]:
    """Read where and for which event; an unrecognised value counts as missing."""
    where, which = answer(request, "delivered_in"), answer(request, "index_event")
    return where if where in WHERE else "", which if which in WHICH else ""


def stopped(request: Request, reads: list[Read]) -> str | None:
    """Say why a request is stopped before linking, by its code.

    Readings: any text in withdrawn_on withdraws; `no` to governance or conditions stops,
    a missing answer does not; delivered_in is always needed, index_event when it is
    community; most means more than half of the records.
    """
    where, which = service_kind(request)
    if request.service.get("withdrawnon"):
        return "request_withdrawn"
    refused = "no" in (
        answer(request, "governance_approved"),
        answer(request, "conditions_accepted"),
    )
    missing = not where or (where == "community" and not which)
    impossible = (where, which) == ("custody", "community_sentence")
    initials = sum(read.is_initials for read in reads) * 2 > len(reads)
    if len(reads) < MINIMUM_SUBMITTED or refused or missing or impossible or initials:
        return "request_not_answerable"
    return None


def invalid_reason(read: Read, where: str) -> Link | None:
    """Say whether a record is invalid, with the date of birth as reason where it is that.

    Reading: the reason is given when the record cannot be linked and has no valid date of
    birth; a record that is invalid only for its service dates has none.
    """
    if unlinkable(read):
        reason = None if read.born else "date_of_birth_not_accurate"
        return Link(outcome="invalid_record", reason=reason)
    if unusable_dates(read, where):
        return Link(outcome="invalid_record")
    return None


def as_result(request_id: str, number: int, linked: Link, verdict: Verdict | None) -> Result:
    """Put link and verdict of one record together."""
    result = Result(
        request_id,
        number,
        linked.outcome or (verdict.outcome if verdict else ""),
        linked.reason,
        linked.pnc_id,
        linked.link_pass,
        reached=linked.reached,
    )
    if verdict is not None:
        result.index_event_type = verdict.event_type
        result.index_date = verdict.index_date
        result.delay_days = verdict.delay
        result.notes = set(verdict.notes)
        if verdict.follow_up is not None:
            result.is_reoffender = bool(verdict.follow_up.days)
            result.reoffences_n = len(verdict.follow_up.days)
            result.days_to_first = verdict.follow_up.first
    return result


def settle_repeats(reads: dict[int, Read], results: list[Result]) -> tuple[int, int]:
    """Rule 8: keep the record that gets furthest; ties by earliest start, then number.

    Readings: records that are invalid after linking stay invalid and are no repeats; a
    record without a start comes after those with one.
    """
    people: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.pnc_id is not None and result.outcome != "invalid_record":
            people[result.pnc_id].append(result)
    several = [group for group in people.values() if len(group) > 1]
    for group in several:
        kept = min(
            group,
            key=lambda r: (
                -Verdict(r.outcome).rank,
                reads[r.record_number].start or date.max,
                r.record_number,
            ),
        )
        for result in group:
            if result is not kept:
                mark_repeat(result)
    return sum(len(group) for group in several), len(several)


def mark_repeat(result: Result) -> None:
    """Turn a result into a repeat: linked, but not followed."""
    result.outcome = "repeat_record"
    result.notes = set()
    result.index_event_type = result.index_date = result.delay_days = None
    result.is_reoffender = result.reoffences_n = result.days_to_first = None


def evaluate_request(
    request: Request, index: Index, histories: dict[str, History], given: Links
) -> Answer:
    """Apply every rule to one request."""
    zone = index.zone
    submitted = text.parse_service_date(request.service.get("submittedon")) or zone.data_as_of
    reads = [read_record(record, submitted, zone.data_as_of.year) for record in request.records]
    kind = service_kind(request)
    code = stopped(request, reads)
    if code is not None:
        records = [Result(request.request_id, read.number, code) for read in reads]
        return Answer(request.request_id, records, kind)
    results = []
    for read in reads:
        linked = invalid_reason(read, kind[0]) or link(read, index)
        if linked.reason == "not_found":
            linked = given.get((request.request_id, read.number), linked)
        verdict = None
        if linked.pnc_id is not None:
            history = histories[linked.pnc_id]
            verdict = judge(history, kind, read.start, read.end, zone.data_to)
        results.append(as_result(request.request_id, read.number, linked, verdict))
    repeats = settle_repeats({read.number: read for read in reads}, results)
    found = Answer(request.request_id, results, kind, repeats)
    if found.eligible_n < MINIMUM_ELIGIBLE:
        for result in results:
            if result.outcome == ELIGIBLE:
                result.outcome = "group_too_small"
    return found


def add_pools(found: Answer, candidates: list[pool.Control]) -> None:
    """Add the pools of the event types among the request's treated.

    Reading: everybody whom a record reached is left out, also the one without a proven
    offence and all whom an ambiguous record reached.
    """
    left_out = {pnc_id for record in found.records for pnc_id in record.reached}
    treated: dict[str, list[date]] = defaultdict(list)
    for record in found.records:
        if record.outcome == ELIGIBLE and record.index_event_type and record.index_date:
            treated[record.index_event_type].append(record.index_date)
    about_either = found.kind == ("community", "either")
    found.pools = pool.choose(candidates, treated, left_out, about_either)


def evaluate_zone(zone: Zone, given: Links | None = None) -> dict[str, Answer]:
    """Apply the rules to every request of a zone in memory.

    `given` may supply links of later (probabilistic or clerical) passes, which are used
    only for records that the deterministic passes did not find.
    """
    index = build_index(zone)
    histories = build_histories(index)
    candidates = pool.all_events(histories, zone.data_to)
    answers = {}
    for request in zone.requests:
        found = evaluate_request(request, index, histories, given or {})
        add_pools(found, candidates)
        answers[request.request_id] = found
    return answers


def evaluate(folder: Path | str, given: Links | None = None) -> dict[str, Answer]:
    """Read a raw zone folder and apply the rules to every request."""
    return evaluate_zone(load_zone(Path(folder)), given)
