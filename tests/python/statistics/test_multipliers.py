"""Reweighting for those who start later: Breslow's baseline, the multipliers and their weights."""

import math
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_cohort import scored

from justice_data_lab.statistics import match_controls
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.cox import fit_cox
from justice_data_lab.statistics.radius import match_radius

UNIT = st.tuples(st.integers(-12, 12), st.integers(0, 6), st.integers(1, 9))
UNITS = st.lists(UNIT, min_size=1, max_size=16)


def starts(seed=1, n=400):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    wish = rng.exponential(80 * np.exp(-0.5 * x[:, 0]))
    lost = rng.integers(0, 60, n)
    treated = wish <= lost
    return x, np.where(treated, np.floor(wish), lost).astype(np.int64), treated


def test_the_baseline_is_that_of_statsmodels():
    x, days, treated = starts()
    score = x @ fit_cox(x, days, treated).coefficients
    baseline = baseline_hazard(score, treated, days)
    reference = sm.PHReg(days + 1.0, x, status=treated.astype(int), ties="breslow").fit()
    times, before, _ = reference.baseline_cumulative_hazard[0]  # up to, without, each day
    assert times.tolist() == (baseline.days + 1.0).tolist()
    at_zero = baseline.hazard(np.zeros(len(times)), baseline.days)
    assert at_zero[:-1] == pytest.approx(before[1:], rel=1e-6)


def test_the_hazards_of_all_add_up_to_the_starts():
    x, days, treated = starts()
    score = x @ fit_cox(x, days, treated).coefficients
    expected = baseline_hazard(score, treated, days).hazard(score, days)
    assert expected.sum() == pytest.approx(treated.sum(), rel=1e-12)


def test_a_constant_in_the_score_changes_nothing():
    x, days, treated = starts()
    score = x @ np.array([0.7, -0.4])
    one = baseline_hazard(score, treated, days).multipliers(score, days)
    two = baseline_hazard(score + 900, treated, days).multipliers(score + 900, days)
    assert one == pytest.approx(two, rel=1e-10)
    assert one.min() >= 1


def test_multipliers_by_hand():
    score = np.array([0.2, -0.1, 0.5, 0.0])
    treated = np.array([True, True, False, False])
    days = np.array([3, 5, 4, 9])
    risk3 = math.fsum(math.exp(s) for s in score)
    risk5 = math.exp(-0.1) + math.exp(0.0)
    found = baseline_hazard(score, treated, days).multipliers(score[2:], days[2:])
    expected = [
        math.exp(math.exp(0.5) / risk3),
        math.exp(1 / risk3 + 1 / risk5),
    ]
    assert found == pytest.approx(expected, rel=1e-14)


@settings(max_examples=200, deadline=None)
@given(treated=UNITS, controls=UNITS, width=st.integers(0, 8))
def test_weights_equal_a_pair_table(treated, controls, width):
    pairs = [
        (i, j)
        for i, (score, delay, _) in enumerate(treated)
        for j, (other, last, _) in enumerate(controls)
        if abs(score - other) <= width and delay <= last
    ]
    sums = [sum(controls[j][2] for a, j in pairs if a == i) for i in range(len(treated))]
    expected = [
        float(sum((Fraction(m, sums[i]) for i, b in pairs if b == j), Fraction(0)))
        for j, (_, _, m) in enumerate(controls)
    ]
    t, d, _ = (np.array(one, np.int64) for one in zip(*treated, strict=True))
    c, last, m = (np.array(one, np.int64) for one in zip(*controls, strict=True))
    found = match_radius(
        t, c, width=width, delays=d, last_days=last, multipliers=m.astype(np.float64)
    )
    assert found.weights == pytest.approx(expected, abs=1e-12)
    assert found.controls_n.tolist() == [sum(a == i for a, _ in pairs) for i in range(len(t))]
    again = match_radius(
        t, c[::-1], width=width, delays=d, last_days=last[::-1],
        multipliers=m[::-1].astype(np.float64),
    )  # fmt: skip
    assert (again.weights[::-1] == found.weights).all()


def test_multipliers_of_one_change_no_bit():
    rng = np.random.default_rng(3)
    t, c = rng.integers(-900, 900, 80), rng.integers(-900, 900, 3000)
    days = {"delays": rng.integers(0, 60, 80), "last_days": rng.integers(0, 90, 3000)}
    plain = match_radius(t, c, width=30, **days)
    ones = match_radius(t, c, width=30, multipliers=np.ones(3000), **days)
    assert (plain.weights == ones.weights).all()
    assert (plain.controls_n == ones.controls_n).all()


def test_there_is_none_without_delays_and_one_a_control_with_them():
    for with_delay in (True, False):
        table, own = scored(with_delay=with_delay)
        rows = match_controls(table, own).to_pylist()
        known = [row["multiplier"] for row in rows if not row["is_treated"]]
        assert all(row["multiplier"] is None for row in rows if row["is_treated"])
        if with_delay:
            assert min(known) >= 1
            assert len(set(known)) > 100
        else:
            assert set(known) == {1.0}
        total = sum(row["weight"] for row in rows if not row["is_treated"])
        assert total == pytest.approx(sum(row["weight"] for row in rows if row["is_treated"]))


def test_the_multiplier_is_the_count_of_those_like_it_who_start_later():
    """Each started with chance p by its last day: 1 / (1 - p) of them stand for all."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(40_000, 1))
    last = rng.integers(5, 90, 40_000)
    start = rng.exponential(200 * np.exp(-0.8 * x[:, 0]))
    treated = start <= last
    days = np.where(treated, np.floor(start), last).astype(np.int64)
    score = x @ fit_cox(x, days, treated).coefficients
    weight = baseline_hazard(score, treated, days).multipliers(score[~treated], days[~treated])
    for low, high in ((-9, -0.5), (-0.5, 0.5), (0.5, 9)):
        everybody = (x[:, 0] > low) & (x[:, 0] <= high)
        restored = weight[everybody[~treated]].sum()
        assert restored == pytest.approx(everybody.sum(), rel=0.02)
        assert (everybody & ~treated).sum() < 0.92 * everybody.sum()
