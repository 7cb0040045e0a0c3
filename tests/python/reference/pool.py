"""Section 4: the control pool of an analysis."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import events
from .eligibility import Event, History, release_event, sentence_event
from .events import FollowUp
from .text import add_months, quarter


@dataclass(frozen=True)
class Candidate:
    """One event of one person, with what decides whether it may stand in a pool."""

    pnc_id: str
    event: Event
    follow_up: FollowUp
    is_followed: bool
    is_in_force: bool
    loss: date | None = None
    next_event: date | None = None
    sexual_scopes: frozenset[str] = frozenset()

    def last_day(self, months: int, about_either: bool = False) -> int:
        """Give the last day at risk.

        The least of the day of the first re-offence, the day before the event was lost to a
        later case, and the last day of the window; where a request is about either kind
        (rule 7: the latest of both) also the day before the next event of any kind.
        """
        index = self.event.index_date
        days = [window_last_day(index, months)]
        if self.follow_up.first is not None:
            days.append(self.follow_up.first)
        for lost in (self.loss, self.next_event if about_either else None):
            if lost is not None:
                days.append((lost - index).days - 1)
        return min(days)


@dataclass(frozen=True)
class OwnService:
    """What is known of the service of somebody whom the request linked.

    `start` is the earliest usable service date of the person's records, repeats and excluded ones
    too; `before` is the day before which the person's events stay: the treated event's index date
    of an eligible person, else the start.
    """

    start: date
    before: date

    def last_day(self, index: date) -> int:
        """Give the last day after an index date before the service; below 0 where it had begun."""
        return (self.start - index).days - 1


@dataclass(frozen=True)
class Wanted:
    """What an analysis asks of its pool, and what it knows of the people of its request.

    `treated` are the days of the treated's events by kind, `in_doubt` the people whom a record
    is in review about or could ambiguously mean, `elsewhere` those whom another request linked.
    """

    treated: dict[str, list[date]]
    in_doubt: frozenset[str] = frozenset()
    own_services: dict[str, OwnService] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    scope: str = "ever"
    in_regions: Callable[[Candidate], bool] = lambda _: True
    fits: Callable[[Candidate], bool] = lambda _: True
    condition: str = "risk_set"
    window_months: int = 6
    is_about_either: bool = False

    def window_last_day(self, candidate: Candidate) -> int:
        """Give the last day of the window after an event."""
        return window_last_day(candidate.event.index_date, self.window_months)

    def own_last_day(self, candidate: Candidate) -> int | None:
        """Give the last day before the person's own service; null for people of no record."""
        own = self.own_services.get(candidate.pnc_id)
        return own.last_day(candidate.event.index_date) if own else None

    def last_day(self, candidate: Candidate) -> int:
        """Give the last day at risk: the usual one, or the day before the own service."""
        usual = candidate.last_day(self.window_months, self.is_about_either)
        own = self.own_last_day(candidate)
        return usual if own is None else min(usual, own)

    def is_of_the_kind(self, candidate: Candidate) -> bool:
        """Say whether an event is of a kind of the treated, within the quarters of that kind."""
        days = self.treated.get(candidate.event.event_type)
        return bool(days) and in_quarters(candidate, days or [])

    def is_before_own_service(self, candidate: Candidate) -> bool:
        """Say whether an event of a person of the request is early enough to stay."""
        own = self.own_services.get(candidate.pnc_id)
        return own is None or candidate.event.index_date < own.before

    def is_clear_of_own_service(self, candidate: Candidate) -> bool:
        """Say whether a person of the request can stand for anybody before the own service.

        With delays: for at least a day. Under `fixed`: up to the last day of the window. Reading: a
        service that began on or before the index date leaves no such day under any condition (an
        event *before* the own start stays in full).
        """
        own = self.own_last_day(candidate)
        if own is None:
            return True
        return own >= (self.window_last_day(candidate) if self.condition == "fixed" else 0)

    def is_free_of_reoffending(self, candidate: Candidate) -> bool:
        """Say whether there is no re-offence within the window; it matters under `fixed` alone."""
        first = candidate.follow_up.first
        if self.condition != "fixed" or first is None:
            return True
        return first > self.window_last_day(candidate)


Rule = Callable[[Candidate, Wanted], bool]


def window_last_day(index: date, months: int) -> int:
    """Give the last day of a window of calendar months, in days after the index date."""
    return (add_months(index, months) - timedelta(days=1) - index).days


