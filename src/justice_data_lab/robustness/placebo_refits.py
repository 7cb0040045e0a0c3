"""Placebo cohorts the whole way: each has a score, a match and a tilt of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.robustness.placebo import PlaceboResult, Tally
from justice_data_lab.robustness.placebo_cohorts import CohortDraws
from justice_data_lab.robustness.placebo_pool import PlaceboPool
from justice_data_lab.statistics.arrow import BoolArray, places_of
from justice_data_lab.statistics.balancing import balance_matches
from justice_data_lab.statistics.covariates import Covariate, CovariateValues
from justice_data_lab.statistics.guard import Failures
from justice_data_lab.statistics.matching import match_controls
from justice_data_lab.statistics.propensity import fit_propensities, score_propensities
from justice_data_lab.statistics.settings import MatchSettings


def refit_cohorts(
    cohort: pa.Table,
    pool: PlaceboPool,
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
    *,
    cohorts: int,
    seed: int,
    advance: Callable[[], None] = lambda: None,
) -> PlaceboResult:
    """Draw cohorts, and do with each what is done with the treated; equal seed, equal result.

    cohort: members of the headline; pool: what ``placebo_pool`` makes of it, at whose score the
    cohorts are drawn. advance: called once a cohort. Cohorts without a score or a comparison are
    left out.
    """
    rng = np.random.default_rng(seed)
    draws = [CohortDraws(stratum) for stratum in pool.strata]
    members = cohort.take(pa.array(places_of(pool.event_id, cohort["event_id"].to_numpy())))
    tally = Tally(pool, settings)
    for _ in range(cohorts):
        drawn, drawn_members = _draw(draws, members, rng)
        matches = _match(drawn_members, values, covariates, settings)
        if matches is not None:
            weight = np.zeros(len(pool.event_id))
            rows = places_of(matches["event_id"].to_numpy(), pool.event_id)
            weight[rows] = matches["weight"].to_numpy()
            tally.add(drawn, weight)
        advance()
    return tally.result()


def _draw(
    draws: Sequence[CohortDraws], members: pa.Table, rng: np.random.Generator
) -> tuple[BoolArray, pa.Table]:
    """Return who is drawn, and the members that are left as if these had been treated."""
    parts = [one.draw(rng) for one in draws]
    drawn = np.concatenate([part.drawn for part in parts])
    kept = drawn | np.concatenate([part.in_pool for part in parts])
    days = np.concatenate(
        [np.full(len(part.drawn), -1) if part.days is None else part.days for part in parts]
    )
    columns = {
        "is_treated": pa.array(drawn),
        "delay_days": pa.array(days.astype(np.int32), mask=~drawn | (days < 0)),
        "last_day": pa.array(days.astype(np.int32), mask=drawn | (days < 0)),
    }
    for name, column in columns.items():
        members = members.set_column(members.column_names.index(name), name, column)
    return drawn, members.filter(pa.array(kept))


def _match(
    members: pa.Table,
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
) -> pa.Table | None:
    """Return the matches with their final weights; None where no score can be fitted."""
    failures = Failures("placebo")
    models = fit_propensities(members, values, covariates, settings, failures=failures)
    scores = score_propensities(members, values, covariates, models, settings, failures=failures)
    matches = match_controls(scores, settings, failures=failures)
    balanced = balance_matches(
        matches, scores, members, values, covariates, settings, failures=failures
    )
    if failures.rows or not matches.num_rows:
        return None
    return balanced.matches
