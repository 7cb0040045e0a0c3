"""Each extract of the raw zone as one SQL select, with the types of the contract."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from justice_data_lab.raw_zone.contract import Column, extract_tables
from justice_data_lab.raw_zone.reading import files, read_extract


def views(zone: Path) -> Iterator[tuple[str, str]]:
    """Yield (view name, select) for each extract that has all its columns, and for extract.json.

    A table that is missing, unreadable or short of a column is left out: ``check`` names it.
    The name is ``<source>__<table>``, as in ``pnc__offences``.
    """
    for table in extract_tables():
        try:
            paths = files(zone, table.name)
            found = set(pq.read_schema(paths[0]).names)
        except (OSError, ValueError, IndexError):
            continue
        if not {column.name for column in table.columns} <= found:
            continue
        listed = ", ".join(_literal(str(path.resolve())) for path in paths)
        columns = ", ".join(f"{_cast(column)} as {column.name}" for column in table.columns)
        yield (
            table.name.replace("/", "__"),
            f"select {columns} from read_parquet([{listed}], hive_partitioning = false)",
        )
    try:
        extract = read_extract(zone)
    except (OSError, ValueError):
        return
    yield (
        "lab__extract",
        f"select date '{extract.data_as_of}' as data_as_of, "
        f"date '{extract.reoffending_data_to}' as reoffending_data_to, "
        f"{str(extract.is_synthetic).lower()} as is_synthetic, "
        f"{_literal(extract.contact) if extract.contact else 'cast(null as varchar)'} as contact",
    )


def _cast(column: Column) -> str:
    """Return the column in its contract's type; a NaN stands for a missing number and is null."""
    if column.type == "INTEGER":
        return f"cast(nullif(try_cast(\"{column.name}\" as double), 'nan') as integer)"
    return f'cast("{column.name}" as {column.type})'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
