"""CONTRIBUTING.md says which files a change touches: the changes are made in a copy, literally."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
COPIED = (
    *("src", "seeds", "models", "python_models", "macros", "analyses", "tests"),
    *("CONTRIBUTING.md", "CHANGELOG.md", "dbt_project.yml", "profiles.yml", "pyproject.toml"),
)


def guide(change: str) -> tuple[int, str]:
    """Return the number of files that the guide promises for a change, and its text."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(rf"\*\*{change}\*\* \((\d+) files\)(.*?)(?=\n\*\*|\n## )", text, re.DOTALL)
    assert found is not None, f"the guide has no number of files for {change}"
    return int(found[1]), found[2]


def copy_of_the_project(folder: Path) -> Path:
    """A copy of the project without its data."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "*.egg-info")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_of_the_project(tmp_path)


def run_in(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the package, the tests and the project of the copy."""
    paths = f"{project / 'src'}:{project / 'tests/python'}"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": paths, "DBT_PROFILES_DIR": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_in(project: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    return run_in(project, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests)


def changed(project: Path) -> set[str]:
    """Return the files of the copy that are not those of the project."""
    return {
        str(path.relative_to(project))
        for path in project.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and path.read_bytes() != (ROOT / path.relative_to(project)).read_bytes()
    }


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) >= 1, f"{path.name}: {before!r}"
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_a_measure_on_an_existing_column_is_added_as_the_guide_says(project: Path) -> None:
    promised, text = guide("a measure")
    seed = project / "seeds/reference/measures.csv"
    rows = seed.read_text("utf-8")
    order = rows.count("\n")
    seed.write_text(
        f"{rows}any_summary,{order},Any summary re-offence,the share with a summary re-offence,"
        "percent,binary,reoffences_summary_n,,,all,,true,0,lower,higher,cause,"
        "Share with a proven re-offence of a magistrates' court.,methodology section 6\n",
        "utf-8",
    )
    by_hand = project / "tests/python/statistics/test_outcome_measures.py"
    tests = ("tests/python/statistics/test_outcome_measures.py", "tests/python/statements")
    forgotten = pytest_in(project, *tests)
    assert forgotten.returncode == 1, "a measure without its second computation passes"
    edit(
        by_hand,
        "\n}\n",
        '\n    "any_summary": (\n        lambda row: True,\n'
        '        lambda row: 100.0 * (row["reoffences_summary_n"] > 0),\n    ),\n}\n',
    )
    edit(project / "CHANGELOG.md", "### Added\n", "### Added\n- The measure `any_summary`.\n")
    result = pytest_in(project, *tests, "tests/python/statistics/test_pipeline.py")
    assert result.returncode == 0, result.stdout + result.stderr
    files = changed(project)
    assert len(files) == promised
    assert [name for name in files if name not in text] == []


def test_a_published_column_is_added_as_the_guide_says(project: Path) -> None:
    promised, text = guide("a published column")
    package, marts = project / "src/justice_data_lab", project / "models/marts"
    tests = (
        *("tests/python/statistics/test_pipeline.py", "tests/python/disclosure/test_outcomes.py"),
        *("tests/python/disclosure/test_contracts.py", "tests/python/report/test_wording.py"),
    )
    statistics = package / "statistics/outcomes.py"
    field = '("control_effective_n", pa.float64()),\n'
    edit(statistics, field, f'{field}        ("control_weight_n", pa.float64()),\n')
    edit(
        statistics,
        '        "control_effective_n": effective',
        '        "control_weight_n": float(people.weight[theirs].sum()),\n'
        '        "control_effective_n": effective',
    )
    forgotten = pytest_in(project, *tests)
    assert forgotten.returncode == 1, "a column that no contract names passes"
    control = package / "disclosure/outcomes.py"
    edit(control, field, f'{field}    ("control_weight_n", pa.float64()),\n')
    edit(
        control,
        '"control_events_n", "control_eff',
        '"control_events_n", "control_weight_n", "control_eff',
    )
    edit(
        control,
        "    return rounded\n",
        '    rounded["control_weight_n"] = round_size(figures.get("control_weight_n"), settings)\n'
        "    return rounded\n",
    )
    described = (
        "      - name: control_weight_n\n        data_type: double\n"
        '        description: "Sum of the weights of the controls."\n'
    )
    for contract in ("analysis/outcomes_unrounded.yml", "published/outcomes.yml"):
        path = marts / contract
        path.write_text(path.read_text("utf-8") + described, "utf-8")
    result = pytest_in(project, *tests)
    assert result.returncode == 0, result.stdout + result.stderr
    files = changed(project)
    assert len(files) == promised
    assert [name for name in files if name not in text] == []


ON_THE_DAY_BEFORE = "section_5_a_caution_counts_the_day_before_the_index_case_and_not_on_it"
AFTER_100_DAYS = "a_service_that_starts_over_100_days_after_the_index_date_is_late"


