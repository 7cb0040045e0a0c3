"""The tilt against scipy's constrained minimum, its rules on both sides, and known strengths."""

import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, special

from justice_data_lab.statistics.tilt_terms import TiltColumn, column_strengths, tilt_terms
from justice_data_lab.statistics.tilting import TiltTerm, tilt


def controls(seed=1, n=120, terms=3, shift=0.15):
    rng = np.random.default_rng(seed)
    return rng.gamma(2, 1, n), rng.normal(size=(n, terms)) - shift


def columns_of(number):
    return tuple(TiltTerm(f"x{place}", "column", float(place + 1)) for place in range(number))


def least_entropy(weights, values, cells):
    """A second implementation: the constrained problem itself, by SLSQP."""
    base = weights / weights.sum()
    constraints = [{"type": "eq", "fun": lambda p: values.T @ p, "jac": lambda p: values.T}]
    for cell in np.unique(cells):
        row = (cells == cell).astype(float)
        constraints.append(
            {
                "type": "eq",
                "fun": lambda p, row=row: row @ p - row @ base,
                "jac": lambda p, row=row: row,
            }
        )
    found = optimize.minimize(
        lambda p: special.rel_entr(p, base).sum(),
        base,
        jac=lambda p: np.log(np.maximum(p, 1e-300) / base) + 1,
        bounds=[(1e-12, 1)] * len(base),
        constraints=constraints,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.success
    return found.x * weights.sum()


@pytest.mark.parametrize("cells_n", [1, 3])
def test_it_is_the_smallest_change_in_entropy(cells_n):
    weights, values = controls()
    cells = np.arange(len(weights)) % cells_n
    found = tilt(weights, values, columns_of(3), treated_n=100, cells=cells)
    assert found.status == ("balanced",) * 3
    assert found.weights == pytest.approx(least_entropy(weights, values, cells), abs=2e-5)
    assert found.weights @ values == pytest.approx(np.zeros(3), abs=1e-8)
    for cell in range(cells_n):
        inside = cells == cell
        assert found.weights[inside].sum() == pytest.approx(weights[inside].sum(), rel=1e-12)


def test_weights_are_exponential_in_the_terms():
    weights, values = controls()
    found = tilt(weights, values, columns_of(3), treated_n=100)
    ratio = np.log(found.weights / weights) - values @ found.coefficients
    assert np.ptp(ratio) < 1e-10
    assert found.largest_difference < 1e-9
    assert found.before == pytest.approx(-(weights @ values) / weights.sum())
    assert np.abs(found.after).max() == pytest.approx(found.largest_difference, abs=1e-12)
    assert found.largest_share == found.weights.max() / found.weights.sum()


def test_no_term_and_balanced_terms_change_nothing():
    weights, values = controls()
    none = tilt(weights, values[:, :0], (), treated_n=100)
    assert (none.weights == weights).all()
    assert none.iterations == 0
    values -= (weights @ values) / weights.sum()
    same = tilt(weights, values, columns_of(3), treated_n=100)
    assert same.weights == pytest.approx(weights, rel=1e-12)


def test_one_constraint_for_every_five_treated_and_the_weakest_go_first():
    weights, values = controls(n=400, terms=6)
    kinds = ("column", "column", "square", "square", "product", "product")
    terms = tuple(
        TiltTerm(f"t{place}", kind, strength)
        for place, (kind, strength) in enumerate(zip(kinds, (1, 5, 5, 9, 8, 8), strict=True))
    )
    for treated_n, gone in ((30, ""), (29, "4"), (24, "45"), (19, "452"), (14, "4523")):
        found = tilt(weights, values, terms, treated_n=treated_n)
        expected = {int(place) for place in gone}
        assert {i for i, s in enumerate(found.status) if s == "over_the_cap"} == expected
        left = [place for place in range(6) if place not in expected]
        assert np.abs(found.after[left]).max() < 1e-9
        assert all(found.coefficients[place] == 0 for place in expected)
    assert tilt(weights, values, terms, treated_n=4).status == ("over_the_cap",) * 6


def test_a_term_that_no_weights_balance_goes_first_and_alone():
    weights, values = controls(terms=3)
    values[:, 2] = np.abs(values[:, 2]) + 0.02
    found = tilt(weights, values, columns_of(3), treated_n=100)
    assert found.status == ("balanced", "balanced", "impossible")
    alone = tilt(weights, values[:, :2], columns_of(2), treated_n=100)
    assert found.weights == pytest.approx(alone.weights, rel=1e-9)
    values[:, 2] -= 0.019
    values[0, 2] = 0.009
    assert tilt(weights, values, columns_of(3), treated_n=100).status[2] != "impossible"


def test_together_impossible_terms_lose_the_weaker():
    rng = np.random.default_rng(4)
    x = rng.normal(size=300)
    values = np.column_stack([x, -x + 0.5])  # the means cannot both be 0
    strengths = {"weak_first": (1.0, 2.0), "weak_last": (2.0, 1.0)}
    for name, (one, other) in strengths.items():
        terms = (TiltTerm("a", "column", one), TiltTerm("b", "column", other))
        found = tilt(np.ones(300), values, terms, treated_n=100)
        expected = ("dropped", "balanced") if name == "weak_first" else ("balanced", "dropped")
        assert found.status == expected
        assert found.largest_difference < 1e-9


def test_no_control_may_carry_a_tenth_of_all():
    x = np.append(np.full(200, -1.0), 4.0)  # the one above must carry a fifth
    found = tilt(np.ones(201), x[:, None], columns_of(1), treated_n=50)
    assert found.status == ("dropped",)
    assert (found.weights == 1).all()
    heavy = np.append(np.ones(200), 30.0)  # twice its matched share, 13%, is allowed
    assert tilt(heavy, x[:, None], columns_of(1), treated_n=50).status == ("balanced",)


def test_repeated_columns_are_balanced_together():
    weights, values = controls(n=200)
    twice = np.column_stack([values, values[:, 0], values[:, 0] + values[:, 1]])
    one = tilt(weights, values, columns_of(3), treated_n=100)
    two = tilt(weights, twice, columns_of(5), treated_n=100)
    assert two.status == ("balanced",) * 5
    assert two.weights == pytest.approx(one.weights, rel=1e-7)


def test_rows_in_another_order_give_the_same_weights():
    weights, values = controls(n=200)
    order = np.random.default_rng(0).permutation(200)
    one = tilt(weights, values, columns_of(3), treated_n=100)
    two = tilt(weights[order], values[order], columns_of(3), treated_n=100)
    assert two.weights == pytest.approx(one.weights[order], rel=1e-9)


def test_strengths_are_those_of_a_weighted_logit_with_hc0():
    rng = np.random.default_rng(2)
    x = np.column_stack([rng.normal(30, 9, 900), rng.random(900) < 0.3, rng.normal(0, 1, 900)])
    outcome = rng.random(900) < special.expit(-1 + 0.02 * x[:, 0] + 0.6 * x[:, 1])
    weights = rng.gamma(1, 1, 900)
    z = sm.add_constant(x)
    fit = sm.GLM(outcome.astype(float), z, family=sm.families.Binomial(), freq_weights=weights).fit(
        tol=1e-12
    )
    chance = fit.mu
    bread = np.linalg.inv(z.T @ (z * (weights * chance * (1 - chance))[:, None]))
    scores = z * (weights * (outcome - chance))[:, None]
    error = np.sqrt(np.diag(bread @ scores.T @ scores @ bread))
    found = column_strengths(x, outcome, weights)
    assert found == pytest.approx(np.abs(fit.params / error)[1:], rel=1e-6)
    assert column_strengths(x, outcome, 7 * weights) == pytest.approx(found, rel=1e-6)
    wider = np.column_stack([x, np.ones(900), x[:, 0]])
    assert column_strengths(wider, outcome, weights)[3:].tolist() == [0, 0]
    assert not column_strengths(x, np.zeros(900, bool), weights).any()


def test_terms_are_columns_squares_of_numbers_and_products_of_the_six_strongest():
    rng = np.random.default_rng(3)
    columns = [TiltColumn(f"n{place}", f"n{place}", True) for place in range(4)]
    columns += [TiltColumn(f"f: {level}", "f", False) for level in "ab"]
    columns += [TiltColumn(f"b{place}", f"b{place}", False) for place in range(2)]
    columns.append(TiltColumn("same", "same", True))

    def people(n):
        level = rng.integers(0, 3, n)
        numbers = rng.normal(50, 9, (n, 4))
        return np.column_stack(
            [numbers, level == 1, level == 2, rng.random((n, 2)) < 0.4, np.full(n, 3.0)]
        ).astype(float)

    treated, theirs = people(80), people(900)
    outcome = rng.random(900) < special.expit((theirs[:, :4] - 50) @ [0.1, 0.08, 0, 0] / 3)
    weights = rng.gamma(2, 1, 900)
    made = tilt_terms(columns, treated, theirs, weights, outcome)
    strength = column_strengths(theirs, outcome, weights)
    names = [column.name for column in columns]
    strongest = sorted(np.argsort(-strength)[:6].tolist())
    pairs = [
        f"{names[a]} x {names[b]}"
        for a, b in itertools.combinations(strongest, 2)
        if columns[a].factor != columns[b].factor
    ]
    expected = [*names[:-1], *(f"n{place} squared" for place in range(4)), *pairs]
    assert [term.name for term in made.terms] == expected
    by_name = {term.name: term.strength for term in made.terms}
    assert by_name["n0 squared"] == by_name["n0"] == strength[0]
    first, second = pairs[0].split(" x ")
    assert by_name[pairs[0]] == min(by_name[first], by_name[second])
    scaled = (theirs[:, 0] - treated[:, 0].mean()) / treated[:, 0].std(ddof=1)
    ours = (treated[:, 0] - treated[:, 0].mean()) / treated[:, 0].std(ddof=1)
    assert made.values[:, 0] == pytest.approx(scaled)
    square = (scaled**2 - (ours**2).mean()) / (ours**2).std(ddof=1)
    assert made.values[:, names.index("n0") + len(names) - 1] == pytest.approx(square)


def test_a_column_that_only_controls_vary_in_is_scaled_by_theirs():
    theirs = np.array([[0.0], [1.0], [0.0], [1.0]])
    weights = np.array([3.0, 1.0, 3.0, 1.0])
    made = tilt_terms(
        [TiltColumn("b", "b", False)], np.zeros((5, 1)), theirs, weights, np.zeros(4, bool)
    )
    assert made.values[:, 0] == pytest.approx(theirs[:, 0] / np.sqrt(0.25 * 0.75))
