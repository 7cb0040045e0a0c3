"""A place of its own for the tables of one linking: a cursor and an in-memory database."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import duckdb
import pyarrow as pa

from justice_data_lab.linking.features import ALIKE, FREQUENCIES, ROOTS
from justice_data_lab.linking.settings import LinkError, LinkInputs, Source

RECORD_COLUMNS = (
    "request_id", "record_number", "forenames", "surname_key", "gender", "date_of_birth",
    "pncid_key", "prison_number_key",
)  # fmt: skip
REGISTER_COLUMNS = (
    "person_id", "forenames", "surname_key", "date_of_birth", "gender", "pncid_key",
)  # fmt: skip


@contextmanager
def workspace(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a cursor whose new tables go to a database of its own, which is gone afterwards.

    Tables of the caller's databases are found under the names by which the caller finds them.
    """
    cursor = connection.cursor()
    name = f"linking_{uuid4().hex}"
    row = connection.execute("select current_database(), current_schema()").fetchone()
    database, schema = row if row else ("memory", "main")
    cursor.execute(f"attach ':memory:' as {name}")
    try:
        cursor.execute(f'set search_path = \'{name}.main,"{database}"."{schema}"\'')
        yield cursor
    finally:
        cursor.execute(f'use "{database}"."{schema}"')
        cursor.execute(f"detach {name}")
        cursor.close()


def select_from(cursor: duckdb.DuckDBPyConnection, source: Source, name: str) -> str:
    """Return the text of a `select` of all columns of a source."""
    if isinstance(source, pa.Table):
        cursor.register(f"{name}_given", source)
        return f"select * from {name}_given"
    if isinstance(source, str):
        return source if " " in source.strip() else f"select * from {source}"
    return str(source.sql_query())


def columns_of(cursor: duckdb.DuckDBPyConnection, select: str, wanted: tuple[str, ...]) -> str:
    """Return a `select` of the wanted columns, or say which are missing."""
    found = {row[0] for row in cursor.execute(f"describe {select}").fetchall()}
    missing = [column for column in wanted if column not in found]
    if missing:
        raise LinkError(f"an input of the linking lacks the columns {', '.join(missing)}")
    return f"select {', '.join(wanted)} from ({select})"


def load_inputs(cursor: duckdb.DuckDBPyConnection, inputs: LinkInputs) -> int:
    """Make the tables and views that everything else reads; return the number of people.

    The records are numbered in the order of their keys; the register is copied with what the
    blocking joins on.
    """
    records = columns_of(cursor, select_from(cursor, inputs.records, "records"), RECORD_COLUMNS)
    cursor.execute(f"""
        create table link_records as
        select row_number() over (order by request_id, record_number) as record_id, *
        from ({records})
    """)
    register = columns_of(
        cursor, select_from(cursor, inputs.register, "register"), REGISTER_COLUMNS
    )
    cursor.execute(f"""
        create table link_register as
        select
            *,
            split_part(forenames, ' ', 1) as forename,
            unicode(surname_key) as surname_first,
            unicode(surname_key[-1]) as surname_last
        from ({register})
    """)
    numbers = columns_of(
        cursor,
        select_from(cursor, inputs.prison_numbers, "prison_numbers"),
        ("person_id", "prison_number_key"),
    )
    cursor.execute(f"""
        create view link_prison_numbers as
        select * from ({numbers}) where person_id is not null and prison_number_key is not null
    """)
    nicknames = columns_of(
        cursor, select_from(cursor, inputs.nicknames, "nicknames"), ("nickname", "name")
    )
    cursor.execute(f"create table link_nicknames as {nicknames}")
    for name, sql in {"link_roots": ROOTS, "link_alike": ALIKE, **FREQUENCIES}.items():
        cursor.execute(f"create table {name} as {sql}")
    if inputs.people is not None:
        return max(inputs.people, 1)
    return max(count(cursor, "select count(distinct person_id) from link_register"), 1)


def count(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return the one number of a query."""
    row = cursor.execute(sql).fetchone()
    return int(row[0]) if row else 0
