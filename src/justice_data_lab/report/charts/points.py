"""Points in the plane: effect against group size (figures 3 and 4), survival, balance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from justice_data_lab.report.charts import svg
from justice_data_lab.report.charts.intervals import COLOURS, MARKS, Interval
from justice_data_lab.report.charts.picture import Drawing
from justice_data_lab.report.charts.scales import Scale, linear, logarithmic, signed

MONTHS: Final = 12


@dataclass(frozen=True)
class SizedInterval:
    """An effect with its interval, and the number of treated people it is of."""

    interval: Interval
    treated_n: int


@dataclass(frozen=True)
class Curve:
    """One arm of a survival curve: (month, percent, lower, upper) where shown."""

    label: str
    points: tuple[tuple[int, float, float, float], ...]


@dataclass(frozen=True)
class Balance:
    """Standardised differences of one characteristic, percent, before and after matching."""

    label: str
    before: float | None
    after: float | None


def effect_by_size(
    rows: Sequence[SizedInterval], title: str, smallest: float, width: int
) -> Drawing:
    """Draw each effect with its interval over the size of its treated group."""
    height = 420 if width >= 500 else 360
    left, bottom = 56.0, height - 56.0
    across = logarithmic([row.treated_n for row in rows], left + 14, width - 22)
    values = [value for row in rows for value in row.interval.values()]
    down = linear(values or [-1, 1], bottom, 42, smallest=smallest)
    sheet = svg.Sheet(width, height)
    for line, text in enumerate(svg.wrapped(title, width - 10, 2, 13)):
        sheet.text(4, 15 + 15 * line, text, fill=svg.QUIET, size=13)
    for tick in down.ticks:
        y = down(tick)
        is_none = tick == 0
        colour = svg.INK if is_none else svg.GRID
        sheet.line((left, y), (width - 8, y), colour, 2 if is_none else 1)
        sheet.text(left - 6, y + 5, signed(tick), anchor="end", size=13)
    _size_axis(sheet, across, bottom, height)
    for row, shift in _side_by_side(rows):
        _upright(sheet, across(row.treated_n) + shift, down, row.interval)
    return Drawing(sheet.svg(), width, height)


def _side_by_side(rows: Sequence[SizedInterval]) -> Iterator[tuple[SizedInterval, float]]:
    """Yield each row with its shift, so that groups of one size do not hide each other."""
    ordered = sorted(rows, key=lambda row: row.treated_n)
    for _, same in groupby(ordered, key=lambda row: row.treated_n):
        of_size = list(same)
        for place, row in enumerate(of_size):
            yield row, 9.0 * (place - (len(of_size) - 1) / 2)


def _size_axis(sheet: svg.Sheet, across: Scale, bottom: float, height: float) -> None:
    for tick in across.ticks:
        sheet.line((across(tick), bottom), (across(tick), bottom + 5), svg.QUIET)
        sheet.text(across(tick), bottom + 20, f"{tick:,.0f}", anchor="middle", size=13)
    sheet.text(
        *((across.start + across.end) / 2, height - 12, "People in the treated group"),
        anchor="middle",
        fill=svg.QUIET,
        size=13,
    )


def _upright(sheet: svg.Sheet, x: float, down: Scale, row: Interval) -> None:
    if row.difference is None or row.lower is None or row.upper is None:
        return
    colour = COLOURS.get(row.conclusion, svg.QUIET)
    sheet.line((x, down(row.lower)), (x, down(row.upper)), colour, 2)
    for value in (row.lower, row.upper):
        sheet.line((x - 4, down(value)), (x + 4, down(value)), colour, 2)
    sheet.mark(x, down(row.difference), MARKS.get(row.conclusion, "ring"), 5)


def survival(curves: Sequence[Curve], width: int) -> Drawing:
    """Draw the share who have not re-offended by month, with bands, for both arms."""
    height = 400
    left, bottom, right = 48.0, height - 52.0, width - 12.0
    values = [value for curve in curves for *_, low, high in curve.points for value in (low, high)]
    lowest = max(0.0, 10 * (min(values, default=0.0) // 10) - 10)
    across = Scale(0, MONTHS, left, right, tuple(range(0, MONTHS + 1, 2)))
    steps = tuple(float(tick) for tick in range(int(lowest), 101, 10))
    down = Scale(lowest, 100, bottom, 72, steps)
    sheet = svg.Sheet(width, height)
    sheet.text(4, 16, "People who have not re-offended (%)", fill=svg.QUIET, size=13)
    for tick in down.ticks:
        sheet.line((left, down(tick)), (right, down(tick)), svg.GRID)
        sheet.text(left - 6, down(tick) + 5, f"{tick:g}", anchor="end", size=13)
    for tick in across.ticks:
        sheet.text(across(tick), bottom + 19, f"{tick:g}", anchor="middle", size=13)
    sheet.text(
        *((left + right) / 2, height - 12, "Months since sentence or release"),
        anchor="middle",
        fill=svg.QUIET,
        size=13,
    )
    for place, curve in enumerate(curves):
        _curve(sheet, curve, across, down, is_second=bool(place))
    return Drawing(sheet.svg(), width, height)


def _curve(sheet: svg.Sheet, curve: Curve, across: Scale, down: Scale, *, is_second: bool) -> None:
    colour = svg.ORANGE if is_second else svg.BLUE
    upper = [(across(month), down(high)) for month, _, _, high in curve.points]
    lower = [(across(month), down(low)) for month, _, low, _ in curve.points]
    middle = [(across(month), down(percent)) for month, percent, _, _ in curve.points]
    sheet.polygon([*upper, *reversed(lower)], colour, 0.15)
    sheet.polyline(middle, colour, 2.5, is_dashed=is_second)
    y = 34 + 18 * is_second
    sheet.polyline([(4, y), (34, y)], colour, 3, is_dashed=is_second)
    sheet.text(40, y + 5, curve.label, size=13)


def love(rows: Sequence[Balance], width: int) -> Drawing:
    """Draw standardised differences before (rings) and after matching (diamonds)."""
    is_wide = width >= 500
    left, height = (width * 0.46, 24) if is_wide else (4.0, 44)
    top = 34
    bottom = top + height * len(rows)
    shown = [value for row in rows for value in (row.before, row.after) if value is not None]
    both = [*shown, 12.0, -12.0]
    scale = linear(both, left + 10, width - 14, smallest=5, most_ticks=8 if is_wide else 5)
    sheet = svg.Sheet(width, bottom + 50)
    sheet.mark(12, 14, "orange_ring", 5)
    sheet.text(24, 19, "before matching")
    sheet.mark(154, 14, "diamond")
    sheet.text(166, 19, "after")
    sheet.rect(scale(-10), top, scale(10) - scale(-10), bottom - top, "#f2f2f2")
    for place, row in enumerate(rows):
        y = top + place * height
        if not is_wide:  # nothing runs through words
            sheet.rect(0, y, width, 22, svg.PAPER)
        for tick in (*scale.ticks, -5.0, 5.0):
            colour = svg.INK if tick == 0 else svg.GRID
            sheet.line((scale(tick), y + 22 * (not is_wide)), (scale(tick), y + height), colour)
        sheet.text(4, y + 17, svg.cut(row.label, left - 8 if is_wide else width - 8, 13), size=13)
        y += 12 if is_wide else 32
        if row.before is not None:
            sheet.mark(scale(row.before), y, "orange_ring", 5)
        if row.after is not None:
            sheet.mark(scale(row.after), y, "diamond")
    for tick in scale.ticks:
        sheet.text(scale(tick), bottom + 18, signed(tick), anchor="middle", size=13)
    sheet.text(
        *((scale.start + scale.end) / 2, bottom + 38, "Standardised difference (%)"),
        anchor="middle",
        fill=svg.QUIET,
        size=13,
    )
    return Drawing(sheet.svg(), width, bottom + 50)
