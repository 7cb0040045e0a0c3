"""The empirical null is of shown headlines alone, one a service, from ten on."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from justice_data_lab.disclosure import publish_empirical_null
from justice_data_lab.statistics.empirical_null import fit_null

NAMES = [f"r{number:02}" for number in range(12)]
DIFFERENCES = np.random.default_rng(4).normal(1.0, 3.0, len(NAMES))
ERRORS = np.linspace(1.0, 2.0, len(NAMES))


def tables(
    hidden: tuple[str, ...] = (), without_error: tuple[str, ...] = ()
) -> tuple[pa.Table, pa.Table, pa.Table]:
    keys = [
        {"request_id": name, "analysis_id": analysis, "measure": "rate"}
        for name in NAMES
        for analysis in ("headline", "regional")
    ]
    estimates: list[dict[str, Any]] = [
        {
            **key,
            "difference": float(DIFFERENCES[place // 2]) + 50 * (place % 2),
            "std_error": None if key["request_id"] in without_error else float(ERRORS[place // 2]),
        }
        for place, key in enumerate(keys)
    ]
    outcomes = [{**key, "difference": None if key["request_id"] in hidden else 1.0} for key in keys]
    requests = [
        {
            "request_id": name,
            "organisation": "o",
            "service_name": name,
            "submitted_on": date(2015, 1, 1),
        }
        for name in NAMES
    ]
    made = (estimates, outcomes, requests)
    first, second, third = (pa.Table.from_pylist(rows) for rows in made)
    return first, second, third


def test_it_is_fitted_on_the_headlines_and_rounded() -> None:
    (row,) = publish_empirical_null(*tables()).to_pylist()
    null = fit_null(DIFFERENCES, ERRORS)
    assert null is not None
    assert row == {
        "measure": "rate",
        "requests_n": 12,
        "mean": round(null.mean, 1),
        "spread": round(null.spread, 1),
    }


@pytest.mark.parametrize("kind", ["hidden", "without_error"])
def test_what_is_not_shown_or_has_no_error_counts_in_none(kind: str) -> None:
    (row,) = publish_empirical_null(*tables(**{kind: ("r00", "r01")})).to_pylist()
    assert row["requests_n"] == 10
    assert publish_empirical_null(*tables(**{kind: ("r00", "r01", "r02")})).num_rows == 0


def test_of_two_submissions_of_a_service_the_later_counts() -> None:
    estimates, outcomes, requests = tables()
    rows = requests.to_pylist()
    rows[3] |= {"service_name": "r04", "submitted_on": date(2014, 12, 31)}
    rows[5]["service_name"] = "r06"  # sent on one day: the last name counts
    (row,) = publish_empirical_null(estimates, outcomes, pa.Table.from_pylist(rows)).to_pylist()
    kept = np.array([name not in ("r03", "r05") for name in NAMES])
    null = fit_null(DIFFERENCES[kept], ERRORS[kept])
    assert null is not None
    assert (row["requests_n"], row["mean"]) == (10, round(null.mean, 1))


def test_a_request_that_may_stand_in_no_total_is_left_out() -> None:
    estimates, outcomes, requests = tables()
    (row,) = publish_empirical_null(estimates, outcomes, requests.slice(1)).to_pylist()
    assert row["requests_n"] == 11
