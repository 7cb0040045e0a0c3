"""Cases, community sentences, custody episodes and re-offences (rules 1 to 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .text import add_months
from .zone import Offence, Order, Period, Spell

COURT_ORDER = {"indictable": 0, "either_way": 1, "summary": 2}
COMMUNITY = ("community_order", "suspended_sentence_order")
DAY = timedelta(days=1)
YEAR = 365


@dataclass(frozen=True)
class Case:
    """One court appearance or caution, with its index offence and earliest proven date."""

    case_id: str
    proven: date
    index_offence: Offence
    rows: tuple[Offence, ...] = ()

    @property
    def is_custodial(self) -> bool:
        """Section 6: a custodial disposal in its case, on any of the rows that count."""
        return any(row.is_custodial for row in self.rows)

    @property
    def disposal_type(self) -> str:
        """The case's disposal is that of its index offence."""
        return self.index_offence.disposal_type

    @property
    def recency(self) -> tuple[date, int, list[int]]:
        """Sort key: later first proven wins, then most serious, then lowest case_id."""
        return self.proven, -self.index_offence.rank, [-ord(c) for c in self.case_id] + [1]


@dataclass(frozen=True)
class Community:
    """A community sentence: its case, and the order that joined it, if any."""

    case: Case
    order: Order | None

    @property
    def index_date(self) -> date:
        """Rule 3: the order's start, or the proven date where no order is found."""
        return self.order.start if self.order else self.case.proven


@dataclass(frozen=True)
class Episode:
    """Spells without a gap; `release` is null while the person is still in custody."""

    spells: tuple[Spell, ...]
    release: date | None
    index_types: tuple[str, ...] = ("sentenced",)

    @property
    def reception(self) -> date:
        """The first reception."""
        return self.spells[0].reception

    @property
    def is_sentenced(self) -> bool:
        """Rule 4: only an episode that holds a sentenced spell (a recall, by the var) counts."""
        return any(spell.custody_type in self.index_types for spell in self.spells)

    @property
    def last(self) -> Spell:
        """The spell that the establishment and the expected release are taken from.

        Reading: the last is the one that ends last, an open one before all; of those that
        end together the last by reception, then spell_id.
        """
        return max(self.spells, key=lambda s: (s.release or date.max, s.reception, s.spell_id))

    @property
    def key(self) -> str:
        """The natural key: prison number and spell_id of the first spell."""
        return f"{self.spells[0].prison_number}|{self.spells[0].spell_id}"


@dataclass(frozen=True)
class FollowUp:
    """What happened in the year after an index date: re-offences as (day, offence)."""

    found: tuple[tuple[int, Offence], ...] = ()
    custodial_cases: frozenset[str] = frozenset()

    @property
    def days(self) -> tuple[int, ...]:
        """The days of the re-offences after the index date, in order."""
        return tuple(sorted(day for day, _ in self.found))

    @property
    def first(self) -> int | None:
        """Days to the first re-offence; null for never."""
        return self.days[0] if self.found else None

    @property
    def of_the_first_day(self) -> list[Offence]:
        """The re-offences of the first day."""
        return [row for day, row in self.found if day == self.first]

    @property
    def first_court_type(self) -> str | None:
        """Section 6: of first re-offences on one day the most serious court type."""
        types = [row.court_type for row in self.of_the_first_day]
        return min(types, key=COURT_ORDER.__getitem__) if types else None

    @property
    def is_first_custody(self) -> bool | None:
        """Section 6: a custodial disposal in the case of the first; null without one.

        Reading: of first re-offences on one day, in the case of any of them.
        """
        if not self.found:
            return None
        return any(row.case_id in self.custodial_cases for row in self.of_the_first_day)

    @property
    def custodial_sentences(self) -> int:
        """Section 6: distinct cases of re-offences with a custodial disposal."""
        return len({row.case_id for _, row in self.found} & self.custodial_cases)

    @property
    def days_free(self) -> int:
        """Section 6: days to the first re-offence, 365 at most and where there is none."""
        return min(self.first or YEAR, YEAR)

    @property
    def is_summary_only(self) -> bool:
        """Section 6: at least one re-offence in the year, and every one summary."""
        return 0 < len(self.found) == self.of_type("summary")

    def of_type(self, court_type: str) -> int:
        """Count the re-offences of one court type."""
        return sum(row.court_type == court_type for _, row in self.found)


def counts(row: Offence) -> bool:
    """Rule 1: proven, no breach, recordable and no penalty notice."""
    return (
        row.is_proven
        and row.is_recordable
        and not row.is_breach
        and row.disposal_type != "penalty_notice"
    )


def seriousness(row: Offence) -> tuple[int, int, int, str]:
    """Rule 1: order within a case. Reading: a null sentence_days comes last."""
    days = -1 if row.sentence_days is None else row.sentence_days
    return row.rank, COURT_ORDER[row.court_type], -days, row.offence_id


