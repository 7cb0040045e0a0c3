"""The target trial card follows from the settings, answers and published figures of its request."""

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from justice_data_lab.statements import TARGET_TRIAL_SCHEMA, target_trial_table
from justice_data_lab.statements.target_trial import card
from justice_data_lab.statements.trial_protocol import Trial

ITEMS = [
    *("1", "2", "3", "4", "5"),
    *(f"6{letter}" for letter in "abcdefgh"),
    *(str(number) for number in range(8, 22)),
]
SETTINGS: dict[str, Any] = {
    "request_id": "a",
    "delivered_in": "community",
    "index_event": "community_sentence",
    "governance_approved": "yes",
    "conditions_accepted": "yes",
    "window_months": 6,
    "follow_up_months": 12,
    "waiting_months": 6,
    "is_tilted": True,
    "count_rounding": 5,
    "plan_settings_n": 0,
    "data_as_of": date(2013, 12, 31),
    "reoffending_data_to": date(2012, 12, 31),
}
REQUEST: dict[str, Any] = {
    "request_id": "a",
    "service_name": "Housing support",
    "need": "accommodation",
    "submitted_n": 1245,
    "analysed_n": 255,
    "started_from_year": 2006,
    "started_to_year": 2010,
}
ANALYSIS: dict[str, Any] = {
    "request_id": "a",
    "analysis_id": "headline",
    "control_condition": "risk_set",
    "sex_offence_scope": "ever",
    "match_scale": "logit",
    "match_width": 0.05,
    "match_width_unit": "sd",
    "exact_on": "",
    "left_out": "",
    "fit_method": "cox",
    "matched_n": 255,
    "off_support_n": 0,
    "pool_n": 8870,
    "matched_control_n": 7560,
    "control_effective_n": 3635,
    "green_n": 52,
    "amber_n": 0,
    "red_n": 0,
    "largest_smd_before": 39.6,
    "largest_smd_after": 0.0,
    "equipoise": 93.0,
    "balance_verdict": "good",
}
RATE: dict[str, Any] = {
    "request_id": "a",
    "analysis_id": "headline",
    "measure": "rate",
    "treated_n": 255,
    "control_n": 5605,
    "treated_value": 33.0,
    "control_value": 45.0,
    "difference_lower": -18.0,
    "difference_upper": -5.0,
    "conclusion": "decrease",
    "method": "welch_effective",
    "e_value_bound": 1.49,
}


def step(number: int, reason: str | None, removed: int | None, text: str, **more: Any) -> Any:
    return {
        "request_id": "a",
        "step_number": number,
        "reason": reason,
        "stage": more.pop("stage", "followed"),
        "description": text,
        "removed_n": removed,
        "percent_of_submitted": 90.0,
        "is_merged": reason is None,
        **more,
    }


STEPS = [
    step(0, "submitted", 0, "Submitted", stage="submitted"),
    step(40, None, 120, "Other reasons: No key; Nobody found", stage="linked"),
    step(60, "repeat_record", 185, "Another record of the same person"),
    step(140, "reoffended_before_start", None, "Re-offended before the service", code="c"),
    step(150, "incomplete_follow_up", 0, "Not complete"),
]
GATE: dict[str, Any] = {"passes": False, "is_overridden": False}
SCENARIO: dict[str, Any] = {"request_id": "a", "measure": "rate", "difference": -11.0}
TRIAL = Trial(
    settings=SETTINGS,
    request=REQUEST,
    analysis=ANALYSIS,
    attrition=STEPS,
    outcomes={"rate": RATE},
    year_before={"request_id": "a", "passes": True},
    sensitivity=[SCENARIO, SCENARIO, {**SCENARIO, "difference": None}],
)


def item(trial: Trial, name: str) -> dict[str, Any]:
    (row,) = [row for row in card(trial) if row["item"] == name]
    return row


def changed(**given: Any) -> Trial:
    """Return the trial with other settings, each in whichever part has it."""
    parts = {
        name: {**row, **{key: value for key, value in given.items() if key in row}}
        for name, row in (("settings", SETTINGS), ("request", REQUEST), ("analysis", ANALYSIS))
    }
    assert all(any(key in row for row in parts.values()) for key in given)
    return replace(TRIAL, **parts)


