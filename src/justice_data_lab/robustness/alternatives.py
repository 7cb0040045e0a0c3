"""Other ways to choose and weigh controls on equal scores: nearest, odds, probability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_data_lab.robustness.nearest import match_nearest
from justice_data_lab.robustness.odds import inverse_odds_weights
from justice_data_lab.robustness.scenarios import Scenario
from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    SortedRows,
    sort_rows,
)
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.matching import match_controls, matches_table, radius_width
from justice_data_lab.statistics.radius import to_grid
from justice_data_lab.statistics.settings import MatchSettings


@dataclass(frozen=True)
class Cell:
    """People on support of one stratum and exact cell: their sorted rows, and the radius.

    treated, controls: sorted rows. delays, last_days: of these, None without a risk set. width:
    on the grid, from the whole stratum.
    """

    treated: IntArray
    controls: IntArray
    delays: IntArray | None
    last_days: IntArray | None
    width: int


def match_scenario(scores: pa.Table, scenario: Scenario, settings: MatchSettings) -> pa.Table:
    """Match the scores of one analysis as a scenario wants it; returns what match_controls does.

    settings: of the scenario. On the probability scale a risk-set score counts as the chance of
    starting within the window, see ``with_chances``.
    """
    if settings.scale == "probability":
        scores = with_chances(scores)
    if scenario.estimator in ("radius", "doubly_robust"):
        return match_controls(scores, settings)
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    linear = rows.floats("score")
    matched_on = linear if settings.scale == "logit" else rows.floats("propensity")
    counts = np.zeros(len(linear), dtype=np.int64)
    weights = np.zeros(len(linear))
    for cell in cells_of(rows, matched_on, settings):
        if scenario.estimator == "nearest":
            found = match_nearest(
                to_grid(matched_on[cell.treated]),
                to_grid(matched_on[cell.controls]),
                neighbours=scenario.neighbours,
                width=cell.width,
                delays=cell.delays,
                last_days=cell.last_days,
            )
            counts[cell.treated], weights[cell.controls] = found.controls_n, found.weights
        else:
            counts[cell.treated] = _at_risk(cell)
            some = counts[cell.treated] > 0
            weights[cell.controls] = inverse_odds_weights(
                linear[cell.controls],
                treated_n=int(some.sum()),
                delays=None if cell.delays is None else cell.delays[some],
                last_days=cell.last_days,
            )
    treated = rows.booleans("is_treated")
    weights[treated] = (counts[treated] > 0).astype(np.float64)
    return matches_table(rows, treated=treated, counts=counts, weights=weights)


def with_chances(scores: pa.Table) -> pa.Table:
    """Give the scores of risk-set strata a probability: of starting by the end of the window.

    1 - exp(-H exp(score)), H being Breslow's cumulative baseline hazard of a start, the sum over
    days of starts / sum of exp(score) over those at risk: the chance of somebody to whom nothing
    else happens first. Source: Breslow (1974, Biometrics 30: 89-99). Other strata keep theirs.
    """
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    linear, chance = rows.floats("score"), rows.floats("propensity")
    treated, on_support = rows.booleans("is_treated"), rows.booleans("on_support")
    days = days_of(rows, treated)
    for _, part in rows.groups():
        used = np.flatnonzero(on_support[part] & np.isnan(chance[part])) + part.start
        if len(used):
            chance[used] = _chances(linear[used], treated[used], days[used])
    unsorted = np.empty(len(chance))
    unsorted[rows.order] = chance
    place = scores.column_names.index("propensity")
    return scores.set_column(place, "propensity", pa.array(unsorted, from_pandas=True))


def cells_of(rows: SortedRows, score: FloatArray, settings: MatchSettings) -> Iterator[Cell]:
    """Yield the people on support, a stratum and exact cell at a time.

    rows: scores sorted by stratum and key. score: theirs on the scale that is matched on.
    """
    treated, on_support = rows.booleans("is_treated"), rows.booleans("on_support")
    has_delay = ~rows.is_null("delay_days")
    days, cell = days_of(rows, treated), rows.text_codes("cell")
    for _, part in rows.groups():
        used = np.flatnonzero(on_support[part]) + part.start
        width = int(to_grid(np.array([radius_width(score[used], settings)]))[0])
        with_delays = bool((has_delay & treated)[part].any())
        for code in np.unique(cell[used]):
            inside = used[cell[used] == code]
            one, other = inside[treated[inside]], inside[~treated[inside]]
            yield Cell(
                treated=one,
                controls=other,
                delays=days[one] if with_delays else None,
                last_days=days[other] if with_delays else None,
                width=width,
            )


def days_of(rows: SortedRows, treated: BoolArray) -> IntArray:
    """Return the delay of the treated (unknown: 0) and the last day of the controls (or never)."""
    delays, last_days = rows.integers("delay_days", null=0), rows.integers("last_day", null=NEVER)
    return np.where(treated, delays, last_days)


def _at_risk(cell: Cell) -> IntArray:
    """Return how many controls are at risk on the day of each treated person."""
    if cell.delays is None or cell.last_days is None:
        return np.full(len(cell.treated), len(cell.controls), dtype=np.int64)
    before = np.searchsorted(np.sort(cell.last_days), cell.delays, side="left")
    return (len(cell.controls) - before).astype(np.int64)


def _chances(linear: FloatArray, treated: BoolArray, days: IntArray) -> FloatArray:
    if not treated.any():
        return np.zeros(len(linear))
    baseline = baseline_hazard(linear, treated, days)
    chances: FloatArray = -np.expm1(-baseline.hazard(linear, np.full(len(linear), NEVER)))
    return chances
