"""The clustered variance against statsmodels, a loop over persons, and simulated persons."""

import math

import numpy as np
import pytest
import statsmodels.api as sm

from justice_data_lab.statistics import MatchSettings
from justice_data_lab.statistics.clusters import Clusters, clustered_variance
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.intervals import control_arm
from justice_data_lab.statistics.weighted import effective_size

SETTINGS = MatchSettings()


def variance_of(outcome, weight, clusters, *, at_least_kish):
    one = control_arm(outcome, weight).variance
    return clustered_variance(outcome, weight, clusters, of_one=one, at_least_kish=at_least_kish)


def events(seed=1, n=300, persons=90, strata=1):
    rng = np.random.default_rng(seed)
    person, stratum = rng.integers(0, persons, n), rng.integers(0, strata, n)
    outcome = (rng.random(n) < 0.2 + 0.5 * (person % 3 == 0)).astype(float)
    return outcome, rng.gamma(1, 1, n), person, stratum


def by_hand(outcome, weight, person, stratum, at_least_kish):
    total, variance = math.fsum(weight), 0.0
    for one in sorted(set(stratum.tolist())):
        rows = [
            (w, y, p)
            for w, y, p, s in zip(weight, outcome, person, stratum, strict=True)
            if s == one
        ]
        mass = math.fsum(w for w, _, _ in rows)
        mean = math.fsum(w * y for w, y, _ in rows) / mass
        sums = {}
        for w, y, p in rows:
            sums[p] = sums.get(p, 0.0) + w * (y - mean)
        found = math.fsum(v * v for v in sums.values()) / mass**2 * len(sums) / (len(sums) - 1)
        size = mass**2 / math.fsum(w * w for w, _, _ in rows)
        kish = math.fsum(w * (y - mean) ** 2 for w, y, _ in rows) / mass / (size - 1)
        variance += (mass / total) ** 2 * (max(found, kish) if at_least_kish else found)
    return variance


@pytest.mark.parametrize("strata", [1, 3])
@pytest.mark.parametrize("at_least_kish", [True, False])
def test_it_equals_a_loop_over_persons(strata, at_least_kish):
    outcome, weight, person, stratum = events(strata=strata)
    clusters = Clusters.of(person, stratum)
    found = variance_of(outcome, weight, clusters, at_least_kish=at_least_kish)
    expected = by_hand(outcome, weight, person, stratum, at_least_kish)
    assert found == pytest.approx(expected, rel=1e-12)


def test_one_stratum_is_the_cluster_variance_of_statsmodels():
    outcome, weight, person, _ = events()
    fit = sm.WLS(outcome, np.ones(len(outcome)), weights=weight).fit(
        cov_type="cluster", cov_kwds={"groups": person, "use_correction": False}
    )
    persons = len(set(person.tolist()))
    expected = float(fit.cov_params()[0, 0]) * persons / (persons - 1)
    found = variance_of(outcome, weight, Clusters.of(person), at_least_kish=False)
    assert found == pytest.approx(expected, rel=1e-10)


def test_persons_of_one_event_and_equal_weight_are_the_plain_variance():
    outcome, _, _, _ = events()
    weight, person = np.full(len(outcome), 0.4), np.arange(len(outcome))
    plain = np.var(outcome, ddof=1) / len(outcome)
    for at_least_kish in (True, False):
        found = variance_of(outcome, weight, Clusters.of(person), at_least_kish=at_least_kish)
        assert found == pytest.approx(plain, rel=1e-12)


def test_an_event_counted_twice_adds_nothing():
    outcome, weight, person, _ = events()
    twice = [np.concatenate([one, one]) for one in (outcome, weight, person)]
    one = control_arm(outcome, weight, Clusters.of(person))
    two = control_arm(twice[0], twice[1], Clusters.of(twice[2]))
    assert two.error_variance == pytest.approx(one.error_variance, rel=1e-12)
    assert two.mean == pytest.approx(one.mean, rel=1e-12)
    assert effective_size(twice[1]) == pytest.approx(2 * effective_size(weight))


def test_the_effective_size_gives_the_variance_of_the_mean():
    outcome, weight, person, stratum = events(strata=2)
    arm = control_arm(outcome, weight, Clusters.of(person, stratum), at_least_kish=True)
    assert arm.variance / arm.size == pytest.approx(arm.error_variance, rel=1e-12)
    assert arm.size <= effective_size(weight)
    same = control_arm(np.ones(len(outcome)), weight, Clusters.of(person, stratum))
    assert same.size == pytest.approx(effective_size(weight))


def test_a_stratum_of_one_person_still_has_an_error():
    outcome, weight, person, _ = events()
    stratum = (person == 5).astype(int)
    assert len(set(person[stratum == 1].tolist())) == 1
    assert (stratum == 1).sum() > 1
    found = variance_of(outcome, weight, Clusters.of(person, stratum), at_least_kish=False)
    rest = stratum == 0
    share = weight[rest].sum() / weight.sum()
    alone = variance_of(outcome[rest], weight[rest], Clusters.of(person[rest]), at_least_kish=False)
    one = control_arm(outcome, weight).variance
    assert found == pytest.approx(share**2 * alone + (1 - share) ** 2 * one, rel=1e-12)


def test_one_person_is_no_control_group():
    outcome = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    treated = np.array([True, True, True, False, False])
    clusters = Clusters.of(np.array([1, 2, 3, 4, 4]))
    assert contrast(outcome, treated, np.ones(5), "binary", SETTINGS, clusters) is None


def test_the_error_is_right_where_events_of_a_person_are_alike():
    rng = np.random.default_rng(5)
    means, errors, plain = [], [], []
    for _ in range(400):
        person = np.repeat(np.arange(60), 4)
        outcome = (rng.random(240) < rng.beta(0.6, 0.6, 60)[person]).astype(float)
        weight = rng.gamma(2, 1, 240)
        arm = control_arm(outcome, weight, Clusters.of(person), at_least_kish=True)
        means.append(arm.mean)
        errors.append(arm.error_variance)
        plain.append(control_arm(outcome, weight).error_variance)
    truth = np.var(means, ddof=1)
    assert np.mean(errors) == pytest.approx(truth, rel=0.2)
    assert np.mean(plain) < 0.6 * truth
