"""One sentence of a result that can be quoted alone: with its range, sizes and years."""

from __future__ import annotations

from collections.abc import Mapping

from justice_data_lab.measures import measures
from justice_data_lab.statements.outcomes import bound_text, value_text

Row = Mapping[str, object]


def quote(request: Row, rate: Row) -> str:
    """Return the sentence for the published rate of a request; the rate must be shown."""
    treated, control = (
        value_text(measures()["rate"], float(str(rate[name]))).rstrip("%")
        for name in ("treated_value", "control_value")
    )
    people = _people(rate["treated_n"], "people")
    similar = _people(rate.get("control_n"), "similar people")
    return (
        f"Of {people} who received {_service(request)}{_years(request)}, {treated} in every 100 "
        f"committed a proven re-offence within a year, against {control} in every 100 of "
        f"{similar} who did not receive it: {_difference(rate)}."
    )


def _people(count: object, noun: str) -> str:
    return f"{count:,} {noun}" if isinstance(count, int) else noun


def _service(request: Row) -> str:
    name = str(request.get("service_name") or "").strip()
    return name if 0 < len(name) <= 100 else "the service"


def _years(request: Row) -> str:
    first, last = request.get("started_from_year"), request.get("started_to_year")
    if first is None:
        return ""
    return f" from {first} to {last}" if first != last else f" in {first}"


def _difference(rate: Row) -> str:
    bounds = [float(str(rate[f"difference_{name}"])) for name in ("lower", "upper")]
    low, high = (bound_text(measures()["rate"], bound) for bound in bounds)
    if rate["conclusion"] in ("decrease", "increase", "not_reliable"):
        word = "fewer" if sum(bounds) < 0 else "more"
        near, far = (bound_text(measures()["rate"], bound) for bound in sorted(map(abs, bounds)))
        span = f"about {far}" if near == far else f"{near} to {far}"
        text = f"{span} {word} in every 100 (95% interval)"
        if rate["conclusion"] == "not_reliable":
            text += ", which is not reliable: the groups failed a check"
        return text
    return f"{low} fewer to {high} more in every 100 (95% interval), so it may be chance"
