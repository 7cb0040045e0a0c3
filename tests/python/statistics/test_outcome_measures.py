"""Every measure of the table against a second implementation, and the guards on both sides."""

import math

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from cohort_maker import COVARIATES, make_cohort, replace
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from justice_data_lab.measures import measures
from justice_data_lab.statistics import (
    Adjustment,
    MatchSettings,
    estimate_outcomes,
    fit_propensities,
    match_controls,
    score_propensities,
)
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.outcomes import OUTCOMES_SCHEMA

SETTINGS = MatchSettings()
COURT_TYPES = ("indictable", "either_way", "summary")


def everybody(row):
    return True


def is_serious(row):
    return row["reoffences_indictable_n"] + row["reoffences_either_way_n"] > 0


# measure: who it is about, and the value of one person; written apart from the package.
BY_HAND = {
    "rate": (lambda row: True, lambda row: 100.0 * row["is_reoffender"]),
    "frequency": (lambda row: True, lambda row: row["reoffences_n"]),
    "days_to_first": (lambda row: row["is_reoffender"], lambda row: row["days_to_first"]),
    **{
        f"first_{court}": (
            lambda row: row["is_reoffender"],
            lambda row, court=court: 100.0 * (row["first_court_type"] == court),
        )
        for court in COURT_TYPES
    },
    **{
        f"frequency_{court}": (
            lambda row: row["is_reoffender"],
            lambda row, court=court: row[f"reoffences_{court}_n"],
        )
        for court in COURT_TYPES
    },
    "first_custody": (
        lambda row: row["is_reoffender"],
        lambda row: 100.0 * row["is_first_custody"],
    ),
    "custody_frequency": (
        lambda row: row["is_reoffender"],
        lambda row: row["custodial_sentences_n"],
    ),
    "in_employment_1y": (
        lambda row: row["in_employment_1y"] is not None,
        lambda row: 100.0 * row["in_employment_1y"],
    ),
    "any_indictable": (everybody, lambda row: 100.0 * (row["reoffences_indictable_n"] > 0)),
    "any_either_way": (everybody, lambda row: 100.0 * (row["reoffences_either_way_n"] > 0)),
    "any_serious": (everybody, lambda row: 100.0 * is_serious(row)),
    "any_summary_only": (
        everybody,
        lambda row: 100.0 * (row["is_reoffender"] and not is_serious(row)),
    ),
    "any_custody": (everybody, lambda row: 100.0 * (row["custodial_sentences_n"] > 0)),
    "days_free": (
        everybody,
        lambda row: min(row["days_to_first"], 365) if row["is_reoffender"] else 365,
    ),
}
RATIO = "frequency_at_liberty"  # a ratio of sums, with a test of its own


class World:
    def __init__(self, *, with_delay=True, treated_n=150, covariates=COVARIATES):
        self.cohort, self.values = make_cohort(with_delay=with_delay, treated_n=treated_n)
        models = fit_propensities(self.cohort, self.values, covariates, SETTINGS)
        self.scores = score_propensities(self.cohort, self.values, covariates, models, SETTINGS)
        self.matches = match_controls(self.scores, SETTINGS)

    def estimate(self, cohort=None, matches=None, **more):
        table = estimate_outcomes(
            self.cohort if cohort is None else cohort,
            self.matches if matches is None else matches,
            SETTINGS,
            adjustment=Adjustment(self.values, COVARIATES, SETTINGS),
            **more,
        )
        return {row["measure"]: row for row in table.to_pylist()}


@pytest.fixture(scope="module", params=[True, False], ids=["risk_set", "logistic"])
def world(request):
    return World(with_delay=request.param)


@pytest.fixture(scope="module")
def rows(world):
    return world.estimate()


def people_of(world, measure):
    """Return (weight, value, is_treated, is_reoffender) of the matched people of a measure."""
    is_inside, value = BY_HAND[measure]
    cohort = {row["person_id"]: row for row in world.cohort.to_pylist()}
    matched = [row for row in world.matches.to_pylist() if row["weight"] > 0]
    matched = [row for row in matched if is_inside(cohort[row["person_id"]])]
    return [
        (row["weight"], value(cohort[row["person_id"]]), row["is_treated"],
         cohort[row["person_id"]]["is_reoffender"])
        for row in matched
    ]  # fmt: skip


