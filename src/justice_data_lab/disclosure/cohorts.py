"""Which analyses may have figures: large enough, and not to be told apart from each other.

Two groups that differ by a few people give those people away, once the figures of both are known.
That holds inside a request (an analysis and a part of it), for several parts together (a whole less
all its published parts), and over time (an earlier release of the same analysis).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.parts import WITHOUT_SIZES, parts_given_up
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.sketches import difference, sketch
from justice_data_lab.disclosure.suppressions import Reason, Row, grouped, rows_of, table_of

COHORTS_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("people_n", pa.int64()),
        ("people_sketch", pa.string()),
        ("reoffenders_n", pa.int64()),
        ("reoffenders_sketch", pa.string()),
        ("others_sketch", pa.string()),
        ("hold_reason", pa.string()),
        ("has_hidden_sizes", pa.bool_()),
    ]
)
KINDS: Final = ("headline", "event_type", "subgroup", "regional")
"""Kinds of analysis from the one that matters most; of two in conflict the later one is held."""

Members = frozenset[int]


@dataclass(frozen=True)
class Cohort:
    """The matched treated people of one analysis, by key, and those of them who re-offended."""

    analysis_id: str
    kind: str
    field: str | None
    people: Members
    reoffenders: Members

    @property
    def others(self) -> Members:
        """The people who did not re-offend."""
        return self.people - self.reoffenders

    @property
    def rank(self) -> tuple[int, int, list[int]]:
        """What decides who is held: the kind, the size, then the people, but never the name."""
        kind = KINDS.index(self.kind) if self.kind in KINDS else len(KINDS)
        return kind, -len(self.people), sorted(self.people)


def control_cohorts(
    matched_people: pa.Table,
    analyses: pa.Table,
    released: pa.Table,
    settings: DisclosureSettings,
) -> pa.Table:
    """Return one row per analysis: its size, its sketches, and why it is held, if it is.

    matched_people: request_id, analysis_id, release_key, is_reoffender. analyses: request_id,
    analysis_id, kind, subgroup_field; those that nobody is matched in are ``too_few``. released:
    the register of released cohorts (request_id, analysis_id, is_same_key, people_n,
    people_sketch, reoffenders_n, reoffenders_sketch, others_sketch); a cohort that was released
    under another key of the pseudonyms cannot be compared, and what has its name is held.

    A resubmission can have another name: what is released is compared with every request, and of
    two requests of this build of which a few people are in one only, the lesser is held.
    """
    people = grouped(matched_people.to_pylist(), "request_id", "analysis_id")
    before = released.to_pylist()
    wanted = rows_of(analyses, key=("request_id", "analysis_id"))
    result: list[Row] = []
    shown: list[tuple[str, Cohort]] = []
    for (request_id,), rows in grouped(wanted, "request_id").items():
        cohorts = [_cohort(row, people.get((request_id, row["analysis_id"]), [])) for row in rows]
        reasons, without_sizes = holds_and_sizes(cohorts, settings)
        for cohort in cohorts:
            row = {**_sketched(cohort, settings), "request_id": request_id}
            row["has_hidden_sizes"] = cohort.analysis_id in without_sizes
            reason = reasons.get(cohort.analysis_id)
            if reason is None and _is_near_a_release(row, before, settings):
                reason = "differencing"
            if reason is None:
                shown.append((request_id, cohort))
            result.append({**row, "hold_reason": reason})
    held = _held_across_requests(shown, settings)
    for row in result:
        if (row["request_id"], row["analysis_id"]) in held:
            row["hold_reason"] = "differencing"
    return table_of(result, COHORTS_SCHEMA)


def _held_across_requests(
    shown: Sequence[tuple[str, Cohort]], settings: DisclosureSettings
) -> set[tuple[str, str]]:
    """Return the analyses that are too near to one of another request, by ``is_too_near``.

    Of two the lesser is held (``Cohort.rank``; of two alike that of the later name). Only those
    that share people are compared.
    """
    ranked = sorted(shown, key=lambda one: (one[1].rank, one[0])) if settings.is_on else []
    of_person: dict[int, list[int]] = {}
    held: set[tuple[str, str]] = set()
    for place, (request_id, cohort) in enumerate(ranked):
        sharing = {other for person in cohort.people for other in of_person.get(person, ())}
        if any(
            ranked[other][0] != request_id
            and is_too_near(ranked[other][1], cohort, few=settings.small_count)
            for other in sharing
        ):
            held.add((request_id, cohort.analysis_id))
            continue
        for person in cohort.people:
            of_person.setdefault(person, []).append(place)
    return held


def holds_of(cohorts: pa.Table) -> dict[tuple[str, str], Reason | None]:
    """Return the hold of every analysis of ``control_cohorts``; null where it has figures."""
    return {
        (row["request_id"], row["analysis_id"]): row["hold_reason"] for row in cohorts.to_pylist()
    }


def hidden_sizes_of(cohorts: pa.Table) -> frozenset[tuple[str, str]]:
    """Return the analyses of ``control_cohorts`` whose sizes, with others, give few people away."""
    return frozenset(
        (row["request_id"], row["analysis_id"])
        for row in cohorts.to_pylist()
        if row["has_hidden_sizes"]
    )


def hold_reasons(cohorts: Sequence[Cohort], settings: DisclosureSettings) -> dict[str, Reason]:
    """Return the analyses of one request that have no figures, with the reason."""
    return holds_and_sizes(cohorts, settings)[0]


def holds_and_sizes(
    cohorts: Sequence[Cohort], settings: DisclosureSettings
) -> tuple[dict[str, Reason], set[str]]:
    """Return the analyses of one request without figures, and those without sizes."""
    if not settings.is_on:
        return {}, set()
    ranked = sorted(cohorts, key=lambda cohort: cohort.rank)
    held: dict[str, Reason] = {
        cohort.analysis_id: "too_few"
        for cohort in ranked
        if len(cohort.people) < settings.minimum_people
    }
    without_sizes: set[str] = set()
    large = [cohort for cohort in ranked if cohort.analysis_id not in held]
    for level in settings.levels:
        for place, later in enumerate(large):
            # Earlier ones count even when held: so a higher threshold holds what a lower one does.
            if any(is_too_near(earlier, later, few=level) for earlier in large[:place]):
                held.setdefault(later.analysis_id, "differencing")
        shown = [cohort for cohort in large if cohort.analysis_id not in held]
        for name, step in parts_given_up(shown, settings, level=level).items():
            without_sizes.add(name)
            if step > WITHOUT_SIZES:
                held[name] = "differencing"
    # last, so that what a lower threshold holds stays held
    small = [one.analysis_id for one in large if settings.is_small(len(one.people))]
    return held | dict.fromkeys(small, "too_few"), without_sizes


def is_too_near(first: Cohort, second: Cohort, *, few: int) -> bool:
    """Say whether the figures of two cohorts give away the few people who are in one of them.

    That is so when 1 to ``few`` people are in one only. Where one cohort holds the other, the
    people in between are a group with figures of its own: it may not have ``few`` or fewer people,
    re-offenders, or people who did not re-offend.
    """
    apart = len(first.people ^ second.people)
    if apart == 0 or apart <= few:
        return apart > 0
    if not (first.people >= second.people or first.people <= second.people):
        return False
    return (
        min(len(first.reoffenders ^ second.reoffenders), len(first.others ^ second.others)) <= few
    )


def field_of(analysis: Row) -> str | None:
    """Return what an analysis is a part by: its subgroup's field, or its event type; else None."""
    field: str | None = analysis["subgroup_field"]
    return "event_type" if analysis["kind"] == "event_type" else field


