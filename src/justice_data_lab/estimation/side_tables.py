"""The tables that one dbt model keeps beside its own: dbt takes one table from a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

ROWS_HELD = 200_000


class SideTables:
    """Tables named ``<model>__<name>``, filled bit by bit.

    Small parts are held until there are ``ROWS_HELD`` rows, so that a table is not written a few
    rows at a time.
    """

    def __init__(self, session: Any, model: Any, schemas: Mapping[str, pa.Schema]) -> None:
        """Make the tables anew, without rows. session: the connection. model: ``dbt.this``."""
        self._session, self._model, self._schemas = session, model, schemas
        self._held: dict[str, list[pa.Table]] = {name: [] for name in schemas}
        for name, schema in schemas.items():
            self._write("create or replace table {} as", name, schema.empty_table())

    def append(self, name: str, part: pa.Table) -> None:
        """Add rows to a table."""
        held = self._held[name]
        held.append(part)
        if sum(table.num_rows for table in held) >= ROWS_HELD:
            self._flush(name)

    def finish(self) -> None:
        """Write what is held."""
        for name in self._schemas:
            self._flush(name)

    def _flush(self, name: str) -> None:
        parts, self._held[name] = self._held[name], []
        if parts:
            self._write("insert into {}", name, pa.concat_tables(parts))

    def _write(self, statement: str, name: str, rows: pa.Table) -> None:
        model = self._model
        table = f'"{model.database}"."{model.schema}"."{model.identifier}__{name}"'
        self._session.register("rows_beside", rows)
        self._session.execute(f"{statement.format(table)} from rows_beside")
        self._session.unregister("rows_beside")
