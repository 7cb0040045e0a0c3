"""What the other choices of the method say together: the same or not, and how strong it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from justice_data_lab.measures import HEADLINE
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import number_text, said
from justice_data_lab.rounding import significant

HISTORY: Final = "without_criminal_history"
ALPHA: Final = 0.05
BIASES: Final = {
    "condition_fixed": "a control must stay free of re-offending for the whole window, which a "
    "treated person need not",
    "condition_none": "people have stayed free of re-offending until their start, and controls "
    "need not",
    "linked_never": "who starts later has stayed free of re-offending until then, and is left out",
    "one_event": "how many events a person has depends on later re-offending",
    "first_event": "which event is a person's first depends on when the records begin",
    "untilted": "squares and products that the score does not see stay unbalanced",
    "width_0_2": "a wide radius compares people who are less alike",
    "width_0_5": "a wide radius compares people who are less alike",
    "without_criminal_history": "what differs most between the groups is not compared",
    "scope_index": "people with a sexual offence have no service to go to, and stay in the pool",
}
"""Scenarios that are known to be biased, and why: methodology, sections 3 to 5."""


def choice_sentences(rows: Sequence[Row]) -> tuple[str, ...]:
    """Say in how many other ways the rate has the same conclusion, and what would undo it."""
    shown = {
        row["scenario"]: row
        for row in sorted(rows, key=lambda row: (row["scenario_order"], row["scenario"]))
        if row["measure"] == "rate" and row["difference"] is not None and row["p_value"] is not None
    }
    headline = shown.pop(HEADLINE, None)
    if headline is None or not shown:
        return ()
    return (_agreement(headline, list(shown.values())), *_strength(headline, shown.get(HISTORY)))


def conclusion_of(row: Row) -> str:
    """Return decrease, increase or inconclusive, as the headline's is; this too without a p."""
    if row["p_value"] is None or row["p_value"] > ALPHA or not row["difference"]:
        return "inconclusive"
    return "decrease" if row["difference"] < 0 else "increase"


def _agreement(headline: Row, others: Sequence[Row]) -> str:
    wanted = conclusion_of(headline)
    away = [row for row in others if conclusion_of(row) != wanted]
    start = (
        f"The re-offending rate has the same conclusion in {len(others) - len(away)} of "
        f"{len(others)} other ways"
    )
    if not away:
        return f"{start}."
    known = [row for row in away if row["scenario"] in BIASES]
    others_named = [f"“{said(row['description'])}”" for row in away if row not in known]
    parts = []
    if known:
        named = [f"“{said(row['description'])}” ({BIASES[row['scenario']]})" for row in known]
        parts.append(f"{_known_to_be(len(away), len(known))} known to be biased: {_listed(named)}.")
    if others_named:
        parts.append(f"Different, with no bias known: {_listed(others_named)}.")
    return f"{start}. {' '.join(parts)}"


def _known_to_be(away: int, known: int) -> str:
    if away == known:
        return "The one that differs is" if away == 1 else f"The {away} that differ are"
    return f"Of the {away} that differ, {known} {'is' if known == 1 else 'are'}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _strength(headline: Row, without: Row | None) -> Iterator[str]:
    """Hold what would make the result inconclusive to what all criminal history does.

    The limit nearer to zero over the change when the criminal history is left out, both as
    printed: after Cinelli & Hazlett (2020, JRSS B 82: 39-67), who compare an unobserved
    confounder with what is observed.
    """
    if without is None or conclusion_of(headline) == "inconclusive":
        return
    bound = min(abs(headline["lower"]), abs(headline["upper"]))
    change = abs(without["difference"] - headline["difference"])
    start = "Leaving out all criminal history changes the difference by "
    if change == 0:
        yield (
            f"{start}less than one percentage point; something unrecorded would have to change it "
            f"by {number_text(bound)} to make the result inconclusive."
        )
        return
    times = number_text(significant(bound / change, 2), 1)
    points = f"{number_text(change)} percentage point{'s' * (change != 1)}"
    yield (
        f"{start}{points}. To make the result inconclusive, something unrecorded would have to "
        f"matter about {times} times as much."
    )
