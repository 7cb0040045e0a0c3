"""1,000 generated tables against an attacker; and the same attacker against plain suppression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pyarrow as pa
import pytest

from disclosure.attacker import FEW, Knowledge, is_known
from disclosure.tables import SEED, cohort, small_or_large, waterfall
from justice_data_lab.disclosure import DisclosureSettings, control_attrition
from justice_data_lab.disclosure.cohorts import Cohort, hold_reasons, is_too_near
from justice_data_lab.disclosure.merging import merge_steps
from justice_data_lab.disclosure.outcomes import is_primary
from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import round_count, round_percent

SETTINGS = DisclosureSettings()
WATERFALLS, PARTITIONS, RATES, SUBGROUPS, RELEASES = 400, 100, 150, 200, 150


@dataclass(frozen=True)
class Attack:
    """What an attacker finds out of one protected cell of 1 to 7 people."""

    count: int
    low: float
    high: float

    @property
    def succeeds(self) -> bool:
        """Whether the cell is known to within 5, or to be small."""
        return is_known(self.low, self.high)


def attacks(knowledge: Knowledge, cells: dict[int, int]) -> Iterator[Attack]:
    """Attack every protected cell; cells: true counts by place."""
    for place, count in cells.items():
        if 1 <= count <= FEW:
            low, high = knowledge.range_of([place])
            assert low <= count <= high, "the truth fits what is published"
            yield Attack(count, low, high)


def waterfall_cells(seed: int) -> list[int]:
    chance = Random(seed)
    removed = [small_or_large(chance) for _ in range(chance.randint(2, 9))]
    return [*removed, chance.randint(30, 400)]


def learn_waterfall(cells: list[int]) -> Knowledge:
    """Publish a waterfall, its total and its end, and return what that tells."""
    *removed, left = cells
    table = pa.Table.from_pylist(waterfall(removed, left))
    knowledge = Knowledge(len(cells))
    done = 0
    for row in control_attrition(table, SEED, SETTINGS).to_pylist():
        last = int(row["step_number"])
        knowledge.count(range(done, last), row["removed_n"])
        knowledge.count(range(last, len(cells)), row["remaining_n"])
        done = last
    knowledge.count([len(cells) - 1], round_count(left, SETTINGS))
    return knowledge


def test_no_small_step_of_400_waterfalls_is_known() -> None:
    found = [
        attack
        for seed in range(WATERFALLS)
        for cells in [waterfall_cells(seed)]
        for attack in attacks(learn_waterfall(cells), dict(enumerate(cells)))
    ]
    assert len(found) > WATERFALLS
    assert not [attack for attack in found if attack.succeeds]


def test_the_bounds_of_a_merged_step_are_nobody_and_its_group() -> None:
    """The closed form: between two printed remainders only the sum of a group is known."""
    for seed in range(60):
        *removed, left = waterfall_cells(seed)
        knowledge = learn_waterfall([*removed, left])
        if 1 <= sum(removed) <= FEW:
            continue
        for group in merge_steps(removed, SETTINGS):
            places = range(group.first, group.last + 1)
            _, together = knowledge.range_of(list(places))
            for place in places:
                if 1 <= removed[place] <= FEW:
                    assert knowledge.range_of([place]) == (0, together)
                    assert together > FEW


def test_plain_suppression_of_waterfalls_is_broken() -> None:
    """Exact counts with the small ones blanked: what rounding and merging are for."""
    outcomes: Counter[bool] = Counter()
    for seed in range(60):
        *removed, left = cells = waterfall_cells(seed)
        knowledge = Knowledge(len(cells))
        for place, count in enumerate(removed):
            knowledge.exact([place], None if 1 <= count <= FEW else count)
            knowledge.exact(range(place + 1, len(cells)), sum(cells[place + 1 :]))
        knowledge.exact(range(len(cells)), sum(cells))
        knowledge.exact([len(cells) - 1], left)
        outcomes.update(attack.succeeds for attack in attacks(knowledge, dict(enumerate(cells))))
    assert outcomes[False] == 0
    assert outcomes[True] > 60


def test_rounding_without_merging_is_broken() -> None:
    """Small steps blanked and the rest rounded: two printed remainders enclose a step."""
    outcomes: Counter[bool] = Counter()
    for seed in range(60):
        *removed, _ = cells = waterfall_cells(seed)
        knowledge = Knowledge(len(cells))
        for place, count in enumerate(removed):
            knowledge.count([place], None if 1 <= count <= FEW else round_count(count, SETTINGS))
            knowledge.count(
                range(place + 1, len(cells)), round_count(sum(cells[place + 1 :]), SETTINGS)
            )
        knowledge.count(range(len(cells)), round_count(sum(cells), SETTINGS))
        outcomes.update(attack.succeeds for attack in attacks(knowledge, dict(enumerate(cells))))
    assert outcomes[True] > 30


def test_no_small_category_of_100_partitions_is_known() -> None:
    """Levels of a covariate, details of a step: categories whose total is published."""
    found = []
    for seed in range(PARTITIONS):
        chance = Random(1_000 + seed)
        cells = [small_or_large(chance) for _ in range(chance.randint(2, 7))] + [40]
        hidden = suppress_partition({str(n): c for n, c in enumerate(cells)}, SETTINGS)
        knowledge = Knowledge(len(cells))
        knowledge.count(range(len(cells)), round_count(sum(cells), SETTINGS))
        for place, count in enumerate(cells):
            if str(place) not in hidden:
                knowledge.count([place], round_count(count, SETTINGS))
        found += attacks(knowledge, dict(enumerate(cells)))
    assert len(found) > PARTITIONS
    assert not [attack for attack in found if attack.succeeds]


def learn_rate(knowledge: Knowledge, has: list[int], has_not: list[int], cells: list[int]) -> None:
    """Publish the size of a group and, if it may be, its rate and its numerator."""
    having, people = sum(cells[n] for n in has), sum(cells[n] for n in has + has_not)
    knowledge.count(has + has_not, round_count(people, SETTINGS))
    behind = {
        "people_n": people,
        "contributors_n": having,
        "control_people_n": 5000,
        "control_contributors_n": 2000,
        "is_dominated": False,
    }
    if not is_primary("rate", behind, SETTINGS):
        rate = round_percent(100 * having / people, people=people, settings=SETTINGS)
        knowledge.percent(has, has + has_not, rate)
        knowledge.count(has, round_count(having, SETTINGS))


def test_no_small_numerator_or_complement_of_150_rates_is_known() -> None:
    found = []
    for seed in range(RATES):
        chance = Random(2_000 + seed)
        people = chance.randint(30, 250)
        having = chance.choice((chance.randint(1, 12), people - chance.randint(1, 12)))
        cells = [having, people - having]
        knowledge = Knowledge(2)
        learn_rate(knowledge, [0], [1], cells)
        found += attacks(knowledge, dict(enumerate(cells)))
    assert len(found) > RATES / 3
    assert not [attack for attack in found if attack.succeeds]


def test_a_rate_in_whole_points_gives_its_numerator_away() -> None:
    """Plain suppression blanks the count and prints the rate beside an exact size."""
    for people, having in ((30, 3), (47, 5), (80, 7), (95, 2)):
        knowledge = Knowledge(2)
        knowledge.exact([0, 1], people)
        knowledge.percent([0], [0, 1], round(100 * having / people))
        (attack,) = attacks(knowledge, {0: having})
        assert attack.succeeds


def parts_of_a_whole(seed: int) -> list[tuple[int, int]]:
    """Return (re-offenders, others) of each part; the last part is no analysis of its own."""
    chance = Random(3_000 + seed)
    parts = [(chance.randint(1, 30), chance.randint(20, 90)) for _ in range(chance.randint(1, 3))]
    rest = chance.choice(((0, 0), (chance.randint(0, 9), chance.randint(0, 9)), (20, 30)))
    return [*parts, rest]


def cohorts_of(parts: list[tuple[int, int]]) -> list[Cohort]:
    """Return the whole and its parts as cohorts of people with keys of their own."""
    people: list[range] = []
    for has, has_not in parts:
        start = people[-1].stop if people else 0
        people.append(range(start, start + has + has_not))
    reoffenders = frozenset(
        key for group, (has, _) in zip(people, parts, strict=True) for key in group[:has]
    )
    whole = Cohort("headline", "headline", None, frozenset(range(people[-1].stop)), reoffenders)
    made = [cohort(str(n), group, parts[n][0]) for n, group in enumerate(people[:-1])]
    return [whole, *made]


def test_no_small_part_of_200_requests_is_known() -> None:
    """A headline and its subgroups: the whole less its parts is a group too."""
    found = []
    for seed in range(SUBGROUPS):
        parts = parts_of_a_whole(seed)
        cells = [count for part in parts for count in part]
        held = hold_reasons(cohorts_of(parts), SETTINGS)
        knowledge = Knowledge(len(cells))
        if "headline" not in held:
            learn_rate(
                knowledge, list(range(0, len(cells), 2)), list(range(1, len(cells), 2)), cells
            )
        for number in range(len(parts) - 1):
            if str(number) not in held:
                learn_rate(knowledge, [2 * number], [2 * number + 1], cells)
        found += attacks(knowledge, dict(enumerate(cells)))
    assert len(found) > SUBGROUPS / 2
    assert not [attack for attack in found if attack.succeeds]


def test_subgroups_without_differencing_are_broken() -> None:
    """Whole and parts published whenever their own rates may be."""
    outcomes: Counter[bool] = Counter()
    for seed in range(60):
        parts = parts_of_a_whole(seed)
        cells = [count for part in parts for count in part]
        knowledge = Knowledge(len(cells))
        learn_rate(knowledge, list(range(0, len(cells), 2)), list(range(1, len(cells), 2)), cells)
        for number in range(len(parts) - 1):
            learn_rate(knowledge, [2 * number], [2 * number + 1], cells)
        outcomes.update(attack.succeeds for attack in attacks(knowledge, dict(enumerate(cells))))
    assert outcomes[True] > 5


@pytest.mark.parametrize("with_control", [True, False])
def test_no_small_change_between_150_releases_is_known(with_control: bool) -> None:
    """The same analysis released twice: who joined or left it is a group. Without control it is."""
    found = []
    for seed in range(RELEASES if with_control else 60):
        chance = Random(4_000 + seed)
        stay = (chance.randint(12, 40), chance.randint(20, 90))
        join = (chance.randint(0, 9), chance.randint(0, 9))
        cells = [*stay, *join]
        people = sum(stay)
        before = cohort("headline", range(people), stay[0], kind="headline", by=None)
        new = range(people, people + sum(join))
        after = Cohort(
            "headline",
            "headline",
            None,
            before.people | frozenset(new),
            before.reoffenders | frozenset(new[: join[0]]),
        )
        knowledge = Knowledge(len(cells))
        learn_rate(knowledge, [0], [1], cells)
        if not with_control or not is_too_near(before, after, few=FEW):
            learn_rate(knowledge, [0, 2], [1, 3], cells)
        found += attacks(knowledge, dict(enumerate(cells)))
    succeeded = sum(attack.succeeds for attack in found)
    assert len(found) > 60
    assert succeeded == 0 if with_control else succeeded > 10
