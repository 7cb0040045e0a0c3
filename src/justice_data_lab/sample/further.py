"""Further requests beyond the standing ones: as many as are asked for, for zones of any load.

Their services change nothing, so that nobody's future is drawn anew for them, and one person may be
in several of them; nobody is in a standing request as well.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from justice_data_lab.sample.days import day
from justice_data_lab.sample.plans import PLANS
from justice_data_lab.sample.settings import RequestPlan

SMALLEST, LARGEST = 40, 2_500
"""People analysed in the smallest and in the largest of the further requests."""

_PLACES: Final = 1_009
_STRIDE: Final = 389
_NOT_FOUND: Final = 20  # so that the smallest has the 60 records that a request must have
_COMMUNITY, _CUSTODY = "money_matters", "castlemere_workshops"
_STANDING: Final = {plan.request_id: plan for plan in PLANS}


def further_plans(count: int) -> tuple[RequestPlan, ...]:
    """Return that many plans; the first of them are the same however many are asked for."""
    return tuple(_plan(number) for number in range(len(PLANS) + 1, len(PLANS) + count + 1))


def _analysed(number: int) -> int:
    """People analysed in a request: 268 on average, half of the requests below 67.

    The logarithm of the size rises with the cube of an even spread over 0 to 1.
    """
    spread = number * _STRIDE % _PLACES / (_PLACES - 1)
    return round(SMALLEST * math.exp(math.log(LARGEST / SMALLEST) * spread**3))


def _plan(number: int) -> RequestPlan:
    """Return a standing plan with its counts scaled: one of a service in custody, or of another."""
    in_custody = number % 2 == 0
    model = _STANDING[_CUSTODY if in_custody else _COMMUNITY]
    scale = _analysed(number) / model.classes["analysed"]
    request_id = f"further_{number:04d}"
    years: dict[str, Any] = {}
    if in_custody:
        years = {
            "index_from": day("2006-01-01"),
            "index_to": day("2010-12-31"),
            "other_from": day("2005-01-01"),
            "other_to": day("2010-12-31"),
        }
    return replace(
        model,
        request_id=request_id,
        hazard_ratio=1.0,
        classes=_scaled(model.classes, scale),
        repeats=_scaled(model.repeats, scale),
        extra_records=sum(_scaled(model.repeats, scale).values()),
        other_disposal_within_window=round(model.other_disposal_within_window * scale / 2),
        referred_before_sentence=0,
        not_found=max(_NOT_FOUND, round(model.not_found * scale)),
        no_conviction=round(model.no_conviction * scale),
        ambiguous=0,
        service=_service(model.service, number),
        **years,
    )


def _scaled(counts: Mapping[str, int], scale: float) -> dict[str, int]:
    return {name: round(count * scale) for name, count in counts.items()}


def _service(answers: Mapping[str, str], number: int) -> dict[str, str]:
    return {
        **answers,
        "organisation": f"Organisation {number:04d}",
        "service_name": f"Further service {number:04d}",
        "description": "One of many services of a full lab (synthetic data)",
        "contact_email": f"data@further-{number:04d}.example",
        "alternative_contact": f"office@further-{number:04d}.example",
    }
