"""The year before, as it may be seen: the rules of a rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.outcomes import Key, is_primary
from justice_data_lab.disclosure.rounding import round_p, round_percent
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    NOT_AVAILABLE,
    ControlledRow,
    Reason,
    Row,
    controlled_schema,
    rows_of,
    table_of,
)

PERCENTAGES: Final = (
    *("treated_value", "control_value"),
    *("difference", "difference_lower", "difference_upper"),
)
YEAR_BEFORE_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    *((name, pa.float64()) for name in (*PERCENTAGES, "p_value")),
    ("passes", pa.bool_()),
)


def control_year_before(
    year_before: pa.Table, holds: Mapping[Key, Reason | None], settings: DisclosureSettings
) -> pa.Table:
    """Return the year before of each published headline, rounded as a rate is.

    year_before: what ``compare_year_before`` returns. holds: as for ``control_outcomes``; so are
    the rules: nothing is shown of a held headline, nor where 7 or fewer people of either group
    offended or did not; where the method has few to expect (under 10), the figures are withheld.
    No number of people is published: it would stand beside that of the headline, from which other
    people may be off support.
    """
    result: list[Row] = []
    for figures in rows_of(year_before, key=("request_id", "analysis_id")):
        key = (figures["request_id"], figures["analysis_id"])
        if key in holds:
            result.append(_control(figures, holds[key], settings))
    return table_of(result, YEAR_BEFORE_SCHEMA)


def _control(figures: Row, hold: Reason | None, settings: DisclosureSettings) -> Row:
    names = (*PERCENTAGES, "p_value", "passes")
    row = ControlledRow({name: figures[name] for name in YEAR_BEFORE_SCHEMA.names[:-2]})
    for name in PERCENTAGES:
        row.figures[name] = round_percent(
            figures[name], people=figures["treated_n"], settings=settings
        )
    row.figures["p_value"] = round_p(figures["p_value"])
    expected = figures["expected_count_min"]
    cell = {
        "people_n": figures["treated_n"],
        "contributors_n": figures["treated_offended_n"],
        "control_people_n": figures["control_n"],
        "control_contributors_n": figures["control_offended_n"],
    }
    if hold is not None or is_primary("rate", cell, settings):
        row.suppress(names, hold or "primary")
    elif expected is None or expected < settings.minimum_expected_count:
        row.figures.update(dict.fromkeys(names))
    return row.finished(code=NOT_AVAILABLE if row.figures["passes"] is None else None)
