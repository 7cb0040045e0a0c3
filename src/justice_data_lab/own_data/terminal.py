"""The result of `jdl estimate` on the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from justice_data_lab.own_data.estimate import OwnResult
from justice_data_lab.rounding import half_up, significant
from justice_data_lab.statistics.arrow import BoolArray
from justice_data_lab.visible import visible

_STYLES = {"green": "green", "amber": "yellow", "red": "bold red"}
LEAST_P = 0.0001
_METHODS = {
    "welch_effective": "Welch's t-test, with the effective size of the weighted controls",
    "robust_t": "t-test, with the variance of the weights",
    "newcombe_effective": "Newcombe's interval of two shares, for few people with, or without, the "
    "outcome",
    "residual_t": "outcome model of the controls, with the variance of its residuals",
    "newcombe_shifted": "outcome model of the controls, with Newcombe's interval for rare outcomes",
}
"""What each method is; the names are those of ``statistics.intervals`` and ``doubly_robust``."""
_REASONS = {
    "constant": "has one value only",
    "collinear": "is explained by the columns before it",
}


def print_estimate(
    result: OwnResult, treated: BoolArray, warnings: Sequence[str], console: Console
) -> None:
    """Print the fit, the matching, the difference and the balance, with what to know of them."""
    for line in [*_fit_lines(result), *_match_lines(result, treated)]:
        console.print(Text(line))
    console.print(_difference_table(result))
    for line in _method_lines(result):
        console.print(Text(line), soft_wrap=True)
    if result.compared is None:
        console.print(Text("Too few are matched to compare them.", style="bold red"))
    elif result.compared.result is None:
        console.print(Text("The outcome does not vary in an arm: no interval.", style="bold red"))
    console.print(_balance_table(result))
    console.print(
        Text("Differences are over the standard deviation of the treated before matching.")
    )
    for warning in warnings:
        console.print(Text(f"Warning: {visible(warning)}", style="bold red"), soft_wrap=True)


def _fit_lines(result: OwnResult) -> list[str]:
    fit = result.fit
    how = "risk-set (Cox)" if result.propensity is None else "logistic"
    state = "converged" if fit.converged else "NOT converged"
    lines = [
        f"Score: {how}, {len(result.terms)} terms, {state} in {fit.iterations} steps, "
        f"gradient {fit.gradient_norm:.1e}"
    ]
    if fit.ridge:
        lines.append(f"The score has a ridge of {fit.ridge:g}: it is not a maximum likelihood fit.")
    if not fit.converged:
        lines.append("Some covariates tell treated and controls apart: try --ridge 1, or fewer.")
    lines += [
        f"Left out of the score: {visible(term)} {_REASONS.get(status, status)}."
        for term, status in result.dropped.items()
    ]
    return lines


def _match_lines(result: OwnResult, treated: BoolArray) -> list[str]:
    used = result.weight > 0
    matched, total = int((treated & used).sum()), int(treated.sum())
    lines = [
        f"Matched: {matched:,} of {total:,} treated, to {int((~treated & used).sum()):,} of "
        f"{int((~treated).sum()):,} controls (effective size {result.effective_control_n:,.1f})"
    ]
    if matched < total:
        lines.append(f"{total - matched:,} treated have no control and are left out.")
    return lines


def _method_lines(result: OwnResult) -> list[str]:
    found = result.compared.result if result.compared else None
    lines = [f"{found.method}: {_METHODS[found.method]}."] if found else []
    if result.doubly_robust:
        lines.append(f"doubly_robust: {_METHODS[result.doubly_robust.method]}.")
    return lines


def _difference_table(result: OwnResult) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("estimate")
    for name in ("treated", "control", "difference", "95% interval", "p"):
        table.add_column(name, justify="right")
    compared = result.compared
    if compared is not None:
        found = compared.result
        difference = compared.treated.mean - compared.control.mean
        table.add_row(
            found.method if found else "none",
            _figure(compared.treated.mean),
            _figure(compared.control.mean),
            _figure(difference),
            _interval(found.difference.lower, found.difference.upper) if found else "",
            _p_text(found.p_value) if found else "",
        )
    robust = result.doubly_robust
    if robust is not None:
        limits = _interval(robust.lower, robust.upper)
        cells = (_figure(robust.difference), limits, _p_text(robust.p_value))
        table.add_row("doubly_robust", "", "", *cells)
    return table


def _balance_table(result: OwnResult) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("covariate", overflow="fold")
    for name in ("treated", "control", "smd before %", "smd after %", "rating"):
        table.add_column(name, justify="right")
    for name, balance in result.balance.items():
        rating = balance.rating or ""
        table.add_row(
            Text(visible(name)),
            _figure(balance.treated_mean),
            _figure(balance.control_mean_after),
            _fixed(balance.smd_before, 1),
            _fixed(balance.smd_after, 1),
            Text(rating, style=_STYLES.get(rating, "")),
        )
    return table


def _figure(value: float) -> str:
    return f"{significant(value, 5) if math.isfinite(value) else value:,.5g}"


def _fixed(value: float, places: int) -> str:
    return f"{half_up(value, places) if math.isfinite(value) else value:.{places}f}"


def _p_text(value: float) -> str:
    """Write a p to four places; a smaller one is no nought."""
    return "< 0.0001" if value < LEAST_P else _fixed(value, 4)


def _interval(lower: float, upper: float) -> str:
    return f"{_figure(lower)} to {_figure(upper)}"
