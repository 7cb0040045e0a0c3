"""What the method finds for groups that had no service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from justice_data_lab.report.pages.parts import Table, table
from justice_data_lab.report.tables import Row
from justice_data_lab.report.wording import number_text, range_text, said


def placebo_sentences(row: Row) -> Iterator[str]:
    """Say what the method finds where nobody had a service; of the rate alone."""
    if row["measure"] != "rate" or row["difference"] is None:
        return
    difference, error = row["difference"], row["difference_error"]
    yield (
        f"{row['cohorts_n']:,} groups of people like these, none of whom received the service, "
        "were compared in the same way. On average the method found a difference of "
        f"{number_text(difference, 1)} percentage points (standard error {number_text(error, 1)}) "
        f"where there is none, and called {number_text(row['significant_percent'], 1)}% of them "
        "more than chance; 5% is what chance allows."
    )


def placebo_table(rows: Sequence[Row], measures: Mapping[str, Row]) -> Table:
    """Return both measures of the placebo as a table."""
    return table(
        "Groups like these without the service (placebo)",
        ["Measure"],
        ["Groups", "Mean difference (standard error)", "More than chance (%; 95% interval)"],
        [
            (
                said(measures[row["measure"]]["name"]),
                number_text(row["cohorts_n"]),
                _with_error(row, measures[row["measure"]]["decimals"] + 1),
                _share(row),
            )
            for row in rows
        ],
    )


def _with_error(row: Row, decimals: int) -> str:
    value = number_text(row["difference"], decimals, row["code"])
    if row["difference"] is None:
        return value
    return f"{value} ({number_text(row['difference_error'], decimals)})"


def _share(row: Row) -> str:
    value = number_text(row["significant_percent"], 1, row["code"])
    if row["significant_percent"] is None:
        return value
    return f"{value} ({range_text(row['significant_lower'], row['significant_upper'], 1)})"
