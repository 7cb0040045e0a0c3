"""Prediction: the people that each record may be about, with the evidence for each.

Splink scores the pairs (match weight = log2 of m over u, summed over the fields, plus the prior).
That weighs a person against chance. Two other explanations of an agreement are weighed beside it,
because chance does not make them: a relative, who shares the surname and now and then (a twin) the
date of birth; and a namesake in the family, who shares the full name. The weight that counts is

    -log2(2^-w_chance + 2^-w_relative + 2^-w_namesake),

the odds of the person against all three together, on the scale of Splink's match weight.
"""

from typing import Any

import duckdb
import pyarrow as pa

from justice_data_lab.linking.blocking import READINGS, candidates_sql
from justice_data_lab.linking.features import side_sql, vocabulary_sql
from justice_data_lab.linking.model import LinkModel
from justice_data_lab.linking.settings import LinkInputs, LinkSettings, Source
from justice_data_lab.linking.splink_quietly import quiet_splink
from justice_data_lab.linking.weights import weighed_sql
from justice_data_lab.linking.workspace import (
    columns_of,
    count,
    load_inputs,
    select_from,
    workspace,
)

_KNOWN_PAIRS = """
    select distinct
        r.reading_id,
        p.row_id
    from link_known as wanted
    inner join link_readings as r
        on wanted.request_id = r.request_id and wanted.record_number = r.record_number
    inner join link_rows as p on wanted.person_id = p.person_id
    where r.name_order = 'given'
"""
_NO_PAIRS = "select null as request_id, null as record_number, null as person_id where false"

_CANDIDATES = """
    select
        row_number() over () as candidate_id,
        'given' as name_order,
        pairs.reading_id,
        link_readings.record_id,
        link_register.*,
        link_prison_numbers.prison_number_key
    from ({pairs}) as pairs
    inner join link_readings on pairs.reading_id = link_readings.reading_id
    inner join link_register on pairs.row_id = link_register.rowid
    left join link_prison_numbers
        on
            case
                when link_readings.prison_number_key is not null then link_register.person_id
            end = link_prison_numbers.person_id
"""


def _prepare(cursor: duckdb.DuckDBPyConnection, known: str) -> None:
    """Make readings and candidates: the known pairs, and for other records those to compare."""
    cursor.execute(f"create table link_readings as {READINGS}")
    cursor.execute("create view link_rows as select rowid as row_id, * from link_register")
    cursor.execute("""
        create view link_prisoners as
        select link_rows.*, link_prison_numbers.prison_number_key
        from link_prison_numbers
        inner join link_rows on link_prison_numbers.person_id = link_rows.person_id
    """)
    cursor.execute(f"create table link_known as {known}")
    cursor.execute("""
        create table link_sought as
        select * from link_readings anti join link_known using (request_id, record_number)
    """)
    has_pncids, has_prison_numbers = (
        count(cursor, f"select count({column}) from link_sought") > 0
        for column in ("pncid_key", "prison_number_key")
    )
    found = candidates_sql(has_pncids=has_pncids, has_prison_numbers=has_prison_numbers)
    pairs = f"{_KNOWN_PAIRS} union all {found}"
    cursor.execute(f"create table link_candidates as {_CANDIDATES.format(pairs=pairs)}")


def _make_sides(cursor: duckdb.DuckDBPyConnection, people: int) -> None:
    vocabulary = vocabulary_sql("link_readings", "link_candidates")
    cursor.execute(f"create table link_vocabulary as {vocabulary}")
    cursor.execute("""
        create view link_used as
        select * from link_readings
        where reading_id in (select reading_id from link_candidates)
    """)
    for table, key in (("link_used", "reading_id"), ("link_candidates", "candidate_id")):
        cursor.execute(f"create table {table}_side as {side_sql(table, key, people=people)}")


def _splink_predict(
    cursor: duckdb.DuckDBPyConnection, model: LinkModel, settings: LinkSettings, people: int
) -> str:
    """Score the candidates with Splink; return the name of the table of predictions."""
    chance = settings.expected_match_rate / people
    saved = {
        **model.settings,
        "probability_two_random_records_match": chance,
        "retain_matching_columns": True,
    }
    with quiet_splink() as splink:
        api = splink.DuckDBAPI(cursor)
        sides = [
            api.register(f"{table}_side", dataset_display_name=table)
            for table in ("link_used", "link_candidates")
        ]
        linker = splink.Linker(sides, saved)
        cursor.execute("""
            create table link_pairs as
            select
                '0' as match_key,
                'link_used-__-' || reading_id as join_key_l,
                'link_candidates-__-' || candidate_id as join_key_r
            from link_candidates
        """)
        linker.table_management.register_blocked_pairs_for_predict(api.register("link_pairs"))
        predicted: Any = linker.inference.predict(warning_mode="never")
    return str(predicted.physical_name)


def predict(
    connection: duckdb.DuckDBPyConnection,
    inputs: LinkInputs,
    model: LinkModel,
    settings: LinkSettings | None = None,
    *,
    known: Source | None = None,
) -> pa.Table:
    """Find and score the people that each record may be about.

    One row per record and person whose match weight reaches the floor, the person's best name row
    and the better reading of the record: request_id, record_number, person_id, match_weight (bits),
    match_probability (0 to 1), is_acceptable (an identifier agrees, and so do names and date on the
    whole; or a date of birth agrees and there is more than initials), is_identified, is_dated,
    is_only_namesake (a date of birth is missing, nobody else has the full name and another field
    agrees); chance_weight, relative_weight and namesake_weight, of which match_weight is made;
    name_order, forenames, surname_key and date_of_birth of that name row; the evidence, the weight
    of each field in bits (`<field>_weight`); and is_known.

    `known` pairs (request_id, record_number, person_id), such as the deterministic links, are
    scored whatever their weight, and nobody else is looked for on behalf of their records.

    >>> predict(connection, inputs, load_model(), LinkSettings(), known="deterministic_links")
    """
    settings = settings or LinkSettings()
    with workspace(connection) as cursor:
        people = load_inputs(cursor, inputs)
        given = select_from(cursor, _NO_PAIRS if known is None else known, "known")
        wanted = columns_of(cursor, given, ("request_id", "record_number", "person_id"))
        _prepare(cursor, wanted)
        _make_sides(cursor, people)
        predicted = _splink_predict(cursor, model, settings, people)
        return cursor.execute(
            weighed_sql(predicted, model=model, settings=settings)
        ).to_arrow_table()
