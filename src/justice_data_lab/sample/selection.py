"""Who comes to a service, when, and what would have become of them.

For every class of the waterfall the planner proposes (case, start) pairs from the simulated
register, keeps those that the rulebook puts in that class, and draws the wanted number of people.
The people who are analysed are drawn with probabilities that depend on their covariates, with
curved and joint terms that no score linear in the covariates can represent (`inclination`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.careers import work_before
from justice_data_lab.sample.columns import Float, stack, take
from justice_data_lab.sample.days import NEVER, Int, day
from justice_data_lab.sample.people import FEMALE, YEAR, Bool, People
from justice_data_lab.sample.proposals import Proposals, Starts
from justice_data_lab.sample.rulebook import RANK, Rulebook
from justice_data_lab.sample.settings import RequestPlan

_AT_ANY_TIME = (
    "after_data_period",
    "still_in_custody",
    "ambiguous_release",
    "incomplete_follow_up",
)
_NO_ONE_EVENT = ("no_sentence_found", "ambiguous_release")


class SampleError(Exception):
    """The sample cannot be made; the message says what to do."""


@dataclass(frozen=True)
class Chosen:
    """One row per person whom a request means: the record that is to be kept.

    `row` is the case that is meant, `end` the service's last day (`NEVER` where any will do).
    """

    person: Int
    row: Int
    start: Int
    end: Int
    outcome: npt.NDArray[np.int8]


def inclination(people: People, book: Rulebook, row: Int, request_id: str) -> Float:
    """Log of how much sooner somebody comes to the service than somebody else."""
    cases = book.cases
    who = cases.person[row]
    older = ((cases.index_date[row] - people.birth[who]) / YEAR - 32) / 10
    earlier = np.log1p(cases.earlier[row])
    job, claim = work_before(people, take(cases, row))
    woman = people.sex[who] == FEMALE
    theft = codes.CODE_GROUP[cases.code[row]] == codes.THEFT
    score = 0.30 * claim - 0.35 * job + 0.25 * earlier - 0.25 * older**2
    score = score + 0.35 * (claim & theft) - 0.30 * (job & (older > 0)) + 0.25 * woman
    if request_id == "foundation":
        growth = 0.30 * ((cases.index_date[row] - day("2008-07-01")) / YEAR)
        return np.asarray(score + 0.25 * (woman & claim) + growth)
    if request_id == "keel_families":
        score = score + 1.2 * book.is_custody[row]
    return np.asarray(score - 0.20 * older * earlier)


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
        self.propose = Proposals(rng, plan, people, book)

    def choose(self) -> Chosen:
        """Draw all people of the request.

        The analysed come before those who re-offended early: drawn after them, they would be people
        who happened to re-offend less.
        """
        counts = self.plan.classes
        inside = counts if self.plan.route == "custody" else self.plan.inside
        drawn = [
            self._draw(name, propose(), inside[name])
            for name, propose in self.propose.inside().items()
            if inside.get(name)
        ]
        for name, propose, wanted in self._outside(inside):
            if wanted:
                drawn.append(self._draw(name, propose(), wanted))
        return stack(drawn)

    def _outside(self, inside: Mapping[str, int]) -> list[tuple[str, Callable[[], Starts], int]]:
        """Classes of people who are met in the community, what to propose, and how many of them."""
        plan, propose = self.plan, self.propose
        left = {name: wanted - inside.get(name, 0) for name, wanted in plan.classes.items()}
        within, referred = plan.other_disposal_within_window, plan.referred_before_sentence
        late = left.get("outside_window", 0) - referred
        beyond = left.get("other_disposal", 0) - within
        return [
            ("sex_offence", propose.sexual, left.get("sex_offence", 0)),
            ("analysed", propose.eligible, left.get("analysed", 0)),
            (
                "reoffended_before_start",
                propose.after_offence,
                left.get("reoffended_before_start", 0),
            ),
            ("outside_window", propose.before_order, referred),
            ("outside_window", propose.late, late),
            ("no_sentence_found", propose.too_early, left.get("no_sentence_found", 0)),
            ("other_disposal", propose.other_within, within),
            ("other_disposal", propose.other_beyond, beyond),
            ("incomplete_follow_up", propose.recent, left.get("incomplete_follow_up", 0)),
            ("after_data_period", propose.after_data, left.get("after_data_period", 0)),
        ]

    def _draw(self, name: str, proposals: Starts, wanted: int) -> Chosen:
        row, start, end = proposals
        person = self.book.cases.person[row]
        fits = (start < NEVER) & ~self.used[person]
        meant, outcome = self.book.judge(person, start, end, self.plan.route)
        fits &= outcome == RANK[name]
        if name not in _NO_ONE_EVENT:
            fits &= meant == row
        if name not in _AT_ANY_TIME:
            fits &= (start >= self.plan.other_from) & (start <= self.plan.other_to)
        if name not in ("sex_offence", "analysed"):
            fits &= ~self.people.is_sexual[person] | (name == "other_disposal")
        row, start, end, person = row[fits], start[fits], end[fits], person[fits]
        luck = self.rng.gumbel(size=row.size)
        if name in ("analysed", "reoffended_before_start"):
            luck += inclination(self.people, self.book, row, self.plan.request_id)
        keep = first_starts(person, start, luck, wanted)
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
            end=end[keep],
            outcome=np.full(wanted, RANK[name], dtype=np.int8),
        )


def first_starts(person: Int, start: Int, luck: Float, wanted: int) -> npt.NDArray[np.int64]:
    """Rows of the luckiest people, each with the earliest of their starts that are lucky enough.

    So whether somebody starts after one event never depends on events that came later.
    """
    order = np.argsort(-luck, kind="stable")
    _, first = np.unique(person[order], return_index=True)
    lucky = order[: np.sort(first)[:wanted].max(initial=-1) + 1]
    lucky = lucky[np.lexsort((lucky, start[lucky]))]
    _, earliest = np.unique(person[lucky], return_index=True)
    return lucky[earliest]


def extra_starts(
    rng: np.random.Generator, plan: RequestPlan, book: Rulebook, chosen: Chosen
) -> Chosen:
    """Further records of some people, each of which gets no further than the one to be kept.

    A candidate start is good if its record ends earlier in the rules, or in the same class with a
    later start; the plain copy of the kept record is what remains where no candidate is good.
    """
    wanted = np.concatenate(
        [
            np.zeros(0, dtype=np.int64),
            *(
                np.flatnonzero(chosen.outcome == RANK[name])[:count]
                for name, count in plan.repeats.items()
            ),
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
        _, outcome = book.judge(copy.person, later, _moved(copy, later), plan.route)
        good = (outcome < copy.outcome) | ((outcome == copy.outcome) & (later > copy.start))
        good &= (later >= plan.other_from) & (later <= plan.other_to) & ~settled
        start[good] = later[good]
        settled |= good
    end = _moved(copy, start)
    row, outcome = book.judge(copy.person, start, end, plan.route)
    return Chosen(
        person=copy.person, row=row.astype(np.int32), start=start, end=end, outcome=outcome
    )


def _moved(chosen: Chosen, start: Int) -> Int:
    """Return the ends of services of the same length from other starts."""
    moved = start + (chosen.end - chosen.start)
    return np.where(chosen.end < NEVER, moved, NEVER).astype(np.int32)
