"""How soon services start: Breslow's cumulative baseline hazard of a risk-set score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.radius import Days

LARGEST_HAZARD = 600.0


@dataclass(frozen=True)
class Baseline:
    """The hazard of a start, summed up to each day on which a service starts.

    days: distinct delays, ascending. total: H(day), for a person whose linear predictor is
    ``shift`` (the largest of the fit, so that no exponential overflows).
    """

    days: Days
    total: FloatArray
    shift: float

    def hazard(self, score: FloatArray, last_day: IntArray | FloatArray) -> FloatArray:
        """Return exp(score) x H(last_day): the starts to be expected of each by its last day."""
        seen = np.searchsorted(self.days, last_day, side="right")
        expected: FloatArray = np.exp(score - self.shift) * np.append(0.0, self.total)[seen]
        return expected

    def multipliers(self, score: FloatArray, last_day: IntArray | FloatArray) -> FloatArray:
        """Return m = exp(exp(score) x H(last_day)) of each control; 1 or more, never cut.

        One over the chance of not having started by its last day. People who start later are in
        the pool until they do, and those like them who never start must stand for them too, else
        the controls are people whom nobody would have sent to the service. (A hazard above 600,
        of which no float holds the exponential, counts as 600.)
        Source: inverse probability of censoring weights, Robins & Finkelstein (2000, Biometrics
        56: 779-788).
        """
        return np.exp(np.minimum(self.hazard(score, last_day), LARGEST_HAZARD))


def baseline_hazard(score: FloatArray, treated: BoolArray, days: IntArray | FloatArray) -> Baseline:
    """Return H(t) = sum over starts on days <= t of starts / sum of exp(score) at risk that day.

    score: linear predictors of all units of the fit (any constant may be added: it cancels in
    exp(score) x H). treated: at least one. days: delay of the treated, last day at risk of the
    controls; a unit is at risk up to and including its own day.
    Source: Breslow (1972, discussion of Cox), ties as in ``cox``.
    """
    shift = float(score.max())
    odds: FloatArray = np.exp(score - shift)
    distinct, starts = np.unique(days[treated], return_counts=True)
    seen = np.searchsorted(distinct, days, side="right")
    by_day = np.bincount(seen, weights=odds, minlength=len(distinct) + 1)[1:]
    at_risk = np.cumsum(by_day[::-1])[::-1]
    total: FloatArray = np.cumsum(starts / at_risk)
    return Baseline(distinct, total, shift)
