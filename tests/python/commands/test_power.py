"""`jdl power` against table 1 of the pilot's report."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main
from justice_data_lab.statistics.power import power_of

TABLE_1 = Path(__file__).parents[3] / "seeds" / "published" / "pilot_power_table.csv"


def run(folder, *arguments):
    file = folder / "power.json"
    result = CliRunner().invoke(main, ["power", *map(str, arguments), "--json", str(file)])
    assert result.exit_code == 0, result.output
    return json.loads(file.read_text()), result.output


def test_the_sizes_are_those_of_the_pilot(tmp_path):
    found, shown = run(tmp_path, "--treated", 257, "--controls", 33_111, "--sd", 0.2239838**0.5)
    with TABLE_1.open() as file:
        expected = {
            row["reduction_points"]: int(row["minimum_treated_n"]) for row in csv.DictReader(file)
        }
    assert found["minimum_treated_n"] == expected
    assert "240,648" in shown


@pytest.mark.parametrize("level", [80, 95])
def test_the_smallest_difference_has_just_that_power(tmp_path, level):
    found, _ = run(tmp_path, "--treated", 120, "--controls", 900.5, "--rate", 0.4)
    points = found["smallest_detectable_points"][str(level)]
    reached = power_of(points=points, treated_n=120, controls_n=900.5, variance=0.24)
    assert reached == pytest.approx(level / 100, abs=1e-9)


def test_a_size_that_cannot_show_it_is_null(tmp_path):
    found, shown = run(tmp_path, "--treated", 100, "--controls", 2_000, "--rate", 0.5)
    assert found["minimum_treated_n"]["1"] is None
    assert found["minimum_treated_n"]["10"] > 100
    assert "no size is enough" in shown


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "give either --rate or --sd"),
        (("--rate", "0.3", "--sd", "0.4"), "give either --rate or --sd"),
        (("--rate", "35"), "0.35 for 35%"),
        (("--rate", "0"), "above 0 and below 1"),
        (("--rate", "nan"), "above 0 and below 1"),
        (("--sd", "0"), "--sd must be above 0"),
        (("--sd", "47"), "the outcome is from 0 to 1"),
        (("--rate", "0.3", "--controls", "nan"), "--controls must be a number"),
    ],
)
def test_a_mistake_is_one_line(options, message):
    arguments = ["power", "--treated", "100", "--controls", "900", *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("name", ["--treated", "--controls"])
def test_one_person_is_no_group(name):
    sizes = {"--treated": "100", "--controls": "900", name: "1"}
    words = [word for pair in sizes.items() for word in pair]
    assert CliRunner().invoke(main, ["power", *words, "--rate", "0.3"]).exit_code == 2


def test_what_cannot_be_is_not_shown(tmp_path):
    """A rate of 5% cannot fall by 6 points, and no two groups differ by more than 100."""
    figures = tmp_path / "f.json"
    options = ("--treated", "2", "--controls", "2", "--rate", "0.05", "--json", str(figures))
    result = CliRunner().invoke(main, ["power", *options])
    assert result.exit_code == 0
    found = json.loads(figures.read_text())
    assert found["smallest_detectable_points"] == {"80": None, "95": None} or all(
        value is None or value <= 100 for value in found["smallest_detectable_points"].values()
    )
    assert [found["minimum_treated_n"][str(points)] for points in range(6, 11)] == [None] * 5
    assert "no difference at all with 95% power" in result.output
    assert "cannot fall by more than that" in result.output
    assert not any(line.strip().startswith("6 ") for line in result.output.splitlines())


def test_a_difference_beyond_the_rate_is_called_an_increase():
    options = ("--treated", "60", "--controls", "500", "--rate", "0.03")
    result = CliRunner().invoke(main, ["power", *options])
    assert "It can only be an increase: a rate of 3% cannot fall so far." in result.output
