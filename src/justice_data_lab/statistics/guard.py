"""A request fails alone: what goes wrong inside one analysis ends that analysis, and no other."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

FAILURES_SCHEMA = pa.schema(
    [
        ("stage", pa.string()),
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("exception", pa.string()),
        ("raised_in", pa.string()),
        ("message", pa.string()),
    ]
)
_PACKAGE = Path(__file__).resolve().parents[1]
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


class AnalysisError(Exception):
    """An analysis that gave no answer; the text holds no value of a person."""


class NotConvergedError(AnalysisError):
    """A fit that did not reach its maximum, with a ridge or without."""


class NotFiniteError(AnalysisError):
    """A figure that came out as no finite number."""


@dataclass
class Failures:
    """What went wrong in one stage of the statistics: one row per analysis that it ended.

    stage: the step of the work, e.g. ``fits``. analysis_id is null where the request as a whole
    failed, request_id where a pool of requests did. raised_in: module, line and function.
    """

    stage: str
    rows: list[dict[str, object]] = field(default_factory=list)

    def record(self, key: Sequence[str | None], error: Exception) -> None:
        """Add a failure; the text of an exception that is not ours may quote a value: it goes."""
        is_ours = isinstance(error, AnalysisError)
        request_id, analysis_id = (*key, None)[:2]
        self.rows.append(
            {
                "stage": self.stage,
                "request_id": request_id,
                "analysis_id": analysis_id,
                "exception": type(error).__name__,
                "raised_in": raised_in(error),
                "message": str(error) if is_ours else "The calculation stopped with an error.",
            }
        )

    def table(self) -> pa.Table:
        """Return the failures as a table."""
        return pa.Table.from_pylist(self.rows, schema=FAILURES_SCHEMA)

    def store(self, session: Any, model: Any) -> None:
        """Keep the failures beside the table of a dbt model: ``<model>__failures``.

        session: the model's connection. model: ``dbt.this``. A model gives dbt one table only.
        """
        session.register("failures_of_stage", self.table())
        name = _stored(model, model.identifier)
        session.execute(f"create or replace table {name} as select * from failures_of_stage")
        session.unregister("failures_of_stage")


def stored_failures(session: Any, model: Any, stages: Sequence[str]) -> pa.Table:
    """Return the failures that other dbt models of this one's schema stored, each once.

    Several tests of one request may fail alike, and a failure names the request alone.
    """
    tables = [
        session.execute(
            f"select distinct * from {_stored(model, stage)} order by all"
        ).to_arrow_table()
        for stage in stages
    ]
    return pa.concat_tables([table.cast(FAILURES_SCHEMA) for table in tables])


def _stored(model: Any, name: str) -> str:
    return f'"{model.database}"."{model.schema}"."{name}__failures"'


def without_failed(rows: Any, failures: Any) -> Any:
    """Return the rows (a relation) of the analyses that no stage before has ended."""
    return rows.join(failures, "request_id, analysis_id", how="anti")


def run_analysis(
    failures: Failures | None,
    key: Sequence[str | None],
    work: Callable[_Arguments, _Result],
    *arguments: _Arguments.args,
    **named: _Arguments.kwargs,
) -> _Result | None:
    """Do the work of one analysis; None where it failed, which is then one of the failures.

    key: request_id and analysis_id (or less, see ``Failures``). failures: None lets an exception
    through, for callers with one analysis of their own.
    """
    if failures is None:
        return work(*arguments, **named)
    try:
        return work(*arguments, **named)
    except Exception as error:  # whatever it is, the other requests go on
        failures.record(key, error)
        return None


def each_request(failures: Failures, work: Callable[..., pa.Table], *tables: pa.Table) -> pa.Table:
    """Return what the work makes of all requests; where it raises, of one request after another.

    work: makes the rows of a request from the rows of that request in the tables, ordered by
    request_id. A request of which it raises is one of the failures, and has no row.
    """
    try:
        return work(*tables)
    except Exception:  # whatever it is, the other requests go on
        made = [work(*(_of_request(table, None) for table in tables))]
        requests = {
            request_id
            for table in tables
            if "request_id" in table.column_names
            for request_id in table["request_id"].unique().to_pylist()
        }
        for request_id in sorted(requests):
            own = [_of_request(table, request_id) for table in tables]
            rows = run_analysis(failures, (request_id,), work, *own)
            made += [] if rows is None else [rows]
        return pa.concat_tables(made)


def keep_each_request(
    session: Any, model: Any, work: Callable[..., pa.Table], *tables: pa.Table
) -> pa.Table:
    """Return the table of a dbt model of the publishing, its failures kept beside it.

    session: the model's connection. model: ``dbt.this``; the stage has its name without ``int_``.
    work, tables: see ``each_request``.
    """
    failures = Failures(model.identifier.removeprefix("int_").replace("__", "_"))
    made = each_request(failures, work, *tables)
    failures.store(session, model)
    return made


def _of_request(table: pa.Table, request_id: str | None) -> pa.Table:
    """Return the rows of a request, or none; all of a table that is of no request."""
    if "request_id" not in table.column_names:
        return table
    if request_id is None:
        return table.slice(0, 0)
    return table.filter(pc.equal(table["request_id"], request_id))


def require_finite(rows: Sequence[Mapping[str, object]]) -> None:
    """Raise NotFiniteError where a figure is infinite or not a number; null is an answer."""
    for row in rows:
        for name, value in row.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise NotFiniteError(f"{name} is not a finite number")


def raised_in(error: BaseException, *, ignored: Path | None = None) -> str:
    """Return where in the package an exception began: no path of a machine, no value.

    ignored: a file of the package that only hands exceptions on. Empty where it began elsewhere.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename).resolve()
        if _PACKAGE in path.parents and path != ignored:
            module = path.relative_to(_PACKAGE).with_suffix("").as_posix().replace("/", ".")
            return f"{module}:{frame.lineno} {frame.name}"
    return ""
