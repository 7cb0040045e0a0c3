"""`jdl check`: the intake checks on one upload."""

import json
from pathlib import Path

import click
from rich.console import Console

from justice_data_lab.commands import CouldNotRun, write_text
from justice_data_lab.project import ProjectMissingError
from justice_data_lab.replies import exit_status, print_reply, reply_html, reply_json
from justice_data_lab.replies.checking import check_upload


@click.command()
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
        write_text(json_file, json.dumps(reply_json(reply), indent=2) + "\n")
    if html_file is not None:
        write_text(html_file, reply_html(reply))
    print_reply(reply, Console())
    context.exit(exit_status(reply))
