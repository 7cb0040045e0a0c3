"""The words that measures share: of their units, and of what a result must not be taken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class UnitWords:
    """How a unit is spoken of: one, many of a difference; value: format of a value with it."""

    one: str
    many: str
    value: str


UNITS: Final = {
    "percent": UnitWords("percentage point", "percentage points", "{}%"),
    "offences per person": UnitWords("re-offences per person", "re-offences per person", "{}"),
    "sentences per person": UnitWords("sentences per person", "sentences per person", "{}"),
    "days": UnitWords("day", "days", "{} days"),
}
_CAUSE: Final = (
    "It cannot rule out that something unrecorded, such as motivation or other services, made "
    "the difference."
)
_REOFFENDERS: Final = (
    "It compares only people who re-offended, so it does not show what the service does for "
    "everyone who receives it."
)
LIMITS: Final = {
    "cause": _CAUSE,
    "reoffenders": _REOFFENDERS,
    "court_type": (
        f"{_REOFFENDERS} How serious an offence is, is judged by the type of court alone."
    ),
    "experimental": (
        "This measure is experimental: employment is what tax records show on that one day, and "
        f"nothing is said of its hours, pay or length. {_CAUSE}"
    ),
}
