"""The placebo test of one request, from the tables of a build."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from justice_data_lab.build.databases import open_build
from justice_data_lab.measures import measures
from justice_data_lab.robustness.alternatives import cells_of
from justice_data_lab.robustness.placebo import Placebo, Pool, make_pool, placebo_test
from justice_data_lab.robustness.sensitivity import HEADLINE, SHOWN
from justice_data_lab.statistics.arrow import STRATUM_KEY, sort_rows
from justice_data_lab.statistics.measures import outcome_values
from justice_data_lab.statistics.outcomes import estimate_measure
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.radius import to_grid
from justice_data_lab.statistics.settings import MatchSettings, settings_by_analysis

TABLES: Final = {
    "members": "intermediate.int_outcomes__members",
    "analyses": "intermediate.int_cohorts__analyses",
    "scores": "estimates.int_matching__scores",
    "matches": "estimates.int_matching__matches",
}


class NoHeadlineError(Exception):
    """The request has no headline that could be tested; the text says why in one line."""


@dataclass(frozen=True)
class Measured:
    """The real headline of one measure beside its empirical null; points, or offences a person."""

    placebo: Placebo
    std_error: float | None
    p_value: float | None


@dataclass(frozen=True)
class PlaceboReport:
    """The placebo test of a request: how many people it was made of, and both measures."""

    request_id: str
    treated_n: int
    pool_n: int
    seed: int
    measures: tuple[Measured, ...]


def placebo_of_build(build: Path, request_id: str, *, cohorts: int, seed: int) -> PlaceboReport:
    """Draw placebo cohorts for the headline of a request, at the scores of the build.

    Raises NoHeadlineError where the request has none or nobody of it is matched, and
    DatabaseError where the build cannot be read.
    """
    tables = _read(build, request_id)
    if not tables["analyses"].num_rows:
        raise NoHeadlineError(f"{request_id}: this build has no headline analysis of that name")
    common = MatchSettings.from_table(tables["settings"])
    settings = settings_by_analysis(tables["analyses"], common)[(request_id, HEADLINE)]
    (people,) = people_by_analysis(tables["members"], tables["matches"])
    real = [
        estimate_measure(measure, people, outcome_values(measure, people.outcomes), settings)
        for measure in map(measures().__getitem__, SHOWN)
    ]
    if any(row.get("difference") is None for row in real):
        raise NoHeadlineError(f"{request_id}: too few of its people are matched to be compared")
    pools = list(_pools(tables["scores"], people, settings))
    estimates = (float(str(real[0]["difference"])), float(str(real[1]["difference"])))
    try:
        found = placebo_test(pools, estimates, settings, cohorts=cohorts, seed=seed)
    except ValueError as error:
        raise NoHeadlineError(f"{request_id}: {error}") from error
    return PlaceboReport(
        request_id=request_id,
        treated_n=sum(pool.treated_n for pool in pools),
        pool_n=sum(len(pool.grid) for pool in pools),
        seed=seed,
        measures=tuple(
            Measured(placebo, _number(row.get("std_error")), _number(row.get("p_value")))
            for placebo, row in zip(found, real, strict=True)
        ),
    )


def _read(build: Path, request_id: str) -> dict[str, pa.Table]:
    with open_build(build, "restricted") as connection:
        tables = {
            name: connection.execute(
                f"select * from restricted.{table} where request_id = ? and analysis_id = ?",
                [request_id, HEADLINE],
            ).to_arrow_table()
            for name, table in TABLES.items()
        }
        of_build = connection.execute("from restricted.intermediate.int_settings")
        return {**tables, "settings": of_build.to_arrow_table()}


def _pools(scores: pa.Table, people: People, settings: MatchSettings) -> Iterator[Pool]:
    """Yield the pool of each stratum and exact cell, with its matched treated to imitate."""
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    linear = rows.floats("score")
    matched_on = linear if settings.scale == "logit" else rows.floats("propensity")
    counts = people.outcomes.column("reoffences_n").to_numpy().astype(np.float64)
    for cell in cells_of(rows, matched_on, settings):
        matched = people.is_matched[cell.treated]
        if not len(cell.controls) or not matched.any():
            continue
        yield make_pool(
            to_grid(matched_on[cell.controls]),
            linear[cell.controls],
            counts[cell.controls],
            treated_n=int(matched.sum()),
            width=cell.width,
            delays=None if cell.delays is None else cell.delays[matched],
            last_days=cell.last_days,
        )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
