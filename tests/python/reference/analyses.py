"""The analyses of a request, with the treated and the pool of each (section 4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import covariates
from .eligibility import ELIGIBLE, Event, History
from .pool import Candidate, OwnService, Wanted, all_events, choose, waterfall
from .rules import Answer, Register, Result
from .settings import HEADLINE, SCOPES

AGE_BANDS = (
    (50, "50+"),
    (40, "40-49"),
    (35, "35-39"),
    (30, "30-34"),
    (25, "25-29"),
    (21, "21-24"),
    (18, "18-20"),
)
KINDS = ("community_sentence", "prison_release")
Fits = Callable[[Event, History], bool]


@dataclass
class Analysis:
    """One analysis that has enough treated people."""

    analysis_id: str
    kind: str
    scope: str
    treated: dict[str, Result]
    wanted: Wanted
    pool: dict[str, Candidate]
    waterfall: list[tuple[str, int, int, int]]


def age_band(age: int | None) -> str | None:
    """Give the band of an age in completed years; none under 18, or where it is not known."""
    return next((band for least, band in AGE_BANDS if age is not None and age >= least), None)


def attribute(name: str, event: Event, history: History) -> str | None:
    """Give what a subgroup is made by: of the person, or of the event."""
    if name == "sex":
        return history.person.sex if history.person else "U"
    if name == "age_band":
        born = covariates.born(history)
        return age_band(covariates.completed_years(born, event.index_date))
    if name == "event_type":
        return event.event_type
    if name == "region":
        return covariates.region_of(event)
    if name == "establishment":
        return event.episode.last.establishment if event.episode else None
    raise ValueError(f"no attribute of events: {name}")


def fits(name: str, value: str) -> Fits:
    """Make the condition of a subgroup on events."""
    return lambda event, history: attribute(name, event, history) == value


def anybody(event: Event, history: History) -> bool:
    """Make no condition."""
    return True


def eligible(answer: Answer, scope: str) -> list[Result]:
    """List the eligible records under a scope, the request's own or another."""
    records = answer.by_scope.get(scope, [])
    return [record for record in records if record.outcome == ELIGIBLE and record.event]


def own_services(answer: Answer, scope: str) -> dict[str, OwnService]:
    """Say of everybody whom a request linked when their service began, and which events stay.

    Reading: analysed is whoever has an eligible record of the request under the scope, whether or
    not the analysis treats them (another prison, another subgroup).
    """
    treated = {r.pnc_id: r.event.index_date for r in eligible(answer, scope) if r.event}
    return {
        pnc_id: OwnService(start, treated.get(pnc_id, start))
        for pnc_id, start in answer.own_starts.items()
    }


