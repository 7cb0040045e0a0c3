"""How each measure is spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How one measure is spoken of.

    name: the measure with its article. one, many: unit of a difference. value: format of a
    value with its unit. decimals: of the values as published. down, up: what a decrease and an
    increase are called. limit: what a significant result must not be taken for.
    """

    name: str
    limit: str
    one: str = "percentage point"
    many: str = "percentage points"
    value: str = "{}%"
    decimals: int = 0
    down: str = "lower"
    up: str = "higher"


CAUSE: Final = (
    "It cannot rule out that something unrecorded, such as motivation or other services, made "
    "the difference."
)
AMONG_REOFFENDERS: Final = (
    "It compares only people who re-offended, so it does not show what the service does for "
    "everyone who receives it."
)
COURT_ALONE: Final = (
    f"{AMONG_REOFFENDERS} How serious an offence is, is judged by the type of court alone."
)
EXPERIMENTAL: Final = (
    "This measure is experimental: employment is what tax records show on that one day, and "
    "nothing is said of its hours, pay or length. " + CAUSE
)


def _first_offence(kind: str) -> Wording:
    return Wording(
        name=(f"the share whose first proven re-offence was {kind}, among people who re-offended,"),
        limit=COURT_ALONE,
    )


def _offences(kind: str) -> Wording:
    return Wording(
        name=(f"the number of proven re-offences that were {kind}, per person who re-offended,"),
        limit=COURT_ALONE,
        one="re-offences per person",
        many="re-offences per person",
        value="{}",
        decimals=2,
    )


INDICTABLE: Final = "for the Crown Court only (indictable)"
EITHER_WAY: Final = "for either court (triable either way)"
SUMMARY: Final = "for the magistrates' court only (summary)"
WORDINGS: Final = {
    "rate": Wording(name="the one-year proven re-offending rate", limit=CAUSE),
    "frequency": Wording(
        name="the number of proven re-offences per person within a year",
        limit=CAUSE,
        one="re-offences per person",
        many="re-offences per person",
        value="{}",
        decimals=2,
    ),
    "days_to_first": Wording(
        name="the average time to the first proven re-offence, among people who re-offended,",
        limit=AMONG_REOFFENDERS,
        one="day",
        many="days",
        value="{} days",
        down="shorter",
        up="longer",
    ),
    "first_indictable": _first_offence(INDICTABLE),
    "first_either_way": _first_offence(EITHER_WAY),
    "first_summary": _first_offence(SUMMARY),
    "frequency_indictable": _offences(INDICTABLE),
    "frequency_either_way": _offences(EITHER_WAY),
    "frequency_summary": _offences(SUMMARY),
    "first_custody": Wording(
        name=(
            "the share sentenced to custody for the first proven re-offence, among people who "
            "re-offended,"
        ),
        limit=AMONG_REOFFENDERS,
    ),
    "custody_frequency": Wording(
        name="the number of custodial sentences for re-offences, per person who re-offended,",
        limit=AMONG_REOFFENDERS,
        one="sentences per person",
        many="sentences per person",
        value="{}",
        decimals=2,
    ),
    "in_employment_1y": Wording(
        name="the share of people in employment one year after the index date", limit=EXPERIMENTAL
    ),
}
