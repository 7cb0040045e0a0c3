"""Many tests in one request: Holm's step-down adjustment."""

from __future__ import annotations

import numpy as np

from justice_data_lab.statistics.arrow import FloatArray


def holm(p_values: FloatArray) -> FloatArray:
    """Return Holm's adjusted p values, in the order given.

    p_values: of all tests of one family, 0 to 1, none unknown. With m tests in ascending order,
    the adjusted p of the i-th is the largest of (m - j + 1) p_j over j <= i, at most 1. A test
    rejected at p_adjusted <= alpha keeps the chance of any false positive in the family at alpha,
    whatever the dependence. Source: Holm (1979, Scandinavian Journal of Statistics 6: 65-70).
    """
    order = np.argsort(p_values, kind="stable")
    steps = np.arange(len(p_values), 0, -1) * p_values[order]
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
