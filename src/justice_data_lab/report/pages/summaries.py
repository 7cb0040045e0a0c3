"""Across requests: findings by need and sector, effect against size, and the pooled effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from justice_data_lab.report.charts.bars import FINDINGS, Group, findings
from justice_data_lab.report.charts.intervals import Axis, Interval, forest
from justice_data_lab.report.charts.picture import picture
from justice_data_lab.report.charts.points import SizedInterval, effect_by_size
from justice_data_lab.report.pages.choices import conclusion_of
from justice_data_lab.report.pages.parts import AXES, Figure, Link, table
from justice_data_lab.report.pages.results import (
    difference_text,
    has_result,
    interval_alt,
    interval_of,
)
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import (
    CONCLUSIONS,
    NEEDS,
    NOT_APPLICABLE,
    SECTORS,
    code_text,
    count_text,
    number_text,
    p_text,
    range_text,
    word,
)

DIMENSIONS: Final = {"need": NEEDS, "sector": SECTORS}
_SIGNIFICANT: Final = ("decrease", "increase")
_ONLY: Final = "significant results only"
_NOT_ADVICE: Final = (
    "These are only the services that were analysed here. Too few people, not the service, may be "
    "why a result cannot tell."
)


def findings_figure(rows: Sequence[Row], dimension: str) -> Figure | None:
    """Return the findings by need or by sector (figures 1 and 2 of the pilot report)."""
    words = DIMENSIONS[dimension]
    of_rate = [row for row in rows if row["dimension"] == dimension and row["measure"] == "rate"]
    if not of_rate:
        return None
    of_rate.sort(key=lambda row: (-row["requests"], row["value"] or ""))
    groups = [
        Group(
            label=word(words, row["value"]),
            counts=tuple(row[kind] for kind, *_ in FINDINGS),
        )
        for row in of_rate
    ]
    alt = "; ".join(
        f"{group.label}: "
        + ", ".join(
            f"{count} {name.lower()}"
            for (_, name, *_), count in zip(FINDINGS, group.counts, strict=True)
            if count
        )
        for group in groups
    )
    title = f"Findings on the re-offending rate, by {dimension}"
    return Figure(
        title=title,
        picture=picture(lambda width: findings(groups, width), f"Number of services. {alt}."),
        table=table(
            title,
            [dimension.capitalize()],
            ["Services", *(name for _, name, *_ in FINDINGS)],
            [
                (group.label, str(row["requests"]), *(str(count) for count in group.counts))
                for group, row in zip(groups, of_rate, strict=True)
            ],
        ),
        note=_NOT_ADVICE,
    )


def size_figures(named: Sequence[tuple[Link, Row]], measures: Sequence[Row]) -> list[Figure]:
    """Return all results, then significant ones (figures 3 and 4), for rate and frequency."""
    figures = []
    for measure in measures:
        if measure["measure"] not in AXES:
            continue
        of_measure = [
            (link, row)
            for link, row in named
            if row["measure"] == measure["measure"]
            and has_result(row)
            and row["treated_n"] is not None
        ]
        significant = [(link, row) for link, row in of_measure if row["conclusion"] in _SIGNIFICANT]
        for kind, rows in (("all results", of_measure), (_ONLY, significant)):
            if rows:
                figures.append((kind == _ONLY, _size_figure(kind, rows, measure)))
    return [figure for _, figure in sorted(figures, key=lambda pair: pair[0])]


def _size_figure(kind: str, rows: Sequence[tuple[Link, Row]], measure: Row) -> Figure:
    code = measure["measure"]
    only = f" ({_ONLY})" if kind == _ONLY else ""
    title = f"Effect on {measure['name_in_text']} and number of people{only}"
    axis = AXES[code]
    sized = [
        SizedInterval(interval=interval_of(row, link.text), treated_n=row["treated_n"])
        for link, row in rows
    ]
    sizes = [row["treated_n"] for _, row in rows]
    alt = (
        f"{axis.title} of {count_text(len(rows), 'service', 'services')} ({kind}), with 95% "
        f"intervals, against the people in the treated group, {min(sizes):,} to {max(sizes):,}. "
        "The larger the group, the narrower the interval. The figures are in the table."
    )
    return Figure(
        title=title,
        picture=picture(lambda width: effect_by_size(sized, axis.title, axis.smallest, width), alt),
        table=table(
            title,
            ["Service", "Result"],
            ["People who received the service", "Difference (95% interval)", "p"],
            [
                (
                    link,
                    word(CONCLUSIONS, row["conclusion"]),
                    number_text(row["treated_n"]),
                    difference_text(row, measure),
                    p_text(row["p_value"], row["code"]),
                )
                for link, row in sorted(rows, key=lambda pair: -pair[1]["treated_n"])
            ],
        ),
        note="An interval that crosses the line at 0 cannot tell whether the service changes "
        "re-offending.",
    )


def meta_figures(rows: Sequence[Row], measures: Mapping[str, Row]) -> list[Figure]:
    """Return the pooled effects of services, for rate and frequency."""
    figures = []
    for code, axis in AXES.items():
        of_measure = [
            row
            for row in rows
            if row["measure"] == code and row["dimension"] in ("all", "need", "sector")
        ]
        of_measure.sort(key=lambda row: (row["dimension"], row["value"] or ""))
        if of_measure:
            figures.append(_meta_figure(measures[code], axis, of_measure))
    return figures


def _meta_figure(measure: Row, axis: Axis, rows: Sequence[Row]) -> Figure:
    decimals = measure["decimals"]
    intervals = [_pooled(row) for row in rows]
    title = f"Services taken together: {measure['name_in_text']}"
    return Figure(
        title=title,
        picture=picture(
            lambda width: forest(intervals, axis, width), interval_alt(intervals, axis)
        ),
        table=table(
            title,
            ["Services"],
            [
                *("Number", "Average difference (95% interval)", "p"),
                *("A further service may lie between", "I squared (%)", "Tau squared"),
                "p that all are alike",
            ],
            [
                (
                    _group_text(row),
                    str(row["requests_n"]),
                    f"{number_text(row['difference'], decimals, row['code'])} "
                    f"({range_text(row['lower'], row['upper'], decimals, row['code'])})",
                    p_text(row["p_value"], row["code"]),
                    range_text(
                        row["prediction_lower"],
                        row["prediction_upper"],
                        decimals,
                        row["code"] or NOT_APPLICABLE,
                    ),
                    number_text(row["i2"], 0, row["code"]),
                    number_text(row["tau2"], 2, row["code"]),
                    p_text(row["q_p_value"], row["code"]),
                )
                for row in rows
            ],
        ),
        note="Thick lines: 95% interval of the average. Dashed thin lines: where the true effect "
        "of a further service of that kind is likely to lie.",
    )


def _group_text(row: Row) -> str:
    if row["dimension"] == "all":
        return "All services"
    return f"{row['dimension'].capitalize()}: {word(DIMENSIONS[row['dimension']], row['value'])}"


def _pooled(row: Row) -> Interval:
    bounds = (row["prediction_lower"], row["prediction_upper"])
    is_shown = row["lower"] is not None
    return Interval(
        label=f"{_group_text(row)} ({row['requests_n']})",
        difference=row["difference"] if is_shown else None,
        lower=row["lower"],
        upper=row["upper"],
        conclusion=conclusion_of(row),
        note=_without_interval(row),
        outer=None if None in bounds else bounds,
    )


def _without_interval(row: Row) -> str:
    """Say why no interval is drawn: two services have none."""
    if row["difference"] is not None:
        return "two services: no interval"
    return f"not shown {code_text(row['code'] or 'x')}"
