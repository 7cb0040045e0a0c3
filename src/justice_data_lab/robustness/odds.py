"""Inverse odds weights: every control counts by how alike the treated it is, without a radius."""

from __future__ import annotations

import numpy as np

from justice_data_lab.statistics.arrow import FloatArray, IntArray


def inverse_odds_weights(
    scores: FloatArray,
    *,
    treated_n: int,
    delays: IntArray | None = None,
    last_days: IntArray | None = None,
) -> FloatArray:
    """Return the weights of the controls that give them the covariates of the treated (ATT).

    scores: linear predictors of the controls on support.
    treated_n: treated on support; the weights sum to them (to those with a control at risk).
    delays: of these treated; last_days: of the controls; both or neither.

    Without delays the score is a log-odds, and the weight is proportional to p / (1 - p) =
    exp(score). Source: Hirano, Imbens & Ridder (2003, Econometrica 71: 1161-1189).

    With delays the score is that of a Cox model, and a control at risk on day t starts then with
    odds proportional to exp(score) against the others at risk. So each treated person who starts
    on day t gives a weight of 1 in all to the controls with last_day >= t, in proportion to
    exp(score), and a control's weight is the sum over the days that it lived to see:
    exp(score_j) * sum over t <= last_day_j of starts_t / (sum of exp(score) over controls at risk
    on t). With one day this is the rule without delays.
    """
    if (delays is None) != (last_days is None):
        raise ValueError("the risk set needs both delays and last days, or neither")
    if not len(scores):
        return np.zeros(0)
    odds: FloatArray = np.exp(scores - scores.max())
    if delays is None or last_days is None:
        odds *= treated_n / float(odds.sum())
        return odds
    days, starts = np.unique(delays, return_counts=True)
    seen = np.searchsorted(days, last_days, side="right")
    by_day = np.bincount(seen, weights=odds, minlength=len(days) + 1)[1:]
    at_risk = np.cumsum(by_day[::-1])[::-1]
    share = np.divide(starts, at_risk, out=np.zeros(len(days)), where=at_risk > 0)
    weights: FloatArray = odds * np.append(0.0, np.cumsum(share))[seen]
    return weights
