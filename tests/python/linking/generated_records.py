"""Records as providers write them: about people of the register with errors, and about others."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from linking.errors import clipped, misdated, mistyped, mistyped_date, respelled, wrong_digit


@dataclass(frozen=True)
class Rates:
    """Shares of records, 0 to 1, with each thing wrong; the defaults are those of the bar."""

    forename: float = 0.14
    surname: float = 0.10
    date: float = 0.05
    date_missing: float = 0.015
    swapped_names: float = 0.01
    gender_unknown: float = 0.03
    gender_wrong: float = 0.004
    alias_used: float = 0.05
    pncid: float = 1 / 3
    prison_number: float = 0.0
    identifier: float = 0.02
    """Share of the identifiers given that are wrong by one digit."""
    old_prison_number: float = 0.03
    """Share of the prison numbers given that the register does not know, of an earlier sentence."""
    not_in_register: float = 0.10
    relative: float = 0.40
    """Share of the records about nobody in the register that are about somebody's relative."""


@dataclass(frozen=True)
class FieldRates:
    """Shares of the fields with each error, 0 to 1, as public simulators of registers make them."""

    typing: float = 0.05
    phonetic: float = 0.02
    missing: float = 0.02
    swapped_date: float = 0.01
    """Share of the dates with day and month exchanged, where that is a date."""
    nickname: float = 0.05
    """Share of the forenames that have a nickname, where it is given."""


@dataclass(frozen=True)
class Row:
    """One record before it is written; `person_id` is 0 for nobody in the register."""

    person_id: int
    forenames: str | None
    surname: str | None
    born: date | None
    gender: str
    pncid: str | None
    prison_number: str | None