def arm_of(people, is_treated):
    chosen = [(w, y) for w, y, treated, _ in people if treated == is_treated]
    return np.array([w for w, _ in chosen]), np.array([float(y) for _, y in chosen])


def test_the_measures_are_those_of_the_seed_in_its_order(rows):
    assert list(rows) == list(measures())
    assert set(rows) == {*BY_HAND, RATIO}


def variances_by_hand(theirs, weights, row):
    """Return the variance of one person and of the mean; every person here has one event."""
    kish, persons = weights.sum() ** 2 / (weights**2).sum(), len(theirs)
    away = theirs - np.average(theirs, weights=weights)
    spread = np.average(away**2, weights=weights) * kish / (kish - 1)
    error = ((weights * away) ** 2).sum() / weights.sum() ** 2 * persons / (persons - 1)
    return spread, error if row["method"] == "robust_t" else max(error, spread / kish)


def effective_by_hand(theirs, weights, row):
    spread, error = variances_by_hand(theirs, weights, row)
    return spread / error


@pytest.mark.parametrize("measure", BY_HAND)
def test_counts_values_and_effective_size_by_hand(world, rows, measure):
    people, row = people_of(world, measure), rows[measure]
    (_, ours), (weights, theirs) = arm_of(people, True), arm_of(people, False)
    assert (row["treated_n"], row["control_n"]) == (len(ours), len(theirs))
    assert row["treated_reoffenders_n"] == sum(again for _, _, treated, again in people if treated)
    again = math.fsum(w for w, _, treated, again in people if again and not treated)
    assert row["control_reoffenders_n"] == pytest.approx(again, rel=1e-12)
    assert row["control_effective_n"] == pytest.approx(effective_by_hand(theirs, weights, row))
    assert row["control_events_n"] == len(theirs)
    assert row["treated_value"] == pytest.approx(ours.mean(), rel=1e-12)
    assert row["control_value"] == pytest.approx(np.average(theirs, weights=weights), rel=1e-12)
    assert row["difference"] == pytest.approx(row["treated_value"] - row["control_value"])


@pytest.mark.parametrize("measure", BY_HAND)
def test_intervals_and_p_by_hand(world, rows, measure):
    people, row = people_of(world, measure), rows[measure]
    (_, ours), (weights, theirs) = arm_of(people, True), arm_of(people, False)
    n, ess = len(ours), effective_by_hand(theirs, weights, row)
    mean = np.average(theirs, weights=weights)
    v1, v0 = ours.var(ddof=1) / n, variances_by_hand(theirs, weights, row)[1]
    if row["method"] == "welch_effective":
        freedom = (v1 + v0) ** 2 / (v1**2 / (n - 1) + v0**2 / (ess - 1))
    elif row["method"] == "robust_t":
        freedom = n - 1
    else:
        low, high = (
            np.array(proportion_confint(share * size, size, method="wilson"))
            for share, size in ((ours.mean() / 100, n), (mean / 100, ess))
        )
        shares = (ours.mean() - mean) / 100
        down = math.hypot(ours.mean() / 100 - low[0], high[1] - mean / 100)
        up = math.hypot(low[1] - ours.mean() / 100, mean / 100 - high[0])
        expected = (100 * (shares - down), 100 * (shares + up))
        assert (row["difference_lower"], row["difference_upper"]) == pytest.approx(expected)
        assert row["std_error"] == pytest.approx(
            (expected[1] - expected[0]) / (2 * stats.norm.ppf(0.975))
        )
        return
    half = stats.t.ppf(0.975, freedom) * math.sqrt(v1 + v0)
    assert row["difference_upper"] - row["difference"] == pytest.approx(half, rel=1e-10)
    assert row["difference"] - row["difference_lower"] == pytest.approx(half, rel=1e-10)
    assert row["std_error"] == pytest.approx(math.sqrt(v1 + v0), rel=1e-10)
    t = abs(row["difference"]) / math.sqrt(v1 + v0)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(t, freedom), rel=1e-9)
    assert row["conclusion"] == (
        "inconclusive" if max(row["p_value"], row["adjusted_p_value"] or 0) > 0.05 else
        "decrease" if row["difference"] < 0 else "increase"
    )  # fmt: skip


