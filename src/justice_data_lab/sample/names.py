"""Names of the register's people: primary names, aliases, and nobody in the way of a request.

Forenames and surnames follow Zipf-like frequencies. A name is held as positions in word lists, and
compared in folded form (no case, accents, hyphens or second forenames), so that two people count
as the same for any reasonable linker if they count as the same for any.
"""

import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.sample import name_lists as lists
from justice_data_lab.sample.columns import take
from justice_data_lab.sample.days import Int
from justice_data_lab.sample.people import ASIAN, FEMALE, Bool, People
from justice_data_lab.sample.text import pick

NONE = np.int32(-1)
_PARTS = tuple(
    lists.words(block)
    for block in (
        lists.MALE_FORENAMES,
        lists.FEMALE_FORENAMES,
        lists.ASIAN_MALE_FORENAMES,
        lists.ASIAN_FEMALE_FORENAMES,
    )
)
FORENAMES = tuple(name for part in _PARTS for name in part)
_PART_START = np.cumsum([0, *(len(part) for part in _PARTS)])
_COMPOSED = [
    start + end
    for start in lists.words(lists.PLACE_STARTS)
    for end in lists.words(lists.PLACE_ENDS)
]
SURNAMES = tuple(
    dict.fromkeys([*lists.words(lists.SURNAMES), *_COMPOSED, *lists.PREFIXED_SURNAMES])
)