class Writer:
    """Writes records about people of the register, and about others."""

    def __init__(
        self, rng: np.random.Generator, rates: Rates, nicknames: dict[str, list[str]]
    ) -> None:
        self.rng, self.rates, self.nicknames = rng, rates, nicknames

    def happens(self, rate: float) -> bool:
        """Draw whether something of this rate happens."""
        return bool(self.rng.random() < rate)

    def spoil(self, row: Row, stranger: Row) -> Row:
        """Make the errors of a provider; `stranger` lends other names."""
        forenames, surname, born = row.forenames, row.surname, row.born
        if " " in forenames:
            forenames = self._fewer_forenames(forenames, stranger)
        if self.happens(self.rates.forename):
            forenames = self._other_forename(row, forenames, stranger)
        if self.happens(self.rates.surname):
            surname = self._other_surname(surname, stranger)
        if self.happens(self.rates.swapped_names):
            forenames, surname = surname, forenames.split()[0]
        if born and self.happens(self.rates.date):
            born = misdated(self.rng, born)
        if self.happens(self.rates.date_missing):
            born = None
        return replace(
            row,
            forenames=forenames,
            surname=surname,
            born=born,
            gender=self._gender(row.gender),
            pncid=self._identifier(row.pncid, self.rates.pncid),
            prison_number=self._prison_number(row.prison_number, stranger),
        )

    def _fewer_forenames(self, forenames: str, stranger: Row) -> str:
        """Leave the second forename out, or give its initial, or get it wrong."""
        first, second = forenames.split()[:2]
        draw = self.rng.random()
        if draw < 0.50:
            return first
        if draw < 0.54:
            return f"{first} {second[0]}"
        if draw < 0.56:
            return f"{first} {mistyped(self.rng, second)}"
        return f"{first} {stranger.forenames.split()[0]}" if draw < 0.57 else forenames

    def _other_forename(self, row: Row, forenames: str, stranger: Row) -> str:
        first, *others = forenames.split()
        draw = self.rng.random()
        known = self.nicknames.get(first, [])
        if draw < 0.22 and known:
            return " ".join([known[int(self.rng.integers(len(known)))], *others])
        if draw < 0.34:
            return " ".join([respelled(self.rng, first), *others])
        if draw < 0.46 and " " in row.forenames:
            return row.forenames.split()[1]
        if draw < 0.51:
            return stranger.forenames.split()[0]
        if draw < 0.54 and len(first) > 4:
            return " ".join([clipped(self.rng, first), *others])
        changed = mistyped(self.rng, first)
        if draw > 0.93:
            changed = mistyped(self.rng, changed)
        return " ".join([changed, *others])

    def _other_surname(self, surname: str, stranger: Row) -> str:
        draw = self.rng.random()
        if draw < 0.13:
            return respelled(self.rng, surname)
        if draw < 0.20:
            return surname + stranger.surname
        if draw < 0.27:
            return stranger.surname
        changed = mistyped(self.rng, surname)
        return mistyped(self.rng, changed) if draw > 0.94 else changed

    def _gender(self, gender: str) -> str:
        draw = self.rng.random()
        if draw < self.rates.gender_unknown:
            return "U"
        if draw < self.rates.gender_unknown + self.rates.gender_wrong:
            return "F" if gender == "M" else "M"
        return gender

    def _prison_number(self, number: str | None, stranger: Row) -> str | None:
        if number and self.happens(self.rates.old_prison_number):
            number = f"{stranger.surname[0]}{self.rng.integers(1000, 9999)}{stranger.forenames[:2]}"
        return self._identifier(number, self.rates.prison_number)

    def _identifier(self, identifier: str | None, rate: float) -> str | None:
        if identifier is None or not self.happens(rate):
            return None
        if self.happens(self.rates.identifier):
            return wrong_digit(self.rng, identifier)
        return identifier

    def outsider(self, stranger: Row, relation: Row) -> Row:
        """Write somebody who is not in the register: a stranger, or a relative of `relation`."""
        nobody = replace(stranger, person_id=0, prison_number=None, pncid=None)
        if not self.happens(self.rates.relative):
            return nobody
        draw, born = self.rng.random(), relation.born
        assert born is not None
        if draw < 0.15:
            return replace(nobody, surname=relation.surname, born=born)
        years = int(self.rng.integers(300, 4_000)) * int(self.rng.choice([-1, 1]))
        if draw < 0.65:
            return replace(nobody, surname=relation.surname, born=born + timedelta(days=years))
        return replace(
            nobody,
            forenames=relation.forenames,
            surname=relation.surname,
            gender=relation.gender,
            born=born + timedelta(days=int(self.rng.integers(7_000, 12_000))),
        )


class FieldWriter(Writer):
    """Writes records as public simulators of registers do."""

    def __init__(
        self,
        rng: np.random.Generator,
        rates: Rates,
        nicknames: dict[str, list[str]],
        fields: FieldRates,
    ) -> None:
        super().__init__(rng, rates, nicknames)
        self.fields = fields

    def _spell(self, name: str) -> str | None:
        """One name with the errors of a field."""
        if self.happens(self.fields.missing):
            return None
        if self.happens(self.fields.phonetic):
            name = respelled(self.rng, name)
        return mistyped(self.rng, name) if self.happens(self.fields.typing) else name

    def spoil(self, row: Row, stranger: Row) -> Row:
        """Make the errors of each field by itself; nobody has a number."""
        first, *others = row.forenames.split()
        nicknames = self.nicknames.get(first, [])
        if nicknames and self.happens(self.fields.nickname):
            first = nicknames[int(self.rng.integers(len(nicknames)))]
        forename = self._spell(first)
        born = row.born
        if born and self.happens(self.fields.swapped_date) and born.day <= 12:
            born = date(born.year, born.day, born.month)
        if born and self.happens(self.fields.typing):
            born = mistyped_date(self.rng, born)
        return replace(
            row,
            forenames=forename and " ".join([forename, *others]),
            surname=self._spell(row.surname),
            born=None if self.happens(self.fields.missing) else born,
            gender="U" if self.happens(self.fields.missing) else row.gender,
            pncid=None,
            prison_number=None,
        )
