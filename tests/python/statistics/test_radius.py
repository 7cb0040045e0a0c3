from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_data_lab.statistics import radius
from justice_data_lab.statistics.radius import match_radius, to_grid

SCORES = st.lists(st.integers(-12, 12), min_size=0, max_size=14)
UNITS = st.lists(st.tuples(st.integers(-12, 12), st.integers(0, 6)), min_size=0, max_size=16)


def pair_table(treated, controls, width, delays, last_days):
    """Counts and exact weights from every pair."""
    pairs = [
        (i, j)
        for i, score in enumerate(treated)
        for j, other in enumerate(controls)
        if abs(score - other) <= width and delays[i] <= last_days[j]
    ]
    counts = [sum(1 for a, _ in pairs if a == i) for i in range(len(treated))]
    weights = [
        sum((Fraction(1, counts[i]) for i, b in pairs if b == j), Fraction(0))
        for j in range(len(controls))
    ]
    return counts, weights


def check(matched, expected):
    counts, weights = expected
    assert matched.controls_n.tolist() == counts
    assert (matched.weights > 0).tolist() == [weight > 0 for weight in weights]
    assert matched.weights == pytest.approx([float(weight) for weight in weights], abs=1e-12)
    assert matched.weights.sum() == pytest.approx(sum(1 for k in counts if k), abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(treated=SCORES, controls=SCORES, width=st.integers(0, 8))
def test_equals_a_pair_table(treated, controls, width):
    matched = match_radius(np.array(treated, np.int64), np.array(controls, np.int64), width=width)
    nobody = ([0] * len(treated), [0] * len(controls))
    check(matched, pair_table(treated, controls, width, *nobody))


@settings(max_examples=250, deadline=None)
@given(
    treated=UNITS, controls=UNITS, width=st.integers(0, 8), cells=st.sampled_from([1, 20, 10**6])
)
def test_equals_a_pair_table_with_risk_sets(treated, controls, width, cells):
    t, d = [list(x) for x in zip(*treated, strict=True)] or ([], []) if treated else ([], [])
    c, last = [list(x) for x in zip(*controls, strict=True)] if controls else ([], [])
    before, radius.TABLE_CELLS = radius.TABLE_CELLS, cells
    try:
        matched = match_radius(
            np.array(t, np.int64),
            np.array(c, np.int64),
            width=width,
            delays=np.array(d, np.int64),
            last_days=np.array(last, np.int64),
        )
    finally:
        radius.TABLE_CELLS = before
    check(matched, pair_table(t, c, width, d, last))


@settings(max_examples=50, deadline=None)
@given(units=UNITS, others=UNITS, seed=st.integers(0, 1000))
def test_order_of_rows_changes_no_bit(units, others, seed):
    rng = np.random.default_rng(seed)
    t, c = np.array(units, np.int64).reshape(-1, 2), np.array(others, np.int64).reshape(-1, 2)
    a, b = rng.permutation(len(t)), rng.permutation(len(c))
    one = match_radius(t[:, 0], c[:, 0], width=3, delays=t[:, 1], last_days=c[:, 1])
    two = match_radius(t[a, 0], c[b, 0], width=3, delays=t[a, 1], last_days=c[b, 1])
    assert (one.controls_n[a] == two.controls_n).all()
    assert (one.weights[b] == two.weights).all()


def test_the_interval_is_closed_on_the_grid():
    score, width = to_grid(np.array([0.1 + 0.2])), int(to_grid(np.array([0.1]))[0])
    controls = to_grid(np.array([0.2, 0.4, 0.2 - 2e-12, 0.4 + 2e-12]))
    matched = match_radius(score, controls, width=width)
    assert matched.controls_n.tolist() == [2]
    assert matched.weights.tolist() == [0.5, 0.5, 0.0, 0.0]


def test_a_control_stands_for_delays_up_to_its_last_day():
    matched = match_radius(
        np.array([0]),
        np.array([0, 0, 0]),
        width=1,
        delays=np.array([7]),
        last_days=np.array([6, 7, 8]),
    )
    assert matched.weights.tolist() == [0.0, 0.5, 0.5]


def test_no_residue_in_a_large_pool():
    rng = np.random.default_rng(5)
    treated = to_grid(rng.normal(0.3, 1, 500))
    controls = to_grid(np.concatenate([rng.normal(0, 1, 50_000), [40.0, -40.0]]))
    delays, last_days = rng.integers(0, 90, 500), rng.integers(0, 120, 50_002)
    matched = match_radius(treated, controls, width=2 * 10**11, delays=delays, last_days=last_days)
    covered = np.zeros(50_002, dtype=bool)
    for score, delay in zip(treated, delays, strict=True):
        covered |= (np.abs(controls - score) <= 2 * 10**11) & (delay <= last_days)
    assert ((matched.weights > 0) == covered).all()


def test_bad_arguments_say_so():
    some = np.array([1])
    with pytest.raises(ValueError, match="both delays and last days"):
        match_radius(some, some, width=1, delays=some)
    with pytest.raises(ValueError, match="negative"):
        match_radius(some, some, width=-1)
    with pytest.raises(ValueError, match="below 4e6"):
        to_grid(np.array([np.nan]))
