"""What was read of uploads, put into a DuckDB as the sources of the intake's models.

The records go through a file of rows, so that neither memory nor another library holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, cast

from justice_data_lab.intake.contract import INDIVIDUAL_FIELDS
from justice_data_lab.intake.findings import Finding
from justice_data_lab.intake.stores import ESCAPE, ESCAPED, SEPARATOR, SpooledRows
from justice_data_lab.intake.uploads import ReadRequest

_TABLES: Final = """
    create table uploads__requests (
        request_id varchar, form varchar, is_readable boolean, header_row bigint
    );
    create table uploads__service (request_id varchar, question varchar, answer varchar);
    create table found (
        place bigint, request_id varchar, check_id varchar, severity varchar, field varchar,
        message varchar
    );
    create table found_in (place bigint, record_number bigint);
    create view uploads__findings as
        select request_id, record_number, check_id, severity, field, message
        from found inner join found_in using (place)
"""
# bytes of the longest row that is read: two million letters, each of up to four
_LONGEST_LINE: Final = 8_400_000


class Connection(Protocol):
    """What is asked of a connection to a DuckDB, in this process or in a browser."""

    @property
    def description(self) -> Any:
        """The columns of the last result, each with its name first."""
        ...

    def execute(self, query: str, parameters: Any = ...) -> Any:
        """Run SQL; of several statements, the last one's rows can be fetched."""
        ...


def load_uploads(
    connection: Connection, requests: Iterable[ReadRequest], folder: Path
) -> list[str]:
    """Fill the tables of the source ``uploads``; return the requests' ids.

    ``folder`` takes a file with the numbers of the records that have findings. The stores of the
    requests must be ``SpooledRows``, whose files are read when the tables are.
    """
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    selects = [_select_records(None)]
    names, places = [], 0
    with (folder / "numbers").open("w", encoding="utf-8") as numbers:
        for request in requests:
            names.append(request.request_id)
            _insert_request(connection, request)
            part = request.individuals
            if part is not None:
                file = cast(SpooledRows, part.store).path
                selects.append(_select_records(file, request.request_id, request.form))
            for finding in request.log.findings:
                _insert_finding(connection, places, request.request_id, finding)
                listed = finding.numbers if finding.numbers is not None else ("",)
                numbers.writelines(f"{places},{number}\n" for number in listed)
                places += 1
    if places:
        rows = _rows(folder / "numbers", {"place": "bigint", "record_number": "bigint"}, "','")
        connection.execute(f"insert into found_in select * from {rows}")
    selected = " union all ".join(selects)
    connection.execute(f"create view uploads__individuals as {selected}")
    return names


def _insert_request(connection: Connection, request: ReadRequest) -> None:
    part = request.individuals
    if request.is_request:
        connection.execute(
            "insert into uploads__requests values (?, ?, ?, ?)",
            [
                request.request_id,
                request.form,
                part is not None,
                part.header_row if part else None,
            ],
        )
    for question, answer in request.answers.items():
        connection.execute(
            "insert into uploads__service values (?, ?, ?)",
            [request.request_id, question, answer],
        )


def _insert_finding(connection: Connection, place: int, name: str, finding: Finding) -> None:
    connection.execute(
        "insert into found values (?, ?, ?, ?, ?, ?)",
        [place, name, finding.check_id, finding.severity, finding.field, finding.message],
    )


def _select_records(file: Path | None, request_id: str = "", form: str | None = None) -> str:
    columns = ", ".join(f"{_decoded(field)} as {field}" for field in INDIVIDUAL_FIELDS)
    types = {"record_number": "bigint", **dict.fromkeys(INDIVIDUAL_FIELDS, "varchar")}
    if file is None:
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in types.items())
        rows = f"(select {empty}) where false"
    else:
        rows = _rows(file, types, f"chr({ord(SEPARATOR)})")
    return (
        f"select '{request_id}' as request_id, record_number, {columns}, "
        f"'{form}' as source_form from {rows}"
    )


def _rows(file: Path, types: Mapping[str, str], delimiter: str) -> str:
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    path = str(file).replace("'", "''")
    return (
        f"read_csv('{path}', auto_detect = false, header = false, delim = {delimiter}, "
        f"quote = '', escape = '', nullstr = '', columns = {{{columns}}}, parallel = false, "
        f"max_line_size = {_LONGEST_LINE}, buffer_size = {_LONGEST_LINE})"
    )


def _decoded(field: str) -> str:
    escape, text = f"chr({ord(ESCAPE)})", field
    for character, letter in ESCAPED.items():
        text = f"replace({text}, {escape} || '{letter}', chr({ord(character)}))"
    return f"case when contains({field}, {escape}) then {text} else {field} end"
