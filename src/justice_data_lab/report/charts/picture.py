"""A chart as a page shows it: one drawing for wide screens, one for narrow ones, and its words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WIDE: Final = 720
NARROW: Final = 300


@dataclass(frozen=True)
class Picture:
    """Two drawings of one chart as data addresses, their sizes, and the text alternative."""

    wide: str
    wide_size: tuple[int, int]
    narrow: str
    narrow_size: tuple[int, int]
    alt: str


@dataclass(frozen=True)
class Drawing:
    """An SVG and its size in pixels."""

    svg: str
    width: int
    height: int


def picture(draw: Callable[[int], Drawing], alt: str, *, wide: int = WIDE) -> Picture:
    """Draw a chart at both widths. The page is whole in itself: nothing is loaded."""
    large, small = draw(wide), draw(NARROW)
    return Picture(
        wide=_address(large.svg),
        wide_size=(large.width, large.height),
        narrow=_address(small.svg),
        narrow_size=(small.width, small.height),
        alt=alt,
    )


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode('utf-8')).decode('ascii')}"
