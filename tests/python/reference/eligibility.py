"""Rules 6, 7 and 9: which event a service follows, and whether it can be followed up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from . import events
from .events import Case, Community, Episode
from .linking import Index
from .text import add_months
from .zone import Offence

STEPS = (
    "request_withdrawn",
    "request_not_answerable",
    "invalid_record",
    "not_on_pnc",
    "ambiguous_match",
    "repeat_record",
    "no_sentence_found",
    "after_data_period",
    "still_in_custody",
    "ambiguous_release",
    "other_disposal",
    "outside_window",
    "sex_offence",
    "reoffended_before_start",
    "incomplete_follow_up",
    "group_too_small",
    "off_support",
)
ELIGIBLE = "eligible"
NO_SENTENCE = "no_sentence_found"


@dataclass
class History:
    """All that the rules need to know of one person."""

    rows: list[Offence]
    cases: list[Case]
    community: list[Community]
    episodes: list[Episode]

    @property
    def releases(self) -> list[Episode]:
        """Released episodes that hold a sentenced spell (rule 4)."""
        return [e for e in self.episodes if e.is_sentenced and e.release is not None]

    @property
    def is_sex_offender(self) -> bool:
        """Rule 9, `ever`: any proven row with a sexual offence, before or after."""
        return any(row.is_proven and row.is_sexual for row in self.rows)


@dataclass
class Verdict:
    """Where the rules leave one record, and the event that they found."""

    outcome: str
    event_type: str | None = None
    index_date: date | None = None
    delay: int | None = None
    follow_up: events.FollowUp | None = None
    notes: set[str] = field(default_factory=set)

    @property
    def rank(self) -> int:
        """How far the record got: its place in the order of the exclusion codes."""
        return STEPS.index(self.outcome) if self.outcome in STEPS else len(STEPS)


def build_histories(index: Index) -> dict[str, History]:
    """Put together each person's offences, orders and spells (of all prison numbers)."""
    zone = index.zone
    numbers: dict[str, list[str]] = {}
    for prison_number, owner in index.owner.items():
        numbers.setdefault(owner, []).append(prison_number)
    histories = {}
    for pnc_id in zone.persons:
        rows = zone.offences.get(pnc_id, [])
        cases = events.make_cases(rows)
        spells = [s for n in numbers.get(pnc_id, ()) for s in zone.spells.get(n, ())]
        histories[pnc_id] = History(
            rows,
            cases,
            events.make_community(cases, zone.orders.get(pnc_id, [])),
            events.make_episodes(spells),
        )
    return histories


def in_window(index: date, start: date) -> bool:
    """Rule 6: index date <= start < index date + 6 calendar months."""
    return index <= start < add_months(index, 6)


def other_disposal(last: Case | None, start: date) -> Verdict:
    """Rule 6: whether the latest case, whatever its type, was proven within six months."""
    within = last is not None and in_window(last.proven, start)
    return Verdict("other_disposal", notes={"other_disposal_within_window"} if within else set())


def found(event_type: str, index: date, offence: Offence | None, start: date | None) -> Verdict:
    """Build a verdict that found its event; custody has no delay."""
    verdict = Verdict(ELIGIBLE, event_type, index, (start - index).days if start else None)
    if offence is not None and offence.is_sexual:
        verdict.notes.add("sexual_index")
    return verdict


def community_sentence(history: History, start: date) -> Verdict:
    """Rule 7, community with community_sentence: the most recent proven disposal."""
    last = events.latest_case(history.cases, start)
    if last is None:
        return Verdict(NO_SENTENCE)
    if last.disposal_type not in events.COMMUNITY:
        return other_disposal(last, start)
    index = next(c.index_date for c in history.community if c.case == last)
    if not in_window(index, start):
        early = {"referred_before_sentence"} if start < index else set()
        return Verdict("outside_window", notes=early)
    return found("community_sentence", index, last.index_offence, start)


