"""The results of a request: the headline, a hundred people, every measure, and survival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.measures import HEADLINE
from justice_data_lab.report.charts.bars import hundred_people
from justice_data_lab.report.charts.intervals import Axis, Interval, forest
from justice_data_lab.report.charts.picture import picture
from justice_data_lab.report.charts.points import Curve, survival
from justice_data_lab.report.pages.parts import AXES, Figure, Table, table
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import (
    CONCLUSIONS,
    METHODS,
    NOT_APPLICABLE,
    code_text,
    number_text,
    p_text,
    range_text,
    said,
    word,
)
from justice_data_lab.rounding import half_up

ARMS: Final = (("treated", "Received the service"), ("control", "Comparison group"))
OF_ALL: Final = "all"
CALIBRATED: Final = ("95% interval against other services' results", "p against them")


@dataclass(frozen=True)
class Hundred:
    """What happens to any 100 people like these: sentences, a picture and its table."""

    sentences: tuple[str, ...]
    figure: Figure | None


def headline_rate(outcomes: Sequence[Row]) -> Row | None:
    """Return the rate of the headline among a request's outcomes; None where it has none."""
    wanted = (HEADLINE, "rate")
    return next((row for row in outcomes if (row["analysis_id"], row["measure"]) == wanted), None)


def has_result(row: Row | None) -> bool:
    """Whether an outcome has a difference with its interval."""
    names = ("treated_value", "control_value", "difference", "difference_lower", "difference_upper")
    return row is not None and all(row[name] is not None for name in names)


def interval_of(row: Row, label: str) -> Interval:
    """Return an outcome as a row of a chart."""
    return Interval(
        label=label,
        difference=row["difference"],
        lower=row["difference_lower"],
        upper=row["difference_upper"],
        conclusion=row["conclusion"] if has_result(row) else "withheld",
        note="" if has_result(row) else f"not shown {code_text(row['code'] or 'x')}",
    )


def difference_text(row: Row, measure: Row) -> str:
    """Say a difference with its interval, as "2 (-4 to 8)", or its code."""
    if not has_result(row):
        return code_text(row["code"] or "x")
    decimals = measure["decimals"]
    bounds = range_text(row["difference_lower"], row["difference_upper"], decimals)
    is_low = row["code"] == "low" and row["difference"] == 0
    difference = code_text("low") if is_low else number_text(row["difference"], decimals)
    return f"{difference} ({bounds})"


def size_text(bound: float) -> str:
    """Write the size of a bound in people of every 100."""
    return "less than 1" if bound == 0 else number_text(bound)


def side_text(bound: float) -> str:
    """Write a bound with its direction: "13 fewer"."""
    if bound == 0:
        return "no change"
    return f"{number_text(abs(bound))} {'fewer' if bound < 0 else 'more'}"


def interval_alt(intervals: Iterable[Interval], axis: Axis) -> str:
    """Say in words what a chart of intervals shows."""
    parts = []
    for row in intervals:
        if row.difference is None:
            parts.append(f"{row.label}: {row.note}")
            continue
        decimals = 2 if axis.smallest < 1 else 0
        bounds = range_text(row.lower, row.upper, decimals)
        parts.append(f"{row.label}: {number_text(row.difference, decimals)}, interval {bounds}")
    return f"{axis.title}, with 95% intervals. {'. '.join(parts)}."


def hundred(outcomes: Sequence[Row]) -> Hundred | None:
    """Return the results for any 100 people; None where no rate is given."""
    rows = {row["measure"]: row for row in outcomes if row["analysis_id"] == HEADLINE}
    rate = rows.get("rate")
    if rate is None or not has_result(rate):
        return None
    return Hundred(
        sentences=tuple(_hundred_sentences(rows, rate)),
        figure=_hundred_figure(rate),
    )


