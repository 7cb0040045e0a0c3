"""Compare a built project with the reference: `compare(zone, build_dir) -> list[str]`.

python -m reference.compare ZONE BUILD_DIR      (from tests/python)
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from . import details
from .analyses import Analysis, make_analyses
from .built import Built, Rows, group, line
from .covariates import covariates, year_before
from .eligibility import ELIGIBLE, STEPS, USUAL, Event
from .events import COURT_ORDER, days_at_liberty, employed_on
from .later_passes import later_links, plain_pass
from .pool import all_events, draw_order
from .rules import Answer, Register, Result, evaluate_request, make_register
from .settings import Settings
from .text import add_months
from .zone import load_zone

ELIGIBLE_CODES = (
    "eligible",
    "analysed",
    "off_support",
    "group_too_small",
    "could_not_be_estimated",
)
FOLLOWED = (
    "index_event_type",
    "index_date",
    "delay_days",
    "is_reoffender",
    "reoffences_n",
    "days_to_first",
)


def outcome_class(code: object, few: bool) -> object:
    """Make one class of the outcomes that need the matching, unless there are too few."""
    return "eligible" if code in ELIGIBLE_CODES and not few else code


def compare_record(result: Result, row: dict[str, Any], few: bool) -> Iterator[str]:
    """Compare one record with its row of record_outcomes.

    Event and follow-up are compared for eligible records; for excluded ones only where
    both give a value (a project may leave them null).
    """
    key = (result.request_id, result.record_number)
    ours, theirs = outcome_class(result.outcome, few), outcome_class(row["outcome"], few)
    if ours != theirs:
        yield line(*key, "outcome", ours, theirs)
    if result.link_reason != row["link_reason"]:
        yield line(*key, f"link_reason({ours})", result.link_reason, row["link_reason"])
    if result.link_pass != plain_pass(row["link_pass"]) and row["outcome"] != "not_on_pnc":
        yield line(*key, "link_pass", result.link_pass, row["link_pass"])
    for name in FOLLOWED:
        mine, other = getattr(result, name), row[name]
        either_null = mine is None or other is None
        if either_null and not (ours == theirs and result.outcome in ELIGIBLE_CODES):
            continue
        if row["outcome"] == "group_too_small" and either_null:
            continue
        if mine != other:
            yield line(*key, name, mine, other)


def compare_links(answer: Answer, linked: dict[tuple[str, int], Any]) -> Iterator[str]:
    """Compare the linked people; theirs may list people without a proven offence or not."""
    for result in answer.records:
        key = (result.request_id, result.record_number)
        theirs = linked.get(key)
        if result.link_reason == "no_conviction" and theirs in (None, *result.reached):
            continue
        if result.pnc_id != theirs:
            yield line(*key, "pnc_id", result.pnc_id, theirs)


def compare_attrition(answer: Answer, theirs: Rows) -> Iterator[str]:
    """Compare the waterfall; the steps that need the matching are compared as a sum."""
    by_step = {row["step_number"]: row for row in theirs}
    for step, reason, removed, remaining in answer.attrition():
        row = by_step.get(step)
        if row is None:
            yield line(answer.request_id, f"step {step}", "attrition_exact", "a row", None)
        elif row["reason"] != reason:
            yield line(answer.request_id, f"step {step}", "reason", reason, row["reason"])
        elif step <= STEPS["incomplete_follow_up"]:
            for name, mine in (("removed_n", removed), ("remaining_n", remaining)):
                if mine != row[name]:
                    yield line(answer.request_id, f"step {step} {reason}", name, mine, row[name])


def compare_request(answer: Answer, outcomes: Rows, linked: dict[Any, Any]) -> Iterator[str]:
    """Compare the records of one request."""
    few = answer.eligible_n < answer.settings.minimum_analysed
    by_number = {row["record_number"]: row for row in outcomes}
    if len(by_number) != len(outcomes):
        yield line(answer.request_id, "", "record_outcomes", "unique", "duplicates")
    for result in answer.records:
        row = by_number.pop(result.record_number, None)
        if row is None:
            yield line(answer.request_id, result.record_number, "outcome", result.outcome, None)
        else:
            yield from compare_record(result, row, few)
    for number, row in by_number.items():
        yield line(answer.request_id, number, "outcome", None, row["outcome"])
    yield from compare_links(answer, linked)


def compare_scopes(answer: Answer, theirs: Rows) -> Iterator[str]:
    """Compare who is eligible under each scope of the sex-offence rule."""
    mine = {
        (scope, record.record_number, record.index_event_type, record.delay_days)
        for scope, records in answer.by_scope.items()
        for record in records
        if record.outcome == ELIGIBLE
    }
    names = ("sex_offence_scope", "record_number", "event_type", "delay_days")
    other = {tuple(row[name] for name in names) for row in theirs}
    for found in sorted(mine ^ other, key=str):
        ours = "eligible" if found in mine else None
        yield line(answer.request_id, found[1], "scope", ours, found)


def follow_up_of(result_or_candidate: Any) -> dict[str, Any]:
    """Write a follow-up in the columns of the members of an analysis."""
    after = result_or_candidate.follow_up
    return {
        "is_reoffender": bool(after.found),
        "reoffences_n": len(after.found),
        "days_to_first": after.first,
        "first_court_type": after.first_court_type,
        **{f"reoffences_{name}_n": after.of_type(name) for name in COURT_ORDER},
        "is_first_custody": after.is_first_custody,
        "custodial_sentences_n": after.custodial_sentences,
        "is_any_indictable": after.of_type("indictable") > 0,
        "is_any_either_way": after.of_type("either_way") > 0,
        "is_any_serious": after.of_type("indictable") + after.of_type("either_way") > 0,
        "is_any_summary_only": after.is_summary_only,
        "is_any_custody": after.custodial_sentences > 0,
        "days_free": after.days_free,
    }


@dataclass
class Comparer:
    """Compares the analyses of requests: who is in them, and what is known of them."""

    register: Register
    covariates: dict[str, dict[str, Any]]

    @cached_property
    def draw_order(self) -> dict[str, int]:
        """Give the place of every event among its person's."""
        return draw_order(all_events(self.register.histories, self.register.zone.data_to))

    def employed(self, pnc_id: str, event: Any) -> bool | None:
        """Say whether in employment 12 months on; null after the extract, or without any rows."""
        day, zone = add_months(event.index_date, 12), self.register.zone
        if day > zone.data_as_of or not zone.is_work_recorded:
            return None
        return employed_on(self.register.histories[pnc_id].jobs, day)

    def at_liberty(self, pnc_id: str, event: Event) -> int:
        """Count the days at liberty in the year after an event."""
        episodes = self.register.histories[pnc_id].episodes
        return days_at_liberty((s for e in episodes for s in e.spells), event.index_date)

    def members(self, analysis: Analysis) -> dict[str, dict[str, Any]]:
        """Write the members of an analysis as the project does, by the key of their event."""
        found: dict[str, dict[str, Any]] = {}
        wanted = analysis.wanted
        for pnc_id, record in analysis.treated.items():
            if record.event is not None:
                found[record.event.key] = {
                    "is_treated": True,
                    "delay_days": record.delay_days,
                    "last_day": None,
                    "own_last_day": None,
                    "draw_order": None,
                    "is_linked_elsewhere": False,
                    "index_date": record.event.index_date,
                    "stratum": record.event.event_type,
                    "in_employment_1y": self.employed(pnc_id, record.event),
                    "days_at_liberty": self.at_liberty(pnc_id, record.event),
                    **follow_up_of(record),
                }
        for key, candidate in analysis.pool.items():
            event = candidate.event
            found[key] = {
                "is_treated": False,
                "delay_days": None,
                "last_day": wanted.last_day(candidate),
                "own_last_day": wanted.own_last_day(candidate),
                "draw_order": self.draw_order[key],
                "is_linked_elsewhere": candidate.pnc_id in wanted.elsewhere,
                "index_date": event.index_date,
                "stratum": event.event_type,
                "in_employment_1y": self.employed(candidate.pnc_id, event),
                "days_at_liberty": self.at_liberty(candidate.pnc_id, event),
                **follow_up_of(candidate),
            }
        return found

    def compare_members(self, analysis: Analysis, request_id: str, theirs: Rows) -> Iterator[str]:
        """Compare who is in an analysis, and every column of those in both."""
        name = request_id, f"{analysis.analysis_id}"
        mine = self.members(analysis)
        others = {row["event_key"]: row for row in theirs}
        if len(others) != len(theirs):
            yield line(*name, "members", "unique", "duplicates")
        for key in sorted(mine.keys() ^ others.keys()):
            where = "treated" if (mine.get(key) or others.get(key) or {})["is_treated"] else "pool"
            yield line(name[0], f"{name[1]} {key}", where, key in mine, key in others)
        for key in sorted(mine.keys() & others.keys()):
            for column, value in mine[key].items():
                if column in others[key] and others[key][column] != value:
                    yield line(name[0], f"{name[1]} {key}", column, value, others[key][column])

    def compare_analyses(
        self, answer: Answer, mine: dict[str, Analysis], members: Rows, analyses: Rows
    ) -> Iterator[str]:
        """Compare which analyses are made, and each of them."""
        by_analysis: dict[str, Rows] = defaultdict(list)
        for row in members:
            by_analysis[row["analysis_id"]].append(row)
        theirs = {row["analysis_id"]: row for row in analyses}
        for name in sorted(mine.keys() ^ theirs.keys()):
            yield line(answer.request_id, name, "analysis", name in mine, name in theirs)
        for name in sorted(mine.keys() & theirs.keys()):
            row, analysis = theirs[name], mine[name]
            ours = (analysis.kind, analysis.scope, len(analysis.treated))
            other = (row["kind"], row["sex_offence_scope"], row["eligible_n"])
            if ours != other:
                yield line(answer.request_id, name, "analysis", ours, other)
            yield from self.compare_members(analysis, answer.request_id, by_analysis[name])

    def events_of(self, analysis: Analysis) -> dict[str, tuple[str, Event]]:
        """List the events of an analysis by their key, with the person of each."""
        treated = {
            record.event.key: (pnc_id, record.event)
            for pnc_id, record in analysis.treated.items()
            if record.event is not None
        }
        pool = {key: (c.pnc_id, c.event) for key, c in analysis.pool.items()}
        return {**treated, **pool}

    def compare_covariates(self, analyses: Iterable[Analysis]) -> Iterator[str]:
        """Compare the covariates of every event that is a member of an analysis."""
        seen: dict[str, tuple[str, Event]] = {}
        for analysis in analyses:
            seen.update(self.events_of(analysis))
        for key, (pnc_id, event) in sorted(seen.items()):
            theirs = self.covariates.get(key)
            if theirs is None:
                yield line("", key, "covariates", "a row", None)
                continue
            mine = covariates(event, self.register.histories[pnc_id])
            for name, value in mine.items():
                if name in theirs and not same(value, theirs[name]):
                    yield line("", key, name, value, theirs[name])

    def compare_year_before(self, built: Built, analyses: Iterable[Analysis]) -> Iterator[str]:
        """Compare the year before of every event of a headline."""
        theirs = built.table("restricted.intermediate.int_cohorts__year_before")
        ids = built.table("restricted.intermediate.int_index_events__events")
        keys = {row["event_id"]: row["event_key"] for row in ids}
        found = {keys[row["event_id"]]: row for row in theirs}
        seen = {k: v for analysis in analyses for k, v in self.events_of(analysis).items()}
        for key in sorted(seen.keys() ^ found.keys()):
            yield line("", key, "a year before", key in seen, key in found)
        for key in sorted(seen.keys() & found.keys()):
            pnc_id, event = seen[key]
            for name, value in year_before(event, self.register.histories[pnc_id]).items():
                if not same(value, found[key][name]):
                    yield line("", key, f"{name} a year before", value, found[key][name])