def community_release(history: History, start: date) -> Verdict:
    """Rule 7, community with prison_release: the latest release, if nothing followed it."""
    last = events.latest_case(history.cases, start)
    before = [e for e in history.releases if e.release is not None and e.release <= start]
    if not before:
        return other_disposal(last, start) if last else Verdict(NO_SENTENCE)
    episode = max(before, key=lambda e: e.release or date.min)
    release = episode.release or date.min
    if last is not None and last.proven > release:
        return other_disposal(last, start)
    if not in_window(release, start):
        return Verdict("outside_window")
    case = events.index_case(episode, history.cases)
    return found("prison_release", release, case.index_offence if case else None, start)


def community_either(history: History, start: date) -> Verdict:
    """Rule 7, community with either: the latest of both.

    Reading: of the two routes the one that gets further; of two events the later
    index date; on equal index dates the community sentence.
    """
    routes = (community_release(history, start), community_sentence(history, start))
    return max(
        enumerate(routes), key=lambda pair: (pair[1].rank, pair[1].index_date or date.min, pair[0])
    )[1]


def overlaps(episode: Episode, start: date, end: date) -> bool:
    """Rule 7: both end days of the episode and of the service belong to them."""
    return episode.reception <= end and (episode.release is None or episode.release >= start)


def custody(history: History, start: date | None, end: date | None, data_to: date) -> Verdict:
    """Rule 7, custody: exactly one release can be meant; no delay and no window."""
    first, last = start or end, end or start
    if first is None or last is None:
        return Verdict("invalid_record")
    meant = [e for e in history.episodes if e.is_sentenced and overlaps(e, first, last)]
    if len(meant) != 1:
        return Verdict("ambiguous_release" if meant else NO_SENTENCE)
    release = meant[0].release
    if release is None or release > data_to:
        return Verdict("still_in_custody")
    case = events.index_case(meant[0], history.cases)
    return found("prison_release", release, case.index_offence if case else None, None)


def through_the_gate(
    history: History, start: date | None, end: date | None, data_to: date
) -> Verdict:
    """Rule 7, through the gate: custody if inside an episode before its release date.

    Reading: as custody means the whole custody rule, ambiguous releases included.
    """
    day = start or end
    inside = day is not None and any(
        e.is_sentenced and e.reception <= day and (e.release is None or day < e.release)
        for e in history.episodes
    )
    if inside:
        return custody(history, start, end, data_to)
    return community_release(history, start) if start else Verdict("invalid_record")


def find_event(
    history: History,
    kind: tuple[str, str],
    start: date | None,
    end: date | None,
    data_to: date,
) -> Verdict:
    """Rule 7: choose the rule by `delivered_in` and `index_event`."""
    if kind[0] == "custody":
        return custody(history, start, end, data_to)
    if kind[0] == "through_the_gate":
        return through_the_gate(history, start, end, data_to)
    if start is None:
        return Verdict("invalid_record")
    if kind[1] == "prison_release":
        return community_release(history, start)
    if kind[1] == "either":
        return community_either(history, start)
    return community_sentence(history, start)


def judge(
    history: History,
    kind: tuple[str, str],
    start: date | None,
    end: date | None,
    data_to: date,
) -> Verdict:
    """Every rule between the link and the matching, in the order of the codes.

    Readings: a service is after the data period by its start, or its end where it has no
    start; a record without a sentence is `no_sentence_found` even then.
    """
    verdict = find_event(history, kind, start, end, data_to)
    day = start or end
    if verdict.outcome in ("invalid_record", NO_SENTENCE):
        return verdict
    if day is not None and day > data_to:
        return Verdict("after_data_period")
    index = verdict.index_date
    if verdict.outcome != ELIGIBLE or index is None:
        return verdict
    after = events.follow_up(history.rows, index)
    if history.is_sex_offender:
        verdict.outcome = "sex_offence"
        if "sexual_index" in verdict.notes:
            verdict.notes.add("sexual_index_offence")
    elif verdict.delay is not None and any(d < verdict.delay for d in after.days):
        verdict.outcome = "reoffended_before_start"
    elif add_months(index, 18) > data_to:
        verdict.outcome = "incomplete_follow_up"
    else:
        verdict.follow_up = after
    return verdict
