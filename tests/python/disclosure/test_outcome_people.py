"""The people behind each measure and month, as persons and not as weights."""

import pyarrow as pa
import pytest

from justice_data_lab.disclosure.outcome_people import outcome_contributors, reoffenders_by_month
from justice_data_lab.measures import Measure

KEY = {"request_id": "r", "analysis_id": "headline", "stratum": "community_sentence"}
RE = "re-offenders"
MEASURES = (
    Measure(name="rate", kind="binary", column="is_reoffender"),
    Measure(name="frequency", kind="count", column="reoffences_n"),
    Measure(name="days_to_first", kind="continuous", column="days_to_first", population=RE),
    Measure(name="first_either_way", kind="binary", column="first_court_type", level="either_way",
            population=RE, family="first"),
    Measure(name="first_summary", kind="binary", column="first_court_type", level="summary",
            population=RE, family="first"),
    Measure(name="frequency_either_way", kind="count", column="reoffences_either_way_n",
            population=RE, family="frequency"),
    Measure(name="frequency_summary", kind="count", column="reoffences_summary_n",
            population=RE, family="frequency"),
    Measure(name="first_custody", kind="binary", column="is_first_custody", population=RE),
    Measure(name="custody_frequency", kind="count", column="custodial_sentences_n", population=RE),
    Measure(name="any_summary", kind="binary", column="reoffences_summary_n"),
    Measure(name="in_employment_1y", kind="binary", column="in_employment_1y",
            population="employment known"),
)  # fmt: skip
# event: person, treated, weight, re-offences (all, either way, summary), days, first, custody
# first, custodial, employed
PEOPLE = {
    1: (1, True, 1.0, 4, 1, 3, 30, "summary", False, 0, True),
    2: (2, True, 1.0, 1, 0, 1, 31, "summary", True, 1, None),
    3: (3, True, 1.0, 0, 0, 0, None, None, False, 0, False),
    4: (4, True, 0.0, 9, 0, 9, 9, "summary", True, 1, True),  # not matched
    5: (5, False, 1.5, 1, 0, 0, 365, "indictable", True, 1, False),
    6: (5, False, 1.5, 1, 0, 0, 360, "indictable", True, 1, False),  # of the same person
}
# people, contributors, others; controls, of them contributors
EXPECTED = {
    "rate": (3, 2, 0, 1, 1),
    "frequency": (3, 2, 0, 1, 1),
    "days_to_first": (2, 2, 0, 1, 1),
    "first_either_way": (2, 0, 0, 1, 0),
    "first_summary": (2, 2, 0, 1, 0),
    "frequency_either_way": (2, 1, 2, 1, 0),
    "frequency_summary": (2, 2, 1, 1, 0),
    "first_custody": (2, 1, 0, 1, 1),
    "custody_frequency": (2, 1, 0, 1, 1),
    "any_summary": (3, 2, 0, 1, 0),
    "in_employment_1y": (2, 1, 0, 1, 0),
}


def tables(people=PEOPLE):
    """Return the cohort and the matches of one analysis."""
    cohort, matches = [], []
    for event, row in people.items():
        person, treated, weight, n, either, summary, days, first, custody, custodial, job = row
        key = {**KEY, "person_id": person, "event_id": event}
        cohort.append(
            {
                **key,
                "is_reoffender": n > 0,
                "reoffences_n": n,
                "reoffences_either_way_n": either,
                "reoffences_indictable_n": n - either - summary,
                "reoffences_summary_n": summary,
                "days_to_first": days,
                "first_court_type": first,
                "is_first_custody": custody,
                "custodial_sentences_n": custodial,
                "in_employment_1y": job,
                "is_any_indictable": n > either + summary,
                "is_any_either_way": either > 0,
                "is_any_serious": n > summary,
                "is_any_summary_only": 0 < n == summary,
                "is_any_custody": custodial > 0,
                "days_free": min(days or 365, 365),
                "days_at_liberty": 365,
            }
        )
        matches.append({**key, "is_treated": treated, "weight": weight})
    return pa.Table.from_pylist(cohort), pa.Table.from_pylist(matches)


def test_people_behind_each_measure_are_counted_once_and_not_by_weight():
    """An unmatched person counts nowhere; whose employment is not known is outside of that one."""
    rows = outcome_contributors(*tables(), MEASURES).to_pylist()
    found = {
        row["measure"]: (
            row["people_n"],
            row["contributors_n"],
            row["others_n"],
            row["control_people_n"],
            row["control_contributors_n"],
        )
        for row in rows
    }
    assert found == EXPECTED


@pytest.mark.parametrize(
    ("counts", "is_dominated"),
    [
        ((9, 0, 1), True),  # two of them make all
        ((45, 45, 5, 5), True),  # two make exactly 90%
        ((44, 45, 5, 6), False),
        (
            (85, 1, 1, 1, 1, 1, 1, 1),
            True,
        ),  # two make under 95, the others 6: under 10% of the first
        ((50, 10, 10, 10, 10, 10), False),
        ((0, 0, 0), False),  # nothing to dominate
    ],
)
def test_a_total_of_two_people_is_dominated(counts, is_dominated):
    people = {
        place: (
            place,
            True,
            1.0,
            n,
            0,
            n,
            9 if n else None,
            "summary" if n else None,
            False,
            0,
            True,
        )
        for place, n in enumerate(counts, 1)
    }
    (row,) = outcome_contributors(*tables(people), MEASURES[1:2]).to_pylist()
    assert row["is_dominated"] is is_dominated


def test_an_analysis_without_anybody_matched_has_no_row():
    cohort, matches = tables({4: PEOPLE[4]})
    assert outcome_contributors(cohort, matches, MEASURES).num_rows == 0
    assert reoffenders_by_month(cohort, matches).num_rows == 0


def test_months_are_those_of_the_survival_curves():
    """The first month ends on day 31 and the year on day 366: day 365 is in month 12."""
    assert reoffenders_by_month(*tables()).to_pylist() == [
        {"request_id": "r", "analysis_id": "headline", "arm": arm, "month": month, "people_n": n}
        for arm, month, n in (("treated", 1, 2), ("control", 12, 1))
    ]
