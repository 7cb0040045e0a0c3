"""Fingerprints of sets tell small differences, and only those."""

from __future__ import annotations

from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_data_lab.disclosure import DisclosureSettings, control_cohorts
from justice_data_lab.disclosure.sketches import difference, sketch

KEYS = st.sets(st.integers(-(2**63), 2**63 - 1), min_size=30, max_size=60)
NEW = st.sets(st.integers(-(2**63), 2**63 - 1), max_size=8)
ANALYSES = pa.table(
    {
        "request_id": ["r"],
        "analysis_id": ["headline"],
        "kind": ["headline"],
        "subgroup_field": pa.array([None], pa.string()),
    }
)


@settings(deadline=None, max_examples=80)
@given(KEYS, NEW, st.integers(0, 8))
def test_a_difference_of_up_to_7_is_found_and_a_larger_one_is_called_larger(
    people: set[int], new: set[int], gone: int
) -> None:
    after = set(sorted(people)[gone:]) | new
    apart = len(people ^ after)
    one, other = ((len(some), sketch(some, capacity=7)) for some in (people, after))
    assert difference(one, other, capacity=7) == (apart if apart <= 7 else None)


@given(KEYS)
def test_the_order_of_people_does_not_matter(people: set[int]) -> None:
    assert sketch(sorted(people), capacity=7) == sketch(sorted(people, reverse=True), capacity=7)


def test_nobody_s_key_is_in_a_sketch() -> None:
    chance = Random(1)
    people = [chance.getrandbits(60) for _ in range(40)]
    parts = {int(part, 16) for part in sketch(people, capacity=7).split(".")}
    assert not parts & set(people)


def test_a_sketch_for_smaller_differences_cannot_tell() -> None:
    people = set(range(40))
    one = (40, sketch(people, capacity=3))
    assert difference(one, (40, sketch(people, capacity=7)), capacity=7) is None


def register(people: list[dict[str, object]], *, is_same_key: bool = True) -> pa.Table:
    """Return the register after a release of these people."""
    (row,) = controlled(people).to_pylist()
    return pa.Table.from_pylist([{**row, "is_same_key": is_same_key}])


def controlled(people: list[dict[str, object]], released: pa.Table | None = None) -> pa.Table:
    """Return the cohort of these people, after that release."""
    if released is None:
        released = pa.table({"request_id": pa.array([], pa.string())})
    return control_cohorts(pa.Table.from_pylist(people), ANALYSES, released, DisclosureSettings())


def people_of(count: int, reoffenders: int) -> list[dict[str, object]]:
    return [
        {
            "request_id": "r",
            "analysis_id": "headline",
            "release_key": key * 7_919,
            "is_reoffender": key < reoffenders,
        }
        for key in range(count)
    ]


def hold(people: list[dict[str, object]], released: pa.Table | None = None) -> str | None:
    reason: str | None = controlled(people, released).to_pylist()[0]["hold_reason"]
    return reason


def test_the_same_people_may_be_released_again() -> None:
    assert hold(people_of(100, 40), register(people_of(100, 40))) is None


def test_a_few_people_more_than_in_an_earlier_release_hold_the_analysis() -> None:
    assert hold(people_of(107, 40), register(people_of(100, 40))) == "differencing"
    assert hold(people_of(100, 43), register(people_of(100, 40))) == "differencing"


def test_many_people_of_whom_few_reoffended_hold_it_too() -> None:
    joined = people_of(100, 40) + [
        {**row, "release_key": -row["release_key"] - 1, "is_reoffender": place < 3}  # type: ignore[operator]
        for place, row in enumerate(people_of(50, 0))
    ]
    assert hold(joined, register(people_of(100, 40))) == "differencing"


def test_many_people_more_do_not() -> None:
    joined = people_of(100, 40) + [
        {**row, "release_key": -row["release_key"] - 1, "is_reoffender": place < 20}  # type: ignore[operator]
        for place, row in enumerate(people_of(50, 0))
    ]
    assert hold(joined, register(people_of(100, 40))) is None


def renamed(people: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**row, "request_id": "sent_again"} for row in people]


@pytest.mark.parametrize(
    ("size", "reoffenders", "reason"),
    [(100, 40, None), (104, 40, "differencing"), (100, 43, "differencing"), (160, 40, None)],
)
def test_a_resubmission_under_another_name_is_compared_with_what_was_released(
    size: int, reoffenders: int, reason: str | None
) -> None:
    (row,) = register(people_of(size, reoffenders)).to_pylist()
    before = pa.Table.from_pylist([{**row, "request_id": "sent_again"}])
    assert hold(people_of(100, 40), before) == reason


def test_of_two_requests_of_one_build_that_differ_by_a_few_the_smaller_is_held() -> None:
    analyses = pa.concat_tables(
        [
            ANALYSES,
            ANALYSES.set_column(
                ANALYSES.column_names.index("request_id"), "request_id", pa.array(["sent_again"])
            ),
        ]
    )

    def held(people: list[dict[str, object]]) -> dict[str, str | None]:
        both = pa.Table.from_pylist(people_of(100, 40) + renamed(people))
        released = pa.table({"request_id": pa.array([], pa.string())})
        table = control_cohorts(both, analyses, released, DisclosureSettings())
        return {row["request_id"]: row["hold_reason"] for row in table.to_pylist()}

    assert held(people_of(104, 44)) == {"r": "differencing", "sent_again": None}
    assert held(people_of(104, 40)) == {"r": "differencing", "sent_again": None}
    assert held(people_of(100, 40)) == {"r": None, "sent_again": None}
    assert held(people_of(150, 60)) == {"r": None, "sent_again": None}


def test_a_release_under_another_key_cannot_be_compared_and_holds() -> None:
    assert hold(people_of(100, 40), register(people_of(100, 40), is_same_key=False)) == (
        "differencing"
    )
