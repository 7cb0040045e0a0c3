"""Section 4: the control pool of an analysis."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
        days = [(add_months(index, months) - timedelta(days=1) - index).days]
        if self.follow_up.first is not None:
            days.append(self.follow_up.first)
        for lost in (self.loss, self.next_event if about_either else None):
            if lost is not None:
                days.append((lost - index).days - 1)
        return min(days)


@dataclass(frozen=True)
class Wanted:
    """What an analysis asks of its pool: kinds with the treated's days, scope, who is left out."""

    treated: dict[str, list[date]]
    left_out: frozenset[str]
    scope: str = "ever"
    fits: Callable[[Candidate], bool] = lambda _: True


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


def qualifies(candidate: Candidate, wanted: Wanted) -> bool:
    """Say whether an event may stand in the pool of an analysis."""
    days = wanted.treated.get(candidate.event.event_type)
    return (
        bool(days)
        and in_quarters(candidate, days or [])
        and candidate.is_followed
        and candidate.is_in_force
        and wanted.scope not in candidate.sexual_scopes
        and candidate.pnc_id not in wanted.left_out
        and wanted.fits(candidate)
    )


def choose(candidates: Iterable[Candidate], wanted: Wanted) -> dict[str, Candidate]:
    """Choose the pool, one event a person, by its natural key.

    Reading: the smallest md5 is taken among the person's events that qualify for this
    analysis, quarter included, of whichever type the analysis has treated people of.
    """
    chosen: dict[str, Candidate] = {}
    for candidate in candidates:
        if qualifies(candidate, wanted):
            known = chosen.get(candidate.pnc_id)
            if known is None or digest(candidate.event.key) < digest(known.event.key):
                chosen[candidate.pnc_id] = candidate
    return {candidate.event.key: candidate for candidate in chosen.values()}
