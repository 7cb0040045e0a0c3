"""The synthetic raw zone, checked by the rules of the method written a second time, in SQL."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main
from justice_data_lab.sample import codes, places, write_sample
from justice_data_lab.sample.further import further_plans
from justice_data_lab.sample.rulebook import OUTCOMES as OUTCOMES_OF_THE_SAMPLE
from justice_data_lab.sample.selection import first_starts
from justice_data_lab.sample.settings import COMMITTED_PEOPLE, COMMITTED_SEED
from justice_data_lab.sample.text import short_pnc_id

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "reference"
COMMITTED = ROOT / "data" / "sample"

FOUNDATION = {
    "invalid_record": 6,
    "not_on_pnc": 115,
    "repeat_record": 187,
    "no_sentence_found": 22,
    "other_disposal": 491,
    "outside_window": 69,
    "sex_offence": 9,
    "reoffended_before_start": 90,
    "analysed": 257,
}

SAMPLE = ("sample", "--people")

COLUMNS = {
    "pnc/persons": "pnc_id sex ethnicity nationality date_of_birth",
    "pnc/names": "pnc_id name_type forenames surname date_of_birth",
    "pnc/offences": "offence_id pnc_id case_id offence_code offence_date proven_date "
    "disposal_code sentence_days police_force",
    "prison/prisoners": "prison_number pnc_id forenames surname date_of_birth",
    "prison/spells": "spell_id prison_number reception_date release_date expected_release_date "
    "custody_type establishment sentence_days",
    "probation/orders": "order_id pnc_id order_type start_date end_date region",
    "dwp/benefit_spells": "pnc_id benefit start_date end_date",
    "hmrc/employment_spells": "pnc_id start_date end_date",
    "oasys/assessments": "pnc_id assessment_date need_accommodation need_ete need_finance "
    "need_relationships need_lifestyle need_drugs need_alcohol need_emotional need_thinking "
    "need_attitudes",
}

CASES = """
create table counted as
select o.*, d.disposal_rank::int as disposal_rank, d.disposal_type, c.is_sexual, c.court_type,
    case c.court_type when 'indictable' then 0 when 'either_way' then 1 else 2 end as court_rank,
from offences as o
inner join disposal_codes as d using (disposal_code)
inner join offence_codes as c using (offence_code)
where d.is_proven and c.is_recordable and not c.is_breach and d.disposal_type != 'penalty_notice';

create table sexual as
select distinct pnc_id
from offences
inner join disposal_codes using (disposal_code)
inner join offence_codes using (offence_code)
where is_proven and is_sexual;

create table cases as
select case_id, pnc_id, disposal_rank, disposal_type, is_sexual,
    min(proven_date) over (partition by case_id) as case_date,
from counted
qualify row_number() over (
    partition by case_id
    order by disposal_rank, court_rank, sentence_days desc nulls last, offence_id
) = 1;
"""

LINKS = r"""
create table register_names as
select distinct pnc_id, fold(forenames) as forename, fold(surname) as surname, date_of_birth
from (
    select n.pnc_id, n.forenames, n.surname, d.date_of_birth
    from names as n
    inner join (
        select pnc_id, date_of_birth from names union select pnc_id, date_of_birth from persons
    ) as d using (pnc_id)
);
create table reached as
with pncid as (
    select distinct u.record_number, r.pnc_id
    from upload as u
    inner join register_names as r
        on long_pncid(u.pncid) = r.pnc_id
        and (fold(u.surname) = r.surname or u.date_of_birth = r.date_of_birth)
),
prison as (
    select distinct u.record_number, p.pnc_id
    from upload as u
    inner join prisoners as p
        on u.prison_number = p.prison_number and p.pnc_id is not null
        and (fold(u.surname) = fold(p.surname) or u.date_of_birth = p.date_of_birth)
),
named as (
    select distinct u.record_number, r.pnc_id
    from upload as u
    inner join register_names as r
        on split_part(fold(u.forename), ' ', 1) = split_part(r.forename, ' ', 1)
        and fold(u.surname) = r.surname
        and u.date_of_birth = r.date_of_birth
    inner join persons as s
        on r.pnc_id = s.pnc_id
        and (
            s.sex = 'U' or u.gender is null
            or upper(u.gender[1]) in (s.sex, if(s.sex = 'F', 'W', ''))
        )
),
every as (
    select *, 1 as pass from pncid
    union all select *, 2 from prison
    union all select *, 3 from named
)
select record_number, pnc_id
from every
qualify pass = min(pass) over (partition by record_number);
"""

EPISODES = """
create table spells_of_people as
with owners as (
    select prison_number, pnc_id from prisoners where pnc_id is not null
    union all
    select p.prison_number, min(n.pnc_id)
    from prisoners as p
    inner join names as n using (forenames, surname, date_of_birth)
    where p.pnc_id is null
    group by p.prison_number
    having count(distinct n.pnc_id) = 1
)
select s.*, o.pnc_id, coalesce(s.release_date, date '9999-12-31') as ends
from spells as s inner join owners as o using (prison_number);

