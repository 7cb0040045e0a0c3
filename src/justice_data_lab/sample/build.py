"""The whole sample: from a number of people and a seed to a folder in the raw zone's form."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from justice_data_lab.sample import careers, zone
from justice_data_lab.sample.careers import Cases
from justice_data_lab.sample.columns import take
from justice_data_lab.sample.days import Int, as_date, years
from justice_data_lab.sample.further import further_plans
from justice_data_lab.sample.names import Names, give_same_identity, keep_apart, make_names
from justice_data_lab.sample.people import Bool, People, make_people
from justice_data_lab.sample.plans import PLANS, STANDING_REQUESTS
from justice_data_lab.sample.register import in_order, spells
from justice_data_lab.sample.rulebook import RANK, Rulebook
from justice_data_lab.sample.selection import Chosen, Planner, SampleError, extra_starts
from justice_data_lab.sample.settings import (
    DATA_AS_OF,
    MINIMUM_PEOPLE,
    REOFFENDING_DATA_TO,
    RequestPlan,
)
from justice_data_lab.sample.text import pnc_ids
from justice_data_lab.sample.treatment import add_noise, treat
from justice_data_lab.sample.uploads import (
    FREE_SERIAL,
    HEADER,
    Record,
    Writer,
    final_outcome,
    identities,
    people_meant,
)

PARTS = ("extract.json", "pnc", "prison", "probation", "dwp", "hmrc", "oasys", "uploads", "truth")
STAGES = (
    "people",
    "criminal careers",
    "services",
    "names",
    "writing the extracts",
    "writing the uploads",
)
_ROUTES = ("custody", "through_the_gate", "prison_release", "either", "community_sentence")
_NOBODY = np.zeros(0, dtype=np.int32)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Meant:
    """Whom one request means: kept records, further records, and those without a conviction."""

    plan: RequestPlan
    chosen: Chosen
    extra: Chosen
    no_conviction: Int
    ambiguous: Int
    partners: Int


@dataclass(frozen=True)
class Register:
    """Everybody, in the order of their PNC ids."""

    people: People
    cases: Cases
    names: Names
    pnc_id: pa.Array


def write_sample(
    out: Path,
    *,
    people: int,
    seed: int,
    requests: int = STANDING_REQUESTS,
    progress: Progress = lambda stage: None,
) -> None:
    """Write the synthetic raw zone and its truth into the folder `out`.

    Equal `people`, `seed` and `requests` give equal tables. Raises `SampleError` where it cannot
    be done.
    """
    if people < MINIMUM_PEOPLE:
        raise SampleError(f"--people must be at least {MINIMUM_PEOPLE:,}")
    if requests < STANDING_REQUESTS:
        raise SampleError(f"--requests must be at least {STANDING_REQUESTS}")
    prepare_folder(out)
    register, meant, book, rng = _simulate(people, seed, requests - STANDING_REQUESTS, progress)
    progress("writing the extracts")
    wanted = people_meant(
        [part.chosen for part in meant],
        [int(p) for part in meant for p in (*part.no_conviction, *part.ambiguous)],
        people,
    )
    prison_number = _write_extracts(out, register, wanted)
    progress("writing the uploads")
    who = np.flatnonzero(wanted)
    known = identities(
        who,
        register.people,
        register.names,
        register.pnc_id.take(pa.array(who)).to_pylist(),
        prison_number,
    )
    written = []
    for part in meant:
        records = Writer(rng, part.plan, known).records(
            part.chosen, part.extra, part.no_conviction.tolist(), part.ambiguous.tolist()
        )
        _write_upload(out / "uploads" / part.plan.request_id, part.plan, records)
        written.append((part.plan, records))
    _write_truth(out / "truth", written, register, book)


def prepare_folder(out: Path) -> None:
    """Make the folder, or clear a former sample; nothing else is ever removed."""
    if out.exists() and not out.is_dir():
        raise SampleError(f"{out} is not a folder")
    if out.is_dir() and any(out.iterdir()) and not _is_sample(out):
        raise SampleError(f"{out} is not empty and holds no sample: choose another folder")
    out.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        path = out / part
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _is_sample(out: Path) -> bool:
    """Whether the folder is a former sample: synthetic, and each upload is one that it tells of."""
    try:
        extract = json.loads((out / "extract.json").read_text(encoding="utf-8"))
        truth = pq.read_table(out / "truth" / "records.parquet", columns=["request_id"])
        uploads = {path.name for path in (out / "uploads").iterdir()}
    except (OSError, ValueError, pa.ArrowException):
        return False
    is_synthetic = isinstance(extract, dict) and extract.get("synthetic") is True
    return is_synthetic and uploads <= {*truth["request_id"].to_pylist()}


def _simulate(
    size: int, seed: int, further: int, progress: Progress
) -> tuple[Register, list[Meant], Rulebook, np.random.Generator]:
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(9)]
    progress("people")
    people = make_people(streams[0], size)
    progress("criminal careers")
    cases, risk = careers.convict(streams[1], people, careers.first_offences(streams[1], people))
    cases = careers.simulate(streams[1], people, cases, risk)
    cases = add_noise(streams[2], people, cases)
    progress("services")
    book = Rulebook.of(cases, size)
    used = np.zeros(size, dtype=np.bool_)
    requests = _choose(streams[3], people, book, used)
    pairs = [(part.plan, part.chosen) for part in requests]
    requests += _choose_further(streams[8], people, book, used, further)
    cases = treat(streams[4], people, cases, book, pairs)
    progress("names")
    names = make_names(streams[5], people)
    register, requests = _renumber(streams[6], people, cases, names, requests)
    _settle_names(register, requests)
    book = Rulebook.of(register.cases, size)
    requests = [
        replace(part, extra=extra_starts(streams[7], part.plan, book, part.chosen))
        for part in requests
    ]
    return register, requests, book, streams[7]


def _choose(rng: np.random.Generator, people: People, book: Rulebook, used: Bool) -> list[Meant]:
    """Choose the earlier request first: who is left for the later one then depends on the past.

    The other way round, people would be out of the earlier request for what they did afterwards.
    Of requests with the same years those about releases come first, since releases are few.
    `used` is changed as people are drawn.
    """
    by_birth = np.lexsort((people.birth, people.sex)).astype(np.int32)
    requests: list[Meant] = []
    for plan in sorted(PLANS, key=_turn):
        chosen = Planner(rng, plan, people, book, used).choose()
        requests.append(Meant(plan, chosen, chosen, *(_NOBODY,) * 3))
    for at, part in enumerate(requests):
        idle = _without_conviction(rng, part.plan, people, used)
        used[idle] = True
        twins = _pairs(rng, people, by_birth, used, part.plan.ambiguous)
        requests[at] = replace(
            part, no_conviction=idle, ambiguous=twins[:, 0], partners=twins[:, 1]
        )
    return requests


def _without_conviction(
    rng: np.random.Generator, plan: RequestPlan, people: People, used: Bool
) -> Int:
    idle = np.flatnonzero(~people.has_career & ~used).astype(np.int32)
    return rng.choice(idle, size=plan.no_conviction, replace=False)


def _choose_further(
    rng: np.random.Generator, people: People, book: Rulebook, used: Bool, count: int
) -> list[Meant]:
    """Choose the people of further requests, each from all who are in no standing request."""
    requests = []
    for plan in further_plans(count):
        own = used.copy()
        chosen = Planner(rng, plan, people, book, own).choose()
        idle = _without_conviction(rng, plan, people, own)
        requests.append(Meant(plan, chosen, chosen, idle, _NOBODY, _NOBODY))
    return requests


def _turn(plan: RequestPlan) -> tuple[int, bool, int]:
    return plan.index_from, not plan.is_matched, _ROUTES.index(plan.route)


def _pairs(
    rng: np.random.Generator, people: People, by_birth: Int, used: Bool, count: int
) -> npt.NDArray[np.int32]:
    """Pairs of unused people of one sex who were born within a few days of each other."""
    first, second = by_birth[:-1], by_birth[1:]
    fits = ~used[first] & ~used[second] & (people.sex[first] == people.sex[second])
    fits &= (people.birth[second] - people.birth[first] < 10) & people.has_career[first]
    fits &= ~people.twin_of_previous[first] & ~people.twin_of_previous[second]
    at = np.flatnonzero(fits)
    at = at[rng.permutation(at.size)[: 2 * count]]
    at = at[np.append(True, np.abs(np.diff(np.sort(at))) > 1)[np.argsort(np.argsort(at))]][:count]
    pairs = np.stack([first[at], second[at]], axis=1)
    used[pairs.ravel()] = True
    return pairs


def _renumber(
    rng: np.random.Generator,
    people: People,
    cases: Cases,
    names: Names,
    requests: list[Meant],
) -> tuple[Register, list[Meant]]:
    """Give everybody a PNC id, and number people in its order."""
    size = people.birth.size
    year = np.minimum(years(people.first_offence + np.int32(60)), as_date(DATA_AS_OF).year)
    order = np.lexsort([rng.random(size), year])
    year = year[order]
    place = np.empty(size, dtype=np.int32)
    place[order] = np.arange(size, dtype=np.int32)
    gap = (FREE_SERIAL - 1) // int(np.bincount(year - year.min()).max())
    total = np.cumsum(rng.integers(1, gap + 1, size=size))
    begin = np.searchsorted(year, year)
    serial = total - total[begin] + 1 + rng.integers(0, gap, size=size)[begin] % gap
    register = Register(
        people=take(people, order),
        cases=in_order(replace(cases, person=place[cases.person])),
        names=take(moved := replace(names, person=place[names.person]), _name_order(moved)),
        pnc_id=pnc_ids(year, serial),
    )
    return register, [
        replace(
            part,
            chosen=replace(part.chosen, person=place[part.chosen.person]),
            no_conviction=place[part.no_conviction],
            ambiguous=place[part.ambiguous],
            partners=place[part.partners],
        )
        for part in requests
    ]


def _name_order(names: Names) -> npt.NDArray[Any]:
    return np.lexsort([names.is_alias, names.person])


def _settle_names(register: Register, requests: list[Meant]) -> None:
    people, names = register.people, register.names
    exempt = np.zeros(people.birth.size, dtype=np.bool_)
    for part in requests:
        give_same_identity(names, people, part.ambiguous, part.partners)
        exempt[part.ambiguous] = exempt[part.partners] = True
    wanted = people_meant(
        [part.chosen for part in requests],
        [int(p) for part in requests for p in (*part.no_conviction, *part.ambiguous)],
        people.birth.size,
    )
    keep_apart(names, people, wanted, exempt)


def _write_extracts(out: Path, register: Register, wanted: Bool) -> dict[int, str]:
    people, cases, pnc_id = register.people, register.cases, register.pnc_id
    extract = {
        "data_as_of": as_date(DATA_AS_OF).isoformat(),
        "reoffending_data_to": as_date(REOFFENDING_DATA_TO).isoformat(),
        "synthetic": True,
        "contact": "justice-data-lab@example.org",
    }
    (out / "extract.json").write_text(json.dumps(extract, indent=2) + "\n", encoding="utf-8")
    zone.write_persons(out, people, pnc_id)
    zone.write_names(out, register.names, pnc_id)
    zone.write_offences(out, people, cases, pnc_id)
    zone.write_orders(out, people, cases, pnc_id)
    zone.write_work(out, people, pnc_id)
    zone.write_assessments(out, people, cases, pnc_id)
    return zone.write_prison(out, people, register.names, spells(people, cases), pnc_id, wanted)


def _write_rows(path: Path, rows: list[tuple[Any, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_upload(folder: Path, plan: RequestPlan, records: list[Record]) -> None:
    _write_rows(folder / "individuals.csv", [HEADER, *(record.cells for record in records)])
    _write_rows(folder / "service.csv", [("question", "answer"), *plan.service.items()])


def _write_truth(
    folder: Path,
    written: list[tuple[RequestPlan, list[Record]]],
    register: Register,
    book: Rulebook,
) -> None:
    tables, effects = [], []
    for plan, records in written:
        table, effect = _request_truth(plan, records, register, book)
        tables.append(table)
        effects.append(effect)
    columns = pa.concat_tables(tables)
    zone.write_table(folder / "records.parquet", {n: columns[n] for n in columns.column_names})
    header = ("request_id", "true_effect_points", "analysed_n", "hazard_ratio")
    _write_rows(folder / "requests.csv", [header, *effects])


def _request_truth(
    plan: RequestPlan, records: list[Record], register: Register, book: Rulebook
) -> tuple[pa.Table, tuple[Any, ...]]:
    person = np.array([record.person for record in records], dtype=np.int32)
    start = np.array([record.start for record in records], dtype=np.int32)
    end = np.array([record.end for record in records], dtype=np.int32)
    known = person >= 0
    row, outcome = book.judge(np.maximum(person, 0), start, end, plan.route)
    in_force = known & (outcome >= RANK["sex_offence"]) & (row >= 0)
    row = np.maximum(row, 0)
    rate, index_date = book.cases.rate[row], book.cases.index_date[row]
    delay = np.maximum(start - index_date, 0)
    p_with = careers.probability(rate, index_date, delay, plan.hazard_ratio)
    p_without = careers.probability(rate, index_date, delay, 1.0)
    told = [final_outcome(plan, record.outcome) for record in records]
    analysed = np.array([outcome == "analysed" for outcome in told])
    effect = f"{100 * (p_with - p_without)[analysed].mean():.6f}" if analysed.any() else ""
    table = pa.table(
        {
            "request_id": pa.array([plan.request_id] * len(records)),
            "record_number": pa.array(range(1, len(records) + 1), type=pa.int32()),
            "pnc_id": register.pnc_id.take(pa.array(person, mask=~known)),
            "outcome": pa.array(told),
            "link": pa.array([record.link for record in records]),
            "p_with": pa.array(p_with, mask=~in_force),
            "p_without": pa.array(p_without, mask=~in_force),
        }
    )
    return table, (plan.request_id, effect, int(analysed.sum()), plan.hazard_ratio)
