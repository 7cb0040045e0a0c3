"""Whether a build still holds the bytes of people: what a purge looks for before it ends.

Names, numbers, references and addresses of an upload are looked for in every file of a build, in
capitals or not. What somebody else's rows hold too (a surname of the register) is no trace of this
upload, and is told apart by looking for it in the rows that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from justice_data_lab.build.databases import open_build
from justice_data_lab.build.fingerprints import DATABASES
from justice_data_lab.intake.arrow import read_upload

NAMES: Final = ("surname", "forename")
NUMBERS: Final = ("pncid", "prison_number", "user_reference_1", "user_reference_2")
ADDRESSES: Final = ("contact_email", "alternative_contact")
_SHORTEST: Final = 6
"""Bytes of a value that is looked for; shorter ones are in any file by chance."""
_LONG_NAME: Final = 9
"""Bytes of a name that is looked for in databases, where values stand without a space between."""
_WITHOUT_NAMES: Final = ("site", "releases", "last_run.json", "audit.jsonl")
"""Files of words and figures, where a name may be a word: only numbers are looked for."""
_WHOLE_OR_PART: Final = (
    "lower({}) = lower(wanted.value)",
    "contains(lower({}), lower(wanted.value))",
)
_PIECE: Final = 1 << 23
_START: Final = 3

Values = frozenset[bytes]


def values_of(uploads: Iterable[Path]) -> Values:
    """Return what is looked for of the people in these uploads; letters of ASCII are small."""
    texts: set[str] = set()
    for path in uploads:
        tables = read_upload(path)
        for column in (*NAMES, *NUMBERS):
            texts.update(filter(None, tables.individuals[column].to_pylist()))
        for row in tables.service.to_pylist():
            if row["question"] in ADDRESSES and row["answer"]:
                texts.add(row["answer"])
    values = (form.encode().lower() for text in texts for form in _forms(" ".join(text.split())))
    return frozenset(value for value in values if len(value) >= _SHORTEST)


def _forms(text: str) -> tuple[str, str, str]:
    """Return a text as it was written, in small letters and in capitals, accents among them."""
    return text, text.lower(), text.upper()


def traces(build: Path, values: Values) -> list[Path]:
    """Return the files of a build that hold one of the values, in order."""
    if not values:
        return []
    held = {path: held_in for path in _files(build) if (held_in := _held(build, path, values))}
    if not held:
        return []
    explained = _explained(build, frozenset().union(*held.values()))
    return sorted(path for path, found in held.items() if found - explained)


def _files(build: Path) -> Iterator[Path]:
    yield from (path for path in sorted(build.rglob("*")) if path.is_file())


def _held(build: Path, path: Path, values: Values) -> Values:
    """Return the values that a file holds, of those that tell of a person in such a file."""
    place = path.relative_to(build).parts[0]
    is_database = path.suffix == ".duckdb"
    wanted = [
        value
        for value in values
        if _is_number(value)
        or (len(value) >= _LONG_NAME if is_database else place not in _WITHOUT_NAMES)
    ]
    return frozenset(_search(path, wanted))


def _is_number(value: bytes) -> bool:
    return b"@" in value or any(48 <= byte <= 57 for byte in value)


def _search(path: Path, values: list[bytes]) -> Iterator[bytes]:
    """Yield the values in the bytes of a file: by their first three bytes, and then in full."""
    if not values:
        return
    by_start: dict[bytes, list[bytes]] = {}
    for value in values:
        by_start.setdefault(value[:_SHORTEST], []).append(value)
    is_start = np.zeros(1 << 8 * _START, dtype=bool)
    is_start[[int.from_bytes(start[:_START], "big") for start in by_start]] = True
    overlap = max(map(len, values))
    kept = b""
    with path.open("rb") as handle:
        while read := handle.read(_PIECE):
            piece = kept + read.lower()
            data = np.frombuffer(piece, dtype=np.uint8).astype(np.uint32)
            numbers = (data[:-2] << 16) | (data[1:-1] << 8) | data[2:]
            for place in np.flatnonzero(is_start[numbers]).tolist():
                for value in by_start.get(piece[place : place + _SHORTEST], ()):
                    if piece.startswith(value, place):
                        yield value
            kept = piece[-overlap:]


def _explained(build: Path, values: Values) -> Values:
    """Return the values that rows of other people hold, in whole or as a part."""
    databases = [name for name in DATABASES if (build / f"{name}.duckdb").exists()]
    explained: set[bytes] = set()
    with open_build(build, *databases) as connection:
        columns = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns() "
            "semi join duckdb_tables() using (database_name, schema_name, table_name) "
            "where data_type = 'VARCHAR' and list_contains(?, database_name) "
            "order by schema_name <> 'staging', database_name, schema_name, table_name, "
            "column_name",
            [databases],
        ).fetchall()
        for condition in _WHOLE_OR_PART:
            for column in columns:
                left = sorted(values - explained)
                explained |= _in_column(connection, column, left, condition) if left else set()
    return frozenset(explained)


def _in_column(
    connection: duckdb.DuckDBPyConnection,
    column: tuple[str, str, str, str],
    values: list[bytes],
    condition: str,
) -> set[bytes]:
    texts = [value.decode() for value in values]
    connection.register("wanted", pa.table({"value": texts}))
    database, schema, table, name = column
    compared = condition.format(f'held."{name}"')
    rows = connection.execute(
        f'select wanted.value from wanted semi join {database}."{schema}"."{table}" as held '
        f"on {compared}"
    ).fetchall()
    return {text.encode() for (text,) in rows}
