"""Rounding for print: exact ties go half up, away from zero, whatever a double left of them.

23 of 40 is 57.5% and prints 58, though 100 * (23 / 40) is 57.49999999999999.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

ALPHA = 0.05
P_PLACES, MOST_P_PLACES = 2, 12
_RESIDUE = Decimal("1e-9")
_EXACT = Context(prec=400)  # every double has fewer digits


def half_up(value: float, places: int) -> float:
    """Return a finite figure to so many decimal places, ties away from zero; never a negative zero.

    What is within 1e-9 steps of a tie is one: a percentage k / n that is no tie is further away as
    long as n is below 5e8.
    """
    step = Decimal(1).scaleb(-places)
    whole = _EXACT.divide(Decimal(repr(float(value))), step)
    near = whole.quantize(_RESIDUE, rounding=ROUND_HALF_EVEN, context=_EXACT)
    rounded = near.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_EXACT)
    return float(_EXACT.multiply(rounded, step)) + 0.0


def rounded_p(value: float) -> float:
    """Return a p value to two places; more where these would print one above 0.05 as 0.05.

    0.0512 is 0.051: a p of 0.05 is significant, and never stands beside "cannot tell".
    """
    places = P_PLACES
    while value > ALPHA >= half_up(value, places) and places < MOST_P_PLACES:
        places += 1
    return half_up(value, places)


def significant(value: float, digits: int) -> float:
    """Return a finite figure to so many significant digits, ties away from zero."""
    if value == 0.0:
        return 0.0
    return half_up(value, digits - 1 - math.floor(math.log10(abs(value))))


def percent_of(part: int, whole: int, places: int = 0) -> float:
    """Return 100 part / whole to so many places, from integers alone; whole is above 0."""
    scale: int = 10**places
    size = (200 * scale * abs(part) + whole) // (2 * whole)
    return math.copysign(size, part) / scale + 0.0