create table episodes as
with started as (
    select *, reception_date > coalesce(max(ends) over (
        partition by pnc_id order by reception_date, spell_id
        rows between unbounded preceding and 1 preceding), date '1900-01-01') + 1 as is_start
    from spells_of_people
),
numbered as (
    select *, sum(is_start::int) over (
        partition by pnc_id order by reception_date, spell_id) as episode
    from started
)
select pnc_id, min(reception_date) as received, max(ends) as released
from numbered
group by pnc_id, episode
having bool_or(custody_type = 'sentenced');

create table index_events as
select pnc_id, 'sentence' as kind, index_date, case_date from events where index_date is not null
union all
select pnc_id, 'release', released, released from episodes where released < date '9999-12-31';
"""

OUTCOMES = """
with linked as (
    select record_number, count(*) as people, min(pnc_id) as pnc_id
    from reached
    group by record_number
),
known as (
    select u.record_number, u.start, u.finish, l.people,
        u.date_of_birth is null or u.start is null or u.finish < u.start
        or u.date_of_birth > u.submitted_on - interval 1 year as is_invalid,
        if(exists (select 1 from proven as p where p.pnc_id = l.pnc_id), l.pnc_id, null) as pnc_id,
    from upload as u
    left join linked as l using (record_number)
),
latest as (
    select k.record_number, c.*
    from known as k
    inner join events as c on k.pnc_id = c.pnc_id and c.case_date <= k.start
    qualify row_number() over (
        partition by k.record_number order by c.case_date desc, c.disposal_rank, c.case_id
    ) = 1
),
released as (
    select k.record_number, max(e.released) as released
    from known as k
    inner join episodes as e on k.pnc_id = e.pnc_id and e.released <= k.start
    group by k.record_number
),
held as (
    select k.record_number, count(*) as n, min(e.released) as released,
        bool_or(k.start between e.received and e.released - 1) as starts_inside
    from known as k
    inner join episodes as e
        on k.pnc_id = e.pnc_id and e.received <= coalesce(k.finish, k.start)
        and k.start <= e.released
    group by k.record_number
),
routed as (
    select k.*, l.case_date, l.disposal_type, l.is_sexual as is_sexual_index,
        l.index_date as sentence, r.released as release, coalesce(h.n, 0) as n, h.released as exit,
        case
            when $route != 'through_the_gate' then $route
            when h.starts_inside then 'custody'
            else 'prison_release'
        end as route
    from known as k
    left join latest as l using (record_number)
    left join released as r using (record_number)
    left join held as h using (record_number)
),
meant as (
    select *,
        case
            when route = 'custody' then if(n = 1, exit, null)
            when route != 'prison_release' and sentence >= coalesce(release, sentence)
                then sentence
            when route != 'community_sentence' and release >= case_date then release
        end as index_date
    from routed
),
judged as (
    select m.*,
        case
            when m.is_invalid and m.pnc_id is null then 30
            when m.people > 1 then 50
            when m.pnc_id is null then 40
            when if(m.route = 'custody', m.n = 0, m.case_date is null) then 70
            when m.start > $reoffending_data_to then 80
            when m.route = 'custody' and m.n = 1 and m.exit > $reoffending_data_to then 90
            when m.route = 'custody' and m.n > 1 then 100
            when m.index_date is null then 110
            when m.route != 'custody' and not (
                m.index_date <= m.start and m.start < m.index_date + interval 6 month) then 120
            when m.pnc_id in (select pnc_id from sexual) then 130
            when exists (
                select 1 from counted as o
                where o.pnc_id = m.pnc_id and o.offence_date > m.index_date
                    and o.offence_date <= m.index_date + interval 12 month
                    and o.proven_date <= m.index_date + interval 18 month
                    and o.offence_date < m.start
            ) then 140
            when m.index_date + interval 18 month > $reoffending_data_to then 150
            else 990
        end as step,
    from meant as m
)
select *, pnc_id is not null and people = 1 and row_number() over (
        partition by pnc_id order by step desc, start, record_number
    ) > 1 as is_repeat,
