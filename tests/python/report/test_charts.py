"""Scales, texts and numbers of the charts."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from justice_data_lab.report.charts import svg
from justice_data_lab.report.charts.bars import Group, Step, findings, waterfall
from justice_data_lab.report.charts.intervals import Interval, forest
from justice_data_lab.report.charts.scales import linear, logarithmic, signed
from justice_data_lab.report.pages.parts import RATE_AXIS
from justice_data_lab.report.wording import number_text, p_text, range_text

VALUES = st.floats(-1000, 1000, allow_nan=False)


@given(st.lists(VALUES, min_size=1, max_size=20))
def test_a_scale_holds_all_values_and_nought(values: list[float]) -> None:
    scale = linear(values, 10, 500)
    assert scale.low <= min(0, *values)
    assert scale.high >= max(0, *values)
    assert 2 <= len(scale.ticks) <= 8
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert 0 in scale.ticks
    places = [scale(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(10 <= place <= 500 for place in places)


@given(st.lists(st.integers(1, 200_000), min_size=1, max_size=20))
def test_a_logarithmic_scale_holds_all_sizes(values: list[int]) -> None:
    scale = logarithmic(values, 0, 400)
    assert scale.low <= min(values)
    assert scale.high >= max(values)
    assert all(0 <= scale(value) <= 400 for value in values)


@given(st.text(max_size=300), st.floats(40, 500))
def test_a_text_is_cut_to_its_room(text: str, room: float) -> None:
    assert svg.text_width(svg.cut(text, room)) <= room
    assert len(svg.wrapped(text, room, 2)) <= 2


def test_a_drawing_is_well_formed_whatever_the_names() -> None:
    name = "<script>\"&'</script>"
    rows = [Interval(name, -7.0, -13.0, -1.0, "decrease"), Interval(name, None, None, None)]
    for width in (300, 720):
        drawn = forest(rows, RATE_AXIS, width)
        words = [element.text for element in ElementTree.fromstring(drawn.svg).iter()]
        assert name in words
        assert drawn.svg.count("#12436D") >= 2
        assert drawn.width == width


def test_an_interval_lies_where_the_scale_says() -> None:
    drawn = forest([Interval("a", -10.0, -20.0, 0.0, "decrease")], RATE_AXIS, 720)
    circle = next(e for e in ElementTree.fromstring(drawn.svg).iter() if e.tag.endswith("circle"))
    scale = linear([-10.0, -20.0, 0.0, 5.0], 720 * 0.36 + 16, 720 - 16, most_ticks=8)
    assert float(circle.get("cx", "")) == pytest.approx(scale(-10), abs=0.1)


def test_stacked_bars_show_their_counts_in_proportion() -> None:
    drawn = findings([Group("Drugs", (3, 5, 0, 2, 0))], 720)
    rects = [e for e in ElementTree.fromstring(drawn.svg).iter() if e.get("height") == "28"]
    widths = [float(rect.get("width", "")) for rect in rects]
    assert len(widths) == 3
    assert widths[0] / widths[1] == pytest.approx(3 / 5, abs=0.01)


def test_a_hidden_step_has_no_bar() -> None:
    steps = [
        Step("Submitted", 0, 100),
        Step("Left", 40, 60),
        Step("Hidden", None, None, "not shown [c]"),
    ]
    drawn = waterfall(steps, 720)
    bars = [e for e in ElementTree.fromstring(drawn.svg).iter() if e.get("height") == "24"]
    assert len(bars) == 3
    assert "not shown [c]" in drawn.svg


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-7.0, 0, "\N{MINUS SIGN}7"),
        (-0.0, 0, "0"),
        (-0.001, 2, "0.00"),
        (0.4, 0, "0.4"),
        (1246, 0, "1,246"),
        (None, 0, "[c]"),
    ],
)
def test_numbers(value: float | None, decimals: int, text: str) -> None:
    assert number_text(value, decimals, "c") == text


def test_p_values_and_ranges() -> None:
    assert p_text(0.0) == "less than 0.01"
    assert p_text(0.05) == "0.05"
    assert p_text(None, None) == "[x]"
    assert range_text(-4.0, 8.0) == "\N{MINUS SIGN}4 to 8"
    assert range_text(None, 8.0, 0, "c") == "[c]"
    assert signed(-10) == "\N{MINUS SIGN}10"
    assert signed(5) == "+5"
    assert signed(0) == "0"
