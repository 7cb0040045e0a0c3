"""The headline method: one outcome of the treated against the weighted controls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from justice_data_lab.measures import Kind
from justice_data_lab.statistics.arrow import BoolArray, FloatArray
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
from justice_data_lab.statistics.weighted import effective_size


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
) -> Contrast | None:
    """Compare the matched treated with the weighted controls by the method for the outcome.

    outcome: of everybody, no NaN; 0 or 1 where ``binary``. weight: 1 for matched treated, the
    weight of matched controls; people with weight 0 do not count.

    Binary: Welch on Kish's effective size; where fewer than ``guarded_expected_count`` people are
    expected with, or without, the outcome in either arm, Newcombe on the effective size (a share
    and its complement get the same interval). Counts and durations: robust variance, t(n1 - 1).
    None with fewer than two treated or an effective control size of 1 or less.
    """
    used = weight > 0
    ours, theirs = used & treated, used & ~treated
    weights = weight[theirs]
    if int(ours.sum()) < 2 or effective_size(weights) <= 1.0 + 1e-9:
        return None
    first, second = treated_arm(outcome[ours]), control_arm(outcome[theirs], weights)
    if kind != "binary":
        varies = first.variance > 0 and second.error_variance > 0
        result = robust(first, second, alpha=settings.alpha) if varies else None
        return Contrast(first, second, result, None)
    if smallest_expected(first, second) < settings.guarded_expected_count:
        result = newcombe(first, second, alpha=settings.alpha)
    else:
        result = welch(first, second, alpha=settings.alpha)
    return Contrast(first, second, result, _expected_with(first, second))


def smallest_expected(first: Arm, second: Arm) -> float:
    """Return the fewest people expected with, or without, a binary outcome in either arm."""
    without = round(min(first.n * (1 - first.mean), second.size * (1 - second.mean)), 9)
    return min(_expected_with(first, second), without)


def _expected_with(first: Arm, second: Arm) -> float:
    # Rounded free of float residue, since 10 people are enough and 9.999999999999998 are 10.
    return round(min(first.n * first.mean, second.size * second.mean), 9)
