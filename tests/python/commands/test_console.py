"""Names stay whole where the figures of a command go into a pipe."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main

COMMANDS = Path(__file__).parents[3] / "src" / "justice_data_lab" / "commands"
LONG = "number_of_previous_convictions_of_the_person_before_the_index_event"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of one covariate with a long name."""
    rng = np.random.default_rng(1)
    file = tmp_path / "people.csv"
    with file.open("w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["treated", "outcome", LONG])
        for number in range(400):
            rows.writerow([int(number < 100), int(rng.random() < 0.4), rng.normal()])
    return file


def test_a_long_name_is_in_one_line_of_a_pipe(table: Path) -> None:
    wanted = ["--treated", "treated", "--outcome", "outcome", "--kind", "binary"]
    result = CliRunner(env={"COLUMNS": "40"}).invoke(
        main, ["estimate", str(table), *wanted, "--covariates", LONG]
    )
    assert result.exit_code == 0, result.output
    assert LONG in result.stdout


def test_no_command_has_a_console_of_its_own() -> None:
    own = [
        file.name
        for file in COMMANDS.glob("*.py")
        if file.name != "console.py" and re.search(r"\bConsole\(", file.read_text())
    ]
    assert own == []
