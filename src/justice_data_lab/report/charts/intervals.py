"""Differences with their 95% intervals, one row each, about a line of no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.report.charts import svg
from justice_data_lab.report.charts.picture import Drawing
from justice_data_lab.report.charts.scales import Scale, linear, signed

MARKS: Final = {"decrease": "disc", "increase": "square"}
COLOURS: Final = {"decrease": svg.BLUE, "increase": svg.PLUM}
LABEL_SHARE: Final = 0.36
EDGE: Final = 16
AXIS_HEIGHT: Final = 76
TOP: Final = 8
LEADING: Final = 15
MOST_LINES: Final = 6


@dataclass(frozen=True)
class Interval:
    """One row: a name, a difference with its interval, and what was concluded.

    note: what is written beside the name, or in place of the interval where there is none.
    outer: bounds of a prediction interval, drawn as a thin line.
    """

    label: str
    difference: float | None
    lower: float | None
    upper: float | None
    conclusion: str = "inconclusive"
    note: str = ""
    outer: tuple[float, float] | None = None

    def values(self) -> list[float]:
        """Return the values that the scale must hold."""
        known = [self.difference, self.lower, self.upper, *(self.outer or ())]
        return [value for value in known if value is not None]


@dataclass(frozen=True)
class Axis:
    """What the scale shows: its title, and the words for its two directions."""

    title: str
    left: str
    right: str
    smallest: float = 1


def forest(rows: Sequence[Interval], axis: Axis, width: int) -> Drawing:
    """Draw rows of intervals with a common scale below them."""
    is_wide = width >= 500
    left = width * LABEL_SHARE if is_wide else EDGE
    room = left - 8 if is_wide else width - 8
    labels = [svg.wrapped(row.label, room, MOST_LINES, 13) for row in rows]
    heights = [
        max(34, LEADING * len(lines) + 8) if is_wide else LEADING * len(lines) + 34
        for lines in labels
    ]
    bottom = TOP + sum(heights)
    scale = _scale(rows, axis, left + EDGE * is_wide, width - EDGE)
    sheet = svg.Sheet(width, bottom + AXIS_HEIGHT)
    y = TOP
    for row, lines, height in zip(rows, labels, heights, strict=True):
        # no line of the grid runs through words
        start = y if is_wide else y + LEADING * len(lines) + 6
        draw_grid(sheet, scale, top=start, bottom=y + height)
        first = y + (height - LEADING * len(lines)) / 2 + 11 if is_wide else y + 15
        for number, line in enumerate(lines):
            sheet.text(4, first + LEADING * number, line, size=13)
        draw_interval(sheet, scale, row, y + height / 2 if is_wide else start + 14)
        y += height
    draw_axis(sheet, scale, axis, bottom)
    return Drawing(sheet.svg(), width, bottom + AXIS_HEIGHT)


def strip(row: Interval, every: Sequence[Interval], axis: Axis, width: int) -> Drawing:
    """Draw one row alone, on the scale of all rows."""
    height = 40
    sheet = svg.Sheet(width, height)
    scale = _scale(every, axis, EDGE, width - EDGE)
    draw_grid(sheet, scale, top=0, bottom=height)
    draw_interval(sheet, scale, row, height / 2)
    return Drawing(sheet.svg(), width, height)


def strip_axis(every: Sequence[Interval], axis: Axis, width: int) -> Drawing:
    """Draw the scale that belongs to strips."""
    sheet = svg.Sheet(width, 58)
    draw_axis(sheet, _scale(every, axis, EDGE, width - EDGE), axis, 2)
    return Drawing(sheet.svg(), width, 58)


def _scale(rows: Sequence[Interval], axis: Axis, start: float, end: float) -> Scale:
    values = [value for row in rows for value in row.values()] or [-1.0, 1.0]
    both = [*values, -0.25 * max(values), -0.25 * min(values)]
    return linear(both, start, end, most_ticks=8, smallest=axis.smallest)


def draw_grid(sheet: svg.Sheet, scale: Scale, *, top: float, bottom: float) -> None:
    """Draw a thin line at each tick and a strong one at no difference."""
    for tick in scale.ticks:
        x = scale(tick)
        is_none = tick == 0
        sheet.line((x, top), (x, bottom), svg.INK if is_none else svg.GRID, 2 if is_none else 1)


def draw_interval(sheet: svg.Sheet, scale: Scale, row: Interval, y: float) -> None:
    """Draw a difference with its interval; a row without one says why."""
    if row.difference is None or row.lower is None or row.upper is None:
        sheet.text(scale(0) + 8, y + 5, row.note, fill=svg.QUIET)
        return
    colour = COLOURS.get(row.conclusion, svg.QUIET)
    if row.outer:
        sheet.line((scale(row.outer[0]), y), (scale(row.outer[1]), y), colour, 1, is_dashed=True)
    start, end = scale(row.lower), scale(row.upper)
    sheet.line((start, y), (end, y), colour, 4)
    for x in (start, end):
        sheet.line((x, y - 6), (x, y + 6), colour, 2)
    sheet.mark(scale(row.difference), y, MARKS.get(row.conclusion, "ring"))


def draw_axis(sheet: svg.Sheet, scale: Scale, axis: Axis, y: float) -> None:
    """Write ticks, the words of both directions, and the title of the scale."""
    sheet.line((scale.start, y), (scale.end, y), svg.QUIET)
    for tick in scale.ticks:
        sheet.line((scale(tick), y), (scale(tick), y + 5), svg.QUIET)
        sheet.text(scale(tick), y + 19, signed(tick), anchor="middle", size=13)
    sheet.text(scale.start, y + 36, f"\N{LEFTWARDS ARROW} {axis.left}", fill=svg.BLUE, size=13)
    sheet.text(
        *(scale.end, y + 36, f"{axis.right} \N{RIGHTWARDS ARROW}"),
        anchor="end",
        fill=svg.PLUM,
        size=13,
    )
    middle = (scale.start + scale.end) / 2
    room = 2 * min(middle, sheet.width - middle)
    for place, line in enumerate(svg.wrapped(axis.title, room, 2, 13)):
        sheet.text(middle, y + 53 + 15 * place, line, anchor="middle", fill=svg.QUIET, size=13)
