"""Weighted sums, in one place: what they may come out as, and in which order they are added.

``@`` leaves the order to the processor's BLAS kernel, and a share of a whole can then come out as
1.0000000000000002. These sums are numpy's own, which are the same on every processor; a mean is
held to the range of its values.
"""

from __future__ import annotations

import math

import numpy as np

from justice_data_lab.statistics.arrow import FloatArray


def weighted_mean(values: FloatArray, weights: FloatArray | None = None) -> float:
    """Return sum w x / sum w, never outside the values with a weight; plain without weights.

    weights: 0 or more. A constant has exactly its own mean. NaN where nobody counts.
    """
    if weights is not None:
        used = weights > 0
        values, weights = values[used], weights[used]
    if not len(values):
        return math.nan
    low, high = float(values.min()), float(values.max())
    # From one of the values, so that neither a large level nor a huge weight takes the digits.
    away = values - low
    if weights is None:
        mean = low + float(np.mean(away))
    else:
        share = weights / weights.max()
        mean = low + float(np.sum(share * away)) / float(np.sum(share))
    return min(max(mean, low), high)


def effective_size(weights: FloatArray) -> float:
    """Return Kish's effective sample size (sum w)^2 / sum w^2, from 1 to the weights above 0.

    0 without weights. Source: Kish (1965).
    """
    used = weights[weights > 0]
    if not len(used):
        return 0.0
    share = used / used.max()
    size = float(np.sum(share)) ** 2 / float(np.sum(share * share))
    return min(max(size, 1.0), float(len(used)))


def mean_variance(values: FloatArray, weights: FloatArray, mean: float) -> float:
    """Return the robust variance of a weighted mean: sum (w (x - mean))^2 / W^2.

    HC0 of a regression on a constant: White (1980, Econometrica 48: 817-838). 0 for a constant.
    """
    share = weights / weights.max()
    return float(np.sum((share * (values - mean)) ** 2)) / float(np.sum(share)) ** 2