def test_the_three_court_types_add_up(rows):
    for arm in ("treated", "control"):
        assert sum(rows[f"first_{c}"][f"{arm}_value"] for c in COURT_TYPES) == pytest.approx(100)


@pytest.mark.parametrize("measure", ["rate", "first_summary", "in_employment_1y"])
def test_the_doubly_robust_estimate_is_that_of_a_model_by_hand(world, rows, measure):
    """All controls on support, and ever at risk, of the measure's population; unweighted."""
    is_inside, value = BY_HAND[measure]
    cohort = {row["person_id"]: row for row in world.cohort.to_pylist()}
    scores = [row for row in world.scores.to_pylist() if row["on_support"]]
    delays = [row["delay_days"] for row in scores if row["delay_days"] is not None]
    first = min(delays, default=0)
    scores = [row for row in scores if row["is_treated"] or row["last_day"] >= first]
    about = {row["event_id"]: row for row in world.values.to_pylist()}
    all_values = [about[row["event_id"]] for row in scores]
    known = {name: [v[name] for v in all_values if v[name] is not None] for name in all_values[0]}

    def columns(v):
        age = np.mean(known["age"]) if v["age"] is None else v["age"]
        employed = np.mean(known["employed"]) if v["employed"] is None else v["employed"]
        quarters = [v["quarter"] == q for q in ("2010q2", "2010q3")]
        missing = [v["age"] is None, v["employed"] is None]
        return [1.0, v["sex"] == "F", *quarters, age, v["copas"], employed, *missing]

    kept = [row for row in scores if is_inside(cohort[row["person_id"]])]
    design = np.array([columns(about[row["event_id"]]) for row in kept], dtype=float)
    outcome = np.array([value(cohort[row["person_id"]]) / 100 for row in kept])
    treated = np.array([row["is_treated"] for row in kept])
    weight = {row["person_id"]: row["weight"] for row in world.matches.to_pylist()}
    weights = np.array([weight[row["person_id"]] for row in kept])
    used = ~treated & (weights > 0)
    fitted = sm.GLM(
        outcome[used],
        design[used],
        family=sm.families.Binomial(),
        freq_weights=weights[used],
    ).fit(tol=1e-14, maxiter=200)
    residual = 100 * (outcome - fitted.predict(design))
    ours = residual[treated & (weights > 0)]
    theirs, w = residual[used], weights[used]
    mean, persons = np.average(theirs, weights=w), len(w)
    v0 = ((w * (theirs - mean)) ** 2).sum() / w.sum() ** 2 * persons / (persons - 1)
    error = math.sqrt(ours.var(ddof=1) / len(ours) + v0)
    row = rows[measure]
    half = stats.t.ppf(0.975, len(ours) - 1) * error
    assert row["dr_difference"] == pytest.approx(ours.mean() - mean, abs=1e-8)
    assert row["dr_lower"] == pytest.approx(ours.mean() - mean - half, abs=1e-8)
    assert row["dr_upper"] == pytest.approx(ours.mean() - mean + half, abs=1e-8)
    assert row["dr_ridge"] == 0
    p = 2 * stats.t.sf(abs(ours.mean() - mean) / error, len(ours) - 1)
    assert row["dr_p_value"] == pytest.approx(p, abs=1e-9)


