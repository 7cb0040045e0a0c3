"""Rules 6, 7 and 9: which event a service follows, and whether it can be followed up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from . import events
from .events import Case, Community, Episode
from .linking import Index
from .settings import Settings
from .text import add_months
from .zone import Assessment, Offence, Period, Person

STEPS = {
    "request_withdrawn": 10,
    "request_not_answerable": 20,
    "invalid_record": 30,
    "not_on_pnc": 40,
    "ambiguous_match": 50,
    "repeat_record": 60,
    "no_sentence_found": 70,
    "after_data_period": 80,
    "still_in_custody": 90,
    "ambiguous_release": 100,
    "other_disposal": 110,
    "outside_window": 120,
    "sex_offence": 130,
    "reoffended_before_start": 140,
    "incomplete_follow_up": 150,
    "group_too_small": 160,
    "could_not_be_estimated": 170,
    "off_support": 180,
}
ELIGIBLE = "eligible"
NO_SENTENCE = "no_sentence_found"
USUAL = Settings()


@dataclass
class History:
    """All that the rules need to know of one person."""

    rows: list[Offence]
    cases: list[Case]
    community: list[Community]
    episodes: list[Episode]
    jobs: list[Period] = field(default_factory=list)
    benefits: list[Period] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    person: Person | None = None
    is_work_recorded: bool = True
    are_benefits_recorded: bool = True

    @property
    def releases(self) -> list[Episode]:
        """Released episodes that hold a sentenced spell (rule 4)."""
        return [e for e in self.episodes if e.is_sentenced and e.release is not None]

    def has_sex_offence(self, scope: str, index: date, offence: Offence | None) -> bool:
        """Rule 9: any proven row with a sexual offence, before or after (`ever`).

        Readings: `ever_before` are those proven on or before the index date; `index` is the
        index offence, and a release without a case has none.
        """
        if scope == "index":
            return offence is not None and offence.is_sexual
        return any(
            row.is_proven
            and row.is_sexual
            and (scope == "ever" or (row.proven_date is not None and row.proven_date <= index))
            for row in self.rows
        )


@dataclass
class Event:
    """The index event that a record is about, or that a control may stand in the pool with."""

    event_type: str
    key: str
    index_date: date
    case: Case | None = None
    community: Community | None = None
    episode: Episode | None = None

    @property
    def offence(self) -> Offence | None:
        """The index offence; none for a release without a case."""
        return self.case.index_offence if self.case else None


@dataclass
class Verdict:
    """Where the rules leave one record, and the event that they found."""

    outcome: str
    event: Event | None = None
    delay: int | None = None
    follow_up: events.FollowUp | None = None
    notes: set[str] = field(default_factory=set)
    release: date | None = None
    expected: date | None = None

    @property
    def rank(self) -> int:
        """How far the record got: the step of its exclusion code, past all of them if eligible."""
        return STEPS.get(self.outcome, 1 + max(STEPS.values()))

    @property
    def index_date(self) -> date | None:
        """The date of the event, if one was found."""
        return self.event.index_date if self.event else None


def sentence_event(sentence: Community) -> Event:
    """Make the index event of a community sentence."""
    case = sentence.case
    return Event("community_sentence", case.case_id, sentence.index_date, case, sentence)


def release_event(episode: Episode, history: History) -> Event:
    """Make the index event of a release; the episode must have ended."""
    if episode.release is None:
        raise ValueError("an open episode is no release")
    case = events.index_case(episode, history.cases)
    return Event("prison_release", episode.key, episode.release, case, episode=episode)


def build_histories(index: Index, settings: Settings = USUAL) -> dict[str, History]:
    """Put together each person's offences, orders and spells (of all prison numbers)."""
    zone = index.zone
    numbers: dict[str, list[str]] = {}
    for prison_number, owner in index.owner.items():
        numbers.setdefault(owner, []).append(prison_number)
    histories = {}
    for pnc_id, person in zone.persons.items():
        rows = zone.offences.get(pnc_id, [])
        cases = events.make_cases(rows)
        spells = [s for n in numbers.get(pnc_id, ()) for s in zone.spells.get(n, ())]
        histories[pnc_id] = History(
            rows,
            cases,
            events.make_community(cases, zone.orders.get(pnc_id, [])),
            events.make_episodes(spells, settings.recall_is_index_event),
            zone.jobs.get(pnc_id, []),
            zone.benefits.get(pnc_id, []),
            zone.assessments.get(pnc_id, []),
            person,
            zone.is_work_recorded,
            zone.are_benefits_recorded,
        )
    return histories