def fold(name: str) -> str:
    """Lower case, without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    return "".join(c for c in plain.lower() if c.isalnum() or c == " ")


def _folded(names: tuple[str, ...], *, first_word: bool) -> npt.NDArray[np.int64]:
    plain = [fold(name.replace("-", " ")) for name in names]
    plain = [text.split()[0] if first_word else text.replace(" ", "") for text in plain]
    known = {text: number for number, text in enumerate(dict.fromkeys(plain))}
    return np.array([known[text] for text in plain], dtype=np.int64)


_FORENAME_FOLD = _folded(FORENAMES, first_word=True)
_SURNAME_FOLD = _folded(SURNAMES, first_word=False)


@dataclass(frozen=True)
class Names:
    """One row per name on the PNC: positions in the lists, `NONE` where there is no second part."""

    person: Int
    is_alias: Bool
    forename: Int
    second_forename: Int
    surname: Int
    second_surname: Int
    birth: Int

    def pair_key(self) -> npt.NDArray[np.int64]:
        """Return a number for the folded first forename and the folded surname."""
        second = np.where(
            self.second_surname >= 0, _SURNAME_FOLD[np.maximum(self.second_surname, 0)] + 1, 0
        )
        base = len(SURNAMES) + 1
        return (_FORENAME_FOLD[self.forename] * base + _SURNAME_FOLD[self.surname]) * base + second

    def forename_text(self) -> pa.Array:
        """Forenames as written."""
        second = pick(FORENAMES, np.maximum(self.second_forename, 0))
        return _joined(pick(FORENAMES, self.forename), second, self.second_forename, " ")

    def surname_text(self) -> pa.Array:
        """Surname as written."""
        second = pick(SURNAMES, np.maximum(self.second_surname, 0))
        return _joined(pick(SURNAMES, self.surname), second, self.second_surname, "-")


def _joined(first: pa.Array, second: pa.Array, position: Int, glue: str) -> pa.Array:
    both = pc.binary_join_element_wise(first, second, glue)
    return pc.if_else(pa.array(position >= 0), both, first)


def _zipf(rng: np.random.Generator, size: int, length: int, flatness: float) -> Int:
    bounds = np.cumsum(1 / (np.arange(length) + flatness))
    draw = rng.random(size) * bounds[-1]
    result: Int = np.searchsorted(bounds, draw, side="right").astype(np.int32)
    return result


def _forenames(rng: np.random.Generator, people: People, who: Int) -> Int:
    woman = people.sex[who] == FEMALE
    asian = (people.ethnicity[who] == ASIAN) & (rng.random(who.size) < 0.85)
    part = woman + 2 * asian
    result = np.zeros(who.size, dtype=np.int32)
    for number, names in enumerate(_PARTS):
        rows = part == number
        draw = _zipf(rng, int(rows.sum()), len(names), 8)
        result[rows] = _PART_START[number] + draw
    return result


def _surnames(rng: np.random.Generator, size: int) -> tuple[Int, Int]:
    first = _zipf(rng, size, len(SURNAMES), 25)
    second = np.where(rng.random(size) < 0.02, _zipf(rng, size, len(SURNAMES), 25), NONE)
    return first, second.astype(np.int32)


def make_names(rng: np.random.Generator, people: People) -> Names:
    """Draw a primary name for everybody and aliases for some, sorted by person."""
    size = people.birth.size
    everybody = np.arange(size, dtype=np.int32)
    surname, second_surname = _surnames(rng, size)
    twins = np.flatnonzero(people.twin_of_previous)
    surname[twins], second_surname[twins] = surname[twins - 1], second_surname[twins - 1]
    primary = Names(
        person=everybody,
        is_alias=np.zeros(size, dtype=np.bool_),
        forename=_forenames(rng, people, everybody),
        second_forename=np.where(
            rng.random(size) < 0.25, _forenames(rng, people, everybody), NONE
        ).astype(np.int32),
        surname=surname,
        second_surname=second_surname,
        birth=people.birth.copy(),
    )
    count = np.searchsorted([0.80, 0.96], rng.random(size), side="right")
    aliases = take(primary, np.repeat(everybody, count))
    return _stack_sorted(primary, _vary(rng, people, aliases))


def _stack_sorted(primary: Names, aliases: Names) -> Names:
    columns = {
        name: np.concatenate([getattr(primary, name), getattr(aliases, name)])
        for name in Names.__dataclass_fields__
    }
    order = np.lexsort([columns["is_alias"], columns["person"]])
    return Names(**{name: values[order] for name, values in columns.items()})


def _vary(rng: np.random.Generator, people: People, names: Names) -> Names:
    """Aliases: another forename, another surname, another date of birth, or two of these."""
    size = names.person.size
    other_forename = rng.random(size) < 0.45
    other_surname = rng.random(size) < 0.50
    other_birth = ~(other_forename | other_surname) | (rng.random(size) < 0.15)
    surname, second_surname = _surnames(rng, size)
    shift = rng.choice([-366, -365, -30, -10, -1, 1, 9, 31, 365, 730], size=size)
    return Names(
        person=names.person,
        is_alias=np.ones(size, dtype=np.bool_),
        forename=np.where(other_forename, _forenames(rng, people, names.person), names.forename),
        second_forename=np.where(other_forename, NONE, names.second_forename),
        surname=np.where(other_surname, surname, names.surname),
        second_surname=np.where(other_surname, second_surname, names.second_surname),
        birth=np.where(other_birth, names.birth + shift, names.birth).astype(np.int32),
    )


def give_same_identity(names: Names, people: People, who: Int, partner: Int) -> None:
    """Make each partner indistinguishable from somebody by name and date of birth."""
    row = np.searchsorted(names.person, who)
    for column in ("forename", "second_forename", "surname", "second_surname"):
        values = getattr(names, column)
        values[np.searchsorted(names.person, partner)] = values[row]
    names.birth[np.searchsorted(names.person, partner)] = people.birth[who]
    people.birth[partner] = people.birth[who]


def keep_apart(names: Names, people: People, wanted: Bool, exempt: Bool) -> None:
    """Rename others until nobody shares a name and a date of birth with a wanted person.

    All names of a person count with all dates of birth of that person. `exempt` people may share.
    """
    first = np.searchsorted(names.person, np.arange(people.birth.size + 1))
    for _ in range(60):
        pair = names.pair_key()
        inside = wanted[names.person]
        rows = np.flatnonzero(inside | np.isin(pair, np.unique(pair[inside])))
        clash = _clashes(names, pair, rows, first, wanted, exempt)
        if not clash.size:
            return
        names.surname[clash] = (names.surname[clash] * 5 + 17) % len(SURNAMES)
    raise RuntimeError("names could not be kept apart")


def _clashes(
    names: Names,
    pair: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    wanted: Bool,
    exempt: Bool,
) -> npt.NDArray[np.int64]:
    """Name rows to change: they share (name, date of birth) with a wanted person before them."""
    person = names.person[rows]
    count = (first[person + 1] - first[person]).astype(np.int64)
    row = np.repeat(rows, count)
    offset = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    birth = names.birth[np.repeat(first[person], count) + offset]
    _, pair_number = np.unique(pair[row], return_inverse=True)
    key = pair_number.astype(np.int64) * 100_000 + (birth + 40_000)
    owner = names.person[row]
    known = np.unique(np.stack([key, owner], axis=1)[wanted[owner] & ~exempt[owner]], axis=0)
    place = np.searchsorted(known[:, 0], key)
    at = np.minimum(place, len(known) - 1)
    shared = (known[at, 0] == key) & (known[at, 1] != owner)
    return np.unique(row[shared & ~exempt[owner]])
