"""Shares of one analysis that hold one another: what can be worked out from them together.

The cells are kinds of re-offenders, by the courts of their re-offences, the court of the first and
custody, and everybody else. Every measure is a sum of cells: that any serious re-offence and
summary only make the rate, that any either-way one is a serious one, that a first one is any one,
is then known to the linear program of ``audit``.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

from justice_data_lab.disclosure.audit import (
    Audit,
    Figure,
    Protected,
    Range,
    count_range,
)
from justice_data_lab.disclosure.printed import printed_share
from justice_data_lab.disclosure.settings import DisclosureSettings

STEPS: Final = (1, 2)
"""Percentages are in whole points; in steps of 2, without their limits, where that is too much."""

_COURTS: Final = ("indictable", "either_way", "summary")
_KINDS: Final = tuple(
    (frozenset(courts), first, custody)
    for courts in (
        *(("indictable", "either_way"), ("indictable", "either_way", "summary")),
        *(("indictable",), ("indictable", "summary"), ("either_way",), ("either_way", "summary")),
        ("summary",),
    )
    for first, custody in product(courts, ("first", "later", "none"))
)
"""Courts of all re-offences, court of the first one, whether custody followed it or a later one."""

REOFFENDERS: Final = frozenset(range(len(_KINDS)))
CELLS: Final = len(_KINDS) + 1
"""The last cell: who did not re-offend."""


def _kinds(wanted: Any) -> frozenset[int]:
    return frozenset(place for place, kind in enumerate(_KINDS) if wanted(*kind))


_SERIOUS: Final = frozenset({"indictable", "either_way"})
MEMBERS: Final[Mapping[str, frozenset[int]]] = {
    **{
        f"first_{court}": _kinds(lambda courts, first, custody, court=court: first == court)
        for court in _COURTS
    },
    "first_custody": _kinds(lambda courts, first, custody: custody == "first"),
    "any_indictable": _kinds(lambda courts, first, custody: "indictable" in courts),
    "any_either_way": _kinds(lambda courts, first, custody: "either_way" in courts),
    "any_custody": _kinds(lambda courts, first, custody: custody != "none"),
    "any_summary_only": _kinds(lambda courts, first, custody: not courts & _SERIOUS),
    "any_serious": _kinds(lambda courts, first, custody: courts & _SERIOUS),
    "rate": REOFFENDERS,
}
"""Cells of every measure; of those for everybody in the order in which they give way."""


def given_up(
    counts: Mapping[str, Mapping[str, Any]],
    hidden: frozenset[str],
    settings: DisclosureSettings,
) -> dict[str, int]:
    """Return the measures that give way, with the place in ``STEPS`` at which each is shown.

    counts: of each measure ``people_n`` and ``contributors_n`` of the treated. hidden: measures
    that are not shown whatever else. A place as high as there are steps: not shown.
    """
    shares = {name: counts[name] for name in MEMBERS if name in counts}
    if not settings.is_on or "rate" not in shares or "rate" in hidden:
        return {}
    people, having = (int(shares["rate"][name]) for name in ("people_n", "contributors_n"))
    audit = Audit(CELLS)
    audit.fixed = [
        count_range(range(CELLS), people, settings),
        count_range(REOFFENDERS, having, settings),
        *_ranges("rate", having, people, STEPS[0], settings),
    ]
    audit.figures = [
        Figure(
            name,
            [
                _ranges(name, int(cell["contributors_n"]), int(cell["people_n"]), step, settings)
                for step in STEPS
            ],
        )
        for name, cell in sorted(shares.items(), key=_order)
        if name != "rate" and name not in hidden
    ]
    audit.protected = _protected({n: int(cell["contributors_n"]) for n, cell in shares.items()})
    found = audit.given_up(settings, zeros_disclose=True)
    return {str(name): place for name, place in found.items()}


def few_controls(
    counts: Mapping[str, Mapping[str, Any]], hidden: frozenset[str], settings: DisclosureSettings
) -> set[str]:
    """Return the measures to hide because two shown ones differ by few of the comparison group.

    These are judged by persons, whatever the weighted shares show. Of two the one that gives way
    first is hidden; where few have re-offences of both kinds, any indictable one.
    """
    having = {
        name: int(cell["control_contributors_n"])
        for name, cell in sorted(counts.items(), key=_order)
        if name in MEMBERS and name not in hidden
    }
    gone: set[str] = set()
    if not settings.is_on:
        return gone
    for inner, outer in product(having, having):
        is_held = MEMBERS[inner] < MEMBERS[outer] and not gone & {inner, outer}
        if is_held and having[outer] - having[inner] <= settings.small_count:
            gone.add(min((inner, outer), key=[*having].index))
    first, second, either = (
        having.get(name) for name in ("any_indictable", "any_either_way", "any_serious")
    )
    if None not in (first, second, either):
        both = int(first or 0) + int(second or 0) - int(either or 0)
        gone |= {"any_indictable"} if both <= settings.small_count else set()
    return gone


def _order(share: tuple[str, Mapping[str, Any]]) -> tuple[bool, int]:
    """Return when a measure gives way: those of first re-offences first, the fewest people first.

    Of the others the order is that of ``MEMBERS``.
    """
    name, cell = share
    is_first = name.startswith("first_")
    if name not in MEMBERS:
        return True, len(MEMBERS)
    return not is_first, int(cell["contributors_n"]) if is_first else [*MEMBERS].index(name)


def _protected(having: Mapping[str, int]) -> list[Protected]:
    """Return each measure, and all differences of two of which one holds the other.

    Whose re-offences are of both kinds is the first two measures less that of either.
    """
    secrets = [Protected(MEMBERS[name], count) for name, count in having.items()]
    for outer, inner in product(having, having):
        if MEMBERS[inner] < MEMBERS[outer]:
            left = MEMBERS[outer] - MEMBERS[inner]
            secrets.append(Protected(left, having[outer] - having[inner]))
    kinds = ("any_indictable", "any_either_way")
    if {*kinds, "any_serious"} <= having.keys():
        both = MEMBERS[kinds[0]] & MEMBERS[kinds[1]]
        secrets.append(Protected(both, having[kinds[0]] + having[kinds[1]] - having["any_serious"]))
    return list(dict.fromkeys(secrets))


def _ranges(
    name: str, having: int, people: int, step: int, settings: DisclosureSettings
) -> list[Range]:
    """Return what a printed share, and with whole points its limits, say of a measure."""
    whole = REOFFENDERS if name.startswith("first_") else frozenset(range(CELLS))
    return printed_share(
        MEMBERS[name],
        whole,
        having=having,
        people=people,
        settings=settings,
        step=step,
        limits="welch" if step == STEPS[0] else None,
    )
