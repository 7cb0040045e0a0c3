"""`jdl power`: what an analysis of a size could show, before any data."""

import json
import math
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from justice_data_lab.commands import CouldNotRun, write_text
from justice_data_lab.statistics.power import (
    POWERS,
    REDUCTIONS,
    minimum_treated_n,
    round_size,
    smallest_detectable_points,
)


@click.command()
@click.option(
    "--treated", required=True, type=click.IntRange(2, 10**9), help="Treated people, at least 2."
)
@click.option(
    "--controls",
    required=True,
    type=click.FloatRange(2, 1e9),
    help="(Effective) controls, at least 2.",
)
@click.option("--rate", type=float, help="Expected rate of both groups, above 0 and below 1.")
@click.option("--sd", type=float, help="Or the standard deviation of an outcome from 0 to 1.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write figures here.")
def power(
    treated: int, controls: float, rate: float | None, sd: float | None, json_file: Path | None
) -> None:
    r"""Say what an analysis of this size could show.

    Two-sided 5%, one variance for both groups: rate x (1 - rate), or sd squared. A point is
    0.01 of the outcome.

    \b
    Example:
      jdl power --treated 257 --controls 33111 --rate 0.35
    """
    if math.isnan(controls):
        raise CouldNotRun("--controls must be a number")
    variance = _variance(rate, sd)
    sizes = {
        points: round_size(minimum_treated_n(points, controls, variance)) for points in REDUCTIONS
    }
    shown = {
        level: smallest_detectable_points(
            treated_n=treated, controls_n=controls, variance=variance, power=level / 100
        )
        for level in POWERS
    }
    if json_file is not None:
        figures = {
            "treated_n": treated,
            "controls_n": controls,
            "variance": variance,
            "minimum_treated_n": {str(points): size for points, size in sizes.items()},
            "smallest_detectable_points": {str(level): value for level, value in shown.items()},
        }
        write_text(json_file, json.dumps(figures, indent=2) + "\n")
    _print(sizes, shown, treated, controls)


def _variance(rate: float | None, sd: float | None) -> float:
    if (rate is None) == (sd is None):
        raise CouldNotRun("give either --rate or --sd")
    if rate is not None:
        if not 0 < rate < 1:
            raise CouldNotRun("--rate must be above 0 and below 1: 0.35 for 35%")
        return rate * (1 - rate)
    if sd is None or not 0 < sd <= 1:
        raise CouldNotRun("--sd must be above 0 and at most 1: the outcome is from 0 to 1")
    return sd * sd


def _print(
    sizes: dict[int, int | None], shown: dict[int, float | None], treated: int, controls: float
) -> None:
    console = Console()
    for level, points in shown.items():
        console.print(
            f"{treated:,} treated and {controls:,g} controls show a difference of "
            f"{points:.2f} points with {level}% power."
        )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("difference, points", justify="right")
    table.add_column("treated needed (95% power)", justify="right")
    for reduction, size in sizes.items():
        table.add_row(str(reduction), "no size is enough" if size is None else f"{size:,}")
    console.print(table)
