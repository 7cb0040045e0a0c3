"""Hand-computed cases of the outcomes, scopes, pools and histories of the reference."""

from __future__ import annotations

import math
from datetime import date
from itertools import count
from typing import Any

import pytest

from . import covariates, events, pool, zone
from .analyses import age_band
from .eligibility import History, judge, release_event, sentence_event
from .settings import Settings, of_request, plan_of, subgroup_of
from .test_rules import (
    CAUTION,
    CO,
    COMMUNITY,
    D0,
    DATA_TO,
    FINE,
    PRISON,
    WITHDRAWN,
    day,
    life,
    offence,
    order,
    spell,
)

KIND = "community_sentence"
NEXT = count(1)


def candidate(key: str, when: date, kind: str = KIND, person: str = "x") -> pool.Candidate:
    event = sentence_event(life([offence(key, when, CO)]).community[0])
    event.event_type = kind
    return pool.Candidate(person, event, events.FollowUp(), True, True)


# Section 6: what is counted of the re-offences


def test_first_court_type_is_the_most_serious_of_the_first_day() -> None:
    rows = [
        offence("a", day(50), FINE, "VI03", offended=day(10)),
        offence("b", day(50), FINE, "VI02", offended=day(10)),
        offence("c", day(50), FINE, "VI01", offended=day(11)),
    ]
    found = events.follow_up(rows, D0)
    assert found.first_court_type == "either_way"
    assert [found.of_type(name) for name in events.COURT_ORDER] == [1, 1, 1]
    assert events.follow_up([], D0).first_court_type is None
    assert events.follow_up([], D0).is_first_custody is None


def test_custody_is_of_the_case_and_counts_once() -> None:
    rows = [
        offence("a", day(50), FINE, offended=day(10)),
        offence("a", day(50), PRISON, offended=day(-40)),
        offence("b", day(60), PRISON, offended=day(20)),
        offence("b", day(60), PRISON, offended=day(20)),
        offence("c", day(70), FINE, offended=day(30)),
        offence("c", day(70), PRISON, code="BR01", offended=day(30)),
    ]
    found = events.follow_up(rows, D0)
    assert (found.is_first_custody, found.custodial_sentences) == (True, 2)
    assert events.follow_up(rows[4:], D0).is_first_custody is False


@pytest.mark.parametrize(
    ("end", "wanted"), [(day(10), True), (day(9), False), (None, True), (day(20), True)]
)
def test_employed_on_a_day(end: date | None, wanted: bool) -> None:
    assert events.employed_on([zone.Period(day(1), end)], day(10)) is wanted
    assert events.employed_on([zone.Period(day(11), end)], day(10)) is False


# Settings of a request, and the scopes of rule 9


def test_a_plan_changes_the_settings_of_its_request_alone() -> None:
    rows = [
        zone.PlanRow("r", "headline", "window_months", "3"),
        zone.PlanRow("r", "headline", "sex_offence_scope", "index"),
        zone.PlanRow("s", "headline", "control_condition", "none"),
    ]
    mine = of_request(Settings(), plan_of(rows, "r"))
    assert (mine.window_months, mine.sex_offence_scope) == (3, "index")
    assert mine.control_condition == "risk_set"
    assert of_request(Settings(), plan_of(rows, "s")).window_months == 6


def test_window_of_three_months() -> None:
    history = life([offence("a", D0, CO)])
    for start, wanted in ((date(2020, 4, 9), "eligible"), (date(2020, 4, 10), "outside_window")):
        found = judge(history, COMMUNITY, start, None, DATA_TO, Settings(window_months=3))
        assert found.outcome == wanted


@pytest.mark.parametrize(
    ("when", "scopes"),
    [(day(-1), {"ever", "ever_before"}), (D0, {"ever", "ever_before"}), (day(1), {"ever"})],
)
def test_rule9_scopes(when: date, scopes: set[str]) -> None:
    history = life([offence("a", D0, CO), offence("s", when, CAUTION, "SX02")])
    event = sentence_event(history.community[0])
    for scope in ("ever", "ever_before", "index"):
        found = history.has_sex_offence(scope, event.index_date, event.offence)
        assert found is (scope in scopes)
    sexual = life([offence("a", D0, CO, "SX02")])
    offence_of = sentence_event(sexual.community[0]).offence
    assert sexual.has_sex_offence("index", D0, offence_of)
    assert not life([]).has_sex_offence("index", D0, None)


def test_recalls_are_index_events_by_the_var() -> None:
    spells = [spell(day(0), day(9), "remand"), spell(day(9), day(20), "recall")]
    assert not events.make_episodes(spells)[0].is_sentenced
    assert events.make_episodes(spells, recalls=True)[0].is_sentenced
    remand = events.make_episodes(spells[:1], recalls=True)
    assert not remand[0].is_sentenced