def loss_of_event(history: History, kind: str, index: date) -> date | None:
    """Give the first day after the index date from which another event would be meant.

    A later case is proven; for a release, a later release too (rule 7: the latest release).
    """
    later = [case.proven for case in history.cases if case.proven > index]
    if kind == "prison_release":
        later += [e.release for e in history.releases if e.release and e.release > index]
    return min(later) if later else None


def is_in_force(event: Event, history: History) -> bool:
    """Say whether the event is still the one meant on its own index date.

    A community sentence: its case is the most recent one on that date. A release always
    is: no case can be proven after it and on or before it.
    """
    if event.event_type == "prison_release":
        return True
    return events.latest_case(history.cases, event.index_date) == event.case


def person_events(pnc_id: str, history: History, data_to: date) -> list[Candidate]:
    """List a person's index events, before any re-offending is looked at."""
    found = [sentence_event(c) for c in history.community]
    found += [release_event(e, history) for e in history.releases]
    dates = [event.index_date for event in found]
    return [
        Candidate(
            pnc_id,
            event,
            events.follow_up(history.rows, event.index_date),
            add_months(event.index_date, 18) <= data_to,
            is_in_force(event, history),
            loss_of_event(history, event.event_type, event.index_date),
            min((later for later in dates if later > event.index_date), default=None),
            frozenset(
                scope
                for scope in ("ever", "ever_before", "index")
                if history.has_sex_offence(scope, event.index_date, event.offence)
            ),
        )
        for event in found
    ]


def all_events(histories: dict[str, History], data_to: date) -> list[Candidate]:
    """List the index events of everybody."""
    return [
        event
        for pnc_id, history in histories.items()
        for event in person_events(pnc_id, history, data_to)
    ]


def digest(key: str) -> str:
    """Give the md5 of a natural key in hexadecimal."""
    return hashlib.md5(key.encode("utf-8"), usedforsecurity=False).hexdigest()


def in_quarters(candidate: Candidate, days: list[date]) -> bool:
    """Say whether an event lies between the treated's first and last quarter."""
    return quarter(min(days)) <= quarter(candidate.event.index_date) <= quarter(max(days))


MEMBERSHIP: dict[str, Rule] = {
    "incomplete_follow_up": lambda c, w: c.is_followed,
    "not_in_force": lambda c, w: c.is_in_force,
    "sex_offence": lambda c, w: w.scope not in c.sexual_scopes,
    "could_be_of_the_request": lambda c, w: c.pnc_id not in w.in_doubt,
    "after_own_service": lambda c, w: w.is_before_own_service(c),
    "other_region": lambda c, w: w.in_regions(c),
    "outside_subgroup": lambda c, w: w.fits(c),
}
CONDITIONS: dict[str, Rule] = {
    "own_service_in_window": lambda c, w: w.is_clear_of_own_service(c),
    "reoffended_in_window": lambda c, w: w.is_free_of_reoffending(c),
}
CLASSES: dict[str, Rule] = {
    "kept_linked_elsewhere": lambda c, w: c.pnc_id in w.elsewhere - w.own_services.keys(),
    "kept_before_own_service": lambda c, w: c.pnc_id in w.own_services,
}


def choose(candidates: Iterable[Candidate], wanted: Wanted) -> dict[str, Candidate]:
    """Choose the pool: every qualifying event, whatever the condition makes of it later."""
    return {
        c.event.key: c
        for c in candidates
        if wanted.is_of_the_kind(c) and all(rule(c, wanted) for rule in MEMBERSHIP.values())
    }


def waterfall(candidates: Iterable[Candidate], wanted: Wanted) -> list[tuple[str, int, int, int]]:
    """Count what each rule removes from the events of the treated's kinds and quarters.

    Rows are step, events of the step, events removed, events left; the classes that stay come
    last, and remove nobody.
    """
    left = [c for c in candidates if wanted.is_of_the_kind(c)]
    rows = [("events_of_the_kind", 0, 0, len(left))]
    for name, rule in {**MEMBERSHIP, **CONDITIONS}.items():
        kept = [c for c in left if rule(c, wanted)]
        removed = len(left) - len(kept)
        rows.append((name, removed, removed, len(kept)))
        left = kept
    for name, rule in CLASSES.items():
        rows.append((name, sum(rule(c, wanted) for c in left), 0, len(left)))
    return rows


def draw_order(candidates: Iterable[Candidate]) -> dict[str, int]:
    """Number all events of each person by the md5 of their natural key, from 1."""
    drawn: Counter[str] = Counter()
    order = {}
    for candidate in sorted(candidates, key=lambda c: digest(c.event.key)):
        drawn[candidate.pnc_id] += 1
        order[candidate.event.key] = drawn[candidate.pnc_id]
    return order
