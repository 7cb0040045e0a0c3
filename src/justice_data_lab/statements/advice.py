"""What to do about a request that could not be answered, by the reasons of its status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from justice_data_lab.project import reference_rows

TOO_FEW: Final = {
    "too_few_eligible": (
        "Too few of the people sent could be followed for a year. See at which step most were "
        "left out, and send people of further years of the same service."
    ),
    "too_few_matched": (
        "Too few of the people followed had anybody similar to be compared with. Send people of "
        "further years of the same service."
    ),
}
ABOUT_PEOPLE: Final = (*TOO_FEW, "too_few_records")
"""Reasons for which more people are the cure, or part of it."""


def advice(status_reason: str | None) -> Iterator[str]:
    """Yield what to do about each reason: of a check of the intake its own text."""
    checks = {row["check_id"]: row["text"] for row in reference_rows("upload_checks")}
    for reason in (status_reason or "").split(", "):
        text = TOO_FEW.get(reason) or checks.get(reason)
        if text:
            yield text


def needs_people(status_reason: str | None) -> bool:
    """Whether further people would help; where nothing is said of the reason, they might."""
    reasons = (status_reason or ABOUT_PEOPLE[0]).split(", ")
    return any(reason in ABOUT_PEOPLE for reason in reasons)
