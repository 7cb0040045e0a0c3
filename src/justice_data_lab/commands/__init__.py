"""The commands of `jdl`, a module each, and what they share."""

from pathlib import Path

import click

from justice_data_lab.visible import visible


class CouldNotRun(click.ClickException):
    """Exit status 2 with one line that says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the one line on stderr."""
        click.echo(f"jdl: {visible(self.message)}", err=True)


def not_written(file: Path, error: OSError) -> CouldNotRun:
    """Say that a file could not be written, and why."""
    return CouldNotRun(f"{file}: could not be written ({error.strerror})")


def write_text(file: Path, text: str) -> None:
    """Write a text file; CouldNotRun where that fails."""
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise not_written(file, error) from error


build_option = click.option(
    "--build",
    type=click.Path(path_type=Path),
    envvar="JDL_BUILD",
    default=Path("build"),
    show_default=True,
    help="Folder of the databases.",
)
