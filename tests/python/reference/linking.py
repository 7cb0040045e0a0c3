"""Linking: which person a record reaches, by the deterministic passes only (section 2)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from . import text
from .zone import Person, Prisoner, Record, Zone


@dataclass(frozen=True)
class Read:
    """A record as read: folded names, dates, identifiers, and why it may be unusable."""

    number: int
    surname: str
    forename: str
    born: date | None
    gender: str
    pncid: text.Pncid | None
    prison_number: str
    start: date | None
    end: date | None
    user_reference: str = ""

    @property
    def has_identifier(self) -> bool:
        """Say whether an identifier pass can be tried: a usable PNCid or a prison number."""
        return self.pncid is not None or bool(self.prison_number)

    @property
    def has_full_name(self) -> bool:
        """Say whether surname and forename are both there and more than initials."""
        return text.is_full(self.surname) and text.is_full(self.forename)

    @property
    def is_initials(self) -> bool:
        """Say whether the record gives initials in place of a surname or a forename."""
        return text.is_initials(self.surname) or text.is_initials(self.forename)


@dataclass
class Link:
    """The answer of the linking for one record."""

    pnc_id: str | None = None
    link_pass: str | None = None
    reached: frozenset[str] = frozenset()
    reason: str | None = None
    outcome: str | None = None


@dataclass
class Index:
    """Look-ups over the people of a zone."""

    zone: Zone
    by_pncid: dict[text.Pncid, str] = field(default_factory=dict)
    by_birth: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    owner: dict[str, str] = field(default_factory=dict)


def build_index(zone: Zone) -> Index:
    """Index people by PNCid and by every date of birth, and prisoners by their owner."""
    index = Index(zone)
    for person in zone.persons.values():
        if found := re.fullmatch(r"(\d{4})/(\d{1,7})([A-Z])", person.pnc_id):
            index.by_pncid[int(found[1]), int(found[2]), found[3]] = person.pnc_id
        for born in person.births:
            index.by_birth[born].add(person.pnc_id)
    for prisoner in zone.prisoners.values():
        owner = prison_owner(prisoner, index)
        if owner is not None:
            index.owner[prisoner.prison_number] = owner
    return index


def prison_owner(prisoner: Prisoner, index: Index) -> str | None:
    """Rule 4: a prisoner without pnc_id is linked by a unique exact name and date of birth.

    Reading: exact is the whole folded name (no shortened forenames) of one names row,
    primary or alias, with any date of birth of that person; unique is exactly one person.
    """
    if prisoner.pnc_id is not None:
        return prisoner.pnc_id if prisoner.pnc_id in index.zone.persons else None
    if prisoner.born is None or not prisoner.surname or not prisoner.forenames:
        return None
    same = [
        pnc_id
        for pnc_id in index.by_birth.get(prisoner.born, ())
        if any(
            (name.surname, name.forenames) == (prisoner.surname, prisoner.forenames)
            for name in index.zone.persons[pnc_id].names
        )
    ]
    return same[0] if len(same) == 1 else None


def read_record(record: Record, submitted: date, current_year: int) -> Read:
    """Turn the cells of a record into comparable values."""
    cells = record.cells
    born = text.parse_birth_date(cells.get("date_of_birth"), submitted)
    return Read(
        number=record.number,
        surname=text.fold(cells.get("surname")),
        forename=text.fold(cells.get("forename")),
        born=text.valid_birth_date(born, submitted),
        gender=text.gender(cells.get("gender")),
        pncid=text.parse_pncid(cells.get("pncid"), current_year),
        prison_number=prison_number_of(cells.get("prison_number", "")),
        start=text.parse_service_date(cells.get("intervention_start_date")),
        end=text.parse_service_date(cells.get("intervention_end_date")),
        user_reference=cells.get("user_reference_1", ""),
    )


def prison_number_of(text: str) -> str:
    """Bring a prison number to its key; words ("n/a") and zeros alone are none."""
    return re.sub(r"\s", "", text).upper() if re.search("[1-9]|[A-Za-z]0", text) else ""


def unlinkable(record: Read) -> bool:
    """Say whether no pass can use the record's person (section 1, `invalid_record`).

    Reading: a PNCid that is not usable is no identifier; any prison number is one;
    a surname of initials is no surname.
    """
    if record.has_identifier:
        return not text.is_full(record.surname) and record.born is None
    return not record.has_full_name or record.born is None


def unusable_dates(record: Read, delivered_in: str) -> bool:
    """Say whether the service dates make the record invalid (section 1, rule 7).

    No usable date, an end before the start, or a community record with an end only.
    """
    if record.start is None:
        return record.end is None or delivered_in == "community"
    return record.end is not None and record.end < record.start


def agrees(record: Read, person: Person, prisoner: Prisoner | None = None) -> bool:
    """An identifier agrees with any surname or any date of birth of the person.

    Reading: the prison-number pass also accepts the prisoner's own surname or date of birth.
    """
    surnames = {name.surname for name in person.names}
    births = set(person.births)
    if prisoner is not None:
        surnames.add(prisoner.surname)
        births.update([prisoner.born] if prisoner.born else [])
    by_name = text.is_full(record.surname) and record.surname in surnames
    return by_name or (record.born is not None and record.born in births)


def genders_agree(mine: str, theirs: str) -> bool:
    """Compare genders: an unknown gender, on either side, agrees with any."""
    return "U" in (mine, theirs) or mine == theirs


def reach_by_name(record: Read, index: Index) -> set[str]:
    """Pass 3: full name, date of birth and gender; any names row with any date of birth."""
    if not record.has_full_name or record.born is None:
        return set()
    reached = set()
    for pnc_id in index.by_birth.get(record.born, ()):
        person = index.zone.persons[pnc_id]
        named = any(
            text.same_full_name(record.surname, record.forename, n.surname, n.forenames)
            for n in person.names
        )
        if named and genders_agree(record.gender, person.sex):
            reached.add(pnc_id)
    return reached


def link(record: Read, index: Index) -> Link:
    """The first pass that reaches anybody decides; two identifiers must not contradict."""
    zone = index.zone
    by_pncid = index.by_pncid.get(record.pncid) if record.pncid else None
    by_prison = index.owner.get(record.prison_number)
    prisoner = zone.prisoners.get(record.prison_number)
    first = {by_pncid} if by_pncid and agrees(record, zone.persons[by_pncid]) else set()
    second = (
        {by_prison} if by_prison and agrees(record, zone.persons[by_prison], prisoner) else set()
    )
    if first and second and first != second:
        return Link(reached=frozenset(first | second), outcome="ambiguous_match")
    passes = (("pncid", first), ("prison_number", second), ("name", reach_by_name(record, index)))
    for link_pass, reached in passes:
        if len(reached) == 1:
            return proven_person(next(iter(reached)), link_pass, zone)
        if reached:
            return Link(reached=frozenset(reached), outcome="ambiguous_match")
    owned = bool(by_pncid or by_prison)
    reason = "date_of_birth_not_accurate" if record.born is None and owned else "not_found"
    return Link(reason=reason, outcome="not_on_pnc")


def proven_person(pnc_id: str, link_pass: str, zone: Zone) -> Link:
    """Link, unless the person has no proven offence of any kind (cautions included).

    Reading: any row with a proven disposal and a proven date, breaches and
    non-recordable offences too.
    """
    reached = frozenset({pnc_id})
    if any(row.is_proven for row in zone.offences.get(pnc_id, ())):
        return Link(pnc_id, link_pass, reached)
    return Link(reached=reached, reason="no_conviction", outcome="not_on_pnc")
