"""Where the cells of a part are kept while its file is read: in a list, or in a file of rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

Cells = Sequence[str | None]
SEPARATOR: Final = "\x1f"
ESCAPE: Final = "\x1e"
ESCAPED: Final = {SEPARATOR: "B", "\n": "C", "\r": "D", "\0": "E", ESCAPE: "A"}
"""Characters with a meaning in a file of rows, each with the letter after ``ESCAPE`` for it.

Decoded in this order: the escape itself comes last.
"""
_WITH_MEANING: Final = re.compile("[" + "".join(ESCAPED) + "]")
_TRANSLATED: Final = {ord(character): ESCAPE + letter for character, letter in ESCAPED.items()}


class Store(Protocol):
    """Takes batches of numbered rows, column by column."""

    def add(self, numbers: Sequence[int], columns: Sequence[Cells | None]) -> int:
        """Keep a batch, of which a column may be None; return about how many bytes it takes."""
        ...


MakeStore = Callable[[Sequence[str]], Store]
"""Makes the store of a part from the names of its columns."""


class ListedRows:
    """Rows in memory: for a part that has few."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, tuple[str | None, ...]]] = []

    def add(self, numbers: Sequence[int], columns: Sequence[Cells | None]) -> int:
        """Keep a batch; see ``Store``."""
        filled = [[None] * len(numbers) if cells is None else cells for cells in columns]
        rows = list(zip(*filled, strict=True))
        self._rows += zip(numbers, rows, strict=True)
        return sum(len(cell) for row in rows for cell in row if cell)

    def rows(self) -> Iterator[tuple[int, tuple[str | None, ...]]]:
        """Yield each row's number and cells."""
        yield from self._rows


class SpooledRows:
    """Rows in a file, a line each: the number, then the cells; an empty one is null.

    A file of rows has no quotes: what has a meaning in it is written as ``ESCAPED`` says, so that
    any text comes back as it was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600)

    def add(self, numbers: Sequence[int], columns: Sequence[Cells | None]) -> int:
        """Keep a batch; see ``Store``."""
        filled = [[""] * len(numbers) if cells is None else _escaped(cells) for cells in columns]
        lines = map(SEPARATOR.join, zip(map(str, numbers), *filled, strict=True))
        text = "\n".join([*lines, ""])
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
        return len(text)


def _escaped(cells: Cells) -> list[str]:
    texts = [cell or "" for cell in cells]
    if _WITH_MEANING.search("".join(texts)):
        return [text.translate(_TRANSLATED) for text in texts]
    return texts
