"""How strong unmeasured confounding would have to be: the E-value of a rate."""

from __future__ import annotations

import math

from justice_data_lab.statistics.intervals import Arm, Comparison


def e_value(ratio: float) -> float | None:
    """Return the E-value of a risk ratio: RR + sqrt(RR (RR - 1)), of 1 / RR where RR is below 1.

    The smallest risk ratio that something unmeasured must have with both the service and
    re-offending, beside all covariates, to explain the ratio away; 1 where there is nothing to
    explain. None for a ratio of 0 or infinity: no finite strength would do. Source: VanderWeele &
    Ding (2017, Annals of Internal Medicine 167: 268-274).
    """
    if ratio <= 0 or not math.isfinite(ratio):
        return None
    larger = max(ratio, 1 / ratio)
    return larger + math.sqrt(larger * (larger - 1))


def e_values(result: Comparison, treated: Arm, control: Arm) -> tuple[float | None, float | None]:
    """Return the E-values of a compared rate and of the bound of its risk ratio nearest to none.

    result: the comparison of the two arms (shares from 0 to 1), by Welch or Newcombe. The bound
    is the ratio R at which p1 - R p0, tested by the same method as the difference, has p = alpha:
    so it is 1 exactly when the interval of the difference holds zero.
    """
    point = e_value(treated.mean / control.mean) if control.mean else None
    if result.difference.lower <= 0 <= result.difference.upper:
        return point, 1.0
    bound = ratio_bound(treated.mean, control.mean, *_squared_margins(result, treated, control))
    return point, e_value(bound)


def ratio_bound(p1: float, p0: float, margin1: float, margin0: float) -> float:
    """Return the bound of p1 / p0 nearest to 1: the R with (p1 - R p0)^2 = m1 + R^2 m0.

    margin1, margin0: squared distances from each share to its limit on the side towards the
    other. With t^2 times the squared standard errors this is Fieller's theorem (Fieller 1954);
    with the limits of Wilson it is MOVER-R, which goes with Newcombe's interval (Donner & Zou
    2012, Statistical Methods in Medical Research 21: 347-359). The difference must be
    significant, else there is no such R on the share's side of 1.
    """
    lead, middle, last = p0 * p0 - margin0, p1 * p0, p1 * p1 - margin1
    root = math.sqrt(max(middle * middle - lead * last, 0.0))
    return last / (middle + root) if p1 > p0 else (middle + root) / lead


def _squared_margins(result: Comparison, treated: Arm, control: Arm) -> tuple[float, float]:
    if result.method == "newcombe_effective":
        is_higher = treated.mean > control.mean
        one = result.treated.lower if is_higher else result.treated.upper
        other = result.control.upper if is_higher else result.control.lower
        return (treated.mean - one) ** 2, (control.mean - other) ** 2
    first, second = treated.variance / treated.n, control.variance / control.size
    half = result.difference.upper - result.difference.value
    squared_t = half * half / (first + second)
    return squared_t * first, squared_t * second
