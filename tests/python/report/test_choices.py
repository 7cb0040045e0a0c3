"""What is said over the table of other choices: how many agree, and what would undo the result."""

from typing import Any

import pytest

from justice_data_lab.report.pages.choices import BIASES, choice_sentences
from justice_data_lab.robustness.scenarios import OF_ANALYSES, POOLS, scenarios_of
from justice_data_lab.statistics import Covariate, MatchSettings

LOW = {"difference": -7.0, "lower": -12.0, "upper": -2.0, "p_value": 0.01}
NOT_CLEAR = {"difference": -3.0, "lower": -8.0, "upper": 2.0, "p_value": 0.2}


def row(scenario: str, figures: dict[str, Any], measure: str = "rate") -> dict[str, Any]:
    return {
        "scenario": scenario,
        "measure": measure,
        "scenario_order": 0 if scenario == "headline" else 1,
        "description": f"Words of {scenario}",
        **figures,
    }


def test_all_agree() -> None:
    rows = [row("headline", LOW), row("nearest_1", LOW), row("width_0_1", LOW)]
    (text,) = choice_sentences(rows)
    assert text == "The re-offending rate has the same conclusion in 2 of 2 other ways."


def test_those_that_differ_are_named_with_their_bias() -> None:
    rows = [
        row("headline", LOW),
        *(row(f"nearest_{number}", LOW) for number in range(20)),
        row("condition_none", NOT_CLEAR),
        row("linked_never", {**LOW, "difference": 7.0}),
        row("condition_none", NOT_CLEAR, "frequency"),
    ]
    (text,) = choice_sentences(rows)
    assert text == (
        "The re-offending rate has the same conclusion in 20 of 22 other ways. The 2 that differ "
        f"are known to be biased: “Words of condition_none” ({BIASES['condition_none']}) and "
        f"“Words of linked_never” ({BIASES['linked_never']})."
    )


def test_a_difference_without_a_known_bias_is_not_explained_away() -> None:
    rows = [row("headline", LOW), row("nearest_1", NOT_CLEAR), row("untilted", NOT_CLEAR)]
    (text,) = choice_sentences(rows)
    assert "in 0 of 2 other ways. Of the 2 that differ, 1 is known to be biased: " in text
    assert text.endswith("Different, with no bias known: “Words of nearest_1”.")


def test_scenarios_without_a_figure_are_no_way() -> None:
    empty = dict.fromkeys(LOW)
    rows = [row("headline", LOW), row("nearest_1", LOW), row("nearest_5", empty)]
    assert "in 1 of 1 other ways" in choice_sentences(rows)[0]
    assert choice_sentences([row("headline", empty), row("nearest_1", LOW)]) == ()
    assert choice_sentences([]) == ()


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (-13.0, "by 6 percentage points. To make the result inconclusive, something unrecorded "
         "would have to matter about 0.3 times as much."),
        (-6.0, "by 1 percentage point. To make the result inconclusive, something unrecorded "
         "would have to matter about 2.0 times as much."),
        (-7.0, "by less than one percentage point; something unrecorded would have to change it "
         "by 2 to make the result inconclusive."),
    ],
)  # fmt: skip
def test_criminal_history_is_the_benchmark(difference: float, said: str) -> None:
    without = row("without_criminal_history", {**LOW, "difference": difference})
    text = choice_sentences([row("headline", LOW), without])[-1]
    assert text.endswith(said)


def test_nothing_undoes_an_inconclusive_result() -> None:
    without = row("without_criminal_history", LOW)
    assert len(choice_sentences([row("headline", NOT_CLEAR), without])) == 1


def test_every_known_bias_is_of_a_scenario() -> None:
    covariates = [
        Covariate(name="copas_rate", family="criminal_history", kind="continuous"),
        Covariate(name="sex", family="demographics", kind="categorical"),
    ]
    made = scenarios_of(MatchSettings(), covariates, has_delays=True)
    names = {scenario.name for scenario in made} | set(OF_ANALYSES) | set(POOLS)
    assert set(BIASES) <= names
