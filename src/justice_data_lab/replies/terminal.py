"""The reply on the terminal: the verdict, the counts and a table of checks."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from justice_data_lab.replies.problem import Problem
from justice_data_lab.replies.reply import Reply
from justice_data_lab.replies.wording import records_text, subject
from justice_data_lab.visible import visible

_SHOWN_RANGES = 20
_STYLES = {"error": "bold red", "warning": "yellow"}


def print_reply(reply: Reply, console: Console) -> None:
    """Print the reply; names are shown letter by letter, never read as markup or controls."""
    style = "bold green" if reply.can_be_analysed else "bold red"
    _line(console, f"{visible(reply.request_id)}: {reply.verdict_text}", style)
    names = [_shown(name, console) for name in (reply.organisation, reply.service_name) if name]
    if names:
        _line(console, ", ".join(names))
    for reason in reply.reasons:
        _line(console, f"- {reason}")
    _line(console, _counts(reply))
    if reply.errors or reply.warnings:
        console.print(_table(reply))
        _line(console, reply.rows_note)
    if reply.good:
        _line(console, "Good:")
        for sentence in reply.good:
            _line(console, f"- {sentence}")


def _shown(name: str, console: Console) -> str:
    """Write a name, with escapes for what the terminal's encoding lacks."""
    encoding = console.encoding
    return visible(name).encode(encoding, "backslashreplace").decode(encoding)


def _counts(reply: Reply) -> str:
    return (
        f"{records_text(reply.records_n)}: {reply.clear_n:,} without a finding, "
        f"{reply.warning_n:,} to look at, {reply.error_n:,} to correct."
    )


def _table(reply: Reply) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("finding", no_wrap=True)
    table.add_column("about", overflow="fold", max_width=20)
    table.add_column("records", justify="right", no_wrap=True)
    table.add_column("what to do", overflow="fold", ratio=1)
    for problem in (*reply.errors, *reply.warnings):
        table.add_row(
            Text(problem.severity, style=_STYLES.get(problem.severity, "")),
            Text(subject(problem.check_id, problem.level, problem.fields)),
            Text(f"{problem.records_n:,}" if problem.records_n else ""),
            Text("\n".join(_lines(problem, reply.header_row))),
        )
    return table


def _lines(problem: Problem, header_row: int | None) -> list[str]:
    lines = [problem.text, *problem.details]
    if problem.numbers:
        lines.append(problem.numbers)
    if problem.ranges:
        lines.append(problem.where(header_row, _SHOWN_RANGES))
    return lines


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
