"""`jdl power`: what an analysis of a size could show, before any data."""

import json
import math
from pathlib import Path

import click
from rich import box
from rich.table import Table

from justice_data_lab.commands import CouldNotRun, write_text
from justice_data_lab.commands.console import output
from justice_data_lab.rounding import half_up
from justice_data_lab.statistics.power import (
    POWERS,
    REDUCTIONS,
    minimum_treated_n,
    round_size,
    smallest_detectable_points,
)

MOST_POINTS = 100.0


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
    0.01 of the outcome. A rate cannot fall by more than it is, and nothing differs by more than
    100 points: such differences are not shown.

    \b
    Example:
      jdl power --treated 257 --controls 33111 --rate 0.35
    """
    if math.isnan(controls):
        raise CouldNotRun("--controls must be a number")
    variance = _variance(rate, sd)
    largest = round(100 * rate, 9) if rate is not None else MOST_POINTS
    sizes = {
        points: round_size(minimum_treated_n(points, controls, variance))
        if points <= largest
        else None
        for points in REDUCTIONS
    }
    shown = {level: _shown(treated, controls, variance, level) for level in POWERS}
    if json_file is not None:
        figures = {
            "treated_n": treated,
            "controls_n": controls,
            "variance": variance,
            "minimum_treated_n": {str(points): size for points, size in sizes.items()},
            "smallest_detectable_points": {str(level): value for level, value in shown.items()},
        }
        write_text(json_file, json.dumps(figures, indent=2) + "\n")
    _print(sizes, shown, treated, controls, largest)


def _shown(treated: int, controls: float, variance: float, level: int) -> float | None:
    points = smallest_detectable_points(
        treated_n=treated, controls_n=controls, variance=variance, power=level / 100
    )
    return points if points is not None and points <= MOST_POINTS else None


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
    sizes: dict[int, int | None],
    shown: dict[int, float | None],
    treated: int,
    controls: float,
    largest: float,
) -> None:
    console = output()
    groups = f"{treated:,} treated and {controls:,g} controls show"
    for level, points in shown.items():
        if points is None:
            text = f"{groups} no difference at all with {level}% power: they are too few."
        else:
            text = f"{groups} a difference of {half_up(points, 2):.2f} points with {level}% power."
            if points > largest:
                text += f" It can only be an increase: a rate of {largest:g}% cannot fall so far."
        console.print(text, soft_wrap=True)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("difference, points", justify="right")
    table.add_column("treated needed (95% power)", justify="right")
    for reduction, size in sizes.items():
        if reduction <= largest:
            table.add_row(str(reduction), "no size is enough" if size is None else f"{size:,}")
    if table.row_count:
        console.print(table)
    if largest < max(sizes):
        console.print(f"A rate of {largest:g}% cannot fall by more than that.")
