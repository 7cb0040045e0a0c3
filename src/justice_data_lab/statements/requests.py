"""What is to be said of a request: its headline, what may and may not be concluded, what next.

Everything of methodology section 9 is said here, of the published figures alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from justice_data_lab.measures import HEADLINE, measures
from justice_data_lab.rounding import percent_of
from justice_data_lab.statements.advice import advice, needs_people
from justice_data_lab.statements.gates import failed_gates
from justice_data_lab.statements.outcomes import (
    UNSUITABLE_NEEDS,
    bound_text,
    value_text,
)
from justice_data_lab.statements.quotes import quote
from justice_data_lab.statements.rows import Row, by_request

STATEMENTS_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("statement_order", pa.int32()),
        ("topic", pa.string()),
        ("measure", pa.string()),
        ("text", pa.string()),
    ]
)
ALWAYS: Final = (
    "The comparison group may have had other services, so the result is the difference between "
    "this service and whatever else people receive, not between this service and nothing.",
    "Motivation, and anything else that the records do not hold, cannot be controlled for. If it "
    "differs between the two groups, it may explain some or all of the difference.",
    "The two groups were made alike on what is recorded: age, gender, ethnicity, the offence and "
    "sentence, criminal history, employment and benefits. Accommodation need is not among it.",
    "How serious re-offences are, is judged by the type of court alone.",
    "Only re-offences that led to a conviction, caution, reprimand or warning are counted, so "
    "every rate is lower than the share of people who offended again.",
)


@dataclass(frozen=True)
class Figures:
    """The published rows of one request.

    request: its row of ``requests``. outcomes: of its analyses; the headline's are spoken of.
    suggested_analyses, resubmissions, gates: its rows of these tables. All figures are rounded and
    controlled; null means that a figure is not shown.
    """

    request: Row
    outcomes: list[Row] = field(default_factory=list)
    suggested_analyses: list[Row] = field(default_factory=list)
    resubmissions: list[Row] = field(default_factory=list)
    gates: list[Row] = field(default_factory=list)

    def headline(self, measure: str) -> Row:
        """Return the headline's row of a measure; an empty mapping where there is none."""
        for row in self.outcomes:
            if row["analysis_id"] == HEADLINE and row["measure"] == measure:
                return row
        return {}


def statements_table(
    requests: pa.Table,
    outcomes: pa.Table,
    suggested_analyses: pa.Table,
    resubmissions: pa.Table,
    gates: pa.Table,
) -> pa.Table:
    """Return the statements of all requests, one row per (request_id, statement_order).

    The tables are as published, their rows in any order.
    """
    outcomes_of = by_request(outcomes, ("analysis_id", "measure"))
    further_of = by_request(suggested_analyses, ("suggested_analysis",))
    releases_of = by_request(resubmissions, ("earliest_analysis_on", "release_quarter"))
    gates_of = by_request(gates, ("gate",))
    result: list[dict[str, object]] = []
    for request_id, rows in by_request(requests, ()).items():
        figures = Figures(
            rows[0],
            outcomes_of.get(request_id, []),
            further_of.get(request_id, []),
            releases_of.get(request_id, []),
            gates_of.get(request_id, []),
        )
        for order, (topic, measure, text) in enumerate(request_statements(figures), 1):
            named = {"request_id": request_id, "statement_order": order}
            result.append({**named, "topic": topic, "measure": measure, "text": text})
    return pa.Table.from_pylist(result, schema=STATEMENTS_SCHEMA)


def request_statements(figures: Figures) -> Iterator[tuple[str, str | None, str]]:
    """Yield (topic, measure, text) of one request, in the order in which they are read.

    topic: ``headline`` (one), ``quote`` (one, of a result), ``can_say``, ``cannot_say``,
    ``caveat``, ``next_step``. A request without an analysis has a headline that says so, and what
    to do next.
    """
    rate = figures.headline("rate")
    yield HEADLINE, "rate" if rate else None, _headline(figures, rate)
    if rate and not _is_withheld(rate):
        yield "quote", "rate", quote(figures.request, rate)
    if rate:
        yield from _can_say(figures, rate)
        yield from _cannot_say(figures, rate)
        yield from _caveats(figures)
    yield from _next_steps(figures, rate)


