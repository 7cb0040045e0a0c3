"""Dates as people and programs write them: the one list of forms, and the order a column shows.

What is read leaves as ISO 8601. A year of two digits keeps its two, after the hyphen that stood for
the century in ISO 8601:1988 (``-80-02-01``): which century it is, the rules of the models say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from justice_data_lab.intake.letters import plain_text

DAY_FIRST: Final = "day first"
YEAR_FIRST: Final = "year first"

_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTHS: Final = {
    "sept": 9,
    **{name[:3]: month for month, name in enumerate(_NAMES, 1)},
    **{name: month for month, name in enumerate(_NAMES, 1)},
}
_DAY: Final = r"(?P<day>\d{1,2})"
_NAME: Final = r"(?P<name>[a-z]{3,9})"
_YEAR: Final = r"(?P<year>\d{4}|\d{2})"
_LONG_YEAR: Final = r"(?P<year>\d{4})"
# 00:00:00 and T00:00:00.000Z are how programs write a day; any other time is noted
_TIME: Final = (
    r"(?:(?:t| +|, *)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?:z|utc|gmt|[+-]\d\d:?\d\d))?)?"
)


class _Form(NamedTuple):
    """A way to write a date: its pattern, which number comes first, and why it is read."""

    pattern: str
    order: str
    reason: str


FORMS: Final = (
    _Form(
        rf"{_LONG_YEAR}(?P<s>[-/.])(?P<month>\d{{1,2}})(?P=s){_DAY}",
        YEAR_FIRST,
        "2016-02-01 is ISO 8601 and what cells of a workbook are written as; with / or . it is "
        "the same to every program that puts the year first",
    ),
    _Form(
        rf"{_DAY}(?P<s>[-/.])(?P<month>\d{{1,2}})(?P=s){_YEAR}",
        DAY_FIRST,
        "01/02/2016 is the British form and the template's, and 01-02-2016 and 01.02.2016 its "
        "European ones: day first, unless its column shows otherwise",
    ),
    _Form(
        rf"{_DAY}[ ./-]{{0,2}}{_NAME}[ ,./-]{{0,2}}{_YEAR}",
        "",
        "1 Feb 2016, 01-Feb-16 (Excel's own) and 1 February 2016 have one meaning",
    ),
    _Form(rf"{_NAME}[ .]{{1,2}}{_DAY},? {_LONG_YEAR}", "", "February 1, 2016 has one meaning"),
    _Form(rf"{_LONG_YEAR}[ /-]{_NAME}[ /-]{_DAY}", "", "2016-Feb-01 has one meaning"),
)
_PATTERNS: Final = tuple(re.compile(form.pattern + _TIME, re.ASCII) for form in FORMS)


class Reading(NamedTuple):
    """A date as read; where it was not, ``text`` is what stood there.

    order: day first or year first; empty where a month's name or nothing tells. shows: what the
    numbers show of the order: ``as read`` (only this one gives a day), ``other way`` (only day and
    month exchanged do), ``either``, or empty (both the same day, or none). day and month: as
    numbers, in the order of the form. has_time: whether a time of day other than midnight stood
    with it.
    """

    text: str
    order: str = ""
    shows: str = ""
    day: int = 0
    month: int = 0
    has_time: bool = False


def read_date(text: str) -> Reading:
    """Read a date by the forms of ``FORMS``; blanks around it do not matter."""
    plain = plain_text(text).strip().lower()
    for form, pattern in zip(FORMS, _PATTERNS, strict=True):
        if found := pattern.fullmatch(plain):
            return _read(text, form, found)
    return Reading(text)


def _read(text: str, form: _Form, found: re.Match[str]) -> Reading:
    parts = found.groupdict()
    day = int(parts["day"])
    month = int(parts["month"]) if form.order else _MONTHS.get(parts["name"], 0)
    time = _seconds(parts)
    # a leap year stands for those whose century is not known
    year = int(parts["year"]) if len(parts["year"]) == 4 else 2000
    if time is None or not _is_day(year, month, day):
        is_other_way = time is not None and form.order != "" and _is_day(year, day, month)
        return Reading(text, form.order, "other way" if is_other_way else "")
    iso = f"{parts['year']}-{month:02d}-{day:02d}"
    shows = ""
    if form.order and day != month:
        shows = "either" if day <= 12 else "as read"
    written = iso if len(parts["year"]) == 4 else f"-{iso}"
    return Reading(written, form.order, shows, day, month, time > 0)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _seconds(parts: dict[str, str | None]) -> int | None:
    """Return the seconds since midnight, 0 without a time, and None where there is no such time."""
    if parts["hour"] is None:
        return 0
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if parts["half"] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"] == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second


class ColumnOfDates:
    """Reads the dates of one column, each distinct text once, and judges their order together.

    Day and month of a date may be exchanged where both are at most 12, and the column shows it:
    - some dates only make sense with the month first: more than ``TYPING_ERRORS`` of those that
      show an order (fewer are slips of single people);
    - nearly all texts with the day first have a day after the 12th, and nearly no date with the
      year first (a date of a cell is written so) has, which would be chance in fewer than
      ``BY_CHANCE`` of columns (three days of five are after the 12th). A program that puts the
      month first made dates of the texts that it could, day and month exchanged, and left the
      others as text.
    """

    TYPING_ERRORS: Final = 0.05
    NEARLY: Final = 0.9
    BY_CHANCE: Final = 0.001
    AFTER_THE_12TH: Final = 0.6
    _MOST_KEPT: Final = 100_000

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, tuple[str, str], bool]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._cell_days: set[int] = set()
        self._text_months: set[int] = set()

    def read(self, cells: Sequence[str | None]) -> tuple[list[str | None], list[int]]:
        """Return cells with the dates among them as written by ``read_date``.

        Also the positions of those with a time of day.
        """
        kept, counts = self._kept, self._counts
        written: dict[str | None, str | None] = {}
        timed: set[str | None] = set()
        for text, n in Counter(cells).items():
            if text is not None:
                date_text, shown, has_time = kept.get(text) or self._keep(text)
                written[text] = date_text
                counts[shown] += n
                if has_time:
                    timed.add(text)
        positions = [i for i, cell in enumerate(cells) if cell in timed] if timed else []
        return list(map(written.get, cells)), positions

    def _keep(self, text: str) -> tuple[str, tuple[str, str], bool]:
        """Read a date, and keep what is needed of it for the next cell with the same text."""
        reading = read_date(text)
        shown = (reading.order, reading.shows)
        if shown == (YEAR_FIRST, "either"):
            self._cell_days.add(reading.day)
        elif shown == (DAY_FIRST, "as read"):
            self._text_months.add(reading.month)
        if len(self._kept) >= self._MOST_KEPT:
            self._kept.clear()
        self._kept[text] = (reading.text, shown, reading.has_time)
        return self._kept[text]

    @property
    def has_unclear_order(self) -> bool:
        """Whether the column shows that day and month of its dates have changed places."""
        return any(map(self._is_other_way, (DAY_FIRST, YEAR_FIRST))) or self._was_made_by_program()

    @property
    def shows_no_order(self) -> bool:
        """Whether dates depend on the order of day and month, and none shows which it is."""
        shown = {shows for _, shows in self._counts}
        return "either" in shown and "as read" not in shown

    def _is_other_way(self, order: str) -> bool:
        other_n = self._counts[order, "other way"]
        return other_n > self.TYPING_ERRORS * (other_n + self._counts[order, "as read"])

    def _was_made_by_program(self) -> bool:
        texts_n = self._counts[DAY_FIRST, "as read"]
        cells_n = self._counts[YEAR_FIRST, "either"]
        is_split = (
            texts_n >= self.NEARLY * (texts_n + self._counts[DAY_FIRST, "either"])
            and cells_n >= self.NEARLY * (cells_n + self._counts[YEAR_FIRST, "as read"])
        )  # fmt: skip
        # the first day of every month is a habit; exchanged, all were in the month of that number
        is_habit = len(self._cell_days) == 1 and not self._text_months <= self._cell_days
        chance = self.AFTER_THE_12TH**texts_n * (1 - self.AFTER_THE_12TH) ** cells_n
        is_mixed = texts_n > 0 and cells_n > 0
        return is_mixed and is_split and chance < self.BY_CHANCE and not is_habit
