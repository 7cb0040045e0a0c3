"""Tables as disclosure control gets them, made up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pyarrow as pa

from justice_data_lab.disclosure.cohorts import Cohort

REASONS = tuple(f"reason_{number}" for number in range(1, 10))
SEED = pa.table(
    {"reason": list(REASONS), "description": [f"Words of {reason}" for reason in REASONS]}
)


def waterfall(removed: Sequence[int], left: int, request_id: str = "r") -> list[dict[str, Any]]:
    """Return an exact waterfall of these steps, with so many left at its end."""
    remaining = sum(removed) + left
    rows = [_step(request_id, 0, "submitted", None, 0, remaining)]
    for number, count in enumerate(removed, 1):
        remaining -= count
        reason = REASONS[number - 1]
        rows.append(_step(request_id, number, reason, reason, count, remaining))
    return rows


def _step(
    request_id: str, number: int, step: str, reason: str | None, removed: int, remaining: int
) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "step_number": number,
        "step": step,
        "stage": "linked",
        "reason": reason,
        "removed_n": removed,
        "remaining_n": remaining,
    }


def small_or_large(chance: Random) -> int:
    """Return a count as waterfalls have them: nobody, a few, or many."""
    return chance.choice((0, chance.randint(1, 7), chance.randint(1, 12), chance.randint(8, 120)))


def cohort(
    name: str, people: range, reoffenders: int, kind: str = "subgroup", by: str | None = "sex"
) -> Cohort:
    """Return a cohort of consecutive people, of whom the first re-offended."""
    return Cohort(
        analysis_id=name,
        kind=kind,
        field=by,
        people=frozenset(people),
        reoffenders=frozenset(list(people)[:reoffenders]),
    )


def outcome(measure: str = "rate", **figures: Any) -> dict[str, Any]:
    """Return an unrounded outcome."""
    return {
        "request_id": "r",
        "analysis_id": "headline",
        "measure": measure,
        "treated_n": 120,
        "treated_value": 35.4,
        "treated_lower": 27.1,
        "treated_upper": 43.6,
        "treated_reoffenders_n": 42,
        "control_n": 4321,
        "control_events_n": 6543,
        "control_effective_n": 2345.6,
        "control_value": 41.2,
        "control_lower": 39.0,
        "control_upper": 43.4,
        "difference": -5.8,
        "difference_lower": -14.2,
        "difference_upper": 2.6,
        "p_value": 0.1749,
        "number_needed": 233,
        "conclusion": "inconclusive",
        "method": "welch_effective",
        "expected_count_min": 42.0,
        "dr_difference": -5.1,
        "dr_lower": -13.0,
        "dr_upper": 2.8,
        "dr_p_value": 0.2,
        "tests_n": 12,
        "adjusted_p_value": 0.9,
        "e_value": 1.6,
        "e_value_bound": 1.0,
        **figures,
    }


def people_behind(measure: str = "rate", **figures: Any) -> dict[str, Any]:
    """Return the people behind an outcome."""
    return {
        "request_id": "r",
        "analysis_id": "headline",
        "measure": measure,
        "people_n": 120,
        "contributors_n": 42,
        "others_n": 40,
        "is_dominated": False,
        "control_people_n": 4321,
        "control_contributors_n": 1800,
        **figures,
    }
