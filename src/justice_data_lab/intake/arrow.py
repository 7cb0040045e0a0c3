"""Uploads as four Arrow tables of text, for the build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import pyarrow as pa

from justice_data_lab.intake.contract import INDIVIDUAL_FIELDS
from justice_data_lab.intake.findings import Finding
from justice_data_lab.intake.stores import Cells
from justice_data_lab.intake.uploads import ReadRequest, read_request, read_requests

INDIVIDUALS_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("record_number", pa.int64()),
        *((name, pa.string()) for name in INDIVIDUAL_FIELDS),
        ("source_form", pa.string()),
    ]
)
SERVICE_SCHEMA: Final = pa.schema(
    [("request_id", pa.string()), ("question", pa.string()), ("answer", pa.string())]
)
REQUESTS_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("form", pa.string()),
        ("is_readable", pa.bool_()),
        ("header_row", pa.int64()),
    ]
)
FINDINGS_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("record_number", pa.int64()),
        ("check_id", pa.string()),
        ("severity", pa.string()),
        ("field", pa.string()),
        ("message", pa.string()),
    ]
)
# Arrow's own allocator keeps up to twice as much as it was asked for
_POOL: Final = pa.system_memory_pool()
_SHARED_ROWS: Final = 20_000


@dataclass(frozen=True)
class Uploads:
    """What was read of all uploads, as text.

    ``individuals``: a row for each data row with at least one cell that is not blank, cells as
    found, null where blank. ``service``: one row for each question that was there. ``findings``:
    what is wrong, without values. ``requests``: one row for each request with a valid name;
    ``is_readable`` means that its records could be read, if only in part, and ``header_row`` is
    where their header stands.
    """

    individuals: pa.Table
    service: pa.Table
    findings: pa.Table
    requests: pa.Table


def read_uploads(zone: Path) -> Uploads:
    """Read everything in ``uploads/`` of a raw zone; see ``read_requests``."""
    return _tables(read_requests(zone, ArrowRows))


def read_upload(path: Path) -> Uploads:
    """Read one upload; see ``read_request``."""
    return _tables(read_request(path, ArrowRows))


class ArrowRows:
    """A store in Arrow's own memory: a million records take little more than their text."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._numbers: list[pa.Array] = []
        self._chunks: list[list[pa.Array]] = [[] for _ in fields]

    def add(self, numbers: Sequence[int], columns: Sequence[Cells | None]) -> int:
        """Keep a batch; see ``Store``."""
        self._numbers.append(pa.array(numbers, pa.int64()))
        size = 0
        for cells, chunks in zip(columns, self._chunks, strict=True):
            if cells is None:
                chunk = pa.nulls(len(numbers), pa.string())
            else:
                chunk = pa.array(cells, pa.string(), memory_pool=_POOL)
            chunks.append(chunk)
            size += chunk.nbytes
        return size

    def table(self, request_id: str, form: str | None) -> pa.Table:
        """Return the rows of a request as a table of individuals."""
        numbers = pa.chunked_array(self._numbers, pa.int64())
        n = len(numbers)
        columns = [
            _repeated(request_id, n),
            numbers,
            *(pa.chunked_array(chunks, pa.string()) for chunks in self._chunks),
            _repeated(form, n),
        ]
        return pa.Table.from_arrays(columns, schema=INDIVIDUALS_SCHEMA)


@dataclass
class _Collected:
    """The tables of the requests read so far."""

    individuals: list[pa.Table] = field(default_factory=lambda: [INDIVIDUALS_SCHEMA.empty_table()])
    service: list[pa.Table] = field(default_factory=lambda: [SERVICE_SCHEMA.empty_table()])
    findings: list[pa.Table] = field(default_factory=lambda: [FINDINGS_SCHEMA.empty_table()])
    requests: list[pa.Table] = field(default_factory=lambda: [REQUESTS_SCHEMA.empty_table()])


def _tables(requests: Iterable[ReadRequest]) -> Uploads:
    collected = _Collected()
    for request in requests:
        name, part = request.request_id, request.individuals
        if part is not None:
            rows = cast(ArrowRows, part.store)
            collected.individuals.append(rows.table(name, request.form))
        answers = request.answers
        service = [[name] * len(answers), list(answers), list(answers.values())]
        collected.service.append(pa.table(service, schema=SERVICE_SCHEMA))
        collected.findings += [_found(name, finding) for finding in request.log.findings]
        if request.is_request:
            row = [[name], [request.form], [part is not None], [part.header_row if part else None]]
            collected.requests.append(pa.table(row, schema=REQUESTS_SCHEMA))
    return Uploads(
        individuals=pa.concat_tables(collected.individuals),
        service=pa.concat_tables(collected.service),
        findings=pa.concat_tables(collected.findings),
        requests=pa.concat_tables(collected.requests),
    )


def _found(request_id: str, finding: Finding) -> pa.Table:
    """Return a finding as rows of the findings table, one a record or one of the request."""
    if finding.numbers is None:
        n = 1
        numbers = pa.nulls(1, pa.int64())
    else:
        n = len(finding.numbers)
        numbers = pa.Array.from_buffers(pa.int64(), n, [None, pa.py_buffer(finding.numbers)])
    texts = (finding.check_id, finding.severity, finding.field, finding.message)
    columns = [_repeated(request_id, n), numbers, *(_repeated(text, n) for text in texts)]
    return pa.Table.from_arrays(columns, schema=FINDINGS_SCHEMA)


def _repeated(text: str | None, n: int) -> pa.ChunkedArray:
    """Return a column of one text n times, which takes the memory of its first rows only."""
    block = pa.repeat(pa.scalar(text, pa.string()), min(n, _SHARED_ROWS))
    blocks = [block] * (n // _SHARED_ROWS) if n > _SHARED_ROWS else []
    rest = n - len(blocks) * _SHARED_ROWS
    return pa.chunked_array([*blocks, block.slice(0, rest)], pa.string())
