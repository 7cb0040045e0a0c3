"""Section 4: the control pool of a request and event type."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import events
from .eligibility import History
from .text import add_months, quarter


@dataclass(frozen=True)
class Control:
    """One event of one person that may stand in the pool."""

    pnc_id: str
    event_type: str
    key: str
    index_date: date
    last_day: int
    next_event: date | None = None


def last_day(history: History, index: date, loss: date | None) -> int:
    """Give a control's last day at risk.

    The least of the day of the first re-offence, the day before the event was lost to
    a later case, and the last day of the six-month window.
    """
    window = (add_months(index, 6) - timedelta(days=1) - index).days
    first = events.follow_up(history.rows, index).first
    candidates = [window]
    if first is not None:
        candidates.append(first)
    if loss is not None:
        candidates.append((loss - index).days - 1)
    return min(candidates)


def loss_of_event(history: History, kind: str, index: date) -> date | None:
    """Give the first day after the index date from which another event would be meant.

    A later case is proven; for a release, a later release too (rule 7: the latest release).
    """
    later = [case.proven for case in history.cases if case.proven > index]
    if kind == "prison_release":
        later += [e.release for e in history.releases if e.release and e.release > index]
    return min(later) if later else None


def person_events(pnc_id: str, history: History, data_to: date) -> list[Control]:
    """List a person's qualifying events, before any re-offending is looked at.

    Complete follow-up, no sex offence (`ever`), and still in force on its own index date:
    for a community sentence its case is the most recent one on that date; a release
    always is (no case can be proven after it and on or before it).
    """
    if history.is_sex_offender:
        return []
    found = [
        ("community_sentence", c.case.case_id, c.index_date)
        for c in history.community
        if events.latest_case(history.cases, c.index_date) == c.case
    ]
    found += [("prison_release", e.key, e.release) for e in history.releases if e.release]
    dates = [c.index_date for c in history.community]
    dates += [e.release for e in history.releases if e.release]
    return [
        Control(
            pnc_id,
            kind,
            key,
            day,
            last_day(history, day, loss_of_event(history, kind, day)),
            min((later for later in dates if later > day), default=None),
        )
        for kind, key, day in found
        if add_months(day, 18) <= data_to
    ]


def all_events(histories: dict[str, History], data_to: date) -> list[Control]:
    """List the qualifying events of everybody."""
    return [
        event
        for pnc_id, history in histories.items()
        for event in person_events(pnc_id, history, data_to)
    ]


def digest(key: str) -> str:
    """Give the md5 of a natural key in hexadecimal."""
    return hashlib.md5(key.encode("utf-8"), usedforsecurity=False).hexdigest()


def until_the_next(control: Control) -> Control:
    """Cut a control's days at risk at its next event of any kind (rule 7: the latest of both)."""
    if control.next_event is None:
        return control
    before = (control.next_event - control.index_date).days - 1
    return replace(control, last_day=min(control.last_day, before))


def choose(
    candidates: Iterable[Control],
    treated: dict[str, list[date]],
    left_out: set[str],
    about_either: bool = False,
) -> dict[str, dict[str, Control]]:
    """Choose the pool by event type: quarters of the treated, nobody reached, one event a person.

    Reading: the smallest md5 is taken among the person's events that qualify for this request,
    quarter included, of whichever type the request has treated people of.
    """
    spans = {
        kind: (quarter(min(days)), quarter(max(days))) for kind, days in treated.items() if days
    }
    chosen: dict[str, Control] = {}
    for event in candidates:
        if event.event_type not in spans or event.pnc_id in left_out:
            continue
        first, last = spans[event.event_type]
        if not first <= quarter(event.index_date) <= last:
            continue
        known = chosen.get(event.pnc_id)
        if known is None or digest(event.key) < digest(known.key):
            chosen[event.pnc_id] = event
    pools: dict[str, dict[str, Control]] = {kind: {} for kind in spans}
    for event in chosen.values():
        pools[event.event_type][event.key] = until_the_next(event) if about_either else event
    return pools
