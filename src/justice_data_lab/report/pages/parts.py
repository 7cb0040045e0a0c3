"""The parts that pages are laid out from: tables, figures, tags and banners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import escape

from justice_data_lab.report.charts.intervals import Axis
from justice_data_lab.report.charts.picture import Picture

_CODE: Final = re.compile(r"\[([a-z]{1,3})\]")
DRAFT: Final = "Draft, not for publication: it may still change, and must not be quoted."
EXACT: Final = "Synthetic sample: exact small numbers are shown."
EXACT_REAL: Final = (
    "Disclosure control is switched off: exact small numbers are shown. Do not hand this on."
)
RATE_AXIS: Final = Axis(
    title="Difference in the re-offending rate (percentage points)",
    left="lower",
    right="higher",
)
FREQUENCY_AXIS: Final = Axis(
    title="Difference in re-offences per person",
    left="fewer",
    right="more",
    smallest=0.1,
)
AXES: Final = {"rate": RATE_AXIS, "frequency": FREQUENCY_AXIS}
SHORT_AXES: Final = {
    "rate": Axis("percentage points", "lower", "higher"),
    "frequency": Axis("re-offences per person", "fewer", "more", 0.1),
}


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    text: str
    href: str


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers stand to the right."""

    label: str
    is_number: bool = True


Cell = str | Link


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first cell of each row is the row's header."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that stand in place of numbers of this table, each once."""
        texts = (cell for row in self.rows for cell in row if isinstance(cell, str))
        return tuple(dict.fromkeys(code for text in texts for code in _CODE.findall(text)))


@dataclass(frozen=True)
class Figure:
    """A chart with its title, what to see in it, and its data as a table."""

    title: str
    picture: Picture
    table: Table | None
    note: str = ""


@dataclass(frozen=True)
class Term:
    """A name with what it means or holds."""

    name: str
    text: str


def table(
    caption: str, texts: Sequence[str], numbers: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Table:
    """Return a table whose first columns are texts and the rest numbers."""
    columns = (
        *(Column(label, is_number=False) for label in texts),
        *(Column(label) for label in numbers),
    )
    return Table(caption=caption, columns=columns, rows=tuple(tuple(row) for row in rows))


def unique_title(name: str, request_id: str, longest: int = 70) -> str:
    """Return a title that is unique by its id and holds as much of the name as fits."""
    room = longest - len(request_id) - 3
    if room < len("a service"):
        return request_id
    kept, letters = name, len(name)
    while len(escape(kept)) > room:  # as it is written
        letters -= 1
        kept = f"{name[:letters].rstrip()}…"
    return f"{kept} ({request_id})"
