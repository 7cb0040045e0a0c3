"""Who comes to a service, when, and what would have become of them.

For every class of the waterfall the planner proposes (case, start) pairs from the simulated
register, keeps those that the rulebook puts in that class, and draws the wanted number of people.
The people who are analysed are drawn with probabilities that depend on their covariates, with
curved and joint terms that no score linear in the covariates can represent (`inclination`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.columns import Float, stack, take
from justice_data_lab.sample.days import NEVER, Int, add_months, day
from justice_data_lab.sample.people import FEMALE, YEAR, Bool, People, overlaps
from justice_data_lab.sample.rulebook import RANK, Rulebook
from justice_data_lab.sample.settings import REOFFENDING_DATA_TO, RequestPlan

_AT_MOST = 60_000
_LATEST_COMPLETE_INDEX = day("2011-06-30")


class SampleError(Exception):
    """The sample cannot be made; the message says what to do."""


@dataclass(frozen=True)
class Chosen:
    """One row a person whom a request means: the record that is to be kept."""

    person: Int
    row: Int
    start: Int
    outcome: npt.NDArray[np.int8]


def inclination(people: People, book: Rulebook, row: Int, request_id: str) -> Float:
    """Log of how much sooner somebody comes to the service than somebody else."""
    cases = book.cases
    who, proven = cases.person[row], cases.proven_date[row]
    older = ((cases.index_date[row] - people.birth[who]) / YEAR - 32) / 10
    earlier = np.log1p(cases.earlier[row])
    low, high = proven - np.int32(30), proven - np.int32(1)
    job = overlaps(people.job_start[who], people.job_end[who], low, high)
    claim = overlaps(people.claim_start[who], people.claim_end[who], low, high)
    woman = people.sex[who] == FEMALE
    theft = codes.CODE_GROUP[cases.code[row]] == codes.THEFT
    score = 0.30 * claim - 0.35 * job + 0.25 * earlier - 0.25 * older**2
    score = score + 0.35 * (claim & theft) - 0.30 * (job & (older > 0)) + 0.25 * woman
    if request_id == "foundation":
        growth = 0.30 * ((cases.index_date[row] - day("2008-07-01")) / YEAR)
        return np.asarray(score + 0.25 * (woman & claim) + growth)
    return np.asarray(score - 0.20 * older * earlier)


def _between(rng: np.random.Generator, low: Int, high: Int) -> Int:
    """Draw a day from low to high, with some weight on both ends."""
    draw = rng.random(low.size)
    inside = low + np.floor(rng.random(low.size) * (high - low + 1)).astype(np.int32)
    edged = np.where(draw < 0.03, low, np.where(draw > 0.97, high, inside))
    return np.where(high >= low, edged, NEVER).astype(np.int32)


class Planner:
    """Draws the people of one request, class by class, nobody twice."""

    def __init__(
        self,
        rng: np.random.Generator,
        plan: RequestPlan,
        people: People,
        book: Rulebook,
        used: Bool,
    ) -> None:
        """Take note of who is already used; `used` is changed as people are drawn."""
        self.rng, self.plan, self.people, self.book, self.used = rng, plan, people, book, used
        self.is_first = book.first_community(plan.first_since, plan.index_from, plan.index_to)
        self.has_event = np.zeros(used.size, dtype=np.bool_)
        inside = self._indexed(plan.index_from, plan.index_to)
        self.has_event[book.cases.person[inside]] = True

    def choose(self) -> Chosen:
        """Draw all people of the request.

        The analysed come before those who re-offended early: drawn after them, they would be people
        who happened to re-offend less, and their doubles would not be.
        """
        counts = self.plan.classes
        within = self.plan.other_disposal_within_window
        referred = self.plan.referred_before_sentence
        drawn = [
            self._draw("sex_offence", self._soon(self._sexual()), counts["sex_offence"]),
            self._draw("analysed", self._soon(self._eligible()), counts["analysed"]),
            self._draw("reoffended_before_start", self._after_offence(), None),
            self._draw("outside_window", self._before_order(), referred),
            self._draw("outside_window", self._late(), counts["outside_window"] - referred),
            self._draw("no_sentence_found", self._too_early(), None),
            self._draw("other_disposal", self._other(within_window=True), within),
            self._draw(
                "other_disposal",
                self._other(within_window=False),
                counts["other_disposal"] - within,
            ),
        ]
        if "incomplete_follow_up" in counts:
            drawn.append(self._draw("incomplete_follow_up", self._soon(self._recent()), None))
            drawn.append(self._draw("after_data_period", self._after_data(), None))
        return stack(drawn)

    def _draw(self, name: str, proposals: tuple[Int, Int], count: int | None) -> Chosen:
        wanted = self.plan.classes[name] if count is None else count
        row, start = proposals
        person = self.book.cases.person[row]
        fits = (start < NEVER) & ~self.used[person]
        fits &= self.book.outcome(person, start) == RANK[name]
        if name != "no_sentence_found":
            fits &= self.book.latest_case(person, start) == row
        if name not in ("incomplete_follow_up", "after_data_period"):
            fits &= (start >= self.plan.other_from) & (start <= self.plan.other_to)
        if name not in ("sex_offence", "analysed"):
            fits &= ~self.people.is_sexual[person] | (name == "other_disposal")
        row, start, person = row[fits], start[fits], person[fits]
        luck = self.rng.gumbel(size=row.size)
        if name in ("analysed", "reoffended_before_start"):
            luck += inclination(self.people, self.book, row, self.plan.request_id)
        order = np.argsort(-luck, kind="stable")
        _, first = np.unique(person[order], return_index=True)
        keep = order[np.sort(first)[:wanted]]
        if keep.size < wanted:
            raise SampleError(
                f"only {keep.size} of {wanted} people for {name} of {self.plan.request_id}: "
                "ask for more --people or another --seed"
            )
        self.used[person[keep]] = True
        return Chosen(
            person=person[keep],
            row=row[keep].astype(np.int32),
            start=start[keep],
            outcome=np.full(wanted, RANK[name], dtype=np.int8),
        )

    def _some(self, mask: Bool) -> Int:
        rows = np.flatnonzero(mask)
        if rows.size > _AT_MOST:
            rows = np.sort(self.rng.choice(rows, size=_AT_MOST, replace=False))
        return rows.astype(np.int32)

    def _indexed(self, low: int, high: int) -> Bool:
        result: Bool = (self.book.cases.index_date >= low) & (self.book.cases.index_date <= high)
        return result & self.book.is_community

    def _eligible(self) -> Bool:
        return self.is_first & ~self.people.is_sexual[self.book.cases.person]

    def _sexual(self) -> Bool:
        return self._indexed(self.plan.other_from, self.plan.index_to) & self.book.is_sexual

    def _recent(self) -> Bool:
        free = ~self.has_event[self.book.cases.person]
        return self._indexed(_LATEST_COMPLETE_INDEX + 1, REOFFENDING_DATA_TO) & free

    def _soon(self, mask: Bool) -> tuple[Int, Int]:
        """Propose starts in the six months from the index date, most of them in the first ones."""
        row = self._some(mask)
        index_date = self.book.cases.index_date[row]
        last = self.book.window_end[row] - 1
        delay = np.floor(184 * self.rng.beta(1.1, 2.0, size=row.size)).astype(np.int32)
        draw = self.rng.random(row.size)
        start = np.where(draw < 0.01, index_date, np.where(draw > 0.99, last, index_date + delay))
        return row, np.minimum(start, last).astype(np.int32)

    def _after_offence(self) -> tuple[Int, Int]:
        row = self._some(self._eligible() & (self.book.next_offence < NEVER))
        latest = np.minimum(self.book.next_proven[row], self.book.window_end[row]) - 1
        return row, _between(self.rng, self.book.next_offence[row] + 1, latest)

    def _late(self) -> tuple[Int, Int]:
        row = self._some(self._eligible())
        low = self.book.window_end[row]
        high = np.minimum(self.book.next_proven[row] - 1, low + 900)
        return row, _between(self.rng, low, np.minimum(high, np.int32(self.plan.other_to)))

    def _before_order(self) -> tuple[Int, Int]:
        row = self._some(self._eligible())
        cases = self.book.cases
        return row, _between(self.rng, cases.proven_date[row], cases.index_date[row] - 1)

    def _too_early(self) -> tuple[Int, Int]:
        cases = self.book.cases
        known = (cases.proven_date > self.plan.other_from) & (
            cases.proven_date < self.plan.other_to + 600
        )
        row = self._some(self.book.is_first & known & ~self.has_event[cases.person])
        high = cases.proven_date[row] - 1
        return row, _between(self.rng, high - 600, high)

    def _other(self, *, within_window: bool) -> tuple[Int, Int]:
        cases = self.book.cases
        mask = ~self.book.is_community & ~self.has_event[cases.person]
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
        return row, _between(self.rng, low, np.minimum(high, np.int32(self.plan.other_to)))

    def _after_data(self) -> tuple[Int, Int]:
        cases = self.book.cases
        known = (cases.proven_date > REOFFENDING_DATA_TO - 400) & (
            cases.proven_date < REOFFENDING_DATA_TO + 150
        )
        row = self._some(known & ~self.has_event[cases.person])
        low = np.maximum(cases.proven_date[row], np.int32(REOFFENDING_DATA_TO + 1))
        return row, _between(self.rng, low, low + np.int32(60))


def extra_starts(
    rng: np.random.Generator, plan: RequestPlan, book: Rulebook, chosen: Chosen
) -> Chosen:
    """Further records of some people, each of which gets no further than the one to be kept.

    A candidate start is good if its record ends earlier in the rules, or in the same class with a
    later start; the plain copy of the kept record is what remains where no candidate is good.
    """
    wanted = np.concatenate(
        [
            np.flatnonzero(chosen.outcome == RANK[name])[:count]
            for name, count in plan.repeats.items()
        ]
    )
    third = rng.permutation(wanted)[: plan.extra_records - wanted.size]
    copy = take(chosen, np.concatenate([wanted, third]))
    start = copy.start.copy()
    settled = np.zeros(start.size, dtype=np.bool_)
    for _ in range(12):
        shift = rng.integers(20, 900, size=start.size, dtype=np.int32)
        later = copy.start + np.where(rng.random(start.size) < 0.55, shift, -shift)
        later = later.astype(np.int32)
        outcome = book.outcome(copy.person, later)
        good = (outcome < copy.outcome) | ((outcome == copy.outcome) & (later > copy.start))
        good &= (later >= plan.other_from) & (later <= plan.other_to) & ~settled
        start[good] = later[good]
        settled |= good
    return Chosen(
        person=copy.person,
        row=book.latest_case(copy.person, start).astype(np.int32),
        start=start,
        outcome=book.outcome(copy.person, start),
    )


def count_by_outcome(outcome: npt.NDArray[Any]) -> Mapping[str, int]:
    """How many rows there are of each outcome."""
    return {name: int((outcome == rank).sum()) for name, rank in RANK.items()}
