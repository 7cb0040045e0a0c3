"""The commands of `jdl`, a module each, and what they share."""

from pathlib import Path

import click

from justice_data_lab.build.state import why_older
from justice_data_lab.visible import visible
from justice_data_lab.writing import NotOursError, write_file

_REPOSITORY = Path(__file__).resolve().parents[3]


class CouldNotRun(click.ClickException):
    """Exit status 2 with one line that says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the one line on stderr."""
        click.echo(f"jdl: {visible(self.message)}", err=True)


def not_written(file: Path, error: OSError) -> CouldNotRun:
    """Say that a file could not be written, and why."""
    return CouldNotRun(f"{file}: could not be written ({error.strerror})")


def write_content(file: Path, content: bytes) -> None:
    """Write a file; CouldNotRun where that fails, or what is there was not written by us."""
    try:
        write_file(file, content)
    except NotOursError as error:
        raise CouldNotRun(str(error)) from error
    except OSError as error:
        raise not_written(file, error) from error


def write_text(file: Path, text: str) -> None:
    """Write a text file, as ``write_content`` does."""
    write_content(file, text.encode())


def of_project(name: str) -> Path:
    """Return a folder of the project: the one around the current folder, or the package's own.

    Outside of any project it is a folder of the current one.
    """
    here = Path.cwd()
    for folder in (here, *here.parents, _REPOSITORY):
        if (folder / "dbt_project.yml").is_file():
            return Path(name) if folder == here else folder / name
    return Path(name)


def older_figures(build: Path) -> str | None:
    """Say that what is published is older than the last run, and why; None where it is not."""
    why = why_older(build)
    return why and f"These figures are older than the last run, which published nothing: {why}."


build_option = click.option(
    "--build",
    type=click.Path(path_type=Path),
    envvar="JDL_BUILD",
    default=lambda: of_project("build"),
    show_default="build in the project",
    help="Folder of the databases.",
)
