"""`jdl log`: who did what to a build."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from justice_data_lab.build.audit import read
from justice_data_lab.commands import build_option, write_text


@click.command()
@build_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="And all of it here.")
def log(build: Path, json_file: Path | None) -> None:
    r"""Say who built, tested, reviewed, released and purged what, and when; the oldest first.

    The user is the account of the machine. The JSON has the commit, the hash of each kind of
    input, the settings, counts and seconds besides.

    \b
    Example:
      jdl log --build build
    """
    entries = read(build)
    if json_file is not None:
        write_text(json_file, json.dumps([asdict(entry) for entry in entries], indent=2) + "\n")
    for entry in entries:
        seconds = "" if entry.seconds is None else f" ({entry.seconds:,.0f} s)"
        click.echo(f"{entry.at}  {entry.user}  {entry.action}: {entry.outcome}{seconds}")
    if not entries:
        click.echo(f"{build}: nothing was done here yet")
