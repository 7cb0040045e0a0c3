"""`jdl sample`: a synthetic raw zone."""

from pathlib import Path

import click
from rich.progress import Progress

from justice_data_lab.commands import CouldNotRun
from justice_data_lab.commands.console import progress
from justice_data_lab.sample import (
    MINIMUM_PEOPLE,
    STAGES,
    STANDING_REQUESTS,
    SampleError,
    write_sample,
)


@click.command()
@click.option("--people", type=int, required=True, help=f"People, at least {MINIMUM_PEOPLE:,}.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Equal seed, equal tables.")
@click.option(
    "--requests",
    type=int,
    default=STANDING_REQUESTS,
    show_default=True,
    help="Requests; those beyond the standing ones have 40 to 2,500 analysed people each.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="New or empty folder, or a former sample.",
)
def sample(people: int, seed: int, requests: int, out: Path) -> None:
    r"""Write a synthetic raw zone and a file of its true effects.

    \b
    Example:
      jdl sample --people 50000 --seed 20140401 --out data/sample
    """
    console = progress()
    try:
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("sample", total=len(STAGES))
            write_sample(
                out,
                people=people,
                seed=seed,
                requests=requests,
                progress=lambda stage: bar.update(
                    task, description=stage, completed=STAGES.index(stage)
                ),
            )
    except (SampleError, OSError) as error:
        raise CouldNotRun(str(error)) from error
