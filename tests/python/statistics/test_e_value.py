import math

import numpy as np
import pytest
from scipy import optimize, stats

from justice_data_lab.statistics.e_value import e_value, e_values, ratio_bound
from justice_data_lab.statistics.intervals import Arm, newcombe, welch


def share_arm(rate, n):
    variance = rate * (1 - rate) * n / (n - 1)
    return Arm(n, float(n), rate, variance, variance / n)


def test_the_published_example():
    """Maternal smoking and the example of VanderWeele & Ding (2017): RR 3.9 (1.8 to 8.7)."""
    assert e_value(3.9) == pytest.approx(7.26, abs=5e-3)
    assert e_value(1.8) == pytest.approx(3.0, abs=5e-3)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value(1.0) == 1.0


def test_a_ratio_of_none_has_no_finite_e_value():
    assert e_value(0.0) is None
    assert e_value(math.inf) is None


@pytest.mark.parametrize("rates", [(0.20, 0.30), (0.40, 0.30), (0.02, 0.09), (0.97, 0.80)])
@pytest.mark.parametrize("compare", [welch, newcombe])
def test_the_bound_is_where_the_same_test_stops_being_significant(rates, compare):
    treated, control = share_arm(rates[0], 400), share_arm(rates[1], 3000)
    result = compare(treated, control)
    point, bound = e_values(result, treated, control)
    assert result.p_value < 0.05
    assert point == pytest.approx(e_value(rates[0] / rates[1]))
    assert 1 < bound < point

    half = result.difference.upper - result.difference.value

    def margin(ratio):
        """Distance of p1 - R p0 from 0 in halves of its interval, less 1."""
        away = abs(rates[0] - ratio * rates[1])
        if compare is welch:
            variance = treated.variance / 400 + control.variance / 3000
            t = half / math.sqrt(variance)
            spread = t * math.sqrt(treated.variance / 400 + ratio**2 * control.variance / 3000)
        else:
            up = rates[0] > rates[1]
            one = result.treated.lower if up else result.treated.upper
            other = result.control.upper if up else result.control.lower
            spread = math.hypot(rates[0] - one, ratio * (rates[1] - other))
        return away - spread

    ends = sorted((1.0, rates[0] / rates[1]))
    root = optimize.brentq(margin, *ends, xtol=1e-14)
    assert bound == pytest.approx(e_value(root), rel=1e-9)


@pytest.mark.parametrize("compare", [welch, newcombe])
def test_the_bound_is_1_exactly_when_the_result_is_inconclusive(compare):
    rng = np.random.default_rng(4)
    seen = set()
    for _ in range(300):
        treated = share_arm(rng.integers(1, 60) / 60, 60)
        control = share_arm(rng.uniform(0.05, 0.95), 500)
        result = compare(treated, control)
        bound = e_values(result, treated, control)[1]
        is_clear = result.p_value <= 0.05
        assert (bound > 1) == is_clear
        seen.add(is_clear)
    assert seen == {True, False}


def test_the_bound_is_near_that_of_the_log_risk_ratio():
    """Fieller's interval and the usual one on the log scale agree in large groups."""
    treated, control = share_arm(0.30, 20_000), share_arm(0.40, 50_000)
    error = math.sqrt(0.7 / (0.3 * 20_000) + 0.6 / (0.4 * 50_000))
    upper = 0.75 * math.exp(stats.norm.ppf(0.975) * error)
    bound = e_values(welch(treated, control), treated, control)[1]
    assert bound == pytest.approx(e_value(upper), rel=2e-3)


def test_groups_without_re_offenders():
    nobody, some = share_arm(0.0, 60), share_arm(0.2, 3000)
    point, bound = e_values(newcombe(nobody, some), nobody, some)
    assert point is None
    assert bound > 1
    treated, control = share_arm(0.2, 60), share_arm(0.0, 3000)
    point, bound = e_values(newcombe(treated, control), treated, control)
    assert point is None
    assert bound > 1
    neither = e_values(newcombe(nobody, control), nobody, control)
    assert neither == (None, 1.0)


def test_the_bound_at_no_margin_is_the_ratio():
    assert ratio_bound(0.2, 0.4, 0.0, 0.0) == pytest.approx(0.5)
    assert ratio_bound(0.4, 0.2, 0.0, 0.0) == pytest.approx(2.0)
