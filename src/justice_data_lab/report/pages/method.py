"""How it was done: settings of the analyses and of the build, the quality log, the legend."""

from __future__ import annotations

from collections.abc import Sequence

from justice_data_lab.report.pages.parts import Table, table
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
        "overlap": ("Overlap (%)", 0),
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
    passed = sum(row["status"] in _PASSED for row in rows)
    checks = count_text(len(rows), "check was", "checks were")
    return f"{checks} made by the build; {passed:,} passed."


def log_table(published: SiteTables) -> Table | None:
    """Return every check of the build; those that did not pass come first."""
    rows = sorted(published.table("quality_log"), key=lambda row: row["status"] in _PASSED)
    if not rows:
        return None
    return table(
        "Checks of the build, those that did not pass first",
        ["Check", "Kind", "What it checks", "Result"],
        [],
        [
            (
                *(said(row[name]) or "not stated" for name in ("check_id", "kind", "description")),
                said(row["status"]),
            )
            for row in rows
        ],
    )
