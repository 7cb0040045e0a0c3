"""One world through the package: every variant's estimates beside the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from calibration.worlds import COVARIATES, Scenario, World, draw_world
from justice_data_lab.statistics import (
    MatchSettings,
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


@dataclass(frozen=True)
class Variant:
    """A condition on the controls and a width of the radius, in standard deviations."""

    condition: str
    width: float


HEADLINE, NARROW = Variant("risk_set", 0.2), Variant("risk_set", 0.05)
BIASED = (Variant("fixed", 0.2), Variant("none", 0.2))


def variants_of(scenario: Scenario) -> tuple[Variant, ...]:
    """Return the variants of a scenario: the condition matters only where there is a delay."""
    return (HEADLINE, NARROW, *(BIASED if scenario.has_delay else ()))


def estimate_worlds(scenario: Scenario, worlds: range, seed: int) -> FloatArray:
    """Return COLUMNS by world, variant, measure and estimator; NaN where nothing is estimated."""
    return np.array([estimate_world(scenario, world, seed) for world in worlds])


def estimate_world(scenario: Scenario, world: int, seed: int) -> FloatArray:
    """Draw one world and estimate it by every variant; rates in points."""
    drawn = draw_world(scenario, world=world, seed=seed)
    variants = variants_of(scenario)
    shape = (len(variants), len(MEASURES), len(ESTIMATORS), len(COLUMNS))
    found = np.full(shape, np.nan)
    for condition in dict.fromkeys(variant.condition for variant in variants):
        settings = replace(SETTINGS, control_condition=condition)
        models = fit_propensities(drawn.cohort, drawn.values, COVARIATES, settings)
        scores = score_propensities(drawn.cohort, drawn.values, COVARIATES, models, settings)
        weights = [
            _weights(match_controls(scores, replace(settings, width=variant.width)), drawn)
            if variant.condition == condition
            else None
            for variant in variants
        ]
        for place, (measure, kind) in enumerate(MEASURES):
            _estimate(drawn, weights, measure, kind, found[:, place])
    return found


def _estimate(
    world: World,
    weights: list[FloatArray | None],
    measure: str,
    kind: str,
    found: FloatArray,
) -> None:
    """Fill the figures of one measure: variant by estimator by column."""
    column = "is_reoffender" if measure == "rate" else "reoffences_n"
    outcome = world.cohort[column].to_numpy().astype(np.float64)
    treated = world.cohort["is_treated"].to_numpy()
    design = np.column_stack([world.values[c.name].to_numpy() for c in COVARIATES])
    design = np.asfortranarray(design, dtype=np.float64)
    clusters = Clusters.of(world.cohort["person_id"].to_numpy())
    truth = world.true_rate if measure == "rate" else world.true_frequency
    scale = 100.0 if measure == "rate" else 1.0
    for variant, weight in enumerate(weights):
        if weight is None:
            continue
        matched = contrast(outcome, treated, weight, kind, SETTINGS, clusters)
        if matched is None or matched.result is None:
            continue
        sizes = (matched.treated.n, matched.control.size)
        limits = matched.result.difference
        found[variant, 0] = (
            truth,
            *(scale * np.array([limits.value, limits.lower, limits.upper])),
            matched.result.p_value,
            *sizes,
        )
        robust = doubly_robust(outcome, treated, weight, design, kind, SETTINGS, clusters)
        if robust is not None:
            found[variant, 1] = (
                truth,
                *(scale * np.array([robust.difference, robust.lower, robust.upper])),
                robust.p_value,
                *sizes,
            )


def _weights(matches: pa.Table, world: World) -> FloatArray:
    """Return the weight of every row of the cohort, 0 for people who are not matched."""
    weight = np.zeros(world.cohort.num_rows)
    weight[matches["event_id"].to_numpy() - world.cohort["event_id"][0].as_py()] = matches[
        "weight"
    ].to_numpy()
    return weight
