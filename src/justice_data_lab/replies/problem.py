"""A check that failed, as an entry of a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from justice_data_lab.replies.queries import MOST_RANGES
from justice_data_lab.replies.wording import numbers_text, range_texts


@dataclass(frozen=True)
class Problem:
    """A check that failed.

    level: file, request or record. severity: error or warning. is_stopping: whether it alone keeps
    the request from being analysed. fields: columns or questions concerned. text: what is wrong
    and what to do; details: the same of single places, where there are several. counted_n,
    limit_n, by_n: what was counted, how many are needed or allowed, and the gap; null without a
    number. records_n: records concerned; ranges: their numbers, both ends included, in order, at
    most 200 ranges; more_n: records concerned that the ranges leave out. people: the records of
    each person who is listed more than once, at most 200 people. covers: the checks that failed
    because of this one.
    """

    check_id: str
    level: str
    severity: str
    is_stopping: bool
    fields: tuple[str, ...]
    text: str
    details: tuple[str, ...] = ()
    counted_n: int | None = None
    limit_n: int | None = None
    by_n: int | None = None
    records_n: int = 0
    ranges: tuple[tuple[int, int], ...] = ()
    more_n: int = 0
    people: tuple[tuple[int, ...], ...] = ()
    covers: tuple[str, ...] = ()

    @property
    def numbers(self) -> str:
        """What the check counted, in words; empty where it counts nothing."""
        return numbers_text(self.check_id, self.counted_n, self.limit_n, self.by_n)

    def where(self, header_row: int | None = None, most: int = MOST_RANGES) -> str:
        """Say in which rows, as in "row 9" or "rows 2-6, 10 and 12 more".

        header_row: where the header stands in the sheet, whose numbers the rows then have; null:
        records are numbered by their place under it.
        """
        word, first = ("record", 0) if header_row is None else ("row", header_row)
        if self.people:
            return _people_text(self.people, self.records_n, most, f"{word}s", first)
        shown = self.ranges[:most]
        more_n = self.records_n - sum(last - start + 1 for start, last in shown)
        listed = ", ".join(range_texts((a + first, b + first) for a, b in shown))
        word = word if self.records_n == 1 else f"{word}s"
        return f"{word} {listed} and {more_n:,} more" if more_n else f"{word} {listed}"


def _people_text(
    people: Sequence[Sequence[int]], records_n: int, most: int, word: str, first: int
) -> str:
    """Write the rows of each person together: "rows 5 and 9; 12, 14 and 30; and 4 more rows"."""
    shown = people[:most]
    listed = [_and([f"{number + first}" for number in numbers]) for numbers in shown]
    more_n = records_n - sum(map(len, shown))
    more = [f"and {more_n:,} more {word}"] if more_n else []
    return f"{word} " + "; ".join([*listed, *more])


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), *parts[-1:]]) if len(parts) > 1 else parts[0]
