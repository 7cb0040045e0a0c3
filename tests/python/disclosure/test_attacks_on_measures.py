"""Measures of which one holds the other, attacked through their printed shares and intervals.

The attacker tries every size that the group can have, and of each every number of people whose
share and interval would be printed as these are; so it knows more than the linear program that
decides what is shown.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import product
from random import Random

import pyarrow as pa
from scipy import stats

from disclosure.attacker import FEW, REACH, Knowledge, is_known
from disclosure.tables import outcome, people_behind
from justice_data_lab.disclosure import DisclosureSettings, control_outcomes

REQUESTS = 25
KINDS = [
    (indictable, either_way, first)
    for indictable, either_way in product((True, False), repeat=2)
    for first in ("indictable", "either_way", "summary")
    if (first != "indictable" or indictable) and (first != "either_way" or either_way)
]
NOBODY = len(KINDS)
MEASURES = {
    "rate": lambda indictable, either_way, first: True,
    "any_serious": lambda indictable, either_way, first: indictable or either_way,
    "any_summary_only": lambda indictable, either_way, first: not (indictable or either_way),
    "any_indictable": lambda indictable, either_way, first: indictable,
    "any_either_way": lambda indictable, either_way, first: either_way,
    "first_indictable": lambda indictable, either_way, first: first == "indictable",
    "first_either_way": lambda indictable, either_way, first: first == "either_way",
    "first_summary": lambda indictable, either_way, first: first == "summary",
}


def cells_of(measure: str) -> list[int]:
    return [place for place, kind in enumerate(KINDS) if MEASURES[measure](*kind)]


def group(seed: int) -> list[int]:
    """Return how many treated people are of each kind; the last number did not re-offend."""
    chance = Random(9_000 + seed)
    few = [chance.choice((0, chance.randint(1, 9), chance.randint(1, 9))) for _ in KINDS]
    for kind in ((False, True, "either_way"), (False, False, "summary")):
        few[KINDS.index(kind)] = chance.randint(15, 90)
    return [*few, chance.randint(40, 400)]


def published(cells: list[int], *, with_control: bool = True) -> dict[str, dict[str, object]]:
    """Return the published outcomes by measure; without control: rounded, the small hidden."""
    having = {measure: sum(cells[n] for n in cells_of(measure)) for measure in MEASURES}
    rows, people = [], []
    for measure, count in having.items():
        size = having["rate"] if measure.startswith("first") else sum(cells)
        low, share, high = interval(count, size)
        rows.append(
            outcome(
                measure,
                treated_n=size,
                treated_reoffenders_n=having["rate"],
                treated_value=100 * share,
                treated_lower=100 * low,
                treated_upper=100 * high,
                expected_count_min=None,
            )
        )
        people.append(
            people_behind(
                measure,
                people_n=size,
                contributors_n=count,
                control_people_n=50 * size,
                control_contributors_n=50 * count + 400 * (measure != "rate"),
            )
        )
    if with_control:
        made = control_outcomes(
            pa.Table.from_pylist(rows),
            pa.Table.from_pylist(people),
            {("r", "headline"): None},
            {("r", "headline"): "good"},
            DisclosureSettings(),
        ).to_pylist()
    else:
        made = [
            row
            | {name: half_up(row[name], 1) for name in row if str(name).startswith("treated_")}
            | {"rounding_step": 1, "treated_n": half_up(row["treated_n"], 5)}
            for row in rows
            if FEW < having[row["measure"]] < row["treated_n"] - FEW
        ]
    return {row["measure"]: row for row in made if row["treated_value"] is not None}


def half_up(value: float, step: int) -> float:
    return math.floor(value / step + 0.5 + 1e-9) * step


def interval(count: float, size: float) -> tuple[float, float, float]:
    """Return Welch's limits of a share of the treated around it."""
    share = count / size
    reach = float(stats.t.ppf(0.975, size - 1)) * math.sqrt(share * (1 - share) / (size - 1))
    return share - reach, share, share + reach


@cache
def printed(count: int, size: int, step: int) -> tuple[float, ...]:
    return tuple(half_up(100 * limit, step) for limit in interval(count, size))


def numbers(row: dict[str, object], size: int) -> list[int]:
    """Return the numbers of people whose share and limits would be printed as these are."""
    step = int(str(row["rounding_step"]))
    shown = [row[name] for name in ("treated_lower", "treated_value", "treated_upper")]
    return [
        count
        for count in range(size + 1)
        if all(
            value in (None, limit)
            for value, limit in zip(shown, printed(count, size, step), strict=True)
        )
    ]


def learn(rows: dict[str, dict[str, object]], people: int) -> Knowledge | None:
    """Return what the attacker knows if so many are in the group."""
    knowledge = Knowledge(NOBODY + 1)
    knowledge.exact(range(NOBODY + 1), people)
    reoffenders = numbers(rows["rate"], people)
    for measure, row in rows.items():
        sizes = reoffenders if measure.startswith("first") else [people]
        fitting = [count for size in sizes for count in numbers(row, size)]
        if not fitting:
            return None
        cells = dict.fromkeys(cells_of(measure), 1.0)
        knowledge.between(cells, min(fitting), max(fitting))
    return knowledge


def ranges(
    rows: dict[str, dict[str, object]], secrets: list[list[int]]
) -> list[tuple[float, float]]:
    """Return what is known of sums of cells, over every size that the group can have."""
    size = int(float(str(rows["rate"]["treated_n"])))
    found: list[list[tuple[float, float]]] = []
    for people in range(size - REACH, size + REACH + 1):
        knowledge = learn(rows, people)
        if knowledge is not None:
            try:
                found.append([knowledge.range_of(secret) for secret in secrets])
            except ArithmeticError:  # the group cannot be of this size
                continue
    return [
        (min(low for low, _ in one), max(high for _, high in one))
        for one in zip(*found, strict=True)
    ]


def secrets_of(cells: list[int]) -> list[list[int]]:
    """Return what may not be known: small measures, and small differences of two."""
    sums = [set(cells_of(measure)) for measure in MEASURES]
    sums += [one - other for one, other in product(sums, sums) if other < one]
    sums.append(set(cells_of("any_indictable")) & set(cells_of("any_either_way")))
    unique = {tuple(sorted(one)) for one in sums}
    return [[*one] for one in sorted(unique) if 1 <= sum(cells[n] for n in one) <= FEW]


def attack(*, with_control: bool, requests: int) -> tuple[int, int]:
    tried = succeeded = 0
    for seed in range(requests):
        cells = group(seed)
        rows = published(cells, with_control=with_control)
        secrets = secrets_of(cells)
        if "rate" not in rows or not secrets:
            continue
        for secret, (low, high) in zip(secrets, ranges(rows, secrets), strict=True):
            assert low <= sum(cells[n] for n in secret) <= high, "the truth fits"
            tried += 1
            succeeded += is_known(low, high)
    return tried, succeeded


def test_no_small_difference_of_measures_is_known() -> None:
    tried, succeeded = attack(with_control=True, requests=REQUESTS)
    assert tried > REQUESTS
    assert succeeded == 0


def test_whole_points_of_every_measure_give_differences_away() -> None:
    tried, succeeded = attack(with_control=False, requests=5)
    assert succeeded > tried / 4
