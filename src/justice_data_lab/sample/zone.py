"""Writing the tables: Parquet files with the columns of the raw zone, each sorted by its key."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from justice_data_lab.sample import codes
from justice_data_lab.sample.careers import Cases
from justice_data_lab.sample.columns import hashed_uniform, take
from justice_data_lab.sample.days import NEVER
from justice_data_lab.sample.names import Names
from justice_data_lab.sample.people import People
from justice_data_lab.sample.places import REGIONS
from justice_data_lab.sample.register import (
    CUSTODY_TYPES,
    FORCE_NAMES,
    PRISON_NAMES,
    Spells,
    assessments,
    force_of,
    is_order,
    offence_rows,
    order_ends,
    order_region,
)
from justice_data_lab.sample.text import digits, letters, pick, sequence, strings

NEEDS = (
    "accommodation", "ete", "finance", "relationships", "lifestyle", "drugs", "alcohol",
    "emotional", "thinking", "attitudes",
)  # fmt: skip
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_BENEFITS = ("jsa", "esa", "is", "ib", "other")


def write_table(path: Path, columns: Mapping[str, Any]) -> None:
    """Write one table; keys, which differ on every row, are stored as differences."""
    table = pa.table(dict(columns))
    shared = [
        field.name
        for field in table.schema
        if not (pa.types.is_string(field.type) and field.name.endswith(("_id", "_number")))
    ]
    keys = [field.name for field in table.schema if field.name not in shared]
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=6,
        use_dictionary=shared,
        column_encoding=dict.fromkeys(keys, "DELTA_BYTE_ARRAY"),
        write_statistics=True,
    )


def dates(days: npt.NDArray[np.int32]) -> pa.Array:
    """Make a DATE column; `NEVER` becomes null."""
    return pa.array(days, mask=days >= NEVER).cast(pa.date32())


def write_persons(folder: Path, people: People, pnc_id: pa.Array) -> None:
    """`pnc/persons.parquet`."""
    columns = {
        "pnc_id": pnc_id,
        "sex": pick(("M", "F", "U"), people.sex),
        "ethnicity": pick(("white", "black", "asian", "other", "unknown"), people.ethnicity),
        "nationality": pick(("uk", "foreign", "unknown"), people.nationality),
        "date_of_birth": dates(people.birth),
    }
    write_table(folder / "pnc" / "persons.parquet", columns)


def write_names(folder: Path, names: Names, pnc_id: pa.Array) -> None:
    """`pnc/names.parquet`."""
    columns = {
        "pnc_id": pnc_id.take(pa.array(names.person)),
        "name_type": pick(("primary", "alias"), names.is_alias.astype(np.int8)),
        "forenames": names.forename_text(),
        "surname": names.surname_text(),
        "date_of_birth": dates(names.birth),
    }
    write_table(folder / "pnc" / "names.parquet", columns)


def write_offences(folder: Path, people: People, cases: Cases, pnc_id: pa.Array) -> None:
    """`pnc/offences.parquet`."""
    rows = offence_rows(people, cases)
    disposals = sorted(codes.DISPOSAL_RANK)
    days = rows.sentence_days
    columns = {
        "offence_id": sequence("O", rows.case.size, 8),
        "pnc_id": pnc_id.take(pa.array(cases.person[rows.case])),
        "case_id": sequence("C", cases.person.size, 8).take(pa.array(rows.case)),
        "offence_code": pick(codes.OFFENCE_CODES, rows.code),
        "offence_date": dates(rows.offence_date),
        "proven_date": dates(cases.proven_date[rows.case]),
        "disposal_code": pick(
            [str(code) for code in disposals], np.searchsorted(disposals, rows.disposal)
        ),
        "sentence_days": pa.array(days, mask=days == 0),
        "police_force": pick(FORCE_NAMES, force_of(people, cases)[rows.case]),
    }
    write_table(folder / "pnc" / "offences.parquet", columns)


def write_orders(folder: Path, people: People, cases: Cases, pnc_id: pa.Array) -> None:
    """`probation/orders.parquet`, with a few orders that no case explains."""
    mine = take(cases, is_order(cases))
    suspended = mine.disposal == codes.SUSPENDED_SENTENCE_ORDER
    start, end, person = mine.order_start, order_ends(mine), mine.person
    order_type = suspended.astype(np.int8)
    stray = _people_never_sentenced(people, cases)
    begin = (people.first_offence[stray] + 1000).astype(np.int32)
    person = np.concatenate([person, stray])
    start, end = np.concatenate([start, begin]), np.concatenate([end, begin + 365])
    order_type = np.concatenate([order_type, np.zeros(stray.size, dtype=np.int8)])
    region = np.concatenate([order_region(people, mine), np.zeros(stray.size, dtype=np.int64)])
    rank = np.lexsort([start, person])
    columns = {
        "order_id": sequence("P", rank.size, 8),
        "pnc_id": pnc_id.take(pa.array(person[rank])),
        "order_type": pick(("community_order", "suspended_sentence_order"), order_type[rank]),
        "start_date": dates(start[rank].astype(np.int32)),
        "end_date": dates(end[rank].astype(np.int32)),
        "region": pick(REGIONS, region[rank]),
    }
    write_table(folder / "probation" / "orders.parquet", columns)


def _people_never_sentenced(people: People, cases: Cases) -> npt.NDArray[np.int64]:
    community = (codes.COMMUNITY_ORDER, codes.SUSPENDED_SENTENCE_ORDER)
    sentenced = np.zeros(people.birth.size, dtype=np.bool_)
    sentenced[cases.person[np.isin(cases.disposal, community)]] = True
    return np.flatnonzero(
        ~sentenced & (hashed_uniform(people.key, 3) < 0.001) & (people.first_offence < 14_500)
    )


def prison_numbers(spells: Spells, people: People) -> tuple[pa.Array, npt.NDArray[Any], Any]:
    """Prison numbers in order, whose they are, and the number of each spell (as a position).

    One prisoner in twenty comes back under a second number.
    """
    again = hashed_uniform(people.key, 5) < 0.05
    first_of = np.flatnonzero(np.append(True, spells.person[1:] != spells.person[:-1]))
    first_reception = np.repeat(
        spells.reception_date[first_of], np.diff(np.append(first_of, spells.person.size))
    )
    is_second = again[spells.person] & (spells.reception_date > first_reception + 1500)
    owner_key = spells.person.astype(np.int64) * 2 + is_second
    owners, position = np.unique(owner_key, return_inverse=True)
    space = 24 * 10_000 * 24 * 24
    value = (np.arange(owners.size, dtype=np.int64) * 61_803_399 + 1_234_567) % space
    rank = np.argsort(value)
    place = np.empty_like(rank)
    place[rank] = np.arange(rank.size)
    value = value[rank]
    numbers = strings(
        [
            letters(value // (576 * 10_000), _ALPHABET),
            digits(value // 576 % 10_000, 4),
            letters(value // 24 % 24, _ALPHABET),
            letters(value % 24, _ALPHABET),
        ]
    )
    return numbers, owners[rank] // 2, place[position]


def write_prison(
    folder: Path, people: People, names: Names, spells: Spells, pnc_id: pa.Array, keep: Any
) -> dict[int, str]:
    """`prison/prisoners.parquet` and `prison/spells.parquet`.

    Two prisoners in a hundred have lost their PNC id, but nobody of `keep`. Returns the first
    prison number of every person who has one with a PNC id.
    """
    numbers, owner, number_of_spell = prison_numbers(spells, people)
    row = np.searchsorted(names.person, owner)
    primary = take(names, row)
    lost = (hashed_uniform(people.key, 6)[owner] < 0.02) & ~keep[owner]
    columns = {
        "prison_number": numbers,
        "pnc_id": pnc_id.take(pa.array(owner, mask=lost)),
        "forenames": primary.forename_text(),
        "surname": primary.surname_text(),
        "date_of_birth": dates(people.birth[owner]),
    }
    write_table(folder / "prison" / "prisoners.parquet", columns)
    order = np.lexsort([spells.reception_date, number_of_spell])
    mine = take(spells, order)
    days = mine.sentence_days
    columns = {
        "spell_id": sequence("S", order.size, 8),
        "prison_number": numbers.take(pa.array(number_of_spell[order])),
        "reception_date": dates(mine.reception_date),
        "release_date": dates(mine.release_date),
        "expected_release_date": dates(mine.expected_release_date),
        "custody_type": pick(CUSTODY_TYPES, mine.custody_type),
        "establishment": pick(PRISON_NAMES, mine.establishment),
        "sentence_days": pa.array(days, mask=days == 0),
    }
    write_table(folder / "prison" / "spells.parquet", columns)
    wanted = np.flatnonzero(keep[owner])
    return {int(owner[at]): numbers[int(at)].as_py() for at in wanted}


def write_work(folder: Path, people: People, pnc_id: pa.Array) -> None:
    """`dwp/benefit_spells.parquet` and `hmrc/employment_spells.parquet`."""
    person, spell = np.nonzero(people.claim_start < NEVER)
    columns = {
        "pnc_id": pnc_id.take(pa.array(person)),
        "benefit": pick(_BENEFITS, people.claim_type[person, spell]),
        "start_date": dates(people.claim_start[person, spell]),
        "end_date": dates(people.claim_end[person, spell]),
    }
    write_table(folder / "dwp" / "benefit_spells.parquet", columns)
    person, spell = np.nonzero(people.job_start < NEVER)
    columns = {
        "pnc_id": pnc_id.take(pa.array(person)),
        "start_date": dates(people.job_start[person, spell]),
        "end_date": dates(people.job_end[person, spell]),
    }
    write_table(folder / "hmrc" / "employment_spells.parquet", columns)


def write_assessments(folder: Path, people: People, cases: Cases, pnc_id: pa.Array) -> None:
    """`oasys/assessments.parquet`."""
    rows = assessments(people, cases)
    columns = {
        "pnc_id": pnc_id.take(pa.array(rows.person)),
        "assessment_date": dates(rows.assessment_date),
    }
    for number, name in enumerate(NEEDS):
        need = rows.needs[:, number]
        columns[f"need_{name}"] = pa.array(need == 1, mask=need < 0)
    write_table(folder / "oasys" / "assessments.parquet", columns)
