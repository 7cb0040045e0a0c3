"""A sheet to draw on: rectangles, lines, marks and text, written as one SVG.

Coordinates are pixels from the top left. Every text is escaped. The same calls give the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

FONT = "Arial, Helvetica, sans-serif"
SIZE = 14

# Analysis Function colours
INK = "#0b0c0c"
QUIET = "#3d3d3d"
GRID = "#d9d9d9"
BLUE = "#12436D"
ORANGE = "#F46A25"
PLUM = "#801650"
GREY = "#BFBFBF"
PAPER = "#ffffff"

_NARROW = frozenset("iljtfrI.,:;'|!()[] -/")
_WIDE = frozenset("mwMW@%")


def text_width(text: str, size: float = SIZE) -> float:
    """Estimate the width of a text in pixels; rather too wide than too narrow."""
    return size * sum(_character_width(character) for character in text)


def _character_width(character: str) -> float:
    if character in _NARROW:
        return 0.4
    if character in _WIDE:
        return 0.98
    if character.isascii():
        return 0.74 if character.isupper() else 0.63
    return 1.05 if unicodedata.east_asian_width(character) in "WF" else 0.75


def cut(text: str, room: float, size: float = SIZE) -> str:
    """Return the text, or as much of it as fits into ``room`` pixels with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    left = room - text_width("…", size)
    kept = 0
    for character in text:
        left -= size * _character_width(character)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def wrapped(text: str, room: float, lines: int, size: float = SIZE) -> list[str]:
    """Break the text between words into at most ``lines`` lines; the last is cut if needed."""
    words = text.split()
    found: list[str] = []
    while words and len(found) < lines - 1:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size) <= room:
            line += f" {words.pop(0)}"
        found.append(cut(line, room, size))
    if words:
        found.append(cut(" ".join(words), room, size))
    return found


def number(value: float) -> str:
    """Write a coordinate: one decimal, none where it is nought, and never -0."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


class Sheet:
    """A white card of a given size; ``svg()`` returns what was drawn on it."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []
        self._has_hatch = False

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        stroke: str | None = None,
        opacity: float = 1,
    ) -> None:
        """Draw a rectangle; ``fill`` may be "hatch"."""
        extra = f' stroke="{stroke}"' if stroke else ""
        extra += f' fill-opacity="{opacity}"' if opacity != 1 else ""
        self._has_hatch |= fill == "hatch"
        paint = "url(#hatch)" if fill == "hatch" else fill
        self._parts.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" '
            f'height="{number(height)}" fill="{paint}"{extra}/>'
        )

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        stroke: str = QUIET,
        width: float = 1,
        *,
        is_dashed: bool = False,
    ) -> None:
        """Draw a straight line."""
        dashes = ' stroke-dasharray="5 4"' if is_dashed else ""
        self._parts.append(
            f'<path d="M{number(start[0])} {number(start[1])}L{number(end[0])} '
            f'{number(end[1])}" stroke="{stroke}" stroke-width="{number(width)}"{dashes}/>'
        )

    def polyline(
        self,
        points: Sequence[tuple[float, float]],
        stroke: str,
        width: float = 2,
        *,
        is_dashed: bool = False,
    ) -> None:
        """Draw a line through points."""
        dashes = ' stroke-dasharray="7 4"' if is_dashed else ""
        self._parts.append(
            f'<path d="M{_path(points)}" fill="none" stroke="{stroke}" '
            f'stroke-width="{number(width)}"{dashes}/>'
        )

    def polygon(self, points: Sequence[tuple[float, float]], fill: str, opacity: float = 1) -> None:
        """Fill the area inside points."""
        self._parts.append(f'<path d="M{_path(points)}Z" fill="{fill}" fill-opacity="{opacity}"/>')

    def mark(self, x: float, y: float, kind: str, size: float = 6) -> None:
        """Draw a point: disc, ring, square or diamond, each in its colour."""
        if kind == "square":
            self.rect(x - size, y - size, 2 * size, 2 * size, PLUM)
        elif kind == "diamond":
            points = ((x - size, y), (x, y - size), (x + size, y), (x, y + size))
            self.polygon(points, BLUE)
        else:
            look = (
                f'fill="{BLUE}"'
                if kind == "disc"
                else (
                    f'fill="{PAPER}" stroke="{ORANGE if kind == "orange_ring" else QUIET}" '
                    'stroke-width="2.5"'
                )
            )
            self._parts.append(
                f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}" {look}/>'
            )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        fill: str = INK,
        size: float = SIZE,
        is_bold: bool = False,
    ) -> None:
        """Write a text whose base line is at ``y``."""
        extra = f" text-anchor={quoteattr(anchor)}" if anchor != "start" else ""
        extra += ' font-weight="bold"' if is_bold else ""
        extra += f' font-size="{number(size)}"' if size != SIZE else ""
        self._parts.append(
            f'<text x="{number(x)}" y="{number(y)}" fill="{fill}"{extra}>{escape(text)}</text>'
        )

    def lines(self, x: float, y: float, texts: Iterable[str], *, leading: float = 17) -> None:
        """Write texts below each other."""
        for place, text in enumerate(texts):
            self.text(x, y + place * leading, text)

    def svg(self) -> str:
        """Return the drawing."""
        hatch = (
            '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{PAPER}"/>'
            f'<path d="M0 0V6" stroke="{QUIET}" stroke-width="3"/></pattern></defs>'
        )
        size = f"{number(self.width)} {number(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{number(self.width)}" height="{number(self.height)}" '
            f'font-family="{FONT}" font-size="{SIZE}">'
            f"{hatch if self._has_hatch else ''}"
            f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(self._parts)}</svg>'
        )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{number(x)} {number(y)}" for x, y in points)
