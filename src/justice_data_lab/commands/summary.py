"""`jdl summary`: the headline of each request on the terminal."""

import json
from pathlib import Path

import click

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.build.summary import print_summary, read_summary
from justice_data_lab.commands import CouldNotRun, build_option, older_figures, write_text
from justice_data_lab.commands.console import output


@click.command()
@build_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="And write it here.")
@click.option("--untested", is_flag=True, help="Of the last run, even if it published nothing.")
def summary(build: Path, json_file: Path | None, untested: bool) -> None:
    r"""Print the headline row of each published request.

    \b
    Example:
      jdl summary --build build
    """
    try:
        rows = read_summary(build, is_published=not untested)
    except DatabaseError as error:
        raise CouldNotRun(str(error)) from error
    if json_file is not None:
        write_text(json_file, json.dumps(rows, indent=2) + "\n")
    print_summary(rows, build, output())
    if untested:
        click.echo("Not published: no test need have looked at these figures.", err=True)
    elif note := older_figures(build):
        click.echo(note, err=True)
