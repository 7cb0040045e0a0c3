"""Figures that are made of published ones: power, interactions, pooled results of requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.rounding import round_figure
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    NOT_APPLICABLE,
    ControlledRow,
    Row,
    controlled_schema,
    rows_of,
    table_of,
)

POWER_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("reduction_points", pa.int64()),
    ("minimum_treated_n", pa.int64()),
)
DETECTABLE_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("power_percent", pa.int64()),
    ("smallest_detectable_points", pa.float64()),
)
INTERACTIONS_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("subgroup_field", pa.string()),
    ("measure", pa.string()),
    ("groups_n", pa.int64()),
    ("q", pa.float64()),
    ("degrees_of_freedom", pa.int64()),
    ("p_value", pa.float64()),
)
META_FIGURES: Final = (
    *("difference", "lower", "upper", "p_value", "i2", "tau2", "q_p_value"),
    *("prediction_lower", "prediction_upper"),
)
META_SCHEMA: Final = controlled_schema(
    *((name, pa.string()) for name in ("dimension", "value", "measure")),
    ("requests_n", pa.int64()),
    *((name, pa.float64()) for name in META_FIGURES),
)


def control_power(
    power: pa.Table,
    hidden_rates: Mapping[str, bool],
    schema: pa.Schema,
    settings: DisclosureSettings,
) -> pa.Table:
    """Return what each published request could show; not where its rate is suppressed.

    hidden_rates: of each request that is published, whether its headline rate is suppressed: the
    sizes follow from its variance, and give the rate back to four digits. schema:
    ``POWER_SCHEMA`` or ``DETECTABLE_SCHEMA``; a null figure is not applicable: no size shows it.
    """
    request, by, figure = schema.names[:3]
    result: list[Row] = []
    for figures in rows_of(power, key=(request, by)):
        if figures[request] in hidden_rates:
            row = ControlledRow(dict(figures))
            if schema is DETECTABLE_SCHEMA:
                row.figures[figure] = round_figure(figures[figure], 1)
            code = NOT_APPLICABLE if row.figures[figure] is None else None
            if settings.is_on and hidden_rates[figures[request]]:
                row.suppress([figure], "linked")
            result.append(row.finished(code=code))
    return table_of(result, schema)


def control_interactions(
    interactions: pa.Table,
    hidden_fields: Collection[tuple[str, str, str]],
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the tests of whether subgroups differ; not where a subgroup's own figure is hidden.

    hidden_fields: (request_id, subgroup_field, measure) of which a subgroup is suppressed: its
    figure would follow from the statistic and the others.
    """
    result: list[Row] = []
    for figures in rows_of(interactions, key=("request_id", "subgroup_field", "measure")):
        if figures["request_id"] in published:
            row = ControlledRow(dict(figures))
            row.figures["q"] = round_figure(figures["q"], 1)
            row.figures["p_value"] = round_figure(figures["p_value"], 2)
            key = (figures["request_id"], figures["subgroup_field"], figures["measure"])
            if settings.is_on and key in hidden_fields:
                row.suppress(["q", "p_value"], "linked")
            result.append(row.finished())
    return table_of(result, INTERACTIONS_SCHEMA)


def control_meta_analysis(
    meta_analysis: pa.Table,
    hidden_groups: Collection[tuple[str, str, str]],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the pooled results of requests; not where one request's own figure is hidden.

    hidden_groups: (dimension, value, measure) in which a request is suppressed.
    """
    result: list[Row] = []
    for figures in rows_of(meta_analysis, key=("dimension", "value", "measure")):
        row = ControlledRow(dict(figures))
        places = 0 if figures["measure"] == "rate" else 2
        for name in META_FIGURES:
            fixed = {"i2": 0, "tau2": 2, "p_value": 2, "q_p_value": 2}.get(name, places)
            row.figures[name] = round_figure(figures[name], fixed)
        key = (figures["dimension"], figures["value"], figures["measure"])
        if settings.is_on and key in hidden_groups:
            row.suppress(META_FIGURES, "linked")
        result.append(row.finished())
    return table_of(result, META_SCHEMA)