def same(mine: Any, theirs: Any) -> bool:
    """Compare values; numbers to 12 digits, since logarithms may differ in the last one."""
    numbers = (int, float)
    if isinstance(mine, numbers) and isinstance(theirs, numbers):
        return math.isclose(mine, theirs, rel_tol=1e-12, abs_tol=1e-12)
    return bool(mine == theirs)


def compare_details(answer: Answer, theirs: Rows) -> Iterator[str]:
    """Compare the details of the waterfall."""
    others = {row["detail"]: row["n"] for row in theirs}
    for key, mine in details.attrition_detail(answer).items():
        if mine != (others.get(key) or 0):
            yield line(answer.request_id, key, "attrition_detail", mine, others.get(key))


def compare_further(answer: Answer, register: Register, theirs: Rows) -> Iterator[str]:
    """Compare the suggested analyses that could hold those who were left out."""
    mine = details.suggested_analyses(answer, register)
    others = {
        row["suggested_analysis"]: (row["people_n"], row["expected_n"])
        for row in theirs
        if row["people_n"]
    }
    for key in sorted(mine.keys() | others.keys()):
        if mine.get(key) != others.get(key):
            yield line(answer.request_id, key, "further", mine.get(key), others.get(key))


def compare_resubmissions(answer: Answer, register: Register, theirs: Rows) -> Iterator[str]:
    """Compare when those still in custody can be sent again."""
    names = ("release_quarter", "basis", "earliest_analysis_on")
    mine = dict(details.resubmissions(answer, register.zone.data_as_of))
    others = {tuple(row[name] for name in names): row["n"] for row in theirs}
    for key in sorted(mine.keys() | others.keys(), key=str):
        if mine.get(key) != others.get(key):
            yield line(answer.request_id, key, "resubmission", mine.get(key), others.get(key))


