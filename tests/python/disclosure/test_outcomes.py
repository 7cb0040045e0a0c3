"""Which outcomes are shown, and how they are rounded."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from disclosure.tables import outcome, people_behind
from justice_data_lab.disclosure import DisclosureSettings, control_outcomes
from justice_data_lab.disclosure.outcomes import COUNTS, ESTIMATES, OUTCOMES_SCHEMA
from justice_data_lab.disclosure.suppressions import SUPPRESSED_FIGURES

ON, OFF = DisclosureSettings(), DisclosureSettings(is_on=False)
KEY = ("r", "headline")


def published(
    estimates: list[dict[str, Any]],
    people: list[dict[str, Any]],
    *,
    hold: str | None = None,
    verdict: str = "good",
    settings: DisclosureSettings = ON,
) -> dict[str, dict[str, Any]]:
    """Return the published outcomes by measure."""
    table = control_outcomes(
        pa.Table.from_pylist(estimates),
        pa.Table.from_pylist(people),
        {KEY: hold},  # type: ignore[dict-item]
        {KEY: verdict},
        settings,
    )
    assert table.schema == OUTCOMES_SCHEMA
    return {row["measure"]: row for row in table.to_pylist()}


def rate(having: int, people: int = 120, **control: int) -> dict[str, Any]:
    return people_behind(people_n=people, contributors_n=having, **control)


def test_a_rate_is_rounded_from_its_unrounded_parts() -> None:
    row = published([outcome()], [people_behind()])["rate"]
    assert (row["treated_value"], row["treated_lower"], row["treated_upper"]) == (35.0, 27.0, 44.0)
    assert (row["difference"], row["difference_lower"]) == (-6.0, -14.0)
    assert (row["treated_n"], row["treated_reoffenders_n"], row["control_n"]) == (120, 40, 4320)
    assert (row["control_effective_n"], row["number_needed"]) == (2345.0, 235)
    assert (row["p_value"], row["is_reliable"], row["code"]) == (0.17, True, None)


@pytest.mark.parametrize("having", [0, 1, 7, 113, 119, 120])
def test_a_rate_of_few_people_or_of_all_but_few_has_no_figure(having: int) -> None:
    row = published([outcome(treated_reoffenders_n=having)], [rate(having)])["rate"]
    assert all(row[name] is None for name in (*ESTIMATES, "treated_reoffenders_n"))
    assert row["treated_n"] == 120
    assert (row["conclusion"], row["code"], row["is_reliable"]) == ("withheld", "c", False)
    assert "treated_value=primary" in row[SUPPRESSED_FIGURES]


@pytest.mark.parametrize("having", [8, 112])
def test_a_rate_of_8_people_or_of_all_but_8_has_its_figures(having: int) -> None:
    row = published([outcome(treated_reoffenders_n=having)], [rate(having)])["rate"]
    assert row["treated_value"] is not None


def test_a_comparison_group_of_few_is_a_small_group_too() -> None:
    few = rate(42, control_people_n=40, control_contributors_n=7)
    assert published([outcome()], [few])["rate"]["code"] == "c"


def test_everything_about_reoffending_goes_with_the_rate_and_employment_stays() -> None:
    measures = {
        "rate": rate(5),
        "frequency": people_behind("frequency", contributors_n=5),
        "days_to_first": people_behind("days_to_first", people_n=5, contributors_n=5),
        "first_custody": people_behind("first_custody", people_n=5, contributors_n=2),
        "in_employment_1y": people_behind("in_employment_1y", contributors_n=60),
    }
    rows = published(
        [outcome(measure, treated_reoffenders_n=5) for measure in measures], list(measures.values())
    )
    assert rows["in_employment_1y"]["treated_value"] is not None
    assert {row["treated_reoffenders_n"] for row in rows.values()} == {None}
    assert {rows[name]["treated_n"] for name in ("days_to_first", "first_custody")} == {None}
    for measure in ("frequency", "days_to_first", "first_custody"):
        assert all(rows[measure][name] is None for name in ESTIMATES)


def test_court_types_hide_each_other() -> None:
    shares = {"indictable": 3, "either_way": 20, "summary": 19}
    people = [rate(42)] + [
        people_behind(
            f"first_{name}",
            people_n=42,
            contributors_n=count,
            control_contributors_n=40 * count,
        )
        for name, count in shares.items()
    ]
    rows = published([outcome(row["measure"]) for row in people], people)
    assert rows["first_indictable"][SUPPRESSED_FIGURES].count("=primary") == len(ESTIMATES)
    assert "=secondary" in rows["first_summary"][SUPPRESSED_FIGURES]
    assert rows["first_either_way"]["treated_value"] is not None
    assert rows["first_indictable"]["code"] == rows["first_summary"]["code"] == "c"


def not_whole(
    counts: dict[str, int], controls: dict[str, int] | None = None
) -> dict[str, int | None]:
    """Return the measures that are suppressed (None) or coarser (their step), from their people."""
    among = {"first_indictable", "first_either_way", "first_summary", "first_custody"}
    people = [
        people_behind(
            measure,
            people_n=counts["rate"] if measure in among else 400,
            contributors_n=having,
            control_contributors_n=(controls or {}).get(measure, 40 * having),
            control_people_n=40 * (counts["rate"] if measure in among else 400),
        )
        for measure, having in counts.items()
    ]
    rows = published([outcome(row["measure"]) for row in people], people)
    assert {name for name, row in rows.items() if row["code"] == "c"} == {
        name for name, row in rows.items() if row["rounding_step"] != 1
    }
    return {name: row["rounding_step"] for name, row in rows.items() if row["rounding_step"] != 1}


SHOWN = {"rate": 200, "any_serious": 120, "any_summary_only": 80}


def test_serious_and_summary_only_add_up_to_the_rate_and_hide_each_other() -> None:
    assert not_whole(SHOWN) == {}
    few = {"rate": 200, "any_serious": 194, "any_summary_only": 6}
    assert not_whole(few) == {"any_serious": 2, "any_summary_only": None}


@pytest.mark.parametrize(
    ("counts", "gone"),
    [
        ({"any_either_way": 112}, {}),
        ({"any_either_way": 113}, {"any_either_way": 2}),
        ({"any_either_way": 118}, {"any_either_way": None}),
        ({"any_either_way": 120}, {"any_either_way": None}),
        ({"any_indictable": 113}, {"any_indictable": 2}),
        ({"any_custody": 193}, {}),  # 7 people less, but 48% of 398 and 50% of 402 leave 1 to 13
        ({"any_custody": 60, "first_custody": 53}, {"first_custody": None}),
        ({"any_custody": 60, "first_custody": 52}, {}),
        ({"any_indictable": 60, "any_either_way": 67}, {"any_indictable": 2}),
        ({"any_indictable": 60, "any_either_way": 68}, {}),
    ],
)
def test_what_one_measure_holds_of_another_gives_nobody_away(
    counts: dict[str, int], gone: dict[str, int | None]
) -> None:
    assert not_whole(SHOWN | counts) == gone


def test_a_share_in_steps_of_2_points_keeps_its_difference_and_loses_its_limits() -> None:
    people = [
        people_behind(name, people_n=400, contributors_n=having, control_contributors_n=9 * having)
        for name, having in (SHOWN | {"any_either_way": 113}).items()
    ]
    rows = published([outcome(row["measure"]) for row in people], people)
    row = rows["any_either_way"]
    assert [row[name] for name in ("treated_value", "control_value")] == [36.0, 42.0]
    assert [row[f"difference{end}"] for end in ("", "_lower", "_upper")] == [-6.0, -14.0, 2.0]
    assert {
        row[f"{arm}_{end}"] for arm in ("treated", "control") for end in ("lower", "upper")
    } == {None}
    assert (row["rounding_step"], row["code"], row["conclusion"]) == (2, "c", "inconclusive")
    assert (rows["rate"]["rounding_step"], rows["rate"]["treated_lower"]) == (1, 27.0)


def test_court_types_of_the_first_re_offence_give_way_where_one_gives_a_few_away() -> None:
    first = {"first_indictable": 55, "first_either_way": 60, "first_summary": 85}
    both = {"any_indictable": 62, "any_either_way": 90}
    assert not_whole(SHOWN | both | first) == {
        "first_indictable": 2,
        "first_either_way": 2,
        "first_summary": None,
    }
    assert not_whole(SHOWN | both | {"any_indictable": 63} | first | {"first_summary": 88}) == {}


@pytest.mark.parametrize(
    ("controls", "gone"),
    [
        ({"any_serious": 4800, "any_either_way": 4795}, {"any_either_way": None}),
        (
            {"any_serious": 4800, "any_either_way": 4700, "any_indictable": 107},
            {"any_indictable": None},
        ),
        ({"any_serious": 4800, "any_either_way": 4700, "any_indictable": 108}, {}),
    ],
)
def test_few_of_the_comparison_group_are_not_given_away_either(
    controls: dict[str, int], gone: dict[str, int | None]
) -> None:
    assert not_whole(SHOWN | {"any_either_way": 90, "any_indictable": 60}, controls) == gone


def test_a_mean_that_two_people_make_is_not_shown() -> None:
    dominated = people_behind("frequency", is_dominated=True)
    assert published([outcome("frequency")], [dominated])["frequency"]["code"] == "c"


def test_few_whose_employment_is_unknown_are_not_given_away() -> None:
    rows = published(
        [outcome(), outcome("in_employment_1y", treated_n=117)],
        [rate(42), people_behind("in_employment_1y", people_n=117, contributors_n=50)],
    )
    assert rows["in_employment_1y"]["treated_n"] is None
    assert rows["in_employment_1y"]["treated_value"] is not None


@pytest.mark.parametrize("reason", ["too_few", "differencing"])
def test_a_held_analysis_has_neither_figures_nor_sizes(reason: str) -> None:
    row = published([outcome()], [people_behind()], hold=reason)["rate"]
    assert all(row[name] is None for name in (*ESTIMATES, *COUNTS))
    assert (row["conclusion"], row["code"]) == ("withheld", "c")


def test_the_method_withholds_with_a_code_of_its_own() -> None:
    row = published([outcome(expected_count_min=9.9)], [people_behind()])["rate"]
    assert (row["conclusion"], row["code"], row["treated_value"]) == ("withheld", "x", None)
    days = published(
        [outcome("days_to_first", treated_n=29, treated_reoffenders_n=29)],
        [people_behind("days_to_first", people_n=29, contributors_n=29)],
    )["days_to_first"]
    assert (days["conclusion"], days["code"], days["treated_n"]) == ("withheld", "x", None)


def test_a_poor_balance_or_a_guarded_interval_is_never_without_its_warning() -> None:
    poor = published([outcome()], [people_behind()], verdict="poor")["rate"]
    guarded = published([outcome(method="newcombe_effective")], [people_behind()])["rate"]
    for row in (poor, guarded):
        assert row["treated_value"] is not None
        assert (row["is_reliable"], row["code"]) == (False, "u")


def test_a_value_that_rounds_to_nothing_says_so() -> None:
    row = published([outcome(difference=-0.2)], [people_behind()])["rate"]
    assert (row["difference"], row["code"]) == (0.0, "low")


def test_without_control_counts_are_exact_and_nothing_is_suppressed() -> None:
    row = published([outcome(treated_reoffenders_n=6)], [rate(6)], hold=None, settings=OFF)["rate"]
    assert (row["treated_reoffenders_n"], row["number_needed"], row["code"]) == (6, 233, None)
    assert row["treated_value"] == 35.0