def _headline(figures: Figures, rate: Row) -> str:
    status = figures.request["status"]
    if status == "withdrawn":
        return "The organisation withdrew this request. Its records were counted, and not linked."
    if status == "received":
        return "This request has been received and is not analysed yet."
    if status == "could_not_be_estimated":
        return (
            "No result can be given, because the calculation stopped with an error. This says "
            "nothing about whether the service works."
        )
    if not rate:
        why = (
            "too few of its people could be followed and compared"
            if needs_people(_text(figures.request.get("status_reason")))
            else "the records that were sent could not be analysed"
        )
        return (
            f"This request could not be answered: {why}. This says nothing about whether the "
            "service works."
        )
    if _is_withheld(rate):
        return (
            "No rate is given, because too few people can be compared. This says nothing about "
            "whether the service works."
        )
    text = f"{failed_gates(figures.gates)}{_of_a_hundred(rate)} {_found(rate)}"
    if _is_poorly_balanced(figures):
        text += " Read this with care: after matching the two groups still differ."
    return text


def _of_a_hundred(rate: Row) -> str:
    treated, control = (
        value_text(measures()["rate"], _number(rate[name])).rstrip("%")
        for name in ("treated_value", "control_value")
    )
    return (
        f"Of every 100 people who received the service, {treated} re-offended within a year; of "
        f"every 100 similar people who did not, {control} did."
    )


def _found(rate: Row) -> str:
    bounds = [_number(rate[f"difference_{name}"]) for name in ("lower", "upper")]
    if rate["conclusion"] == "inconclusive":
        low, high = (bound_text(measures()["rate"], bound) for bound in bounds)
        return (
            f"The true difference could be anything from {low} fewer to {high} more in every "
            "100, so this analysis cannot tell whether the service changes re-offending."
        )
    word = "fewer" if sum(bounds) < 0 else "more"
    near, far = (bound_text(measures()["rate"], bound) for bound in sorted(map(abs, bounds)))
    span = f"about {far}" if near == far else f"between {near} and {far}"
    if rate["conclusion"] == "not_reliable":
        return (
            f"Taken alone this would be {span} {word} in every 100, more than chance would "
            "explain, but nothing is concluded from it."
        )
    return f"The true difference is likely to be {span} {word} in every 100."


def _can_say(figures: Figures, rate: Row) -> Iterator[tuple[str, str | None, str]]:
    if _is_withheld(rate):
        return
    n = rate["treated_n"]
    people = f"{n:,} people who received the service" if isinstance(n, int) else "people"
    conclusion = rate["conclusion"]
    if conclusion == "inconclusive":
        yield (
            "can_say",
            "rate",
            f"This analysis of {people} did not find enough evidence to say that the service "
            "changes the one-year proven re-offending rate, in either direction.",
        )
    elif conclusion == "not_reliable":
        yield (
            "can_say",
            "rate",
            f"This analysis of {people} cannot say what the service changes: the two groups failed "
            "a check of whether they can be compared.",
        )
    else:
        word = "lower" if conclusion == "decrease" else "higher"
        yield (
            "can_say",
            "rate",
            f"This analysis of {people} found a one-year proven re-offending rate that is {word} "
            "than that of similar people who did not, by more than chance alone would explain.",
        )
    frequency = figures.headline("frequency")
    if frequency and conclusion == "inconclusive":
        yield from _frequency_alone(frequency)


def _frequency_alone(frequency: Row) -> Iterator[tuple[str, str | None, str]]:
    """Say of the finding that methodology section 9 counts on its own."""
    if frequency["conclusion"] not in ("decrease", "increase"):
        return
    word = "fewer" if frequency["conclusion"] == "decrease" else "more"
    yield (
        "can_say",
        "frequency",
        "While the share of people who re-offended cannot be told apart, people who received the "
        f"service committed {word} proven re-offences each than similar people who did not.",
    )


def _cannot_say(figures: Figures, rate: Row) -> Iterator[tuple[str, str | None, str]]:
    conclusion = "withheld" if _is_withheld(rate) else rate["conclusion"]
    texts = {
        "decrease": (
            "Do not say that the service caused all of the difference, or that the figure in the "
            "middle of the range is the true one.",
            "Do not say that it would do the same for other people, places or times.",
        ),
        "increase": (
            "Do not say that the service makes people re-offend: something unrecorded may differ "
            "between the two groups, such as why people were referred to it.",
            "Do not say that the figure in the middle of the range is the true one.",
        ),
        "inconclusive": (
            "Do not say that the service has no effect, or that it fails. Inconclusive means that "
            "the effect, if there is one, cannot be told from chance with this many people.",
            "Do not say that the service reduces or increases the re-offending rate.",
        ),
        "not_reliable": (
            "Do not say that the service reduces or increases the re-offending rate: the two "
            "groups failed a check of whether they can be compared.",
            "Do not give the difference without saying that it is not reliable.",
        ),
        "withheld": (
            "Do not say that the service works, or that it does not: no result is given.",
        ),
    }
    for text in texts[str(conclusion)]:
        yield "cannot_say", "rate", text
    yield (
        "cannot_say",
        None,
        "Do not use this result to say whether this organisation is better than another: the "
        "people and what they were compared with differ.",
    )