def compare_records(
    built: Built,
    answers: dict[str, Answer],
    register: Register,
    outcomes: dict[str, Rows],
    linked: dict[Any, Any],
) -> Iterator[str]:
    """Compare records, waterfalls and their details."""
    attrition = built.by_request("analysis.main.attrition_exact")
    detail = built.by_request("analysis.main.attrition_detail")
    further = built.by_request("analysis.main.suggested_analyses")
    again = built.by_request("analysis.main.resubmissions")
    scopes = built.by_request("restricted.intermediate.int_eligibility__eligible_records")
    for name, answer in answers.items():
        yield from compare_request(answer, outcomes.get(name, []), linked)
        yield from compare_attrition(answer, attrition.get(name, []))
        yield from compare_scopes(answer, scopes.get(name, []))
        yield from compare_details(answer, detail.get(name, []))
        yield from compare_further(answer, register, further.get(name, []))
        yield from compare_resubmissions(answer, register, again.get(name, []))
    for name in sorted(outcomes.keys() - answers.keys()):
        yield line(name, "", "request", None, "present")


def compare_waterfalls(request_id: str, made: dict[str, Analysis], theirs: Rows) -> Iterator[str]:
    """Compare the waterfall of every pool."""
    mine = {(name, *row) for name, analysis in made.items() for row in analysis.waterfall}
    names = ("analysis_id", "step", "events_n", "removed_n", "remaining_n")
    others = {tuple(row[name] for name in names) for row in theirs}
    for key in sorted(mine ^ others, key=str):
        yield line(request_id, key[:2], "pool_attrition", key in mine, key)


