"""What the lab's headlines look like together, and one of them against the others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from justice_data_lab.statistics.arrow import FloatArray

SMALLEST_NULL = 10
GRID = 200


@dataclass(frozen=True)
class EmpiricalNull:
    """Mean and spread of differences beyond their own errors, in the units of the measure."""

    requests_n: int
    mean: float
    spread: float


@dataclass(frozen=True)
class Calibrated:
    """A difference less the null's mean: limits and p that allow for the null's spread."""

    lower: float
    upper: float
    p_value: float


def fit_null(differences: FloatArray, errors: FloatArray) -> EmpiricalNull | None:
    """Fit differences ~ N(mean, spread^2 + error^2), spread 0 or more, by maximum likelihood.

    errors: standard errors, all above 0. None below ten. For a given spread the mean is the one
    weighted by 1 / (spread^2 + error^2), so that one dimension is searched: on a grid, then by
    bounded search around its best. Source: Schuemie et al. (2014, Statistics in Medicine 33:
    209-218).
    """
    if len(differences) < SMALLEST_NULL:
        return None
    scale = float(np.std(differences)) + float(np.max(errors))

    def loss(spread: float) -> float:
        variance = spread * spread + errors**2
        away = differences - _mean(differences, variance)
        return float(np.sum(np.log(variance) + away * away / variance)) / 2

    grid = np.linspace(0.0, 2 * scale, GRID)
    best = int(np.argmin([loss(spread) for spread in grid.tolist()]))
    best_found = optimize.minimize_scalar(
        loss,
        bounds=(grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)]),
        method="bounded",
        options={"xatol": 1e-10 * scale},
    )
    spread = float(best_found.x) if loss(float(best_found.x)) < loss(0.0) else 0.0
    mean = _mean(differences, spread * spread + errors**2)
    return EmpiricalNull(len(differences), mean, spread)


def calibrate(
    difference: float, error: float, null: EmpiricalNull, *, alpha: float = 0.05
) -> Calibrated:
    """Return a difference against the null of other headlines; error: its own, above 0.

    Limits difference - mean -+ z sqrt(spread^2 + error^2); p two-sided from the same normal. They
    stand beside the plain ones, never in their place. Source: Schuemie et al. (2018, PNAS 115:
    2571-2577).
    """
    centre, width = difference - null.mean, math.hypot(null.spread, error)
    half = float(stats.norm.ppf(1 - alpha / 2)) * width
    p_value = float(2 * stats.norm.sf(abs(centre) / width))
    return Calibrated(centre - half, centre + half, p_value)


def _mean(differences: FloatArray, variance: FloatArray) -> float:
    weight = 1 / variance
    return float(np.sum(weight * differences) / np.sum(weight))
