"""How sure a result is: balance, subgroups, other choices of the method, and power."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from justice_data_lab.measures import HEADLINE
from justice_data_lab.report.charts.intervals import Axis, Interval, forest
from justice_data_lab.report.charts.picture import picture
from justice_data_lab.report.charts.points import Balance, love
from justice_data_lab.report.pages.choices import conclusion_of
from justice_data_lab.report.pages.parts import AXES, Figure, Table, table
from justice_data_lab.report.pages.results import interval_alt
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import (
    FIELDS,
    NOT_APPLICABLE,
    RATINGS,
    VERDICTS,
    code_text,
    covariate_text,
    number_text,
    p_text,
    range_text,
    said,
    word,
)


@dataclass(frozen=True)
class Matching:
    """How alike the groups are: sentences, the love plot and its table."""

    sentences: tuple[str, ...]
    figure: Figure | None


def matching(rows: Sequence[Row], analyses: Sequence[Row]) -> Matching | None:
    """Return how well the main analysis was matched; None where it has no balance."""
    of_headline = [row for row in rows if row["analysis_id"] == HEADLINE]
    headline = next((row for row in analyses if row["analysis_id"] == HEADLINE), None)
    if not of_headline or headline is None:
        return None
    return Matching(
        sentences=tuple(_matching_sentences(headline)),
        figure=_love_figure(of_headline),
    )


def _matching_sentences(row: Row) -> list[str]:
    code = row["code"]
    if row["balance_verdict"] is None:
        return [f"How alike the groups are is not shown {code_text(code or 'x')}."]
    return [
        f"{word(VERDICTS, row['balance_verdict'])}.",
        f"{number_text(row['matched_n'], 0, code)} people who received the service were compared "
        f"with {number_text(row['matched_control_n'], 0, code)} similar people out of "
        f"{number_text(row['pool_n'], 0, code)}. Since some of them resemble several people, "
        f"they are worth {number_text(row['control_effective_n'], 0, code)} separate people.",
        f"People for whom nobody similar was found: {number_text(row['off_support_n'], 0, code)}.",
        f"The largest difference between the groups was "
        f"{number_text(row['largest_smd_before'], 1, code)}% before matching and "
        f"{number_text(row['largest_smd_after'], 1, code)}% after it; up to 5% is alike, up to "
        "10% close, more is different.",
    ]


def _love_figure(rows: Sequence[Row]) -> Figure | None:
    shown = [
        Balance(covariate_text(row["covariate"]), row["smd_before"], row["smd_after"])
        for row in rows
        if row["smd_after"] is not None or row["smd_before"] is not None
    ]
    if not shown:
        return None
    shown.sort(key=lambda row: (-abs(row.before or 0), row.label))
    worst = max(shown, key=lambda row: abs(row.after or 0))
    alt = (
        f"Standardised differences of {len(shown)} characteristics before and after matching. "
        f"The largest after matching is {number_text(worst.after, 1)}% ({worst.label})."
    )
    return Figure(
        title="How alike the two groups are, before and after matching",
        picture=picture(lambda width: love(shown, width), alt),
        table=_balance_table(rows),
        note="Inside the grey band (within 10%) the groups are close.",
    )


def _balance_table(rows: Sequence[Row]) -> Table:
    return table(
        "Characteristics of the two groups, before and after matching",
        ["Characteristic", "Rating after matching"],
        [
            *("Received the service", "Pool before matching", "Comparison group"),
            *("Difference before (%)", "Difference after (%)", "Variance ratio after"),
        ],
        [
            (
                covariate_text(row["covariate"]),
                word(RATINGS, row["rating"]) if row["rating"] else code_text(row["code"] or "x"),
                *(
                    number_text(row[name], 2, row["code"])
                    for name in ("treated_mean", "control_mean_before", "control_mean_after")
                ),
                *(number_text(row[name], 1, row["code"]) for name in ("smd_before", "smd_after")),
                number_text(row["variance_ratio_after"], 2, row["code"] or NOT_APPLICABLE),
            )
            for row in rows
        ],
    )


def interaction_table(rows: Sequence[Row], measures: Mapping[str, Row]) -> Table | None:
    """Return the tests of whether subgroups differ from each other."""
    if not rows:
        return None
    return table(
        "Do the groups differ from each other? (test of interaction)",
        ["Groups by", "Measure"],
        ["Groups", "Q", "Degrees of freedom", "p"],
        [
            (
                word(FIELDS, row["subgroup_field"]),
                measures[row["measure"]]["name"],
                number_text(row["groups_n"], 0, row["code"]),
                number_text(row["q"], 2, row["code"]),
                number_text(row["degrees_of_freedom"], 0, row["code"]),
                p_text(row["p_value"], row["code"]),
            )
            for row in rows
        ],
    )


def sensitivity_figures(rows: Sequence[Row], measures: Mapping[str, Row]) -> list[Figure]:
    """Return a chart with its table for each measure that was calculated in other ways."""
    figures = []
    ordered = sorted(rows, key=lambda row: (row["scenario_order"], row["scenario"]))
    for code, axis in AXES.items():
        of_measure = [row for row in ordered if row["measure"] == code]
        figure = _sensitivity_figure(measures[code], axis, of_measure)
        if figure:
            figures.append(figure)
    return figures


def _sensitivity_figure(measure: Row, axis: Axis, rows: Sequence[Row]) -> Figure | None:
    intervals = [_scenario(row) for row in rows]
    if not any(row.difference is not None for row in intervals):
        return None
    name, decimals = measure["name_in_text"], measure["decimals"]
    return Figure(
        title=f"Other choices of the method: {name}",
        picture=picture(
            lambda width: forest(intervals, axis, width), interval_alt(intervals, axis)
        ),
        table=table(
            f"Results with other choices of the method: {name}",
            ["What was changed"],
            [
                *("Difference (95% interval)", "p", "People who received the service"),
                *("Comparison group", "Effective size", "Largest difference after (%)"),
            ],
            [_scenario_row(row, decimals) for row in rows],
        ),
    )


def _scenario(row: Row) -> Interval:
    is_shown = all(row[name] is not None for name in ("difference", "lower", "upper"))
    return Interval(
        label=said(row["description"]),
        difference=row["difference"] if is_shown else None,
        lower=row["lower"],
        upper=row["upper"],
        conclusion=conclusion_of(row) if is_shown else "inconclusive",
        note="" if is_shown else f"not shown {code_text(row['code'] or 'x')}",
    )


def _scenario_row(row: Row, decimals: int) -> tuple[str, ...]:
    code = row["code"]
    difference = number_text(row["difference"], decimals, code)
    if row["difference"] is not None:
        difference += f" ({range_text(row['lower'], row['upper'], decimals, code)})"
    return (
        said(row["description"]),
        difference,
        p_text(row["p_value"], code),
        number_text(row["treated_n"], 0, code),
        number_text(row["control_n"], 0, code),
        number_text(row["control_effective_n"], 0, code),
        number_text(row["largest_smd_after"], 1, code),
    )


def power_table(rows: Sequence[Row]) -> Table | None:
    """Return how many people would show a reduction of each size."""
    if not rows:
        return None
    return table(
        "People needed to show a reduction, with a chance of 95%",
        ["Reduction in the re-offending rate"],
        ["People who received the service"],
        [
            (
                f"{row['reduction_points']} percentage point{'s' * (row['reduction_points'] > 1)}",
                "no number can show it"
                if row["minimum_treated_n"] is None and row["code"] in (None, "z")
                else number_text(row["minimum_treated_n"], 0, row["code"]),
            )
            for row in rows
        ],
    )


def power_sentences(rows: Sequence[Row], analysed_n: int | None) -> tuple[str, ...]:
    """Say the smallest reductions that this analysis was likely to find."""
    start = "A" if analysed_n is None else f"With {analysed_n:,} people, a"
    return tuple(
        f"{start} true reduction of {number_text(row['smallest_detectable_points'], 1)} percentage "
        f"points or more would be found with a chance of at least {row['power_percent']}%."
        for row in rows
        if row["smallest_detectable_points"] is not None
    )
