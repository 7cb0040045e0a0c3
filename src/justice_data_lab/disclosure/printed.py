"""What a printed share and its printed interval say of the people behind them.

All sizes that the printed size allows are tried with all numbers near the true one; those that
would be printed alike say between what the number of people and their share must lie.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import numpy as np
from scipy import stats

from justice_data_lab.disclosure.audit import Range, count_range, share_ranges
from justice_data_lab.disclosure.settings import DisclosureSettings

Limits = Literal["welch", "wilson"]


def printed_share(
    part: Collection[int],
    whole: Collection[int],
    *,
    having: int,
    people: int,
    settings: DisclosureSettings,
    step: float = 1,
    limits: Limits | None = None,
) -> list[Range]:
    """Return the ranges of a part and of its share of the whole (``audit``).

    having, people: their true numbers. step: percentage points in which the share is printed, and
    its limits where they are: those of ``intervals.welch`` for the treated (t with n - 1), or
    Wilson's.
    """
    sizes = count_range((), people, settings)
    near = round(2 * step + sizes.highest * step / 50) + 2
    having_of, people_of = np.meshgrid(
        np.arange(max(0, having - near), having + near + 1),
        np.arange(max(2, sizes.lowest), sizes.highest + 1),
    )
    truth = _printed(np.full_like(people_of, having), np.full_like(people_of, people), step, limits)
    alike = (_printed(having_of, people_of, step, limits) == truth).all(axis=0)
    fits = alike & (having_of <= people_of)
    counts, shares = having_of[fits], having_of[fits] / people_of[fits]
    return [
        Range(dict.fromkeys(part, 1.0), float(counts.min()), float(counts.max())),
        *share_ranges(part, whole, float(shares.min()), float(shares.max())),
    ]


def _printed(having: Any, people: Any, step: float, limits: Limits | None) -> np.ndarray:
    """Return shares, and their limits, as multiples of a step; halves up."""
    share = np.clip(having / people, 0, 1)
    figures = [share]
    if limits == "welch":
        sizes, places = np.unique(people, return_inverse=True)
        critical = np.asarray(stats.t.ppf(0.975, sizes - 1))[places].reshape(people.shape)
        reach = critical * np.sqrt(share * (1 - share) / (people - 1))
        figures += [share - reach, share + reach]
    elif limits == "wilson":
        z = float(stats.norm.ppf(0.975))
        reach = z * np.sqrt(share * (1 - share) / people + (z / people) ** 2 / 4)
        middle, scale = share + z * z / (2 * people), 1 + z * z / people
        figures += [(middle - reach) / scale, (middle + reach) / scale]
    return np.floor(100 * np.array(figures) / step + 0.5 + 1e-9)
