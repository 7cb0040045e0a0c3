"""What many worlds of one scenario say: bias, coverage, false positives, with their errors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.figures import COLUMNS, ESTIMATORS, MEASURES, Kind, variants_of

Row = dict[str, object]


def summarise(scenario: Kind, figures: NDArray[np.float64]) -> list[Row]:
    """Return one row per variant, measure and estimator of the worlds' figures.

    Points for rates, offences a person for frequencies, percent for shares; every ``_error`` is
    the Monte Carlo standard error. ``significant_percent`` counts p <= 0.05: false positives
    where the effect is 0, power elsewhere.
    """
    rows = []
    for at, variant in enumerate(variants_of(scenario)):
        for place, (measure, _) in enumerate(MEASURES):
            for number, estimator in enumerate(ESTIMATORS):
                named: Row = {
                    "scenario": scenario.name,
                    "rules": variant.name,
                    "measure": measure,
                    "estimator": estimator,
                }
                rows.append(named | _summarise(figures[:, at, place, number]))
    return rows


def _summarise(figures: NDArray[np.float64]) -> Row:
    known = figures[~np.isnan(figures[:, COLUMNS.index("difference")])]
    n = len(known)
    if not n:
        return {"worlds": len(figures), "estimated_n": 0}
    truth, difference, lower, upper, p_value, treated_n, effective_n = known.T
    error = difference - truth
    covered = float(np.mean((lower <= truth) & (truth <= upper)))
    significant = float(np.mean(p_value <= 0.05))
    return {
        "worlds": len(figures),
        "estimated_n": n,
        "true_effect": float(truth.mean()),
        "mean_estimate": float(difference.mean()),
        "bias": float(error.mean()),
        "bias_error": float(error.std(ddof=1)) / math.sqrt(n),
        "estimate_sd": float(error.std(ddof=1)),
        "interval_width": float(np.mean(upper - lower)),
        "coverage_percent": 100 * covered,
        "coverage_error": share_error(covered, n),
        "significant_percent": 100 * significant,
        "significant_error": share_error(significant, n),
        "matched_treated_n": float(treated_n.mean()),
        "effective_controls_n": float(effective_n.mean()),
    }


def share_error(share: float, n: int) -> float:
    """Return the standard error of a share, in percent."""
    return 100 * math.sqrt(max(share * (1 - share), 0.0) / n)


def pooled_false_positives(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the false positives over rows of null scenarios together, and their error."""
    sizes = [int(str(row["estimated_n"])) for row in rows]
    shares = [float(str(row["significant_percent"])) for row in rows]
    n, found = sum(sizes), sum(a * b for a, b in zip(sizes, shares, strict=True))
    return found / n, share_error(found / n / 100, n)
