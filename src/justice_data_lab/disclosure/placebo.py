"""The placebo of a headline, as it may be seen: of people without a service, many times over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from justice_data_lab.disclosure.rounding import round_figure
from justice_data_lab.disclosure.suppressions import (
    NOT_AVAILABLE,
    ControlledRow,
    Row,
    by_key,
    controlled_schema,
    rows_of,
    table_of,
)
from justice_data_lab.measures import HEADLINE, measures

FIGURES: Final = (
    *("difference", "difference_error"),
    *("significant_percent", "significant_lower", "significant_upper"),
)
PLACEBO_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("measure", pa.string()),
    ("cohorts_n", pa.int64()),
    *((name, pa.float64()) for name in FIGURES),
)


def control_placebo(placebo: pa.Table, outcomes: pa.Table) -> pa.Table:
    """Return the placebo of each published headline.

    placebo: unrounded, one per (request_id, measure). outcomes: the controlled ones; where the
    headline's difference is not shown, its placebo is not, since it would tell how likely chance
    makes it. Every figure is over at least 20 cohorts of 30 people or more from one large pool:
    nobody who received the service is in it. Differences to one place more than the measure's
    own, percentages to one.
    """
    shown: Mapping[Any, Row] = by_key(outcomes.to_pylist(), "request_id", "analysis_id", "measure")
    result: list[Row] = []
    for figures in rows_of(placebo, key=("request_id", "measure")):
        headline = shown.get((figures["request_id"], HEADLINE, figures["measure"]))
        if headline is not None:
            is_shown = headline["difference"] is not None
            result.append(_control(figures, is_shown=is_shown))
    return table_of(result, PLACEBO_SCHEMA)


def _control(figures: Row, *, is_shown: bool) -> Row:
    row = ControlledRow({name: figures[name] for name in PLACEBO_SCHEMA.names[:-2]})
    places = measures()[figures["measure"]].decimals + 1
    for name in FIGURES:
        is_difference = name.startswith("difference")
        row.figures[name] = round_figure(figures[name], places if is_difference else 1)
    if not is_shown:
        row.figures.update(dict.fromkeys(FIGURES))
    return row.finished(code=None if is_shown else NOT_AVAILABLE)