def add_a_covariate(project: Path) -> None:
    """Count the cautions before the index case."""
    histories = project / "models/intermediate/histories"
    criminal = project / "macros/rules/criminal_history.sql"
    edit(
        criminal,
        "        count_if(cases.is_court) as",
        "        count_if(cases.disposal_type = 'caution') as cautions_n,\n"
        "        count_if(cases.is_court) as",
    )
    edit(
        criminal,
        "        coalesce(previous_cases.court_app",
        "        coalesce(previous_cases.cautions_n, 0) as previous_cautions_n,\n"
        "        coalesce(previous_cases.court_app",
    )
    edit(
        criminal,
        "        previous_sanctions_n,\n",
        "        previous_sanctions_n,\n        previous_cautions_n,\n",
    )
    edit(
        histories / "int_histories__criminal.yml",
        "      - name: copas_rate\n",
        "      - name: previous_cautions_n\n        data_type: hugeint\n"
        '        description: "Cautions before the index case."\n      - name: copas_rate\n',
    )
    edit(
        criminal,
        "        'copas_rate': 'criminal.copas_rate',\n",
        "        'copas_rate': 'criminal.copas_rate',\n"
        "        'previous_cautions_n': 'cast(criminal.previous_cautions_n as double)',\n",
    )
    with (project / "seeds/reference/covariates.csv").open("a", encoding="utf-8") as file:
        file.write(
            "previous_cautions_n,36,criminal_history,continuous,,true,"
            "Previous cautions,methodology section 5\n"
        )
    with (histories / "_unit_tests.yml").open("a", encoding="utf-8") as file:
        file.write("""
  - name: section_5_a_caution_counts_the_day_before_the_index_case_and_not_on_it
    description: "Of two people, one with a caution the day before, one with a caution on the day."
    model: int_histories__criminal
    given:
      - input: ref('int_index_events__events')
        rows:
          - {event_id: 1, person_id: 1, case_date: 2015-01-01, index_date: 2015-01-01}
          - {event_id: 2, person_id: 2, case_date: 2015-01-01, index_date: 2015-01-01}
      - input: ref('int_register__people')
        rows:
          - {person_id: 1, date_of_birth: 1980-01-01}
          - {person_id: 2, date_of_birth: 1980-01-01}
      - input: ref('int_register__cases')
        rows:
          - {person_id: 1, case_date: 2014-12-31, disposal_type: caution}
          - {person_id: 2, case_date: 2015-01-01, disposal_type: caution}
      - {input: ref('int_register__proven_offences'), rows: []}
    expect:
      rows:
        - {event_id: 1, previous_cautions_n: 1}
        - {event_id: 2, previous_cautions_n: 0}
""")


def add_a_rule(project: Path) -> None:
    """A service that starts more than 100 days after the index date is excluded."""
    eligibility = project / "models/intermediate/eligibility"
    edit(
        project / "seeds/reference/exclusion_reasons.csv",
        "\n130,",
        "\n125,late_start,index_event_identified,true,"
        "The service started more than 100 days after the index date,our own\n130,",
    )
    edit(
        eligibility / "int_eligibility__flags.sql",
        "    {{ is_excluded_as_sex_offence(\n        'followed', 'sex_offences', 'request",
        "    coalesce(delay_days > 100, false) as late_start,\n"
        "    {{ is_excluded_as_sex_offence(\n        'followed', 'sex_offences', 'request",
    )
    edit(
        eligibility / "int_eligibility__flags.yml",
        "      - name: sex_offence\n",
        "      - name: late_start\n        data_type: boolean\n"
        '        description: "Whether the service started over 100 days after the index date."\n'
        "      - name: sex_offence\n",
    )
    with (eligibility / "_unit_tests.yml").open("a", encoding="utf-8") as file:
        file.write("""
  - name: a_service_that_starts_over_100_days_after_the_index_date_is_late
    description: "On day 100 it is not late, on day 101 it is."
    model: int_eligibility__flags
    given:
      - input: ref('int_intake__requests')
        rows:
          - {request_id: r}
      - input: ref('int_eligibility__request_settings')
        rows:
          - {request_id: r, sex_offence_scope: ever}
      - input: ref('int_intake__records')
        rows:
          - {request_id: r, record_number: 1, start_date: 2015-04-11}
          - {request_id: r, record_number: 2, start_date: 2015-04-12}
      - input: ref('int_linking__links')
        rows:
          - {request_id: r, record_number: 1, person_id: 1}
          - {request_id: r, record_number: 2, person_id: 1}
      - input: ref('int_eligibility__linked_records')
        rows:
          - {request_id: r, record_number: 1, person_id: 1, route: community_sentence}
          - {request_id: r, record_number: 2, person_id: 1, route: community_sentence}
      - {input: ref('int_eligibility__custody_events'), rows: []}
      - input: ref('int_eligibility__community_events')
        rows:
          - {request_id: r, record_number: 1, event_id: 1, has_other_disposal: false, is_referred_before_sentence: false}
          - {request_id: r, record_number: 2, event_id: 1, has_other_disposal: false, is_referred_before_sentence: false}
      - input: ref('int_index_events__events')
        rows:
          - {event_id: 1, person_id: 1, event_type: community_sentence, index_date: 2015-01-01}
      - input: ref('int_index_events__reoffending')
        rows:
          - {event_id: 1}
      - {input: ref('int_register__sex_offences'), rows: []}
      - input: ref('stg_lab__extract')
        rows:
          - {reoffending_data_to: 2016-06-30}
    expect:
      rows:
        - {record_number: 1, delay_days: 100, late_start: false}
        - {record_number: 2, delay_days: 101, late_start: true}
""")  # noqa: E501