def in_window(index: date, start: date, months: int) -> bool:
    """Rule 6: index date <= start < index date + 6 calendar months (the window, by its var)."""
    return index <= start < add_months(index, months)


def other_disposal(last: Case | None, start: date, months: int) -> Verdict:
    """Rule 6: whether the latest case, whatever its type, was proven within six months."""
    within = last is not None and in_window(last.proven, start, months)
    return Verdict("other_disposal", notes={"other_disposal_within_window"} if within else set())


def found(event: Event, start: date | None) -> Verdict:
    """Build a verdict that found its event; custody has no delay."""
    return Verdict(ELIGIBLE, event, (start - event.index_date).days if start else None)


def community_sentence(history: History, start: date, months: int) -> Verdict:
    """Rule 7, community with community_sentence: the most recent proven disposal."""
    last = events.latest_case(history.cases, start)
    if last is None:
        return Verdict(NO_SENTENCE)
    if last.disposal_type not in events.COMMUNITY:
        return other_disposal(last, start, months)
    event = sentence_event(next(c for c in history.community if c.case == last))
    if not in_window(event.index_date, start, months):
        early = {"referred_before_sentence"} if start < event.index_date else set()
        return Verdict("outside_window", notes=early)
    return found(event, start)


def community_release(history: History, start: date, months: int) -> Verdict:
    """Rule 7, community with prison_release: the latest release, if nothing followed it."""
    last = events.latest_case(history.cases, start)
    before = [e for e in history.releases if e.release is not None and e.release <= start]
    if not before:
        return other_disposal(last, start, months) if last else Verdict(NO_SENTENCE)
    episode = max(before, key=lambda e: e.release or date.min)
    release = episode.release or date.min
    if last is not None and last.proven > release:
        return other_disposal(last, start, months)
    if not in_window(release, start, months):
        return Verdict("outside_window")
    return found(release_event(episode, history), start)


def community_either(history: History, start: date, months: int) -> Verdict:
    """Rule 7, community with either: the latest of both.

    Reading: of the two routes the one that gets further; of two events the later
    index date; on equal index dates the community sentence.
    """
    routes = (
        community_release(history, start, months),
        community_sentence(history, start, months),
    )
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
        expected = meant[0].last.expected
        return Verdict("still_in_custody", release=release, expected=expected)
    return found(release_event(meant[0], history), None)


def through_the_gate(
    history: History, start: date | None, end: date | None, data_to: date, months: int
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
    return community_release(history, start, months) if start else Verdict("invalid_record")


def find_event(
    history: History,
    kind: tuple[str, str],
    start: date | None,
    end: date | None,
    data_to: date,
    settings: Settings = USUAL,
) -> Verdict:
    """Rule 7: choose the rule by `delivered_in` and `index_event`."""
    months = settings.window_months
    if kind[0] == "custody":
        return custody(history, start, end, data_to)
    if kind[0] == "through_the_gate":
        return through_the_gate(history, start, end, data_to, months)
    if start is None:
        return Verdict("invalid_record")
    if kind[1] == "prison_release":
        return community_release(history, start, months)
    if kind[1] == "either":
        return community_either(history, start, months)
    return community_sentence(history, start, months)


def judge(
    history: History,
    kind: tuple[str, str],
    start: date | None,
    end: date | None,
    data_to: date,
    settings: Settings = USUAL,
) -> Verdict:
    """Every rule between the link and the matching, in the order of the codes.

    Readings: a service is after the data period by its start, or its end where it has no
    start; a record without a sentence is `no_sentence_found` even then.
    """
    verdict = find_event(history, kind, start, end, data_to, settings)
    day = start or end
    if verdict.outcome in ("invalid_record", NO_SENTENCE):
        return verdict
    if day is not None and day > data_to:
        return Verdict("after_data_period")
    event = verdict.event
    if verdict.outcome != ELIGIBLE or event is None:
        return verdict
    after = events.follow_up(history.rows, event.index_date)
    if history.has_sex_offence(settings.sex_offence_scope, event.index_date, event.offence):
        verdict.outcome = "sex_offence"
        if event.offence is not None and event.offence.is_sexual:
            verdict.notes.add("sexual_index_offence")
    elif verdict.delay is not None and any(d < verdict.delay for d in after.days):
        verdict.outcome = "reoffended_before_start"
    elif add_months(event.index_date, 18) > data_to:
        verdict.outcome = "incomplete_follow_up"
    else:
        verdict.follow_up = after
    return verdict
