"""Analyses with their sizes, and the sensitivity of the headline: counts that differ by a few."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.rounding import (
    round_count,
    round_figure,
    round_p,
    round_percent,
    round_size,
)
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    LOW_RELIABILITY,
    NOT_AVAILABLE,
    ControlledRow,
    Reason,
    Row,
    by_key,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)

DEFINITION: Final = (
    *("kind", "label", "subgroup_field", "subgroup_value", "pool", "control_condition"),
    *("sex_offence_scope", "match_scale", "match_width", "match_width_unit"),
    *("exact_on", "left_out", "reason"),
)
PEOPLE: Final = ("eligible_n", "matched_n", "off_support_n", "pool_n", "matched_control_n")
PLACES: Final = {
    "controls_used_percent": 0,
    "largest_weight_percent": 1,
    "largest_smd_before": 1,
    "largest_smd_after": 1,
    "equipoise": 0,
}
RATINGS: Final = ("green_n", "amber_n", "red_n")
JUDGEMENTS: Final = ("balance_verdict", "fit_method")
ANALYSES_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("analysis_id", pa.string()),
    *((name, pa.float64() if name == "match_width" else pa.string()) for name in DEFINITION),
    *((name, pa.int64()) for name in (*PEOPLE, "control_effective_n")),
    *((name, pa.float64()) for name in tuple(PLACES)[:4]),
    *((name, pa.int64()) for name in RATINGS),
    ("equipoise", pa.float64()),
    *((name, pa.string()) for name in JUDGEMENTS),
)
SENSITIVITY_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("scenario", pa.string()),
    ("measure", pa.string()),
    ("scenario_order", pa.int64()),
    *((name, pa.string()) for name in ("family", "description")),
    *((name, pa.string()) for name in ("control_condition", "match_scale")),
    ("match_width", pa.float64()),
    *((name, pa.string()) for name in ("match_width_unit", "estimator")),
    *((name, pa.float64()) for name in ("difference", "lower", "upper", "p_value")),
    ("treated_n", pa.int64()),
    ("control_n", pa.int64()),
    ("control_effective_n", pa.float64()),
    ("largest_smd_after", pa.float64()),
)


def control_analyses(
    analyses: pa.Table,
    diagnostics: pa.Table,
    holds: Mapping[tuple[str, str], Reason | None],
    settings: DisclosureSettings,
    hidden_sizes: Collection[tuple[str, str]] = (),
) -> pa.Table:
    """Return every analysis that is not a scenario, with the sizes of its groups.

    analyses: definitions. diagnostics: one row per analysis that was matched. holds: as for
    outcomes; a held analysis keeps its definition and nothing else.

    People off support are the eligible less the matched, both of which stand in several tables:
    so an eligible count that is a few above the matched of any analysis of the request goes.
    """
    found = by_key(diagnostics.to_pylist(), "request_id", "analysis_id")
    wanted = rows_of(analyses, key=("request_id", "analysis_id"))
    result: list[Row] = []
    for (request_id,), rows in grouped(wanted, "request_id").items():
        named = [row for row in rows if (request_id, row["analysis_id"]) in holds]
        sizes = [found.get((request_id, row["analysis_id"]), {}) for row in named]
        matched = [size["matched_n"] for size in sizes if size]
        for row, size in zip(named, sizes, strict=True):
            hold = holds[request_id, row["analysis_id"]]
            made = _control_analysis({**size, **row}, matched, hold, settings)
            if (request_id, row["analysis_id"]) in hidden_sizes:
                made.suppress(PEOPLE[:3], "secondary")
            is_poor = made.figures["balance_verdict"] == "poor"
            result.append(made.finished(code=LOW_RELIABILITY if is_poor else None))
    return table_of(result, ANALYSES_SCHEMA)


def _control_analysis(
    figures: Row, matched: Iterable[int], hold: Reason | None, settings: DisclosureSettings
) -> ControlledRow:
    row = ControlledRow({name: figures.get(name) for name in ANALYSES_SCHEMA.names})
    for name in PEOPLE:
        row.figures[name] = round_count(figures.get(name), settings)
    for name, places in PLACES.items():
        row.figures[name] = round_figure(figures.get(name), places)
    size = round_size(figures.get("control_effective_n"), settings)
    row.figures["control_effective_n"] = None if size is None else int(size)
    if hold is not None:
        measured = (*PEOPLE, "control_effective_n", *PLACES, *RATINGS)
        row.suppress((*measured, "balance_verdict"), hold)
        return row
    if settings.is_small(figures.get("off_support_n") or 0):
        row.suppress(["off_support_n"], "primary")
    eligible = int(figures["eligible_n"])
    if any(settings.is_small(abs(eligible - count)) for count in matched):
        row.suppress(["eligible_n"], "secondary")
    for name in ("pool_n", "matched_control_n"):
        if settings.is_small(figures.get(name) or 0):
            row.suppress([name, "controls_used_percent", "control_effective_n"], "primary")
    if has_few(figures.get("equipoise"), eligible, settings):
        row.suppress(["equipoise"], "primary")
    return row


def has_few(percent: float | None, people: int, settings: DisclosureSettings) -> bool:
    """Say whether a percentage of people, or the rest of them, is a protected cell."""
    inside = round((percent or 0.0) / 100.0 * people)
    return settings.is_small(inside) or settings.is_small(people - inside)


def control_sensitivity(
    sensitivity: pa.Table,
    outcomes: pa.Table,
    diagnostics: pa.Table,
    holds: Mapping[tuple[str, str], Reason | None],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the scenarios of every request whose headline has a figure for the measure.

    sensitivity: unrounded, one row per (request_id, scenario, measure). outcomes: the controlled
    outcomes; where the headline's figure is suppressed its scenarios are (``linked``), and where
    it is withheld they are. diagnostics: of every analysis, for the headline's matched treated.
    holds: as for outcomes; a scenario that is a held analysis of its own has no figures either.

    A scenario of too few people has no figures; a treated count that differs by a few from that
    of the headline, or of a larger scenario, would show how many a parameter adds, and goes.
    """
    headline = {
        (row["request_id"], row["measure"]): row
        for row in outcomes.to_pylist()
        if row["analysis_id"] == "headline"
    }
    matched = {
        row["request_id"]: row["matched_n"]
        for row in diagnostics.to_pylist()
        if row["analysis_id"] == "headline"
    }
    rows = rows_of(sensitivity, key=("request_id", "scenario_order", "scenario", "measure"))
    result: list[Row] = []
    for (request_id, measure), scenarios in grouped(rows, "request_id", "measure").items():
        if (request_id, measure) in headline:
            sizes = {row["treated_n"] for row in scenarios if row["treated_n"] is not None}
            larger = [matched[request_id], *sorted(sizes, reverse=True)]
            result += [
                _control_scenario(
                    row,
                    headline[request_id, measure],
                    larger,
                    holds.get((request_id, row["scenario"])),
                    settings,
                )
                for row in scenarios
            ]
    return table_of(result, SENSITIVITY_SCHEMA)