def add_the_rule_to_the_second_implementation(project: Path) -> None:
    reference = project / "tests/python/reference/eligibility.py"
    edit(
        reference, '    "sex_offence": 130,\n', '    "late_start": 125,\n    "sex_offence": 130,\n'
    )
    edit(
        reference,
        "    if history.has_sex_offence(settings",
        "    if verdict.delay is not None and verdict.delay > 100:\n"
        '        verdict.outcome = "late_start"\n'
        "    elif history.has_sex_offence(settings",
    )


BUILD_AND_COMPARE = """
import sys
from pathlib import Path

from reference import fuzz
from reference.compare import compare
from reference.placed import write_worlds

zone, folder = map(Path, sys.argv[1:3])
if not zone.exists():
    write_worlds(zone, dict(enumerate(fuzz.draw_worlds(100, 20140401), start=1)))
    chosen = (*fuzz.SELECTION, *sys.argv[3:], "--indirect-selection", "empty")
    fuzz.run_build(zone, folder, fuzz.SMALL, chosen)
for line in compare(zone, folder, fuzz.SMALL):
    print(line.split("\\t")[2])
"""


@dataclass(frozen=True)
class Grown:
    """A copy with a covariate and a rule more, built once and held against the reference."""

    covariate_files: set[str]
    rule_files: set[str]
    forgotten: subprocess.CompletedProcess[str]
    compared: subprocess.CompletedProcess[str]
    folder: Path

    def unit_tests(self) -> set[str]:
        """Return the names of the unit tests that passed."""
        run = json.loads((self.folder / "target/run_results.json").read_text("utf-8"))
        passed = [row["unique_id"] for row in run["results"] if row["status"] == "pass"]
        return {name.rpartition(".")[2] for name in passed if name.startswith("unit_test.")}

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.folder / "restricted.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    project = copy_of_the_project(tmp_path_factory.mktemp("grown"))
    add_a_covariate(project)
    covariate_files = changed(project)
    add_a_rule(project)
    folder = tmp_path_factory.mktemp("build")
    script = ("-c", BUILD_AND_COMPARE, str(folder / "zone"), str(folder / "build"))
    forgotten = run_in(project, *script, ON_THE_DAY_BEFORE, AFTER_100_DAYS)
    assert forgotten.returncode == 0, forgotten.stdout + forgotten.stderr
    add_the_rule_to_the_second_implementation(project)
    compared = run_in(project, *script)
    rule_files = changed(project) - covariate_files
    return Grown(covariate_files, rule_files, forgotten, compared, folder / "build")


def test_a_covariate_is_added_as_the_guide_says(grown: Grown) -> None:
    promised, text = guide("a covariate")
    assert len(grown.covariate_files) == promised
    assert [name for name in grown.covariate_files if name not in text] == []
    assert grown.compared.returncode == 0, grown.compared.stdout + grown.compared.stderr
    assert ON_THE_DAY_BEFORE in grown.unit_tests()
    for table, column in (("fits", "term"), ("balance", "covariate")):
        rows = grown.rows(
            f"select distinct {column} from estimates.int_estimates__analyses__{table}"
        )
        assert ("previous_cautions_n",) in rows
    columns = grown.rows("select previous_cautions_n from intermediate.int_cohorts__covariates")
    assert {0.0, 1.0} <= {value for (value,) in columns}


def test_a_rule_is_added_as_the_guide_says(grown: Grown) -> None:
    promised, text = guide("a rule")
    assert len(grown.rule_files) == promised
    assert [name for name in grown.rule_files if name not in text] == []
    assert AFTER_100_DAYS in grown.unit_tests()
    assert grown.forgotten.stdout != "", "a rule that the second implementation lacks passes"
    assert grown.compared.stdout == "", grown.compared.stdout + grown.compared.stderr
    assert grown.rows(
        "select 1 from intermediate.int_eligibility__reasons where reason = 'late_start'"
    )


def test_the_rules_of_the_seed_are_the_flags_that_are_described() -> None:
    with (ROOT / "seeds/reference/exclusion_reasons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    steps = [int(row["step_number"]) for row in rows]
    assert steps == sorted(set(steps))
    assert min(steps) > 0
    described = (ROOT / "models/intermediate/eligibility/int_eligibility__flags.yml").read_text()
    columns = re.findall(r"- name: (\w+)\n +data_type: boolean", described)
    rules = [row["reason"] for row in rows if row["is_flag"] == "true"]
    assert rules == [name for name in columns if not name.startswith("is_")]


def test_the_files_that_the_guide_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    paths = re.findall(r"`((?:models|macros|seeds|src|tests|docs|python_models)/[\w./-]+)`", text)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
