"""`jdl summary`: the headline of each request on the terminal."""

from pathlib import Path

import click
from rich.console import Console

from justice_data_lab.commands import CouldNotRun, build_option
from justice_data_lab.summary import print_summary


@click.command()
@build_option
def summary(build: Path) -> None:
    r"""Print the headline row of each published request.

    \b
    Example:
      jdl summary --build build
    """
    try:
        print_summary(build, Console())
    except FileNotFoundError as error:
        raise CouldNotRun(str(error)) from error
