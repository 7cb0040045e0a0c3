"""`jdl placebo`: what the method finds where nobody had a service."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.commands import CouldNotRun, build_option, write_text
from justice_data_lab.commands.console import output, progress
from justice_data_lab.measures import measures
from justice_data_lab.robustness.placebo_of_build import (
    Measured,
    NoHeadlineError,
    PlaceboReport,
    placebo_of_build,
)
from justice_data_lab.rounding import half_up

# digits of the printed figures, by kind
DIGITS = {"binary": 2, "count": 3}


@click.command()
@click.argument("request_id", metavar="REQUEST")
@build_option
@click.option(
    "--cohorts",
    type=click.IntRange(min=20, max=100_000),
    default=1000,
    show_default=True,
    help="Placebo cohorts to draw.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Equal seed, equal figures.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write figures here.")
def placebo(request_id: str, build: Path, cohorts: int, seed: int, json_file: Path | None) -> None:
    r"""Test the headline of REQUEST against cohorts of controls that look like its treated.

    They had no service, so their mean is the method's bias, and their spread says how far from
    zero chance alone goes. Each cohort is taken out of the pool and has a score, a match and a
    balance of its own: a thousand take some minutes. Unrounded figures from the restricted
    database: not for publication.

    \b
    Example:
      jdl placebo foundation --build build --json placebo.json
    """
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = progress()
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task("cohorts", total=cohorts)
            report = placebo_of_build(
                build, request_id, cohorts=cohorts, seed=seed, advance=lambda: bar.advance(task)
            )
    except (NoHeadlineError, DatabaseError, OSError) as error:
        raise CouldNotRun(str(error)) from error
    if json_file is not None:
        write_text(json_file, json.dumps(placebo_json(report), indent=2) + "\n")
    _print(report, output())


def placebo_json(report: PlaceboReport) -> dict[str, object]:
    """Return the report as JSON: figures by measure, rates in points."""
    return {
        "request_id": report.request_id,
        "treated_n": report.treated_n,
        "pool_n": report.pool_n,
        "seed": report.seed,
        "measures": {
            measured.measure: {k: v for k, v in asdict(measured).items() if k != "measure"}
            for measured in report.measures
        },
    }


def _print(report: PlaceboReport, console: Console) -> None:
    cohorts = report.measures[0].cohorts
    console.print(
        f"{report.request_id}: {cohorts:,} placebo cohorts of {report.treated_n:,} people, drawn "
        f"from {report.pool_n:,} controls by their score (seed {report.seed})",
        highlight=False,
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for measured in report.measures:
        measure = measures()[measured.measure]
        points = ", points" if measure.kind == "binary" else ""
        table.add_column(f"{measure.name}{points}", justify="right")
    lines = [_lines(measured) for measured in report.measures]
    for name in lines[0]:
        table.add_row(name, *(line[name] for line in lines))
    console.print(table)
    for sentence in _sentences(report.measures[0]):
        console.print(sentence, highlight=False, soft_wrap=True)


def _lines(found: Measured) -> dict[str, str]:
    digits = DIGITS[measures()[found.measure].kind]
    low, high = found.significant_lower, found.significant_upper
    return {
        "headline": f"{found.estimate:+.{digits}f}",
        "its p": _p(found.p_value),
        "p among placebos": _p(found.p_among_cohorts),
        "mean of placebos (bias)": f"{found.bias:+.{digits}f} ± {found.bias_error:.{digits}f}",
        "95% of placebos": f"{found.lower:+.{digits}f} to {found.upper:+.{digits}f}",
        "spread of placebos": f"{found.spread:.{digits}f}",
        "headline's own error": "-" if found.std_error is None else f"{found.std_error:.{digits}f}",
        "placebos with p <= 0.05": f"{found.significant_percent:.1f}% ({low:.1f} to {high:.1f})",
    }


def _p(value: float | None) -> str:
    return "-" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def _sentences(rate: Measured) -> list[str]:
    as_far = half_up(100 * rate.p_among_cohorts, 1)
    sentences = [
        f"{as_far:g}% of the placebo cohorts, which had no service, came as far from zero as the "
        "headline rate."
    ]
    if abs(rate.bias) > 2 * rate.bias_error:
        sentences.append(
            "The mean of the placebos is not near zero: look at the balance before the headline."
        )
    return sentences
