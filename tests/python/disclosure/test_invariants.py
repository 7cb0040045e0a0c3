"""What must hold of disclosure control whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.tables import REASONS, SEED, cohort, waterfall
from justice_data_lab.disclosure import DisclosureSettings, control_attrition
from justice_data_lab.disclosure.cohorts import Cohort, hold_reasons
from justice_data_lab.disclosure.merging import merge_steps
from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import round_count, round_figure, round_percent
from justice_data_lab.disclosure.settings import DisclosureSettings as Settings

COUNTS = st.lists(st.integers(0, 30) | st.integers(0, 400), min_size=1, max_size=9)
THRESHOLDS = st.integers(0, 15)
ON = Settings()


def edges(removed: list[int], few: int) -> set[int]:
    """Return after which steps a remainder is printed."""
    return {group.last for group in merge_steps(removed, Settings(small_count=few))}


def shown(removed: list[int], left: int) -> list[dict[str, object]]:
    """Return the published waterfall of one request."""
    table = pa.Table.from_pylist(waterfall(removed, left))
    return list(control_attrition(table, SEED, ON).to_pylist())


@given(COUNTS, THRESHOLDS)
def test_groups_cover_every_step_and_none_is_small(removed: list[int], few: int) -> None:
    groups = merge_steps(removed, Settings(small_count=few))
    assert [place for group in groups for place in range(group.first, group.last + 1)] == list(
        range(len(removed))
    )
    assert sum(group.removed for group in groups) == sum(removed)
    if not 1 <= sum(removed) <= few:
        assert not [group for group in groups if 1 <= group.removed <= few]


@given(COUNTS, THRESHOLDS)
def test_a_higher_threshold_prints_no_remainder_that_a_lower_one_hides(
    removed: list[int], few: int
) -> None:
    assert edges(removed, few + 1) <= edges(removed, few)


@given(COUNTS, THRESHOLDS, st.booleans())
def test_a_higher_threshold_shows_no_category_that_a_lower_one_hides(
    counts: list[int], few: int, is_rate: bool
) -> None:
    cells = {str(place): count for place, count in enumerate(counts)}
    low, high = (
        suppress_partition(
            cells,
            Settings(small_count=limit),
            zeros_disclose=is_rate,
            complements_disclose=is_rate,
        )
        for limit in (few, few + 1)
    )
    assert set(low) <= set(high)


@given(COUNTS, st.randoms(use_true_random=False))
def test_categories_are_suppressed_whatever_their_order_and_name(
    counts: list[int], chance: Random
) -> None:
    cells = {str(place): count for place, count in enumerate(counts)}
    shuffled = list(cells)
    chance.shuffle(shuffled)
    renamed = {f"new {name}": cells[name] for name in shuffled}
    hidden = suppress_partition(cells, ON)
    assert suppress_partition(renamed, ON) == {f"new {name}": hidden[name] for name in hidden}


@given(COUNTS)
def test_what_is_suppressed_of_a_total_is_more_than_a_few_together(counts: list[int]) -> None:
    cells = {str(place): count for place, count in enumerate(counts)}
    hidden = suppress_partition(cells, ON)
    if hidden and any(cells[name] for name in cells.keys() - hidden.keys()):
        assert sum(cells[name] for name in hidden) > ON.small_count
        assert len(hidden) > 1


@given(COUNTS, st.integers(30, 400), st.randoms(use_true_random=False))
def test_no_published_count_is_small_and_the_order_of_rows_does_not_matter(
    removed: list[int], left: int, chance: Random
) -> None:
    rows = waterfall(removed, left)
    before = shown(removed, left)
    chance.shuffle(rows)
    assert control_attrition(pa.Table.from_pylist(rows), SEED, ON).to_pylist() == before
    for row in before:
        for figure in ("removed_n", "remaining_n"):
            count = row[figure]
            assert count is None or count % 5 == 0
            assert count is None or not 1 <= count <= 7


@given(COUNTS, st.integers(30, 400))
def test_merged_rows_merge_no_further_when_they_are_controlled_again(
    removed: list[int], left: int
) -> None:
    sums = [group.removed for group in merge_steps(removed, ON)]
    again = merge_steps(sums, ON)
    assert [group.removed for group in again] == sums
    assert [round_count(round_count(count, ON), ON) for count in sums] == [
        round_count(count, ON) for count in sums
    ]


@given(COUNTS, st.integers(30, 400), st.data())
def test_one_more_person_moves_no_published_count_by_more_than_5(
    removed: list[int], left: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(removed) - 1))
    more = [count + (number == place) for number, count in enumerate(removed)]

    def cells(steps: list[int]) -> dict[object, object]:
        rows = shown(steps, left)
        return {
            (row["step_number"], row["description"], figure): row[figure]
            for row in rows
            for figure in ("removed_n", "remaining_n")
            if row[figure] is not None
        }

    one, other = cells(removed), cells(more)
    for key in one.keys() & other.keys():
        assert abs(one[key] - other[key]) <= 5  # type: ignore[operator]


def test_the_request_s_name_changes_nothing_else() -> None:
    removed = [3, 0, 90, 6, 12]
    one = control_attrition(pa.Table.from_pylist(waterfall(removed, 80)), SEED, ON)
    other = control_attrition(
        pa.Table.from_pylist(waterfall(removed, 80, request_id="zz")), SEED, ON
    )
    assert [{**row, "request_id": "zz"} for row in one.to_pylist()] == other.to_pylist()


def test_where_few_are_removed_in_all_the_whole_is_not_shown() -> None:
    rows = shown([2, 0, 3], 60)
    assert [row["remaining_n"] for row in rows] == [None, 60]
    assert [row["removed_n"] for row in rows] == [0, None]
    assert {row["percent_of_submitted"] for row in rows} == {None}
    assert {row["code"] for row in rows} == {"c"}


def test_the_worked_example_keeps_its_6_and_9_when_control_is_off() -> None:
    off = DisclosureSettings(is_on=False)
    steps = [6, 115, 187, 22, 491, 69, 9, 90]
    table = pa.Table.from_pylist(waterfall(steps, 257))
    rows = control_attrition(table, SEED, off).to_pylist()
    assert [row["removed_n"] for row in rows] == [0, *steps]
    assert rows[-1]["remaining_n"] == 257
    assert not [row for row in rows if row["is_merged"] or row["code"]]


def test_the_worked_example_under_control() -> None:
    rows = shown([6, 115, 187, 22, 491, 69, 9, 90], 257)
    assert [row["removed_n"] for row in rows] == [0, 120, 185, 20, 490, 70, 10, 90]
    assert rows[1]["step"] == "other_reasons"
    assert rows[1]["description"] == (
        f"Other reasons: Words of {REASONS[0]}; Words of {REASONS[1]}"
    )


@given(st.integers(0, 100_000), st.integers(1, 20))
def test_counts_are_rounding_step_the_nearest_multiple(count: int, base: int) -> None:
    rounded = round_count(count, Settings(rounding=base))
    assert rounded is not None
    assert rounded % base == 0
    assert 2 * abs(rounded - count) <= base


@pytest.mark.parametrize(
    ("value", "people", "expected"),
    [
        (0.4, 199, 0.0),
        (0.4, 200, 0.4),
        (-0.04, 500, 0.0),
        (0.5, 500, 1.0),
        (0.49, 500, 0.5),
        (1.5, 500, 2.0),
        (2.5, 500, 3.0),
        (-2.5, 500, -3.0),
        (-0.3, 50, 0.0),
        (None, 500, None),
    ],
)
def test_percentages_are_whole_points_and_one_decimal_near_zero_in_large_groups(
    value: float | None, people: int, expected: float | None
) -> None:
    rounded = round_percent(value, people=people, settings=ON)
    assert rounded == expected
    assert str(rounded) != "-0.0"


@given(st.floats(-100, 100), st.integers(30, 400))
def test_what_is_rounded_stays_as_it_is_when_it_is_rounded_again(value: float, people: int) -> None:
    once = round_percent(value, people=people, settings=ON)
    if abs(once or 0) != 0.5:  # 0.47 of 200 people is shown as 0.5, and half a point rounds up
        assert round_percent(once, people=people, settings=ON) == once
    twice = round_figure(round_figure(value, 2), 2)
    assert twice == round_figure(value, 2)


def test_figures_are_rounded_from_what_they_are_and_halves_up() -> None:
    assert round_figure(0.125, 2) == 0.13
    assert round_figure(2.675, 2) == 2.68  # the decimal that is printed, not its binary neighbour
    assert round_figure(float("nan"), 2) is None


def cohorts(chance: Random, keys: list[int]) -> list[Cohort]:
    """Return a headline with subgroups of it, over people whose keys are given."""
    people = frozenset(keys)
    reoffenders = frozenset(key for place, key in enumerate(keys) if place % 3 == 0)
    made = [Cohort("headline", "headline", None, people, reoffenders)]
    start = 0
    for number in range(chance.randint(1, 4)):
        part = frozenset(keys[start : start + chance.randint(20, 60)])
        start += len(part) + chance.randint(0, 9)
        made.append(Cohort(f"part {number}", "subgroup", "sex", part, part & reoffenders))
    return made


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), THRESHOLDS)
def test_holds_grow_with_the_threshold_and_forget_names_and_order(chance: Random, few: int) -> None:
    keys = list(range(chance.randint(60, 200)))
    made = cohorts(chance, keys)
    # Of parts that leave a group over, the cheapest to give up need not be so at another threshold.
    apart = [replace(one, field=None) for one in made]
    low, high = (hold_reasons(apart, Settings(small_count=limit)) for limit in (few, few + 1))
    # A rate that the higher threshold no longer prints tells nothing about the others.
    if all(few + 1 not in (len(one.reoffenders), len(one.others)) for one in made):
        assert set(low) <= set(high)
    low = hold_reasons(made, Settings(small_count=few))
    names = {one.analysis_id: f"{chance.random()} {place}" for place, one in enumerate(made)}
    renamed = [
        Cohort(names[one.analysis_id], one.kind, one.field, one.people, one.reoffenders)
        for one in made
    ]
    chance.shuffle(renamed)
    again = hold_reasons(renamed, Settings(small_count=few))
    assert again == {names[name]: reason for name, reason in low.items()}


def test_a_subgroup_that_leaves_few_is_held_and_the_headline_never_for_it() -> None:
    whole = cohort("headline", range(100), 40, kind="headline", by=None)
    part = Cohort("men", "subgroup", "sex", frozenset(range(95)), whole.reoffenders)
    assert hold_reasons([part, whole], ON) == {"men": "differencing"}


def test_a_small_group_is_held_as_too_few() -> None:
    assert hold_reasons([cohort("women", range(29), 12)], ON) == {"women": "too_few"}
    assert hold_reasons([cohort("women", range(30), 12)], ON) == {}


def test_a_group_that_is_a_small_cell_is_held_whatever_size_may_be_analysed() -> None:
    for limits in (Settings(minimum_people=2), Settings(small_count=40)):
        few = limits.small_count
        held = hold_reasons([cohort("women", range(few), 3)], limits)
        assert held == {"women": "too_few"}
        assert hold_reasons([cohort("women", range(few + 1), 3)], limits) == {}


def test_nothing_is_held_when_control_is_off() -> None:
    assert hold_reasons([cohort("women", range(3), 1)], Settings(is_on=False)) == {}