def _cohort(row: Row, people: Sequence[Row]) -> Cohort:
    return Cohort(
        analysis_id=row["analysis_id"],
        kind=row["kind"],
        field=field_of(row),
        people=frozenset(person["release_key"] for person in people),
        reoffenders=frozenset(
            person["release_key"] for person in people if person["is_reoffender"]
        ),
    )


def _sketched(cohort: Cohort, settings: DisclosureSettings) -> Row:
    capacity = settings.small_count
    return {
        "analysis_id": cohort.analysis_id,
        "people_n": len(cohort.people),
        "people_sketch": sketch(cohort.people, capacity=capacity),
        "reoffenders_n": len(cohort.reoffenders),
        "reoffenders_sketch": sketch(cohort.reoffenders, capacity=capacity),
        "others_sketch": sketch(cohort.others, capacity=capacity),
    }


def _is_near_a_release(row: Row, earlier: Sequence[Row], settings: DisclosureSettings) -> bool:
    """Say whether an earlier release, of any request, tells a few people of this cohort apart.

    Of the same analysis of the same request neither people, re-offenders nor others may differ by
    1 to the small count, nor some of them while others stay the same; of another analysis, or
    under another name of the request, the people may not differ by 1 to the small count, nor the
    re-offenders of the same people.
    """
    if not settings.is_on:
        return False
    for cohort in earlier:
        is_same = all(cohort[name] == row[name] for name in ("request_id", "analysis_id"))
        if not cohort["is_same_key"]:
            if is_same:
                return True
            continue
        people = _difference(row, cohort, "people", settings.small_count)
        if people:
            return True
        if is_same or people == 0:
            others = [
                _difference(row, cohort, name, settings.small_count)
                for name in ("reoffenders", "others")
            ]
            if [people, *others] not in ([0, 0, 0], [None, None, None]):
                return True
    return False


def _difference(row: Row, cohort: Row, name: str, few: int) -> int | None:
    """Return how many people, re-offenders or others differ; None for more than a few."""
    first, second = (
        (_size((int(one["people_n"]), int(one["reoffenders_n"])), name), str(one[f"{name}_sketch"]))
        for one in (row, cohort)
    )
    return difference(first, second, capacity=few)


def _size(sizes: tuple[int, int], name: str) -> int:
    people, reoffenders = sizes
    return {"people": people, "reoffenders": reoffenders, "others": people - reoffenders}[name]