def test_the_card_has_every_item_of_the_statement_once_in_its_order() -> None:
    rows = card(TRIAL)
    assert [row["item"] for row in rows] == ITEMS
    assert [row["item_order"] for row in rows] == list(range(1, len(ITEMS) + 1))
    for row in rows:
        texts = [row[name] for name in ("component", "target", "emulation")]
        assert all(texts)
        assert row["departure"] is None or row["departure"]


@pytest.mark.parametrize(
    ("given", "name", "column", "said"),
    [
        ({"control_condition": "risk_set"}, "6d", "departure", "both rates are lower"),
        ({"control_condition": "fixed"}, "6d", "departure", "look worse than it is"),
        ({"control_condition": "none"}, "6d", "departure", "look better than it is"),
        ({"delivered_in": "custody"}, "6d", "target", "From the release of each person"),
        ({"delivered_in": "through_the_gate"}, "6d", "emulation", "in custody have no delay"),
        ({"delivered_in": "custody"}, "6b", "target", "Receive the service in custody"),
        ({"window_months": 9}, "6b", "target", "within 9 months of a community order"),
        ({"index_event": "prison_release"}, "6a", "target", "Everybody with a release from"),
        ({"index_event": "either"}, "3", "emulation", "or a release from prison, does"),
        ({"sex_offence_scope": "ever"}, "6a", "departure", "which a trial could not know"),
        ({"sex_offence_scope": "ever_before"}, "6a", "target", "no earlier sex offence"),
        ({"sex_offence_scope": "index"}, "6a", "target", "no sexual index offence"),
        ({"match_width": 0.2}, "6c", "emulation", "within 0.2 standard deviations on the logit"),
        ({"match_width_unit": "raw"}, "6c", "emulation", "within 0.05 units"),
        ({"match_scale": "probability"}, "6c", "emulation", "on the probability scale"),
        ({"exact_on": "sex,region"}, "6c", "emulation", "Both also have the same sex, region."),
        ({"left_out": "copas_rate"}, "6c", "departure", "leaves out of the score: copas rate."),
        ({"is_tilted": True}, "6c", "emulation", "then balanced exactly"),
        ({"is_tilted": False}, "6c", "emulation", "not balanced further"),
        ({"fit_method": "cox, logistic"}, "6c", "emulation", "delay and logistic regression"),
        ({"balance_verdict": "poor"}, "6c", "departure", "still differ after matching"),
        ({"off_support_n": 20}, "6f", "departure", "nobody comparable: 20 people."),
        ({"off_support_n": None}, "6f", "departure", "a number of people that is not shown."),
        ({"follow_up_months": 24}, "10", "emulation", "the same 24 months"),
        ({"count_rounding": 10}, "8", "departure", "rounded to 10"),
        ({"plan_settings_n": 3}, "18", "emulation", "plan for this request holds 3 settings"),
        ({"governance_approved": None}, "17", "departure", "governance approved the request"),
    ],
)
def test_each_text_follows_from_the_settings_of_the_request(
    given: dict[str, Any], name: str, column: str, said: str
) -> None:
    assert said in item(changed(**given), name)[column]


def test_what_does_not_apply_is_not_said() -> None:
    assert "could not know" not in item(changed(sex_offence_scope="index"), "6a")["departure"]
    assert "Outside it" not in item(TRIAL, "6f")["departure"]
    assert "left out are" not in item(TRIAL, "6a")["departure"], "nobody's year was incomplete"
    assert item(changed(count_rounding=None), "8")["departure"] is None
    assert item(TRIAL, "17")["departure"] is None


def test_those_left_out_are_counted_as_published() -> None:
    text = item(TRIAL, "6a")["emulation"]
    assert text == (
        "The provider sent 1,245 records; 255 people were analysed. Left out, each at its first "
        "reason: 120 (no key / Nobody found), 185 (another record of the same person), a number "
        "that is not shown (re-offended before the service)."
    )


def test_a_step_counted_in_another_step_is_not_said_twice() -> None:
    merged = step(30, "invalid_record", None, "No key", is_merged=True)
    steps = [STEPS[0], {**merged, "is_merged": True}, *STEPS[1:]]
    assert item(replace(TRIAL, attrition=steps), "6a") == item(TRIAL, "6a")


def test_people_whose_year_is_not_complete_are_a_departure() -> None:
    for removed, text in ((15, "15 records"), (None, "a number of records that is not shown")):
        steps = [*STEPS[:-1], step(150, "incomplete_follow_up", removed, "Not complete")]
        trial = replace(TRIAL, attrition=steps)
        assert "not complete by 31 December 2012 are left out" in item(trial, "6a")["departure"]
        assert text in item(trial, "10")["emulation"]