def make_cases(rows: Iterable[Offence]) -> list[Case]:
    """Rule 1: cases of one person, from the oldest to the most recent (rule 2)."""
    grouped: dict[str, list[Offence]] = defaultdict(list)
    for row in rows:
        if counts(row):
            grouped[row.case_id].append(row)
    cases = [
        Case(
            case_id,
            min(row.proven_date for row in group if row.proven_date),
            min(group, key=seriousness),
            tuple(group),
        )
        for case_id, group in grouped.items()
    ]
    return sorted(cases, key=lambda case: case.recency)


def latest_case(cases: Iterable[Case], day: date) -> Case | None:
    """Rule 2: the latest case proven on or before a day (same-day cases: most serious)."""
    known = [case for case in cases if case.proven <= day]
    return max(known, key=lambda case: case.recency) if known else None


def make_community(cases: Iterable[Case], orders: Iterable[Order]) -> list[Community]:
    """Rule 3: orders and cases of one disposal type, paired greedily one to one."""
    sentences = [case for case in cases if case.disposal_type in COMMUNITY]
    pairs = sorted(
        (
            ((order.start - case.proven).days, order.start, order.order_id, case.case_id)
            for order in orders
            for case in sentences
            if order.order_type == case.disposal_type
            and 0 <= (order.start - case.proven).days <= 28
        ),
    )
    by_order = {order.order_id: order for order in orders}
    joined: dict[str, Order] = {}
    used: set[str] = set()
    for _, _, order_id, case_id in pairs:
        if order_id not in used and case_id not in joined:
            used.add(order_id)
            joined[case_id] = by_order[order_id]
    return [Community(case, joined.get(case.case_id)) for case in sentences]


def close_open_spells(spells: list[Spell]) -> list[Spell]:
    """Rule 4: an open spell followed by a later reception ends on that reception.

    Reading: later is strictly later; of several, the first.
    """
    closed = []
    for spell in spells:
        later = [s.reception for s in spells if s.reception > spell.reception]
        if spell.release is None and later:
            spell = Spell(
                spell.spell_id,
                spell.prison_number,
                spell.reception,
                min(later),
                spell.custody_type,
                spell.expected,
                spell.establishment,
            )
        closed.append(spell)
    return closed


def make_episodes(spells: Iterable[Spell], recalls: bool = False) -> list[Episode]:
    """Rule 4: spells of one person, over all prison numbers, that touch or overlap."""
    index_types = ("sentenced", "recall") if recalls else ("sentenced",)
    ordered = close_open_spells(sorted(spells, key=lambda s: (s.reception, s.spell_id)))
    episodes: list[Episode] = []
    for spell in ordered:
        last = episodes[-1] if episodes else None
        if last and (last.release is None or spell.reception <= last.release + DAY):
            ends = (last.release, spell.release)
            release = None if ends[0] is None or ends[1] is None else max(ends[0], ends[1])
            episodes[-1] = Episode((*last.spells, spell), release, index_types)
        else:
            episodes.append(Episode((spell,), spell.release, index_types))
    return episodes


def index_case(episode: Episode, cases: Iterable[Case]) -> Case | None:
    """Rule 4: the custodial case of an episode, else the latest case up to the release."""
    if episode.release is None:
        return None
    custodial = [
        case
        for case in cases
        if case.index_offence.is_custodial and case.proven >= episode.reception - 28 * DAY
    ]
    return latest_case(custodial, episode.release) or latest_case(cases, episode.release)


def follow_up(rows: Iterable[Offence], index: date) -> FollowUp:
    """Rule 5: re-offences in the 12 months after the index date, proven within 18.

    Reading: the case of a re-offence is all its rows that count (rule 1), whenever proven.
    """
    counted = [row for row in rows if counts(row)]
    offended_by, proven_by = add_months(index, 12), add_months(index, 18)
    found = [
        ((row.offence_date - index).days, row)
        for row in counted
        if row.offence_date is not None
        and row.proven_date is not None
        and index < row.offence_date <= offended_by
        and row.proven_date <= proven_by
    ]
    custodial = frozenset(row.case_id for row in counted if row.is_custodial)
    return FollowUp(tuple(found), custodial)


def employed_on(jobs: Iterable[Period], day: date) -> bool:
    """Section 6: in employment on a day, both end days of a job included."""
    return any(job.start <= day and (job.end is None or job.end >= day) for job in jobs)


def days_at_liberty(spells: Iterable[Spell], index: date) -> int:
    """Section 6: days 1 to 365 after the index date that no spell covers, both its ends included.

    Reading: a spell that rule 4 ends on a later reception ends there; one still open goes on.
    """
    inside = {
        day
        for spell in spells
        for day in range(
            max((spell.reception - index).days, 1),
            min((spell.release - index).days if spell.release else YEAR, YEAR) + 1,
        )
    }
    return YEAR - len(inside)
