"""What `jdl estimate` warns of: values far from all others, and groups that are not alike."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from justice_data_lab.own_data.estimate import OwnCovariate, OwnData
from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.balance import Balance

FAR = 30.0
MOST_NUMBERS = 10
MOST_NAMED = 5


def own_warnings(data: OwnData, balance: Mapping[str, Balance]) -> list[str]:
    """Return a sentence for each covariate that may not be what it seems, and one for balance.

    data: in the order of the table, so that its rows can be named. A value is never quoted.
    """
    judges = (_far_text, _many_numbers_text, _many_forms_text)
    found = [text for one in data.covariates for judge in judges if (text := judge(one))]
    poor = [name for name, one in balance.items() if one.rating == "red"]
    if poor:
        names = ", ".join(poor[:MOST_NAMED])
        more = f" and {len(poor) - MOST_NAMED} more" if len(poor) > MOST_NAMED else ""
        found.append(
            f"balance is poor: after matching the two groups still differ on {names}{more}, so "
            "that the difference may be theirs and not the service's"
        )
    return found


def _far_text(covariate: OwnCovariate) -> str | None:
    if covariate.numbers is None:
        return None
    rows = np.flatnonzero(is_far(covariate.numbers)) + 1
    if not len(rows):
        return None
    named = ", ".join(f"{row}" for row in rows[:MOST_NAMED])
    more = f" and {len(rows) - MOST_NAMED:,} more" if len(rows) > MOST_NAMED else ""
    return (
        f"covariate {covariate.name}: row {named}{more} is far from all others, and can widen the "
        "radius for everybody; if it is a code for a missing value, leave the cell empty"
    )


def _many_numbers_text(covariate: OwnCovariate) -> str | None:
    """Say where a text has more levels that begin with a number than categories mostly are."""
    count = sum(re.match(r"\s*[-+]?\d", level) is not None for level in covariate.levels)
    if count <= MOST_NUMBERS:
        return None
    return (
        f"covariate {covariate.name}: is a text, and {count} of its {len(covariate.levels)} levels "
        "begin with a number; each is a column of its own: if it is a number, write it as one"
    )


def _many_forms_text(covariate: OwnCovariate) -> str | None:
    """Say where levels differ in case or in spaces only: they are one category, or a mistake."""
    one_form = {" ".join(level.split()).casefold() for level in covariate.levels}
    apart = len(covariate.levels) - len(one_form)
    if not apart:
        return None
    return (
        f"covariate {covariate.name}: {apart} of its levels differ from another in case or spaces "
        "only; write each category in one way"
    )


def is_far(values: FloatArray) -> BoolArray:
    """Tell the values more than 30 times the middle half's width away from it.

    Where the middle half is one value, the width is the median distance of the others from it.
    Source: Tukey (1977, Exploratory Data Analysis), whose fences are 1.5 and 3 times away: those
    of a skewed number of a life, such as debts, are crossed by honest values. Missing is not far.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    low, high = np.quantile(known, [0.25, 0.75])
    away = np.maximum(low - values, values - high)
    width = high - low
    if width == 0:
        apart = np.abs(known - low)[known != low]
        width = float(np.median(apart)) if len(apart) else 0.0
    far: BoolArray = away > FAR * width
    return far