def _control_scenario(
    figures: Row,
    headline: Row,
    larger: list[int],
    hold: Reason | None,
    settings: DisclosureSettings,
) -> Row:
    row = ControlledRow(_rounded_scenario(figures, settings))
    estimates = ("difference", "lower", "upper", "p_value")
    counts = ("treated_n", "control_n", "control_effective_n", "largest_smd_after")
    treated = figures["treated_n"]
    is_withheld = headline["conclusion"] == "withheld"
    if settings.is_on and (treated or 0) < settings.minimum_people:
        row.suppress((*estimates, *counts), "too_few")
    elif hold is not None:
        row.suppress((*estimates, *counts), hold)
    elif is_withheld and headline["code"] != NOT_AVAILABLE:
        row.suppress((*estimates, *counts), "linked")
    elif is_withheld:
        row.figures.update(dict.fromkeys(estimates))
    elif _is_near(treated, larger, settings):
        row.suppress(["treated_n"], "differencing")
    return row.finished(code=NOT_AVAILABLE if row.figures["difference"] is None else None)


def _is_near(treated: int | None, larger: list[int], settings: DisclosureSettings) -> bool:
    """Say whether a count differs by a few from the headline's, or from a larger scenario's."""
    headline, *others = larger
    if treated is None or treated == headline:
        return False
    return settings.is_small(abs(headline - treated)) or any(
        settings.is_small(other - treated) for other in others
    )


def _rounded_scenario(figures: Row, settings: DisclosureSettings) -> Row:
    rounded = dict(figures)
    for name in ("difference", "lower", "upper"):
        value = figures[name]
        rounded[name] = (
            round_percent(value, people=figures["treated_n"], settings=settings)
            if figures["measure"] == "rate"
            else round_figure(value, 2)
        )
    rounded["p_value"] = round_p(figures["p_value"])
    rounded["treated_n"] = round_count(figures["treated_n"], settings)
    rounded["control_n"] = round_count(figures["control_n"], settings)
    rounded["control_effective_n"] = round_size(figures["control_effective_n"], settings)
    rounded["largest_smd_after"] = round_figure(figures["largest_smd_after"], 1)
    return rounded
