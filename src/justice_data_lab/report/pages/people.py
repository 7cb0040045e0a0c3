"""Who was analysed and who was not: the waterfall, and what those left out allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from justice_data_lab.project import reference_rows
from justice_data_lab.report.charts.bars import Step, waterfall
from justice_data_lab.report.charts.picture import picture
from justice_data_lab.report.pages.parts import Figure, Table, table
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import (
    BASES,
    code_text,
    date_text,
    number_text,
    said,
    sentence_case,
    word,
)

QUARTERS: Final = {
    "Q1": "January to March",
    "Q2": "April to June",
    "Q3": "July to September",
    "Q4": "October to December",
}
# what holds at the end of a part of the waterfall, and the last stage of the part
PARTS: Final = (
    ("Looked up, and on police records", "linked"),
    ("With a sentence or release that the service followed", "index_event_identified"),
    ("Followed for a year", "followed"),
    ("Analysed: like others enough to be compared", "matched"),
)
COUNTED: Final = ("Number", "Of those sent")
HIDDEN: Final = {"remaining_n": None, "percent_of_submitted": None, "code": "c"}


def waterfall_figure(rows: Sequence[Row]) -> Figure | None:
    """Return the waterfall; steps at which nobody left are in the table alone."""
    shown = [row for row in rows if _is_drawn(row)]
    if len(shown) < 2:
        return None
    steps = [
        Step(
            label=said(row["description"]),
            removed=row["removed_n"],
            remaining=row["remaining_n"],
            code=_hidden_text(row),
        )
        for row in shown
    ]
    return Figure(
        title="From the records submitted to the people analysed",
        picture=picture(lambda width: waterfall(steps, width), _waterfall_alt(steps)),
        table=waterfall_table(rows),
        note="Steps at which nobody was left out are in the table only.",
    )


def waterfall_summary(rows: Sequence[Row]) -> Table | None:
    """Return the waterfall in five lines: who was left at the end of each part of the way."""
    if not rows:
        return None
    ends = {row["stage"]: int(row["step_number"]) for row in reference_rows("exclusion_reasons")}
    at_step = {row["step_number"]: row for row in rows}
    lines = [_summary_line("Sent", rows[0])]
    for words, stage in PARTS:
        # an end that is merged into a later step is not shown
        row = rows[-1] if stage == PARTS[-1][1] else at_step.get(ends[stage], HIDDEN)
        lines.append(_summary_line(words, row))
    return table("From the records sent to the people analysed", ["Records"], COUNTED, lines)


def _summary_line(words: str, row: Row) -> tuple[str, str, str]:
    share = row["percent_of_submitted"]
    of_sent = number_text(share, 0, row["code"]) + ("%" if share is not None else "")
    return words, number_text(row["remaining_n"], 0, row["code"]), of_sent


def waterfall_table(rows: Sequence[Row]) -> Table:
    """Return every step with its reason in plain words."""
    return table(
        "Records left out at each step, and why",
        ["Step"],
        ["Left out", "Still included", "Of those submitted"],
        [
            (
                said(row["description"]),
                _merged_or(row, "removed_n"),
                _merged_or(row, "remaining_n"),
                number_text(row["percent_of_submitted"], 0, row["code"])
                + ("%" if row["percent_of_submitted"] is not None else ""),
            )
            for row in rows
        ],
    )


def _is_drawn(row: Row) -> bool:
    """Leave out steps at which nobody left, and those whose count stands in another step."""
    if row["step_number"] == 0:
        return True
    return row["removed_n"] != 0 and not (row["is_merged"] and row["removed_n"] is None)


def _hidden_text(row: Row) -> str:
    return "" if row["removed_n"] is not None else f"not shown {code_text(row['code'] or 'x')}"


def _merged_or(row: Row, column: str) -> str:
    """Write a count; one that is counted in another step says so beside its code."""
    text = number_text(row[column], 0, row["code"])
    if row["is_merged"] and row[column] is None and column == "removed_n":
        return f"{text} counted in another step"
    return text


def _waterfall_alt(steps: Sequence[Step]) -> str:
    parts = [
        f"{step.label}: {step.code or f'{step.removed:,} left out, {step.remaining or 0:,} left'}"
        for step in steps[1:]
    ]
    return f"{steps[0].remaining or 0:,} records submitted. {'; '.join(parts)}."


def details_table(rows: Sequence[Row]) -> Table | None:
    """Return further counts of those left out; those of nobody are left out themselves."""
    lines = [
        (sentence_case(row["description"]), number_text(row["n"], 0, row["code"]))
        for row in rows
        if row["n"] != 0
    ]
    if not lines:
        return None
    return table("More about those left out", ["Who"], ["People or records"], lines)


def additional_table(rows: Sequence[Row]) -> Table | None:
    """Return the suggested analyses that those left out would allow."""
    lines = [
        (sentence_case(row["description"]), number_text(row["expected_n"], 0, row["code"]))
        for row in rows
        if row["expected_n"] != 0
    ]
    if not lines:
        return None
    return table("Analyses that could be asked for", ["Of whom"], ["People expected"], lines)


def resubmission_table(rows: Sequence[Row]) -> Table | None:
    """Return when people who were still in custody can be submitted again."""
    if not rows:
        return None
    return table(
        "People who were still in custody, and when to submit them again",
        ["Submit again from", "Release", "Known"],
        ["People"],
        [
            (
                date_text(row["earliest_analysis_on"], row["code"]),
                _quarter_text(row),
                word(BASES, row["basis"]).lower(),
                number_text(row["n"], 0, row["code"]),
            )
            for row in rows
        ],
    )


def _quarter_text(row: Row) -> str:
    """Write a quarter, as 2013-Q2, as its months."""
    year, _, quarter = (row["release_quarter"] or "").partition("-")
    if quarter not in QUARTERS:
        return said(row["release_quarter"]) or "not known"
    return f"{QUARTERS[quarter]} {said(year)}"


def pool_table(rows: Sequence[Row]) -> Table | None:
    """Return how the comparison pool of the main analysis was made."""
    of_headline = [row for row in rows if row["analysis_id"] == "headline"]
    if not of_headline:
        return None
    return table(
        "How the pool of possible comparisons was made",
        ["Step"],
        ["Left out", "Still included"],
        [
            (
                sentence_case(row["description"]),
                number_text(row["removed_n"], 0, row["code"]),
                number_text(row["remaining_n"], 0, row["code"]),
            )
            for row in of_headline
        ],
    )