def _hundred_sentences(rows: dict[str, Row], rate: Row) -> Iterable[str]:
    treated, control = number_text(rate["treated_value"]), number_text(rate["control_value"])
    yield (
        f"For any 100 typical people who received the service, {treated} committed a proven "
        f"re-offence within a year. For any 100 similar people who did not, {control} did. "
        f"The true difference could be {_between(rate, 1)}."
    )
    frequency = rows.get("frequency")
    if has_result(frequency) and frequency is not None:
        counts = [number_text(half_up(100 * frequency[f"{arm}_value"], 1)) for arm, _ in ARMS]
        yield (
            f"For any 100 typical people who received the service there were {counts[0]} proven "
            f"re-offences within a year; for any 100 similar people {counts[1]}. The true "
            f"difference could be {_between(frequency, 100)}."
        )
    days = rows.get("days_to_first")
    if has_result(days) and days is not None:
        yield (
            "Among people who re-offended, the first re-offence came after "
            f"{number_text(days['treated_value'])} days on average for those who received the "
            f"service, and after {number_text(days['control_value'])} days for similar people."
        )
    yield "These are estimates: they describe groups, not what will happen to any one person."


def _between(row: Row, per: int) -> str:
    """Say an interval in people or offences: "between 13 fewer and 1 fewer"."""
    words = [
        "none" if value == 0 else f"{number_text(abs(value))} {'fewer' if value < 0 else 'more'}"
        for value in (half_up(per * row[f"difference_{name}"], 1) for name in ("lower", "upper"))
    ]
    return f"between {words[0]} and {words[1]}"


def _hundred_figure(rate: Row) -> Figure:
    groups = [(words, round(half_up(rate[f"{arm}_value"], 0))) for arm, words in ARMS]
    shown = "; ".join(f"{words}: {count} of 100 people re-offended" for words, count in groups)
    rows = [
        (
            words,
            f"{number_text(rate[f'{arm}_value'])}%",
            range_text(rate[f"{arm}_lower"], rate[f"{arm}_upper"], 0, rate["code"]),
        )
        for arm, words in ARMS
    ]
    return Figure(
        title="Of any 100 people, how many re-offended within a year",
        picture=picture(lambda width: hundred_people(groups, width), f"{shown}."),
        table=table(
            "One-year proven re-offending rate",
            ["Group"],
            ["Re-offended", "95% interval (%)"],
            rows,
        ),
    )


def measure_tables(
    analysis: str, outcomes: Sequence[Row], measures: Sequence[Row]
) -> tuple[Table, Table]:
    """Return every measure of one analysis, and how each was tested."""
    by_measure = {row["measure"]: row for row in outcomes}
    pairs = [
        (by_measure[measure["measure"]], measure)
        for measure in measures
        if measure["measure"] in by_measure
    ]
    is_calibrated = any(row["calibrated_p_value"] is not None for row, _ in pairs)
    return (
        table(
            f"All measures: {analysis}",
            ["Measure", "Result"],
            ["Received the service", "Comparison group", "Difference", "p"],
            [_result_row(row, measure) for row, measure in pairs],
        ),
        table(
            f"How each measure was tested: {analysis}",
            ["Measure"],
            [
                *("People who received the service", "Comparison group", "Effective size"),
                *("p for all tests (Holm)", "Doubly robust difference", "Doubly robust p"),
                *("People needed", "E-value (of the bound)", "Method"),
                *(CALIBRATED if is_calibrated else ()),
            ],
            [
                (*_test_row(row, measure), *(_calibrated(row, measure) if is_calibrated else ()))
                for row, measure in pairs
            ],
        ),
    )


def _result_row(row: Row, measure: Row) -> tuple[str, ...]:
    reliable = "" if row["is_reliable"] or not has_result(row) else f" {code_text('u')}"
    return (
        f"{said(measure['name'])} ({said(measure['unit'])}{_population(measure)})",
        f"{word(CONCLUSIONS, row['conclusion'])}{reliable}",
        *(_arm(row, arm, measure["decimals"]) for arm, _ in ARMS),
        difference_text(row, measure),
        p_text(row["p_value"], row["code"]),
    )


def _test_row(row: Row, measure: Row) -> tuple[str, ...]:
    """Say how a measure was tested; what its method does not give is not applicable."""
    code, decimals = row["code"], measure["decimals"]
    other = NOT_APPLICABLE if has_result(row) else code
    doubly, evalue = code_text(other or "x"), code_text(other or "x")
    if row["dr_difference"] is not None:
        bounds = range_text(row["dr_lower"], row["dr_upper"], decimals, code)
        doubly = f"{number_text(row['dr_difference'], decimals)} ({bounds})"
    if row["e_value"] is not None:
        bound = number_text(row["e_value_bound"], 2, code)
        evalue = f"{number_text(row['e_value'], 2)} ({bound})"
    return (
        said(measure["name"]),
        *(number_text(row[name], 0, code) for name in ("treated_n", "control_n")),
        number_text(row["control_effective_n"], 0, code),
        p_text(row["adjusted_p_value"], code),
        doubly,
        p_text(row["dr_p_value"], other),
        number_text(row["number_needed"], 0, other),
        evalue,
        word(METHODS, row["method"]) if row["method"] else code_text(code or "x"),
    )