@dataclass
class Maker:
    """Makes the analyses of one request; `elsewhere` are the people whom other requests linked."""

    answer: Answer
    register: Register
    candidates: list[Candidate]
    elsewhere: frozenset[str] = frozenset()

    def make(
        self,
        analysis_id: str,
        kind: str,
        records: list[Result],
        condition: Fits = anybody,
        scope: str = "",
        in_regions: Fits = anybody,
    ) -> Analysis:
        """Make an analysis of some records, with the pool of their kinds and quarters."""
        histories = self.register.histories
        days: dict[str, list[date]] = defaultdict(list)
        for record in records:
            if record.event is not None:
                days[record.event.event_type].append(record.event.index_date)
        answer, settings = self.answer, self.answer.settings
        scope = scope or settings.sex_offence_scope
        wanted = Wanted(
            dict(days),
            answer.in_doubt,
            own_services(answer, scope),
            self.elsewhere,
            scope,
            lambda c: in_regions(c.event, histories[c.pnc_id]),
            lambda c: condition(c.event, histories[c.pnc_id]),
            answer.plan.value(analysis_id, "control_condition") or settings.control_condition,
            settings.window_months,
            answer.kind == ("community", "either"),
        )
        treated = {record.pnc_id: record for record in records if record.pnc_id}
        pool = choose(self.candidates, wanted)
        steps = waterfall(self.candidates, wanted)
        return Analysis(analysis_id, kind, scope, treated, wanted, pool, steps)

    def within(self, records: list[Result], condition: Fits) -> list[Result]:
        """Keep the records whose event meets a condition."""
        histories = self.register.histories
        return [
            record
            for record in records
            if record.event and record.pnc_id and condition(record.event, histories[record.pnc_id])
        ]

    def regional(self, records: list[Result]) -> Analysis:
        """Make the regional analysis: a pool of the treated's regions.

        Reading: a treated person whose region is not known cannot be compared with anybody
        of the region, and is not in this analysis.
        """
        known = self.within(records, lambda e, h: covariates.region_of(e) is not None)
        regions = {covariates.region_of(r.event) for r in known if r.event}
        return self.make(
            "regional",
            "regional",
            known,
            in_regions=lambda e, h: covariates.region_of(e) in regions,
        )

    def subgroup(self, analysis_id: str, name: str, value: str, records: list[Result]) -> Analysis:
        """Make a subgroup.

        Reading: by the provider's reference or by establishment it is one of treated people
        only, with a pool like the headline's: controls have no such reference, and a prison
        that has the service has few who did not get it.
        """
        if name == "user_reference_1":
            mine = [record for record in records if record.user_reference == value]
            return self.make(analysis_id, "subgroup", mine)
        condition = fits(name, value)
        mine = self.within(records, condition)
        controls = anybody if name == "establishment" else condition
        return self.make(analysis_id, "subgroup", mine, controls)

    def scenarios(self, headline: Analysis) -> Iterator[Analysis]:
        """Make the scenarios of the other scopes that change the treated or the pool.

        Reading: they say how much a headline depends on the scope; without one there are none.
        """
        if len(headline.treated) < self.answer.settings.minimum_analysed:
            return
        for scope in SCOPES:
            if scope == headline.scope:
                continue
            other = self.make(
                f"scope_{scope}", "scenario", eligible(self.answer, scope), scope=scope
            )
            if signature(other) != signature(headline):
                yield other

    def all(self) -> Iterator[Analysis]:
        """Make every analysis, also those with too few people."""
        records = eligible(self.answer, self.answer.settings.sex_offence_scope)
        headline = self.make(HEADLINE, HEADLINE, records)
        yield headline
        yield self.regional(records)
        if self.answer.kind == ("community", "either"):
            for kind in KINDS:
                condition = fits("event_type", kind)
                yield self.make(kind, "event_type", self.within(records, condition), condition)
        for analysis_id, name, value in self.answer.plan.subgroups():
            yield self.subgroup(analysis_id, name, value, records)
        yield from self.scenarios(headline)


def signature(analysis: Analysis) -> Any:
    """Say who is compared with whom."""
    treated = {
        (pnc_id, record.event.key)
        for pnc_id, record in analysis.treated.items()
        if record.event is not None
    }
    return treated, set(analysis.pool)


def linked_elsewhere(answers: Mapping[str, Answer]) -> dict[str, frozenset[str]]:
    """List for each request the people whom any other request linked."""
    times = Counter(pnc_id for answer in answers.values() for pnc_id in answer.linked)
    return {
        name: frozenset(p for p, n in times.items() if n - (p in answer.linked) > 0)
        for name, answer in answers.items()
    }


def make_analyses(
    answers: Mapping[str, Answer], register: Register
) -> dict[str, dict[str, Analysis]]:
    """Make the analyses of every request whose treated reach the minimum."""
    candidates = all_events(register.histories, register.zone.data_to)
    elsewhere = linked_elsewhere(answers)
    made = {
        name: Maker(answer, register, candidates, elsewhere[name]).all()
        for name, answer in answers.items()
    }
    return {
        name: {
            analysis.analysis_id: analysis
            for analysis in found
            if len(analysis.treated) >= answers[name].settings.minimum_analysed
        }
        for name, found in made.items()
    }
