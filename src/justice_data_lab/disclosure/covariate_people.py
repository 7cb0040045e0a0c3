"""Levels of covariates in all analyses of a request: which of them give a few people away.

The cells are the levels of one covariate times the groups of people who are in the same analyses:
a whole and its parts, or what two subgroups share, are sums of these. Every printed share of every
analysis, and the sizes of the analyses, bound them (``audit``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Final, cast

from justice_data_lab.disclosure.audit import (
    Audit,
    Figure,
    Protected,
    Range,
    count_range,
    share_ranges,
)
from justice_data_lab.disclosure.rounding import in_steps
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import Reason, Row
from justice_data_lab.measures import HEADLINE

STEPS: Final = (0.01, 0.05)
"""Shares (0 to 1) are printed in steps of the first; where that tells too much of the second."""
_NOT: Final = "not "

Cell = tuple[tuple[str, ...], str]
"""The analyses that people are in, and their level."""
Term = tuple[str, str]
"""An analysis, and a covariate or ``covariate: level``."""


def covariate_of(term: str) -> str:
    """Return the covariate of a term such as ``sex: F``."""
    return term.split(":", 1)[0]


class CovariatePeople:
    """The matched treated of one request, by the analyses that they are in and their levels.

    rows: of ``balance_contributors``.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        """Sum up rows of one request."""
        self._people: dict[tuple[tuple[str, ...], str], tuple[int, int]] = {}
        self._numbers: set[str] = set()
        for row in rows:
            key = (tuple(row["analyses"]), str(row["covariate"]))
            self._people[key] = (int(row["people_n"]), int(row["contributors_n"]))
            if not row["is_share"]:
                self._numbers.add(str(row["covariate"]))

    def is_number(self, term: str) -> bool:
        """Say whether a term is the mean of a number, and no share."""
        return term in self._numbers

    @cached_property
    def groups(self) -> list[tuple[str, ...]]:
        """Return the analyses of each group of people."""
        return sorted({analyses for analyses, _ in self._people})

    def suppressed(
        self, shown: Collection[Term], settings: DisclosureSettings
    ) -> tuple[dict[Term, Reason], dict[Term, float]]:
        """Return the terms to suppress of all that would be shown, and those in coarser steps."""
        reasons: dict[Term, Reason] = {}
        coarser: dict[Term, float] = {}
        if settings.is_on:
            for covariate in sorted({covariate_of(term) for _, term in shown}):
                terms = [one for one in shown if covariate_of(one[1]) == covariate]
                hidden, places = self._of_covariate(covariate, terms, settings)
                reasons |= hidden
                coarser |= {t: STEPS[n] for t, n in places.items() if n < len(STEPS)}
                reasons |= {t: "secondary" for t, n in places.items() if n == len(STEPS)}
        return reasons, coarser

    def _of_covariate(
        self, covariate: str, terms: Sequence[Term], settings: DisclosureSettings
    ) -> tuple[dict[Term, Reason], dict[Term, int]]:
        """Return what is hidden for itself, and the place in ``STEPS`` of what gives way."""
        having = {term: self._count(*term) for term in terms}
        people = {term: self._size(covariate, term) for term in terms}
        reasons: dict[Term, Reason] = {}
        for term in terms:
            others = people[term] - having[term]
            fewest = having[term] if self.is_number(term[1]) else min(having[term], others)
            if fewest <= settings.small_count:
                reasons[term] = "primary"
        if self.is_number(covariate):
            return reasons, {}
        levels = self._levels(covariate, {name for _, name in terms})
        cells = [*product(self.groups, levels)]
        audit = Audit(len(cells))
        for analysis in sorted({analysis for analysis, _ in terms}):
            inside = [place for place, (group, _) in enumerate(cells) if analysis in group]
            audit.fixed.append(count_range(inside, self._everybody(analysis, covariate), settings))
        for term in sorted(terms, key=lambda term: (term[0] == HEADLINE, having[term], term)):
            if term not in reasons:
                ranges = [self._ranges(cells, covariate, term, step) for step in STEPS]
                audit.figures.append(Figure(term, ranges))
        audit.protected = [*dict.fromkeys(self._protected(cells, levels))]
        places = audit.given_up(settings, zeros_disclose=True)
        return reasons, cast("dict[Term, int]", places)

    def _levels(self, covariate: str, terms: Collection[str]) -> list[str]:
        """Return the levels that people can have; of a yes or no also not having it."""
        seen = {name for _, name in self._people if covariate_of(name) == covariate} | {*terms}
        return sorted(seen | ({_NOT + covariate} if covariate in seen else set()))

    def _at(self, group: tuple[str, ...], level: str) -> int:
        """Return how many people of a group are at a level."""
        if level.startswith(_NOT):
            people, having = self._people.get((group, level.removeprefix(_NOT)), (0, 0))
            return people - having
        return self._people.get((group, level), (0, 0))[1]

    def _count(self, analysis: str, level: str) -> int:
        return sum(self._at(group, level) for group in self.groups if analysis in group)

    def _everybody(self, analysis: str, covariate: str) -> int:
        return sum(self._count(analysis, level) for level in self._levels(covariate, ()))

    def _size(self, covariate: str, term: Term) -> int:
        """Return of how many people a term is the share: of a yes or no those with either."""
        analysis, name = term
        if name != covariate:
            return self._everybody(analysis, covariate)
        return self._count(analysis, name) + self._count(analysis, _NOT + name)

    def _ranges(
        self, cells: Sequence[Cell], covariate: str, term: Term, step: float
    ) -> list[Range]:
        """Return what a printed share says of the people at a level."""
        analysis, name = term
        whole = [
            place
            for place, (group, level) in enumerate(cells)
            if analysis in group and (name != covariate or level in (name, _NOT + name))
        ]
        part = [place for place in whole if cells[place][1] == name]
        share = self._count(*term) / self._size(covariate, term)
        printed = in_steps(share, step)
        return share_ranges(part, whole, printed - step / 2, printed + step / 2)

    def _protected(self, cells: Sequence[Cell], levels: Sequence[str]) -> Iterator[Protected]:
        """Yield every level, and all others of it, in every group of people that can be told apart.

        Those are the analyses, one without another, and the people who are in the same analyses.
        Nobody is a small number in an analysis, where it says something of everybody else.
        """
        analyses = sorted({analysis for group in self.groups for analysis in group})
        sets = {frozenset(g for g in self.groups if one in g): True for one in analyses}
        for one, other in product(list(sets), repeat=2):
            sets.setdefault(one - other, False)
        sets |= {
            frozenset([group]): False for group in self.groups if frozenset([group]) not in sets
        }
        for groups, is_analysis in sets.items():
            for level in levels:
                for is_level in (True, False):
                    places = frozenset(
                        place
                        for place, (group, of) in enumerate(cells)
                        if group in groups and (of == level) == is_level
                    )
                    people = sum(self._at(*cells[place]) for place in places)
                    if people or is_analysis:
                        yield Protected(places, people)
