"""Placebo cohorts leave their pool, are compared as a headline is, and err as they say."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort
from scipy import stats

from justice_data_lab.robustness.placebo import (
    COHORTS,
    placebo_table,
    run_cohorts,
    shared_pool_error,
    summarise,
)
from justice_data_lab.robustness.placebo_cohorts import CohortDraws, PlaceboStratum
from justice_data_lab.robustness.placebo_pool import PlaceboPool, placebo_pool
from justice_data_lab.robustness.placebo_tilt import NEAR, tilt_cohorts
from justice_data_lab.statistics import (
    MatchSettings,
    balance_matches,
    estimate_outcomes,
    fit_propensities,
    match_controls,
    score_propensities,
)
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.covariates import read_values
from justice_data_lab.statistics.matching import match_units, multipliers_of
from justice_data_lab.statistics.tilting import TiltTerm, tilt

SETTINGS = MatchSettings(width=0.2)
KEY = ("r1", "headline")


def made_up(seed=1, persons=500, treated_n=40, with_delay=True, cells=1):
    """Return a pool of one stratum: persons with one to three events, and their outcomes."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), rng.integers(1, 4, persons))
    n = len(person)
    x = rng.normal(size=(persons, 2))[person] + 0.5 * rng.normal(size=(n, 2))
    score = 0.6 * x[:, 0] - 0.3 * x[:, 1]
    index_day = np.sort(rng.integers(0, 2000, n))
    index_day = index_day[np.lexsort((index_day, person)).argsort()]
    chance = 1 / (1 + np.exp(0.5 - 0.5 * x[:, 0]))
    again = (rng.random(n) < chance).astype(float)
    stratum = PlaceboStratum(
        score=score,
        matched_on=score,
        cell=np.arange(n) % cells,
        person=person,
        index_day=index_day,
        last_day=rng.integers(0, 183, n) if with_delay else None,
        delays=rng.integers(0, 100, treated_n) if with_delay else None,
        treated_n=dict.fromkeys(range(cells), treated_n // cells),
        values=x,
    )
    outcomes = {"rate": again, "frequency": again * rng.poisson(1.5, n)}
    return PlaceboPool((stratum,), outcomes, Clusters.of(person), np.arange(n))


@pytest.mark.parametrize("with_delay", [True, False])
@pytest.mark.parametrize("cells", [1, 2])
def test_the_drawn_leave_the_pool_as_treated_people_do(with_delay, cells):
    (stratum,) = made_up(with_delay=with_delay, cells=cells).strata
    draw = CohortDraws(stratum).draw(np.random.default_rng(3))
    drawn = np.flatnonzero(draw.drawn)
    assert len(set(stratum.person[drawn].tolist())) == len(drawn)
    assert 30 <= len(drawn) <= 40
    assert not (draw.drawn & draw.in_pool).any()
    earlier = 0
    for row in drawn:
        if with_delay:
            assert draw.days[row] <= stratum.last_day[row]
        for other in np.flatnonzero(stratum.person == stratum.person[row]):
            if other == row:
                continue
            stays = stratum.index_day[other] < stratum.index_day[row]
            if with_delay:
                start = stratum.index_day[row] + draw.days[row]
                last = min(start - 1 - stratum.index_day[other], stratum.last_day[other])
                assert draw.days[other] == last or not stays
                stays &= last >= 0
            assert draw.in_pool[other] == stays
            earlier += stays
    others = ~np.isin(stratum.person, stratum.person[drawn])
    assert draw.in_pool[others].all()
    assert earlier > 0


@pytest.mark.parametrize("with_delay", [True, False])
@pytest.mark.parametrize("cells", [1, 3])
def test_a_cohort_is_matched_as_the_treated_are(with_delay, cells):
    (stratum,) = made_up(with_delay=with_delay, cells=cells).strata
    draws = CohortDraws(stratum)
    rng = np.random.default_rng(3)
    for _ in range(5):
        draw = draws.draw(rng)
        rows = np.flatnonzero(draw.drawn | draw.in_pool)
        score, drawn = stratum.score[rows], draw.drawn[rows]
        days = draw.days[rows] if with_delay else None
        factor = multipliers_of(score, drawn, days) if with_delay else None
        expected = match_units(
            score, drawn, days, settings=SETTINGS, cells=stratum.cell[rows], multipliers=factor
        )
        found = draws.match(draw, SETTINGS)
        assert found[rows[~drawn]] == pytest.approx(expected.weights, abs=1e-11)
        assert (found[rows[drawn]] == (expected.controls_n > 0)).all()
        assert not found[~(draw.drawn | draw.in_pool)].any()


def test_draws_follow_the_score_where_there_is_no_delay():
    (stratum,) = made_up(persons=12, treated_n=1, with_delay=False).strata
    rng, draws = np.random.default_rng(0), CohortDraws(stratum)
    counts = np.zeros(len(stratum.score))
    for _ in range(6000):
        counts += draws.draw(rng).drawn
    odds = np.exp(stratum.score)
    assert counts / 6000 == pytest.approx(odds / odds.sum(), abs=0.02)


def test_delays_follow_the_baseline_of_those_at_risk():
    (stratum,) = made_up(persons=3000, treated_n=60).strata
    rng, draws = np.random.default_rng(0), CohortDraws(stratum)
    delays = np.concatenate([(d := draws.draw(rng)).days[d.drawn] for _ in range(60)])
    assert set(delays.tolist()) <= set(stratum.delays.tolist())
    assert stats.ks_2samp(delays, stratum.delays).statistic < 0.15
    total = baseline_hazard(
        np.append(np.full(60, -np.inf), stratum.score),
        np.arange(60 + len(stratum.score)) < 60,
        np.append(stratum.delays, stratum.last_day),
    ).total
    assert (np.diff(total) > 0).all()


@pytest.mark.parametrize("cells", [1, 2])
def test_cohorts_are_tilted_together_as_each_is_alone(cells):
    rng = np.random.default_rng(5)
    (stratum,) = made_up(persons=800, treated_n=60, cells=cells).strata
    rare = rng.random(len(stratum.score)) < 0.004
    values = np.column_stack([stratum.values, stratum.values[:, 0] ** 2, rare])
    stratum = replace(stratum, values=values)
    draws = CohortDraws(stratum)
    drawn, weights = np.zeros((2, len(stratum.score), 12))
    drawn, weights = (
        np.zeros((len(stratum.score), 12), dtype=bool),
        np.zeros((len(stratum.score), 12)),
    )
    for cohort in range(12):
        draw = draws.draw(rng)
        drawn[:, cohort], weights[:, cohort] = draw.drawn, draws.match(draw, SETTINGS)
    together, solved = tilt_cohorts(values, drawn, weights, stratum.cell)
    assert solved.all()
    for cohort in range(12):
        ours = drawn[:, cohort] & (weights[:, cohort] > 0)
        theirs = ~drawn[:, cohort] & (weights[:, cohort] > 0)
        spread = values[ours].std(axis=0, ddof=1)
        mean = np.average(values[theirs], axis=0, weights=together[theirs, cohort])
        away = np.abs(mean - values[ours].mean(axis=0))
        assert (away <= 1.1 * NEAR * np.where(spread > 0, spread, 1.0)).all()
        assert together[ours, cohort].tolist() == [1.0] * ours.sum()
        assert together[theirs, cohort].sum() == pytest.approx(weights[theirs, cohort].sum())
        if cells == 1 and spread.all():
            alone = tilt(
                weights[theirs, cohort],
                (values[theirs] - values[ours].mean(axis=0)) / spread,
                tuple(TiltTerm(str(place), "column", 1.0) for place in range(4)),
                treated_n=int(ours.sum()),
            )
            assert together[theirs, cohort] == pytest.approx(alone.weights, rel=0.05, abs=1e-4)


def test_a_cohort_that_cannot_be_balanced_keeps_its_matched_weights():
    values = np.array([[0.0], [1.0], [2.0], [9.0], [10.0]])
    drawn = np.array([False, False, False, True, True])[:, None]
    weights = np.array([1.0, 0.5, 0.5, 1.0, 1.0])[:, None]
    found, solved = tilt_cohorts(values, drawn, weights, np.zeros(5, dtype=int))
    assert not solved.any()
    assert (found == weights).all()


def test_the_mean_difference_is_that_of_the_contributions():
    pool = made_up()
    found = run_cohorts(pool, SETTINGS, cohorts=10, seed=1)
    for name, outcome in pool.outcomes.items():
        assert found.differences[name].mean() == pytest.approx(found.contribution @ outcome)
    assert found.contribution.sum() == pytest.approx(0, abs=1e-12)
    again = run_cohorts(pool, SETTINGS, cohorts=10, seed=1)
    assert (again.differences["rate"] == found.differences["rate"]).all()


def test_the_error_counts_that_draws_share_one_pool():
    """At a true null the mean over its error is about standard normal; the spread alone is less."""
    scores, ratios, shares = [], [], []
    for seed in range(60):
        pool = made_up(seed=seed, persons=300, treated_n=30)
        found = run_cohorts(pool, SETTINGS, cohorts=60, seed=seed)
        differences = found.differences["rate"]
        error = shared_pool_error(
            found.contribution, pool.outcomes["rate"], pool.strata[0].values, pool.clusters
        )
        scores.append(differences.mean() / error)
        ratios.append(error / (differences.std(ddof=1) / np.sqrt(len(differences))))
        shares.append(np.mean(found.p_values["rate"] <= 0.05))
    assert 0.75 < np.std(scores) < 1.3
    assert np.mean(2 * stats.norm.sf(np.abs(scores)) <= 0.05) <= 0.12
    assert np.mean(ratios) > 1.0
    assert 0.02 < np.mean(shares) < 0.07


@pytest.fixture(scope="module")
def headline():
    cohort, table = make_cohort(controls_n=900, treated_n=60)
    values = read_values(table, COVARIATES)
    models = fit_propensities(cohort, values, COVARIATES, SETTINGS)
    scores = score_propensities(cohort, values, COVARIATES, models, SETTINGS)
    matches = match_controls(scores, SETTINGS)
    balanced = balance_matches(matches, scores, cohort, values, COVARIATES, SETTINGS)
    estimates = estimate_outcomes(cohort, balanced.matches, SETTINGS)
    made = {
        "scores": scores,
        "matches": balanced.matches,
        "tilts": balanced.tilts,
        "estimates": estimates,
    }
    return cohort, made, values


def test_the_pool_is_the_headlines_with_the_terms_that_it_balances(headline):
    cohort, made, values = headline
    pool = placebo_pool(cohort, made, values, COVARIATES, SETTINGS)
    (stratum,) = pool.strata
    scores = made["scores"].filter(made["scores"]["on_support"]).to_pylist()
    controls = [row for row in scores if not row["is_treated"]]
    assert pool.event_id.tolist() == sorted(row["event_id"] for row in controls)
    by_event = {row["event_id"]: row for row in controls}
    for place in (0, 17, 400):
        row = by_event[pool.event_id[place]]
        assert stratum.score[place] == row["score"]
        assert stratum.last_day[place] == row["last_day"]
    balanced = [row for row in made["tilts"].to_pylist() if row["status"] == "balanced"]
    assert stratum.values.shape[1] == len(balanced)
    matched = made["matches"].to_pylist()
    assert sum(stratum.treated_n.values()) == sum(
        row["is_treated"] and row["is_matched"] for row in matched
    )
    final = {row["event_id"]: row["weight"] for row in matched}
    weight = np.array([final[event] for event in pool.event_id])
    names = [row["term"] for row in balanced]
    squares = [place for place, row in enumerate(balanced) if row["kind"] == "square"]
    assert squares
    for place in squares:  # about the treated's mean, in their spread: balanced means 1
        column = names.index(names[place].removesuffix(" squared"))
        assert stratum.values[:, place] == pytest.approx(stratum.values[:, column] ** 2)
        mean = np.average(stratum.values[:, place], weights=weight)
        assert mean == pytest.approx(1.0, abs=0.02)


def test_the_table_has_a_row_a_measure_and_none_without_an_estimate(headline):
    cohort, made, values = headline
    arguments = (values, COVARIATES, SETTINGS)
    table = placebo_table(cohort, made, *arguments, key=KEY)
    rows = table.to_pylist()
    assert [(row["request_id"], row["measure"]) for row in rows] == [
        ("r1", "rate"),
        ("r1", "frequency"),
    ]
    pool = placebo_pool(cohort, made, values, COVARIATES, SETTINGS)
    found = run_cohorts(pool, SETTINGS, cohorts=COHORTS, seed=20140401)
    assert [{k: v for k, v in row.items() if k != "request_id"} for row in rows] == summarise(
        found, pool
    )
    for row in rows:
        assert row["cohorts_n"] == COHORTS
        assert row["significant_lower"] < row["significant_percent"] < row["significant_upper"]
        assert abs(row["difference"]) < 5 * row["difference_error"]
    shares = 100 * np.mean(found.p_values["rate"] <= 0.05)
    assert rows[0]["significant_percent"] == pytest.approx(shares)
    assert rows[0]["difference"] == pytest.approx(100 * found.differences["rate"].mean())
    nothing = pa.nulls(made["estimates"].num_rows, pa.float64())
    place = made["estimates"].column_names.index("difference")
    without = {**made, "estimates": made["estimates"].set_column(place, "difference", nothing)}
    assert placebo_table(cohort, without, *arguments, key=KEY).num_rows == 0


def test_a_large_pool_is_represented_by_some_persons(headline, monkeypatch):
    cohort, made, values = headline
    monkeypatch.setattr("justice_data_lab.robustness.placebo_pool.LARGEST_POOL", 300)
    pool = placebo_pool(cohort, made, values, COVARIATES, SETTINGS)
    again = placebo_pool(cohort, made, values, COVARIATES, SETTINGS)
    assert 230 < len(pool.event_id) < 370
    assert (pool.event_id == again.event_id).all()
