"""What a result shows, and what it does not, in plain English.

The sentences are built from the rounded figures that are published, so that text and table can
never disagree.
"""

from __future__ import annotations

import pyarrow as pa

from justice_data_lab.measures import Measure, measures
from justice_data_lab.rounding import half_up
from justice_data_lab.statements.wordings import LIMITS, UNITS

UNSUITABLE_NEEDS = ("drugs", "alcohol")
ALPHA = 0.05
CONCLUSIONS = ("decrease", "increase", "inconclusive", "withheld", "not_reliable")


def outcome_statement(
    *,
    measure: str,
    conclusion: str,
    treated_n: int | None,
    treated_value: float | None,
    control_value: float | None,
    difference_lower: float | None,
    difference_upper: float | None,
    number_needed: int | None = None,
    p_value: float | None = None,
    adjusted_p_value: float | None = None,
    tests_n: int | None = None,
    rounding_step: int | None = None,
    need: str | None = None,
) -> str:
    """Say in one to four sentences what one published outcome shows.

    measure: a code of the seed. conclusion: ``decrease``, ``increase``, ``inconclusive``,
    ``withheld`` or ``not_reliable``. The figures are the rounded ones, in the units of the table
    (rates in percent); a bound of 0 reads "less than 1". A figure that is null reads as withheld.
    adjusted_p_value: of the tests_n tests that this is one of; a result that is significant without
    it only says so. rounding_step: points in which percentages are given; other than 1 it is said.
    need: of the service; drugs and alcohol add the pilot's caveat.

    Raises ValueError for another measure or conclusion.
    """
    if measure not in measures() or conclusion not in CONCLUSIONS:
        raise ValueError(f"no wording for measure {measure!r} with conclusion {conclusion!r}")
    of_measure = measures()[measure]
    figures = (treated_value, control_value, difference_lower, difference_upper)
    known = [figure for figure in figures if figure is not None]
    if conclusion == "withheld" or len(known) < len(figures):
        text = _withheld(of_measure)
    elif conclusion == "inconclusive":
        is_one_of_many = (
            p_value is not None
            and adjusted_p_value is not None
            and p_value <= ALPHA < adjusted_p_value
        )
        text = (
            _one_of_many(of_measure, *known, tests_n=tests_n)
            if is_one_of_many
            else _inconclusive(of_measure, *known, treated_n=treated_n, needed=number_needed)
        )
    elif conclusion == "not_reliable":
        text = _not_reliable(of_measure, *known)
    else:
        text = _significant(of_measure, *known, conclusion=conclusion)
    if rounding_step not in (None, 1):
        text += (
            f" Percentages are rounded to the nearest {rounding_step} points here, so that nobody "
            "can be worked out from them."
        )
    if need in UNSUITABLE_NEEDS:
        text += (
            " The method was judged unsuitable for services that address drug or alcohol needs, "
            "so this result needs particular care."
        )
    return text


def outcome_statements(outcomes: pa.Table, requests: pa.Table) -> pa.Table:
    """Return the keys of (rounded) outcomes, each with its ``statement``.

    requests: the request_id and need of each request.
    """
    needs = dict(zip(*(requests[name].to_pylist() for name in ("request_id", "need")), strict=True))
    names = (
        *("measure", "conclusion", "treated_n", "treated_value", "control_value"),
        *("difference_lower", "difference_upper", "number_needed"),
        *("p_value", "adjusted_p_value", "tests_n", "rounding_step"),
    )
    texts = [
        outcome_statement(**row, need=needs[request_id])
        for row, request_id in zip(
            outcomes.select(names).to_pylist(), outcomes["request_id"].to_pylist(), strict=True
        )
    ]
    keys = outcomes.select(["request_id", "analysis_id", "measure"])
    return keys.append_column("statement", pa.array(texts, pa.string()))


