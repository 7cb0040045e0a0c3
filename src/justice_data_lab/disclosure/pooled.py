"""Figures that are made of published ones: power, interactions, pooled results of requests."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.cohorts import field_of
from justice_data_lab.disclosure.rounding import round_figure, round_p
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    NOT_APPLICABLE,
    SUPPRESSED_FIGURES,
    ControlledRow,
    Row,
    by_key,
    controlled_schema,
    rows_of,
    table_of,
)
from justice_data_lab.measures import HEADLINE

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
META_DIMENSIONS: Final = {"need": "need", "sector": "sector", "provider": "organisation"}
META_SCHEMA: Final = controlled_schema(
    *((name, pa.string()) for name in ("dimension", "value", "measure")),
    ("requests_n", pa.int64()),
    *((name, pa.float64()) for name in META_FIGURES),
)


def control_power(power: pa.Table, outcomes: pa.Table, settings: DisclosureSettings) -> pa.Table:
    """Return the group that each published request needs for a reduction.

    outcomes: the controlled ones. Nothing is shown where the headline's rate is suppressed: the
    sizes follow from its variance, and give the rate back to four digits. A null size is not
    applicable: no size shows the reduction.
    """
    return _control_sizes(power, outcomes, POWER_SCHEMA, settings)


def control_detectable(
    detectable: pa.Table, outcomes: pa.Table, settings: DisclosureSettings
) -> pa.Table:
    """Return the smallest difference that each published request finds, to one decimal.

    As ``control_power``.
    """
    return _control_sizes(detectable, outcomes, DETECTABLE_SCHEMA, settings)


def _control_sizes(
    sizes: pa.Table, outcomes: pa.Table, schema: pa.Schema, settings: DisclosureSettings
) -> pa.Table:
    _, by, figure = schema.names[:3]
    is_hidden = {
        row["request_id"]: row[SUPPRESSED_FIGURES] is not None
        for row in outcomes.to_pylist()
        if row["analysis_id"] == HEADLINE and row["measure"] == "rate"
    }
    result: list[Row] = []
    for figures in rows_of(sizes, key=("request_id", by)):
        if figures["request_id"] in is_hidden:
            row = ControlledRow(dict(figures))
            if pa.types.is_floating(schema.field(figure).type):
                row.figures[figure] = round_figure(figures[figure], 1)
            code = NOT_APPLICABLE if row.figures[figure] is None else None
            if settings.is_on and is_hidden[figures["request_id"]]:
                row.suppress([figure], "linked")
            result.append(row.finished(code=code))
    return table_of(result, schema)


def control_interactions(
    interactions: pa.Table, analyses: pa.Table, outcomes: pa.Table, settings: DisclosureSettings
) -> pa.Table:
    """Return the tests of whether subgroups differ; not where a subgroup's own figure is hidden.

    analyses: request_id, analysis_id, kind, subgroup_field. outcomes: the controlled ones. A hidden
    figure would follow from the statistic and the figures of the other subgroups.
    """
    fields = {
        (row["request_id"], row["analysis_id"]): field_of(row) for row in analyses.to_pylist()
    }
    hidden, published = set(), set()
    for row in outcomes.to_pylist():
        published.add(row["request_id"])
        if row[SUPPRESSED_FIGURES] is not None and row["conclusion"] == "withheld":
            field = fields[row["request_id"], row["analysis_id"]]
            hidden.add((row["request_id"], field, row["measure"]))
    result: list[Row] = []
    for figures in rows_of(interactions, key=("request_id", "subgroup_field", "measure")):
        if figures["request_id"] in published:
            row = ControlledRow(dict(figures))
            row.figures["q"] = round_figure(figures["q"], 1)
            row.figures["p_value"] = round_p(figures["p_value"])
            key = (figures["request_id"], figures["subgroup_field"], figures["measure"])
            if settings.is_on and key in hidden:
                row.suppress(["q", "p_value"], "linked")
            result.append(row.finished())
    return table_of(result, INTERACTIONS_SCHEMA)


def control_meta_analysis(
    meta_analysis: pa.Table,
    requests: pa.Table,
    outcomes: pa.Table,
    withheld: pa.Table,
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the pooled results of requests; not where one request's own figure is hidden.

    requests: request_id, organisation, sector, need of those that are pooled. outcomes: the
    controlled ones. withheld: request_id of those of which nothing is published but their status.
    """
    hidden = _hidden_groups(requests, outcomes, set(withheld["request_id"].to_pylist()))
    result: list[Row] = []
    for figures in rows_of(meta_analysis, key=("dimension", "value", "measure")):
        row = ControlledRow(dict(figures))
        places = 0 if figures["measure"] == "rate" else 2
        for name in META_FIGURES:
            fixed = {"i2": 0, "tau2": 2}.get(name, places)
            is_p = name in ("p_value", "q_p_value")
            row.figures[name] = (
                round_p(figures[name]) if is_p else round_figure(figures[name], fixed)
            )
        group = (figures["dimension"], figures["value"])
        if settings.is_on and not hidden.isdisjoint([(*group, figures["measure"]), (*group, None)]):
            row.suppress(META_FIGURES, "linked")
        result.append(row.finished(code=NOT_APPLICABLE if figures["p_value"] is None else None))
    return table_of(result, META_SCHEMA)


def _hidden_groups(
    requests: pa.Table, outcomes: pa.Table, withheld: set[str]
) -> set[tuple[str, str, str | None]]:
    """Return (dimension, value, measure) of every group in which a headline is suppressed.

    The measure is null, for every measure, in the groups of a request that is withheld.
    """
    named = by_key(requests.to_pylist(), "request_id")
    suppressed: list[tuple[str, str | None]] = [(request_id, None) for request_id in withheld]
    suppressed += [
        (row["request_id"], row["measure"])
        for row in outcomes.to_pylist()
        if row["analysis_id"] == HEADLINE
        and row[SUPPRESSED_FIGURES] is not None
        and row["conclusion"] == "withheld"
    ]
    hidden = set()
    for request_id, measure in suppressed:
        if request := named.get((request_id,)):
            hidden.add(("all", "all", measure))
            for dimension, column in META_DIMENSIONS.items():
                hidden.add((dimension, request[column], measure))
    return hidden
