"""What reports give beside the waterfall: details, suggested analyses, resubmissions (issue 6)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from . import events
from .eligibility import Event, History, in_window, release_event, sentence_event
from .rules import Answer, Register, Result
from .settings import Settings
from .text import add_months

DISPOSALS = {
    "fine": "fine",
    "absolute_discharge": "discharge",
    "conditional_discharge": "discharge",
    "positive_drug_test": "positive_drug_test",
    "caution": "caution",
    "reprimand": "caution",
    "warning": "caution",
    "youth_sentence": "youth_sentence",
    "community_order": "community_sentence",
    "suspended_sentence_order": "community_sentence",
    "custody": "prison_sentence",
    "other": "other",
}
LATER_WINDOW = 12


def attrition_detail(answer: Answer) -> dict[str, int]:
    """Count the details of the exclusions; each says a part of its step of the waterfall.

    Readings: `repeat_records` counts all records of the people with several, the kept one
    too; `date_of_birth_not_accurate` includes records that are invalid for it.
    """
    records = answer.records

    def outcome(code: str, note: str, there: bool) -> int:
        return sum(r.outcome == code and (note in r.notes) is there for r in records)

    reasons = Counter(r.link_reason for r in records)
    return {
        "not_found": reasons["not_found"],
        "in_review": reasons["in_review"],
        "no_conviction": reasons["no_conviction"],
        "date_of_birth_not_accurate": reasons["date_of_birth_not_accurate"],
        "repeat_records": answer.repeats[0],
        "repeat_people": answer.repeats[1],
        "other_disposal_within_window": outcome(
            "other_disposal", "other_disposal_within_window", True
        ),
        "other_disposal_before_window": outcome(
            "other_disposal", "other_disposal_within_window", False
        ),
        "referred_before_sentence": outcome("outside_window", "referred_before_sentence", True),
        "too_long_after_index_event": outcome("outside_window", "referred_before_sentence", False),
        "sexual_index_offence": outcome("sex_offence", "sexual_index_offence", True),
        "other_sex_offence": outcome("sex_offence", "sexual_index_offence", False),
    }


def quarter_of(day: date) -> str:
    """Write the quarter of a day, as 2015-Q2."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def last_day_of_quarter(day: date) -> date:
    """Give the last day of the quarter of a day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return add_months(first, 3) - timedelta(days=1)


def resubmissions(answer: Answer, data_as_of: date) -> Counter[tuple[str | None, str, date | None]]:
    """Count those still in custody by quarter of their release, and from when they can be sent.

    Readings: a release up to the day of the extract is known, a later one is expected, and
    an expected date that has passed without a release says nothing.
    """
    found: Counter[tuple[str | None, str, date | None]] = Counter()
    for record in answer.records:
        if record.outcome != "still_in_custody":
            continue
        day, basis = record.release, "released"
        if day is None or day > data_as_of:
            day, basis = day or record.expected, "expected"
        if day is None or (basis == "expected" and day <= data_as_of):
            found[None, "unknown", None] += 1
        else:
            last = last_day_of_quarter(day)
            found[quarter_of(day), basis, add_months(last, 18)] += 1
    return found


def further(
    record: Result, history: History, answer: Answer
) -> tuple[str, Event | date | None] | None:
    """Say which suggested analysis could hold a record, and what it would be followed from.

    In this order: a release, where the service is about community sentences and no case
    followed it; the most recent disposal inside the window; a window of twelve months.
    """
    start, months = record.start, answer.settings.window_months
    codes = ("no_sentence_found", "other_disposal", "outside_window")
    if start is None or record.outcome not in codes:
        return None
    last = events.latest_case(history.cases, start)
    released = [e for e in history.releases if e.release and e.release <= start]
    latest = max(released, key=lambda e: e.release or date.min) if released else None
    release = release_event(latest, history) if latest else None
    if release and last and last.proven > release.index_date:
        release = None
    about_sentences = answer.kind[1] == "community_sentence"
    if release and about_sentences and in_window(release.index_date, start, months):
        return "custody_leavers", release
    if record.outcome == "other_disposal" and last and in_window(last.proven, start, months):
        own = next((sentence_event(c) for c in history.community if c.case == last), None)
        custodial = last.index_offence.is_custodial
        return DISPOSALS[last.disposal_type], own or (None if custodial else last.proven)
    return later_window(record, history, answer, release)


def later_window(
    record: Result, history: History, answer: Answer, release: Event | None
) -> tuple[str, Event] | None:
    """Say whether a window of twelve months would hold a record outside the window."""
    if record.outcome != "outside_window" or record.start is None:
        return None
    found = [release] if release and answer.kind[1] != "community_sentence" else []
    last = events.latest_case(history.cases, record.start)
    if answer.kind[1] != "prison_release":
        found += [sentence_event(c) for c in history.community if c.case == last]
    inside = [e for e in found if in_window(e.index_date, record.start, LATER_WINDOW)]
    if not inside:
        return None
    return "window_of_12_months", max(inside, key=lambda e: e.index_date)


def would_pass(
    record: Result,
    origin: Event | date | None,
    months: int,
    history: History,
    register: Register,
    settings: Settings,
) -> bool:
    """Say whether the rules that remain would let a record through, from some origin."""
    if origin is None or record.start is None:
        return False
    index = origin if isinstance(origin, date) else origin.index_date
    if isinstance(origin, date):
        case = next(c for c in reversed(history.cases) if c.proven == index)
        offence = case.index_offence
    else:
        offence = origin.offence if origin.offence else None
    delay = (record.start - index).days
    after = events.follow_up(history.rows, index)
    return (
        in_window(index, record.start, months)
        and not history.has_sex_offence(settings.sex_offence_scope, index, offence)
        and not any(day < delay for day in after.days)
        and add_months(index, 18) <= register.zone.data_to
    )


def suggested_analyses(answer: Answer, register: Register) -> dict[str, tuple[int, int]]:
    """Count whom suggested analyses could hold: people, and those of them who would be analysed."""
    people: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for record in answer.records:
        if record.pnc_id is None:
            continue
        history = register.histories[record.pnc_id]
        found = further(record, history, answer)
        if found is None:
            continue
        name, origin = found
        settings = answer.settings
        months = LATER_WINDOW if name == "window_of_12_months" else settings.window_months
        people[name] += 1
        expected[name] += would_pass(record, origin, months, history, register, settings)
    return {name: (people[name], expected[name]) for name in people}
