"""Weighted sums stay in their range, and are the same whatever kernel the processor has."""

import json
import math
import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from justice_data_lab.statistics.balance import Weights, term_balance
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.intervals import control_arm, newcombe_limits, wilson_limits
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.survival import survival_curve
from justice_data_lab.statistics.weighted import effective_size, mean_variance, weighted_mean

WEIGHTS = st.lists(st.floats(1e-12, 1e12), min_size=1, max_size=60)
Z = 1.959963984540054
KERNELS = ("", "Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX")


@given(WEIGHTS, st.sampled_from([0.0, 1.0, 0.1, 1 / 3, -7.3, 1e9 + 0.1]))
def test_a_constant_is_its_own_mean_and_does_not_vary(weights, value):
    weight, values = np.array(weights), np.full(len(weights), value)
    assert weighted_mean(values, weight) == value
    assert weighted_mean(values) == value
    assert mean_variance(values, weight, value) == 0.0
    assert 1.0 <= effective_size(weight) <= len(weights)


@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.integers(0, 10**6)), min_size=1, max_size=40))
def test_a_mean_is_the_exact_one_within_its_values(pairs):
    values, weight = np.array([x for x, _ in pairs]), np.array([float(w) for _, w in pairs])
    total = sum(w for _, w in pairs)
    if not total:
        assert math.isnan(weighted_mean(values, weight))
        return
    used = [x for x, w in pairs if w]
    mean = weighted_mean(values, weight)
    exact = sum(Fraction(x) * w for x, w in pairs) / total
    assert min(used) <= mean <= max(used)
    assert abs(Fraction(mean) - exact) <= Fraction(1e-13) * Fraction(max(map(abs, used)) + 1e-300)


def test_nobody_has_no_mean_and_no_size():
    assert math.isnan(weighted_mean(np.zeros(0)))
    assert math.isnan(weighted_mean(np.ones(3), np.zeros(3)))
    assert effective_size(np.zeros(3)) == 0


@pytest.mark.parametrize("over", [1 + 2.3e-16, -2.3e-16])
@pytest.mark.parametrize("n", [1.0, 30, 257.3])
def test_the_limits_hold_a_hair_outside_the_range(over, n):
    inside = min(max(over, 0.0), 1.0)
    assert wilson_limits(over, n, Z) == wilson_limits(inside, n, Z)
    assert newcombe_limits(over, n, 0.5, 40, Z) == pytest.approx(
        newcombe_limits(inside, n, 0.5, 40, Z), abs=1e-15
    )


@given(st.lists(st.floats(1e-6, 5), min_size=2, max_size=200))
def test_a_measure_that_everybody_has_is_compared_with_itself(weights):
    weight = np.concatenate([np.ones(40), weights])
    treated = np.arange(len(weight)) < 40
    for value in (0.0, 1.0):
        found = contrast(np.full(len(weight), value), treated, weight, "binary", MatchSettings())
        if found is None:
            assert effective_size(np.array(weights)) <= 1 + 1e-9
            continue
        assert (found.control.mean, found.control.variance) == (value, 0.0)
        assert found.result.difference.value == 0
        assert found.result.p_value == 1


@given(st.lists(st.floats(1e-6, 5), min_size=2, max_size=200))
def test_constants_balance_exactly_and_curves_stay_in_range(weights):
    weight = np.concatenate([np.ones(9), weights])
    balance = term_balance(np.full(len(weight), 0.1), Weights(np.arange(len(weight)) < 9, weight))
    assert balance.treated_mean == balance.control_mean_after == 0.1
    assert math.isnan(balance.smd_after)
    assert balance.rating == "green"
    for days in (math.nan, 366.0, 1.0):
        rows = survival_curve(np.full(len(weights), days), np.array(weights))
        assert all(0 <= r["lower"] <= r["survival"] <= r["upper"] <= 1 for r in rows)


def test_equal_weights_give_the_plain_variance():
    values = np.array([1.0, 0, 1, 1, 0, 0, 0])
    arm = control_arm(values, np.full(7, 0.3))
    assert (arm.size, arm.mean) == (7, pytest.approx(3 / 7, abs=1e-15))
    assert arm.variance == pytest.approx(np.var(values, ddof=1), rel=1e-14)


PROGRAM = """
import json, sys
import numpy as np
from justice_data_lab.own_data.estimate import OwnCovariate, OwnData, estimate_own
from justice_data_lab.statistics.settings import MatchSettings
rng = np.random.default_rng(11)
n, found = 3000, []
age, group = rng.normal(35, 9, n), rng.integers(0, 4, n)
treated = rng.random(n) < 1 / (1 + np.exp(4 - age / 18 - 0.4 * group))
for share in (1.0, 0.0, 0.4):
    outcome = (rng.random(n) < share).astype(float)
    covariates = (OwnCovariate("age", age), OwnCovariate("group", None, tuple("abcd"), group))
    result = estimate_own(OwnData(treated, outcome, covariates), "binary", MatchSettings())
    compared, robust = result.compared, result.doubly_robust
    exact = [compared.result.method, int((result.weight > 0).sum()), robust is None]
    exact += [b.rating for b in result.balance.values()]
    if share in (0.0, 1.0):
        exact += [compared.control.mean, compared.control.variance, compared.result.p_value]
    close = [compared.control.mean, compared.result.difference.lower, result.effective_control_n]
    found.append([exact, close, [] if robust is None else [robust.difference, robust.p_value]])
json.dump(found, sys.stdout)
"""


def on_kernel(name):
    surroundings = {**os.environ, "OPENBLAS_CORETYPE": name} if name else dict(os.environ)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode < 0:
        pytest.skip(f"this processor has no instructions of {name}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def plain():
    return on_kernel(KERNELS[0])


@pytest.mark.parametrize("name", KERNELS[1:])
def test_no_decision_depends_on_the_kernel_that_summed(plain, name):
    for one, other in zip(on_kernel(name), plain, strict=True):
        assert one[0] == other[0]
        assert one[1] == pytest.approx(other[1], rel=1e-9)
        assert one[2] == pytest.approx(other[2], rel=1e-7)
