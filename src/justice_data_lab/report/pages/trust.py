"""Whether the two groups can be compared at all: what was tried where no effect can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from justice_data_lab.report.pages.parts import Table, table
from justice_data_lab.report.tables import Row, SiteTables
from justice_data_lab.report.wording import code_text, number_text, p_text, range_text


@dataclass(frozen=True)
class Trust:
    """Sentences in their order, and the tables under them."""

    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


def trust(published: SiteTables, request_id: str) -> Trust | None:
    """Return the checks of one request; None where it has none."""
    year_before = published.of("pre_service_check", request_id)
    sentences = [text for row in year_before for text in year_before_sentences(row)]
    tables = [_year_before_table(row) for row in year_before if row["passes"] is not None]
    return Trust(tuple(sentences), tuple(tables)) if sentences else None


def year_before_sentences(row: Row) -> Iterator[str]:
    """Say whether the groups offended alike when the service could have changed nothing."""
    if row["passes"] is None:
        yield (
            "How the two groups offended in the year before cannot be shown "
            f"{code_text(row['code'] or 'x')}."
        )
        return
    rates = f"{number_text(row['treated_value'])}% against {number_text(row['control_value'])}%"
    if row["passes"]:
        yield (
            f"In the year before, the two groups offended alike ({rates}). The service cannot "
            "have caused a difference then, so a difference would have been a warning."
        )
        return
    yield (
        f"In the year before, the two groups did not offend alike ({rates}). The service cannot "
        "have caused this. Either the groups differ in something that is not recorded, or people "
        "are chosen for the service by their last year, which the main analysis allows for. It is "
        "shown as a warning and changes no conclusion."
    )


def _year_before_table(row: Row) -> Table:
    return table(
        "Proven offending in the year before the index date, the index offence apart",
        ["Measure"],
        [
            *("Received the service (%)", "Comparison group (%)"),
            *("Difference (95% interval)", "p"),
        ],
        [
            (
                "People who offended",
                number_text(row["treated_value"]),
                number_text(row["control_value"]),
                f"{number_text(row['difference'])} "
                f"({range_text(row['difference_lower'], row['difference_upper'])})",
                p_text(row["p_value"], row["code"]),
            )
        ],
    )
