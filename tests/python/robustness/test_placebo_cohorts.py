"""Placebo cohorts leave their pool, are compared as a headline is, and err as they say."""

import numpy as np
import pytest
from scipy import stats

from justice_data_lab.robustness.placebo_cohorts import (
    PlaceboStratum,
    draw_cohort,
    run_cohorts,
    shared_pool_error,
    weigh_cohort,
)
from justice_data_lab.statistics import MatchSettings
from justice_data_lab.statistics.baseline import baseline_hazard
from justice_data_lab.statistics.tilting import TiltTerm

SETTINGS = MatchSettings(width=0.2)


def pool(seed=1, persons=500, treated_n=40, with_delay=True, cells=1):
    """Return a stratum of persons with one to three events, and their outcomes."""
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
        terms=tuple(TiltTerm(f"x{place}", "column", 1.0) for place in range(2)),
        values=x,
    )
    return stratum, {"rate": again, "frequency": again * rng.poisson(1.5, n)}


@pytest.mark.parametrize("with_delay", [True, False])
@pytest.mark.parametrize("cells", [1, 2])
def test_the_drawn_leave_the_pool_as_treated_people_do(with_delay, cells):
    stratum, _ = pool(with_delay=with_delay, cells=cells)
    draw = draw_cohort(stratum, np.random.default_rng(3))
    drawn = np.flatnonzero(draw.drawn)
    assert len(set(stratum.person[drawn].tolist())) == len(drawn)
    assert 30 <= len(drawn) <= 40
    assert not (draw.drawn & draw.in_pool).any()
    seen = 0
    for row in drawn:
        start = stratum.index_day[row] + (draw.days[row] if with_delay else 0)
        if with_delay:
            assert draw.days[row] <= stratum.last_day[row]
        for other in np.flatnonzero(stratum.person == stratum.person[row]):
            if other == row:
                continue
            left = start - 1 - stratum.index_day[other]
            last = min(left, stratum.last_day[other]) if with_delay else left
            assert draw.in_pool[other] == (last >= 0)
            if with_delay and draw.in_pool[other]:
                assert draw.days[other] == last
                seen += 1
    others = ~np.isin(stratum.person, stratum.person[drawn])
    assert draw.in_pool[others].all()
    assert seen > 0 or not with_delay


def test_a_cohort_is_weighed_by_multiplier_radius_and_tilt():
    stratum, _ = pool()
    draw = draw_cohort(stratum, np.random.default_rng(3))
    plain = weigh_cohort(stratum, draw, MatchSettings(width=0.2, is_tilted=False))
    rows = np.flatnonzero(draw.drawn | draw.in_pool)
    score, drawn, days = stratum.score[rows], draw.drawn[rows], draw.days[rows]
    m = baseline_hazard(score, drawn, days).multipliers(score, days)
    expected, width = np.zeros(len(rows)), 0.2 * score.std(ddof=1)
    for one in np.flatnonzero(drawn):
        near = ~drawn & (np.abs(score - score[one]) <= width) & (days >= days[one])
        expected[one] = near.any()
        expected[near] += m[near] / m[near].sum()
    assert plain[rows] == pytest.approx(expected, abs=1e-10)
    assert plain.sum() == pytest.approx(expected.sum())
    tilted = weigh_cohort(stratum, draw, SETTINGS)
    ours, theirs = draw.drawn & (tilted > 0), ~draw.drawn & (tilted > 0)
    mean = np.average(stratum.values[theirs], axis=0, weights=tilted[theirs])
    assert mean == pytest.approx(stratum.values[ours].mean(axis=0), abs=1e-8)


def test_draws_follow_the_score_where_there_is_no_delay():
    stratum, _ = pool(persons=12, treated_n=1, with_delay=False)
    rng, n = np.random.default_rng(0), len(stratum.score)
    counts = np.zeros(n)
    for _ in range(6000):
        counts += draw_cohort(stratum, rng).drawn
    odds = np.exp(stratum.score)
    assert counts / 6000 == pytest.approx(odds / odds.sum(), abs=0.02)


def test_the_mean_difference_is_that_of_the_contributions():
    stratum, outcomes = pool()
    found = run_cohorts([stratum], outcomes, SETTINGS, cohorts=10, seed=1)
    for name, outcome in outcomes.items():
        assert found.differences[name].mean() == pytest.approx(found.contribution @ outcome)
    assert found.contribution.sum() == pytest.approx(0, abs=1e-12)
    again = run_cohorts([stratum], outcomes, SETTINGS, cohorts=10, seed=1)
    assert (again.differences["rate"] == found.differences["rate"]).all()


def test_the_error_counts_that_draws_share_one_pool():
    """At a true null the mean over its error is about standard normal; the spread alone is less."""
    scores, ratios = [], []
    for seed in range(24):
        stratum, outcomes = pool(seed=seed, persons=300, treated_n=30)
        found = run_cohorts([stratum], outcomes, SETTINGS, cohorts=100, seed=seed)
        differences = found.differences["rate"]
        error = shared_pool_error(
            found.contribution, outcomes["rate"], stratum.values, stratum.person
        )
        scores.append(differences.mean() / error)
        ratios.append(error / (differences.std(ddof=1) / np.sqrt(len(differences))))
    assert 0.7 < np.std(scores) < 1.4
    assert np.mean(2 * stats.norm.sf(np.abs(scores)) <= 0.05) <= 0.15
    assert np.mean(ratios) > 1.0