def test_each_stratum_has_an_outcome_model_of_its_own():
    parts = [
        make_cohort(seed=1),
        make_cohort(seed=2, stratum="prison_release", with_delay=False, first_event=10_000),
    ]
    cohort = pa.concat_tables([part[0] for part in parts])
    values = pa.concat_tables([part[1] for part in parts])

    def run(cohort, values):
        models = fit_propensities(cohort, values, COVARIATES, SETTINGS)
        scores = score_propensities(cohort, values, COVARIATES, models, SETTINGS)
        adjustment = Adjustment(values, COVARIATES, SETTINGS)
        matches = match_controls(scores, SETTINGS)
        return estimate_outcomes(cohort, matches, SETTINGS, adjustment=adjustment).to_pylist()[0]

    alone = [run(*part) for part in parts]
    both = run(cohort, values)
    pooled = np.average(
        [row["dr_difference"] for row in alone], weights=[row["treated_n"] for row in alone]
    )
    assert both["dr_difference"] == pytest.approx(pooled, abs=1e-9)


def test_unknown_employment_leaves_its_measure_alone(world, rows):
    unknown = [None] * world.cohort.num_rows
    other = world.estimate(replace(world.cohort, "in_employment_1y", unknown))
    assert other["in_employment_1y"]["treated_n"] == 0
    assert other["in_employment_1y"]["conclusion"] == "withheld"
    assert other["in_employment_1y"]["difference"] is None
    assert other["rate"]["treated_n"] == rows["rate"]["treated_n"]
    assert rows["in_employment_1y"]["treated_n"] < rows["rate"]["treated_n"]


@pytest.mark.parametrize("column", ["first_court_type", "is_first_custody", "reoffences_n"])
def test_a_missing_outcome_is_named(world, column):
    blank = replace(world.cohort, column, [None] * world.cohort.num_rows)
    with pytest.raises(ValueError, match=f"no {column}"):
        world.estimate(blank)


def test_everybody_s_measures_add_up_to_the_rate(rows):
    for arm in ("treated_value", "control_value"):
        total = rows["any_serious"][arm] + rows["any_summary_only"][arm]
        assert total == pytest.approx(rows["rate"][arm], abs=1e-9)
        for name in ("any_indictable", "any_either_way"):
            assert rows[name][arm] <= rows["any_serious"][arm]


def test_the_frequency_at_liberty_is_a_ratio_with_its_linearised_error(world, rows):
    cohort = {row["person_id"]: row for row in world.cohort.to_pylist()}
    found, variance = {}, 0.0
    for arm in (True, False):
        used = [m for m in world.matches.to_pylist() if m["weight"] > 0 and m["is_treated"] == arm]
        w = np.array([m["weight"] for m in used])
        y = np.array([cohort[m["person_id"]]["reoffences_n"] for m in used], dtype=float)
        t = np.array([cohort[m["person_id"]]["days_at_liberty"] for m in used], dtype=float)
        found[arm] = 365 * (w @ y) / (w @ t)
        residual = 365 * (y - (w @ y) / (w @ t) * t) / np.average(t, weights=w)
        squares = ((w * residual) ** 2).sum() / w.sum() ** 2
        variance += squares * len(w) / (len(w) - 1)
    row = rows[RATIO]
    half = stats.t.ppf(0.975, row["treated_n"] - 1) * math.sqrt(variance)
    assert row["treated_value"] == pytest.approx(found[True], rel=1e-12)
    assert row["control_value"] == pytest.approx(found[False], rel=1e-12)
    difference = found[True] - found[False]
    assert row["difference_lower"] == pytest.approx(difference - half, abs=1e-9)
    assert row["difference_upper"] == pytest.approx(difference + half, abs=1e-9)
    assert (row["method"], row["dr_difference"]) == ("robust_t", None)
    assert row["control_value"] > rows["frequency"]["control_value"]


def test_without_a_day_at_liberty_there_is_no_frequency_at_liberty(world):
    inside = np.where(world.cohort["is_treated"].to_numpy(), 0, 365)
    row = world.estimate(replace(world.cohort, "days_at_liberty", inside))[RATIO]
    assert (row["conclusion"], row["treated_value"], row["control_value"]) == (
        "withheld",
        None,
        None,
    )
    free = [365] * world.cohort.num_rows
    rows = world.estimate(replace(world.cohort, "days_at_liberty", free))
    for name in ("treated_value", "difference_lower", "difference_upper", "p_value"):
        assert rows[RATIO][name] == pytest.approx(rows["frequency"][name], rel=1e-9)


