"""Equipoise: whether people like the treated might as well have been among the controls."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    sort_rows,
)
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.glm import probability

PREFERENCES = (0.3, 0.7)


def equipoise(scores: pa.Table) -> dict[tuple[str, ...], float]:
    """Return the percent of the treated with a preference score of 0.3 to 0.7, by analysis.

    scores: what ``score_propensities`` returns. S, the chance of treatment, is the propensity of a
    logistic score; of a risk-set score it is the chance of having started by the median delay of
    the treated, 1 - exp(-exp(score) H(median)). The treated off support have none, and count as
    outside. Source: Walker et al. (2013, Comparative Effectiveness Research 3: 11-20).
    """
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    treated, on_support = rows.booleans("is_treated"), rows.booleans("on_support")
    score, propensity = rows.floats("score"), rows.floats("propensity")
    days = np.where(
        treated, rows.integers("delay_days", null=0), rows.integers("last_day", null=NEVER)
    )
    shares: dict[tuple[str, ...], float] = {}
    for analysis, parts in rows.analyses():
        inside = treated_n = 0
        for _, part in parts:
            used = np.flatnonzero(on_support[part]) + part.start
            mine = treated[used]
            treated_n += int(treated[part].sum())
            if not mine.any() or mine.all():
                continue
            log_odds = _log_odds(score[used], mine, days[used], propensity[used])
            preference = preference_scores(log_odds)[mine]
            low, high = PREFERENCES
            inside += int(((preference >= low) & (preference <= high)).sum())
        if treated_n:
            shares[analysis] = 100.0 * inside / treated_n
    return shares


def preference_scores(log_odds: FloatArray) -> FloatArray:
    """Return the preference score F of people whose chances of treatment S have these log odds.

    ln(F / (1 - F)) = ln(S / (1 - S)) - ln(P / (1 - P)), with P the mean of S: what is left of the
    chance when it is taken out how rare the treatment is.
    """
    share = float(np.mean(probability(log_odds)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return probability(log_odds - (np.log(share) - np.log1p(-share)))


def _log_odds(
    score: FloatArray, treated: BoolArray, days: IntArray, propensity: FloatArray
) -> FloatArray:
    """Return the log odds of treatment of everybody on support in one stratum."""
    if not np.isnan(propensity).any():
        return score
    median = np.full(len(score), np.median(days[treated]))
    expected = baseline_hazard(score, treated, days).hazard(score, median)
    with np.errstate(divide="ignore"):
        log_odds: FloatArray = expected + np.log(-np.expm1(-expected))
    return log_odds
