"""`jdl estimate`: the lab's arithmetic on a table of the analyst's own."""

import io
import json
import math
from pathlib import Path
from typing import cast

import click
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from justice_data_lab.commands import CouldNotRun, write_content, write_text
from justice_data_lab.commands.console import output
from justice_data_lab.measures import Kind
from justice_data_lab.own_data.estimate import OwnResult, OwnTilt, estimate_own
from justice_data_lab.own_data.tables import Columns, read_own_data
from justice_data_lab.own_data.terminal import print_estimate
from justice_data_lab.own_data.warnings import own_warnings
from justice_data_lab.statistics.arrow import BoolArray
from justice_data_lab.statistics.settings import MatchSettings, Scale, WidthUnit


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--treated", required=True, metavar="COL", help="1 for treated people, else 0.")
@click.option("--outcome", required=True, metavar="COL", help="What is compared.")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["binary", "count", "continuous"]),
    help="Of the outcome: 0 and 1; 0, 1, 2, ...; any number.",
)
@click.option("--covariates", required=True, metavar="A,B,...", help="What is matched on.")
@click.option("--delay", metavar="COL", help="Days from index to start, of the treated.")
@click.option(
    "--time-to-reoffence",
    metavar="COL",
    help="Last day at risk of the controls; empty: never lost. With --delay: the risk-set score.",
)
@click.option(
    "--scale",
    type=click.Choice(["logit", "probability"]),
    default="logit",
    show_default=True,
    help="What the radius is measured on.",
)
@click.option("--width", type=float, default=0.05, show_default=True, help="The radius, closed.")
@click.option(
    "--width-unit",
    type=click.Choice(["sd", "raw"]),
    default="sd",
    show_default=True,
    help="Standard deviations (n - 1) of the score over all rows, or the scale's own unit.",
)
@click.option(
    "--tilt",
    is_flag=True,
    help="Balance all covariates exactly after matching, with squares and products.",
)
@click.option(
    "--ridge",
    type=click.FloatRange(min=0, max=1e6),
    help="Penalty of the score. Default: none, but 1 where no fit without one exists.",
)
@click.option(
    "--scores",
    "scores_file",
    type=click.Path(path_type=Path),
    help="Write row, propensity, weight and score here (.csv or .parquet).",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write figures here.")
@click.pass_context
def estimate(
    context: click.Context,
    table: Path,
    treated: str,
    outcome: str,
    kind: str,
    covariates: str,
    delay: str | None,
    time_to_reoffence: str | None,
    scale: str,
    width: float,
    width_unit: str,
    tilt: bool,
    ridge: float | None,
    scores_file: Path | None,
    json_file: Path | None,
) -> None:
    r"""Estimate an effect on the treated from TABLE, a CSV or Parquet file, one row per person.

    Score, radius matching with replacement, balance, difference and doubly robust estimate, as
    for a request. Figures are in the units of the table, standardised differences in percent.
    The exit status is 1 when the score did not converge or too few are matched.

    \b
    Example:
      jdl estimate people.csv --treated service --outcome reoffended --kind binary \
        --covariates age,sex,previous_offences --json figures.json
    """
    try:
        columns = Columns(
            treated=treated,
            outcome=outcome,
            covariates=tuple(name.strip() for name in covariates.split(",") if name.strip()),
            delay=delay,
            time_to_reoffence=time_to_reoffence,
        )
        settings = MatchSettings(
            scale=cast("Scale", scale),
            width=width,
            width_unit=cast("WidthUnit", width_unit),
            is_tilted=tilt,
        )
        if delay is not None and scale == "probability":
            raise ValueError("a risk-set score has no probability; use --scale logit")
        if ridge is not None and math.isnan(ridge):
            raise ValueError("--ridge must be a number")
        data = read_own_data(table, columns, cast("Kind", kind))
        result = estimate_own(data, cast("Kind", kind), settings, ridge=ridge)
    except ValueError as error:
        raise CouldNotRun(str(error)) from error
    warnings = own_warnings(data, result.balance)
    if scores_file is not None:
        _write_scores(scores_file, result)
    if json_file is not None:
        figures = estimate_json(result, data.treated) | {"warnings": warnings}
        write_text(json_file, json.dumps(figures, indent=2, allow_nan=False) + "\n")
    print_estimate(result, data.treated, warnings, output())
    is_done = result.fit.converged and result.compared is not None
    context.exit(0 if is_done and result.compared and result.compared.result else 1)


def estimate_json(result: OwnResult, treated: BoolArray) -> dict[str, object]:
    """Return the figures; null where there is nothing to estimate."""
    compared = result.compared
    found = compared.result if compared else None
    robust = result.doubly_robust
    return {
        "n_treated": int(treated.sum()),
        "n_control": int((~treated).sum()),
        "coefficients": dict(zip(result.terms, result.fit.coefficients.tolist(), strict=True)),
        "std_errors": {
            term: _finite(error)
            for term, error in zip(result.terms, result.fit.std_errors.tolist(), strict=True)
        },
        "dropped": result.dropped,
        "ridge": result.fit.ridge,
        "converged": result.fit.converged,
        "gradient_norm": _finite(result.fit.gradient_norm),
        "matched_treated_n": int((treated & (result.weight > 0)).sum()),
        "matched_control_n": int((~treated & (result.weight > 0)).sum()),
        "effective_control_n": result.effective_control_n,
        "treated_mean": compared.treated.mean if compared else None,
        "control_mean": compared.control.mean if compared else None,
        "difference": compared.treated.mean - compared.control.mean if compared else None,
        "lower": found.difference.lower if found else None,
        "upper": found.difference.upper if found else None,
        "p_value": found.p_value if found else None,
        "method": found.method if found else None,
        "tilt": None if result.tilted is None else _tilt_json(result.tilted),
        "doubly_robust": {
            name: getattr(robust, name) if robust else None
            for name in ("difference", "lower", "upper", "p_value", "ridge", "method")
        },
        "balance": [
            {
                "covariate": name,
                "smd_before": _finite(balance.smd_before),
                "smd_after": _finite(balance.smd_after),
                "treated_mean": _finite(balance.treated_mean),
                "control_mean_before": _finite(balance.control_mean_before),
                "control_mean_after": _finite(balance.control_mean_after),
                "variance_ratio_before": _finite(balance.variance_ratio_before),
                "variance_ratio_after": _finite(balance.variance_ratio_after),
                "rating": balance.rating,
            }
            for name, balance in result.balance.items()
        ],
    }


def _tilt_json(tilted: OwnTilt) -> dict[str, object]:
    """Return the proof of a tilt; differences in standard deviations of the treated."""
    found = tilted.found
    return {
        "largest_difference": found.largest_difference,
        "iterations": found.iterations,
        "largest_weight_share": found.largest_share,
        "terms": [
            {
                "term": term.name,
                "kind": term.kind,
                "strength": term.strength,
                "status": found.status[place],
                "difference_before": float(found.before[place]),
                "difference_after": float(found.after[place]),
            }
            for place, term in enumerate(tilted.terms)
        ],
    }


def _write_scores(file: Path, result: OwnResult) -> None:
    """Write a row per person in the order of the table, from 1; no propensity of a risk set."""
    rows = len(result.score)
    propensity = result.propensity
    scores = pa.table(
        {
            "row": pa.array(range(1, rows + 1), pa.int64()),
            "propensity": pa.nulls(rows, pa.float64()) if propensity is None else propensity,
            "weight": result.weight,
            "score": result.score,
        }
    )
    content = io.BytesIO()
    if file.suffix.lower() == ".parquet":
        pyarrow.parquet.write_table(scores, content)
    else:
        pyarrow.csv.write_csv(scores, content)
    write_content(file, content.getvalue())


def _finite(value: float) -> float | None:
    """Return a number that JSON can hold; null for one that is not known."""
    return value if abs(value) < float("inf") else None
