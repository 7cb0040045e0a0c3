import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from statsmodels.stats.power import TTestIndPower

from justice_data_lab.statistics import MatchSettings, minimum_treated_n, power_table
from justice_data_lab.statistics.outcomes import OUTCOMES_SCHEMA
from justice_data_lab.statistics.power import detectable_table, power_of, smallest_detectable_points

TABLE = Path(__file__).parents[3] / "seeds" / "published" / "pilot_power_table.csv"


def test_table_1_of_the_pilot_comes_out_exactly():
    with TABLE.open() as file:
        rows = list(csv.DictReader(file))
    sizes = [minimum_treated_n(int(row["reduction_points"]), 33_111, 0.2239838) for row in rows]
    assert [round(size) for size in sizes] == [int(row["minimum_treated_n"]) for row in rows]


def test_power_equals_statsmodels():
    ours = power_of(points=6, treated_n=400, controls_n=5000, variance=0.22)
    other = TTestIndPower().power(0.06 / np.sqrt(0.22), 400, 0.05, ratio=12.5)
    assert ours == pytest.approx(other, rel=1e-9)


def test_no_size_can_show_a_small_difference_with_few_controls():
    assert minimum_treated_n(1, 20_000, 0.2239838) is None
    assert minimum_treated_n(5, 1, 0.2) is None
    assert minimum_treated_n(5, 100, 0.0) == 2
    with pytest.raises(ValueError, match="above 0"):
        minimum_treated_n(0, 100, 0.2)


def test_the_smallest_detectable_difference_is_the_inverse():
    n = minimum_treated_n(4, 9_000, 0.2)
    points = smallest_detectable_points(treated_n=n, controls_n=9_000, variance=0.2, power=0.95)
    assert points == pytest.approx(4, rel=1e-7)


def outcomes(**values):
    row = dict.fromkeys(OUTCOMES_SCHEMA.names) | {
        "request_id": "r1",
        "analysis_id": "headline",
        "measure": "rate",
        "treated_value": 30.0,
        "control_value": 36.0,
        "control_effective_n": 2_500.5,
    }
    return row | values


def test_power_table_reads_the_headline_rate_only():
    table = pa.Table.from_pylist(
        [
            outcomes(request_id="r2"),
            outcomes(),
            outcomes(analysis_id="regional"),
            outcomes(measure="frequency"),
            outcomes(request_id="r3", treated_value=None),
        ],
        schema=OUTCOMES_SCHEMA,
    )
    rows = power_table(table, MatchSettings()).to_pylist()
    assert [(r["request_id"], r["reduction_points"]) for r in rows] == [
        (request, points) for request in ("r1", "r2") for points in range(1, 11)
    ]
    variance = (0.3 * 0.7 + 0.36 * 0.64) / 2
    expected = [minimum_treated_n(points, 2_500.5, variance) for points in range(1, 11)]
    assert [r["minimum_treated_n"] for r in rows[:10]] == [
        None if size is None else round(size) for size in expected
    ]
    assert rows[0]["minimum_treated_n"] is None


def test_the_smallest_difference_of_each_request():
    table = pa.Table.from_pylist(
        [
            outcomes(request_id="r2", treated_n=1),
            outcomes(treated_n=250),
            outcomes(measure="frequency", treated_n=250),
        ],
        schema=OUTCOMES_SCHEMA,
    )
    rows = detectable_table(table, MatchSettings()).to_pylist()
    assert [(row["request_id"], row["power_percent"]) for row in rows] == [
        (request, percent) for request in ("r1", "r2") for percent in (80, 95)
    ]
    variance = (0.3 * 0.7 + 0.36 * 0.64) / 2
    for row in rows[:2]:
        points = row["smallest_detectable_points"]
        reached = power_of(points=points, treated_n=250, controls_n=2_500.5, variance=variance)
        assert reached == pytest.approx(row["power_percent"] / 100, abs=1e-9)
    assert rows[2]["smallest_detectable_points"] is rows[3]["smallest_detectable_points"] is None
