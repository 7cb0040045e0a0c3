"""`jdl verify`: the fingerprints of what is published, or of a release."""

import json
from pathlib import Path

import click

from justice_data_lab.build.audit import FILE, note
from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.build.published import read_published
from justice_data_lab.commands import CouldNotRun, build_option, older_figures, write_text
from justice_data_lab.releases import check_release, fingerprint_of


@click.command()
@click.argument("version", required=False)
@build_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the hashes here.")
@click.pass_context
def verify(
    context: click.Context, version: str | None, build: Path, json_file: Path | None
) -> None:
    r"""Recompute the fingerprints of published.duckdb, or of the release VERSION.

    The hash of what is published is what reviewer and approver agree on, and what `jdl release`
    asks for. The exit status is 1 when the last build did not pass, or when anything of a release
    is not as it was.

    \b
    Example:
      jdl verify --build build
      jdl verify 2026-01
    """
    try:
        problems = _verify_release(build, version, json_file) if version else []
        if not version:
            problems = _verify_build(build, json_file)
    except FileNotFoundError as error:
        raise CouldNotRun(f"{version}: no such release in {build / 'releases'}") from error
    except (DatabaseError, ValueError) as error:
        raise CouldNotRun(str(error)) from error
    for problem in problems:
        click.echo(problem)
    context.exit(1 if problems else 0)


def _verify_build(build: Path, json_file: Path | None) -> list[str]:
    found = fingerprint_of(read_published(build / "published.duckdb"))
    for name, digest in found.tables.items():
        click.echo(f"{digest}  {name}")
    click.echo(f"{found.total}  published.duckdb")
    click.echo("The last hash is that of all tables together: jdl release --hash asks for it.")
    if json_file is not None:
        text = json.dumps({"hash": found.total, "tables": dict(found.tables)}, indent=2)
        write_text(json_file, text + "\n")
    older = older_figures(build)
    try:
        note(build, "review", f"hash {found.total}", counts={"tables": len(found.tables)})
    except OSError as error:  # a reviewer may have the folder for reading only
        click.echo(f"jdl: not noted in {build / FILE} ({error.strerror})", err=True)
    return [older] if older else []


def _verify_release(build: Path, version: str, json_file: Path | None) -> list[str]:
    check = check_release(build, version)
    if json_file is not None:
        facts = {"hash": check.manifest.reviewed_hash, "tables": check.manifest.tables}
        write_text(json_file, json.dumps({**facts, "problems": check.problems}, indent=2) + "\n")
    if not check.problems:
        click.echo(
            f"{version}: {len(check.manifest.files)} files and {len(check.manifest.tables)} tables "
            f"are as they were released on {check.manifest.released_on}"
        )
    return check.problems