def _caveats(figures: Figures) -> Iterator[tuple[str, str | None, str]]:
    text = _left_out(figures)
    if text:
        yield "caveat", None, text
    if _is_poorly_balanced(figures):
        yield (
            "caveat",
            None,
            "Warning: after matching the two groups still differ on at least one characteristic, "
            "so the difference may not be due to the service. Read the balance table before the "
            "result.",
        )
    for text in ALWAYS:
        yield "caveat", None, text
    if figures.request["need"] in UNSUITABLE_NEEDS:
        yield (
            "caveat",
            None,
            "The method was judged unsuitable for services that address drug or alcohol needs, "
            "since such needs are hardly recorded: this result needs particular care.",
        )
    counts = [row.get("tests_n") for row in figures.outcomes]
    tests = max((count for count in counts if isinstance(count, int)), default=0)
    if tests > 1:
        yield (
            "caveat",
            None,
            f"The rate is tested alone. {tests} more differences were tested as well. Where "
            "there is none, about 1 test in 20 still comes out significant, so each of these is "
            "called lower or higher only if that holds after allowing for all of them.",
        )


def _left_out(figures: Figures) -> str | None:
    submitted, analysed = figures.request["submitted_n"], figures.request["analysed_n"]
    if not isinstance(submitted, int) or not isinstance(analysed, int) or submitted <= 0:
        return None
    left = round(percent_of(submitted - analysed, submitted))
    return (
        f"About {analysed:,} of {submitted:,} records could be analysed; about {left}% were left "
        "out, for the reasons listed. Those left out may differ from those analysed."
    )


def _next_steps(figures: Figures, rate: Row) -> Iterator[tuple[str, str | None, str]]:
    if figures.request["status"] == "withdrawn":
        return
    if figures.request["status"] == "could_not_be_estimated":
        yield (
            "next_step",
            None,
            "Nothing needs to be sent again: the lab finds the cause of the error and calculates "
            "the result anew.",
        )
        return
    reason = _text(figures.request.get("status_reason"))
    for text in advice(reason):
        yield "next_step", None, text
    more = _more_people_needed(rate)
    if more is not None:
        yield (
            "next_step",
            "rate",
            f"About {more:,} more people with the same results would be needed to confirm a "
            "difference of this size.",
        )
    if rate:
        yield (
            "next_step",
            None,
            "Submit further years of data: more people narrow the range within which the "
            "difference lies.",
        )
    yield from _for_those_left_out(figures)


def _more_people_needed(rate: Row) -> int | None:
    needed, n = rate.get("number_needed"), rate.get("treated_n")
    if rate.get("conclusion") != "inconclusive":
        return None
    if not isinstance(needed, int) or not isinstance(n, int) or needed <= n:
        return None
    return needed - n


def _for_those_left_out(figures: Figures) -> Iterator[tuple[str, str | None, str]]:
    for row in figures.suggested_analyses:
        expected = row["expected_n"]
        if isinstance(expected, int) and expected > 0:
            yield (
                "next_step",
                None,
                f"A suggested analysis could hold about {expected:,} of the people left out: "
                f"{row['description']}.",
            )
    dates = sorted(
        str(row["earliest_analysis_on"])
        for row in figures.resubmissions
        if row["earliest_analysis_on"] is not None
    )
    if dates:
        yield (
            "next_step",
            None,
            "Some people were left out because they were still in custody. Submit them again when "
            f"re-offending data are complete to {dates[0]} or later.",
        )


def _is_poorly_balanced(figures: Figures) -> bool:
    return bool(figures.request["balance_verdict"] == "poor")


def _is_withheld(row: Row) -> bool:
    figures = ("treated_value", "control_value", "difference_lower", "difference_upper")
    return row["conclusion"] == "withheld" or any(row[name] is None for name in figures)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float:
    """Return a published figure that is known."""
    if not isinstance(value, int | float):
        raise TypeError("a withheld figure has no number")
    return float(value)
