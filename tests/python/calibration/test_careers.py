"""Careers of several events a person, effect 0: the old rules find one, the new do not."""

import numpy as np
import pytest

from calibration.careers import RULES, Careers, draw_events, estimate, pool_of

WORLDS = 40


@pytest.fixture(scope="module")
def found():
    return [estimate(Careers(), seed) for seed in range(WORLDS)]


def test_every_event_of_a_person_is_in_the_new_pool_and_one_in_the_old():
    events = draw_events(Careers(people=800, treated_n=60), np.random.default_rng(1))
    pools = {rule: pool_of(events, rule, np.random.default_rng(2))[0] for rule in RULES}
    for cohort in pools.values():
        assert 55 <= sum(cohort["is_treated"].to_pylist()) <= 65
        treated = cohort.filter(cohort["is_treated"])
        assert treated["delay_days"].null_count == 0
    people = {rule: cohort["person_id"].to_pylist() for rule, cohort in pools.items()}
    assert len(people["old"]) == len(set(people["old"]))
    assert len(people["new"]) > 2 * len(set(people["new"]))


def test_the_old_rules_are_biased_and_the_new_are_not(found):
    bias = {rule: [one[rule][0] for one in found] for rule in RULES}
    error = np.std(bias["new"], ddof=1) / np.sqrt(WORLDS)
    assert np.mean(bias["old"]) > 4
    assert abs(np.mean(bias["new"])) < 3 * error
    assert np.std(bias["new"]) <= 1.1 * np.std(bias["old"])


def test_the_new_intervals_hold_zero_and_are_not_wider(found):
    held = {rule: np.mean([one[rule][1] <= 0 <= one[rule][2] for one in found]) for rule in RULES}
    width = {rule: np.mean([one[rule][2] - one[rule][1] for one in found]) for rule in RULES}
    assert held["new"] >= 0.9
    assert held["old"] < 0.85
    assert width["new"] < width["old"]
