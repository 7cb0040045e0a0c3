"""The headline method: one outcome of the treated against the weighted controls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from justice_data_lab.measures import Kind
from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.intervals import (
    Arm,
    Comparison,
    control_arm,
    newcombe,
    robust,
    treated_arm,
    welch,
)
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import effective_size, weighted_mean


@dataclass(frozen=True)
class Contrast:
    """Both arms and their comparison, in the units of the outcome (shares from 0 to 1).

    result: None where an arm of a count or duration does not vary, so that there is nothing to
    estimate its error from. expected_count_min: of a binary outcome, the smaller of the treated
    with the outcome and the control share times its effective size; None for the others.
    """

    treated: Arm
    control: Arm
    result: Comparison | None
    expected_count_min: float | None

    def std_error(self, alpha: float) -> float | None:
        """Return the standard error of the difference, None without a comparison.

        Welch and robust: the root of their variance. Newcombe: the width of the interval over
        that of a standard normal one, since its interval is not made from a standard error.
        """
        if self.result is None:
            return None
        if self.result.method == "welch_effective":
            error = self.treated.variance / self.treated.n + self.control.variance / (
                self.control.size
            )
            return float(np.sqrt(error))
        if self.result.method == "robust_t":
            return float(np.sqrt(self.treated.error_variance + self.control.error_variance))
        width = self.result.difference.upper - self.result.difference.lower
        return width / (2 * float(stats.norm.ppf(1 - alpha / 2)))


def contrast(
    outcome: FloatArray,
    treated: BoolArray,
    weight: FloatArray,
    kind: Kind,
    settings: MatchSettings,
    clusters: Clusters | None = None,
    *,
    is_sized: bool = True,
) -> Contrast | None:
    """Compare the matched treated with the weighted controls by the method for the outcome.

    outcome: of everybody, no NaN; 0 or 1 where ``binary``. weight: 1 for matched treated, the
    weight of matched controls; people with weight 0 do not count. clusters: persons and strata of
    all rows; None where a row is a person. is_sized: whether to find the number needed.

    Binary: Welch on the effective size; where fewer than ``guarded_expected_count`` people are
    expected with, or without, the outcome in either arm, Newcombe on the effective size (a share
    and its complement get the same interval). Counts and durations: robust variance, t(n1 - 1).
    None with fewer than two treated or an effective control size of 1 or less.
    """
    used = weight > 0
    ours, theirs = used & treated, used & ~treated
    weights = weight[theirs]
    if int(ours.sum()) < 2 or effective_size(weights) <= 1.0 + 1e-9:
        return None
    first = treated_arm(outcome[ours])
    second = control_arm(
        outcome[theirs],
        weights,
        None if clusters is None else clusters.take(theirs),
        at_least_kish=kind == "binary",
    )
    if second.size <= 1.0 + 1e-9:
        return None
    if kind != "binary":
        varies = first.variance > 0 and second.error_variance > 0
        result = robust(first, second, alpha=settings.alpha, is_sized=is_sized) if varies else None
        return Contrast(first, second, result, None)
    if smallest_expected(first, second) < settings.guarded_expected_count:
        result = newcombe(first, second, alpha=settings.alpha, is_sized=is_sized)
    else:
        result = welch(first, second, alpha=settings.alpha, is_sized=is_sized)
    return Contrast(first, second, result, _expected(first, second))


def linearise(
    outcome: FloatArray, exposure: FloatArray, treated: BoolArray, weight: FloatArray, per: float
) -> FloatArray | None:
    """Return values whose mean and variance in either arm are those of a ratio of weighted sums.

    With R = sum w y / sum w t and t the mean exposure of an arm, a person's value is
    per x (R + (y - R t) / mean t): its weighted mean is per x R, and the variance of that mean
    the linearised variance of the ratio. 0 for people without a weight. None where an arm has no
    exposure. Source: Woodruff (1971, JASA 66: 411-414).
    """
    values = np.zeros(len(outcome))
    for arm in (treated, ~treated):
        rows = np.flatnonzero(arm & (weight > 0))
        mean = weighted_mean(exposure[rows], weight[rows])
        if not mean > 0:
            return None
        ratio = weighted_mean(outcome[rows], weight[rows]) / mean
        values[rows] = per * (ratio + (outcome[rows] - ratio * exposure[rows]) / mean)
    return values


def smallest_expected(treated: Arm, control: Arm) -> float:
    """Return the smallest number expected with, or without, a binary outcome in either arm."""
    return min(_expected(treated, control), _expected(_complement(treated), _complement(control)))


def _expected(treated: Arm, control: Arm) -> float:
    """Return the smaller number expected with the outcome, the control share times its size.

    Rounded free of float residue, since 10 people are enough and 9.999999999999998 are 10.
    """
    return round(min(treated.n * treated.mean, control.size * control.mean), 9)


def _complement(arm: Arm) -> Arm:
    return replace(arm, mean=1 - arm.mean)
