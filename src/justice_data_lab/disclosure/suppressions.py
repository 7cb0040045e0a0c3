"""Rows under control: which figures were suppressed, why, and the code that stands for them.

Reasons, in the order in which rules speak (the first one stays):

- ``too_few``: the group is smaller than the minimum for any figure.
- ``differencing``: the figure, less that of another analysis or release, gives a small group away.
- ``primary``: the cell itself is a small count, or a rate or mean of few people.
- ``linked``: the figure follows from a suppressed one.
- ``secondary``: suppressed so that a suppressed one cannot be found from totals.

Readers see one code (``CONFIDENTIAL``) for all of them, since "secondary" would say that a cell is
large; the reasons stay in ``restricted.main.suppressions``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pyarrow as pa

Reason = Literal["too_few", "differencing", "primary", "linked", "secondary"]
Row = dict[str, Any]

CONFIDENTIAL: Final = "c"
ROUNDS_TO_ZERO: Final = "low"
NOT_AVAILABLE: Final = "x"
NOT_APPLICABLE: Final = "z"
LOW_RELIABILITY: Final = "u"

SUPPRESSED_FIGURES: Final = "suppressed_figures"
"""Column of every controlled table: ``figure=reason``, a comma between, null where none."""


@dataclass
class ControlledRow:
    """One row on its way to publication: exact figures in, what may be seen out.

    figures: values by column, changed in place. reasons: why each suppressed figure was.
    """

    figures: Row
    reasons: dict[str, Reason] = field(default_factory=dict)

    def suppress(self, names: Iterable[str], reason: Reason) -> None:
        """Take figures out; the first reason stays, and a null figure has none to be taken."""
        for name in names:
            if self.figures.get(name) is not None:
                self.figures[name] = None
                self.reasons[name] = reason

    def finished(self, *, code: str | None = None) -> Row:
        """Return the row with its code (confidential before any other) and its suppressions."""
        listed = ",".join(f"{name}={self.reasons[name]}" for name in sorted(self.reasons))
        return {
            **self.figures,
            "code": CONFIDENTIAL if self.reasons else code,
            SUPPRESSED_FIGURES: listed or None,
        }


def rows_of(table: pa.Table, *, key: Sequence[str]) -> list[Row]:
    """Return the rows of a table sorted by their key, so that no result depends on their order."""
    rows: list[Row] = table.to_pylist()
    return sorted(rows, key=lambda row: tuple((row[name] is None, row[name]) for name in key))


def by_key(rows: Iterable[Row], *names: str) -> dict[tuple[Any, ...], Row]:
    """Return rows by their key; of rows with one key the last."""
    return {tuple(row[name] for name in names): row for row in rows}


def grouped(rows: Iterable[Row], *names: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return rows in groups of one key, in the order in which they come."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


def table_of(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table with exactly the columns of the schema."""
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in rows], schema=schema
    )


def controlled_schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    """Return a schema that ends in the code and the suppressed figures."""
    return pa.schema([*columns, ("code", pa.string()), (SUPPRESSED_FIGURES, pa.string())])
