"""`jdl check`: the intake checks on one upload."""

import json
from pathlib import Path

import click

from justice_data_lab.commands import CouldNotRun, not_written, write_content, write_text
from justice_data_lab.commands.console import output, progress
from justice_data_lab.project import ProjectMissingError
from justice_data_lab.replies import exit_status, reply_html, reply_json
from justice_data_lab.replies.checking import check_upload
from justice_data_lab.replies.terminal import print_reply
from justice_data_lab.writing import NotOursError

MOST_MARKED = 200_000
"""Ranges of records that are marked for one check: all of a workbook's."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the reply here.")
@click.option("--html", "html_file", type=click.Path(path_type=Path), help="And as a page here.")
@click.option(
    "--marked",
    "marked_file",
    type=click.Path(path_type=Path),
    help="Write the workbook here, with what to correct coloured and a note in each cell.",
)
@click.option(
    "--page", "page_folder", type=click.Path(path_type=Path), help="Write the offline page here."
)
@click.pass_context
def check(
    context: click.Context,
    path: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    marked_file: Path | None,
    page_folder: Path | None,
) -> None:
    r"""Check one upload as the build would, without any police data.

    PATH is the folder of a request, with individuals.csv and service.csv, or a workbook .xlsx.
    The exit status is 1 when something must be corrected. With --page and no PATH, the check itself
    is written as a page that any browser opens from disk, for people who install nothing.

    \b
    Example:
      jdl check data/sample/uploads/foundation --html reply.html
      jdl check upload.xlsx --marked to-correct.xlsx
      jdl check --page check-page
    """
    if page_folder is not None:
        _write_page(page_folder)
    if path is None:
        if page_folder is None:
            raise click.UsageError("Missing argument 'PATH'.")
        return
    console = progress()
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
    print_reply(reply, output())
    if marked_file is not None:
        _write_marked(path, marked_file)
    context.exit(exit_status(reply))


def _write_marked(path: Path, file: Path) -> None:
    from justice_data_lab.replies.marked import mark_workbook

    if path.suffix.casefold() != ".xlsx" or file.suffix.casefold() != ".xlsx":
        raise CouldNotRun("--marked: only a workbook .xlsx can be marked, into another .xlsx")
    if file.exists() and file.samefile(path):
        raise CouldNotRun(f"{file}: is the workbook itself; choose another name")
    try:
        marked = mark_workbook(path, check_upload(path, MOST_MARKED))
    except ValueError as error:
        raise CouldNotRun(str(error)) from error
    write_content(file, marked.content)
    click.echo(f"{file}: {marked.cells_n:,} cells marked.")
    for sentence in marked.lost:
        click.echo(sentence)


def _write_page(folder: Path) -> None:
    from justice_data_lab.replies.page import PageNotMadeError, write_page

    try:
        write_page(folder)
    except (PageNotMadeError, NotOursError) as error:
        raise CouldNotRun(str(error)) from error
    except OSError as error:
        raise not_written(folder, error) from error
