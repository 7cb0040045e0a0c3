"""The headline row of each request as a table for the terminal."""

from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from justice_data_lab.build.databases import open_build

HEADLINES = """
    select
        requests.request_id,
        requests.submitted_n,
        outcomes.treated_n,
        outcomes.treated_value,
        outcomes.control_value,
        outcomes.difference,
        outcomes.difference_lower,
        outcomes.difference_upper,
        coalesce(outcomes.conclusion, requests.status_reason, requests.status) as result
    from {database}.requests
    left join {database}.outcomes
        on
            requests.request_id = outcomes.request_id
            and outcomes.analysis_id = 'headline'
            and outcomes.measure = 'rate'
    order by requests.request_id
"""


def read_summary(build: Path, *, is_published: bool = True) -> list[dict[str, Any]]:
    """Return the headline rate of each request, a mapping a request, in order.

    is_published: as published; else as the last run made it, which no test need have looked at.
    Figures are percent and percentage points, null where nothing is shown. Raises DatabaseError
    where there are none in the folder.
    """
    database = "published" if is_published else "published_work"
    with open_build(build, database) as connection:
        query = HEADLINES.format(database=database)
        rows: list[dict[str, Any]] = connection.sql(query).to_arrow_table().to_pylist()
    return rows


def print_summary(rows: list[dict[str, Any]], build: Path, console: Console) -> None:
    """Print the headline rate of each request, and where the databases of the build are."""
    table = Table(
        title="One-year proven re-offending: people who got the service, and similar people",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("request", overflow="fold")
    for heading in ("analysed", "treated", "control", "points (95%)"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("result", overflow="fold")
    for row in rows:
        table.add_row(
            row["request_id"],
            _of(row["treated_n"], row["submitted_n"]),
            _percent(row["treated_value"]),
            _percent(row["control_value"]),
            _difference(row["difference"], row["difference_lower"], row["difference_upper"]),
            row["result"],
        )
    console.print(table)
    for name, audience in (
        ("published", "aggregates"),
        ("analysis", "analysts: pseudonymised people"),
        ("restricted", "data engineers: identifiable people"),
    ):
        console.print(f"{build / name}.duckdb  ({audience})", highlight=False, soft_wrap=True)


def _of(analysed: int | None, submitted: int | None) -> str:
    return " of ".join("-" if count is None else f"{count:,}" for count in (analysed, submitted))


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:g}%"


def _difference(value: float | None, lower: float | None, upper: float | None) -> str:
    return "" if value is None else f"{_signed(value)} ({_signed(lower)} to {_signed(upper)})"


def _signed(value: float | None) -> str:
    return f"{value:+g}" if value else "0"
