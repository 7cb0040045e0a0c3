"""Every function of the statistics on any input: no undocumented exception, and exact references.

``JDL_EXAMPLES=10000`` (``make properties``) for many examples; CI takes few.
"""

import math
import os
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from justice_data_lab.statistics.balance import Weights, term_balance
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.cox import fit_cox
from justice_data_lab.statistics.doubly_robust import doubly_robust
from justice_data_lab.statistics.e_value import e_value, e_values
from justice_data_lab.statistics.glm import fit_logistic, fit_poisson
from justice_data_lab.statistics.intervals import newcombe_limits, newcombe_p, wilson_limits
from justice_data_lab.statistics.meta_analysis import combine_effects
from justice_data_lab.statistics.multiplicity import holm
from justice_data_lab.statistics.newton import screen_columns
from justice_data_lab.statistics.power import minimum_treated_n, smallest_detectable_points
from justice_data_lab.statistics.radius import match_radius
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import effective_size, mean_variance, weighted_mean

pytestmark = pytest.mark.filterwarnings("error")

many = settings(
    max_examples=int(os.environ.get("JDL_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
WEIGHT = st.one_of(st.just(0.0), st.just(1.0), st.floats(1e-12, 1e12), st.integers(0, 5).map(float))
SETTINGS = MatchSettings()
Z = "1.959963984540054235524594430520551527955550"


@st.composite
def people(draw, kind):
    """Draw a small world: who is treated, outcomes, weights and two columns."""
    n = draw(st.integers(1, 25))
    one = {
        "binary": st.sampled_from([0.0, 1.0]),
        "count": st.integers(0, 10**6).map(float),
        "continuous": st.floats(-1e9, 1e9),
    }[kind]
    constant = st.builds(lambda value: [value] * n, one)
    outcome = draw(st.one_of(constant, st.lists(one, min_size=n, max_size=n)))
    flags = st.lists(st.booleans(), min_size=n, max_size=n)
    treated = draw(st.one_of(st.just([True] * n), st.just([False] * n), flags))
    weight = draw(st.lists(WEIGHT, min_size=n, max_size=n))
    cell = st.one_of(st.integers(0, 2).map(float), st.floats(-1e6, 1e6))
    design = draw(st.lists(st.tuples(cell, cell), min_size=n, max_size=n))
    is_treated = np.array(treated)
    own = np.where(is_treated, np.array(weight) > 0, np.array(weight)).astype(float)
    return np.array(outcome), is_treated, own, np.array(design, dtype=float)


@pytest.mark.parametrize("kind", ["binary", "count", "continuous"])
def test_a_comparison_is_finite_or_none(kind):
    @many
    @given(people(kind))
    def check(world):
        outcome, treated, weight, design = world
        found = contrast(outcome, treated, weight, kind, SETTINGS)
        if found is not None and found.result is not None:
            figures = found.result
            assert 0 <= figures.p_value <= 1
            assert figures.difference.lower <= figures.difference.upper
            assert math.isfinite(figures.difference.value)
            assert figures.number_needed is None or figures.number_needed >= 2
            if kind == "binary":
                assert all(
                    value is None or value >= 1
                    for value in e_values(figures, found.treated, found.control)
                )
        robust = doubly_robust(outcome, treated, weight, design, kind, SETTINGS)
        if robust is not None:
            assert 0 <= robust.p_value <= 1
            assert robust.lower <= robust.upper

    check()


@many
@given(people("count"))
def test_a_fit_is_finite_or_says_why_not(world):
    count, treated, _, design = world
    keep = [at for at, one in enumerate(screen_columns(design)) if one == "estimated"]
    columns = np.asfortranarray(design[:, keep])
    if treated.all() or not treated.any():
        with pytest.raises(ValueError, match="needs treated units and controls"):
            fit_logistic(columns, treated)
    else:
        fit = fit_logistic(columns, treated)
        assert np.isfinite(fit.coefficients).all()
    if count.any():
        assert np.isfinite(fit_poisson(columns, count)[0]).all()
    else:
        with pytest.raises(ValueError, match="one above 0"):
            fit_poisson(columns, count)
    if treated.any():
        assert np.isfinite(fit_cox(columns, count, treated).coefficients).all()


def test_a_step_that_leaves_the_range_of_doubles_is_halved():
    first = [-4065.8, 1, 0.00036, 1.084, 2, 1, 1279.04, 1.1517]
    columns = np.column_stack([first, [1, -0.0055, 0.0009, 2, 149188.7, 0.0082, 1, 0]])
    treated = np.isin(np.arange(8), [0, 4, 5])
    fit = fit_cox(columns, np.array([0, 0, 0, 1, 1, 1, 0, 1]), treated)
    assert fit.ridge > 0, "the treated are separated"
    assert fit.converged


@many
@given(people("continuous"))
def test_balance_is_that_of_exact_fractions(world):
    value, treated, weight, _ = world
    found = term_balance(value, Weights(treated, weight))
    matched = [Fraction(x) for x, t, w in zip(value, treated, weight, strict=True) if t and w]
    if matched:
        largest = max(map(abs, matched)) + Fraction(1, 10**9)
        exact = sum(matched) / len(matched)
        assert abs(Fraction(found.treated_mean) - exact) <= largest / 10**12
    else:
        assert math.isnan(found.treated_mean)
    assert found.rating in (None, "green", "amber", "red")


@many
@given(st.lists(st.tuples(st.floats(-1e9, 1e9), WEIGHT), min_size=1, max_size=30))
def test_weighted_sums_are_those_of_exact_fractions(pairs):
    values, weights = np.array([x for x, _ in pairs]), np.array([w for _, w in pairs])
    total = sum(Fraction(w) for w in weights)
    if not total:
        assert math.isnan(weighted_mean(values, weights))
        assert effective_size(weights) == 0
        return
    exact = sum(Fraction(x) * Fraction(w) for x, w in pairs) / total
    size = total**2 / sum(Fraction(w) ** 2 for w in weights)
    largest = max(abs(Fraction(x)) for x, w in pairs if w) + Fraction(1, 10**9)
    assert abs(Fraction(weighted_mean(values, weights)) - exact) <= largest / 10**12
    assert abs(Fraction(effective_size(weights)) - size) <= size / 10**12
    assert mean_variance(values, weights, weighted_mean(values, weights)) >= 0


def wilson_exactly(k, n):
    """Return Wilson's limits of k of n in fifty digits."""
    z, p = Decimal(Z), Decimal(k) / n
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    scale = 1 + z * z / n
    return (p + z * z / (2 * n) - half) / scale, (p + z * z / (2 * n) + half) / scale


@many
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_score_intervals_are_those_of_fifty_digits(n1, n0, first, second):
    k1, k0 = round(first * n1), round(second * n0)
    with localcontext() as context:
        context.prec = 50
        low1, high1 = wilson_exactly(k1, n1)
        low0, high0 = wilson_exactly(k0, n0)
        p1, p0 = Decimal(k1) / n1, Decimal(k0) / n0
        lower = p1 - p0 - ((p1 - low1) ** 2 + (high0 - p0) ** 2).sqrt()
        upper = p1 - p0 + ((high1 - p1) ** 2 + (p0 - low0) ** 2).sqrt()
    assert wilson_limits(k1 / n1, n1, float(Z)) == pytest.approx(
        (float(low1), float(high1)), abs=1e-14
    )
    assert newcombe_limits(k1 / n1, n1, k0 / n0, n0, float(Z)) == pytest.approx(
        (float(lower), float(upper)), abs=1e-14
    )
    p_value = newcombe_p(k1 / n1, n1, k0 / n0, n0)
    assert 0 <= p_value <= 1
    if abs(p_value - 0.05) > 1e-9:
        assert (p_value < 0.05) == (lower > 0 or upper < 0)


GRID = st.integers(-20, 20)


@many
@given(
    st.lists(st.tuples(GRID, st.integers(0, 5)), max_size=20),
    st.lists(st.tuples(GRID, st.integers(0, 5)), max_size=30),
    st.integers(0, 15),
    st.booleans(),
)
def test_radius_weights_are_those_of_exact_fractions(ours, theirs, width, has_days):
    one = np.array(ours, dtype=np.int64).reshape(-1, 2)
    other = np.array(theirs, dtype=np.int64).reshape(-1, 2)
    days = {"delays": one[:, 1], "last_days": other[:, 1]} if has_days else {}
    found = match_radius(one[:, 0], other[:, 0], width=width, **days)
    weights = [Fraction(0)] * len(theirs)
    for place, (score, delay) in enumerate(ours):
        near = [
            at
            for at, (there, last) in enumerate(theirs)
            if abs(there - score) <= width and (not has_days or delay <= last)
        ]
        assert found.controls_n[place] == len(near)
        for at in near:
            weights[at] += Fraction(1, len(near))
    assert found.weights.tolist() == pytest.approx([float(weight) for weight in weights], abs=1e-13)


@many
@given(st.lists(st.floats(0, 1), max_size=20), st.floats(0, 1e300))
def test_adjusted_p_and_e_values_stay_in_their_range(p_values, ratio):
    adjusted = holm(np.array(p_values))
    assert ((adjusted >= np.array(p_values)) & (adjusted <= 1)).all()
    value = e_value(ratio)
    assert value is None or value >= 1


@many
@given(st.floats(1e-3, 100), st.floats(0, 1e9), st.floats(0, 0.25), st.floats(2, 1e9))
def test_power_has_a_size_a_difference_or_none(points, controls, variance, treated):
    assume(variance == 0 or variance > 1e-9)
    size = minimum_treated_n(points, controls, variance)
    assert size is None or size >= 2
    shown = smallest_detectable_points(
        treated_n=treated, controls_n=controls, variance=variance, power=0.8
    )
    assert shown is None or shown >= 0


@many
@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(1e-6, 1e3)), min_size=2, max_size=12))
def test_effects_combine_to_finite_figures(pairs):
    effects, errors = (np.array(column) for column in zip(*pairs, strict=True))
    found = combine_effects(effects, errors)
    assert found.lower <= found.difference <= found.upper
    assert 0 <= found.p_value <= 1
    assert found.tau2 >= 0
