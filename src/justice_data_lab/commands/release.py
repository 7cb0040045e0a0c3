"""`jdl release`: freeze what was reviewed under a version."""

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from justice_data_lab.build.audit import note
from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.commands import CouldNotRun, build_option, write_text
from justice_data_lab.commands.console import progress
from justice_data_lab.releases import Approval, ReleaseError, freeze_release
from justice_data_lab.releases.drafts import read_sketches
from justice_data_lab.report import write_site


@click.command()
@click.argument("version")
@click.option("--hash", "reviewed_hash", help="The hash that jdl verify printed at review.")
@click.option("--reviewer", help="Who reviewed the figures.")
@click.option("--approver", help="Who approves their release; somebody else.")
@click.option("--on", "released_on", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@build_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="And the manifest here.")
def release(
    version: str,
    reviewed_hash: str | None,
    reviewer: str | None,
    approver: str | None,
    released_on: datetime | None,
    build: Path,
    json_file: Path | None,
) -> None:
    r"""Freeze tables, site, workbooks and CSV under VERSION, in the folder releases of the build.

    What is missing of the hash and the two names is asked for. They are recorded; that the two
    looked is for them to say. Requests that are still with their provider are left out.

    \b
    Example:
      jdl release 2026-01 --hash 5f1c... --reviewer "A. Smith" --approver "B. Jones"
    """
    approval = Approval(
        reviewed_hash=_asked(reviewed_hash, "Hash that jdl verify printed", "--hash"),
        reviewer=_asked(reviewer, "Reviewer", "--reviewer"),
        approver=_asked(approver, "Approver", "--approver"),
    )
    day = released_on.date() if released_on else date.today()
    try:
        with progress().status("freezing"):
            manifest = freeze_release(
                build,
                version,
                approval,
                released_on=day,
                cohorts=read_sketches(build),
                write_site=write_site,
            )
    except (ReleaseError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    note(
        build,
        "release",
        f"{version}, reviewed by {manifest.reviewer}, approved by {manifest.approver}",
        code=manifest.code_version,
        inputs={"the published figures": manifest.reviewed_hash},
        counts={"requests": len(manifest.requests)},
    )
    if json_file is not None:
        write_text(json_file, json.dumps(vars(manifest), indent=2) + "\n")
    click.echo(f"{build / 'releases' / version}: {len(manifest.requests)} requests released")


def _asked(value: str | None, question: str, option: str) -> str:
    """Return what was given or is typed now; CouldNotRun where nobody can be asked."""
    if value is None and sys.stdin.isatty():
        value = click.prompt(question)
    if not value or not value.strip():
        raise CouldNotRun(f"{option} is needed: {question[0].lower()}{question[1:]}")
    return value.strip()
