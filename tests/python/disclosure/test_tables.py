"""Every table under its rules: balance, curves, details, sizes, scenarios, pooled figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from disclosure.tables import outcome, people_behind, waterfall
from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_additional,
    control_analyses,
    control_balance,
    control_details,
    control_detectable,
    control_gates,
    control_interactions,
    control_meta_analysis,
    control_outcomes,
    control_power,
    control_requests,
    control_resubmissions,
    control_sensitivity,
    control_survival,
    failed_analyses,
    suppressed_records,
)

ON = DisclosureSettings()
KEY = ("r", "headline")
NAMED = {"request_id": "r", "analysis_id": "headline"}


def controlled_outcomes(having: int = 42, people: int = 120) -> pa.Table:
    """Return the published outcomes of a headline whose rate so many have."""
    return control_outcomes(
        pa.Table.from_pylist([outcome(treated_n=people, treated_reoffenders_n=having)]),
        pa.Table.from_pylist([people_behind(people_n=people, contributors_n=having)]),
        {KEY: None},
        {KEY: "good"},
        ON,
    )


def balance_of(shares: dict[str, int], people: int = 100) -> dict[str, dict[str, Any]]:
    """Return the published balance of terms that so many people have."""
    rows = [
        {
            **NAMED,
            "covariate": term,
            "treated_mean": count / people,
            "control_mean_before": 0.5,
            "control_mean_after": 0.375,
            "smd_before": 12.345,
            "smd_after": -0.001,
            "variance_ratio_after": 1.005,
            "rating": "green",
        }
        for term, count in shares.items()
    ]
    behind = [
        {
            "request_id": "r",
            "analyses": ["headline"],
            "covariate": term,
            "people_n": people,
            "contributors_n": count,
            "is_share": term != "career",
        }
        for term, count in shares.items()
    ]
    families = {"sex": "demographics", "employed": "work", "career": "history"}
    table = control_balance(
        pa.Table.from_pylist(rows), pa.Table.from_pylist(behind), families, {KEY: None}, ON
    )
    return {row["covariate"]: row for row in table.to_pylist()}


def test_shares_have_two_places_and_means_and_differences_one_without_a_negative_zero() -> None:
    rows = balance_of({"employed": 40, "career": 90})
    row = rows["employed"]
    assert (row["treated_mean"], row["control_mean_after"]) == (0.4, 0.38)
    assert (row["smd_before"], str(row["smd_after"])) == (12.3, "0.0")
    assert (row["family"], row["code"]) == ("work", None)
    assert (rows["career"]["treated_mean"], rows["career"]["control_mean_after"]) == (0.9, 0.4)


def test_squares_are_not_published() -> None:
    assert balance_of({"career": 90, "career_squared": 90}).keys() == {"career"}


@pytest.mark.parametrize("count", [0, 7, 93, 100])
def test_a_share_of_few_goes_with_all_its_figures_but_not_its_rating(count: int) -> None:
    row = balance_of({"employed": count})["employed"]
    assert row["treated_mean"] is row["control_mean_after"] is row["smd_after"] is None
    assert (row["rating"], row["code"]) == ("green", "c")


def test_a_mean_needs_eight_people_and_has_no_complement() -> None:
    assert balance_of({"career": 7})["career"]["code"] == "c"
    assert balance_of({"career": 97})["career"]["code"] is None


def test_levels_hide_each_other_where_their_shares_leave_no_room() -> None:
    rows = balance_of({"sex: F": 30, "sex: M": 65, "sex: U": 5})
    assert rows["sex: U"]["code"] == "c"
    assert [rows[f"sex: {sex}"]["treated_mean"] for sex in "FM"] == [0.3, 0.65]
    assert [rows[f"sex: {sex}"]["rounding_step"] for sex in "FM"] == [0.05, 0.01]
    rows = balance_of({"sex: F": 12, "sex: M": 13, "sex: U": 5}, people=30)
    assert [rows[f"sex: {sex}"]["code"] for sex in "FMU"] == ["c", None, "c"]


@pytest.mark.parametrize(("men", "step"), [(410, 0.05), (423, 0.01)])
def test_107_women_are_shown_beside_3_people_of_unknown_sex(men: int, step: float) -> None:
    """20% and 79% of 533, each within half a point, leave 0 to 10; 21% and 79% of 520 do not."""
    rows = balance_of({"sex: F": 107, "sex: M": men, "sex: U": 3}, people=110 + men)
    assert rows["sex: U"]["code"] == "c"
    assert [rows[f"sex: {sex}"]["treated_mean"] for sex in "FM"] == [0.2, 0.79]
    assert [rows[f"sex: {sex}"]["rounding_step"] for sex in "FM"] == [step, 0.01]


def balance_of_parts(parts: dict[str, dict[str, int]]) -> dict[tuple[str, str], float | None]:
    """Return the treated means of a headline and of the parts that it is made of."""
    whole = {level: sum(part[level] for part in parts.values()) for level in parts["prison"]}
    rows = [
        {
            "request_id": "r",
            "analysis_id": analysis,
            "covariate": level,
            "treated_mean": count / sum(levels.values()),
            **dict.fromkeys(("control_mean_before", "control_mean_after"), 0.5),
            **dict.fromkeys(("smd_before", "smd_after", "variance_ratio_after"), 1.0),
            "rating": "green",
        }
        for analysis, levels in {"headline": whole, **parts}.items()
        for level, count in levels.items()
    ]
    behind = [
        {
            "request_id": "r",
            "analyses": [name, "headline"],
            "covariate": level,
            "people_n": sum(levels.values()),
            "contributors_n": count,
            "is_share": True,
        }
        for name, levels in parts.items()
        for level, count in levels.items()
    ]
    holds = dict.fromkeys(("r", name) for name in ("headline", *parts))
    table = control_balance(
        pa.Table.from_pylist(rows), pa.Table.from_pylist(behind), {"sex": "demographics"}, holds, ON
    )
    return {
        (row["analysis_id"], row["covariate"]): row["treated_mean"] for row in table.to_pylist()
    }


def test_what_a_part_hides_its_whole_and_the_other_parts_do_not_show() -> None:
    parts = {
        "prison": {"sex: F": 5, "sex: M": 60, "sex: X": 60},
        "community": {"sex: F": 30, "sex: M": 50, "sex: X": 50},
    }
    shown = balance_of_parts(parts)
    assert shown["prison", "sex: F"] is None
    assert shown["community", "sex: F"] == 0.25  # 23%, or else 35 of 255 less 30 of 130
    assert shown["headline", "sex: F"] == 0.14


def people_by_month(months: dict[tuple[str, ...], list[int]], others: int) -> pa.Table:
    """Return matched people by their analyses: re-offenders of each month, and others."""
    rows = []
    for number, (analyses, counts) in enumerate(months.items()):
        of_group = [month for month, count in enumerate(counts, 1) for _ in range(count)] + [
            None
        ] * others
        rows += [
            {
                "request_id": "r",
                "analysis_id": analysis,
                "release_key": 10_000 * number + key,
                "month": month,
            }
            for key, month in enumerate(of_group)
            for analysis in analyses
        ]
    return pa.Table.from_pylist(rows)


def curve(events: list[int], people: int, having: int) -> list[dict[str, Any]]:
    left, rows, months = people, [], []
    for month, count in enumerate([0, *events]):
        left -= count
        share = left / people
        point = {"survival": share, "lower": share, "upper": share, "at_risk_n": float(left)}
        rows.append({**NAMED, "arm": "treated", "month": month, **point})
        months.append({**NAMED, "arm": "treated", "month": month, "people_n": count})
    table = control_survival(
        pa.Table.from_pylist(rows),
        pa.Table.from_pylist([row for row in months if row["people_n"]]),
        people_by_month({("headline",): events}, people - sum(events)),
        controlled_outcomes(having, people),
        {KEY: None},
        ON,
    )
    return list(table.to_pylist())


def test_months_of_few_are_merged_and_have_no_point() -> None:
    rows = curve([3, 6, 0, 20], 120, 29)
    assert [row["at_risk_n"] for row in rows] == [120, None, 110, 110, 90]
    assert [row["survival_percent"] for row in rows] == [100.0, None, 93.0, 93.0, 76.0]
    assert [row["code"] for row in rows] == [None, "c", None, None, None]


def test_what_the_months_of_a_part_hide_its_whole_and_the_other_part_do_not_show() -> None:
    parts = {"prison": [20, 4, 9], "community": [20, 20, 20]}
    wholes = [sum(counts) for counts in zip(*parts.values(), strict=True)]
    rows, months = [], []
    for analysis, counts in {"headline": wholes, **parts}.items():
        size = left = sum(counts) + 60 * (2 if analysis == "headline" else 1)
        for month, count in enumerate([0, *counts]):
            left -= count
            z = 1.959964
            share, scale = left / size, 1 + z * z / size
            half = z * (share * (1 - share) / size + z * z / (4 * size * size)) ** 0.5
            middle = share + z * z / (2 * size)
            rows.append(
                {
                    **NAMED,
                    "analysis_id": analysis,
                    "arm": "treated",
                    "month": month,
                    "survival": share,
                    "lower": (middle - half) / scale,
                    "upper": (middle + half) / scale,
                    "at_risk_n": float(left),
                }
            )
            months.append({**rows[-1], "people_n": count})
    everybody = {(name, "headline"): counts for name, counts in parts.items()}
    table = control_survival(
        pa.Table.from_pylist(rows),
        pa.Table.from_pylist([row for row in months if row["people_n"]]),
        people_by_month(everybody, 60),
        controlled_outcomes(42, 120),
        {("r", name): None for name in ("headline", *parts)},
        ON,
    )
    shown = {(row["analysis_id"], row["month"]): row for row in table.to_pylist()}
    assert shown["headline", 2]["survival_percent"] is not None
    assert shown["prison", 2]["survival_percent"] is None  # merged with a neighbour
    assert shown["community", 2]["survival_percent"] is None  # else the headline less this one


def test_a_curve_goes_with_its_rate() -> None:
    assert {row["code"] for row in curve([2, 3], 120, 5)} == {"c"}


NO_ROWS: dict[str, pa.Table] = {
    "details": pa.table({"request_id": [], "detail": [], "reason": [], "n": []}),
    "resubmissions": pa.table({"request_id": [], "release_quarter": [], "basis": [], "n": []}),
    "suggested_analyses": pa.table({"request_id": [], "suggested_analysis": [], "expected_n": []}),
}


def hidden_records(steps: dict[str, int], **tables: list[dict[str, Any]]) -> pa.Table:
    """Return what is suppressed of the counts of a request with these steps."""
    rows = waterfall([*steps.values()], 100)
    for row, reason in zip(rows[1:], steps, strict=True):
        row["reason"] = reason
    given = {name: pa.Table.from_pylist(made) for name, made in tables.items()}
    return suppressed_records(
        pa.Table.from_pylist(rows), **(NO_ROWS | given), published={"r"}, settings=ON
    )


def details_of(
    steps: dict[str, int], counts: dict[str, tuple[str | None, int]]
) -> dict[str, int | None]:
    rows = [
        {
            "request_id": "r",
            "detail": detail,
            "detail_order": order,
            "reason": reason,
            "description": detail,
            "n": count,
        }
        for order, (detail, (reason, count)) in enumerate(counts.items())
    ]
    hidden = hidden_records(steps, details=rows)
    table = control_details(pa.Table.from_pylist(rows), hidden, {"r"}, ON)
    return {row["detail"]: row["n"] for row in table.to_pylist()}


STEPS = {"first": 6, "second": 40, "third": 60}


def test_details_that_leave_few_of_their_row_are_shown_where_rounding_leaves_room() -> None:
    """60 less 57, each within 2 of what is printed, is anything from 1 to 9."""
    room = {"a": ("third", 57), "b": ("third", 3)}
    assert details_of(STEPS, room) == {"a": 55, "b": None}
    no_room = {"a": ("third", 58), "b": ("third", 2)}
    assert details_of(STEPS, no_room) == {"a": None, "b": None}
    assert details_of(STEPS, {"a": ("third", 30), "b": ("third", 30)}) == {"a": 30, "b": 30}


def test_a_detail_of_a_merged_row_may_not_empty_it() -> None:
    """Steps of 6 and 40 are one row of 46: 43 of the second would leave the first at most 4."""
    merged = {"first": 4, "second": 43, "third": 60}
    assert details_of(merged, {"a": ("second", 43)}) == {"a": None}
    assert details_of(merged, {"a": ("second", 20)}) == {"a": 20}


def test_both_counts_of_repeats_go_where_people_are_few() -> None:
    few = {"repeat_records": (None, 14), "repeat_people": (None, 7)}
    assert details_of({"repeat_record": 7, "a": 60}, few) == dict.fromkeys(few)
    many = {"repeat_records": (None, 40), "repeat_people": (None, 18)}
    steps = {"repeat_record": 22, "a": 60}
    assert details_of(steps, many) == {"repeat_records": 40, "repeat_people": 20}


def test_repeats_that_would_undo_a_merged_step_are_hidden() -> None:
    """Steps of 2 and 34 are a row of 35; 65 records of 30 people are at least 31 repeats."""
    steps = {"a": 60, "ambiguous_match": 2, "repeat_record": 34, "b": 60}
    repeats = {"repeat_records": (None, 63), "repeat_people": (None, 29)}
    assert details_of(steps, repeats) == {"repeat_records": None, "repeat_people": None}


def test_suggested_analyses_of_few_and_of_all_but_few_are_hidden() -> None:
    rows = [
        {"request_id": "r", "suggested_analysis": name, "description": name, "expected_n": count}
        for name, count in (("fine", 7), ("caution", 33))
    ]
    hidden = hidden_records({"other_disposal": 60}, suggested_analyses=rows)
    table = control_additional(pa.Table.from_pylist(rows), hidden, {"r"}, ON)
    assert [row["expected_n"] for row in table.to_pylist()] == [35, None]
    hidden = hidden_records({"other_disposal": 40}, suggested_analyses=rows)
    table = control_additional(pa.Table.from_pylist(rows), hidden, {"r"}, ON)
    assert [row["expected_n"] for row in table.to_pylist()] == [35, None]


def test_quarters_of_few_are_hidden_with_what_would_give_them_away() -> None:
    def shown(*counts: int) -> list[int | None]:
        quarters = [
            {
                "request_id": "r",
                "release_quarter": f"2015-Q{number}",
                "basis": "expected",
                "n": count,
                "earliest_analysis_on": date(2017, 6, 30),
            }
            for number, count in enumerate(counts, 1)
        ]
        hidden = hidden_records({"still_in_custody": sum(counts)}, resubmissions=quarters)
        table = control_resubmissions(pa.Table.from_pylist(quarters), hidden, {"r"}, ON)
        return [row["n"] for row in table.to_pylist()]

    assert shown(3, 12, 42) == [None, 10, 40]  # 57 less 8 and 38 or more is anything up to 11
    assert shown(3, 9, 40) == [None, None, 40]  # 52 less 8 and 38 or more is at most 6


def request(submitted: int, analysed: int) -> dict[str, Any]:
    row = {
        **dict.fromkeys(("organisation", "service_name", "sector", "need"), "=1+1 <b>"),
        **dict.fromkeys(("status_reason", "review_due_on", "description", "delivered_in")),
        **dict.fromkeys(("submitted_on", "started_from_year", "started_to_year")),
        **dict.fromkeys(("release_version", "released_on")),
        "request_id": "r",
        "status": "analysed",
        "balance_verdict": "good",
        "is_analysed": analysed > 0,
        "submitted_n": submitted,
        "analysed_n": analysed,
    }
    published: dict[str, Any] = control_requests(pa.Table.from_pylist([row]), ON).to_pylist()[0]
    return published


def test_requests_keep_their_names_and_hide_how_few_were_left_out() -> None:
    assert request(66, 40)["organisation"] == "=1+1 <b>"
    assert (request(66, 40)["submitted_n"], request(66, 40)["analysed_n"]) == (65, 40)
    assert (request(66, 60)["submitted_n"], request(66, 60)["analysed_n"]) == (None, 60)
    assert (request(7, 0)["submitted_n"], request(12, 0)["analysed_n"]) == (None, None)


def analysis(eligible: int, matched: int, *, hold: str | None = None) -> dict[str, Any]:
    definition = {**NAMED, "kind": "headline", "subgroup_field": None, "eligible_n": eligible}
    size = {
        **NAMED,
        "matched_n": matched,
        "off_support_n": eligible - matched,
        "pool_n": 30_123,
        "matched_control_n": 2_007,
        "control_effective_n": 1_502.4,
        "controls_used_percent": 6.66,
        "largest_weight_percent": 0.25,
        "largest_smd_before": 88.8,
        "largest_smd_after": 11.11,
        "green_n": 50,
        "amber_n": 1,
        "red_n": 1,
        "equipoise": 90.0,
        "balance_verdict": "poor",
        "fit_method": "cox",
    }
    table = control_analyses(
        pa.Table.from_pylist([definition]),
        pa.Table.from_pylist([size]),
        {KEY: hold},  # type: ignore[dict-item]
        ON,
    )
    row: dict[str, Any] = table.to_pylist()[0]
    return row


def test_few_off_support_take_the_eligible_along() -> None:
    row = analysis(260, 257)
    assert (row["off_support_n"], row["eligible_n"], row["matched_n"]) == (None, None, 255)
    row = analysis(270, 257)
    assert (row["off_support_n"], row["eligible_n"], row["matched_n"]) == (15, 270, 255)
    assert (row["pool_n"], row["control_effective_n"], row["code"]) == (30_125, 1_500, "u")


def test_a_held_analysis_keeps_its_definition_only() -> None:
    row = analysis(270, 257, hold="differencing")
    assert row["kind"] == "headline"
    assert row["eligible_n"] is row["matched_n"] is row["red_n"] is row["balance_verdict"] is None


@pytest.mark.parametrize(
    ("equipoise", "shown"), [(100.0, 100), (99.4, None), (97.0, 97), (2.4, None), (2.8, 3)]
)
def test_equipoise_of_all_but_a_few_or_of_a_few_has_no_figure(
    equipoise: float, shown: float | None
) -> None:
    row, *_ = gates_of({"equipoise": equipoise}, people=280)
    assert (row["value"], row["passes"]) == (shown, equipoise >= 35)
    assert row["code"] == ("c" if shown is None else None)


def gates_of(
    values: dict[str, float | None], *, people: int = 280, hold: str | None = None
) -> list[dict[str, Any]]:
    """Return the published gates of a headline, and of a further analysis if it had any."""
    gates = [
        {**NAMED, "gate": gate, "value": value, "limit_value": 35.0, "is_overridden": False}
        | {"passes": value is None or value >= 35, "analysis_id": analysis}
        for gate, value in values.items()
        for analysis in ("headline", "women")
    ]
    sizes = [{**NAMED, "eligible_n": people}, {**NAMED, "analysis_id": "women", "eligible_n": 9}]
    table = control_gates(
        pa.Table.from_pylist(gates),
        pa.Table.from_pylist(sizes),
        {KEY: hold, ("r", "women"): None},  # type: ignore[dict-item]
        ON,
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def test_gates_are_rounded_and_those_of_the_headline_are_shown() -> None:
    rows = gates_of({"covariates": 9.96, "variance_ratio": 0.4951, "squares_and_products": None})
    figures = {row["gate"]: (row["value"], row["code"]) for row in rows}
    assert figures == {
        "covariates": (10.0, None),
        "squares_and_products": (None, "x"),
        "variance_ratio": (0.5, None),
    }
    (row,) = gates_of({"covariates": 40.0}, hold="differencing")
    assert (row["value"], row["passes"], row["limit_value"], row["code"]) == (None, None, 35, "c")


def test_an_analysis_fails_by_a_gate_that_is_not_overridden() -> None:
    rows = [
        {"request_id": name, "analysis_id": "headline", "passes": passes, "is_overridden": by_lab}
        for name, passes, by_lab in (
            *(("passes", True, False), ("overridden", False, True)),
            *(("fails", False, True), ("fails", False, False)),
        )
    ]
    assert failed_analyses(pa.Table.from_pylist(rows)) == {("fails", "headline")}
    table = control_outcomes(
        pa.Table.from_pylist([outcome(conclusion="not_reliable")]),
        pa.Table.from_pylist([people_behind()]),
        {KEY: None},
        {KEY: "good"},
        ON,
        failed={KEY},
    )
    (row,) = table.to_pylist()
    assert (row["conclusion"], row["is_reliable"], row["code"]) == ("not_reliable", False, "u")
    assert row["difference"] is not None


def scenario(treated: int, headline: pa.Table, *, hold: str | None = None) -> dict[str, Any]:
    figures = {
        "request_id": "r",
        "scenario": "width_0_1",
        "measure": "rate",
        "scenario_order": 2,
        "difference": -5.6,
        "lower": -14.4,
        "upper": 3.1,
        "p_value": 0.21,
        "treated_n": treated,
        "control_n": 1_203,
        "control_effective_n": 901.5,
        "largest_smd_after": 4.44,
    }
    table = control_sensitivity(
        pa.Table.from_pylist([figures]),
        headline,
        pa.Table.from_pylist([{**NAMED, "matched_n": 120}]),
        {("r", "width_0_1"): hold},  # type: ignore[dict-item]
        ON,
    )
    row: dict[str, Any] = table.to_pylist()[0]
    return row


def test_a_scenario_does_not_show_how_few_it_leaves_out() -> None:
    shown = controlled_outcomes()
    assert (scenario(120, shown)["treated_n"], scenario(120, shown)["difference"]) == (120, -6.0)
    assert (scenario(116, shown)["treated_n"], scenario(116, shown)["difference"]) == (None, -6.0)
    assert scenario(111, shown)["treated_n"] == 110
    assert scenario(29, shown)["difference"] is None
    assert scenario(120, controlled_outcomes(5))["code"] == "c"
    assert scenario(120, shown, hold="differencing")["difference"] is None


def test_power_and_what_is_made_of_a_rate_go_with_it() -> None:
    sizes = pa.Table.from_pylist(
        [
            {"request_id": "r", "reduction_points": 1, "minimum_treated_n": None},
            {"request_id": "r", "reduction_points": 9, "minimum_treated_n": 363},
        ]
    )
    found = pa.Table.from_pylist(
        [{"request_id": "r", "power_percent": 80, "smallest_detectable_points": 8.26}]
    )
    shown, hidden = controlled_outcomes(), controlled_outcomes(5)
    assert [row["code"] for row in control_power(sizes, shown, ON).to_pylist()] == ["z", None]
    assert [row["minimum_treated_n"] for row in control_power(sizes, hidden, ON).to_pylist()] == [
        None,
        None,
    ]
    points = "smallest_detectable_points"
    assert control_detectable(found, shown, ON).to_pylist()[0][points] == 8.3
    assert control_detectable(found, hidden, ON).to_pylist()[0][points] is None


def test_pooled_results_and_subgroup_tests_go_with_a_hidden_part() -> None:
    requests = pa.Table.from_pylist(
        [{"request_id": "r", "organisation": "o", "sector": "s", "need": "n"}]
    )
    pooled = pa.Table.from_pylist(
        [
            {
                "dimension": dimension,
                "value": value,
                "measure": "rate",
                "requests_n": 2,
                **dict.fromkeys(
                    ("difference", "lower", "upper", "p_value", "i2", "tau2", "q_p_value"), 1.0
                ),
                **dict.fromkeys(("prediction_lower", "prediction_upper"), 1.0),
            }
            for dimension, value in (("all", "all"), ("need", "n"), ("need", "other"))
        ]
    )
    tests = pa.Table.from_pylist(
        [
            {
                "request_id": "r",
                "subgroup_field": None,
                "measure": "rate",
                "groups_n": 2,
                "q": 1.26,
                "degrees_of_freedom": 1,
                "p_value": 0.261,
            }
        ]
    )
    analyses = pa.Table.from_pylist([{**NAMED, "kind": "subgroup", "subgroup_field": None}])
    none_withheld = pa.table({"request_id": pa.array([], pa.string())})
    for having, codes in ((42, [None, None, None]), (5, ["c", "c", None])):
        outcomes = controlled_outcomes(having)
        rows = control_meta_analysis(pooled, requests, outcomes, none_withheld, ON).to_pylist()
        assert [row["code"] for row in rows] == codes
        (row,) = control_interactions(tests, analyses, outcomes, ON).to_pylist()
        assert row["q"] == (None if codes[0] else 1.3)
    outcomes = pa.Table.from_pylist([], schema=controlled_outcomes(42).schema)
    rows = control_meta_analysis(pooled, requests, outcomes, requests, ON).to_pylist()
    assert [row["difference"] for row in rows] == [None, None, 1.0], "its own cannot be published"