def _calibrated(row: Row, measure: Row) -> tuple[str, str]:
    """Say the interval and p against the empirical null of the other services."""
    code = NOT_APPLICABLE if has_result(row) else row["code"]
    bounds = (row["calibrated_lower"], row["calibrated_upper"])
    return range_text(*bounds, measure["decimals"], code), p_text(row["calibrated_p_value"], code)


def _population(measure: Row) -> str:
    return "" if measure["population"] == OF_ALL else f", of {said(measure['population'])}"


def _arm(row: Row, arm: str, decimals: int) -> str:
    value = number_text(row[f"{arm}_value"], decimals, row["code"])
    if row[f"{arm}_lower"] is None or row[f"{arm}_value"] is None:
        return value
    return f"{value} ({range_text(row[f'{arm}_lower'], row[f'{arm}_upper'], decimals)})"


def forest_figure(
    title: str, named: Sequence[tuple[str, Row]], measure: Row, note: str = ""
) -> Figure | None:
    """Return a chart of one measure across analyses; None where no result can be drawn."""
    axis = AXES[measure["measure"]]
    intervals = [interval_of(row, name) for name, row in named]
    if not any(has_result(row) for _, row in named):
        return None
    rows = [
        (
            name,
            word(CONCLUSIONS, row["conclusion"]),
            number_text(row["treated_n"], 0, row["code"]),
            difference_text(row, measure),
            p_text(row["p_value"], row["code"]),
        )
        for name, row in named
    ]
    return Figure(
        title=title,
        picture=picture(
            lambda width: forest(intervals, axis, width), interval_alt(intervals, axis)
        ),
        table=table(
            title,
            ["Analysis", "Result"],
            ["People who received the service", "Difference (95% interval)", "p"],
            rows,
        ),
        note=note,
    )


def survival_figure(rows: Sequence[Row]) -> Figure | None:
    """Return the survival curve of the main analysis; None where there is none to draw."""
    of_headline = [row for row in rows if row["analysis_id"] == HEADLINE]
    names = ("survival_percent", "lower", "upper")
    curves = [
        Curve(
            label=words,
            points=tuple(
                (row["month"], *(row[name] for name in names))
                for row in of_headline
                if row["arm"] == arm and all(row[name] is not None for name in names)
            ),
        )
        for arm, words in ARMS
    ]
    if not all(curve.points for curve in curves):
        return None
    ends = "; ".join(
        f"{curve.label}: {number_text(curve.points[-1][1])}% had not re-offended after "
        f"{curve.points[-1][0]} months"
        for curve in curves
    )
    return Figure(
        title="How long people went without re-offending",
        picture=picture(lambda width: survival(curves, width), f"Two curves. {ends}."),
        table=_survival_table(of_headline),
        note="The shaded bands are 95% intervals.",
    )


def _survival_table(rows: Sequence[Row]) -> Table:
    cells = {(row["month"], row["arm"]): row for row in rows}
    lines = []
    for month in sorted({row["month"] for row in rows}):
        line = [str(month)]
        for arm, _ in ARMS:
            row = cells.get((month, arm))
            line += _survival_cells(row) if row else [code_text("x")] * 2
        lines.append(tuple(line))
    return table(
        "People who have not re-offended, by month (%)",
        ["Month"],
        [
            *("Received the service (95% interval)", "Followed"),
            *("Comparison group (95% interval)", "Followed"),
        ],
        lines,
    )


def _survival_cells(row: Row) -> list[str]:
    code = row["code"]
    value = number_text(row["survival_percent"], 0, code)
    if row["survival_percent"] is not None and row["lower"] is not None:
        value = f"{value} ({range_text(row['lower'], row['upper'])})"
    return [value, number_text(row["at_risk_n"], 0, code)]
