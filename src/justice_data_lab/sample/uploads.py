"""The uploads of the requests: what providers write, and how it differs from the register.

A third of the records have a PNCid (some in the short form), some a prison number, some the name
and date of birth of an alias, the rest a full name as on the register but for case and accents.
Errors of typing in a name or a date stand only where an identifier and the other of the two still
agree, except in the share of a request that is hard to link on purpose: nicknames, errors of typing
and dates with day and month swapped, without identifiers.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from justice_data_lab.sample import name_lists as lists
from justice_data_lab.sample.columns import take
from justice_data_lab.sample.days import NEVER, as_date, day
from justice_data_lab.sample.names import Names, fold
from justice_data_lab.sample.people import FEMALE, MALE, Bool, People
from justice_data_lab.sample.rulebook import OUTCOMES
from justice_data_lab.sample.selection import Chosen
from justice_data_lab.sample.settings import RequestPlan
from justice_data_lab.sample.text import PNC_CHECK_LETTERS, short_pnc_id

HEADER = (
    "surname", "forename", "date_of_birth", "gender", "pncid", "prison_number",
    "intervention_start_date", "intervention_end_date", "user_reference_1", "user_reference_2",
)  # fmt: skip
FREE_SERIAL = 9_900_000
"""PNC serial numbers from here on belong to nobody in the register."""

_ABSENT_SURNAMES = lists.words(lists.ABSENT_SURNAMES)
_ABSENT_FORENAMES = lists.words(lists.ABSENT_FORENAMES)
_GENDERS = {
    MALE: ("M", "m", "Male", "male", "Man"),
    FEMALE: ("F", "f", "Female", "female", "Woman"),
}


Service = tuple[int, int]
"""First and last day of a service; the last is `NEVER` where any will do."""


@dataclass(frozen=True)
class Identity:
    """Somebody as the register knows them; an alias is (forenames, surname, date of birth)."""

    person: int
    forenames: str
    surname: str
    birth: int
    sex: int
    pnc_id: str
    prison_number: str
    alias: tuple[str, str, int] | None


@dataclass(frozen=True)
class Record:
    """One row of an upload with the truth about it; `person` is -1 for nobody."""

    person: int
    start: int
    end: int
    outcome: str
    link: str
    cells: tuple[str, ...]


def identities(
    who: np.ndarray,
    people: People,
    names: Names,
    pnc_id: Sequence[str],
    prison_number: dict[int, str],
) -> dict[int, Identity]:
    """Look up what the register knows about the given people."""
    wanted = np.zeros(people.birth.size, dtype=np.bool_)
    wanted[who] = True
    rows = take(names, wanted[names.person])
    forenames, surnames = rows.forename_text().to_pylist(), rows.surname_text().to_pylist()
    number = dict(zip(np.flatnonzero(wanted).tolist(), pnc_id, strict=True))
    result: dict[int, Identity] = {}
    for at, person in enumerate(rows.person.tolist()):
        if not rows.is_alias[at]:
            result[person] = Identity(
                person=person,
                forenames=forenames[at],
                surname=surnames[at],
                birth=int(people.birth[person]),
                sex=int(people.sex[person]),
                pnc_id=number[person],
                prison_number=prison_number.get(person, ""),
                alias=None,
            )
        elif result[person].alias is None:
            alias = (forenames[at], surnames[at], int(rows.birth[at]))
            result[person] = replace(result[person], alias=alias)
    return result


def mistyped(rng: np.random.Generator, word: str) -> str:
    """Make one error of typing that folding does not undo."""
    while True:
        at = int(rng.integers(1, max(len(word) - 1, 2)))
        ways = (
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at : at + 1] * 2 + word[at + 1 :],
            word + "ey"[int(rng.integers(2))],
        )
        changed = ways[int(rng.integers(4))]
        if fold(changed).replace(" ", "") != fold(word).replace(" ", "") and len(changed) > 1:
            return changed


def _misdated(rng: np.random.Generator, birth: int) -> int:
    """Day and month swapped where that is another date, or one part wrong."""
    date = as_date(birth)
    if date.day <= 12 and date.day != date.month and rng.random() < 0.6:
        return day(f"{date.year}-{date.day:02d}-{date.month:02d}")
    return birth + int(rng.choice([-1, 1, 10, -10, 365, -365]))


def _written(rng: np.random.Generator, name: str) -> str:
    draw = rng.random()
    if draw < 0.22:
        return name.upper()
    if draw < 0.28:
        return name.lower()
    if draw < 0.60:
        plain = unicodedata.normalize("NFKD", name)
        return "".join(c for c in plain if not unicodedata.combining(c))
    return name


def _dated(rng: np.random.Generator, days: int) -> str:
    date, draw = as_date(days), rng.random()
    if draw < 0.80:
        return date.strftime("%d/%m/%Y")
    return date.isoformat() if draw < 0.92 else f"{date.day} {date.strftime('%b %Y')}"


def _gender(rng: np.random.Generator, sex: int) -> str:
    if sex not in _GENDERS or rng.random() < 0.04:
        return ""
    options = _GENDERS[sex]
    return options[int(rng.choice(5, p=[0.5, 0.1, 0.25, 0.1, 0.05]))]


def _services(chosen: Chosen) -> list[Service]:
    return list(zip(chosen.start.tolist(), chosen.end.tolist(), strict=True))


def final_outcome(plan: RequestPlan, outcome: str) -> str:
    """Return what a record ends as, once the request as a whole is judged."""
    if plan.ending == "withdrawn":
        return "request_withdrawn"
    if plan.ending == "not_answerable":
        return "request_not_answerable"
    if plan.ending == "too_small" and outcome == "analysed":
        return "group_too_small"
    return outcome


class Writer:
    """Writes the records of one request."""

    def __init__(
        self, rng: np.random.Generator, plan: RequestPlan, known: dict[int, Identity]
    ) -> None:
        """`known` has everybody whom the request means."""
        self.rng, self.plan, self.known = rng, plan, known

    def records(
        self,
        chosen: Chosen,
        extra: Chosen,
        no_conviction: Sequence[int],
        ambiguous: Sequence[int],
    ) -> list[Record]:
        """All records of the request, in the order of the file."""
        repeated = set(extra.person.tolist())
        result = [
            self._known(person, dates, OUTCOMES[outcome], easy=person in repeated)
            for person, dates, outcome in zip(
                chosen.person.tolist(), _services(chosen), chosen.outcome, strict=True
            )
        ]
        result += [
            self._known(person, dates, "repeat_record", easy=True)
            for person, dates in zip(extra.person.tolist(), _services(extra), strict=True)
        ]
        result += [self._known(p, self._any_start(), "not_on_pnc") for p in no_conviction]
        result += [self._by_name(p, self._any_start()) for p in ambiguous]
        result += [self._nobody() for _ in range(self.plan.not_found)]
        result += [self._invalid(number) for number in range(self.plan.invalid)]
        shuffled = [result[at] for at in self.rng.permutation(len(result))]
        return self._settle_ties(shuffled)

    def _settle_ties(self, records: list[Record]) -> list[Record]:
        """Of equal records of one person the first in the file is the one that is kept."""
        first: dict[tuple[int, int], int] = {}
        for at, record in enumerate(records):
            if record.person < 0:
                continue
            before = first.setdefault((record.person, record.start), at)
            if record.outcome != "repeat_record" and before != at:
                records[at] = replace(record, outcome="repeat_record")
                records[before] = replace(records[before], outcome=record.outcome)
        return records

    def _any_start(self) -> Service:
        return int(self.rng.integers(self.plan.other_from, self.plan.other_to + 1)), int(NEVER)

    def _end(self, start: int, end: int) -> int:
        if end < NEVER:
            return end
        low = max(start, self.plan.end_from)
        if self.plan.end_from > self.plan.other_from:
            return int(self.rng.integers(low, self.plan.end_to + 1))
        return min(start + int(self.rng.integers(15, 300)), self.plan.end_to)

    def _cells(
        self,
        surname: str,
        forename: str,
        birth: str,
        gender: str,
        ids: tuple[str, str],
        service: Service,
    ) -> tuple[str, ...]:
        dates = _dated(self.rng, service[0]), _dated(self.rng, self._end(*service))
        site = self.plan.sites[int(self.rng.integers(len(self.plan.sites)))]
        worker = f"W{int(self.rng.integers(1, 40)):02d}"
        return (surname, forename, birth, gender, *ids, *dates, site, worker)

    def _known(self, person: int, service: Service, outcome: str, *, easy: bool = False) -> Record:
        who, rng = self.known[person], self.rng
        may_be_hard = not easy and who.alias is None and outcome != "not_on_pnc"
        if may_be_hard and rng.random() < self.plan.share_hard_to_link:
            return self._hard(who, service, outcome)
        surname, forenames, birth = who.surname, who.forenames, who.birth
        ids, draw = ("", ""), rng.random()
        if draw < 0.43 and (draw < 0.33 or who.prison_number):
            forenames, surname, birth = self._careless(who)
            written = short_pnc_id(who.pnc_id) if rng.random() < 0.2 else who.pnc_id
            ids = (written, "") if draw < 0.33 else ("", who.prison_number)
        elif draw < 0.58 and who.alias is not None:
            forenames, surname, birth = who.alias
        cells = self._cells(
            _written(rng, surname),
            _written(rng, forenames),
            _dated(rng, birth),
            _gender(rng, who.sex),
            ids,
            service,
        )
        return Record(person, *service, outcome, "deterministic", cells)

    def _careless(self, who: Identity) -> tuple[str, str, int]:
        """Write a name and date of birth of which surname or date of birth still agrees."""
        draw = self.rng.random()
        forenames = who.forenames.split(" ")[0]
        if draw < 0.25:
            return mistyped(self.rng, forenames), who.surname, who.birth
        if draw < 0.33:
            return forenames, mistyped(self.rng, who.surname), who.birth
        if draw < 0.41:
            return forenames, who.surname, _misdated(self.rng, who.birth)
        return who.forenames, who.surname, who.birth

    def _hard(self, who: Identity, service: Service, outcome: str) -> Record:
        rng = self.rng
        forename, surname, birth = who.forenames.split(" ")[0], who.surname, who.birth
        draw = rng.random()
        if draw < 0.45:
            forename = lists.NICKNAMES.get(forename) or mistyped(rng, forename)
        elif draw < 0.75:
            surname = mistyped(rng, surname)
        else:
            birth = _misdated(rng, birth)
        cells = self._cells(
            surname, forename, _dated(rng, birth), _gender(rng, who.sex), ("", ""), service
        )
        return Record(who.person, *service, outcome, "probabilistic", cells)

    def _by_name(self, person: int, service: Service) -> Record:
        who = self.known[person]
        birth, gender = _dated(self.rng, who.birth), _gender(self.rng, who.sex)
        cells = self._cells(who.surname, who.forenames, birth, gender, ("", ""), service)
        return Record(person, *service, "ambiguous_match", "ambiguous", cells)

    def _stranger(self) -> tuple[str, str]:
        surname = _ABSENT_SURNAMES[int(self.rng.integers(len(_ABSENT_SURNAMES)))]
        forename = _ABSENT_FORENAMES[int(self.rng.integers(len(_ABSENT_FORENAMES)))]
        return surname, forename

    def _nobody(self) -> Record:
        service = self._any_start()
        birth = int(self.rng.integers(day("1950-01-01"), day("1988-12-31")))
        pnc_id = ""
        if self.rng.random() < 0.3:
            year = int(self.rng.integers(1990, 2010))
            serial = FREE_SERIAL + int(self.rng.integers(0, 99_999))
            check = PNC_CHECK_LETTERS[(year % 100 * 10_000_000 + serial) % 23]
            pnc_id = f"{year}/{serial:07d}{check}"
        gender = ("M", "F", "")[int(self.rng.integers(3))]
        cells = self._cells(
            *self._stranger(), _dated(self.rng, birth), gender, (pnc_id, ""), service
        )
        return Record(-1, *service, "not_on_pnc", "none", cells)

    def _invalid(self, number: int) -> Record:
        """Write a birth in the year before submission; for other requests other faults too."""
        service = self._any_start()
        submitted = as_date(self.plan.submitted_on)
        birth = (submitted - timedelta(days=20 + int(self.rng.integers(0, 320)))).isoformat()
        if self.plan.request_id != "foundation" and number % 2:
            birth = ("", "31/02/1980", "unknown")[number // 2 % 3]
        cells = self._cells(*self._stranger(), birth, "M", ("", ""), service)
        return Record(-1, *service, "invalid_record", "none", cells)


def people_meant(chosen: Sequence[Chosen], others: Sequence[int], size: int) -> Bool:
    """Mark everybody who is in some request."""
    result = np.zeros(size, dtype=np.bool_)
    for part in chosen:
        result[part.person] = True
    result[list(others)] = True
    return result
