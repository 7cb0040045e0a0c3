"""Where each class of the waterfall is looked for: cases, and services that might go with them.

Every method returns cases with a start and an end for each; the planner keeps those that the
rulebook puts in the class. Ends matter for services in custody only and are `NEVER` elsewhere.
"""

from collections.abc import Callable, Mapping

import numpy as np

from justice_data_lab.sample.days import NEVER, Int, add_months, day
from justice_data_lab.sample.people import Bool, People
from justice_data_lab.sample.rulebook import Rulebook
from justice_data_lab.sample.settings import REOFFENDING_DATA_TO, RequestPlan

Starts = tuple[Int, Int, Int]
_AT_MOST = 60_000
_LATEST_COMPLETE_INDEX = day("2011-06-30")
_AGAIN_FROM = day("2011-01-01")


def _between(rng: np.random.Generator, low: Int, high: Int) -> Int:
    """Draw a day from low to high, with some weight on both ends."""
    draw = rng.random(low.size)
    inside = low + np.floor(rng.random(low.size) * (high - low + 1)).astype(np.int32)
    edged = np.where(draw < 0.03, low, np.where(draw > 0.97, high, inside))
    return np.where(high >= low, edged, NEVER).astype(np.int32)


def _open_ended(row: Int, start: Int) -> Starts:
    return row, start, np.full(row.size, NEVER, dtype=np.int32)


