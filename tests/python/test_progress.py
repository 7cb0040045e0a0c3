"""How far long work is: said on a terminal after a while, and never in a pipe."""

import io
from types import SimpleNamespace

import pytest

from justice_data_lab.dbt_plugins import stages
from justice_data_lab.progress import Line, Steps


class Terminal(io.StringIO):
    """A stream that is a terminal, or is none."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        """is_terminal: what it says when it is asked."""
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Tell whether it is one."""
        return self._is_terminal

    @property
    def lines(self) -> list[str]:
        """What was shown, one after the other."""
        return self.getvalue().split("\r\x1b[2K")[1:]


def take(stream: Terminal, seconds_a_step: float, steps: int) -> None:
    """Take some of ten steps."""
    now = [0.0]
    work = Steps("analyses", 10, line=Line(stream), clock=lambda: now[0])
    for _ in range(steps):
        now[0] += seconds_a_step
        work.step()
    work.finish()


def test_long_work_says_how_many_of_how_many_and_the_time_left() -> None:
    stream = Terminal()
    take(stream, 60.0, 9)
    assert stream.lines[0] == "analyses: 1 of 10, about 9 minutes left"
    assert stream.lines[8] == "analyses: 9 of 10, about 60 seconds left"
    assert stream.lines[9:] == [""]


def test_short_work_says_nothing() -> None:
    stream = Terminal()
    take(stream, 0.5, 9)
    assert stream.getvalue() == ""


def test_quick_steps_are_shown_once_a_second() -> None:
    stream = Terminal()
    take(stream, 0.6, 10)
    assert len(stream.lines) == 2


def test_a_pipe_gets_nothing() -> None:
    stream = Terminal(is_terminal=False)
    take(stream, 60.0, 9)
    assert stream.getvalue() == ""


def event(name: str, level: str = "info", **data: object) -> SimpleNamespace:
    """Return an event as dbt gives it."""
    return SimpleNamespace(
        info=SimpleNamespace(name=name, level=level), data=SimpleNamespace(**data)
    )


def test_the_stage_of_a_run_stands_in_one_line_that_a_warning_clears(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = Terminal()
    monkeypatch.setattr(stages, "_LINE", Line(stream))
    stages.tell(event("LogStartLine", index=112, total=217, description="table model " + "x" * 99))
    stages.tell(event("LogModelResult"))
    stages.tell(event("LogTestResult", level="warn"))
    shown = stream.lines
    assert shown[0].startswith("112 of 217: table model xxx")
    assert len(shown[0]) == stages.WIDTH
    assert shown[1:] == [""]
