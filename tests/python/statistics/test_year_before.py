"""The year before is the headline with other covariates and another outcome, and sees bias."""

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort, replace

from justice_data_lab.statistics import (
    MatchSettings,
    estimate_outcomes,
    year_before,
)
from justice_data_lab.statistics.design import compare_groups
from justice_data_lab.statistics.guard import Failures
from justice_data_lab.statistics.year_before import (
    OUTCOME,
    YEAR_BEFORE_SCHEMA,
    compare_year_before,
)

SETTINGS = MatchSettings(width=0.1)


@pytest.fixture(scope="module", params=[True, False], ids=["risk_set", "logistic"])
def made(request):
    return make_cohort(treated_n=200, controls_n=4000, with_delay=request.param)


def offending(cohort, treated=0.4, control=0.4, seed=2):
    """Return who offended in the year before, at these rates."""
    is_treated = cohort["is_treated"].to_numpy()
    rng = np.random.default_rng(seed)
    return rng.random(cohort.num_rows) < np.where(is_treated, treated, control)


def with_outcome(cohort, values, offended):
    """Return the covariates with the outcome of each event, in an order of their own."""
    by_event = dict(zip(cohort["event_id"].to_pylist(), offended.tolist(), strict=True))
    column = [by_event[event] for event in values["event_id"].to_pylist()]
    return values.append_column(OUTCOME, pa.array(column)).take(
        np.random.default_rng(5).permutation(values.num_rows)
    )


def test_it_is_the_rate_of_the_headline_with_another_outcome(made):
    cohort, values = made
    offended = offending(cohort)
    table = compare_year_before(
        cohort, with_outcome(cohort, values, offended), COVARIATES, SETTINGS
    )
    (row,) = table.to_pylist()
    other = replace(cohort, "is_reoffender", offended)
    other = replace(other, "days_to_first", np.where(offended, 1, 0))
    for name, filled in (("first_court_type", "summary"), ("is_first_custody", False)):
        other = replace(other, name, [one or filled for one in other[name].to_pylist()])
    matches = compare_groups(other, values, COVARIATES, SETTINGS).matches
    rate = estimate_outcomes(other, matches, SETTINGS).to_pylist()[0]
    for name in set(YEAR_BEFORE_SCHEMA.names) & set(rate):
        assert row[name] == rate[name], name
    assert row["treated_offended_n"] == rate["treated_reoffenders_n"]
    assert 0 < row["control_offended_n"] <= row["control_n"]
    assert row["passes"] == (row["p_value"] > 0.05)
    assert list(row) == YEAR_BEFORE_SCHEMA.names


def test_the_covariates_are_those_of_the_year_before(made):
    cohort, values = made
    later = replace(values, "copas", (1 + values["copas"].to_numpy()) ** 2)
    offended = offending(cohort)
    rows = [
        compare_year_before(cohort, with_outcome(cohort, one, offended), COVARIATES, SETTINGS)
        for one in (values, later)
    ]
    assert rows[0]["control_value"] != rows[1]["control_value"]


def test_it_finds_what_no_covariate_sees(made):
    cohort, values = made
    biased = with_outcome(cohort, values, offending(cohort, treated=0.6, seed=3))
    (row,) = compare_year_before(cohort, biased, COVARIATES, SETTINGS).to_pylist()
    assert row["passes"] is False
    assert row["difference"] == pytest.approx(20, abs=10)


def test_an_event_without_its_year_is_refused_and_nobody_offending_passes(made):
    cohort, values = made
    nobody = with_outcome(cohort, values, offending(cohort, treated=0, control=0))
    with pytest.raises(ValueError, match="no year before"):
        compare_year_before(cohort, nobody.slice(1), COVARIATES, SETTINGS)
    (row,) = compare_year_before(cohort, nobody, COVARIATES, SETTINGS).to_pylist()
    assert (row["treated_value"], row["control_value"], row["passes"]) == (0, 0, True)


def test_a_request_fails_alone(made, monkeypatch):
    cohort, values = made
    second, others = make_cohort(
        seed=9, treated_n=60, controls_n=600, request_id="r2", first_event=100_000
    )
    both, all_values = pa.concat_tables([cohort, second]), pa.concat_tables([values, others])
    table = with_outcome(both, all_values, offending(both))
    whole = compare_year_before(both, table, COVARIATES, SETTINGS).to_pylist()
    compare = year_before.estimate_measure

    def fails_for_the_second(measure, people, *rest):
        if people.key[0] == "r2":
            raise ZeroDivisionError
        return compare(measure, people, *rest)

    monkeypatch.setattr(year_before, "estimate_measure", fails_for_the_second)
    failures = Failures("year_before")
    rows = compare_year_before(both, table, COVARIATES, SETTINGS, failures=failures).to_pylist()
    assert rows == whole[:1]
    assert [row["request_id"] for row in failures.rows] == ["r2"]
