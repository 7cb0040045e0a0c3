"""`jdl reply`: the replies to the requests of a build."""

from pathlib import Path

import click

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.commands import CouldNotRun, build_option
from justice_data_lab.replies import UnknownRequestError
from justice_data_lab.replies.of_build import write_replies


@click.command()
@click.argument("requests", nargs=-1)
@build_option
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