class Proposals:
    """Proposes cases and services for the classes of one request."""

    def __init__(
        self,
        rng: np.random.Generator,
        plan: RequestPlan,
        people: People,
        book: Rulebook,
    ) -> None:
        """Note which cases are index events of the request, and who has one in its years."""
        self.rng, self.plan, self.people, self.book = rng, plan, people, book
        self.is_event = book.is_event(plan.route)
        self.in_years = self._indexed(plan.index_from, plan.index_to)
        self.has_event = np.zeros(people.birth.size, dtype=np.bool_)
        self.has_event[book.cases.person[self.in_years]] = True

    def inside(self) -> Mapping[str, Callable[[], Starts]]:
        """Classes of people whom a service meets in custody, in the order of drawing."""
        released = self.book.cases.index_date
        free = ~self.has_event[self.book.cases.person]
        held = released > REOFFENDING_DATA_TO
        return {
            "sex_offence": lambda: self._stay(self._sexual()),
            "analysed": lambda: self._stay(self._eligible()),
            "no_sentence_found": self._not_in_custody,
            "still_in_custody": lambda: self._stay(held & free, until=REOFFENDING_DATA_TO),
            "ambiguous_release": self._two_stays,
            "incomplete_follow_up": lambda: self._stay(self._recent()),
            "after_data_period": lambda: self._stay(held & free, since=REOFFENDING_DATA_TO + 1),
        }

    def _some(self, mask: Bool) -> Int:
        rows = np.flatnonzero(mask)
        if rows.size > _AT_MOST:
            rows = np.sort(self.rng.choice(rows, size=_AT_MOST, replace=False))
        return rows.astype(np.int32)

    def _indexed(self, low: int, high: int) -> Bool:
        result: Bool = (self.book.cases.index_date >= low) & (self.book.cases.index_date <= high)
        return result & self.is_event

    def _eligible(self) -> Bool:
        return self.in_years & ~self.people.is_sexual[self.book.cases.person]

    def _sexual(self) -> Bool:
        return self._indexed(self.plan.other_from, self.plan.index_to) & self.book.is_sexual

    def _recent(self) -> Bool:
        free = ~self.has_event[self.book.cases.person]
        return self._indexed(_LATEST_COMPLETE_INDEX + 1, REOFFENDING_DATA_TO) & free

    def _stay(self, mask: Bool, since: int = -int(NEVER), until: int = int(NEVER)) -> Starts:
        """Propose services that start during a stay and end in it, or soon after the gate."""
        row = self._some(mask & self.book.is_custody)
        cases, size = self.book.cases, row.size
        received = cases.proven_date[row] - cases.remand_days[row]
        low = np.maximum(received, np.int32(since))
        start = _between(self.rng, low, np.minimum(cases.index_date[row], np.int32(until)))
        gate = self.plan.route == "through_the_gate"
        after = self.rng.integers(0, 60 if gate else 1, size=size, dtype=np.int32)
        last = np.minimum(cases.index_date[row] + after, start + np.int32(150))
        last = np.minimum(last, np.int32(self.plan.end_to))
        end = start + np.floor(self.rng.random(size) * (last - start + 1)).astype(np.int32)
        return row, start, np.maximum(start, end).astype(np.int32)

    def _two_stays(self) -> Starts:
        """Propose services that run from one stay into the next."""
        cases, stays = self.book.cases, self.book.stays
        pair = np.flatnonzero(cases.person[stays[1:]] == cases.person[stays[:-1]])
        row, then = stays[pair].astype(np.int32), stays[pair + 1]
        low = np.maximum((cases.proven_date - cases.remand_days)[row], np.int32(_AGAIN_FROM))
        high = np.minimum(cases.index_date[row], np.int32(REOFFENDING_DATA_TO))
        start = _between(self.rng, low, high)
        start[self.has_event[cases.person[row]]] = NEVER
        low = (cases.proven_date - cases.remand_days)[then]
        high = np.minimum(cases.index_date[then], np.int32(self.plan.end_to))
        end = _between(self.rng, low, high)
        start[end >= NEVER] = NEVER
        return row, start, end

    def _not_in_custody(self) -> Starts:
        """Propose services while somebody who had no release in these years was free."""
        cases = self.book.cases
        row = self._some(self.book.is_first & ~self.has_event[cases.person])
        size, plan = row.size, self.plan
        start = self.rng.integers(plan.other_from, plan.other_to, size=size, dtype=np.int32)
        end = start + self.rng.integers(10, 150, size=size, dtype=np.int32)
        return row, start, end

    def sexual(self) -> Starts:
        """Propose services after a sexual index offence."""
        return self._soon(self._sexual())

    def eligible(self) -> Starts:
        """Propose services after an index event of the request's years."""
        return self._soon(self._eligible())

    def recent(self) -> Starts:
        """Propose services after an index event that cannot be followed for long enough."""
        return self._soon(self._recent())

    def _soon(self, mask: Bool) -> Starts:
        """Propose starts in the six months from the index date, most of them in the first ones."""
        row = self._some(mask)
        index_date = self.book.cases.index_date[row]
        last = self.book.window_end[row] - 1
        delay = np.floor(184 * self.rng.beta(1.1, 2.0, size=row.size)).astype(np.int32)
        draw = self.rng.random(row.size)
        start = np.where(draw < 0.01, index_date, np.where(draw > 0.99, last, index_date + delay))
        return _open_ended(row, np.minimum(start, last).astype(np.int32))

    def after_offence(self) -> Starts:
        """Propose starts between a re-offence and the day it was proven."""
        row = self._some(self._eligible() & (self.book.next_offence < NEVER))
        latest = np.minimum(self.book.next_proven[row], self.book.window_end[row]) - 1
        return _open_ended(row, _between(self.rng, self.book.next_offence[row] + 1, latest))

    def late(self) -> Starts:
        """Propose starts six months or more after the index date."""
        row = self._some(self._eligible())
        low = self.book.window_end[row]
        high = np.minimum(self.book.next_proven[row] - 1, low + 900)
        high = np.minimum(high, np.int32(self.plan.other_to))
        return _open_ended(row, _between(self.rng, low, high))

    def before_order(self) -> Starts:
        """Propose starts between the day a sentence was proven and the start of its order."""
        row = self._some(self._eligible() & self.book.is_community)
        cases = self.book.cases
        start = _between(self.rng, cases.proven_date[row], cases.index_date[row] - 1)
        return _open_ended(row, start)

    def too_early(self) -> Starts:
        """Propose starts before a person's first case."""
        cases = self.book.cases
        known = (cases.proven_date > self.plan.other_from) & (
            cases.proven_date < self.plan.other_to + 600
        )
        row = self._some(self.book.is_first & known & ~self.has_event[cases.person])
        high = cases.proven_date[row] - 1
        return _open_ended(row, _between(self.rng, high - 600, high))

    def other_within(self) -> Starts:
        """Propose starts within six months of a case of another kind."""
        return self._other(within_window=True)

    def other_beyond(self) -> Starts:
        """Propose starts six months or more after a case of another kind."""
        return self._other(within_window=False)

    def _other(self, *, within_window: bool) -> Starts:
        cases = self.book.cases
        mask = ~self.is_event & ~self.has_event[cases.person]
        mask &= (cases.proven_date >= self.plan.other_from - 1500) & (
            cases.proven_date <= self.plan.other_to
        )
        row = self._some(mask)
        edge = add_months(cases.proven_date[row], 6)
        low = np.maximum(
            cases.proven_date[row] if within_window else edge, np.int32(self.plan.other_from)
        )
        high = edge - 1 if within_window else edge + 1200
        high = np.minimum(high, self.book.next_proven[row] - 1)
        high = np.minimum(high, np.int32(self.plan.other_to))
        return _open_ended(row, _between(self.rng, low, high))

    def after_data(self) -> Starts:
        """Propose starts after the end of the re-offending data."""
        cases = self.book.cases
        known = (cases.proven_date > REOFFENDING_DATA_TO - 400) & (
            cases.proven_date < REOFFENDING_DATA_TO + 150
        )
        row = self._some(known & ~self.has_event[cases.person])
        low = np.maximum(cases.proven_date[row], np.int32(REOFFENDING_DATA_TO + 1))
        return _open_ended(row, _between(self.rng, low, low + np.int32(60)))
