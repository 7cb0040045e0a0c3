"""The gates before results: their codes and limits, and what is said where one fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Gate:
    """One gate.

    lowest, highest: what its value may be at the least and the most; None: no limit on that side.
    name: what it asks, as the head of a row. failure: what is wrong where it fails, as part of a
    sentence. unit: follows the value.
    """

    name: str
    failure: str
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""


GATES: Final = {
    "covariates": Gate(
        name="Largest difference in a recorded characteristic",
        failure="the two groups still differ in a recorded characteristic",
        highest=10.0,
        unit="%",
    ),
    "squares_and_products": Gate(
        name="Largest difference in a square or product of characteristics",
        failure="the two groups still differ in how recorded characteristics combine",
        highest=25.0,
        unit="%",
    ),
    "variance_ratio": Gate(
        name="Ratio of variances furthest from 1",
        failure="a recorded characteristic varies far more in one group than in the other",
        lowest=0.5,
        highest=2.0,
    ),
    "equipoise": Gate(
        name="Treated people who could as easily have been in the other group",
        failure="too few of the people treated are like people who are not",
        lowest=35.0,
        unit="%",
    ),
    "plan": Gate(
        name="Rows of the analysis plan that were changed after a first result",
        failure="the analysis plan was changed after a first result",
        highest=0.0,
    ),
}
"""All gates by code, in the order in which they are read."""


def failed(gates: Iterable[Mapping[str, Any]]) -> list[tuple[Gate, bool]]:
    """Return in order the gates that fail, each with whether the lab overrides it.

    gates: rows of one analysis with gate, passes (None: not shown) and is_overridden.
    """
    overrides = {row["gate"]: row["is_overridden"] for row in gates if row["passes"] is False}
    return [(gate, overrides[code]) for code, gate in GATES.items() if code in overrides]
