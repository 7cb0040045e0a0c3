"""The `jdl` command: what dbt does not do."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from justice_data_lab.sample import MINIMUM_PEOPLE, STAGES, SampleError, write_sample
from justice_data_lab.summary import print_summary


class CouldNotRun(click.ClickException):
    """Exit status 2 with one line that says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the one line on stderr."""
        click.echo(f"jdl: {self.message}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Justice Data Lab: everything beside `dbt build`."""


@main.command()
@click.option("--people", type=int, required=True, help=f"People, at least {MINIMUM_PEOPLE:,}.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Equal seed, equal tables.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="New or empty folder, or a former sample.",
)
def sample(people: int, seed: int, out: Path) -> None:
    r"""Write a synthetic raw zone, with its true effects beside it.

    \b
    Example:
      jdl sample --people 50000 --seed 20140401 --out data/sample
    """
    console = Console(stderr=True)
    try:
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("sample", total=len(STAGES))
            write_sample(
                out,
                people=people,
                seed=seed,
                progress=lambda stage: bar.update(
                    task, description=stage, completed=STAGES.index(stage)
                ),
            )
    except (SampleError, OSError) as error:
        raise CouldNotRun(str(error)) from error


@main.command()
@click.option(
    "--build",
    type=click.Path(path_type=Path),
    envvar="JDL_BUILD",
    default=Path("build"),
    show_default=True,
    help="Folder of the databases.",
)
def summary(build: Path) -> None:
    r"""Print the headline row of each published request.

    \b
    Example:
      jdl summary --build build
    """
    try:
        print_summary(build, Console())
    except FileNotFoundError as error:
        raise CouldNotRun(str(error)) from error


if __name__ == "__main__":
    main()