from judged
"""


class Zone:
    """One sample with the rules applied to its requests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = duckdb.connect()
        for name in COLUMNS:
            table = name.split("/")[1]
            self.db.execute(f"create table {table} as from '{folder / name}.parquet'")
        for name in ("disposal_codes", "offence_codes", "exclusion_reasons"):
            self.db.execute(
                f"create table {name} as from read_csv('{SEEDS / name}.csv', all_varchar = true)"
            )
        for column, table in (
            ("is_proven", "disposal_codes"),
            ("is_recordable", "offence_codes"),
            ("is_breach", "offence_codes"),
            ("is_sexual", "offence_codes"),
        ):
            self.db.execute(f"alter table {table} alter {column} type boolean")
        self.db.execute(
            r"""create macro fold(text) as
            trim(regexp_replace(lower(strip_accents(replace(text, '-', ' '))), '[^\w ]', '', 'g'));
            create macro long_pncid(text) as case
                when regexp_matches(text, '^\d{2}/')
                    then if(left(text, 2)::int > 30, '19', '20') || left(text, 3)
                        || lpad(regexp_extract(text, '/(\d+)', 1), 7, '0') || right(text, 1)
                else text end"""
        )
        self.db.execute(CASES)
        self.db.execute(
            """create table proven as
            select distinct pnc_id from offences inner join disposal_codes using (disposal_code)
            where is_proven"""
        )
        self._pair_orders()
        self.db.execute(EPISODES)

    def _pair_orders(self) -> None:
        pairs = self.db.execute(
            """select o.start_date - c.case_date, o.start_date, o.order_id, c.case_id
            from orders as o inner join cases as c
                on o.pnc_id = c.pnc_id and o.order_type = c.disposal_type
                and o.start_date - c.case_date between 0 and 28
            order by all"""
        ).fetchall()
        order_of: dict[str, tuple[str, object]] = {}
        used: set[str] = set()
        for _, start, order, case in pairs:
            if order not in used and case not in order_of:
                used.add(order)
                order_of[case] = (case, start)
        self.db.execute("create table paired (case_id varchar, start_date date)")
        self.db.executemany("insert into paired values (?, ?)", list(order_of.values()))
        self.db.execute(
            """create table events as
            select c.*, if(
                c.disposal_type in ('community_order', 'suspended_sentence_order'),
                coalesce(p.start_date, c.case_date), null) as index_date
            from cases as c left join paired as p using (case_id)"""
        )

    def outcomes(self, request_id: str) -> list[dict[str, object]]:
        """Every record of a request with the first reason that applies."""
        upload = self.folder / "uploads" / request_id
        service = dict(csv.reader((upload / "service.csv").open(encoding="utf-8")))
        dates = ", ".join(
            f"coalesce(try_strptime({c}, '%d/%m/%Y'), try_strptime({c}, '%Y-%m-%d'), "
            f"try_strptime({c}, '%d %b %Y'))::date as {n}"
            for c, n in (
                ("date_of_birth", "date_of_birth"),
                ("intervention_start_date", "start"),
                ("intervention_end_date", "finish"),
            )
        )
        self.db.execute(
            f"""create or replace table upload as
            select row_number() over () as record_number, surname, forename, gender, pncid,
                prison_number, {dates}, date '{service["submitted_on"]}' as submitted_on
            from read_csv('{upload}/individuals.csv', all_varchar = true, parallel = false)"""
        )
        self.db.execute("drop table if exists reached; drop table if exists register_names")
        self.db.execute(LINKS)
        extract = json.loads((self.folder / "extract.json").read_text())
        reasons = dict(
            self.db.execute("select step_number::int, reason from exclusion_reasons").fetchall()
        )
        where = service["delivered_in"]
        result = self.db.execute(
            OUTCOMES,
            {
                "reoffending_data_to": extract["reoffending_data_to"],
                "route": service["index_event"] if where == "community" else where,
            },
        )
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        for row in rows:
            row["outcome"] = (
                "repeat_record" if row["is_repeat"] else reasons.get(row["step"], "analysed")
            )
        _stop(rows, service)
        return sorted(rows, key=lambda row: row["record_number"])

    def truth(self, request_id: str) -> list[tuple[str | None, str, str, float, float]]:
        """What the sample says about each record, in the order of the file."""
        return self.db.execute(
            f"""select pnc_id, outcome, link, p_with, p_without
            from '{self.folder}/truth/records.parquet'
            where request_id = ? order by record_number""",
            [request_id],
        ).fetchall()


