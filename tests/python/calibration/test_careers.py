"""Careers of several events a person, effect 0: the old rules find one, the new do not."""

import numpy as np
import pytest

from calibration.careers import RULES, Careers, draw_events, pool_of
from calibration.figures import (
    AS_BUILT,
    COLUMNS,
    OLD,
    YEAR_BEFORE,
    estimate_worlds,
    variants_of,
)

WORLDS = 40


@pytest.fixture(scope="module")
def found():
    """Difference, lower and upper of the rate by rules: one row per world."""
    figures = estimate_worlds(Careers(), range(WORLDS), 20140401)
    wanted = [COLUMNS.index(name) for name in ("difference", "lower", "upper")]
    return {
        rules: figures[:, place, 0, 0][:, wanted]
        for place, rules in enumerate(variants_of(Careers()))
    }


def test_every_event_of_a_person_is_in_the_new_pool_and_one_in_the_old():
    events = draw_events(Careers(pool_n=800, treated_n=60), np.random.default_rng(1))
    pools = {rule: pool_of(events, rule, np.random.default_rng(2))[0] for rule in RULES}
    for cohort in pools.values():
        assert 55 <= sum(cohort["is_treated"].to_pylist()) <= 65
        treated = cohort.filter(cohort["is_treated"])
        assert treated["delay_days"].null_count == 0
    people = {rule: cohort["person_id"].to_pylist() for rule, cohort in pools.items()}
    assert len(people["old"]) == len(set(people["old"]))
    assert len(people["new"]) > 2 * len(set(people["new"]))


def test_the_old_rules_are_biased_and_the_new_are_not(found):
    new, old = found[AS_BUILT][:, 0], found[OLD][:, 0]
    assert old.mean() > 4
    assert abs(new.mean()) < 3 * new.std(ddof=1) / np.sqrt(WORLDS)
    assert new.std() <= 1.1 * old.std()


def test_the_new_intervals_hold_zero_and_are_not_wider(found):
    def held(rules):
        return np.mean((found[rules][:, 1] <= 0) & (found[rules][:, 2] >= 0))

    def width(rules):
        return np.mean(found[rules][:, 2] - found[rules][:, 1])

    assert held(AS_BUILT) >= 0.9
    assert held(OLD) < 0.85
    assert width(AS_BUILT) < width(OLD)


def test_the_year_before_takes_what_was_known_and_done_then():
    events = draw_events(Careers(pool_n=800, treated_n=60), np.random.default_rng(1))
    now, covariates = pool_of(events, "new", np.random.default_rng(2))
    before, earlier = pool_of(events, "year before", np.random.default_rng(2))
    assert before["event_id"].equals(now["event_id"])
    assert before["delay_days"].equals(now["delay_days"])
    assert earlier["risk"].equals(covariates["risk"])
    grown = covariates["previous"].to_numpy() - earlier["previous"].to_numpy()
    assert (grown >= 0).all()
    assert before["is_reoffender"].to_pylist() == (grown > 0).tolist()


def test_a_service_at_once_has_no_delay_and_what_is_planted_is_found():
    world = Careers(pool_n=3000, treated_n=300, record=0.0, planted=12.0, has_delay=False)
    cohort, _ = pool_of(draw_events(world, np.random.default_rng(3)), "new", None)
    assert cohort["delay_days"].null_count == cohort["last_day"].null_count == cohort.num_rows
    figures = estimate_worlds(world, range(6), 20140401)
    place = variants_of(world).index(YEAR_BEFORE)
    difference = figures[:, place, 0, 0, COLUMNS.index("difference")]
    assert 8 < difference.mean() < 16
    assert np.isnan(figures[:, place, 1]).all()
    assert abs(figures[:, 0, 0, 0, COLUMNS.index("difference")].mean()) < 4


def test_no_few_people_carry_the_offences_of_a_world_with_unseen_terms():
    """Else the mean number of offences is that of people whose like no pool can hold."""
    world = Careers(years=3.0, bend=0.2)
    for seed in range(5):
        events = draw_events(world, np.random.default_rng(seed))
        assert np.abs(events.x[:, :2]).max() <= 2.0
        cohort, _ = pool_of(events, "new", np.random.default_rng(2))
        counts = np.sort(cohort.filter(cohort["is_treated"])["reoffences_n"].to_numpy())
        assert counts[-5:].sum() < 0.15 * counts.sum()