def test_holm_runs_over_the_other_measures_of_the_headline(world):
    names = ("headline", "women", "scope_index")
    cohort, matches = (
        pa.concat_tables([replace(table, "analysis_id", [name] * table.num_rows) for name in names])
        for table in (world.cohort, world.matches)
    )
    table = estimate_outcomes(
        cohort,
        matches,
        SETTINGS,
        adjustment=Adjustment(world.values, COVARIATES, SETTINGS),
        scenarios=[("r1", "scope_index")],
    ).to_pylist()
    first = [row for row in table if row["analysis_id"] == "headline"]
    rate = first[0]
    assert (rate["measure"], rate["tests_n"]) == ("rate", 1)
    assert rate["adjusted_p_value"] == rate["p_value"]
    tested = [
        row
        for row in first[1:]
        if row["p_value"] is not None and (row["expected_count_min"] or 10) >= 10
    ]
    assert {row["tests_n"] for row in tested} == {len(tested)}
    assert len(tested) >= 15
    expected = multipletests([row["p_value"] for row in tested], method="holm")[1]
    assert [row["adjusted_p_value"] for row in tested] == pytest.approx(expected, abs=1e-14)
    for row in table:
        if row["analysis_id"] != "headline":
            assert (row["tests_n"], row["adjusted_p_value"]) == (None, None)
    assert all(row["dr_difference"] is None for row in table if row["analysis_id"] == "scope_index")


def test_a_secondary_measure_is_concluded_from_the_adjusted_p(world):
    """Half as many re-offences: every measure of counts moves, only some survive Holm."""
    rng = np.random.default_rng(3)
    treated = world.cohort["is_treated"].to_numpy()
    seen = set()
    for share in np.linspace(0.05, 0.4, 8):
        gone = treated & (rng.random(len(treated)) < share)
        cohort = world.cohort
        for name in ("reoffences_n", "reoffences_summary_n", "custodial_sentences_n"):
            cohort = replace(cohort, name, np.where(gone, 0, cohort[name].to_numpy()))
        for row in world.estimate(cohort).values():
            if row["adjusted_p_value"] is None:
                continue
            is_significant = row["adjusted_p_value"] <= 0.05
            assert (row["conclusion"] in ("decrease", "increase")) == is_significant
            if row["p_value"] <= 0.05 < row["adjusted_p_value"]:
                seen.add(row["measure"])
                assert not row["difference_lower"] <= 0 <= row["difference_upper"]
    assert seen


def test_the_e_value_is_the_rate_s_alone(rows):
    ratio = rows["rate"]["treated_value"] / rows["rate"]["control_value"]
    larger = max(ratio, 1 / ratio)
    expected = larger + math.sqrt(larger * (larger - 1))
    assert rows["rate"]["e_value"] == pytest.approx(expected)
    others = [row for name, row in rows.items() if name != "rate"]
    assert all(row["e_value"] is None and row["e_value_bound"] is None for row in others)


def compare(shares, *, n=100, controls_n=1000, kind="binary"):
    """Compare two arms with exact shares and weights of 1."""
    outcome = np.zeros(n + controls_n)
    treated = np.arange(n + controls_n) < n
    outcome[: round(shares[0] * n)] = 1
    outcome[n : n + round(shares[1] * controls_n)] = 1
    return contrast(outcome, treated, np.ones(n + controls_n), kind, SETTINGS)


@pytest.mark.parametrize(
    ("shares", "method"),
    [
        ((0.10, 0.2), "welch_effective"),  # 10 treated with the outcome
        ((0.09, 0.2), "newcombe_effective"),  # 9 of them
        ((0.2, 0.010), "welch_effective"),
        ((0.2, 0.009), "newcombe_effective"),
        ((0.90, 0.8), "welch_effective"),  # 10 treated without it
        ((0.91, 0.8), "newcombe_effective"),
        ((1.0, 0.8), "newcombe_effective"),
        ((0.0, 0.0), "newcombe_effective"),
    ],
)
def test_the_guard_on_both_sides_of_its_rule(shares, method):
    found = compare(shares)
    assert found.result.method == method
    assert found.expected_count_min == pytest.approx(min(100 * shares[0], 1000 * shares[1]))
    assert found.result.difference.lower < found.result.difference.upper
    assert 0 <= found.result.treated.lower < found.result.treated.upper <= 1