def _significant(
    measure: Measure,
    treated: float,
    control: float,
    lower: float,
    upper: float,
    *,
    conclusion: str,
) -> str:
    near, far = sorted((abs(lower), abs(upper)))
    direction = measure.decrease_word if conclusion == "decrease" else measure.increase_word
    return (
        f"For people who received the service, {measure.name_in_text} was {direction} than for "
        f"similar people who did not ({value_text(measure, treated)} against "
        f"{value_text(measure, control)}). The difference is likely to be "
        f"{_span(measure, near, far)}. {LIMITS[measure.limits]}"
    )


def _inconclusive(
    measure: Measure,
    treated: float,
    control: float,
    lower: float,
    upper: float,
    *,
    treated_n: int | None,
    needed: int | None,
) -> str:
    return (
        f"For people who received the service, {measure.name_in_text} was "
        f"{value_text(measure, treated)}, against {value_text(measure, control)} for similar "
        "people who did not: the difference "
        f"could be anything from {_amount(measure, lower)} {measure.decrease_word} to "
        f"{_amount(measure, upper)} {measure.increase_word}. "
        "This does not mean that the service has no effect, only that this analysis cannot tell. "
        f"{_needed(treated_n, needed)}"
    )


def _one_of_many(
    measure: Measure,
    treated: float,
    control: float,
    lower: float,
    upper: float,
    *,
    tests_n: int | None,
) -> str:
    """Say that chance alone would explain a difference like this among so many tests."""
    return (
        f"For people who received the service, {measure.name_in_text} was "
        f"{value_text(measure, treated)}, against {value_text(measure, control)} for similar "
        f"people who did not. Inconclusive after allowing for {tests_n} tests: on its own the "
        f"difference would be {_span(measure, *sorted((abs(lower), abs(upper))))}, but among so "
        "many measures one such difference can be due to chance."
    )


def _not_reliable(
    measure: Measure, treated: float, control: float, lower: float, upper: float
) -> str:
    """Say that two groups failed a gate: what was found stays, nothing is concluded from it."""
    return (
        f"For people who received the service, {measure.name_in_text} was "
        f"{value_text(measure, treated)}, against {value_text(measure, control)} for similar "
        f"people who did not, a difference of {_span(measure, *sorted((abs(lower), abs(upper))))}. "
        "This is not reliable: the two groups failed a check of whether they can be compared, so "
        "nothing is concluded about the service."
    )


def _needed(treated_n: int | None, needed: int | None) -> str:
    if needed is None:
        return (
            "A difference of this size could not be confirmed by adding people to the treated "
            "group alone."
        )
    if treated_n is not None and needed <= treated_n:
        return "More years of data may narrow the range."
    return (
        f"About {needed:,} people with the same results would be needed to confirm a difference "
        "of this size, so submitting more years of data may help."
    )


def _withheld(measure: Measure) -> str:
    return (
        f"No result is given for {measure.name_in_text.rstrip(',')}, because too few people can be "
        "compared. This says nothing about whether the service works; submitting more years of "
        "data may allow a result."
    )


def value_text(measure: Measure, value: float) -> str:
    """Write a published value with its unit, such as ``26%``."""
    return UNITS[measure.unit].value.format(_number(measure, value))


def bound_text(measure: Measure, value: float) -> str:
    """Write the size of a published bound without its unit; 0 is less than the smallest step."""
    if value != 0:
        return _number(measure, value)
    return f"less than {'0.01' if measure.decimals == 2 else '1'}"


def _number(measure: Measure, value: float) -> str:
    """Write a published number: its decimals, or one where a rate was published with one."""
    decimals = measure.decimals
    if decimals == 0 and value != round(value):
        decimals = 1
    return f"{half_up(abs(value), decimals):,.{decimals}f}"


def _amount(measure: Measure, value: float) -> str:
    words = UNITS[measure.unit]
    unit = words.one if abs(value) in (0, 1) else words.many
    return f"{bound_text(measure, value)} {unit}"


def _span(measure: Measure, near: float, far: float) -> str:
    if near == far:
        return f"about {_amount(measure, far)}" if far else _amount(measure, far)
    unit = UNITS[measure.unit].many
    return f"between {bound_text(measure, near)} and {bound_text(measure, far)} {unit}"
