"""The generated worlds see every edge: a rule moved by one day or one tie changes an answer.

The reference is changed, one edge at a time, and held against itself unchanged. A change that
no world notices would mean that SQL with that defect would pass as well.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from . import analyses, compare, covariates, details, eligibility, events, pool, rules, text
from .analyses import make_analyses
from .compare import Comparer
from .fuzz import SMALL, draw_worlds
from .placed import write_worlds
from .zone import Zone, load_zone

MODULES = (analyses, compare, covariates, eligibility, events, pool, rules, text)
Change = tuple[ModuleType | type, str, str, str]
CHANGES: dict[str, Change] = {
    "rule 1: a missing length of sentence comes first": (
        events,
        "seriousness",
        "days = -1",
        "days = 10**6",
    ),
    "rule 1: court type before the length": (
        events,
        "seriousness",
        "row.rank, COURT_ORDER[row.court_type], -days",
        "row.rank, -days, COURT_ORDER[row.court_type]",
    ),
    "rule 1: the latest proven date of a case": (events, "make_cases", "min(row.p", "max(row.p"),
    "rule 1: breaches count": (events, "counts", "not row.is_breach", "True"),
    "rule 1: what is not recordable counts": (events, "counts", "row.is_recordable", "True"),
    "rule 2: the same day does not count": (events, "latest_case", "<= day", "< day"),
    "rule 3: 27 days": (events, "make_community", "<= 28", "<= 27"),
    "rule 3: 29 days": (events, "make_community", "<= 28", "<= 29"),
    "rule 3: orders may start before": (events, "make_community", "0 <= (", "-1 <= ("),
    "rule 3: of any type": (
        events,
        "make_community",
        "if order.order_type == case.disposal_type",
        "if True",
    ),
    "rule 4: a free day between": (events, "make_episodes", "+ DAY", "+ 2 * DAY"),
    "rule 4: no day between": (events, "make_episodes", "+ DAY", "+ 0 * DAY"),
    "rule 4: open spells stay open": (events, "close_open_spells", "and later", "and False"),
    "rule 4: an index case 29 days before": (events, "index_case", "28 * DAY", "29 * DAY"),
    "rule 4: an index case 27 days before": (events, "index_case", "28 * DAY", "27 * DAY"),
    "rule 4: no custodial case first": (events, "index_case", "if case.index", "if False and case"),
    "rule 5: the index date counts": (events, "follow_up", "index < row", "index <= row"),
    "rule 5: a day less than a year": (
        events,
        "follow_up",
        "row.offence_date <= off",
        "row.offence_date < off",
    ),
    "rule 5: a day less than 18 months": (
        events,
        "follow_up",
        "row.proven_date <= proven_by",
        "row.proven_date < proven_by",
    ),
    "rule 5: twelve months and then six": (
        events,
        "follow_up",
        "add_months(index, 18)",
        "add_months(add_months(index, 12), 6)",
    ),
    "rule 6: the last day is in": (eligibility, "in_window", "start < add", "start <= add"),
    "rule 6: the window at a month's end": (text, "add_months", "min(day.day, last)", "last"),
    "rule 7: the last day of custody is out": (eligibility, "overlaps", ">= start", "> start"),
    "rule 7: the first day of custody is out": (eligibility, "overlaps", "<= end", "< end"),
    "rule 7: the release date is inside": (
        eligibility,
        "through_the_gate",
        "day < e.release",
        "day <= e.release",
    ),
    "rule 7: a case on the release date replaces it": (
        eligibility,
        "community_release",
        "last.proven > release",
        "last.proven >= release",
    ),
    "rule 7: either takes the release first": (
        eligibility,
        "community_either",
        "pair[1].index_date or date.min, pair[0]",
        "pair[1].index_date or date.min, -pair[0]",
    ),
    "rule 7: released by the end of the data is still in": (
        eligibility,
        "custody",
        "release > data_to",
        "release >= data_to",
    ),
    "data period: its last day is after it": (
        eligibility,
        "judge",
        "day > data_to",
        "day >= data_to",
    ),
    "data period: the last follow-up is not complete": (
        eligibility,
        "judge",
        ", 18) > data_to",
        ", 18) >= data_to",
    ),
    "rule 5: a re-offence on the day of the start": (
        eligibility,
        "judge",
        "d < verdict.delay",
        "d <= verdict.delay",
    ),
    "rule 8: the latest start": (rules, "settle_repeats", "min(\n", "max(\n"),
    "section 4: the last quarter is out": (pool, "in_quarters", "<= quarter(max", "< quarter(max"),
    "section 4: the order of the keys": (pool, "draw_order", "digest(c.event.key)", "c.event.key"),
    "section 4: the treated event stays": (pool.Wanted, "is_before_own_service", "< own", "<= own"),
    "section 4: an own start on the index date": (
        pool.Wanted,
        "is_clear_of_own_service",
        "else 0)",
        "else -1)",
    ),
    "section 4: an own start on the day after the window": (
        pool.Wanted,
        "is_clear_of_own_service",
        "own >= (",
        "own > (",
    ),
    "section 4: the day of the own start": (pool.OwnService, "last_day", ".days - 1", ".days"),
    "section 4: the latest own start": (rules.Answer, "own_starts", "min(days)", "max(days)"),
    "section 4: without the end where there is no start": (
        rules.Answer,
        "own_starts",
        "record.start or record.end",
        "record.start",
    ),
    "section 4: linked and in doubt": (
        rules.Answer,
        "in_doubt",
        "for p in r.reached",
        "for p in r.reached - self.linked",
    ),
    "section 4: a re-offence on the last day of the window": (
        pool.Wanted,
        "is_free_of_reoffending",
        "first > self",
        "first >= self",
    ),
    "section 4: the day of the loss": (pool.Candidate, "last_day", ".days - 1)", ".days)"),
    "section 4: either, the next event": (
        pool.Candidate,
        "last_day",
        "if about_either",
        "if False",
    ),
    "section 5: the day of the index case": (
        covariates,
        "criminal_history",
        "case.proven < day",
        "case.proven <= day",
    ),
    "section 5: work on the day": (covariates, "overlapping", "s.start < end", "s.start <= end"),
    "section 5: the first day before": (covariates, "overlapping", ">= first", "> first"),
    "section 5: an assessment on the day": (
        covariates,
        "latest_assessment",
        "a.day < index",
        "a.day <= index",
    ),
    "section 6: the day a year before": (
        covariates,
        "year_before",
        "start < row.offence_date",
        "start <= row.offence_date",
    ),
    "section 6: the index case in the year before": (
        covariates,
        "year_before",
        "not in own",
        "not in ()",
    ),
    "section 6: the day of the release": (
        events,
        "days_at_liberty",
        "YEAR, YEAR) + 1",
        "YEAR, YEAR)",
    ),
    "section 6: the day of the reception": (
        events,
        "days_at_liberty",
        "(spell.reception - index).days",
        "(spell.reception - index).days + 1",
    ),
    "section 6: in employment on the last day": (events, "employed_on", ">= day", "> day"),
    "section 6: in employment on the first day": (events, "employed_on", "<= day", "< day"),
}


def changed(change: Change) -> Callable[..., Any]:
    """Make a function anew from its source with one place of it replaced."""
    owner, name, old, new = change
    found = getattr(owner, name)
    function = found.fget if isinstance(found, property) else found
    source = inspect.getsource(function)
    assert source.count(old) >= 1, f"{name} no longer has {old!r}"
    lines = source.replace(old, new).splitlines()
    margin = len(lines[0]) - len(lines[0].lstrip())
    scope: dict[str, Any] = {}
    body = "from __future__ import annotations\n" + "\n".join(line[margin:] for line in lines)
    exec(compile(body, name, "exec"), function.__globals__, scope)
    made: Callable[..., Any] = scope[name]
    return made


def answers(zone: Zone) -> Iterator[Any]:
    """Give all that is compared with a build: the records of every request, then its analyses."""
    register = rules.make_register(zone, settings=SMALL)
    found = [rules.evaluate_request(request, register) for request in zone.requests]
    for answer in found:
        yield [(r.outcome, r.index_date, r.delay_days, r.reoffences_n) for r in answer.records]
        yield details.attrition_detail(answer)
    comparer = Comparer(register, {})
    for made in make_analyses({a.request_id: a for a in found}, register).values():
        yield {name: comparer.members(analysis) for name, analysis in made.items()}
        yield {name: analysis.waterfall for name, analysis in made.items()}
        for pnc_id, event in comparer.events_of(made["headline"]).values() if made else ():
            yield covariates.covariates(event, register.histories[pnc_id])
            yield covariates.year_before(event, register.histories[pnc_id])


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    folder: Path = tmp_path_factory.mktemp("zone")
    write_worlds(folder, dict(enumerate(draw_worlds(150, 20140401), start=1)))
    return load_zone(folder)


@pytest.fixture(scope="module")
def unchanged(zone: Zone) -> list[Any]:
    return list(answers(zone))


@pytest.mark.parametrize("name", CHANGES)
def test_a_moved_edge_changes_an_answer(
    name: str, zone: Zone, unchanged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    function = changed(CHANGES[name])
    for module in (CHANGES[name][0], *MODULES):
        if hasattr(module, CHANGES[name][1]):
            monkeypatch.setattr(module, CHANGES[name][1], function)
    pairs = zip_longest(answers(zone), unchanged)
    assert any(now != before for now, before in pairs), "no world notices"
