"""`jdl purge`: remove the personal data of a request."""

import sys
from datetime import date
from pathlib import Path

import click

from justice_data_lab.build.audit import note
from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.commands import CouldNotRun, build_option, of_project
from justice_data_lab.releases.purge import PurgeError, purge_request


@click.command()
@click.argument("request")
@click.option(
    "--zone",
    type=click.Path(path_type=Path),
    envvar="JDL_DATA",
    default=lambda: of_project("data/sample"),
    show_default="data/sample in the project",
    help="The raw zone.",
)
@build_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(request: str, zone: Path, build: Path, yes: bool) -> None:
    r"""Remove the upload of REQUEST, and everything about its people, from raw zone and build.

    The databases are written again without it, what dbt wrote in target and logs is removed, and a
    tombstone is kept in the folder releases. What is published stays. Your back-ups are not
    reached.

    \b
    Example:
      jdl purge foundation --zone /data/zone --build /data/build
    """
    if not yes:
        if not sys.stdin.isatty():
            raise CouldNotRun("this cannot be undone; say --yes")
        click.confirm(
            f"Remove {request} from {zone} and {build}? This cannot be undone", abort=True
        )
    try:
        purged = purge_request(zone, build, request, purged_on=date.today())
    except (PurgeError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    note(build, "purge", request, counts={"records": purged.records_n})
    for path in purged.removed:
        click.echo(f"removed {path}")
    click.echo(
        f"{request}: {purged.records_n} records removed; {purged.values_n} names, numbers and "
        f"addresses were looked for in every file of {build}, and none is left but what others' "
        "records hold; its tombstone is in releases"
    )
