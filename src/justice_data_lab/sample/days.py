"""Dates as whole days since 1970-01-01 (int32), which is how the generator holds them."""

from datetime import date

import numpy as np
import numpy.typing as npt

Int = npt.NDArray[np.int32]

EPOCH = date(1970, 1, 1).toordinal()
NEVER = np.int32(200_000)
"""A day after every other: an open end, or something that does not happen."""


def day(text: str) -> int:
    """Days since 1970-01-01 of an ISO date."""
    return date.fromisoformat(text).toordinal() - EPOCH


def as_date(days: int) -> date:
    """Return the calendar date of one day number."""
    return date.fromordinal(int(days) + EPOCH)


def add_months(days: npt.ArrayLike, months: int) -> Int:
    """Add calendar months, clamped at the month's end (31 Aug + 6 months = 28 or 29 Feb)."""
    whole = np.asarray(days, dtype=np.int64).astype("datetime64[D]")
    month = whole.astype("datetime64[M]")
    day_of_month = whole - month.astype("datetime64[D]")
    target = month + np.timedelta64(months, "M")
    first = target.astype("datetime64[D]")
    length = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - first
    result = first + np.minimum(day_of_month, length - np.timedelta64(1, "D"))
    whole_days: Int = result.astype(np.int64).astype(np.int32)
    return whole_days


def years(days: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Calendar year of each day."""
    whole = np.asarray(days, dtype=np.int64).astype("datetime64[D]")
    return whole.astype("datetime64[Y]").astype(np.int64) + 1970
