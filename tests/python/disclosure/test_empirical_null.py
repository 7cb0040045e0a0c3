"""The empirical null is of shown headlines alone, one a service, from ten on."""

import runpy
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from disclosure.tables import outcome, people_behind
from justice_data_lab.disclosure import (
    DisclosureSettings,
    calibrate_headlines,
    control_outcomes,
    publish_empirical_null,
)
from justice_data_lab.statistics.empirical_null import calibrate, fit_null

MODELS = Path(__file__).parents[3] / "python_models" / "publishing"

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
            "treated_n": 120,
        }
        for place, key in enumerate(keys)
    ]
    outcomes = [
        {
            **key,
            "difference": None if key["request_id"] in hidden else 1.0,
            "rounding_step": None if key["request_id"] in hidden else 1,
        }
        for key in keys
    ]
    requests = [
        {
            "request_id": name,
            "organisation": "o",
            "service_name": name,
            "submitted_on": date(2015, 1, 1),
            "is_in_total": True,
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
    rows = requests.to_pylist()
    rows[0]["is_in_total"] = False
    (row,) = publish_empirical_null(estimates, outcomes, pa.Table.from_pylist(rows)).to_pylist()
    assert row["requests_n"] == 11


def calibrated(*made: pa.Table) -> dict[str, dict[str, Any]]:
    rows = calibrate_headlines(*made, DisclosureSettings()).to_pylist()
    assert {(row["analysis_id"], row["measure"]) for row in rows} <= {("headline", "rate")}
    return {row["request_id"]: row for row in rows}


def against(place: int, kept: np.ndarray) -> tuple[float, float, float]:
    null = fit_null(DIFFERENCES[kept], ERRORS[kept])
    assert null is not None
    found = calibrate(float(DIFFERENCES[place]), float(ERRORS[place]), null)
    return found.lower, found.upper, found.p_value


def figures(row: dict[str, Any], start: str = "") -> tuple[Any, ...]:
    return tuple(row[f"{start}calibrated_{name}"] for name in ("lower", "upper", "p_value"))


def test_each_headline_is_held_against_all_the_others() -> None:
    rows = calibrated(*tables())
    assert sorted(rows) == NAMES
    for place, name in enumerate(NAMES):
        expected = against(place, np.arange(len(NAMES)) != place)
        assert figures(rows[name]) == pytest.approx(expected, rel=1e-12)
        lower, upper, p_value = figures(rows[name], "published_")
        assert (lower, upper) == (round(expected[0]), round(expected[1]))
        assert p_value == round(expected[2], 2)


def test_eleven_others_are_needed_to_keep_ten_of_them() -> None:
    estimates, outcomes, requests = tables(hidden=("r00", "r01"))
    rows = calibrated(estimates, outcomes, requests)
    assert sorted(rows) == ["r00", "r01"]  # ten others; the ten that are shown have nine each
    for name in rows:
        assert figures(rows[name], "published_") == (None, None, None)
        assert None not in figures(rows[name])
    assert not calibrated(*tables(hidden=("r00", "r01", "r02")))


def test_both_submissions_of_a_service_are_left_out_of_their_own_null() -> None:
    estimates, outcomes, requests = tables()
    rows = requests.to_pylist()
    rows[3] |= {"service_name": "r04", "submitted_on": date(2014, 12, 31)}
    found = calibrated(estimates, outcomes, pa.Table.from_pylist(rows))
    without_both = np.array([name not in ("r03", "r04") for name in NAMES])
    for place in (3, 4):  # the earlier one is calibrated too, and by others alone
        assert figures(found[NAMES[place]]) == pytest.approx(
            against(place, without_both), rel=1e-12
        )
    without_earlier = np.array([name not in ("r03", "r05") for name in NAMES])
    assert figures(found["r05"]) == pytest.approx(against(5, without_earlier), rel=1e-12)


def test_a_request_under_review_is_calibrated_and_counts_for_nobody() -> None:
    estimates, outcomes, requests = tables()
    rows = requests.to_pylist()
    rows[0]["is_in_total"] = False
    found = calibrated(estimates, outcomes, pa.Table.from_pylist(rows))
    assert figures(found["r00"]) == pytest.approx(against(0, np.arange(12) > 0), rel=1e-12)
    others = np.array([place not in (0, 1) for place in range(12)])
    assert figures(found["r01"]) == pytest.approx(against(1, others), rel=1e-12)


class Dbt:
    """What a model asks of dbt: relations by name."""

    def __init__(self, **relations: duckdb.DuckDBPyRelation) -> None:
        self.relations = relations

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self.relations[name]


def test_the_models_calibrate_what_disclosure_control_let_through() -> None:
    names = [f"r{number:02}" for number in range(14)]
    estimates, people = [], []
    for place, name in enumerate(names):
        for measure, difference in (("rate", 8.0 * np.sin(place)), ("frequency", 0.1 * place)):
            row = {"difference": difference, "std_error": 2.0 if measure == "rate" else 0.2}
            estimates.append(outcome(measure, request_id=name, **row))
            few = {"people_n": 20, "contributors_n": 3} if name == "r13" else {}
            people.append(people_behind(measure, request_id=name, **few))
    settings, keys = DisclosureSettings(), [(name, "headline") for name in names]
    tables_of = (pa.Table.from_pylist(estimates), pa.Table.from_pylist(people))
    holds, verdicts = dict.fromkeys(keys), dict.fromkeys(keys, "good")
    controlled = control_outcomes(*tables_of, holds, verdicts, settings)
    with duckdb.connect() as session:
        session.execute(
            "create table services as select 'r' || lpad(n::varchar, 2, '0') as request_id, "
            "'o' as organisation, case n when 1 then 'r02' else request_id end as service_name, "
            "date '2015-01-01' + n::int as submitted_on, n <> 12 as is_in_total from range(14) t(n)"
        )
        session.register("estimates", tables_of[0])
        session.register("controlled", controlled)
        session.execute(
            "create table settings as select unnest(['disclosure_control', "
            "'disclosure_small_count', 'disclosure_rounding', 'minimum_analysed', "
            "'whole_points_below', 'minimum_expected_count']) as setting, "
            "unnest(['true', '7', '5', '30', '200', '10']) as value, "
            "unnest(['choice', 'whole number', 'whole number', 'whole number', 'whole number', "
            "'number']) as data_type"
        )
        dbt = Dbt(
            int_outcomes__estimates=session.table("estimates"),
            int_publishing__outcomes=session.table("controlled"),
            int_publishing__services=session.table("services"),
            int_settings=session.table("settings"),
        )
        made = {
            name: runpy.run_path(str(MODELS / f"int_publishing__{name}.py"))["model"](dbt, session)
            for name in ("empirical_null", "calibrated")
        }
    nulls = {row["measure"]: row["requests_n"] for row in made["empirical_null"].to_pylist()}
    assert nulls == {"rate": 11, "frequency": 11}  # not r01 (older), r12 (in review), r13 (hidden)
    rows = {(row["request_id"], row["measure"]): row for row in made["calibrated"].to_pylist()}
    assert len(rows) == 28
    for (name, _), row in rows.items():
        assert (None in figures(row, "published_")) == (name == "r13")
        assert None not in figures(row)
    counted = [place for place in range(14) if place not in (1, 12, 13)]
    others = np.array([8.0 * np.sin(place) for place in counted if place != 5])
    null = fit_null(others, np.full(len(others), 2.0))
    assert null is not None
    expected = calibrate(8.0 * np.sin(5), 2.0, null)
    row = rows["r05", "rate"]
    assert figures(row) == pytest.approx(
        (expected.lower, expected.upper, expected.p_value), rel=1e-12
    )
    assert row["published_calibrated_lower"] == round(expected.lower)
