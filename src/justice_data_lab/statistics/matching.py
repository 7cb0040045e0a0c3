"""Match the treated of every stratum to their controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    SortedRows,
    build_table,
    rows_table,
    sort_rows,
    whole,
)
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.guard import Failures, run_analysis
from justice_data_lab.statistics.radius import RadiusMatch, match_radius, to_grid
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of

MATCHES_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("stratum", pa.string()),
        ("person_id", pa.int64()),
        ("event_id", pa.int64()),
        ("is_treated", pa.bool_()),
        ("is_matched", pa.bool_()),
        ("controls_n", pa.int64()),
        ("multiplier", pa.float64()),
        ("matched_weight", pa.float64()),
        ("weight", pa.float64()),
    ]
)
STRATA_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("stratum", pa.string()),
        ("treated_n", pa.int64()),
        ("control_n", pa.int64()),
        ("control_events_n", pa.int64()),
        ("weights_sum", pa.float64()),
        ("largest_multiplier", pa.float64()),
    ]
)


def match_controls(
    scores: pa.Table,
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Match by radius, with replacement, within each stratum and each of its exact cells.

    scores: what ``score_propensities`` returns, any order. settings: one for all analyses, or
        one for each.

    Returns one row per row of the scores: ``controls_n`` is the number of controls inside the
    radius of a treated person (0: not matched) and null for controls; ``weight`` is 1 for matched
    treated, that of ``match_radius`` for a control, and 0 for everybody else. Within a stratum the
    controls' weights sum to the matched treated. ``matched_weight`` is the same, and stays so
    where ``balance_matches`` tilts ``weight``.

    With delays, a control stands for a treated person only if its last day is not before that
    person's delay (an unknown delay is 0, an unknown last day is never), and ``multiplier`` says
    how many like it started later (``Baseline.multipliers``); 1 without delays, null for treated
    and off support. ValueError when the probability scale is asked of a risk-set score, which
    has none.

    A control stands for treated people of its own cell only; the radius is one for the stratum.
    """
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    treated, on_support = rows.booleans("is_treated"), rows.booleans("on_support")
    has_delay = ~rows.is_null("delay_days")
    days = np.where(
        treated, rows.integers("delay_days", null=0), rows.integers("last_day", null=NEVER)
    )
    by_scale = {"logit": rows.floats("score"), "probability": rows.floats("propensity")}
    cell = rows.text_codes("cell")
    counts = np.zeros(len(treated), dtype=np.int64)
    weights, multipliers = np.zeros(len(treated)), np.full(len(treated), np.nan)
    is_done = np.zeros(len(treated), dtype=bool)

    def match_stratum(key: tuple[str, ...], part: slice) -> None:
        own = settings_of(settings, key)
        used = np.flatnonzero(on_support[part]) + part.start
        score = by_scale[own.scale][used]
        if own.scale == "probability" and np.isnan(score).any():
            raise ValueError(
                f"{' / '.join(key)}: a risk-set score has no probability; set scale to logit"
            )
        with_delays = bool((has_delay & treated)[part].any())
        is_treated = treated[used]
        multipliers[used[~is_treated]] = 1.0
        if with_delays and is_treated.any():
            linear = by_scale["logit"][used]
            multipliers[used[~is_treated]] = multipliers_of(linear, is_treated, days[used])
        found = match_units(
            score,
            is_treated,
            days[used] if with_delays else None,
            settings=own,
            cells=cell[used],
            multipliers=multipliers[used[~is_treated]] if with_delays else None,
        )
        counts[used[is_treated]] = found.controls_n
        weights[used[~is_treated]] = found.weights

    def match_analysis(parts: Sequence[tuple[tuple[str, ...], slice]]) -> bool:
        for key, part in parts:
            match_stratum(key, part)
        return True

    for analysis, parts in rows.analyses():
        found = run_analysis(failures, analysis, match_analysis, parts)
        is_done[parts[0][1].start : parts[-1][1].stop] = bool(found)
    weights[treated] = (counts[treated] > 0).astype(np.float64)
    table = matches_table(
        rows, treated=treated, counts=counts, weights=weights, multipliers=multipliers
    )
    return table if is_done.all() else table.filter(pa.array(is_done))


