"""Hand-computed cases for the reference itself: each rule, both sides of each edge."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from . import events, rules, text, zone
from .eligibility import History, custody, find_event, judge
from .linking import build_index, link, read_record

CODES, DISPOSALS = zone.seed("offence_codes"), zone.seed("disposal_codes")
NEXT = count(1)
D0 = date(2020, 1, 10)
DATA_TO = date(2023, 8, 31)
CO, SSO, PRISON, FINE, CAUTION, NOTICE, WITHDRAWN = (
    "1020",
    "1010",
    "1001",
    "1040",
    "1080",
    "1090",
    "1098",
)
COMMUNITY = ("community", "community_sentence")
RELEASE = ("community", "prison_release")
EITHER = ("community", "either")
GATE = ("through_the_gate", "prison_release")


def day(number: int) -> date:
    return D0 + timedelta(days=number)


def offence(
    case_id: str,
    proven: date | None,
    disposal: str = CO,
    code: str = "TH02",
    offended: date | None = None,
    sentence: int | None = None,
    key: str = "",
) -> zone.Offence:
    row = {
        "offence_id": key or f"o{next(NEXT):05d}",
        "case_id": case_id,
        "offence_code": code,
        "offence_date": offended or D0 - timedelta(days=900),
        "proven_date": proven,
        "disposal_code": disposal,
        "sentence_days": sentence,
    }
    return zone.make_offence(row, CODES, DISPOSALS)


def order(order_id: str, start: date, kind: str = "community_order") -> zone.Order:
    return zone.Order(order_id, kind, start)


def spell(
    start: date, end: date | None, kind: str = "sentenced", key: str = "", number: str = "p"
) -> zone.Spell:
    return zone.Spell(key or f"s{next(NEXT):05d}", number, start, end, kind)


def life(
    rows: list[zone.Offence],
    orders: list[zone.Order] | None = None,
    spells: list[zone.Spell] | None = None,
) -> History:
    cases = events.make_cases(rows)
    return History(
        rows,
        cases,
        events.make_community(cases, orders or []),
        events.make_episodes(spells or []),
    )


def outcome(
    history: History, kind: tuple[str, str], start: date | None, end: date | None = None
) -> str:
    return judge(history, kind, start, end, DATA_TO).outcome


# Text, dates and identifiers


@pytest.mark.parametrize(
    ("start", "months", "wanted"),
    [
        (date(2020, 2, 29), 18, date(2021, 8, 29)),
        (date(2020, 8, 31), 18, date(2022, 2, 28)),
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2020, 12, 31), 12, date(2021, 12, 31)),
        (date(2020, 1, 15), -12, date(2019, 1, 15)),
    ],
)
def test_add_months(start: date, months: int, wanted: date) -> None:
    assert text.add_months(start, months) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2003/0011985X", (2003, 11985, "X")),
        ("03/11985X", (2003, 11985, "X")),
        (" 2003/11985x ", (2003, 11985, "X")),
        ("2003/0011985A", (2003, 11985, "A")),
        ("2003/00011985X", None),
        ("3/11985X", None),
        ("24/1" + text.check_letter(24, 1), (1924, 1, text.check_letter(24, 1))),
        ("23/1" + text.check_letter(23, 1), (2023, 1, text.check_letter(23, 1))),
        (None, None),
    ],
)
def test_pncid(written: str | None, wanted: text.Pncid | None) -> None:
    assert text.parse_pncid(written, 2023) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2020-02-29", date(2020, 2, 29)),
        ("29/02/2020", date(2020, 2, 29)),
        ("01-02-2020", date(2020, 2, 1)),
        ("1 Feb 2020", date(2020, 2, 1)),
        ("01/02/68", date(2068, 2, 1)),
        ("01/02/69", date(1969, 2, 1)),
        ("30/02/2020", None),
        ("2020/02/01", date(2020, 2, 1)),
        ("01.02.2020", date(2020, 2, 1)),
        ("01-Feb-20", date(2020, 2, 1)),
        ("1 Sept 2020", date(2020, 9, 1)),
        ("1 February 2020", date(2020, 2, 1)),
        ("01/02/2020 00:00:00", date(2020, 2, 1)),
        ("2020-02-01T00:00:00.000Z", date(2020, 2, 1)),
        ("2020\u201102\u201101", date(2020, 2, 1)),
        ("1 Foo 2020", None),
        ("", None),
    ],
)
def test_service_date(written: str, wanted: date | None) -> None:
    assert text.parse_service_date(written) == wanted


def test_birth_date_two_digit_years_and_last_year() -> None:
    sent = date(2023, 9, 15)
    assert text.parse_birth_date("15/09/23", sent) == date(2023, 9, 15)
    assert text.parse_birth_date("16/09/23", sent) == date(1923, 9, 16)
    assert text.valid_birth_date(date(2022, 9, 15), sent) == date(2022, 9, 15)
    assert text.valid_birth_date(date(2022, 9, 16), sent) is None
    assert text.valid_birth_date(date(2024, 1, 1), sent) is None
    assert text.valid_birth_date(date(1912, 9, 16), sent) == date(1912, 9, 16)
    assert text.valid_birth_date(date(1912, 9, 15), sent) is None


def test_folding_and_full_names() -> None:
    assert text.fold(" O\u2019Bri\u00e9n-Smith. ") == "OBRIEN SMITH"
    assert text.fold("\u0141\u00f8d\u017a Stra\u00dfe \u00c6\u00fe") == "LODZ STRASSE AETH"
    assert text.fold("\uff33\uff4d\u00adi\u200bth") == "SMITH"
    assert text.is_initials("J P")
    assert not text.is_initials("J PAUL")
    assert text.same_full_name("A", "JOHN", "A", "JOHN PAUL")
    assert text.same_full_name("A", "JOHN PAUL GEORGE", "A", "JOHN PAUL")
    assert not text.same_full_name("A", "JOHN GEORGE", "A", "JOHN PAUL")
    assert not text.same_full_name("A", "JON", "A", "JOHN")
    assert not text.same_full_name("A", "JOHN", "B", "JOHN")


# Rule 1: cases


def test_rule1_drops_before_choosing() -> None:
    rows = [
        offence("c", day(0), PRISON, code="BR01"),
        offence("c", day(0), PRISON, code="OM03"),
        offence("c", day(0), NOTICE),
        offence("c", day(0), WITHDRAWN),
        offence("c", None, PRISON),
        offence("c", day(2), CO),
    ]
    (case,) = events.make_cases(rows)
    assert (case.disposal_type, case.proven) == ("community_order", day(2))
    assert events.make_cases(rows[:-1]) == []


def test_rule1_order_within_a_case_and_earliest_date() -> None:
    def first(*rows: zone.Offence) -> str:
        return events.make_cases(rows)[0].index_offence.offence_id

    low = offence("c", day(0), SSO, "VI03", key="z")
    assert first(offence("c", day(0), CO, "VI01", key="a"), low) == "z"
    summary = offence("c", day(0), CO, "VI03", sentence=900, key="a")
    either = offence("c", day(0), CO, "VI02", sentence=10, key="b")
    assert first(summary, either) == "b"
    assert first(either, offence("c", day(0), CO, "VI02", sentence=11, key="y")) == "y"
    assert first(either, offence("c", day(0), CO, "VI02", key="0")) == "b"
    assert first(either, offence("c", day(0), CO, "VI02", sentence=10, key="a2")) == "a2"
    rows = [offence("c", day(5), PRISON), offence("c", day(3), FINE)]
    assert events.make_cases(rows)[0].proven == day(3)


# Rule 2: most recent proven disposal


def test_rule2_same_day_counts_and_most_serious_wins() -> None:
    cases = events.make_cases([offence("b", day(0), CO), offence("a", day(1), FINE)])
    assert events.latest_case(cases, day(0)).case_id == "b"  # type: ignore[union-attr]
    assert events.latest_case(cases, day(1)).case_id == "a"  # type: ignore[union-attr]
    assert events.latest_case(cases, day(-1)) is None
    cases = events.make_cases(
        [offence("a", day(0), FINE), offence("c", day(0), CO), offence("b", day(0), CO)]
    )
    assert events.latest_case(cases, day(0)).case_id == "b"  # type: ignore[union-attr]


def test_rule2_old_offence_proven_in_between_replaces() -> None:
    rows = [offence("a", day(0), CO), offence("b", day(5), FINE, offended=day(-50))]
    assert outcome(life(rows), COMMUNITY, day(4)) == "eligible"
    assert outcome(life(rows), COMMUNITY, day(5)) == "other_disposal"


# Rule 3: community sentences


@pytest.mark.parametrize(
    ("gap", "joined"), [(-1, False), (0, True), (1, True), (28, True), (29, False)]
)
def test_rule3_gap(gap: int, joined: bool) -> None:
    (sentence,) = life([offence("a", day(0), CO)], [order("x", day(gap))]).community
    assert sentence.index_date == (day(gap) if joined else day(0))


def test_rule3_type_and_orders_without_case() -> None:
    (sentence,) = life([offence("a", day(0), SSO)], [order("x", day(1))]).community
    assert sentence.order is None
    assert life([], [order("x", day(1))]).community == []


def test_rule3_greedy_one_to_one() -> None:
    rows = [offence("a", day(0), CO), offence("b", day(10), CO)]
    history = life(rows, [order("x", day(10)), order("y", day(12))])
    by_case = {c.case.case_id: c.order and c.order.order_id for c in history.community}
    assert by_case == {"b": "x", "a": "y"}  # x takes b at 0 days, y is left with a
    tied = life(rows, [order("y", day(12)), order("x", day(12))])
    by_case = {c.case.case_id: c.order and c.order.order_id for c in tied.community}
    assert by_case == {"b": "x", "a": "y"}  # equal days and start: order_id
    twins = life([offence("b", day(0), CO), offence("a", day(0), CO)], [order("x", day(3))])
    assert [c.case.case_id for c in twins.community if c.order] == ["a"]


# Rule 4: custody episodes


@pytest.mark.parametrize(("gap", "episodes"), [(-5, 1), (0, 1), (1, 1), (2, 2)])
def test_rule4_contiguity(gap: int, episodes: int) -> None:
    spells = [spell(day(0), day(50)), spell(day(50 + gap), day(80))]
    assert len(events.make_episodes(spells)) == episodes


def test_rule4_latest_release_so_far_and_key() -> None:
    spells = [
        spell(day(0), day(90), key="s1", number="p1"),
        spell(day(5), day(10), "remand", key="s0", number="p2"),
        spell(day(91), day(95), "recall", number="p2"),
    ]
    (episode,) = events.make_episodes(spells)
    assert (episode.release, episode.key, episode.is_sentenced) == (day(95), "p1|s1", True)


def test_rule4_open_spells() -> None:
    assert events.make_episodes([spell(day(0), None)])[0].release is None
    (joined,) = events.make_episodes([spell(day(0), None), spell(day(40), day(60))])
    assert joined.release == day(60)
    (same_day,) = events.make_episodes([spell(day(0), None), spell(day(0), day(5))])
    assert same_day.release is None


def test_rule4_remand_and_recall_only_are_no_event() -> None:
    for kinds in (("remand",), ("recall",), ("remand", "recall")):
        spells = [spell(day(0), day(9), kind) for kind in kinds]
        assert life([], spells=spells).releases == []
    assert len(
        life([], spells=[spell(day(0), day(9), k) for k in ("remand", "sentenced")]).releases
    )


def test_rule4_index_case() -> None:
    (episode,) = events.make_episodes([spell(day(100), day(200))])

    def case_of(*rows: zone.Offence) -> str | None:
        case = events.index_case(episode, events.make_cases(rows))
        return case.case_id if case else None

    fine = offence("f", day(150), FINE)
    assert case_of(offence("p", day(72), PRISON), fine) == "p"
    assert case_of(offence("p", day(71), PRISON), fine) == "f"
    assert case_of(offence("p", day(200), PRISON), fine) == "p"
    assert case_of(offence("p", day(201), PRISON), fine) == "f"
    assert case_of(offence("p", day(71), PRISON)) == "p"
    assert case_of() is None


def test_rule4_prisoner_without_pnc_id() -> None:
    world = people(("1", "SMITH", "JOHN PAUL", D0), ("2", "SMITH", "JOHN", D0))
    for number, forenames in (("p", "JOHN PAUL"), ("q", "JOHN"), ("r", "JOHN P")):
        world.prisoners[number] = zone.Prisoner(number, None, "SMITH", forenames, D0)
    assert build_index(world).owner == {"p": "1", "q": "2"}
    world.persons["3"] = zone.Person("3", "M", [zone.Name("SMITH", "JOHN")], {D0})
    assert build_index(world).owner == {"p": "1"}


# Rule 5: re-offences


@pytest.mark.parametrize(
    ("index", "offended", "proven", "counted"),
    [
        (D0, day(0), day(9), False),
        (D0, day(1), day(9), True),
        (D0, date(2021, 1, 10), date(2021, 7, 10), True),
        (D0, date(2021, 1, 11), date(2021, 7, 10), False),
        (D0, date(2021, 1, 10), date(2021, 7, 11), False),
        (date(2020, 2, 29), date(2021, 2, 28), date(2021, 8, 29), True),
        (date(2020, 2, 29), date(2021, 3, 1), date(2021, 8, 29), False),
        (date(2020, 2, 29), date(2021, 2, 28), date(2021, 8, 30), False),
    ],
)
def test_rule5_edges(index: date, offended: date, proven: date, counted: bool) -> None:
    rows = [offence("x", proven, FINE, offended=offended)]
    assert bool(events.follow_up(rows, index).days) is counted


def test_rule5_what_counts_and_first() -> None:
    after = [
        offence("x", day(50), CAUTION, offended=day(30)),
        offence("x", day(50), FINE, offended=day(20)),
        offence("x", day(50), FINE, "BR01", offended=day(2)),
        offence("x", day(50), FINE, "OM03", offended=day(2)),
        offence("x", day(50), NOTICE, offended=day(2)),
        offence("x", day(50), WITHDRAWN, offended=day(2)),
    ]
    found = events.follow_up(after, D0)
    assert (found.days, found.first) == ((20, 30), 20)


def test_rule5_reoffended_before_start() -> None:
    rows = [offence("a", D0, CO), offence("b", day(90), FINE, offended=day(20))]
    assert outcome(life(rows), COMMUNITY, day(20)) == "eligible"
    assert outcome(life(rows), COMMUNITY, day(21)) == "reoffended_before_start"
    assert outcome(life(rows), COMMUNITY, day(90)) == "other_disposal"
    late = [rows[0], offence("b", date(2021, 7, 11), FINE, offended=day(20))]
    assert outcome(life(late), COMMUNITY, day(21)) == "eligible"


def test_complete_follow_up() -> None:
    for index, wanted in (
        (date(2022, 2, 28), "eligible"),
        (date(2022, 3, 1), "incomplete_follow_up"),
    ):
        assert outcome(life([offence("a", index, CO)]), COMMUNITY, index) == wanted


# Rule 6: six months


@pytest.mark.parametrize(
    ("index", "start", "wanted"),
    [
        (D0, date(2020, 1, 10), "eligible"),
        (D0, date(2020, 7, 9), "eligible"),
        (D0, date(2020, 7, 10), "outside_window"),
        (date(2020, 8, 31), date(2021, 2, 27), "eligible"),
        (date(2020, 8, 31), date(2021, 2, 28), "outside_window"),
    ],
)
def test_rule6_window(index: date, start: date, wanted: str) -> None:
    assert outcome(life([offence("a", index, CO)]), COMMUNITY, start) == wanted


def test_rule6_referred_before_sentence() -> None:
    history = life([offence("a", day(0), CO)], [order("x", day(10))])
    early = judge(history, COMMUNITY, day(9), None, DATA_TO)
    assert early.outcome == "outside_window"
    assert early.notes == {"referred_before_sentence"}
    assert outcome(history, COMMUNITY, day(10)) == "eligible"
    assert outcome(history, COMMUNITY, day(-1)) == "no_sentence_found"
    late = judge(history, COMMUNITY, day(300), None, DATA_TO)
    assert (late.outcome, late.notes) == ("outside_window", set())


def test_rule6_other_disposal_within() -> None:
    history = life([offence("a", D0, FINE)])
    for start, within in ((date(2020, 7, 9), True), (date(2020, 7, 10), False), (D0, True)):
        verdict = judge(history, COMMUNITY, start, None, DATA_TO)
        assert verdict.outcome == "other_disposal"
        assert bool(verdict.notes) is within


# Rule 7: which event


def test_rule7_custody_overlap() -> None:
    history = life([], spells=[spell(day(0), day(50))])
    for start, end, wanted in (
        (day(-9), day(0), "eligible"),
        (day(-9), day(-1), "no_sentence_found"),
        (day(50), None, "eligible"),
        (day(51), None, "no_sentence_found"),
        (None, day(50), "eligible"),
        (None, day(51), "no_sentence_found"),
    ):
        verdict = judge(history, ("custody", ""), start, end, DATA_TO)
        assert verdict.outcome == wanted
        assert verdict.delay is None
    remand = life([], spells=[spell(day(0), day(50), "remand")])
    assert outcome(remand, ("custody", ""), day(5)) == "no_sentence_found"
    remand = life([], spells=[spell(day(0), None, "remand")])
    assert outcome(remand, ("custody", ""), day(5)) == "no_sentence_found"


def test_rule7_custody_ambiguous_and_still_in() -> None:
    two = life([], spells=[spell(day(0), day(50)), spell(day(60), None)])
    assert custody(two, day(10), day(59), DATA_TO).index_date == day(50)
    assert custody(two, day(10), day(60), DATA_TO).outcome == "ambiguous_release"
    assert custody(two, day(60), None, DATA_TO).outcome == "still_in_custody"
    for end, wanted in (
        (DATA_TO, "incomplete_follow_up"),
        (DATA_TO + events.DAY, "still_in_custody"),
    ):
        assert outcome(life([], spells=[spell(day(0), end)]), ("custody", ""), day(5)) == wanted


def test_rule7_after_data_period() -> None:
    history = life([offence("a", DATA_TO, CO)])
    assert outcome(history, COMMUNITY, DATA_TO) == "incomplete_follow_up"
    assert outcome(history, COMMUNITY, DATA_TO + events.DAY) == "after_data_period"
    assert outcome(life([]), COMMUNITY, DATA_TO + events.DAY) == "no_sentence_found"


def test_rule7_community_release() -> None:
    spells = [spell(day(-90), day(0))]
    assert outcome(life([], spells=spells), RELEASE, day(0)) == "eligible"
    assert outcome(life([], spells=spells), RELEASE, day(-1)) == "no_sentence_found"
    prison = offence("p", day(-95), PRISON)
    assert outcome(life([prison], spells=spells), RELEASE, day(-1)) == "other_disposal"
    on_release = [prison, offence("q", day(0), FINE)]
    assert outcome(life(on_release, spells=spells), RELEASE, day(5)) == "eligible"
    after = [prison, offence("q", day(3), FINE)]
    assert outcome(life(after, spells=spells), RELEASE, day(2)) == "eligible"
    assert outcome(life(after, spells=spells), RELEASE, day(3)) == "other_disposal"
    old = date(2020, 7, 10)
    assert outcome(life([prison], spells=spells), RELEASE, old) == "outside_window"
    assert outcome(life([prison], spells=spells), RELEASE, old - events.DAY) == "eligible"
    assert outcome(life(after, spells=spells), RELEASE, old) == "other_disposal"
    assert outcome(life([prison], spells=spells), RELEASE, None, day(3)) == "invalid_record"


def test_rule7_either_takes_the_latest() -> None:
    spells = [spell(day(-90), day(0))]

    def event(*rows: zone.Offence, start: int = 20) -> tuple[str, str | None]:
        found = find_event(life(list(rows), spells=spells), EITHER, day(start), None, DATA_TO)
        return found.outcome, found.event.event_type if found.event else None

    assert event(offence("a", day(-5), CO)) == ("eligible", "prison_release")
    assert event(offence("a", day(5), CO)) == ("eligible", "community_sentence")
    assert event(offence("a", day(0), CO)) == ("eligible", "community_sentence")
    assert event(offence("a", day(5), FINE)) == ("other_disposal", None)
    assert event() == ("eligible", "prison_release")


def test_rule7_through_the_gate() -> None:
    history = life([], spells=[spell(day(0), day(50))])
    for start, end, delay, wanted in (
        (day(0), None, None, "eligible"),
        (day(49), day(70), None, "eligible"),
        (day(50), None, 0, "eligible"),
        (None, day(49), None, "eligible"),
        (None, day(50), None, "invalid_record"),
        (day(-1), day(20), None, "no_sentence_found"),
    ):
        verdict = judge(history, GATE, start, end, DATA_TO)
        assert (verdict.outcome, verdict.delay) == (wanted, delay)


# Rule 8: repeats


def read(number: int, start: date | None) -> Any:
    cells = {"intervention_start_date": start.isoformat() if start else ""}
    return read_record(zone.Record(number, cells), D0, 2020)


def test_rule8_furthest_then_start_then_number() -> None:
    def kept(*given: tuple[str, date | None]) -> int:
        results = [
            rules.Result("r", n, code, pnc_id="x") for n, (code, _) in enumerate(given, start=1)
        ]
        reads = {n: read(n, start) for n, (_, start) in enumerate(given, start=1)}
        counted = rules.settle_repeats(reads, results)
        assert counted == (len(given), 1)
        (left,) = [r.record_number for r in results if r.outcome != "repeat_record"]
        return left

    assert kept(("other_disposal", day(0)), ("eligible", day(9))) == 2
    assert kept(("other_disposal", day(0)), ("outside_window", day(9))) == 2
    assert kept(("eligible", day(1)), ("eligible", day(0))) == 2
    assert kept(("eligible", day(0)), ("eligible", day(0))) == 1
    assert kept(("eligible", None), ("eligible", day(0))) == 2


# Rule 9: sex offences


@pytest.mark.parametrize(
    ("disposal", "when", "wanted"),
    [
        (CO, day(-2000), "sex_offence"),
        (CAUTION, day(2000), "sex_offence"),
        (WITHDRAWN, day(-2000), "eligible"),
        (NOTICE, day(-2000), "eligible"),
    ],
)
def test_rule9_ever(disposal: str, when: date, wanted: str) -> None:
    rows = [offence("a", D0, CO), offence("s", when, disposal, "SX02")]
    assert outcome(life(rows), COMMUNITY, day(3)) == wanted


def test_rule9_index_offence_is_counted() -> None:
    verdict = judge(life([offence("a", D0, CO, "SC02")]), COMMUNITY, day(3), None, DATA_TO)
    assert "sexual_index_offence" in verdict.notes


# Rule 10 and requests


def test_rule10_blank_rows_leave_gaps() -> None:
    rows = [["Sur name", "DATE_OF_BIRTH", "extra"], ["a", "b"], [" ", ""], [], ["", "", "x"]]
    records = zone.read_individuals(rows)
    assert [(r.number, r.cells) for r in records] == [
        (1, {"surname": "a", "date_of_birth": "b"}),
        (4, {"surname": "", "date_of_birth": ""}),
    ]


def request(n: int, initials: int = 0, **answers: str) -> str | None:
    given = {"deliveredin": "community", "indexevent": "either"}
    given.update({key: value for key, value in answers.items() if value is not None})
    cells = {"surname": "Smith", "forename": "John"}
    records = [
        zone.Record(i, {**cells, "forename": "J."} if i <= initials else cells)
        for i in range(1, n + 1)
    ]
    reads = [read_record(record, D0, 2020) for record in records]
    return rules.stopped(zone.Request("r", records, given), reads)


def test_rule10_sixty_and_stops() -> None:
    stop = "request_not_answerable"
    assert request(60) is None
    assert request(59) == stop
    assert request(59, withdrawnon="2020-01-01") == "request_withdrawn"
    assert request(60, initials=30) is None
    assert request(60, initials=31) == stop
    assert request(60, governanceapproved="no") == stop
    assert request(60, governanceapproved="") is None
    assert request(60, conditionsaccepted="No") == stop
    assert request(60, indexevent="") == stop
    assert request(60, deliveredin="custody", indexevent="") is None
    assert request(60, deliveredin="custody", indexevent="community_sentence") == stop
    assert request(60, deliveredin="moon") == stop


# Linking


def people(*rows: tuple[str, str, str, date]) -> zone.Zone:
    world = zone.Zone(date(2023, 10, 1), DATA_TO, spells=defaultdict(list))
    for pnc_id, surname, forenames, born in rows:
        world.persons[pnc_id] = zone.Person(pnc_id, "M", [zone.Name(surname, forenames)], {born})
        world.offences[pnc_id] = [offence("c", D0)]
    return world


def linked(world: zone.Zone, **cells: str) -> tuple[str | None, str | None, str | None]:
    record = read_record(zone.Record(1, cells), date(2023, 9, 15), 2023)
    found = link(record, build_index(world))
    return found.outcome, found.pnc_id, found.reason


def test_linking_passes_and_ties() -> None:
    one, two = "2003/0011985X", f"2004/0000007{text.check_letter(2004, 7)}"
    world = people((one, "SMITH", "JOHN PAUL", date(1980, 1, 1)), (two, "JONES", "AL", D0))
    name = {"surname": "smith", "forename": "John", "date_of_birth": "1980-01-01"}
    assert linked(world, **name) == (None, one, None)
    assert linked(world, **name, gender="f") == ("not_on_pnc", None, "not_found")
    assert linked(world, pncid="03/11985X", surname="SMITH") == (None, one, None)
    assert linked(world, pncid="03/11985X", date_of_birth="01/01/80") == (None, one, None)
    assert linked(world, **name, pncid=two) == (None, one, None)
    bad = "date_of_birth_not_accurate"
    assert linked(world, pncid=one, surname="Other") == ("not_on_pnc", None, bad)
    world.prisoners["P1"] = zone.Prisoner("P1", two, "BROWN", "AL", None)
    crossed = {"pncid": one, "prison_number": "p 1", "date_of_birth": "1980-01-01"}
    assert linked(world, **crossed, surname="Brown") == ("ambiguous_match", None, None)
    assert linked(world, **crossed, surname="Smith") == (None, one, None)
    world.offences[one] = [offence("c", D0, WITHDRAWN)]
    assert linked(world, **name) == ("not_on_pnc", None, "no_conviction")
    world.persons["3"] = zone.Person("3", "M", world.persons[one].names, {date(1980, 1, 1)})
    assert linked(world, **name) == ("ambiguous_match", None, None)
