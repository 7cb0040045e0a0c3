"""Survival curves of all analyses of a request: which of their points give a few people away.

Inside one curve merging protects the months (``merging``). A whole and its parts have months that
are merged differently, so that what one curve hides two others show. The cells are the months of
the first re-offence, and no re-offence, times the groups of people who are in the same analyses;
every printed point of every curve bounds them (``audit``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Final, cast

from justice_data_lab.disclosure.audit import (
    Audit,
    Figure,
    Protected,
    count_range,
)
from justice_data_lab.disclosure.printed import Limits, printed_share
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import Row, grouped
from justice_data_lab.measures import HEADLINE

NEVER: Final = 13
"""The place after the last month: no re-offence in the year."""
WITHOUT_LIMITS: Final = 1
"""Step at which a point is shown without its interval; at the next one it is not shown."""

LIMITS: Final[tuple[Limits | None, ...]] = ("wilson", None)
"""The interval of a point at each step."""

Point = tuple[str, int]
"""An analysis and the end of a month."""


def points_given_up(
    people: Sequence[Row], shown: Mapping[str, Sequence[int]], settings: DisclosureSettings
) -> dict[Point, int]:
    """Return the points of the treated's curves that give way, with the step of each.

    people: matched treated people of one request: analysis_id, release_key, month (of the first
    re-offence, null for none). shown: of each analysis with a curve the months that have a point.
    """
    counts = _counts(people, shown)
    groups = sorted({group for group, _ in counts})
    if not settings.is_on or len(groups) < 2:
        return {}
    cells = [*product(groups, range(1, NEVER + 1))]
    audit = Audit(len(cells))
    for analysis, months in sorted(shown.items()):
        everybody = _places(cells, analysis, 0)
        size = sum(counts.get(cells[place], 0) for place in everybody)
        having = [place for place in everybody if cells[place][1] < NEVER]
        number = sum(counts.get(cells[place], 0) for place in having)
        audit.fixed += [
            count_range(everybody, size, settings),
            count_range(having, number, settings),
            *printed_share(
                having, everybody, having=number, people=size, settings=settings, limits="welch"
            ),
        ]
        for month in months:
            if month:
                left = _places(cells, analysis, month)
                number = sum(counts.get(cells[place], 0) for place in left)
                steps = [
                    [
                        count_range(left, number, settings),
                        *printed_share(
                            left,
                            everybody,
                            having=number,
                            people=size,
                            settings=settings,
                            limits=limits,
                        ),
                    ]
                    for limits in LIMITS
                ]
                audit.figures.append(Figure((analysis, month), steps))
    audit.figures.sort(key=lambda figure: _order(figure.name))
    ends = sorted({month for months in shown.values() for month in months})
    audit.protected = [*dict.fromkeys(_protected(cells, counts, groups, ends))]
    return cast("dict[Point, int]", audit.given_up(settings))


def _order(name: Hashable) -> tuple[bool, bool, str, int]:
    """Return when a point gives way: those of the headline last, the last month after others."""
    analysis, month = cast("Point", name)
    return analysis == HEADLINE, month == NEVER - 1, analysis, month


def _counts(
    people: Sequence[Row], shown: Mapping[str, Sequence[int]]
) -> dict[tuple[tuple[str, ...], int], int]:
    """Return the people by the analyses that they are in and their month."""
    counts: dict[tuple[tuple[str, ...], int], int] = {}
    members = [person for person in people if person["analysis_id"] in shown]
    for rows in grouped(members, "release_key").values():
        group = tuple(sorted({str(row["analysis_id"]) for row in rows}))
        month = rows[0]["month"]
        key = (group, NEVER if month is None else int(month))
        counts[key] = counts.get(key, 0) + 1
    return counts


def _places(cells: Sequence[tuple[tuple[str, ...], int]], analysis: str, after: int) -> list[int]:
    """Return the cells of who is in an analysis and re-offends after a month, or never."""
    return [n for n, (group, month) in enumerate(cells) if analysis in group and month > after]


def _protected(
    cells: Sequence[tuple[tuple[str, ...], int]],
    counts: Mapping[tuple[tuple[str, ...], int], int],
    groups: Sequence[tuple[str, ...]],
    ends: Sequence[int],
) -> Iterator[Protected]:
    """Yield each month, run of months between points, and all, of people who can be told apart."""
    analyses = sorted({analysis for group in groups for analysis in group})
    sets = [frozenset(group for group in groups if one in group) for one in analyses]
    sets += [one - other for one, other in product(sets, sets)]
    sets += [frozenset([group]) for group in groups]
    runs = {range(month, month + 1) for month in range(1, NEVER)}
    runs |= {range(first + 1, last + 1) for first, last in pairwise([0, *ends])}
    runs |= {range(1, NEVER + 1), range(1, NEVER), range(NEVER, NEVER + 1)}
    for members in dict.fromkeys(sets):
        for run in sorted(runs, key=lambda run: (run.start, run.stop)):
            places = frozenset(
                place
                for place, (group, month) in enumerate(cells)
                if group in members and month in run
            )
            people = sum(counts.get(cells[place], 0) for place in places)
            if people:
                yield Protected(places, people)
