"""Requests with overlapping analyses, made up, and what is published of their matched people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import Any

import pyarrow as pa

from disclosure.release_attack import NEVER, Attacked, Person, attack_people, welch, wilson
from disclosure.tables import outcome, people_behind
from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_balance,
    control_cohorts,
    control_outcomes,
    control_survival,
    hidden_sizes_of,
    holds_of,
)

KINDS = {"headline": "headline", "prison": "event_type", "community": "event_type"}
FAMILIES = {"sex": "demographics", "offence": "index_offence", "employed": "work"}
RELEASED = pa.table({"request_id": pa.array([], pa.string())})
Rows = list[dict[str, Any]]


def request(seed: int) -> list[Person]:
    """Return the matched people of a request: a whole, its event types, subgroups, a region."""
    chance = Random(20_000 + seed)
    size = chance.choice((60, 120, 250, 520, 900))
    few = chance.choice((0, 3, 6, 12)) / size
    women, prison = chance.choice((0.1, 0.2, 0.4)), chance.choice((0.0, 0.3, 0.5))
    rate, outside = chance.choice((0.2, 0.35, 0.6)), chance.choice((0.02, 0.05, 0.2))
    people = []
    for _ in range(size):
        sex = "U" if chance.random() < few else "F" if chance.random() < women else "M"
        analyses = {"headline", f"sex {sex}"}
        if prison:
            analyses.add("prison" if chance.random() < prison else "community")
        if chance.random() > outside:
            analyses.add("regional")
        month = min(12, int(chance.expovariate(0.25)) + 1) if chance.random() < rate else None
        levels = {
            "sex": sex,
            "offence": chance.choices("abcdef", (50, 20, 10, 5, 2, 1))[0],
            "employed": chance.choice(("yes", "no", "no")),
        }
        people.append(Person(frozenset(analyses), month, levels))
    return people


def analyses_of(people: Sequence[Person]) -> list[str]:
    return sorted({name for person in people for name in person.analyses})


def cohorts_of(people: Sequence[Person], settings: DisclosureSettings) -> pa.Table:
    """Return which analyses have figures and sizes, as the build decides it."""
    return cohorts_of_requests({"r": dict(enumerate(people))}, settings)


def cohorts_of_requests(
    requests: Mapping[str, Mapping[int, Person]],
    settings: DisclosureSettings,
    released: pa.Table = RELEASED,
) -> pa.Table:
    """Return the same of several requests, whose people are named by a key, after a release."""
    matched = [
        {
            "request_id": request_id,
            "analysis_id": name,
            "release_key": key,
            "is_reoffender": person.month is not None,
        }
        for request_id, people in requests.items()
        for key, person in people.items()
        for name in sorted(person.analyses)
    ]
    analyses = [
        {
            "request_id": request_id,
            "analysis_id": name,
            "kind": KINDS.get(name, "regional" if name == "regional" else "subgroup"),
            "subgroup_field": "sex" if name.startswith("sex") else None,
        }
        for request_id, people in requests.items()
        for name in analyses_of([*people.values()])
    ]
    return control_cohorts(
        pa.Table.from_pylist(matched), pa.Table.from_pylist(analyses), released, settings
    )


def published(
    people: Sequence[Person], settings: DisclosureSettings, cohorts: pa.Table | None = None
) -> tuple[Rows, Rows, Rows]:
    """Return the published outcomes, balance and curves; cohorts: those of this request ``r``."""
    cohorts = cohorts_of(people, settings) if cohorts is None else cohorts
    held, unsized = holds_of(cohorts), hidden_sizes_of(cohorts)
    outcomes = _outcomes(people, held, settings, unsized)
    return (
        outcomes.to_pylist(),
        _balance(people, held, settings).to_pylist(),
        _survival(people, held, outcomes, settings, unsized).to_pylist(),
    )


def published_apart(people: Sequence[Person], settings: DisclosureSettings) -> tuple[Rows, ...]:
    """Return what is published where every analysis is controlled as if it were the only one."""
    tables: tuple[Rows, Rows, Rows] = ([], [], [])
    for name, those in members(people).items():
        if len(those) >= settings.minimum_people:
            alone = [Person(frozenset([name]), one.month, one.levels) for one in those]
            for table, rows in zip(tables, published(alone, settings), strict=True):
                table += rows
    return tables


def attacked(seed: int, settings: DisclosureSettings | None = None) -> Attacked:
    people = request(seed)
    return attack_people(people, *published(people, settings or DisclosureSettings()))


def members(people: Sequence[Person]) -> dict[str, list[Person]]:
    return {
        name: [person for person in people if name in person.analyses]
        for name in analyses_of(people)
    }


def _outcomes(
    people: Sequence[Person],
    held: Mapping[tuple[str, str], Any],
    settings: DisclosureSettings,
    unsized: Collection[tuple[str, str]],
) -> pa.Table:
    rows, behind = [], []
    for name, those in members(people).items():
        having, size = sum(person.month is not None for person in those), len(those)
        low, share, high = welch(having, size) if size > 1 else (0.0, 0.0, 0.0)
        rows.append(
            outcome(
                analysis_id=name,
                treated_n=size,
                treated_reoffenders_n=having,
                treated_value=100 * share,
                treated_lower=100 * low,
                treated_upper=100 * high,
                expected_count_min=None,
            )
        )
        behind.append(people_behind(analysis_id=name, people_n=size, contributors_n=having))
    verdicts = dict.fromkeys(held, "good")
    return control_outcomes(
        pa.Table.from_pylist(rows), pa.Table.from_pylist(behind), held, verdicts, settings, unsized
    )


def _balance(
    people: Sequence[Person],
    held: Mapping[tuple[str, str], Any],
    settings: DisclosureSettings,
) -> pa.Table:
    rows, behind = [], []
    terms = [
        (covariate, level, covariate if covariate == "employed" else f"{covariate}: {level}")
        for covariate in FAMILIES
        for level in sorted({person.levels[covariate] for person in people})
        if (covariate, level) != ("employed", "no")
    ]
    for name, those in members(people).items():
        for covariate, level, term in terms:
            share = sum(person.levels[covariate] == level for person in those) / len(those)
            rows.append(
                {
                    **{"request_id": "r", "analysis_id": name, "covariate": term},
                    **dict.fromkeys(("treated_mean", "control_mean_after"), share),
                    **dict.fromkeys(("control_mean_before", "variance_ratio_after"), 0.5),
                    **dict.fromkeys(("smd_before", "smd_after"), 0.0),
                    "rating": "green",
                }
            )
    shown = {name for (_, name), hold in held.items() if hold is None}
    groups = Counter(person.analyses & shown for person in people)
    for group, size in groups.items():
        for covariate, level, term in terms if group else ():
            having = sum(
                person.analyses & shown == group and person.levels[covariate] == level
                for person in people
            )
            if having or term == covariate:
                behind.append(
                    {
                        "request_id": "r",
                        "analyses": sorted(group),
                        "covariate": term,
                        "people_n": size,
                        "contributors_n": having,
                        "is_share": True,
                    }
                )
    return control_balance(
        pa.Table.from_pylist(rows), pa.Table.from_pylist(behind), FAMILIES, held, settings
    )


def _survival(
    people: Sequence[Person],
    held: Mapping[tuple[str, str], Any],
    outcomes: pa.Table,
    settings: DisclosureSettings,
    unsized: Collection[tuple[str, str]],
) -> pa.Table:
    rows, months = [], []
    for name, those in members(people).items():
        counts = Counter(person.month or NEVER for person in those)
        for month in range(NEVER):
            left = sum(count for at, count in counts.items() if at > month)
            low, share, high = wilson(left, len(those))
            rows.append(
                {
                    **{"request_id": "r", "analysis_id": name, "arm": "treated", "month": month},
                    **{"survival": share, "lower": low, "upper": high, "at_risk_n": float(left)},
                    "people_n": counts[month],
                }
            )
            if counts[month]:
                months.append(rows[-1])
    matched = [
        {"request_id": "r", "analysis_id": name, "release_key": key, "month": person.month}
        for key, person in enumerate(people)
        for name in sorted(person.analyses)
    ]
    return control_survival(
        pa.Table.from_pylist(rows),
        pa.Table.from_pylist(months),
        pa.Table.from_pylist(matched),
        outcomes,
        held,
        settings,
        unsized,
    )


def subgroups_lost(people: Sequence[Person]) -> int:
    """Return how many subgroups of 30 people or more are held."""
    held = holds_of(cohorts_of(people, DisclosureSettings()))
    of_name = members(people)
    return sum(
        hold == "differencing" and len(of_name[name]) >= 30 and name.startswith("sex")
        for (_, name), hold in held.items()
    )
