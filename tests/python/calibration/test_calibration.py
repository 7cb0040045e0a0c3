"""The worlds are what they say, and one of them goes the whole way."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from calibration.calibrate import definition, finished
from calibration.figures import (
    AS_BUILT,
    COLUMNS,
    OLD,
    SETTINGS,
    estimate_worlds,
    variants_of,
)
from calibration.report import bars_of, write_report
from calibration.scenarios import CAREERS, SCENARIOS, WORLDS
from calibration.summary import summarise
from calibration.worlds import COVARIATES, WINDOW, Scenario, draw_world
from justice_data_lab.statistics import estimate_outcomes
from justice_data_lab.statistics.design import compare_groups

SMALL = Scenario("small", "", effect=-7, treated_n=80, pool_n=900, has_delay=True)
UNUSED = {
    "first_court_type": "summary",
    "reoffences_indictable_n": 0,
    "reoffences_either_way_n": 0,
    "reoffences_summary_n": 0,
    "is_first_custody": False,
    "custodial_sentences_n": 0,
    "in_employment_1y": False,
    "days_at_liberty": 365,
    "is_any_indictable": False,
    "is_any_either_way": False,
    "is_any_serious": False,
    "is_any_summary_only": False,
    "is_any_custody": False,
    "days_free": 365,
}


def outcomes(world, who):
    column = world.cohort["reoffences_n"].to_numpy()
    return column[world.cohort["is_treated"].to_numpy() == who]


def test_the_scenarios_have_four_controls_a_treated_person_and_the_hard_ones_are_there():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) == 26
    assert all(s.pool_n >= 4 * s.treated_n for s in SCENARIOS)
    assert {s.treated_n for s in WORLDS} == {30, 60, 250, 1000}
    assert {s.effect for s in SCENARIOS} == {0, -7}
    assert {100 * s.treated_n / s.pool_n for s in CAREERS} >= {1, 4.5, 9}
    assert sum(s.bend > 0 for s in SCENARIOS) == 3


@pytest.mark.parametrize("has_delay", [True, False])
def test_so_many_are_treated_and_all_of_them_lived_to_see_their_start(has_delay):
    scenario = replace(SMALL, has_delay=has_delay, effect=0)
    world = draw_world(scenario, world=3, seed=1)
    treated = world.cohort["is_treated"].to_numpy()
    assert treated.sum() == 80
    delays = world.cohort["delay_days"].to_pandas().to_numpy(dtype=float)[treated]
    first = world.cohort["days_to_first"].to_pandas().fillna(9999).to_numpy()[treated]
    assert np.isnan(delays).all() != has_delay
    if has_delay:
        assert (delays <= np.minimum(first, WINDOW)).all()


def test_the_truth_is_the_mean_effect_on_the_treated():
    rate, count, true_rate, true_count = [], [], [], []
    for world in range(120):
        with_effect = draw_world(SMALL, world=world, seed=5)
        without = draw_world(replace(SMALL, effect=0), world=world, seed=5)
        assert with_effect.cohort["is_treated"] == without.cohort["is_treated"]
        np.testing.assert_array_equal(outcomes(with_effect, False), outcomes(without, False))
        one, other = outcomes(with_effect, True), outcomes(without, True)
        rate.append(100 * ((one > 0).mean() - (other > 0).mean()))
        count.append(one.mean() - other.mean())
        true_rate.append(with_effect.true_rate)
        true_count.append(with_effect.true_frequency)
    for found, truth in ((rate, true_rate), (count, true_count)):
        error = np.std(np.array(found) - truth) / np.sqrt(120)
        assert np.mean(found) == pytest.approx(np.mean(truth), abs=4 * error)
    assert np.mean(true_rate) == pytest.approx(-7, abs=0.2)


def test_a_world_is_estimated_as_a_build_does_it():
    drawn = draw_world(SMALL, world=0, seed=20140401)
    cohort = drawn.cohort
    for name, value in UNUSED.items():
        cohort = cohort.append_column(name, pa.array([value] * len(cohort)))
    made = compare_groups(cohort, drawn.values, COVARIATES, SETTINGS)
    expected = estimate_outcomes(cohort, made.matches, SETTINGS).to_pylist()
    figures = estimate_worlds(SMALL, range(1), 20140401)
    at_the_default = variants_of(SMALL).index(AS_BUILT)
    assert (AS_BUILT.width, AS_BUILT.is_tilted) == (SETTINGS.width, SETTINGS.is_tilted)
    for place in range(2):
        found = dict(zip(COLUMNS, figures[0, at_the_default, place, 0], strict=True))
        assert found["difference"] == pytest.approx(expected[place]["difference"])
        assert found["lower"] == pytest.approx(expected[place]["difference_lower"])
        assert found["p_value"] == pytest.approx(expected[place]["p_value"])
        assert found["effective_n"] == pytest.approx(expected[place]["control_effective_n"])


def test_a_run_ends_in_a_page_and_is_not_done_twice(tmp_path):
    (tmp_path / "calibration").mkdir()
    results = []
    some = (CAREERS[4], WORLDS[3])
    for scenario in some:
        rows = summarise(scenario, estimate_worlds(scenario, range(4), 7))
        assert len(rows) == 4 * len(variants_of(scenario))
        results.append(
            {**definition(scenario, 4), "cpu_seconds_a_world": 0.1, "wall_seconds": 1, "rows": rows}
        )
    bars = bars_of([row for result in results for row in result["rows"]])
    assert "false positives, null scenarios together" in {bar.promise for bar in bars}
    write_report(tmp_path, results)
    page = (tmp_path / "calibration.md").read_text()
    assert f"2 of the {len(SCENARIOS)} scenarios" in page
    assert OLD.name in page
    first = (tmp_path / "calibration" / "coverage.svg").read_bytes()
    write_report(tmp_path, results)
    assert (tmp_path / "calibration" / "coverage.svg").read_bytes() == first
    file = tmp_path / "results.json"
    file.write_text(json.dumps(results))
    assert set(finished(file, 4)) == {scenario.name for scenario in some}
    assert finished(file, 5) == {}
