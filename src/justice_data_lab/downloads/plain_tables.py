"""gptables' tables of plain cells, written cell by cell: the same bytes in a fifth of the time.

gptables holds the format of each cell in a frame of its own and searches every text for links and
notes. Cells here are text or numbers without either, and a column has one format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final

import numpy as np
import pandas as pd
from gptables import GPTable
from gptables.core.gptable import FormatList
from gptables.core.wrappers import GPWorkbook, GPWorksheet
from xlsxwriter import Workbook
from xlsxwriter.utility import cell_autofit_width

CODE: Final = re.compile(r"\[[\w\s]+\]")
NO_GRIDLINES: Final = 2
WIDEST: Final = 60
"""Width of the widest column, in letters; longer texts go on in further lines. Excel allows 255."""


class PlainTable(GPTable):  # type: ignore[misc]
    """A table by columns, whose cells are texts (none blank) or numbers, none of them missing."""

    def __init__(self, columns: Mapping[str, Sequence[object]], **described: Any) -> None:
        """Describe the table as a GPTable is described."""
        rows_n = len(next(iter(columns.values())))
        shape = pd.DataFrame(np.empty((rows_n, len(columns))), columns=list(columns))
        super().__init__(table=shape, index_columns={}, **described)
        self.columns = columns


class PlainWorksheet(GPWorksheet):  # type: ignore[misc]
    """A worksheet that writes plain tables cell by cell, and others as gptables does."""

    def _parse_table_urls(self, gptable: GPTable) -> None:
        if not isinstance(gptable, PlainTable):
            super()._parse_table_urls(gptable)

    def _write_table_elements(
        self, pos: list[int], gptable: GPTable, auto_width: bool
    ) -> list[int]:
        if not isinstance(gptable, PlainTable):
            end: list[int] = super()._write_table_elements(pos, gptable, auto_width)
            return end
        top = gptable.data_range[0]
        alignments = [
            "right" if place and _is_of_numbers(cells) else "left"
            for place, cells in enumerate(gptable.columns.values())
        ]
        headings, data = (
            [{**theme, "align": align} for align in alignments]
            for theme in (self.theme.column_heading_format, self.theme.data_format)
        )
        for place, (name, look) in enumerate(zip(gptable.columns, headings, strict=True)):
            self._smart_write(top, place, name, look)
        self._write_cells(top + 1, list(gptable.columns.values()), data)
        for place, (name, cells) in enumerate(gptable.columns.items()):
            self._set_width(place, cells, self._width(name, headings[place]), data[place])
        self._mark_as_table(gptable, headings)
        return [top + 1 + gptable.table.shape[0], 0]

    def _write_cells(
        self, top: int, columns: list[Sequence[object]], looks: list[dict[str, Any]]
    ) -> None:
        formats = [self._workbook.add_format(look) for look in looks]
        for row, cells in enumerate(zip(*columns, strict=True), top):
            for place, cell in enumerate(cells):
                if isinstance(cell, FormatList):
                    self._smart_write(row, place, cell, looks[place])
                else:
                    self.write(row, place, cell, formats[place])

    def _set_width(
        self, place: int, cells: Sequence[object], least: int, look: dict[str, Any]
    ) -> None:
        """Set the width of a column by its distinct texts, least (its heading's) or WIDEST."""
        texts = {self._get_cell_string(cell) for cell in cells}
        if max(map(len, texts)) > WIDEST:
            self.set_column(place, place, WIDEST)
        else:
            self.set_column_pixels(place, place, max(least, *(self._width(t, look) for t in texts)))

    def _width(self, text: str, look: dict[str, Any]) -> int:
        line = self._get_longest_line(text)
        width: int = ceil(cell_autofit_width(line) * self._get_scaling_factor(look, line))
        return width

    def _mark_as_table(self, table: PlainTable, looks: list[dict[str, Any]]) -> None:
        columns = [
            {"header": name, "header_format": self._workbook.add_format(look)}
            for name, look in zip(table.columns, looks, strict=True)
        ]
        options = {"header_row": True, "autofilter": False, "columns": columns, "style": None}
        self.add_table(*table.data_range, {**options, "name": table.table_name})


class PlainWorkbook(GPWorkbook):  # type: ignore[misc]
    """A workbook of plain tables."""

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> GPWorksheet:
        """Add a sheet without gridlines."""
        sheet = Workbook.add_worksheet(self, name, PlainWorksheet)
        sheet.theme, sheet._workbook = self.theme, self
        sheet.hide_gridlines(NO_GRIDLINES)
        return sheet


def _is_of_numbers(cells: Sequence[object]) -> bool:
    """Whether every cell is a number or a code in brackets, as gptables aligns columns."""
    return all(
        CODE.search(cell) is not None if isinstance(cell, str) else isinstance(cell, int | float)
        for cell in cells
    )
