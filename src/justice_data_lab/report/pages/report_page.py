"""The report of a request: two printed pages; everything else stands in its annex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.build.published import DRAFTS
from justice_data_lab.report.pages import people, results
from justice_data_lab.report.pages.annex_page import result_text
from justice_data_lab.report.pages.parts import DRAFT, Figure, Link, Table, unique_title
from justice_data_lab.report.tables import Row, SiteTables
from justice_data_lab.report.wording import (
    STATUSES,
    count_text,
    date_text,
    iso_date_text,
    number_text,
    said,
    shortened,
)

LONGEST_NAME: Final = 60
MOST_STEPS: Final = 4


@dataclass(frozen=True)
class Fact:
    """What a reader asks first. code: of the question; name: the question; text: its answer."""

    code: str
    name: str
    text: str


@dataclass(frozen=True)
class ReportPage:
    """Everything that the report of a request says, in its order."""

    request_id: str
    title: str
    heading: str
    organisation: str
    draft: str
    conclusion: str
    result: str
    headline: tuple[str, ...]
    facts: tuple[Fact, ...]
    quote: str
    hundred: Figure | None
    waterfall: Table | None
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    next_steps: tuple[str, ...]
    release: str
    downloads: tuple[Link, ...]


def report_page(published: SiteTables, request: Row, downloads: Sequence[Link] = ()) -> ReportPage:
    """Return the report of one request. downloads: files of this request, seen from its page."""
    request_id = request["request_id"]
    name = said(request["service_name"]) or request_id
    outcomes = published.of("outcomes", request_id)
    rate = results.headline_rate(outcomes)
    statements = published.of("statements", request_id)
    has_result = results.has_result(rate)
    hundred = results.hundred(outcomes)
    return ReportPage(
        request_id=request_id,
        title=unique_title(name, request_id),
        heading=shortened(name, LONGEST_NAME),
        organisation=shortened(said(request["organisation"]) or "Not stated", LONGEST_NAME),
        draft=DRAFT if request["status"] in DRAFTS else "",
        conclusion=rate["conclusion"] if rate and has_result else "withheld",
        result=result_text(rate),
        headline=_texts(statements, "headline") or (STATUSES.get(request["status"], ("", ""))[1],),
        facts=tuple(_facts(published, request, rate if has_result else None)),
        quote=" ".join(_texts(statements, "quote")),
        hundred=hundred.figure if hundred else None,
        waterfall=people.waterfall_summary(published.of("attrition", request_id)),
        can_say=_texts(statements, "can_say"),
        cannot_say=_texts(statements, "cannot_say"),
        next_steps=_texts(statements, "next_step")[:MOST_STEPS],
        release=release_text(published, request),
        downloads=tuple(downloads),
    )


def _texts(statements: Sequence[Row], topic: str) -> tuple[str, ...]:
    return tuple(said(row["text"]) for row in statements if row["topic"] == topic)


def _facts(published: SiteTables, request: Row, rate: Row | None) -> Iterator[Fact]:
    """Yield what the first screen answers beside what happened; rate: None without a result."""
    yield Fact("people", "People", _people(request, rate))
    yield Fact("compared", "Compared with", _compared(rate))
    yield Fact("sure", "How sure", _sure(request, rate))
    yield Fact("years", "Years", _years(published, request))
    contact = published.settings.get("contact")
    yield Fact(
        "ask", "Ask", said(contact) if contact else "The lab's staff who gave you this report"
    )


def _people(request: Row, rate: Row | None) -> str:
    submitted = request["submitted_n"]
    if rate is None and request["analysed_n"] is None:
        sent = "" if submitted is None else f"; {count_text(submitted, 'record', 'records')} sent"
        return f"Nobody was analysed{sent}"
    analysed = request["analysed_n"] if rate is None else rate["treated_n"]
    people = number_text(analysed, 0, "c")
    if submitted is None:
        return f"{people} people who received the service"
    return f"{people} people who received the service, of {submitted:,} records sent"


def _compared(rate: Row | None) -> str:
    if rate is None:
        return "Nobody: there is no comparison"
    people = "Similar people" if rate["control_n"] is None else f"{rate['control_n']:,} people"
    return f"{people} with a similar sentence and past, who did not receive it"


def _sure(request: Row, rate: Row | None) -> str:
    if rate is None:
        return "No result: nothing can be said"
    lower, upper = rate["difference_lower"], rate["difference_upper"]
    if rate["conclusion"] not in ("decrease", "increase", "not_reliable"):
        span = f"{results.side_text(lower)} to {results.side_text(upper)}"
        return f"{span[:1].upper()}{span[1:]} in every 100 (95% interval): may be chance"
    word = "fewer" if rate["difference"] < 0 else "more"
    near, far = (results.size_text(bound) for bound in sorted((abs(lower), abs(upper))))
    if rate["conclusion"] == "not_reliable":
        span = f"{near} to {far} {word} in every 100 (95% interval)"
        return f"Not at all: {span}, but the groups failed a check"
    but = ", but the groups still differ" if request["balance_verdict"] == "poor" else ""
    return (
        f"Likely {near} to {far} {word} in every 100 (95% interval): more than chance would "
        f"explain{but}"
    )


def _years(published: SiteTables, request: Row) -> str:
    first, last = request["started_from_year"], request["started_to_year"]
    reach = published.settings.get("reoffending_data_to")
    records = f"records to {iso_date_text(reach)}" if reach else "dates of the records not known"
    if first is None:
        return f"{records[:1].upper()}{records[1:]}"
    years = f"{first} to {last}" if first != last else str(first)
    return f"Started {years}, each followed for a year; {records}"


def release_text(published: SiteTables, request: Row) -> str:
    """Say which release this is, or that it is none, and from which extract and code."""
    extract = published.settings.get("data_as_of")
    made = f" Made from records extracted on {iso_date_text(extract)}." if extract else ""
    sent = request["submitted_on"]
    asked = "" if sent is None else f" Request of {date_text(sent)}."
    if request["release_version"] is None:
        return f"Not released.{asked}{made}"
    version = said(request["release_version"])
    return f"Release {version}, {date_text(request['released_on'])}.{asked}{made}"
