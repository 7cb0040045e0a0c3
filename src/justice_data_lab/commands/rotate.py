"""`jdl rotate`: give the encrypted databases of a build another key."""

from pathlib import Path

import click

from justice_data_lab.build.audit import note
from justice_data_lab.build.databases import KEY, DatabaseError
from justice_data_lab.build.rotation import NEW_KEY, RotationError, rotate_key
from justice_data_lab.commands import CouldNotRun, build_option

REPRODUCED = "reproduced"


@click.command()
@build_option
def rotate(build: Path) -> None:
    r"""Write restricted and analysis of a secure build again under a new key.

    The old key is read from DBT_ENV_SECRET_JDL_KEY, the new one from DBT_ENV_SECRET_JDL_NEW_KEY
    (openssl rand -base64 48 makes one).
    Every table is compared, and both databases are replaced together: stopped at any moment, both
    have the old key or both the new one. The last lines say what this does not change.

    \b
    Example:
      jdl rotate --build /data/build
    """
    try:
        tables = rotate_key(build)
    except (RotationError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    note(build, "rotate", "the encryption key", counts=tables)
    for name, count in tables.items():
        click.echo(f"{build / f'{name}.duckdb'}: {count} tables under the new key")
    click.echo(f"From now on {KEY} must be what {NEW_KEY} is; the old key opens neither.")
    click.echo(
        "Not changed: back-ups and copies made before, which the old key opens; "
        "DBT_ENV_SECRET_JDL_HMAC, by which person_key and the registers of releases are made."
    )
    for path in sorted((build / REPRODUCED).glob("*")):
        click.echo(f"Not changed: {path}, which has the old key; remove it.")
