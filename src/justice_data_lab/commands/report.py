"""`jdl report`: the site of the published tables."""

from pathlib import Path

import click
from rich.progress import Progress

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.commands import CouldNotRun, build_option, older_figures
from justice_data_lab.commands.console import progress
from justice_data_lab.releases.drafts import register_drafts
from justice_data_lab.report import write_site
from justice_data_lab.report.printing import find_browser


@click.command()
@build_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="New or empty folder, or a former site.  [default: site in the build's folder]",
)
@click.option("--pdf", is_flag=True, help="Print each report as a PDF, by Chromium or its kin.")
def report(build: Path, out: Path | None, pdf: bool) -> None:
    r"""Write the site of the published tables: an index, and a page for each request.

    It needs no server and asks for nothing from outside. Requests in review are drafts that a
    provider is sent: their cohorts are registered in releases/cohorts.csv, so that a later release
    keeps its distance from them.

    \b
    Example:
      jdl report --build build --out build/site
    """
    place = out or build / "site"
    console = progress()
    try:
        not_registered = register_drafts(build)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("pages", total=None)
            pages = write_site(
                build / "published.duckdb",
                place,
                browser=find_browser() if pdf else None,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except (DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    for line in not_registered:
        click.echo(line, err=True)
    click.echo(f"{pages} pages: {place / 'index.html'}")
    if note := older_figures(build):
        click.echo(note, err=True)
