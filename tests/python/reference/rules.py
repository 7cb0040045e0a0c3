"""The rules of the methodology from upload to eligible record, for a whole raw zone.

`evaluate(zone_folder)` is the entry. Matching is left out: a record that could go on
to it has the outcome `eligible`, or `group_too_small` in a request with fewer than 30.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from . import text
from .eligibility import ELIGIBLE, STEPS, USUAL, Event, History, Verdict, build_histories, judge
from .events import FollowUp
from .linking import Index, Link, Read, build_index, link, read_record, unlinkable, unusable_dates
from .settings import SCOPES, Plan, Settings, of_request, plan_of
from .zone import Request, Zone, load_zone

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
    event: Event | None = None
    delay_days: int | None = None
    follow_up: FollowUp | None = None
    reached: frozenset[str] = frozenset()
    notes: set[str] = field(default_factory=set)
    release: date | None = None
    expected: date | None = None
    start: date | None = None
    end: date | None = None
    user_reference: str = ""

    @property
    def person(self) -> str | None:
        """Who the record is about, beyond doubt: also somebody without a proven offence."""
        if self.link_reason == "no_conviction" and len(self.reached) == 1:
            return next(iter(self.reached))
        return self.pnc_id

    @property
    def index_event_type(self) -> str | None:
        """The kind of event that was found."""
        return self.event.event_type if self.event else None

    @property
    def index_date(self) -> date | None:
        """The date of the event that was found."""
        return self.event.index_date if self.event else None

    @property
    def is_reoffender(self) -> bool | None:
        """Whether there is a re-offence; null where not followed."""
        return bool(self.follow_up.found) if self.follow_up else None

    @property
    def reoffences_n(self) -> int | None:
        """The number of re-offences; null where not followed."""
        return len(self.follow_up.found) if self.follow_up else None

    @property
    def days_to_first(self) -> int | None:
        """Days to the first re-offence; null without one or where not followed."""
        return self.follow_up.first if self.follow_up else None


@dataclass
class Answer:
    """What the rules say of one request."""

    request_id: str
    records: list[Result]
    kind: tuple[str, str] = ("", "")
    settings: Settings = USUAL
    plan: Plan = field(default_factory=Plan)
    repeats: tuple[int, int] = (0, 0)
    by_scope: dict[str, list[Result]] = field(default_factory=dict)

    @property
    def eligible_n(self) -> int:
        """How many records could go on to matching."""
        return sum(r.outcome in (ELIGIBLE, "group_too_small") for r in self.records)

    @property
    def in_doubt(self) -> frozenset[str]:
        """Everybody whom a record reached without a link: they are in no pool of this request.

        Reading: also who is linked by one record and in doubt through another.
        """
        return frozenset(p for r in self.records if r.person is None for p in r.reached)

    @property
    def own_starts(self) -> dict[str, date]:
        """When each linked person's service began, by the earliest date of their records.

        Readings: the date of a record is its start, or its end where it has no start; somebody
        without a proven offence, whose record is excluded, is a person of the request too.
        """
        dates: dict[str, list[date]] = defaultdict(list)
        for record in self.records:
            day = record.start or record.end
            if record.person is not None and day is not None:
                dates[record.person].append(day)
        return {pnc_id: min(days) for pnc_id, days in dates.items()}

    @property
    def linked(self) -> frozenset[str]:
        """Everybody to whom a record is linked."""
        return frozenset(r.person for r in self.records if r.person is not None)

    def attrition(self) -> list[tuple[int, str | None, int, int]]:
        """Rows of attrition_exact: step, reason, removed, remaining; off_support unknown."""
        left = len(self.records)
        rows: list[tuple[int, str | None, int, int]] = [(0, None, 0, left)]
        for reason, step in STEPS.items():
            removed = sum(r.outcome == reason for r in self.records)
            left -= removed
            rows.append((step, reason, removed, left))
        return rows


def answer(request: Request, question: str) -> str:
    """Read a service answer: lower case, spaces and hyphens as underscores."""
    raw = request.service.get(question.replace("_", ""), "")
    return re.sub(r"[\s-]+", "_", raw.strip().lower())


def service_kind(request: Request) -> tuple[str, str]:
    """Read where and for which event; an unrecognised value counts as missing."""
    where, which = answer(request, "delivered_in"), answer(request, "index_event")
    return where if where in WHERE else "", which if which in WHICH else ""


def stopped(request: Request, reads: list[Read], settings: Settings = USUAL) -> str | None:
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
    if len(reads) < settings.minimum_submitted or refused or missing or impossible or initials:
        return "request_not_answerable"
    return None


def invalid_reason(read: Read, where: str) -> Link | None:
    """Say whether a record is invalid, with the date of birth as reason where it is that.

    Reading: an invalid record without a valid date of birth has that as its reason, whatever
    else is wrong with it.
    """
    if unlinkable(read) or unusable_dates(read, where):
        reason = None if read.born else "date_of_birth_not_accurate"
        return Link(outcome="invalid_record", reason=reason)
    return None


def as_result(request_id: str, read: Read, linked: Link, verdict: Verdict | None) -> Result:
    """Put link and verdict of one record together."""
    result = Result(
        request_id,
        read.number,
        linked.outcome or (verdict.outcome if verdict else ""),
        linked.reason,
        linked.pnc_id,
        linked.link_pass,
        reached=linked.reached,
        start=read.start,
        end=read.end,
        user_reference=read.user_reference,
    )
    if verdict is not None:
        result.event = verdict.event
        result.delay_days = verdict.delay
        result.follow_up = verdict.follow_up
        result.notes = set(verdict.notes)
        result.release, result.expected = verdict.release, verdict.expected
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
    result.event = result.delay_days = result.follow_up = None
    result.release = result.expected = None


@dataclass
class Register:
    """What every request is held against."""

    index: Index
    histories: dict[str, History]
    settings: Settings = USUAL
    given: Links = field(default_factory=dict)

    @property
    def zone(self) -> Zone:
        """The raw zone."""
        return self.index.zone


def find_link(request: Request, read: Read, where: str, register: Register) -> Link:
    """Say whom a record is about: by the passes, or as later passes said."""
    linked = invalid_reason(read, where) or link(read, register.index)
    if linked.reason == "not_found":
        return register.given.get((request.request_id, read.number), linked)
    return linked


def judge_records(
    request: Request,
    links: list[tuple[Read, Link]],
    register: Register,
    settings: Settings,
) -> tuple[list[Result], tuple[int, int]]:
    """Judge every record of a request under some settings, and settle its repeats."""
    kind, results = service_kind(request), []
    for read, linked in links:
        verdict = None
        if linked.pnc_id is not None:
            history = register.histories[linked.pnc_id]
            verdict = judge(history, kind, read.start, read.end, register.zone.data_to, settings)
        results.append(as_result(request.request_id, read, linked, verdict))
    repeats = settle_repeats({read.number: read for read, _ in links}, results)
    return results, repeats


def evaluate_request(request: Request, register: Register) -> Answer:
    """Apply every rule to one request, and again under the other sex-offence scopes."""
    zone, name = register.zone, request.request_id
    plan = plan_of(zone.plan, name)
    settings = of_request(register.settings, plan)
    submitted = text.parse_service_date(request.service.get("submittedon")) or zone.data_as_of
    reads = [read_record(record, submitted, zone.data_as_of.year) for record in request.records]
    kind = service_kind(request)
    code = stopped(request, reads, settings)
    if code is not None:
        records = [Result(name, read.number, code) for read in reads]
        return Answer(name, records, kind, settings, plan)
    links = [(read, find_link(request, read, kind[0], register)) for read in reads]
    results, repeats = judge_records(request, links, register, settings)
    by_scope = {
        scope: judge_records(request, links, register, replace(settings, sex_offence_scope=scope))[
            0
        ]
        for scope in SCOPES
    }
    found = Answer(name, results, kind, settings, plan, repeats, by_scope)
    if found.eligible_n < settings.minimum_analysed:
        for result in results:
            if result.outcome == ELIGIBLE:
                result.outcome = "group_too_small"
    return found


def make_register(zone: Zone, given: Links | None = None, settings: Settings = USUAL) -> Register:
    """Index a zone and put together everybody's history."""
    index = build_index(zone)
    return Register(index, build_histories(index, settings), settings, given or {})


def evaluate_zone(
    zone: Zone, given: Links | None = None, settings: Settings = USUAL
) -> dict[str, Answer]:
    """Apply the rules to every request of a zone in memory.

    `given` may supply links of later (probabilistic or clerical) passes, which are used
    only for records that the deterministic passes did not find.
    """
    register = make_register(zone, given, settings)
    return {request.request_id: evaluate_request(request, register) for request in zone.requests}


def evaluate(folder: Path | str, given: Links | None = None) -> dict[str, Answer]:
    """Read a raw zone folder and apply the rules to every request."""
    return evaluate_zone(load_zone(Path(folder)), given)
