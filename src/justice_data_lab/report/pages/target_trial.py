"""The target trial card: the trial that an analysis stands in for, and what departs from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from justice_data_lab.report.pages.parts import Table, table
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import said

PROTOCOL: Final = "6"
NOTHING: Final = "Nothing"


def target_trial_tables(rows: Sequence[Row]) -> tuple[Table, ...]:
    """Return the parts of the protocol, and the other items of the statement."""
    ordered = sorted(rows, key=lambda row: row["item_order"])
    protocol = [row for row in ordered if row["item"].startswith(PROTOCOL)]
    others = [row for row in ordered if not row["item"].startswith(PROTOCOL)]
    if not protocol:
        return ()
    return (
        _card(
            "The trial, and what was done in its place",
            ("Part", "The trial", "What was done", "What departs"),
            protocol,
        ),
        _card(
            "The other items of the TARGET statement",
            ("Item", "What to report", "Of this request", "What is missing"),
            others,
        ),
    )


def _card(caption: str, labels: Sequence[str], rows: Sequence[Row]) -> Table:
    return table(
        caption,
        labels,
        [],
        [
            (
                f"{row['item']}. {said(row['component'])}",
                said(row["target"]),
                said(row["emulation"]),
                said(row["departure"]) or NOTHING,
            )
            for row in rows
        ],
    )