def test_subgroups_are_read_by_field() -> None:
    assert subgroup_of("Sex = m") == ("sex", "M")
    assert subgroup_of("user_reference_1=Group A") == ("user_reference_1", "Group A")
    assert subgroup_of("region=London") == ("region", "london")
    bands = [age_band(age) for age in (None, 17, 18, 20, 21, 49, 50, 90)]
    assert bands == [None, None, "18-20", "18-20", "21-24", "40-49", "50+", "50+"]


# Section 4: pools


def test_last_day_at_risk() -> None:
    def last(*rows: zone.Offence, months: int = 6) -> int:
        history = life([offence("a", D0, CO), *rows])
        return pool.person_events("x", history, DATA_TO)[0].last_day(months)

    assert last() == 181  # 10 January to 9 July 2020
    assert last(months=1) == 30
    assert last(offence("b", day(40), FINE, offended=day(30))) == 30
    assert last(offence("b", day(40), FINE, offended=day(-30))) == 39


def test_the_next_event_counts_where_either_is_meant() -> None:
    history = life([offence("a", D0, CO)], spells=[spell(day(10), day(50))])
    found = pool.person_events("x", history, DATA_TO)[0]
    assert (found.last_day(6), found.last_day(6, about_either=True)) == (181, 49)


def test_a_sentence_that_was_replaced_before_its_order_is_not_in_force() -> None:
    history = life([offence("a", D0, CO), offence("b", day(5), FINE)], [order("x", day(5))])
    assert [c.is_in_force for c in pool.person_events("x", history, DATA_TO)] == [False]


def test_the_pool_has_every_event_of_a_person_within_the_quarters() -> None:
    first, later = candidate("a", D0), candidate("b", date(2020, 4, 1))
    release = candidate("c", D0, "prison_release")
    narrow = pool.Wanted({KIND: [date(2020, 3, 31)]})
    assert set(pool.choose([first, later], narrow)) == {"a"}
    wide = pool.Wanted({KIND: [D0, date(2020, 4, 1)]})
    assert set(pool.choose([first, later, release], wide)) == {"a", "b"}
    in_doubt = pool.Wanted({KIND: [D0]}, frozenset({"x"}), {"x": pool.OwnService(day(9), day(9))})
    assert pool.choose([first, later], in_doubt) == {}
    order = pool.draw_order([first, later])
    assert sorted(order, key=order.__getitem__) == sorted("ab", key=pool.digest)


@pytest.mark.parametrize(
    ("start", "before", "condition", "stays", "left"),
    [
        (day(30), day(30), "risk_set", True, 1),
        (day(1), day(1), "risk_set", True, 1),
        (day(0), day(5), "risk_set", True, 0),
        (day(0), day(0), "risk_set", False, 0),
        (day(30), day(0), "risk_set", False, 0),
        (day(181), day(200), "fixed", True, 0),
        (day(182), day(200), "fixed", True, 1),
        (day(30), day(30), "none", True, 1),
    ],
)
def test_people_of_the_request_are_controls_until_their_service(
    start: date, before: date, condition: str, stays: bool, left: int
) -> None:
    own = {"x": pool.OwnService(start, before)}
    wanted = pool.Wanted({KIND: [D0]}, own_services=own, condition=condition)
    assert bool(pool.choose([candidate("a", D0)], wanted)) is stays
    rows = {row[0]: row[1:] for row in pool.waterfall([candidate("a", D0)], wanted)}
    assert rows["reoffended_in_window"][-1] == left
    assert rows["kept_before_own_service"] == (left, 0, left)
    assert wanted.last_day(candidate("a", D0)) == min((start - D0).days - 1, 181)


def test_days_at_liberty_and_measures_for_everybody() -> None:
    stays = [spell(day(-30), day(0)), spell(day(10), day(19), "remand"), spell(day(19), day(21))]
    assert events.days_at_liberty(stays, D0) == 365 - 12
    assert events.days_at_liberty([spell(day(300), None)], D0) == 299
    assert events.days_at_liberty([spell(day(365), None)], D0) == 364
    assert events.days_at_liberty([spell(day(366), day(400))], D0) == 365
    none = events.follow_up([], D0)
    assert (none.days_free, none.is_summary_only) == (365, False)
    summary = offence("a", day(50), FINE, "VI03", offended=day(10))
    other = offence("b", day(50), FINE, "VI02", offended=day(11))
    assert events.follow_up([summary], D0).is_summary_only
    assert not events.follow_up([summary, other], D0).is_summary_only
    assert events.follow_up([summary, other], D0).days_free == 10


# Section 5: histories


