"""A register of generated people, and the records that providers send about some of them.

The register has skewed name frequencies, aliases, twins, siblings, and parents and children of one
name. A tenth of the records is about nobody in it, and four in ten of those are relatives of
somebody who is. Every draw comes from one seed; the truth is kept beside the records.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from linking.generated_names import Int, forename_list, surname_list, zipf
from linking.generated_records import FieldRates, FieldWriter, Rates, Row, Writer

FIRST_BIRTH, LAST_BIRTH = -11_000, 12_500
"""Days since 1970 of the earliest and latest dates of birth: 1939 to 2004."""
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


@dataclass
class People:
    """The people by column; positions in the lists of names, -1 for no second name."""

    sex: npt.NDArray[np.str_]
    forename: Int
    second_forename: Int
    surname: Int
    second_surname: Int
    born: Int
    pnc_year: Int
    pnc_serial: Int
    forenames: dict[str, pa.Array] = field(default_factory=dict)
    surnames: pa.Array | None = None

    def __len__(self) -> int:
        return int(self.born.size)


@dataclass(frozen=True)
class Generated:
    """The tables of one generated register."""

    register: pa.Table
    prison_numbers: pa.Table
    records: pa.Table
    people: int


def _draw_people(rng: np.random.Generator, size: int) -> People:
    men, women, surnames = forename_list("M"), forename_list("F"), surname_list()
    is_man = rng.random(size) < 0.8
    draw = np.where(
        is_man,
        zipf(rng, size=size, length=len(men), flatness=6),
        zipf(rng, size=size, length=len(women), flatness=6),
    )
    second = np.where(
        is_man,
        zipf(rng, size=size, length=len(men), flatness=6),
        zipf(rng, size=size, length=len(women), flatness=6),
    )
    born = rng.triangular(FIRST_BIRTH, 5_000, LAST_BIRTH, size).astype(np.int64)
    return People(
        sex=np.where(is_man, "M", "F"),
        forename=draw,
        second_forename=np.where(rng.random(size) < 0.4, second, -1),
        surname=zipf(rng, size=size, length=len(surnames), flatness=40),
        second_surname=np.where(
            rng.random(size) < 0.02,
            zipf(rng, size=size, length=len(surnames), flatness=40),
            -1,
        ),
        born=born,
        pnc_year=np.clip(1970 + born // 365 + rng.integers(12, 40, size), 1960, 2024),
        pnc_serial=rng.permutation(9_000_000)[:size] + 100_000,
        forenames={"M": men, "F": women},
        surnames=surnames,
    )


def _add_relatives(rng: np.random.Generator, people: People) -> None:
    """Make the second of some neighbours a twin, a sibling, or a child of the same name."""
    size = len(people)
    second = np.arange(1, size, 2)
    kind = np.searchsorted([0.02, 0.20, 0.24], rng.random(second.size), side="right")
    family = second[kind < 3]
    people.surname[family] = people.surname[family - 1]
    people.second_surname[family] = people.second_surname[family - 1]
    twins = second[kind == 0]
    people.born[twins] = people.born[twins - 1]
    siblings = second[kind == 1]
    shift = rng.integers(300, 4_000, siblings.size) * rng.choice([-1, 1], siblings.size)
    people.born[siblings] = np.clip(people.born[siblings - 1] + shift, FIRST_BIRTH, LAST_BIRTH)
    children = second[kind == 2]
    people.sex[children] = people.sex[children - 1]
    people.forename[children] = people.forename[children - 1]
    people.born[children] += np.where(people.born[children] == people.born[children - 1], 7_300, 0)


def _written_forenames(people: People, who: Int, first: Int, second: Int) -> pa.Array:
    parts = {}
    for sex, names in people.forenames.items():
        one = names.take(pa.array(first % len(names)))
        two = names.take(pa.array(np.maximum(second, 0) % len(names)))
        both = pc.binary_join_element_wise(one, two, " ")
        parts[sex] = pc.if_else(pa.array(second >= 0), both, one)
    return pc.if_else(pa.array(people.sex[who] == "M"), parts["M"], parts["F"])


def _written_surnames(people: People, first: Int, second: Int) -> pa.Array:
    assert people.surnames is not None
    one = people.surnames.take(pa.array(first))
    two = people.surnames.take(pa.array(np.maximum(second, 0)))
    return pc.if_else(pa.array(second >= 0), pc.binary_join_element_wise(one, two, ""), one)


def _dates(days: Int) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())


def pnc_id(year: int, serial: int) -> str:
    """Write a PNC id with its check letter."""
    letter = _PNC_LETTERS[(year % 100 * 10_000_000 + serial) % 23]
    return f"{year}/{serial:07d}{letter}"


def _register_table(rng: np.random.Generator, people: People) -> pa.Table:
    """One row per name: a primary name each, and an alias for a seventh."""
    size = len(people)
    everybody = np.arange(size)
    alias = np.flatnonzero(rng.random(size) < 0.15)
    other = _draw_people(rng, alias.size)
    kind = rng.random(alias.size)
    new_forename, new_surname = kind < 0.45, (kind > 0.35) & (kind < 0.85)
    new_birth = kind > 0.80
    shift = rng.choice([-366, -365, -30, -10, -1, 1, 9, 31, 365, 730], alias.size)
    who = np.concatenate([everybody, alias])
    first = np.concatenate(
        [people.forename, np.where(new_forename, other.forename, people.forename[alias])]
    )
    second = np.concatenate(
        [people.second_forename, np.where(new_forename, -1, people.second_forename[alias])]
    )
    surname = np.concatenate(
        [people.surname, np.where(new_surname, other.surname, people.surname[alias])]
    )
    second_surname = np.concatenate(
        [people.second_surname, np.where(new_surname, -1, people.second_surname[alias])]
    )
    born = np.concatenate([people.born, people.born[alias] + np.where(new_birth, shift, 0)])
    identifiers = pa.array(map(pnc_id, people.pnc_year.tolist(), people.pnc_serial.tolist()))
    table = pa.table(
        {
            "person_id": pa.array(who + 1, pa.int64()),
            "forenames": _written_forenames(people, who, first, second),
            "surname_key": _written_surnames(people, surname, second_surname),
            "date_of_birth": _dates(born),
            "gender": pa.array(people.sex[who]),
            "pncid_key": identifiers.take(pa.array(who)),
        }
    )
    return table.take(pa.array(np.argsort(who, kind="stable")))


def _rows(register: pa.Table, who: Int, prison: dict[int, str]) -> list[Row]:
    columns = {
        name: register[name].take(pa.array(who)).to_pylist() for name in register.schema.names
    }
    return [
        Row(
            person_id=columns["person_id"][at],
            forenames=columns["forenames"][at],
            surname=columns["surname_key"][at],
            born=columns["date_of_birth"][at],
            gender=columns["gender"][at],
            pncid=columns["pncid_key"][at],
            prison_number=prison.get(columns["person_id"][at]),
        )
        for at in range(len(who))
    ]


def _records_table(rows: list[Row], requests: Int) -> pa.Table:
    return pa.table(
        {
            "request_id": pa.array([f"request_{number}" for number in requests.tolist()]),
            "record_number": pa.array(range(1, len(rows) + 1), pa.int64()),
            "forenames": pa.array([row.forenames for row in rows]),
            "surname_key": pa.array([row.surname for row in rows]),
            "gender": pa.array([row.gender for row in rows]),
            "date_of_birth": pa.array([row.born for row in rows], pa.date32()),
            "pncid_key": pa.array([row.pncid for row in rows], pa.string()),
            "prison_number_key": pa.array([row.prison_number for row in rows], pa.string()),
            "true_person_id": pa.array([row.person_id for row in rows], pa.int64()),
        }
    )


def read_nicknames(path: Path) -> dict[str, list[str]]:
    """Return the nicknames of each name of the reference list."""
    result: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        nickname, name, *_ = line.split(",")
        result.setdefault(name, []).append(nickname)
    return result


def generate(
    *,
    people: int,
    records: int,
    seed: int,
    nicknames: Path,
    rates: Rates | None = None,
    fields: FieldRates | None = None,
) -> Generated:
    """Generate a register of `people` and `records` about them, the same for the same seed.

    With `fields` the errors are those of a simulator, each field by itself, and no record has a
    number; `rates` then says how many are not in the register.
    """
    rates = rates or Rates()
    rng = np.random.default_rng(seed)
    everybody = _draw_people(rng, people)
    _add_relatives(rng, everybody)
    register = _register_table(rng, everybody)
    prisoners = np.flatnonzero(rng.random(people) < 0.3) + 1
    numbers = rng.permutation(9_000_000)[: prisoners.size] + 100_000
    prison = {
        person: f"A{number % 10_000:04d}{chr(65 + number // 10_000 % 26)}"
        f"{chr(65 + number // 260_000 % 26)}"
        for person, number in zip(prisoners.tolist(), numbers.tolist(), strict=True)
    }
    names = read_nicknames(nicknames)
    writer = FieldWriter(rng, rates, names, fields) if fields else Writer(rng, rates, names)
    rows = _draw_records(writer, register, prison, records)
    return Generated(
        register=register,
        prison_numbers=pa.table(
            {
                "person_id": pa.array(list(prison), pa.int64()),
                "prison_number_key": pa.array(list(prison.values())),
            }
        ),
        records=_records_table(rows, rng.integers(1, 101, len(rows))),
        people=people,
    )


def _draw_records(
    writer: Writer, register: pa.Table, prison: dict[int, str], records: int
) -> list[Row]:
    """Draw distinct people, most by their primary name, and spoil what is written of them."""
    rng, rates = writer.rng, writer.rates
    person = register["person_id"].to_numpy()
    first = np.flatnonzero(np.diff(person, prepend=0))
    chosen = first[rng.permutation(first.size)[: 2 * records]]
    has_alias = np.append(np.diff(person) == 0, [False])[chosen]
    use_alias = has_alias & (rng.random(chosen.size) < rates.alias_used)
    rows = _rows(register, chosen + use_alias, prison)
    strangers = _rows(_register_table(rng, _draw_people(rng, records)), np.arange(records), {})
    result = []
    for at in range(records):
        row = rows[at]
        if writer.happens(rates.not_in_register):
            row = writer.outsider(strangers[at], rows[records + at % records])
        result.append(writer.spoil(row, strangers[at - 1]))
    return result