@pytest.mark.parametrize(
    ("passes", "said"), [(True, "offended alike"), (False, "did not"), (None, "is not shown")]
)
def test_the_year_before_is_said_as_it_is(passes: bool | None, said: str) -> None:
    trial = replace(TRIAL, year_before={"passes": passes})
    assert said in item(trial, "6g")["emulation"]
    assert "is not shown" in item(replace(TRIAL, year_before=None), "6g")["emulation"]


def test_a_gate_that_fails_is_a_departure() -> None:
    gates = [
        {**GATE, "gate": "covariates"},
        {**GATE, "gate": "squares_and_products", "passes": True},
        {**GATE, "gate": "variance_ratio", "passes": None},
        {**GATE, "gate": "equipoise", "is_overridden": True},
    ]
    text = item(replace(TRIAL, gates=gates), "6g")["departure"]
    assert (
        "A gate before results fails: the two groups still differ in a recorded characteristic. "
        "A gate before results fails: too few of the people treated are like people who are not, "
        "which the lab overrides."
    ) in text
    assert text.count("gate") == 2
    assert "gate" not in item(TRIAL, "6g")["departure"]


def test_a_withheld_rate_is_said_withheld_everywhere() -> None:
    hidden = dict.fromkeys(("treated_value", "control_value", "e_value_bound"))
    trial = replace(TRIAL, outcomes={"rate": {**RATE, **hidden, "conclusion": "withheld"}})
    assert "withheld" in item(trial, "12")["emulation"]
    assert item(trial, "13")["emulation"] == "The rate is withheld."
    assert "No result" in item(trial, "1")["emulation"]
    assert "0 measures that are shown (withheld: 1)" in item(trial, "6e")["emulation"]
    assert "E-value" not in item(trial, "6g")["departure"]


def test_the_results_are_those_of_the_request() -> None:
    assert "33% of those who received the service, 45%" in item(TRIAL, "12")["emulation"]
    assert "5 to 18 fewer in every 100" in item(TRIAL, "13")["emulation"]
    assert "was calculated: 2 (" in item(TRIAL, "14")["emulation"]
    assert "by a ratio of 1.49 or more" in item(TRIAL, "6g")["departure"]
    assert "7,560 index events count as 3,635" in item(TRIAL, "6h")["departure"]


def test_only_requests_with_a_headline_have_a_card_and_each_its_own_rows() -> None:
    ids = ("b", "a", "without_analysis")
    settings, requests = (
        pa.Table.from_pylist([{**row, "request_id": name} for name in ids])
        for row in (SETTINGS, REQUEST)
    )
    other = {**ANALYSIS, "request_id": "b", "match_width": 0.1}
    regional = {**ANALYSIS, "analysis_id": "regional", "match_width": 0.3}
    table = target_trial_table(
        settings,
        requests,
        pa.Table.from_pylist([regional, other, ANALYSIS]),
        pa.Table.from_pylist(STEPS[::-1]),
        pa.Table.from_pylist([{**STEPS[0], "analysis_id": "headline", "step": "all"}]),
        pa.Table.from_pylist([RATE]),
        pa.Table.from_pylist([{"request_id": "a", "passes": True}]),
        pa.Table.from_pylist([{**GATE, "gate": "equipoise", "request_id": "a"}]),
        pa.Table.from_pylist([SCENARIO, {**SCENARIO, "measure": "frequency"}]),
    )
    assert table.schema == TARGET_TRIAL_SCHEMA
    rows = table.to_pylist()
    assert [row["request_id"] for row in rows] == ["a"] * len(ITEMS) + ["b"] * len(ITEMS)
    assigned = {row["request_id"]: row["emulation"] for row in rows if row["item"] == "6c"}
    assert "within 0.05 standard" in assigned["a"]
    assert "within 0.1 standard" in assigned["b"]
    assumed = {row["request_id"]: row["departure"] for row in rows if row["item"] == "6g"}
    assert "people treated are like people who are not." in assumed["a"]
    assert "gate" not in assumed["b"]
    ways = {row["request_id"]: row["emulation"] for row in rows if row["item"] == "14"}
    assert "was calculated: 1 (" in ways["a"]
    assert "was calculated: 0 (" in ways["b"]