def with_person(history: History, **values: Any) -> History:
    person = zone.Person("x", "M", born=date(1990, 1, 11), names=[], births=set())
    history.person = person
    for name, value in values.items():
        setattr(history, name, value)
    return history


def test_only_what_was_proven_before_the_index_case_is_history() -> None:
    rows = [
        offence("old", day(-800), PRISON, "VI01"),
        offence("old", day(-800), FINE, "VI03"),
        offence("caution", day(-400), CAUTION, "VI03"),
        offence("breach", day(-300), CO, "BR01"),
        offence("same", D0, FINE),
        offence("a", D0, CO),
        offence("later", day(1), PRISON),
    ]
    history = with_person(life(rows))
    event = next(sentence_event(c) for c in history.community if c.case.case_id == "a")
    found = covariates.covariates(event, history)
    assert found["copas_rate"] == math.log(3 / 12)
    assert found["career_length_years"] == 800 / 365.25
    assert found["previous_indictable_log"] == math.log(2)
    assert found["previous_summary_log"] == math.log(3)
    assert found["previous_court_appearances_log"] == math.log(2)
    assert found["previous_custodial_sentences_log"] == math.log(2)
    assert found["previous_community_sentences_log"] == 0
    assert (found["age_at_index"], found["age_at_first_sanction"]) == (29, 27)
    without = with_person(life([*rows[:5], rows[5]]))
    assert covariates.covariates(event, without) == found


def test_ogrs3_by_hand() -> None:
    # no previous sanction, man of 29, theft: 1.402562384 + 1.251124464 ln(1/10) + 0.126142106
    # - 1.166679288 + 0.661244321
    z = 1.402562384 + 1.251124464 * math.log(0.1) + 0.126142106 - 1.166679288 + 0.661244321
    found = covariates.ogrs3(math.log(0.1), 0, 29, "M", "theft_non_motor")
    assert found == pytest.approx(math.exp(z) / (1 + math.exp(z)), rel=1e-14)
    assert covariates.ogrs3(0, 0, 9, "M", "theft_non_motor") is None
    assert covariates.ogrs3(0, 0, 29, "U", "theft_non_motor") is None
    assert covariates.ogrs3(0, 0, 29, "M", "unknown") is None


def test_employment_before_the_reception() -> None:
    history = with_person(life([], spells=[spell(day(0), day(90))]))
    event = release_event(history.releases[0], history)
    for start, end, month, year in (
        (day(-60), date(2019, 12, 10), True, True),
        (day(-60), date(2019, 12, 9), False, True),
        (day(-900), date(2019, 1, 10), False, True),
        (day(-900), date(2019, 1, 9), False, False),
        (day(-1), None, True, True),
        (day(0), None, False, False),
    ):
        history.jobs = [zone.Period(start, end)]
        history.benefits = [zone.Period(start, end, "other")]
        found = covariates.work_and_benefits(event, history)
        assert found["employed_month_before"] is month
        assert found["employed_year_before"] is year
        assert not found["out_of_work_benefits_year_before"]


def test_needs_are_of_the_latest_assessment_before_the_index_date() -> None:
    def assessed(number: int, state: bool | None) -> zone.Assessment:
        return zone.Assessment(day(number), dict.fromkeys(zone.NEEDS, state))

    def need(*given: zone.Assessment) -> str:
        return covariates.latest_assessment(given, D0)["oasys_drugs"]

    assert need() == "not_assessed"
    assert need(assessed(0, True)) == "not_assessed"
    assert need(assessed(-1, True), assessed(-2, False)) == "yes"
    assert need(assessed(-1, False), assessed(-2, True), assessed(1, True)) == "no"
    assert need(assessed(-1, None), assessed(-2, True)) == "not_assessed"


def test_completed_years_of_somebody_born_on_29_february() -> None:
    born = date(2000, 2, 29)
    assert covariates.completed_years(born, date(2021, 2, 28)) == 20
    assert covariates.completed_years(born, date(2021, 3, 1)) == 21
    assert covariates.completed_years(None, D0) is None


def test_regions() -> None:
    rows = [offence("a", D0, CO)]
    ordered = life(rows, [zone.Order("x", "community_order", D0, "wales")])
    assert covariates.region_of(sentence_event(ordered.community[0])) == "wales"
    assert covariates.region_of(sentence_event(life(rows).community[0])) is None
    spells = [
        zone.Spell("s1", "p", day(0), day(40), "sentenced", None, "Leeds"),
        zone.Spell("s2", "p", day(5), day(20), "sentenced", None, "Styal"),
    ]
    released = life([offence("w", day(0), WITHDRAWN)], spells=spells)
    event = release_event(released.releases[0], released)
    assert covariates.region_of(event) == "yorkshire_and_the_humber"
