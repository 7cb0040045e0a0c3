"""Whatever goes wrong, no value of a row is told outside of ``restricted``, in either target."""

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builds.conftest import REPOSITORY, SECRETS, Build, Builder
from justice_data_lab.build.databases import KEY, open_build
from justice_data_lab.raw_zone import extract_tables
from justice_data_lab.raw_zone.check import check
from raw_zone.conftest import two_rows, write_extract

CANARY = "Quetzalcoatlus"
PROJECT = """
name: provoked
profile: jdl
models: {+materialized: table, +database: restricted}
data_tests: {+store_failures: true, +database: restricted, +schema: audit}
flags: {send_anonymous_usage_stats: false}
"""
COLUMNS = "surname, '12' || surname as text, 9223372036854775807 as big, ['1', surname] as list"
SQL = {
    "date": "select cast(surname as date) as x from {{ ref('people') }}",
    "timestamp": "select cast(text as timestamp) as x from {{ ref('people') }}",
    "time_zone": "select cast(text as timestamptz) as x from {{ ref('people') }}",
    "integer": "select cast(surname as int) as x from {{ ref('people') }}",
    "comparison": "select * from {{ ref('people') }} where surname = 7",
    "decimal": "select cast(text as decimal(5, 2)) as x from {{ ref('people') }}",
    "boolean": "select cast(surname as boolean) as x from {{ ref('people') }}",
    "uuid": "select cast(surname as uuid) as x from {{ ref('people') }}",
    "interval": "select cast(surname as interval) as x from {{ ref('people') }}",
    "list_cast": "select cast(list as int[]) as x from {{ ref('people') }}",
    "struct": "select cast(surname as struct(a int)) as x from {{ ref('people') }}",
    "json": "select cast(surname as json) as x from {{ ref('people') }}",
    "json_path": "select json_extract(surname, '$.a') as x from {{ ref('people') }}",
    "strptime": "select strptime(surname, '%d/%m/%Y') as x from {{ ref('people') }}",
    "pattern": "select regexp_matches('a', surname || '(') as x from {{ ref('people') }}",
    "raised": "select error(surname) as x from {{ ref('people') }}",
    "enum": "select cast(surname as enum ('a', 'b')) as x from {{ ref('people') }}",
    "overflow": "select big * big as x from {{ ref('people') }}",
    "primary_key": (
        '{{ config(post_hook="create unique index provoked on {{ this }} (surname)") }}'
        "select surname from {{ ref('people') }} union all select surname from {{ ref('people') }}"
    ),
    "function": "select pseudonym(surname, null) as x, end_run(surname) from {{ ref('people') }}",
}
PYTHON = {
    "value": "raise ValueError(f'not a date: {name}')",
    "key": "return {}[name]",
    "nested": "try:\n        int(name)\n    except ValueError as error:\n"
    "        raise RuntimeError(name) from error",
    "arrow": "import pyarrow as pa\n    return pa.array([name]).cast(pa.int64())",
    "query": "return session.execute(f\"select cast('{name}' as date)\")",
    "relation": "return session.query('select cast(surname as int) from restricted.main.people')",
    "exit": "raise SystemExit(name)",
    "keys": "import os\n"
    "    raise ValueError(sorted(n for n in os.environ if n.startswith('DBT_ENV_')), name)",
    "group": "raise ExceptionGroup(name, [KeyError(name)])",
}
TESTS = {
    "fails": "select surname from {{ ref('tested') }}",
    "cannot_run": "select cast(surname as int) from {{ ref('tested') }}",
}


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic raw zone of one name."""
    zone = tmp_path_factory.mktemp("zone")
    for table in extract_tables():
        path = zone / f"{table.name}.parquet"
        path.parent.mkdir(exist_ok=True)
        rows = two_rows(table).slice(0, 1 if table.name == "pnc/names" else 0)
        if rows.num_rows:
            place = rows.schema.get_field_index("surname")
            rows = rows.set_column(place, "surname", pa.array([CANARY]))
        pq.write_table(rows, path)
    write_extract(
        zone,
        {"data_as_of": "2014-01-31", "reoffending_data_to": "2013-12-31", "synthetic": True},
    )
    (zone / "uploads").mkdir()
    return zone


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of our profile in which everything fails."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "models").mkdir()
    (folder / "tests").mkdir()
    people = f"select {COLUMNS} from raw.pnc__names"
    (folder / "models" / "people.sql").write_text(people)
    (folder / "models" / "tested.sql").write_text("from {{ ref('people') }}")
    for name, sql in SQL.items():
        (folder / "models" / f"sql_{name}.sql").write_text(sql)
    for name, body in PYTHON.items():
        (folder / "models" / f"python_{name}.py").write_text(
            f"def provoke(dbt, session, name):\n    {body}\n\n\n"
            "def model(dbt, session):\n"
            "    people = dbt.ref('people')\n"
            "    return provoke(dbt, session, people.fetchall()[0][0])\n"
        )
    for name, sql in TESTS.items():
        (folder / "tests" / f"{name}.sql").write_text(sql)
    (folder / "models" / "tested.yml").write_text(
        "models: [{name: tested, columns: [{name: surname, data_tests: ["
        "{accepted_values: {arguments: {values: [a]}}}]}]}]"
    )
    return folder


@pytest.fixture(scope="module", params=["dev", "secure"])
def build(request: pytest.FixtureRequest, dbt: Builder, zone: Path, project: Path) -> Build:
    at = ("--project-dir", str(project), "--profiles-dir", str(REPOSITORY))
    done = dbt(
        *("build", *at, "--target", request.param),
        zone=zone,
        secrets=SECRETS,
    )
    assert done.exit_code == 1, done.output
    return done


def test_everything_failed_and_says_where(build: Build) -> None:
    for name in [*(f"sql_{name}" for name in SQL), *(f"python_{name}" for name in PYTHON)]:
        assert f"Runtime Error in model {name} (models/{name}" in build.output, name
    assert len(SQL) + len(PYTHON) + len(TESTS) + 1 >= 25
    assert "Got 1 result, configured to fail if != 0" in build.output
    assert "ConversionException in a value of column surname at line" in build.output
    assert "ValueError; its text may quote a record" in build.output
    assert "see restricted.audit.errors" in build.output


def test_no_value_is_told(build: Build) -> None:
    told = [
        str(path.relative_to(build.folder))
        for path in build.folder.rglob("*")
        if path.is_file() and CANARY.lower().encode() in path.read_bytes().lower()
    ]
    assert set(told) <= {"restricted.duckdb", "restricted.duckdb.wal"}
    assert CANARY.lower() not in build.output.lower()
    assert "9223372036854775807 *" not in build.output


def test_what_an_engineer_needs_is_in_restricted(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (build.folder / "restricted.duckdb").read_bytes().find(CANARY.encode()) < 0:
        monkeypatch.setenv(KEY, SECRETS[KEY])
    with open_build(build.folder, "restricted") as connection:
        rows = connection.execute("select node, kind, text from restricted.audit.errors").fetchall()
    nodes = {node for node, _, _ in rows}
    assert {f"model.provoked.sql_{name}" for name in SQL} - nodes <= {
        "model.provoked.sql_primary_key"  # a commit, which dbt does not sign
    }
    assert {f"model.provoked.python_{name}" for name in PYTHON} - nodes == {
        *("model.provoked.python_query", "model.provoked.python_relation")  # kept by the query
    }
    assert sum(CANARY in text for _, _, text in rows) >= 20
    (keys,) = [text for node, _, text in rows if node == "model.provoked.python_keys"]
    assert f"ValueError: ([], '{CANARY}')" in keys


def test_files_are_the_owners_and_nothing_is_spilled(build: Build) -> None:
    for path in [build.folder, *build.folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))
    assert not (build.folder / "spill").exists()


def shift_columns(zone: Path) -> None:
    """Put names where codes should be, as a bad export does."""
    offences = next(table for table in extract_tables() if table.name == "pnc/offences")
    rows = two_rows(offences)
    place = rows.schema.get_field_index("offence_code")
    names = pa.array([CANARY, CANARY.upper()])
    pq.write_table(rows.set_column(place, "offence_code", names), zone / "pnc" / "offences.parquet")


def break_plan(zone: Path) -> None:
    (zone / "analysis_plans.csv").write_text(
        "request_id,analysis_id,setting,value,reason\n"
        f"r,{CANARY},match_width,{CANARY},{CANARY}\nr,x,{CANARY},1,{CANARY}\n"
    )


def break_decisions(zone: Path) -> None:
    (zone / "clerical_decisions.csv").write_text(
        "request_id,record_number,pnc_id,decision,reviewer,decided_on\n"
        f"r,{CANARY},{CANARY},{CANARY},{CANARY},{CANARY}\n"
    )


@pytest.mark.parametrize("damage", [shift_columns, break_plan, break_decisions])
def test_no_value_is_told_of_a_zone_that_is_refused(
    zone: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damaged = tmp_path / "zone"
    shutil.copytree(zone, damaged)
    damage(damaged)
    problems = "\n".join(check(damaged, REPOSITORY / "seeds", minimum_found_share=0.0))
    assert "not " in problems
    assert CANARY.lower() not in problems.lower()


def test_rows_of_real_people_are_not_shown(
    dbt: Builder, zone: Path, project: Path, tmp_path: Path
) -> None:
    real = tmp_path / "zone"
    shutil.copytree(zone, real)
    write_extract(real, {"data_as_of": "2014-01-31", "reoffending_data_to": "2013-12-31"})
    at = ("--project-dir", str(project), "--profiles-dir", str(REPOSITORY))
    build = dbt("show", *at, "--inline", "from raw.pnc__names", zone=real, secrets=SECRETS)
    assert build.exit_code != 0
    assert "dbt show writes rows into dbt.log" in build.output
    assert CANARY not in build.output
