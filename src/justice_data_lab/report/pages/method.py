"""How it was done: settings of the analyses and of the build, the quality log, the legend."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from justice_data_lab.report.pages.parts import Table, Term, table
from justice_data_lab.report.pages.people import pool_table
from justice_data_lab.report.tables import Row, SiteTables
from justice_data_lab.report.wording import (
    CONDITIONS,
    NOT_APPLICABLE,
    SCOPES,
    analysis_text,
    code_text,
    count_text,
    number_text,
    said,
    word,
)

_FITS = {"logistic": "logistic regression", "cox": "Cox regression of the delay"}
_UNITS = {"sd": "standard deviations", "raw": ""}
_PASSED = ("pass", "success")
MOST_LISTED: Final = 20
HOW_IT_WORKS: Final = (
    (
        "Who is looked up",
        "A provider sends the people whom its service helped. Each is looked up on the Police "
        "National Computer by name, date of birth and numbers. A request needs at least "
        "{minimum_submitted} people.",
    ),
    (
        "Who is counted",
        "People whose service started within {window_months} months of a community sentence or a "
        "release from prison, and who could be followed to the end. Everybody else is counted "
        "once, with the first reason for which they were left out. At least {minimum_analysed} "
        "people must be left.",
    ),
    (
        "Who they are compared with",
        "People with the same kind of sentence who did not receive the service, chosen so that "
        "the two groups are alike in age, sex, ethnicity, offence, sentence, past offending, work "
        "and benefits. Motivation, and whatever else is not on record, cannot be made alike.",
    ),
    (
        "What re-offending is",
        "An offence within {follow_up_months} months that led to a conviction, caution, reprimand "
        "or warning in that time or the {waiting_months} months after it.",
    ),
    (
        "How sure a result is",
        "Each difference has a range in which the true one is likely to lie: the 95% interval. If "
        "the range includes no difference, the analysis cannot tell. The fewer the people, the "
        "wider the range. The result is calculated again with other choices of the method, and "
        "stands beside them in each annex.",
    ),
    (
        "What is hidden",
        "Small numbers, from which somebody might be recognised, have a code in their place. "
        "Counts are rounded to {disclosure_rounding}. No page is about any one person.",
    ),
)


def method_tables(published: SiteTables, request_id: str) -> list[Table]:
    """Return how the analyses of a request were made, and what its pool was made from."""
    analyses = published.of("analyses", request_id)
    pool = pool_table(published.of("pool_attrition", request_id))
    tables = [_analyses_table(analyses), _sizes_table(analyses)] if analyses else []
    return [*tables, *([pool] if pool else [])]


def _analyses_table(analyses: Sequence[Row]) -> Table:
    return table(
        "How each analysis was made",
        [
            *("Analysis", "Compared with people who", "Sex offences", "Matched on"),
            *("Kept alike on", "Left out of the matching", "Why it was made"),
        ],
        [],
        [
            (
                analysis_text(row),
                word(CONDITIONS, row["control_condition"]),
                word(SCOPES, row["sex_offence_scope"]),
                _matched_on(row),
                _names(row["exact_on"]),
                _names(row["left_out"]),
                said(row["reason"]) or code_text(NOT_APPLICABLE),
            )
            for row in analyses
        ],
    )


def _matched_on(row: Row) -> str:
    unit = _UNITS.get(row["match_width_unit"], row["match_width_unit"] or "")
    fit = f", by {word(_FITS, row['fit_method'])}" if row["fit_method"] else ""
    return f"{row['match_scale']} score within {row['match_width']:g} {unit}".strip() + fit


def _names(names: str | None) -> str:
    return said(names.replace("_", " ").replace(",", ", ")) if names else "nothing"


def _sizes_table(analyses: Sequence[Row]) -> Table:
    columns = {
        "eligible_n": ("Could be followed", 0),
        "matched_n": ("Matched", 0),
        "off_support_n": ("Nobody similar", 0),
        "pool_n": ("Pool", 0),
        "matched_control_n": ("Compared with", 0),
        "control_effective_n": ("Effective size", 0),
        "controls_used_percent": ("Pool used (%)", 1),
        "largest_weight_percent": ("Largest weight (%)", 1),
        "equipoise": ("Equipoise (%)", 0),
        "green_n": ("Characteristics alike", 0),
        "amber_n": ("Close", 0),
        "red_n": ("Different", 0),
    }
    return table(
        "People in each analysis",
        ["Analysis"],
        [label for label, _ in columns.values()],
        [
            (
                analysis_text(row),
                *(
                    number_text(row[name], places, row["code"])
                    for name, (_, places) in columns.items()
                ),
            )
            for row in analyses
        ],
    )


def settings_table(published: SiteTables) -> Table:
    """Return every setting of the build, with the dates of its data."""
    return table(
        "Settings of the method, and the data",
        ["Setting", "Value", "Meaning", "Source"],
        [],
        [
            (
                said(row["setting"].replace("_", " ").capitalize()),
                said(row["value"]) or code_text(NOT_APPLICABLE),
                said(row["meaning"]),
                said(row["source"]),
            )
            for row in published.table("method_settings")
        ],
    )


def codes_table(published: SiteTables) -> Table:
    """Return the legend of what stands in place of a number."""
    return table(
        "What stands in place of a number",
        ["Code", "Meaning"],
        [],
        [(code_text(row["code"]), said(row["meaning"])) for row in published.table("codes")],
    )


def log_summary(published: SiteTables) -> str:
    """Say how many checks of the build passed; empty where it has no log."""
    rows = published.table("quality_log")
    if not rows:
        return ""
    passed = sum(map(_is_passed, rows))
    checks = count_text(len(rows), "check was", "checks were")
    return f"{checks} made by the build; {passed:,} passed."


def log_tables(published: SiteTables) -> tuple[Table, ...]:
    """Return the checks counted by kind and result, and the first of those that did not pass."""
    rows = published.table("quality_log")
    if not rows:
        return ()
    kinds = Counter(said(row["kind"]) or "not stated" for row in rows)
    passed = Counter(said(row["kind"]) or "not stated" for row in rows if _is_passed(row))
    counts = table(
        "Checks of the build, by kind",
        ["Kind"],
        ["Made", "Passed", "Not passed"],
        [
            (kind, f"{made:,}", f"{passed[kind]:,}", f"{made - passed[kind]:,}")
            for kind, made in sorted(kinds.items())
        ],
    )
    failed = [row for row in rows if not _is_passed(row)]
    if not failed:
        return (counts,)
    listed = table(
        "Checks that did not pass"
        + (f", the first {MOST_LISTED} of {len(failed):,}" if len(failed) > MOST_LISTED else ""),
        ["What was checked", "Result"],
        [],
        [
            (said(row["description"]) or said(row["check_id"]) or "not stated", said(row["status"]))
            for row in failed[:MOST_LISTED]
        ],
    )
    return counts, listed


def _is_passed(row: Row) -> bool:
    return row["status"] in _PASSED


def method_texts(published: SiteTables) -> tuple[Term, ...]:
    """Return how the lab works, part by part, with the settings of the build."""
    values = defaultdict(lambda: "the set number of", published.settings)
    return tuple(Term(name, text.format_map(values)) for name, text in HOW_IT_WORKS)
