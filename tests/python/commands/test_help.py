"""Every command says what it does, with an example on lines of its own."""

import pytest
from click.testing import CliRunner

from justice_data_lab.cli import COMMANDS, main

NAMES = [[name] for name in COMMANDS if name != "link"] + [["link", "train"], ["link", "review"]]


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_the_help_has_an_example(name):
    shown = CliRunner().invoke(main, [*name, "--help"])
    assert shown.exit_code == 0
    lines = [line.strip() for line in shown.output.splitlines()]
    place = next(place for place, line in enumerate(lines) if line.startswith("Example"))
    assert lines[place].rstrip("s:") == "Example"
    assert lines[place + 1].startswith(f"jdl {name[0]}")
    assert "\\b" not in shown.output


@pytest.mark.parametrize(
    "arguments", [["foo"], ["report", "--bad"], ["estimate"], ["power", "--treated", "x"]]
)
def test_a_mistake_in_the_call_is_said_in_one_line(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("jdl: ")
    assert "--help" in result.stderr
