"""`jdl link`: training of the link model, and the clerical review."""

import json
from pathlib import Path

import click

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.commands import CouldNotRun, build_option
from justice_data_lab.commands.console import progress
from justice_data_lab.linking import LinkError
from justice_data_lab.linking.train_on_build import train_on_build
from justice_data_lab.reviews import write_review
from justice_data_lab.writing import NotOursError


@click.group()
def link() -> None:
    """Train the link model, or review what it cannot decide."""


@link.command()
@build_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="New or empty folder, or a former one, for model.json and the charts.",
)
def train(build: Path, out: Path) -> None:
    r"""Train the link model on all records of a build, and report what it learnt.

    The build predicts with the model of the package (linking/model.json) until this one, once it
    has been looked at, takes its place there.

    \b
    Example:
      jdl link train --build build --out link-model
    """
    console = progress()
    try:
        with console.status("training"):
            model = train_on_build(build, out)
    except (LinkError, NotOursError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    click.echo(json.dumps(model.training, indent=2))


@link.command()
@build_option
def review(build: Path) -> None:
    r"""Write the page on which staff decide about the records in doubt.

    \b
    Example:
      jdl link review --build build
    """
    try:
        click.echo(write_review(build))
    except (DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
