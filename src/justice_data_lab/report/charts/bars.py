"""Bars: findings by group (figures 1 and 2), the waterfall, and a hundred people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from justice_data_lab.report.charts import svg
from justice_data_lab.report.charts.picture import Drawing
from justice_data_lab.report.charts.scales import MINUS

# kind, word, fill, colour of the text on it
FINDINGS: Final = (
    ("decreases", "Lower", svg.BLUE, svg.PAPER),
    ("inconclusive", "Cannot tell", svg.GREY, svg.INK),
    ("increases", "Higher", svg.PLUM, svg.PAPER),
    ("withheld", "No result", svg.PAPER, svg.INK),
    ("not_reliable", "Not reliable", svg.ORANGE, svg.INK),
)


@dataclass(frozen=True)
class Group:
    """The findings of one group: its name and a count for each kind of FINDINGS."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """A step of the waterfall: its words, how many left and how many remain.

    Null: not shown, ``code`` says why.
    """

    label: str
    removed: int | None
    remaining: int | None
    code: str = ""


def findings(groups: Sequence[Group], width: int) -> Drawing:
    """Draw stacked bars of counts; each part holds its number, the key names the parts."""
    is_wide = width >= 500
    left, height = (width * 0.28, 38) if is_wide else (4.0, 60)
    key_height = 30 if is_wide else 74
    total = max([sum(group.counts) for group in groups], default=1) or 1
    scale = (width - left - 12) / total
    bottom = key_height + height * len(groups)
    sheet = svg.Sheet(width, bottom + 8)
    _findings_key(sheet, is_wide=is_wide)
    for place, group in enumerate(groups):
        y = key_height + place * height
        label_y = y + 24 if is_wide else y + 20
        sheet.text(4, label_y, svg.cut(group.label, left - 10 if is_wide else width - 8))
        x = left
        for (_, _, fill, ink), count in zip(FINDINGS, group.counts, strict=True):
            if count:
                bar_y = y + (4 if is_wide else 27)
                sheet.rect(x, bar_y, count * scale, 28, fill, stroke=svg.INK)
                sheet.text(
                    *(x + count * scale / 2, bar_y + 19, str(count)), anchor="middle", fill=ink
                )
                x += count * scale
    return Drawing(sheet.svg(), width, bottom + 8)


def _findings_key(sheet: svg.Sheet, *, is_wide: bool) -> None:
    for place, (_, word, fill, _) in enumerate(FINDINGS):
        x = 4 + 142 * place if is_wide else 4 + 145 * (place % 2)
        y = 6.0 if is_wide else 6.0 + 22 * (place // 2)
        sheet.rect(x, y, 16, 16, fill, stroke=svg.INK)
        sheet.text(x + 22, y + 13, word)


def waterfall(steps: Sequence[Step], width: int) -> Drawing:
    """Draw who remains after each step (solid) and who left at it (hatched)."""
    is_wide = width >= 500
    left, height = (width * 0.46, 40) if is_wide else (4.0, 66)
    total = max([step.remaining or 0 for step in steps], default=1) or 1
    room = width - left - 116
    sheet = svg.Sheet(width, height * len(steps) + 44)
    sheet.rect(4, 8, 16, 16, svg.BLUE)
    sheet.text(26, 21, "still included")
    sheet.rect(134, 8, 16, 16, "hatch", stroke=svg.INK)
    sheet.text(156, 21, "left out at this step")
    for place, step in enumerate(steps):
        y = 36 + place * height
        _waterfall_label(sheet, step, y, left=left, width=width, is_wide=is_wide)
        bar_y = y + (8 if is_wide else 36)
        if step.removed is None or step.remaining is None:
            sheet.text(left, bar_y + 17, step.code, fill=svg.QUIET)
            continue
        kept = room * step.remaining / total
        gone = room * step.removed / total
        sheet.rect(left, bar_y, kept, 24, svg.BLUE)
        if step.removed:
            sheet.rect(left + kept, bar_y, max(gone, 2), 24, "hatch", stroke=svg.INK)
        words = f"{step.remaining:,}"
        words += f" ({MINUS}{step.removed:,})" if step.removed else ""
        sheet.text(left + kept + gone + 7, bar_y + 17, words, is_bold=not step.removed)
    return Drawing(sheet.svg(), width, height * len(steps) + 44)


def _waterfall_label(
    sheet: svg.Sheet, step: Step, y: float, *, left: float, width: int, is_wide: bool
) -> None:
    lines = svg.wrapped(step.label, (left if is_wide else width) - 12, 2, 13)
    first = y + (25 if len(lines) == 1 and is_wide else 16)
    for place, line in enumerate(lines):
        sheet.text(4, first + 15 * place, line, size=13)


def hundred_people(groups: Sequence[tuple[str, int]], width: int) -> Drawing:
    """Draw a hundred people a group; those who re-offended are filled squares, the rest rings."""
    is_wide = width >= 500
    step = 20.0 if is_wide else 24.0
    block_height = 48 + 10 * step
    sheet = svg.Sheet(width, block_height if is_wide else block_height * len(groups))
    for place, (label, count) in enumerate(groups):
        x = (place * width / 2 if is_wide else 0) + 14
        y = 0 if is_wide else place * block_height
        sheet.text(x, y + 20, f"{label}: {count} of 100", is_bold=True)
        for person in range(100):
            centre = (x + step * (person % 10) + 9, y + 42 + step * (person // 10))
            if person < count:
                sheet.rect(centre[0] - 8, centre[1] - 8, 16, 16, svg.BLUE)
            else:
                sheet.rect(centre[0] - 7, centre[1] - 7, 14, 14, svg.PAPER, stroke=svg.GREY)
    return Drawing(sheet.svg(), width, round(sheet.height))
