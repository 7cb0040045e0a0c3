"""One world through the package: every variant's estimates beside the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from calibration.careers import COVARIATES as OF_CAREERS
from calibration.careers import Careers, draw_events, pool_of, without_multipliers
from calibration.worlds import COVARIATES, Scenario, World, draw_world
from justice_data_lab.statistics import (
    Covariate,
    MatchSettings,
    balance_matches,
    fit_propensities,
    match_controls,
    score_propensities,
)
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.doubly_robust import doubly_robust

FloatArray = NDArray[np.float64]
SETTINGS = MatchSettings()
MEASURES = (("rate", "binary"), ("frequency", "count"))
ESTIMATORS = ("headline", "doubly_robust")
COLUMNS = ("truth", "difference", "lower", "upper", "p_value", "treated_n", "effective_n")
Kind = Scenario | Careers


@dataclass(frozen=True)
class Variant:
    """Rules by which a world is estimated; ``pool``: of careers, as ``pool_of`` names it.

    ``old``: one event a person, and no multiplier.
    """

    name: str
    condition: str = "risk_set"
    width: float = SETTINGS.width
    is_tilted: bool = True
    pool: str = "new"


AS_BUILT, UNTILTED = Variant("as built"), Variant("untilted", is_tilted=False)
WIDE = Variant("untilted, width 0.2", width=0.2, is_tilted=False)
OLD = Variant("rules of before", width=0.2, is_tilted=False, pool="old")
YEAR_BEFORE = Variant("the year before", pool="year before")
BIASED = (Variant("fixed", "fixed"), Variant("none", "none"))


def variants_of(scenario: Kind) -> tuple[Variant, ...]:
    """Return the variants of a scenario: the condition matters only where there is a delay."""
    if isinstance(scenario, Careers):
        return (AS_BUILT, OLD, YEAR_BEFORE)
    return (AS_BUILT, UNTILTED, WIDE, *(BIASED if scenario.has_delay else ()))


def estimate_worlds(scenario: Kind, worlds: range, seed: int) -> FloatArray:
    """Return COLUMNS by world, variant, measure and estimator; NaN where nothing is estimated."""
    return np.array([estimate_world(scenario, world, seed) for world in worlds])


def estimate_world(scenario: Kind, world: int, seed: int) -> FloatArray:
    """Draw one world and estimate it by every variant; rates in points."""
    found = []
    for drawn, covariates, variants in _drawn(scenario, world, seed):
        weights = _weights_of(drawn, covariates, variants)
        for variant, weight in zip(variants, weights, strict=True):
            both = [_estimate(drawn, covariates, weight, *measure) for measure in MEASURES]
            if variant.pool != "new":  # of the past, or of one measure: the headline's alone
                both = [[headline, (np.nan,) * len(COLUMNS)] for headline, _ in both]
            if variant is YEAR_BEFORE:
                both[1] = [(np.nan,) * len(COLUMNS)] * len(ESTIMATORS)
            found.append(both)
    return np.array(found, dtype=np.float64)


def _drawn(
    scenario: Kind, world: int, seed: int
) -> list[tuple[World, Sequence[Covariate], tuple[Variant, ...]]]:
    """Return what is drawn, with the variants that are estimated on it."""
    if isinstance(scenario, Scenario):
        one = draw_world(scenario, world=world, seed=seed)
        return [(one, COVARIATES, variants_of(scenario))]
    events = draw_events(scenario, np.random.default_rng([seed, world, 1]))
    pools = []
    for variant in variants_of(scenario):
        rng = np.random.default_rng([seed, world, 2])
        cohort, values = pool_of(events, variant.pool, rng)
        pools.append((World(cohort, values, 0.0, 0.0), OF_CAREERS, (variant,)))
    return pools


def _weights_of(
    drawn: World, covariates: Sequence[Covariate], variants: Sequence[Variant]
) -> list[FloatArray]:
    """Return the weight of every row of the cohort by variant; those of a condition share a fit."""
    fitted, weights = {}, []
    for variant in variants:
        settings = replace(
            SETTINGS,
            control_condition=variant.condition,
            width=variant.width,
            is_tilted=variant.is_tilted,
        )
        if variant.condition not in fitted:
            models = fit_propensities(drawn.cohort, drawn.values, covariates, settings)
            fitted[variant.condition] = score_propensities(
                drawn.cohort, drawn.values, covariates, models, settings
            )
        scores = fitted[variant.condition]
        matches = match_controls(scores, settings)
        if variant.pool == "old":
            matches = without_multipliers(scores, matches, settings)
        balanced = balance_matches(
            matches, scores, drawn.cohort, drawn.values, covariates, settings
        )
        weights.append(_by_row(balanced.matches, drawn.cohort))
    return weights


def _by_row(matches: pa.Table, cohort: pa.Table) -> FloatArray:
    """Return the weight of every row of a cohort in order of its events."""
    weight = np.zeros(cohort.num_rows)
    rows = np.searchsorted(cohort["event_id"].to_numpy(), matches["event_id"].to_numpy())
    weight[rows] = matches["weight"].to_numpy()
    return weight


def _estimate(
    world: World, covariates: Sequence[Covariate], weight: FloatArray, measure: str, kind: str
) -> list[tuple[float, ...]]:
    """Return the figures of one measure: by estimator, by column."""
    column = "is_reoffender" if measure == "rate" else "reoffences_n"
    outcome = world.cohort[column].to_numpy().astype(np.float64)
    treated = world.cohort["is_treated"].to_numpy()
    design = np.column_stack([world.values[c.name].to_numpy() for c in covariates])
    design = np.asfortranarray(design, dtype=np.float64)
    clusters = Clusters.of(world.cohort["person_id"].to_numpy())
    truth = world.true_rate if measure == "rate" else world.true_frequency
    scale = 100.0 if measure == "rate" else 1.0
    nothing = (np.nan,) * len(COLUMNS)
    matched = contrast(outcome, treated, weight, kind, SETTINGS, clusters)
    if matched is None or matched.result is None:
        return [nothing, nothing]
    sizes, limits = (matched.treated.n, matched.control.size), matched.result.difference
    headline = (scale * limits.value, scale * limits.lower, scale * limits.upper)
    found = [(truth, *headline, matched.result.p_value, *sizes)]
    robust = doubly_robust(outcome, treated, weight, design, kind, SETTINGS, clusters)
    if robust is None:
        return [*found, nothing]
    own = (scale * robust.difference, scale * robust.lower, scale * robust.upper)
    return [*found, (truth, *own, robust.p_value, *sizes)]