def test_ten_people_are_ten_whatever_the_size_of_the_group():
    for n in range(20, 400):
        assert compare((10 / n, 0.2), n=n).result.method == "welch_effective", n
        assert compare((9 / n, 0.2), n=n).result.method == "newcombe_effective", n


def test_a_share_and_its_complement_have_the_same_interval():
    one, other = compare((0.04, 0.2)).result, compare((0.96, 0.8)).result
    assert other.difference.upper == pytest.approx(-one.difference.lower, abs=1e-12)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-9)


@pytest.mark.parametrize("shares", [(0.0, 0.2), (1.0, 0.2), (0.2, 0.0)])
def test_a_count_that_does_not_vary_in_an_arm_has_values_and_no_interval(shares):
    found = compare(shares, kind="count")
    assert found.result is None
    assert found.std_error(0.05) is None
    assert found.treated.mean - found.control.mean == pytest.approx(shares[0] - shares[1])


def test_too_few_to_compare_is_none():
    outcome, treated = np.zeros(4), np.array([True, True, False, False])
    assert contrast(outcome, treated, np.array([1, 0, 1, 1.0]), "count", SETTINGS) is None
    assert contrast(outcome, treated, np.array([1, 1, 2, 0.0]), "binary", SETTINGS) is None


def test_counts_without_variation_are_withheld_with_their_values(world):
    treated = np.array(world.cohort["is_treated"].to_pylist())
    counts = np.array(world.cohort["reoffences_indictable_n"].to_pylist())
    none_treated = replace(
        world.cohort, "reoffences_indictable_n", np.where(treated, 0, counts).tolist()
    )
    row = world.estimate(none_treated)["frequency_indictable"]
    assert row["conclusion"] == "withheld"
    assert row["treated_value"] == 0
    assert row["difference"] == -row["control_value"] < 0
    for name in ("p_value", "difference_lower", "method", "number_needed", "tests_n", "std_error"):
        assert row[name] is None


@pytest.mark.parametrize(("reoffenders_n", "is_withheld"), [(29, True), (30, False)])
def test_days_are_withheld_under_30_treated_re_offenders(world, reoffenders_n, is_withheld):
    matched = [r["person_id"] for r in world.matches.to_pylist() if r["is_matched"]]
    treated = [
        row["person_id"]
        for row in world.cohort.to_pylist()
        if row["is_treated"] and row["is_reoffender"] and row["person_id"] in set(matched)
    ]
    dropped = set(treated[reoffenders_n:])
    people = world.cohort["person_id"].to_pylist()
    again = world.cohort["is_reoffender"].to_pylist()
    cohort = replace(
        world.cohort,
        "is_reoffender",
        [value and person not in dropped for person, value in zip(people, again, strict=True)],
    )
    rows = world.estimate(cohort)
    assert rows["days_to_first"]["treated_n"] == reoffenders_n
    assert (rows["days_to_first"]["conclusion"] == "withheld") == is_withheld
    assert rows["days_to_first"]["difference_lower"] is not None
    assert rows["frequency_summary"]["conclusion"] != "withheld"


def test_row_order_does_not_matter_and_nothing_gives_the_schema(world, rows):
    rng = np.random.default_rng(8)

    def shuffle(table):
        return table.take(rng.permutation(table.num_rows))

    adjustment = Adjustment(shuffle(world.values), COVARIATES, SETTINGS)
    again = estimate_outcomes(
        shuffle(world.cohort), shuffle(world.matches), SETTINGS, adjustment=adjustment
    )
    assert {row["measure"]: row for row in again.to_pylist()} == rows
    empty = estimate_outcomes(
        world.cohort.slice(0, 0),
        world.matches.slice(0, 0),
        SETTINGS,
        adjustment=Adjustment(world.values.slice(0, 0), COVARIATES, SETTINGS),
    )
    assert empty.schema == OUTCOMES_SCHEMA
    assert empty.num_rows == 0
