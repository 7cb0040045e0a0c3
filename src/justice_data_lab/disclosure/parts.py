"""Sizes and rates of all analyses of a request: which of them leave a few people over.

A whole less all its parts is a group too: three people of unknown sex are everybody less the men
and the women. The cells are who re-offended and who did not, times the groups of people who are in
the same analyses; the printed size, re-offenders and rate of every analysis bound them
(``audit``). Where the rounding leaves no room a part loses its sizes; it is held only where that
does not help.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final, cast

from justice_data_lab.disclosure.audit import (
    Audit,
    Figure,
    Protected,
    Range,
    count_range,
    share_ranges,
)
from justice_data_lab.disclosure.printed import printed_share
from justice_data_lab.disclosure.rounding import round_figure
from justice_data_lab.disclosure.settings import DisclosureSettings

if TYPE_CHECKING:
    from justice_data_lab.disclosure.cohorts import Cohort

WHOLE: Final = "headline"
"""Kind of the analysis that never gives way for its parts."""
WITHOUT_SIZES: Final = 1
"""Step at which an analysis shows its rates without sizes and without the treated's intervals."""

Cell = tuple[tuple[int, ...], bool]
"""The places of the analyses that people are in, and whether they re-offended."""


def parts_given_up(
    ranked: Sequence[Cohort], settings: DisclosureSettings, *, level: int
) -> dict[str, int]:
    """Return the analyses that give way at a threshold, of those that would be shown.

    Each with its step: ``WITHOUT_SIZES``, and the next one where it has no figures at all. ranked:
    from the one that matters most; the last one that carries a bound gives way first.
    """
    counts = _counts(ranked)
    groups = sorted({group for group, _ in counts})
    if len(groups) < 2:
        return {}
    cells = [*product(groups, (True, False))]
    audit = Audit(len(cells))
    for place, cohort in reversed([*enumerate(ranked)]):
        ranges = _ranges(cells, place, cohort, settings)
        if cohort.kind == WHOLE:
            audit.fixed += ranges
        else:
            steps = [ranges, _without_sizes(cells, place, cohort)]
            audit.figures.append(Figure(cohort.analysis_id, steps))
    audit.protected = [*dict.fromkeys(_protected(cells, counts, len(ranked)))]
    found = audit.given_up(settings, levels=[level])
    return cast("dict[str, int]", found)


def _counts(ranked: Sequence[Cohort]) -> Counter[Cell]:
    """Return the people by the analyses that they are in and whether they re-offended."""
    everybody = frozenset[int]().union(*(cohort.people for cohort in ranked))
    reoffenders = frozenset[int]().union(*(cohort.reoffenders for cohort in ranked))
    return Counter(
        (
            tuple(place for place, cohort in enumerate(ranked) if person in cohort.people),
            person in reoffenders,
        )
        for person in everybody
    )


def _ranges(
    cells: Sequence[Cell], place: int, cohort: Cohort, settings: DisclosureSettings
) -> list[Range]:
    """Return what the printed size, re-offenders and rate say; a rate of few is not printed."""
    inside = [number for number, (group, _) in enumerate(cells) if place in group]
    people, having = len(cohort.people), len(cohort.reoffenders)
    ranges = [count_range(inside, people, settings)]
    if min(having, people - having) > settings.small_count:
        part = [number for number in inside if cells[number][1]]
        ranges.append(count_range(part, having, settings))
        ranges += printed_share(
            part, inside, having=having, people=people, settings=settings, limits="welch"
        )
    return ranges


def _without_sizes(cells: Sequence[Cell], place: int, cohort: Cohort) -> list[Range]:
    """Return what a rate says whose size, re-offenders and own interval are not printed.

    The interval of the difference, in whole points, still tells the size to a tenth.
    """
    inside = [number for number, (group, _) in enumerate(cells) if place in group]
    part = [number for number in inside if cells[number][1]]
    people = len(cohort.people)
    share = round_figure(100 * len(cohort.reoffenders) / people, 0) or 0.0
    return [
        Range(dict.fromkeys(inside, 1.0), 0.9 * people, 1.1 * people),
        *share_ranges(part, inside, (share - 0.5) / 100, (share + 0.5) / 100),
    ]


def _protected(cells: Sequence[Cell], counts: Counter[Cell], analyses: int) -> Iterator[Protected]:
    """Yield everybody, re-offenders and others of each group of people that can be told apart.

    Those are one analysis without another, and the people who are in the same analyses.
    """
    groups = sorted({group for group, _ in cells})
    inside = [frozenset(group for group in groups if place in group) for place in range(analyses)]
    sets = [one - other for one, other in product(inside, repeat=2)]
    sets += [frozenset([group]) for group in groups]
    for members in dict.fromkeys(sets):
        for kinds in ((True, False), (True,), (False,)):
            places = frozenset(
                number
                for number, (group, of) in enumerate(cells)
                if group in members and of in kinds
            )
            if members:
                yield Protected(places, sum(counts[cells[place]] for place in places))
