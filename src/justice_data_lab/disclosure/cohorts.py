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

from justice_data_lab.disclosure.parts import parts_given_up
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
    ]
)
HEADLINE: Final = "headline"
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
    """
    people = grouped(matched_people.to_pylist(), "request_id", "analysis_id")
    before = grouped(released.to_pylist(), "request_id")
    wanted = rows_of(analyses, key=("request_id", "analysis_id"))
    result: list[Row] = []
    for (request_id,), rows in grouped(wanted, "request_id").items():
        cohorts = [_cohort(row, people.get((request_id, row["analysis_id"]), [])) for row in rows]
        reasons = hold_reasons(cohorts, settings)
        for cohort in cohorts:
            row = _sketched(cohort, settings)
            earlier = before.get((request_id,), [])
            reason = reasons.get(cohort.analysis_id)
            if reason is None and _is_near_a_release(row, earlier, settings):
                reason = "differencing"
            result.append({**row, "request_id": request_id, "hold_reason": reason})
    return table_of(result, COHORTS_SCHEMA)


def holds_of(cohorts: pa.Table) -> dict[tuple[str, str], Reason | None]:
    """Return the hold of every analysis of ``control_cohorts``; null where it has figures."""
    return {
        (row["request_id"], row["analysis_id"]): row["hold_reason"] for row in cohorts.to_pylist()
    }


def hold_reasons(cohorts: Sequence[Cohort], settings: DisclosureSettings) -> dict[str, Reason]:
    """Return the analyses of one request that have no figures, with the reason."""
    if not settings.is_on:
        return {}
    ranked = sorted(cohorts, key=lambda cohort: cohort.rank)
    held: dict[str, Reason] = {
        cohort.analysis_id: "too_few"
        for cohort in ranked
        if len(cohort.people) < settings.minimum_people
    }
    large = [cohort for cohort in ranked if cohort.analysis_id not in held]
    for level in settings.levels:
        for place, later in enumerate(large):
            # Earlier ones count even when held: so a higher threshold holds what a lower one does.
            if any(is_too_near(earlier, later, few=level) for earlier in large[:place]):
                held.setdefault(later.analysis_id, "differencing")
        shown = [cohort for cohort in large if cohort.analysis_id not in held]
        held |= dict.fromkeys(parts_given_up(shown, settings, level=level), "differencing")
    return held


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
    """Say whether an earlier release of a request tells a few people of this cohort apart.

    Of the analysis with the same name neither people, re-offenders nor others may differ by 1 to
    the small count, nor some of them while others stay the same; of another analysis the people
    may not differ by 1 to the small count.
    """
    if not settings.is_on:
        return False
    for cohort in earlier:
        is_same = cohort["analysis_id"] == row["analysis_id"]
        if not cohort["is_same_key"]:
            if is_same:
                return True
            continue
        apart = _differences(row, cohort, settings.small_count)
        is_unchanged, is_far = apart == [0, 0, 0], apart == [None, None, None]
        if apart[0] or (is_same and not is_unchanged and not is_far):
            return True
    return False


def _differences(row: Row, cohort: Row, few: int) -> list[int | None]:
    """Return how many people, re-offenders and others differ; None for more than a few."""
    sizes = [(int(one["people_n"]), int(one["reoffenders_n"])) for one in (row, cohort)]
    result = []
    for name in ("people", "reoffenders", "others"):
        first, second = (
            (_size(size, name), str(one[f"{name}_sketch"]))
            for size, one in zip(sizes, (row, cohort), strict=True)
        )
        result.append(difference(first, second, capacity=few))
    return result


def _size(sizes: tuple[int, int], name: str) -> int:
    people, reoffenders = sizes
    return {"people": people, "reoffenders": reoffenders, "others": people - reoffenders}[name]
