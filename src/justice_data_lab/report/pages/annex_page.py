"""The annex of a request: all that its report has no room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.build.published import DRAFTS
from justice_data_lab.measures import HEADLINE
from justice_data_lab.report.charts.intervals import forest
from justice_data_lab.report.charts.picture import Picture, picture
from justice_data_lab.report.pages import checks, method, people, results, trust
from justice_data_lab.report.pages.choices import choice_sentences
from justice_data_lab.report.pages.parts import (
    DRAFT,
    RATE_AXIS,
    Figure,
    Link,
    Table,
    Term,
    unique_title,
)
from justice_data_lab.report.pages.target_trial import target_trial_tables
from justice_data_lab.report.tables import Row, SiteTables
from justice_data_lab.report.wording import (
    CONCLUSIONS,
    DELIVERED,
    NEEDS,
    SECTORS,
    STATUSES,
    analysis_text,
    date_text,
    number_text,
    said,
    shortened,
    word,
)

LONGEST_HEADING: Final = 150


@dataclass(frozen=True)
class Statements:
    """The sentences of a request by what they are for."""

    headline: tuple[str, ...]
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    caveats: tuple[str, ...]
    next_steps: tuple[str, ...]


@dataclass(frozen=True)
class AnnexPage:
    """Everything that the annex of a request says, in its order."""

    request_id: str
    title: str
    heading: str
    organisation: str
    facts: tuple[Term, ...]
    draft: str
    conclusion: str
    result: str
    statements: Statements
    headline_picture: Picture | None
    hundred: results.Hundred | None
    waterfall: Figure | None
    people_tables: tuple[Table, ...]
    measures: tuple[Table, ...]
    survival: Figure | None
    matching: checks.Matching | None
    trust: trust.Trust | None
    target_trial: tuple[Table, ...]
    subgroups: tuple[Figure, ...]
    subgroup_tables: tuple[Table, ...]
    sensitivity: tuple[Figure, ...]
    sensitivity_sentences: tuple[str, ...]
    power_sentences: tuple[str, ...]
    power: Table | None
    method: tuple[Table, ...]
    codes: Table
    log_summary: str
    downloads: tuple[Link, ...]


def annex_page(published: SiteTables, request: Row, downloads: Sequence[Link] = ()) -> AnnexPage:
    """Return the annex of one request. downloads: files of this request, seen from its page."""
    request_id = request["request_id"]
    name = said(request["service_name"]) or request_id
    outcomes = published.of("outcomes", request_id)
    analyses = published.of("analyses", request_id)
    headline = [row for row in outcomes if row["analysis_id"] == HEADLINE]
    rate = results.headline_rate(outcomes)
    attrition = published.of("attrition", request_id)
    subgroup_figures, subgroup_tables = _subgroups(published, analyses, outcomes)
    return AnnexPage(
        request_id=request_id,
        title=unique_title(name, f"annex: {request_id}"),
        heading=shortened(name, LONGEST_HEADING),
        organisation=said(request["organisation"]) or "Organisation not stated",
        facts=tuple(_facts(request)),
        draft=DRAFT if request["status"] in DRAFTS else "",
        conclusion=rate["conclusion"] if rate and results.has_result(rate) else "withheld",
        result=result_text(rate),
        statements=_statements(published.of("statements", request_id), request),
        headline_picture=_headline_picture(rate),
        hundred=results.hundred(outcomes),
        waterfall=people.waterfall_figure(attrition),
        people_tables=tuple(_people_tables(published, request_id, attrition)),
        measures=results.measure_tables("main analysis", headline, published.table("measures"))
        if headline
        else (),
        survival=results.survival_figure(published.of("survival", request_id)),
        matching=checks.matching(published.of("covariate_balance", request_id), analyses),
        trust=trust.trust(published, request_id),
        target_trial=target_trial_tables(published.of("target_trial", request_id)),
        subgroups=subgroup_figures,
        subgroup_tables=subgroup_tables,
        sensitivity=tuple(
            checks.sensitivity_figures(published.of("sensitivity", request_id), published.measures)
        ),
        sensitivity_sentences=choice_sentences(published.of("sensitivity", request_id)),
        power_sentences=checks.power_sentences(
            published.of("detectable", request_id), request["analysed_n"]
        ),
        power=checks.power_table(published.of("power", request_id)),
        method=tuple(method.method_tables(published, request_id)),
        codes=method.codes_table(published),
        log_summary=method.log_summary(published),
        downloads=tuple(downloads),
    )


def result_text(rate: Row | None) -> str:
    """Say the result of the rate in a few words."""
    if rate is None or not results.has_result(rate):
        return "No result"
    words = {"decrease": "Re-offending was lower", "increase": "Re-offending was higher"}
    return words.get(rate["conclusion"], word(CONCLUSIONS, rate["conclusion"]))


def _facts(request: Row) -> list[Term]:
    status, meaning = STATUSES.get(request["status"], (word({}, request["status"]), ""))
    facts = [
        Term("Organisation", said(request["organisation"]) or "Not stated"),
        Term("What is delivered", said(request["description"]) or "Not stated"),
        Term("Where", word(DELIVERED, request["delivered_in"])),
        Term("Need", word(NEEDS, request["need"])),
        Term("Sector", word(SECTORS, request["sector"])),
        Term("Status", f"{status}. {request['reason_text'] or meaning}".strip()),
    ]
    if request["review_due_on"] is not None:
        facts.append(Term("Provider's comments due", date_text(request["review_due_on"])))
    facts.append(Term("Records submitted", number_text(request["submitted_n"], 0, request["code"])))
    if request["analysed_n"] is not None or request["code"]:
        facts.append(
            Term("People analysed", number_text(request["analysed_n"], 0, request["code"]))
        )
    return facts


def _statements(rows: Sequence[Row], request: Row) -> Statements:
    """Sort the statements by topic; without a headline, the state of the request is it."""

    def of(topic: str) -> tuple[str, ...]:
        return tuple(said(row["text"]) for row in rows if row["topic"] == topic)

    return Statements(
        headline=of("headline") or (STATUSES.get(request["status"], ("", ""))[1],),
        can_say=of("can_say"),
        cannot_say=of("cannot_say"),
        caveats=of("caveat"),
        next_steps=of("next_step"),
    )


def _headline_picture(rate: Row | None) -> Picture | None:
    if rate is None or not results.has_result(rate):
        return None
    interval = [results.interval_of(rate, "Main analysis")]
    return picture(
        lambda width: forest(interval, RATE_AXIS, width),
        results.interval_alt(interval, RATE_AXIS),
    )


def _people_tables(published: SiteTables, request_id: str, attrition: Sequence[Row]) -> list[Table]:
    tables = [
        people.waterfall_table(attrition) if attrition else None,
        people.details_table(published.of("attrition_detail", request_id)),
        people.additional_table(published.of("suggested_analyses", request_id)),
        people.resubmission_table(published.of("resubmissions", request_id)),
    ]
    if people.waterfall_figure(attrition):
        tables = tables[1:]  # the chart has the first beside it
    return [table for table in tables if table]


def _subgroups(
    published: SiteTables, analyses: Sequence[Row], outcomes: Sequence[Row]
) -> tuple[tuple[Figure, ...], tuple[Table, ...]]:
    """Return charts across analyses, the tests between groups, and every measure of each."""
    ordered = sorted(analyses, key=lambda row: row["analysis_id"] != HEADLINE)
    names = {row["analysis_id"]: analysis_text(row) for row in ordered}
    if len(names) < 2:
        return (), ()
    measures = published.table("measures")
    by_key = {(row["analysis_id"], row["measure"]): row for row in outcomes}
    figures = []
    for measure in measures:
        if measure["measure"] not in ("rate", "frequency"):
            continue
        named = [
            (name, by_key[analysis_id, measure["measure"]])
            for analysis_id, name in names.items()
            if (analysis_id, measure["measure"]) in by_key
        ]
        title = f"{said(measure['name'])}: all analyses"
        figures.append(results.forest_figure(title, named, measure))
    request_id = ordered[0]["request_id"]
    tests = checks.interaction_table(
        published.of("subgroup_interactions", request_id), published.measures
    )
    tables = [
        table
        for analysis_id, name in names.items()
        if analysis_id != HEADLINE
        for table in results.measure_tables(
            name, [row for row in outcomes if row["analysis_id"] == analysis_id], measures
        )
        if table.rows
    ]
    return tuple(f for f in figures if f), (*((tests,) if tests else ()), *tables)
