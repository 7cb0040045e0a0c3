"""The `jdl` command: what dbt does not do."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from justice_data_lab.checking import ProjectMissingError, check_upload
from justice_data_lab.databases import DatabaseError
from justice_data_lab.intake.template import write_template
from justice_data_lab.link_training import train_on_build
from justice_data_lab.linking import LinkError
from justice_data_lab.replies import (
    UnknownRequestError,
    exit_status,
    print_reply,
    reply_html,
    reply_json,
)
from justice_data_lab.replies.of_build import write_replies
from justice_data_lab.replies.wording import visible
from justice_data_lab.reviews import write_review
from justice_data_lab.sample import MINIMUM_PEOPLE, STAGES, SampleError, write_sample
from justice_data_lab.summary import print_summary


class CouldNotRun(click.ClickException):
    """Exit status 2 with one line that says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the one line on stderr."""
        click.echo(f"jdl: {visible(self.message)}", err=True)


def _not_written(file: Path, error: OSError) -> CouldNotRun:
    return CouldNotRun(f"{file}: could not be written ({error.strerror})")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise _not_written(file, error) from error


_build_option = click.option(
    "--build",
    type=click.Path(path_type=Path),
    envvar="JDL_BUILD",
    default=Path("build"),
    show_default=True,
    help="Folder of the databases.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Justice Data Lab: everything beside `dbt build`."""


@main.command()
@click.option("--people", type=int, required=True, help=f"People, at least {MINIMUM_PEOPLE:,}.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Equal seed, equal tables.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="New or empty folder, or a former sample.",
)
def sample(people: int, seed: int, out: Path) -> None:
    r"""Write a synthetic raw zone, with its true effects beside it.

    \b
    Example:
      jdl sample --people 50000 --seed 20140401 --out data/sample
    """
    console = Console(stderr=True)
    try:
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("sample", total=len(STAGES))
            write_sample(
                out,
                people=people,
                seed=seed,
                progress=lambda stage: bar.update(
                    task, description=stage, completed=STAGES.index(stage)
                ),
            )
    except (SampleError, OSError) as error:
        raise CouldNotRun(str(error)) from error


@main.command()
@_build_option
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


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def template(file: Path) -> None:
    r"""Write the empty Data Upload Template.

    \b
    Example:
      jdl template data-upload-template.xlsx
    """
    if file.suffix.casefold() != ".xlsx":
        raise CouldNotRun(f"{file}: the template is a workbook; end its name in .xlsx")
    try:
        write_template(file)
    except OSError as error:
        raise _not_written(file, error) from error


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the reply here.")
@click.option("--html", "html_file", type=click.Path(path_type=Path), help="And as a page here.")
@click.pass_context
def check(
    context: click.Context, path: Path, json_file: Path | None, html_file: Path | None
) -> None:
    r"""Check one upload as the build would, without any police data.

    PATH is the folder of a request, with individuals.csv and service.csv, or a workbook .xlsx.
    The exit status is 1 when something must be corrected.

    \b
    Example:
      jdl check data/sample/uploads/foundation --html reply.html
    """
    console = Console(stderr=True)
    try:
        with console.status("reading and checking"):
            reply = check_upload(path)
    except FileNotFoundError as error:
        raise CouldNotRun(f"{path}: there is no upload here") from error
    except (ProjectMissingError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    if json_file is not None:
        _write(json_file, json.dumps(reply_json(reply), indent=2) + "\n")
    if html_file is not None:
        _write(html_file, reply_html(reply))
    print_reply(reply, Console())
    context.exit(exit_status(reply))


@main.command()
@click.argument("requests", nargs=-1)
@_build_option
def reply(requests: tuple[str, ...], build: Path) -> None:
    r"""Write the reply to each request of a build, or to REQUESTS, into its folder replies.

    \b
    Example:
      jdl reply foundation --build build
    """
    try:
        for page in write_replies(build, requests):
            click.echo(page)
    except (UnknownRequestError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error


@main.group()
def link() -> None:
    """Train the link model, or review what it cannot decide."""


@link.command()
@_build_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="New folder for model.json and the charts.",
)
def train(build: Path, out: Path) -> None:
    r"""Train the link model on all records of a build, and report what it learnt.

    The build predicts with the model of the package (linking/model.json) until this one, once it
    has been looked at, takes its place there.

    \b
    Example:
      jdl link train --build build --out link-model
    """
    console = Console(stderr=True)
    try:
        with console.status("training"):
            model = train_on_build(build, out)
    except (LinkError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    click.echo(json.dumps(model.training, indent=2))


@link.command()
@_build_option
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


if __name__ == "__main__":
    main()
