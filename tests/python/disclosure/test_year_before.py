"""The year before is published by the rules of a rate, and never with a number of people."""

from typing import Any

import pyarrow as pa
import pytest

from justice_data_lab.disclosure import DisclosureSettings, control_year_before

ON = DisclosureSettings()
KEY = ("r", "headline")


def controlled(
    settings: DisclosureSettings = ON, hold: Any = None, **changes: Any
) -> list[dict[str, Any]]:
    row = {
        "request_id": "r",
        "analysis_id": "headline",
        "treated_n": 240,
        "treated_offended_n": 60,
        "treated_value": 25.0,
        "control_n": 3000,
        "control_offended_n": 700,
        "control_value": 24.66,
        "difference": 0.34,
        "difference_lower": -5.4,
        "difference_upper": 6.08,
        "p_value": 0.9049,
        "expected_count_min": 60.0,
        "passes": True,
        **changes,
    }
    table = pa.Table.from_pylist([row])
    return control_year_before(table, {KEY: hold}, settings).to_pylist()


def test_figures_are_rounded_as_a_rate_and_no_count_is_published() -> None:
    (row,) = controlled()
    assert row == {
        "request_id": "r",
        "treated_value": 25.0,
        "control_value": 25.0,
        "difference": 0.3,
        "difference_lower": -5.0,
        "difference_upper": 6.0,
        "p_value": 0.9,
        "passes": True,
        "code": None,
        "suppressed_figures": None,
    }


@pytest.mark.parametrize(
    ("changes", "is_hidden"),
    [
        ({"treated_offended_n": 7}, True),
        ({"treated_offended_n": 8}, False),
        ({"treated_offended_n": 233}, True),
        ({"control_offended_n": 7}, True),
        ({"control_offended_n": 2993}, True),
        ({"hold": "differencing"}, True),
    ],
)
def test_few_people_on_either_side_are_hidden(changes: dict[str, Any], is_hidden: bool) -> None:
    (row,) = controlled(**changes)
    assert (row["code"] == "c") == is_hidden
    assert (row["passes"] is None) == is_hidden
    assert (row["suppressed_figures"] or "").startswith("control_value=") == is_hidden
    (open_row,) = controlled(DisclosureSettings(is_on=False), **changes | {"hold": None})
    assert open_row["treated_value"] == 25.0


@pytest.mark.parametrize(("expected", "code"), [(9.9, "x"), (10.0, None), (None, "x")])
def test_too_few_to_expect_is_withheld(expected: float | None, code: str | None) -> None:
    (row,) = controlled(expected_count_min=expected)
    assert row["code"] == code
    assert (row["p_value"] is None) == (code is not None)


def test_a_headline_that_nobody_may_hear_of_has_no_row() -> None:
    row = pa.Table.from_pylist([{"request_id": "r", "analysis_id": "headline"}])
    assert control_year_before(row, {}, ON).num_rows == 0
