"""Rounding for publication: counts, rates, other figures. Halves go up, away from zero."""

from __future__ import annotations

import math

from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.rounding import half_up, rounded_p


def round_count(count: int | None, settings: DisclosureSettings) -> int | None:
    """Return a count as published: the nearest multiple of the rounding; exact when control is off.

    Every count is rounded for itself, so that rounded parts may not add up to a rounded total.
    """
    if count is None or not settings.is_on:
        return count
    base = settings.rounding
    return base * ((2 * int(count) + base) // (2 * base))


def round_size(size: float | None, settings: DisclosureSettings) -> float | None:
    """Return an effective size of a group, in people, rounded as a count."""
    if size is None or math.isnan(size):
        return None
    whole = round_figure(size, 0)
    return whole if whole is None else float(round_count(int(whole), settings) or 0)


def round_figure(value: float | None, places: int) -> float | None:
    """Return a figure to so many places, halves away from zero; null for null or NaN."""
    if value is None or math.isnan(value):
        return None
    return half_up(value, places)


def round_p(value: float | None) -> float | None:
    """Return a p value as published, see ``rounded_p``; null for null or NaN."""
    if value is None or math.isnan(value):
        return None
    return rounded_p(value)


def in_steps(value: float, step: float) -> float:
    """Return a figure as a multiple of a step, halves away from zero."""
    return half_up(step * half_up(value / step, 0), 9)


def round_percent(
    value: float | None, *, people: int | None, settings: DisclosureSettings
) -> float | None:
    """Return a rate, a bound or a difference in percent as published.

    Whole points; one decimal where it would round to 0 and the group has 200 people or more
    (methodology, section 6). In smaller groups it stays 0, to be read as "less than 1".
    """
    whole = round_figure(value, 0)
    if whole == 0 and people is not None and people >= settings.whole_points_below:
        return round_figure(value, 1)
    return whole
