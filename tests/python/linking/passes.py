"""The deterministic passes of `models/intermediate/linking`, in short, for the bench and the tests.

The first pass that reaches anybody decides; several people are no link (`is_ambiguous`).
"""

import duckdb

from justice_data_lab.linking import LinkInputs, LinkModel, LinkSettings, decide, predict

PASSES = """
with reached as (
    select r.record_number, p.person_id, 1 as pass
    from records as r inner join register as p on r.pncid_key = p.pncid_key
    where r.surname_key = p.surname_key or r.date_of_birth = p.date_of_birth
    union
    select r.record_number, p.person_id, 2 as pass
    from records as r
    inner join prison_numbers as n on r.prison_number_key = n.prison_number_key
    inner join register as p on n.person_id = p.person_id
    where r.surname_key = p.surname_key or r.date_of_birth = p.date_of_birth
    union
    select r.record_number, p.person_id, 3 as pass
    from records as r
    inner join register as p
        on
            r.surname_key = p.surname_key
            and split_part(r.forenames, ' ', 1) = split_part(p.forenames, ' ', 1)
            and r.date_of_birth = p.date_of_birth
    where
        length(r.surname_key) > 1
        and not regexp_full_match(r.forenames, '[A-Z]( [A-Z])*')
        and (r.gender = p.gender or r.gender = 'U' or p.gender = 'U')
        and (
            starts_with(r.forenames || ' ', p.forenames || ' ')
            or starts_with(p.forenames || ' ', r.forenames || ' ')
        )
),

deciding as (
    select * from reached
    qualify pass = min(pass) over (partition by record_number)
)

select
    record_number,
    min(person_id) as person_id,
    count(distinct person_id) > 1 as is_ambiguous
from deciding
group by record_number
"""


def link_exactly(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `exact_links` from `records`, `register` and `prison_numbers`."""
    connection.execute(f"create or replace table exact_links as {PASSES}")


def link_all(
    connection: duckdb.DuckDBPyConnection,
    *,
    nicknames: str,
    model: LinkModel,
    settings: LinkSettings,
    people: int | None = None,
) -> None:
    """Make the tables `candidates`, `decisions` and `links`: the passes, then the link model."""
    link_exactly(connection)
    known = """
        select request_id, record_number, person_id
        from exact_links inner join records using (record_number)
    """
    inputs = LinkInputs("records", "register", "prison_numbers", nicknames, people)
    found = predict(connection, inputs, model, settings, known=known)
    made = {"candidates": found, "decisions": decide(connection, found, settings)}
    for name, table in made.items():
        connection.register("made", table)
        connection.execute(f"create or replace table {name} as select * from made")
        connection.unregister("made")
    connection.execute("""
        create or replace table links as
        select record_number, person_id from exact_links where not is_ambiguous
        union all
        select record_number, person_id from decisions where decision = 'accepted'
    """)


def quality(connection: duckdb.DuckDBPyConnection) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the table `links` against `records.true_person_id`."""
    row = connection.execute("""
        select
            count(links.person_id),
            count(*) filter (links.person_id = records.true_person_id),
            count(*) filter (records.true_person_id > 0)
        from records left join links using (record_number)
    """).fetchone()
    assert row is not None
    linked, right, present = row
    precision, recall = right / max(linked, 1), right / present
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)