def _stop(rows: list[dict[str, object]], service: dict[str, str]) -> None:
    """What the fate of the request as a whole makes of its records."""
    left = sum(row["outcome"] == "analysed" for row in rows)
    for row in rows:
        if service["withdrawn_on"]:
            row["outcome"] = "request_withdrawn"
        elif len(rows) < 60:
            row["outcome"] = "request_not_answerable"
        elif left < 30 and row["outcome"] == "analysed":
            row["outcome"] = "group_too_small"


def _make(folder: Path, **wanted: int) -> Zone:
    write_sample(folder, **wanted)
    return Zone(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    return _make(tmp_path_factory.mktemp("sample") / "zone", people=20_000, seed=7)


@pytest.fixture(scope="module")
def committed() -> Zone:
    return Zone(COMMITTED)


def _assert_foundation(zone: Zone) -> None:
    rows = zone.outcomes("foundation")
    assert len(rows) == 1246
    assert Counter(row["outcome"] for row in rows) == FOUNDATION
    by_person = Counter(row["pnc_id"] for row in rows if row["pnc_id"])
    repeated = {person: n for person, n in by_person.items() if n > 1}
    assert (len(repeated), sum(repeated.values())) == (168, 355)
    within = zone.db.execute(
        "select count(*) from (select unnest($a) as s, unnest($b) as c) "
        "where s < c + interval 6 month",
        {
            "a": [row["start"] for row in rows if row["outcome"] == "other_disposal"],
            "b": [row["case_date"] for row in rows if row["outcome"] == "other_disposal"],
        },
    ).fetchone()
    assert within == (251,)
    assert all(row["is_sexual_index"] for row in rows if row["outcome"] == "sex_offence")
    no_conviction = zone.db.execute(
        "select count(*) from reached where pnc_id not in (select pnc_id from proven)"
    ).fetchone()
    assert no_conviction == (34,)
    assert {row["outcome"] for row in rows if row["pnc_id"] in repeated} >= {
        "no_sentence_found",
        "other_disposal",
        "outside_window",
        "sex_offence",
        "reoffended_before_start",
        "analysed",
    }
    told = [(pnc_id, outcome) for pnc_id, outcome, *_ in zone.truth("foundation")]
    found = [(row["pnc_id"], row["outcome"]) for row in rows]
    for (pnc_id, outcome), (reached, decided) in zip(told, found, strict=True):
        assert outcome == decided
        assert reached == pnc_id or outcome == "not_on_pnc"


@pytest.mark.parametrize(
    ("people", "seed"), [(20_000, 1), (20_000, 2), (30_000, 3), (20_000, 20140401)]
)
def test_the_waterfall_of_foundation_is_exact(tmp_path: Path, people: int, seed: int) -> None:
    _assert_foundation(_make(tmp_path / "zone", people=people, seed=seed))


def test_the_committed_waterfall_is_exact(committed: Zone) -> None:
    _assert_foundation(committed)


REQUESTS = {
    "pathways_to_work": ("analysed", 860),
    "castlemere_workshops": ("analysed", 300),
    "gatehouse_mentors": ("analysed", 200),
    "second_look": ("analysed", 520),
    "money_matters": ("analysed", 300),
    "keel_families": ("analysed", 260),
    "riverside_arts": ("request_not_answerable", 45),
    "clear_start": ("request_withdrawn", 80),
    "harbour_lettings": ("group_too_small", 20),
}


def _assert_truth(zone: Zone, request_id: str, wanted: tuple[str, int]) -> None:
    rows, truth = zone.outcomes(request_id), zone.truth(request_id)
    assert len(rows) == len(truth)
    for row, (pnc_id, outcome, link, *_) in zip(rows, truth, strict=True):
        if outcome.startswith("request_"):
            assert row["outcome"] == outcome
        elif link == "deterministic" and outcome != "not_on_pnc":
            assert (row["pnc_id"], row["outcome"]) == (pnc_id, outcome)
        elif link == "probabilistic":
            assert row["outcome"] == "not_on_pnc"
        else:
            assert row["outcome"] == outcome
    counts = Counter(outcome for _, outcome, *_ in truth)
    outcome, number = wanted
    assert counts[outcome] == number


@pytest.mark.parametrize("request_id", REQUESTS)
def test_the_true_outcome_is_found_where_the_record_is_linked(small: Zone, request_id: str) -> None:
    _assert_truth(small, request_id, REQUESTS[request_id])


@pytest.mark.parametrize("request_id", REQUESTS)
def test_the_committed_outcomes_are_the_true_ones(committed: Zone, request_id: str) -> None:
    _assert_truth(committed, request_id, REQUESTS[request_id])


def test_further_requests_stand_beside_the_standing_ones(tmp_path: Path) -> None:
    zone = _make(tmp_path / "zone", people=20_000, seed=7, requests=14)
    _assert_foundation(zone)
    for request_id, wanted in REQUESTS.items():
        _assert_truth(zone, request_id, wanted)
    plans = further_plans(4)
    assert [plan.request_id for plan in plans] == [f"further_{n:04d}" for n in (11, 12, 13, 14)]
    for plan in plans:
        _assert_truth(zone, plan.request_id, ("analysed", plan.classes["analysed"]))
        assert len(zone.truth(plan.request_id)) == plan.records
    assert {plan.route for plan in plans} == {"custody", "community_sentence"}


def test_further_requests_have_from_40_to_2500_people_and_do_not_hang_on_their_number() -> None:
    plans = further_plans(990)
    sizes = [plan.classes["analysed"] for plan in plans]
    assert (min(sizes), max(sizes)) == (40, 2500)
    assert min(plan.records for plan in plans) >= 60
    assert further_plans(90) == plans[:90]


def test_every_reason_that_the_sample_can_make_occurs(committed: Zone) -> None:
    found = {
        request_id: {outcome for _, outcome, *_ in committed.truth(request_id)}
        for request_id in REQUESTS
    }
    assert {"after_data_period", "incomplete_follow_up", *FOUNDATION, "ambiguous_match"} <= found[
        "pathways_to_work"
    ]
    custody = {"still_in_custody", "ambiguous_release", "no_sentence_found", "incomplete_follow_up"}
    assert custody <= found["castlemere_workshops"] & found["gatehouse_mentors"]
    of_requests = {"request_withdrawn", "request_not_answerable", "group_too_small"}
    of_records = {"invalid_record", "not_on_pnc", "ambiguous_match", "repeat_record"}
    assert {*OUTCOMES_OF_THE_SAMPLE, *of_requests, *of_records} <= set.union(*found.values())


def test_services_through_the_gate_and_for_either_meet_both_kinds_of_people(
    committed: Zone,
) -> None:
    gate = [r for r in committed.outcomes("gatehouse_mentors") if r["outcome"] == "analysed"]
    assert (
        min(sum(r["route"] == route for r in gate) for route in ("custody", "prison_release")) > 60
    )
    keel = [r for r in committed.outcomes("keel_families") if r["outcome"] == "analysed"]
    released = sum(row["index_date"] == row["release"] for row in keel)
    assert 30 <= released <= len(keel) - 30


def test_the_true_effect_is_the_mean_over_the_analysed(small: Zone) -> None:
    effects = {
        row["request_id"]: row
        for row in csv.DictReader((small.folder / "truth" / "requests.csv").open())
    }
    assert set(effects) == {"foundation", *REQUESTS}
    for request_id, row in effects.items():
        seen = [r for r in small.truth(request_id) if r[1] == "analysed"]
        assert int(row["analysed_n"]) == len(seen)
        if not seen:
            assert row["true_effect_points"] == ""
            continue
        mean = 100 * sum(r[3] - r[4] for r in seen) / len(seen)
        assert float(row["true_effect_points"]) == pytest.approx(mean, abs=1e-6)
    effect = {name: float(row["true_effect_points"] or 0) for name, row in effects.items()}
    assert effect["foundation"] == effect["money_matters"] == effect["keel_families"] == 0
    assert -11 < effect["pathways_to_work"] < -7
    assert -11 < effect["castlemere_workshops"] < -6
    assert 7 < effect["second_look"] < 11
    assert -4 < effect["gatehouse_mentors"] < -1


def test_people_have_as_many_index_events_as_people_have(committed: Zone) -> None:
    several, people = committed.db.execute(
        """select count_if(n > 1), count(*) from (
            select count(*) as n from index_events
            where index_date between '2006-01-01' and '2010-12-31' group by pnc_id)"""
    ).fetchall()[0]
    assert several > 0.15 * people


def test_a_sex_offender_is_one_from_the_first_offence_on(committed: Zone) -> None:
    later, people = committed.db.execute(
        """select count_if(f.case_date < s.case_date), count(*) from (
            select pnc_id, min(case_date) as case_date from cases group by pnc_id) as f
        inner join (
            select o.pnc_id, min(o.proven_date) as case_date from counted as o
            inner join sexual using (pnc_id) where o.is_sexual group by o.pnc_id) as s
            using (pnc_id)"""
    ).fetchall()[0]
    assert people > 500
    assert later == 0


def test_a_later_event_does_not_decide_whether_a_service_starts_after_an_earlier_one() -> None:
    person = np.array([1, 1, 2, 2, 3], dtype=np.int32)
    start = np.array([10, 50, 20, 60, 30], dtype=np.int32)
    luck = np.array([8.5, 9.0, 1.0, 8.0, 2.0])
    assert first_starts(person, start, luck, 2).tolist() == [0, 3]
    assert first_starts(person, start, luck, 4).size == 3


def test_the_files_have_the_columns_and_types_of_the_raw_zone(small: Zone) -> None:
    for name, columns in COLUMNS.items():
        described = small.db.execute(f"describe {name.split('/')[1]}").fetchall()
        assert [row[0] for row in described] == columns.split()
        for column, kind in ((row[0], row[1]) for row in described):
            if column.endswith("_date") or column == "date_of_birth":
                assert kind == "DATE"
            elif column.startswith("need_"):
                assert kind == "BOOLEAN"
            else:
                assert kind == ("INTEGER" if column == "sentence_days" else "VARCHAR")
    extract = json.loads((small.folder / "extract.json").read_text())
    assert extract["synthetic"] is True


def test_the_code_tables_agree_with_the_seeds() -> None:
    offences = {r["offence_code"]: r for r in csv.DictReader((SEEDS / "offence_codes.csv").open())}
    ranks = {"indictable": 0, "either_way": 1, "summary": 2}
    assert set(codes.OFFENCE_CODES) == set(offences)
    for position, code in enumerate(codes.OFFENCE_CODES):
        assert codes.COURT_RANK[position] == ranks[offences[code]["court_type"]]
        counts = (
            offences[code]["is_recordable"] == "true" and offences[code]["is_breach"] == "false"
        )
        if counts:
            assert codes.GROUPS[codes.CODE_GROUP[position]] == offences[code]["offence_group"]
    disposals = csv.DictReader((SEEDS / "disposal_codes.csv").open())
    assert {
        int(row["disposal_code"]): int(row["disposal_rank"]) for row in disposals
    } == codes.DISPOSAL_RANK
    for name, column, rows in (
        ("police_force_regions", "police_force", places.POLICE_FORCES),
        ("establishment_regions", "establishment", places.ESTABLISHMENTS),
    ):
        seed = {r[column]: r["region"] for r in csv.DictReader((SEEDS / f"{name}.csv").open())}
        assert {row[0]: row[1] for row in rows}.items() <= seed.items()


def test_keys_are_unique_and_pnc_ids_well_formed(small: Zone) -> None:
    for table, key in (
        ("persons", "pnc_id"),
        ("offences", "offence_id"),
        ("prisoners", "prison_number"),
        ("spells", "spell_id"),
        ("orders", "order_id"),
    ):
        query = f"select count(*) - count(distinct {key}), count({key}) - count(*) from {table}"
        assert small.db.execute(query).fetchone() == (0, 0)
    bad = small.db.execute(
        r"""select count(*) from persons
        where pnc_id != left(pnc_id, 12) || substr('ZABCDEFGHJKLMNPQRTUVWXY',
            ((pnc_id[3:4] || pnc_id[6:12])::bigint % 23)::int + 1, 1)"""
    ).fetchone()
    assert bad == (0,)
    assert short_pnc_id("2003/0011985X") == "03/11985X"


def _fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _tables(folder: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            found[str(path.relative_to(folder))] = duckdb.sql(
                f"select count(*), sum(hash(t)::hugeint) from '{path}' as t"
            ).fetchone()
        elif path.is_file():
            found[str(path.relative_to(folder))] = path.read_text()
    return found


def test_the_committed_sample_is_what_the_command_writes(tmp_path: Path) -> None:
    write_sample(tmp_path / "again", people=COMMITTED_PEOPLE, seed=COMMITTED_SEED)
    assert _tables(tmp_path / "again") == _tables(COMMITTED)
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file()) < 8_000_000


def test_equal_seeds_give_equal_files_and_others_do_not(small: Zone, tmp_path: Path) -> None:
    write_sample(tmp_path / "same", people=20_000, seed=7)
    write_sample(tmp_path / "other", people=20_000, seed=8)
    assert _fingerprint(tmp_path / "same") == _fingerprint(small.folder)
    assert _fingerprint(tmp_path / "other") != _fingerprint(small.folder)


def test_the_command_says_in_one_line_why_it_could_not_run(tmp_path: Path) -> None:
    run = CliRunner().invoke
    too_few = run(main, [*SAMPLE, "19999", "--seed", "1", "--out", str(tmp_path / "a")])
    assert too_few.exit_code == 2
    assert too_few.stderr == "jdl: --people must be at least 20,000\n"
    assert not (tmp_path / "a").exists()
    too_few = run(
        main,
        [*SAMPLE, "20000", "--requests", "9", "--seed", "1", "--out", str(tmp_path / "a")],
    )
    assert (too_few.exit_code, too_few.stderr) == (2, "jdl: --requests must be at least 10\n")
    (tmp_path / "mine.txt").write_text("not a sample")
    occupied = run(main, ["sample", "--people", "20000", "--seed", "1", "--out", str(tmp_path)])
    assert occupied.exit_code == 2
    assert occupied.stderr.count("\n") == 1
    assert (tmp_path / "mine.txt").exists()
    assert "jdl sample --people" in run(main, ["sample", "--help"]).output
