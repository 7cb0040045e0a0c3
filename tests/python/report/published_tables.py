"""A published.duckdb with plausible made-up figures, for everything that reads one.

`write_published(path)` writes every table of the published database: requests of all statuses,
decreases, increases, inconclusive and withheld results, suppressed rows with their codes, and
organisations whose names are attacks on pages, spreadsheets and databases. Nothing is computed
from people: the figures only have the shape, rounding and consistency of real ones. The same
arguments give the same rows.

    python -m report.published_tables FOLDER [REQUESTS]     (in tests/python)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb

from justice_data_lab.statements import statements_table, target_trial_table
from report import published_values as values
from report.published_shapes import published_shapes

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "{{ 7*7 }}",
    "'; drop table requests; --",
    "A very long name of an organisation " * 12,
    "مؤسسة إعادة التأهيل \u202e desrever",
    '"><img src=x onerror=alert(1)>&amp;',
    "[click](http://evil.example)",
    "]]>",
    "$$$note$$",
    "更生保護",
)
"""Names that must appear as these letters, everywhere."""

SECTORS = ("voluntary_community", "public", "private", "educational")
NEEDS = (
    *("accommodation", "employment", "education", "finance", "relationships"),
    *("attitudes", "drugs", "alcohol", "health", "other"),
)


@dataclass(frozen=True)
class Request:
    """One request: who, what, how many people, and how much re-offending differs (points)."""

    request_id: str
    organisation: str
    service_name: str
    sector: str
    need: str
    status: str
    delivered_in: str = "community"
    submitted_n: int = 400
    analysed_n: int | None = None
    points: float = 0.0
    status_reason: str | None = None
    review_due_on: str | None = None


_VCS, _PUBLIC, _PRIVATE, _EDUCATIONAL = SECTORS
NAMED = (
    Request(
        *("foundation", "Foundation", "Housing related support", _VCS, "accommodation"),
        *("published", "community", 1245, 255, 2.0),
    ),
    Request(
        *("pathways_to_work", "Pathways Employment Trust", "Pathways to Work", _VCS),
        *("employment", "in_review", "community", 1590, 850, -8.0),
        review_due_on="2014-04-28",
    ),
    Request(
        *("castlemere", "Castlemere College", "Castlemere Workshops", _EDUCATIONAL),
        *("education", "analysed", "custody", 410, 300, -7.5),
    ),
    Request(
        *("second_look", "Ardent Behaviour Services Ltd", "Second Look", _PRIVATE),
        *("attitudes", "published", "community", 775, 520, 6.5),
    ),
    Request(
        *("straight_line", "Brackenfield Borough Council", "Straight Line", _PUBLIC),
        *("drugs", "analysed", "through_the_gate", 470, 150, -2.5),
    ),
    Request(
        *("riverside_arts", "Riverside Arts Collective", "Riverside Studio", _VCS),
        *("other", "not_answerable", "community", 45),
        status_reason="too_few_records",
    ),
    Request(
        *("harbour_lettings", "Harbour Lettings Trust", "Harbour Keys", _PRIVATE),
        *("accommodation", "not_answerable", "community", 70),
        status_reason="too_few_eligible",
    ),
    Request(
        *("clear_start", "Clear Start Health Partnership", "Clear Start", _PUBLIC),
        *("health", "withdrawn", "community", 80),
    ),
    Request(
        *("new_leaf", "New Leaf Families", "New Leaf", _VCS, "relationships", "received"),
        *("custody", 190),
    ),
)


def requests_of(requests_n: int | None = None) -> list[Request]:
    """Return the named requests, one for each hostile name, and made-up ones up to a number."""
    hostile = [
        Request(
            *(f"hostile_{number}", name, name, SECTORS[number % 4], NEEDS[number % 10]),
            *(("published", "analysed")[number % 2], "community", 300, 120, 4.0 * number - 12),
        )
        for number, name in enumerate(HOSTILE)
    ]
    requests = [*NAMED, *hostile]
    if requests_n is None or requests_n <= len(requests):
        return requests[:requests_n]
    chance = Random(11)
    for number in range(requests_n - len(requests)):
        analysed = chance.randrange(40, 1500, 5)
        requests.append(
            Request(
                *(f"made_up-{number:03}", f"Organisation {number}", f"Service {number}"),
                *(SECTORS[number % 4], NEEDS[(number * 7) % 10], "analysed", "community"),
                *(analysed * 2, analysed, round(chance.gauss(-1.5, 4), 1)),
            )
        )
    return requests


def write_published(
    path: Path, requests_n: int | None = None, *, disclosure_control: bool = True
) -> list[Request]:
    """Write the database at ``path`` (which must not exist) and return its requests."""
    requests = requests_of(requests_n)
    rows = values.rows_of(requests, disclosure_control=disclosure_control)
    with duckdb.connect(str(path)) as connection:
        for table, columns in published_shapes().items():
            typed = ", ".join(f"{name} {data_type}" for name, data_type in columns.items())
            connection.execute(f"create table {table} ({typed})")
            if rows.get(table):
                _insert(connection, table, list(columns), rows[table])
        _add_statements(connection)
        _add_target_trials(connection)
    return requests


def _add_statements(connection: duckdb.DuckDBPyConnection) -> None:
    """Say of the made-up figures what the package says of real ones."""
    names = ("requests", "outcomes", "suggested_analyses", "resubmissions")
    tables = {name: connection.execute(f"from {name}").to_arrow_table() for name in names}
    gates = connection.execute("from diagnostics_gate").to_arrow_table()
    statements = statements_table(**tables, gates=gates)
    connection.register("made", statements)
    connection.execute("insert into statements select * from made")
    connection.unregister("made")


def _add_target_trials(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the cards of the made-up requests as the package writes those of real ones."""
    settings = connection.execute(
        "select request_id, delivered_in, "
        "if(delivered_in = 'community', 'community_sentence', 'prison_release') as index_event, "
        "'yes' as governance_approved, 'yes' as conditions_accepted, 6 as window_months, "
        "12 as follow_up_months, 6 as waiting_months, true as is_tilted, 5 as count_rounding, "
        "0 as plan_settings_n, date '2013-12-31' as data_as_of, "
        "date '2012-12-31' as reoffending_data_to from requests where analysed_n is not null"
    ).to_arrow_table()
    names = (
        *("requests", "analyses", "attrition", "pool_attrition", "outcomes"),
        *("pre_service_check", "diagnostics_gate", "sensitivity"),
    )
    tables = [connection.execute(f"from {name}").to_arrow_table() for name in names]
    connection.register("made", target_trial_table(settings, *tables))
    connection.execute("insert into target_trial select * from made")
    connection.unregister("made")


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[str],
    rows: list[tuple[object, ...]],
) -> None:
    """Insert in statements of many rows: one statement a row takes minutes for 100 requests.

    A column at the end of a contract for which no value is made up yet is null.
    """
    at_once = 200
    given = ", ".join(columns[: len(rows[0])])
    marks = ", ".join("?" for _ in rows[0])
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        places = ", ".join(f"({marks})" for _ in part)
        connection.execute(
            f"insert into {table} ({given}) values {places}",
            [value for row in part for value in row],
        )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else None
    write_published(folder / "published.duckdb", wanted)
