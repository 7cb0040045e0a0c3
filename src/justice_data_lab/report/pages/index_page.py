"""The index: which services were followed by less re-offending, by how much, and how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.build.published import DRAFTS
from justice_data_lab.measures import HEADLINE
from justice_data_lab.report.charts.intervals import Interval, strip, strip_axis
from justice_data_lab.report.charts.picture import Picture, picture
from justice_data_lab.report.pages import method, summaries
from justice_data_lab.report.pages.parts import (
    RATE_AXIS,
    SHORT_AXES,
    Figure,
    Link,
    Table,
    Term,
)
from justice_data_lab.report.pages.results import (
    has_result,
    interval_alt,
    interval_of,
    side_text,
    size_text,
)
from justice_data_lab.report.tables import Row, SiteTables
from justice_data_lab.report.wording import (
    NEEDS,
    SECTORS,
    STATUSES,
    count_text,
    iso_date_text,
    number_text,
    said,
    shortened,
    word,
)

STRIP: Final = 340
LONGEST_NAME: Final = 90

# conclusion, heading, what it means
GROUPS: Final = (
    (
        "decrease",
        "Re-offending was lower",
        "Fewer people re-offended than among similar people, by more than chance would explain.",
    ),
    (
        "increase",
        "Re-offending was higher",
        "More people re-offended than among similar people, by more than chance would explain.",
    ),
    (
        "inconclusive",
        "Cannot tell",
        "The difference could be chance. This does not mean that the service has no effect.",
    ),
    (
        "not_reliable",
        "Not reliable",
        "The difference is more than chance would explain, but the two groups failed a check of "
        "whether they can be compared. Nothing is concluded about the service.",
    ),
    (
        "withheld",
        "No result",
        "Not analysed, or too few people to compare. This says nothing about the service.",
    ),
)


@dataclass(frozen=True)
class Result:
    """A request on the index."""

    request_id: str
    conclusion: str
    service: str
    organisation: str
    need: str
    need_text: str
    sector: str
    sector_text: str
    answer: str
    detail: str
    status: str
    is_draft: bool
    strip: Picture | None


@dataclass(frozen=True)
class ResultGroup:
    """Requests with the same conclusion."""

    conclusion: str
    heading: str
    meaning: str
    results: tuple[Result, ...]
    axis: Picture | None


@dataclass(frozen=True)
class State:
    """Requests in one state, with links to their pages."""

    name: str
    meaning: str
    requests: tuple[Link, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class IndexPage:
    """Everything that the index says, in its order."""

    title: str
    groups: tuple[ResultGroup, ...]
    requests_n: int
    needs: tuple[Term, ...]
    sectors: tuple[Term, ...]
    states: tuple[State, ...]
    findings: tuple[Figure, ...]
    frequency_only: str
    sizes: tuple[Figure, ...]
    pooled: tuple[Figure, ...]
    survey: str
    data_text: str
    codes: Table
    workbooks: tuple[Link, ...]
    csv_files: tuple[Link, ...]
    has_drafts: bool


def index_page(
    published: SiteTables, workbooks: Sequence[Link], csv_files: Sequence[Link]
) -> IndexPage:
    """Return the index. workbooks, csv_files: files for readers, as seen from the index."""
    requests = published.table("requests")
    headlines = {
        (row["request_id"], row["measure"]): row
        for row in published.table("outcomes")
        if row["analysis_id"] == HEADLINE
    }
    groups = _groups(requests, headlines)
    named = [
        (Link(_name(request), _href(request)), row)
        for request in requests
        for (request_id, _), row in headlines.items()
        if request_id == request["request_id"]
    ]
    counted = published.table("findings_summary")
    by_group = [summaries.findings_figure(counted, "need")]
    by_group.append(summaries.findings_figure(counted, "sector"))
    return IndexPage(
        title="Justice Data Lab: results of all services",
        groups=groups,
        requests_n=len(requests),
        needs=_choices(requests, "need", NEEDS),
        sectors=_choices(requests, "sector", SECTORS),
        states=_states(requests),
        findings=tuple(figure for figure in by_group if figure),
        frequency_only=_frequency_only(requests, headlines),
        sizes=tuple(summaries.size_figures(named, published.table("measures"))),
        pooled=tuple(summaries.meta_figures(published.table("meta_analysis"), published.measures)),
        survey=_survey(published.table("feedback_survey")),
        data_text=_data_text(published.settings),
        codes=method.codes_table(published),
        workbooks=tuple(workbooks),
        csv_files=tuple(csv_files),
        has_drafts=any(
            result.is_draft for group in groups for result in group.results if result.strip
        ),
    )


def _name(request: Row) -> str:
    return shortened(said(request["service_name"]) or request["request_id"], LONGEST_NAME)


def _href(request: Row) -> str:
    return f"requests/{request['request_id']}.html"


def _groups(
    requests: Sequence[Row], headlines: Mapping[tuple[str, str], Row]
) -> tuple[ResultGroup, ...]:
    """Group requests by what was concluded on the rate; all charts share one scale."""
    rates = {
        request["request_id"]: headlines.get((request["request_id"], "rate"))
        for request in requests
    }
    every = [interval_of(row, "") for row in rates.values() if row and has_result(row)]
    groups = []
    for conclusion, heading, meaning in GROUPS:
        results = [
            _result(request, rates[request["request_id"]], every)
            for request in sorted(requests, key=lambda row: _place(row, rates))
            if _conclusion(rates[request["request_id"]]) == conclusion
        ]
        is_drawn = conclusion != "withheld" and bool(results)
        groups.append(
            ResultGroup(
                conclusion=conclusion,
                heading=heading,
                meaning=meaning,
                results=tuple(results),
                axis=_axis_picture(every) if is_drawn else None,
            )
        )
    return tuple(groups)


def _place(request: Row, rates: Mapping[str, Row | None]) -> tuple[float, str]:
    rate = rates[request["request_id"]]
    return (rate["difference"] if rate and has_result(rate) else 0.0, request["request_id"])


def _conclusion(rate: Row | None) -> str:
    return str(rate["conclusion"]) if rate is not None and has_result(rate) else "withheld"


def _axis_picture(every: Sequence[Interval]) -> Picture:
    axis = SHORT_AXES["rate"]
    return picture(
        lambda width: strip_axis(every, axis, width),
        "Scale of the charts above: difference in percentage points; left of 0 re-offending was "
        "lower, right of 0 higher.",
        wide=STRIP,
    )


def _result(request: Row, rate: Row | None, every: Sequence[Interval]) -> Result:
    name = _name(request)
    drawn = None
    if rate is not None and has_result(rate):
        row = interval_of(rate, name)
        drawn = picture(
            lambda width: strip(row, every, SHORT_AXES["rate"], width),
            interval_alt([row], RATE_AXIS),
            wide=STRIP,
        )
    answer, detail = _answer(request, rate)
    return Result(
        request_id=request["request_id"],
        conclusion=_conclusion(rate),
        service=name,
        organisation=shortened(said(request["organisation"]) or "Not stated", LONGEST_NAME),
        need=request["need"] or "",
        need_text=word(NEEDS, request["need"]),
        sector=request["sector"] or "",
        sector_text=word(SECTORS, request["sector"]),
        answer=answer,
        detail=detail,
        status=STATUSES.get(request["status"], (word({}, request["status"]),))[0],
        is_draft=request["status"] in DRAFTS,
        strip=drawn,
    )


def _answer(request: Row, rate: Row | None) -> tuple[str, str]:
    """Say the result in a few words, and the rates or the reason behind it."""
    if rate is None or not has_result(rate):
        if rate is not None:
            return "", "Too few people can be compared."
        meaning = STATUSES.get(request["status"], ("", ""))[1]
        return "", request["reason_text"] or meaning
    lower, upper = rate["difference_lower"], rate["difference_upper"]
    treated, control = number_text(rate["treated_value"]), number_text(rate["control_value"])
    detail = f"{treated} of 100 re-offended, against {control} of 100 similar people."
    if rate["conclusion"] == "inconclusive":
        return f"From {side_text(lower)} to {side_text(upper)} in every 100", detail
    direction = "fewer" if rate["difference"] < 0 else "more"
    near, far = sorted((abs(lower), abs(upper)))
    return (
        f"{size_text(abs(rate['difference']))} {direction} in every 100 "
        f"(likely {size_text(near)} to {size_text(far)} {direction})",
        detail,
    )


def _choices(requests: Sequence[Row], column: str, words: Mapping[str, str]) -> tuple[Term, ...]:
    found = {request[column] or "" for request in requests}
    known = [Term(code, text) for code, text in words.items() if code in found]
    others = [Term(code, word(words, code or None)) for code in sorted(found - set(words))]
    return (*known, *others)


def _states(requests: Sequence[Row]) -> tuple[State, ...]:
    found = []
    statuses = {**STATUSES}
    for request in requests:
        statuses.setdefault(request["status"], (word({}, request["status"]), ""))
    for status, (name, meaning) in statuses.items():
        members = [request for request in requests if request["status"] == status]
        found.append(
            State(
                name=name,
                meaning=meaning,
                requests=tuple(Link(_name(row), _href(row)) for row in members),
                reasons=tuple(row["reason_text"] for row in members),
            )
        )
    return tuple(found)


def _frequency_only(requests: Sequence[Row], headlines: Mapping[tuple[str, str], Row]) -> str:
    """Count services whose rate cannot tell and whose number of re-offences can."""
    counts = {"decrease": 0, "increase": 0}
    for request in requests:
        rate = headlines.get((request["request_id"], "rate"))
        frequency = headlines.get((request["request_id"], "frequency"))
        if rate is None or frequency is None or rate["conclusion"] != "inconclusive":
            continue
        if frequency["conclusion"] in counts and has_result(frequency):
            counts[frequency["conclusion"]] += 1
    if not any(counts.values()):
        return ""
    services = count_text(sum(counts.values()), "service", "services")
    return (
        f"For {services} the rate cannot tell, but the number of re-offences per person differs "
        f"by more than chance: fewer for {counts['decrease']}, more for {counts['increase']}."
    )


def _survey(rows: Sequence[Row]) -> str:
    if not rows or not rows[0]["sent_n"]:
        return ""
    row = rows[0]
    return (
        f"The feedback survey was sent to {count_text(row['sent_n'], 'provider', 'providers')}; "
        f"{number_text(row['answered_n'])} answered ({number_text(row['response_rate'])}%)."
    )


def _data_text(settings: Mapping[str, str]) -> str:
    """Say how far the data reach, as the build's settings do."""
    parts = []
    for setting, words in (
        ("data_as_of", "Records were extracted on {}."),
        ("reoffending_data_to", "Re-offending records are complete to {}."),
    ):
        if settings.get(setting):
            parts.append(words.format(iso_date_text(settings[setting])))
    return " ".join(parts)