def matched_strata(matches: pa.Table) -> pa.Table:
    """Sum up the matches; one row per (request_id, analysis_id, stratum) with anybody matched.

    ``treated_n`` matched treated, ``control_n`` matched control persons, ``control_events_n`` their
    events; ``weights_sum`` of their weights, which is ``treated_n`` but for the last bits;
    ``largest_multiplier`` among the matched, null without one.
    """
    rows = sort_rows(matches, by=STRATUM_KEY, then=("person_id", "event_id"))
    treated, matched = rows.booleans("is_treated"), rows.booleans("is_matched")
    person, weight = rows.integers("person_id"), rows.floats("weight")
    multiplier = rows.floats("multiplier")
    result: list[dict[str, object]] = []
    for key, part in rows.groups():
        controls = np.flatnonzero(matched[part] & ~treated[part]) + part.start
        factors = multiplier[part][matched[part] & ~np.isnan(multiplier[part])]
        if matched[part].any():
            result.append(
                {
                    **dict(zip(STRATUM_KEY, key, strict=True)),
                    "treated_n": int((matched[part] & treated[part]).sum()),
                    "control_n": len(np.unique(person[controls])),
                    "control_events_n": len(controls),
                    "weights_sum": float(weight[controls].sum()),
                    "largest_multiplier": float(factors.max()) if len(factors) else None,
                }
            )
    return rows_table(result, STRATA_SCHEMA)


def multipliers_of(
    score: FloatArray, treated: BoolArray, days: IntArray | FloatArray
) -> FloatArray:
    """Return the multipliers of the controls of one stratum with delays, all on support."""
    controls = ~treated
    baseline = baseline_hazard(score, treated, days)
    return baseline.multipliers(score[controls], days[controls])


def matches_table(
    rows: SortedRows,
    *,
    treated: BoolArray,
    counts: IntArray,
    weights: FloatArray,
    multipliers: FloatArray | None = None,
) -> pa.Table:
    """Return the matches of sorted scores: what ``match_controls`` says of its result."""
    return build_table(
        {
            **rows.key_columns(STRATUM_KEY),
            "person_id": rows.integers("person_id"),
            "event_id": rows.integers("event_id"),
            "is_treated": treated,
            "is_matched": weights > 0,
            "controls_n": whole(counts, is_null=~treated),
            "multiplier": np.full(len(weights), np.nan) if multipliers is None else multipliers,
            "matched_weight": weights,
            "weight": weights,
        },
        MATCHES_SCHEMA,
    )


def radius_width(score: FloatArray, settings: MatchSettings) -> float:
    """Return the radius in units of the score.

    ``sd``: width times the standard deviation (n - 1) of the score over all units on support,
    treated and controls, as MatchIt's ``std.caliper``; 0 for fewer than two units. ``raw``: the
    width itself.
    """
    if settings.width_unit == "raw":
        return settings.width
    return settings.width * float(np.std(score, ddof=1)) if len(score) > 1 else 0.0


def match_units(
    score: FloatArray,
    treated: BoolArray,
    days: IntArray | FloatArray | None = None,
    *,
    settings: MatchSettings,
    cells: IntArray | None = None,
    multipliers: FloatArray | None = None,
) -> RadiusMatch:
    """Match the units of one stratum, all on support.

    score: on the scale of the settings. days: delay of the treated and last day of the controls;
        None without a risk-set condition. cells: exact stratum of each unit; None: one.
    multipliers: of the controls, in their order; None: 1.

    Returns the matches in the order of the treated and of the controls among the units.
    """
    grid = to_grid(score)
    width = int(to_grid(np.array([radius_width(score, settings)]))[0])
    counts = np.zeros(len(score), dtype=np.int64)
    weights, factor = np.zeros(len(score)), np.ones(len(score))
    if multipliers is not None:
        factor[~treated] = multipliers
    for units in _by_cell(cells, len(score)):
        is_treated = treated[units]
        one, other = units[is_treated], units[~is_treated]
        matched = match_radius(
            grid[one],
            grid[other],
            width=width,
            delays=None if days is None else days[one],
            last_days=None if days is None else days[other],
            multipliers=None if multipliers is None else factor[other],
        )
        counts[one], weights[other] = matched.controls_n, matched.weights
    return RadiusMatch(controls_n=counts[treated], weights=weights[~treated])


def _by_cell(cells: IntArray | None, size: int) -> list[IntArray]:
    """Return the units of each cell, in their order."""
    if cells is None or not size or cells.min() == cells.max():
        return [np.arange(size)]
    order = np.argsort(cells, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cells[order])) + 1)