def compare_cohorts(built: Built, answers: dict[str, Answer], register: Register) -> Iterator[str]:
    """Compare analyses, their members and the members' covariates."""
    members = built.by_request("restricted.intermediate.int_outcomes__members")
    analyses = built.by_request("restricted.intermediate.int_cohorts__analyses")
    keys = {
        row["event_id"]: row["event_key"]
        for row in built.table("restricted.intermediate.int_index_events__events")
    }
    known = {
        keys[row["event_id"]]: row
        for row in built.table("restricted.intermediate.int_cohorts__covariates")
    }
    comparer = Comparer(register, known)
    steps = built.by_request("analysis.main.pool_attrition")
    made = make_analyses(answers, register)
    for name, answer in answers.items():
        yield from comparer.compare_analyses(
            answer, made[name], members.get(name, []), analyses.get(name, [])
        )
        yield from compare_waterfalls(name, made[name], steps.get(name, []))
    yield from comparer.compare_covariates(
        analysis for found in made.values() for analysis in found.values()
    )
    headlines = [found["headline"] for found in made.values() if "headline" in found]
    yield from comparer.compare_year_before(built, headlines)


def compare(zone: Path | str, build_dir: Path | str, settings: Settings = USUAL) -> list[str]:
    """List the disagreements between the reference and a built project, one line each."""
    built = Built(Path(build_dir))
    found = built.table("analysis.main.record_outcomes")
    linked_rows = built.table("restricted.main.linked_records")
    linked = {(r["request_id"], r["record_number"]): r["pnc_id"] for r in linked_rows}
    given = later_links(built, found, linked_rows)
    loaded = load_zone(Path(zone))
    register = make_register(loaded, given, settings)
    answers = {r.request_id: evaluate_request(r, register) for r in loaded.requests}
    return [
        *compare_records(built, answers, register, group(found), linked),
        *compare_cohorts(built, answers, register),
    ]


if __name__ == "__main__":
    lines = compare(sys.argv[1], sys.argv[2])
    print("\n".join(lines))
    print(Counter(text.split("\t")[2] for text in lines), file=sys.stderr)
    sys.exit(1 if lines else 0)
