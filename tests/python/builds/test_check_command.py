"""`jdl check`, `jdl template` and `jdl reply`: the same findings as the build, in three forms."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from builds.conftest import SAMPLE, Build
from justice_data_lab.cli import main
from justice_data_lab.replies.checking import check_upload

REPOSITORY = Path(__file__).parents[3]
HEADER = "surname,forename,date_of_birth,gender,intervention_start_date\n"
SERVICE = (
    "question,answer\norganisation,A\nservice_name,B\nsector,public\nneed,other\ndescription,C\n"
    "delivered_in,community\nindex_event,either\nreferral_routes,D\n"
    "start_relative_to_sentence,E\ndate_meaning,F\nrepeat_receipt_usual,no\n"
    "governance_approved,yes\nconditions_accepted,yes\ncontact_email,a@b.invalid\n"
    "alternative_contact,G\nsubmitted_on,2015-03-01\n"
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def upload(folder: Path, records: int = 60, service: str = SERVICE, extra: str = "") -> Path:
    folder.mkdir(parents=True)
    rows = "".join(f"Smith,Anna{'b' * i},01/02/1980,f,2014-05-06\n" for i in range(records))
    (folder / "individuals.csv").write_text(HEADER + rows + extra, "utf-8")
    (folder / "service.csv").write_text(service, "utf-8")
    return folder


def test_an_upload_in_order_passes(tmp_path: Path) -> None:
    result = run("check", upload(tmp_path / "R"))
    assert result.exit_code == 0, result.output
    assert "This request can be analysed as it stands." in result.stdout


def test_findings_give_status_1_and_the_same_reply_in_three_forms(tmp_path: Path) -> None:
    folder = upload(tmp_path / "R", records=47, extra="Mac Kay,J,31/02/1980,x,06/05/0080\n")
    result = run("check", folder, "--json", tmp_path / "r.json", "--html", tmp_path / "r.html")
    assert result.exit_code == 1
    reply = json.loads((tmp_path / "r.json").read_text("utf-8"))
    failed = {problem["check_id"]: problem for problem in reply["errors"] + reply["warnings"]}
    assert set(failed) == {
        "too_few_records",
        "initials_only",
        "date_of_birth_unreadable",
        "gender_unknown",
        "service_date_unreadable",
        "optional_column_missing",
    }
    consequences = {check for problem in failed.values() for check in problem["covers"]}
    assert "no_identifiers" in consequences
    too_few = failed["too_few_records"]
    assert (too_few["counted_n"], too_few["limit_n"], too_few["by_n"]) == (48, 60, 12)
    assert all(failed[check]["record_ranges"] == [[48, 48]] for check in failed if "date_" in check)
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "12 more" in page
    for value in ("Mac Kay", "Smith", "1980", "0080"):
        assert value not in page + result.stdout + (tmp_path / "r.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "missing"), "missing: there is no upload here"),
        (("template", "template.xls"), "the template is a workbook; end its name in .xlsx"),
        (("template", "no/such/folder/t.xlsx"), "could not be written"),
        (("reply", "--build", "nothing"), "nothing is built there; run dbt build first"),
    ],
)
def test_what_cannot_run_says_why_in_one_line(
    arguments: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_json_that_cannot_be_written_is_no_finding(tmp_path: Path) -> None:
    folder = upload(tmp_path / "R")
    result = run("check", folder, "--json", tmp_path / "no" / "such" / "r.json")
    assert result.exit_code == 2
    assert "could not be written" in result.stderr


def test_the_template_of_the_repository_is_the_one_that_is_written(tmp_path: Path) -> None:
    assert run("template", tmp_path / "t.xlsx").exit_code == 0
    kept = REPOSITORY / "data" / "template" / "data-upload-template.xlsx"
    assert (tmp_path / "t.xlsx").read_bytes() == kept.read_bytes()
    reply = check_upload(tmp_path / "t.xlsx")
    assert reply.verdict == "stopped"
    assert not [problem for problem in reply.errors if problem.level == "file"]


@pytest.mark.parametrize("request_id", sorted(path.name for path in (SAMPLE / "uploads").iterdir()))
def test_a_check_says_what_the_build_says(request_id: str, sample_build: Build) -> None:
    reply = check_upload(SAMPLE / "uploads" / request_id)
    problems = reply.errors + reply.warnings
    checked = {(p.check_id, p.severity, p.records_n) for p in problems}
    built = sample_build.rows(
        "analysis",
        "select check_id, severity, count(record_number) from upload_findings "
        f"where request_id = '{request_id}' group by all",
    )
    # an entry that covers others has their records too
    joined = {check_id for p in problems for check_id in (p.check_id, *p.covers) if p.covers}
    assert {c for c in checked if c[0] not in joined} == {b for b in built if b[0] not in joined}
    assert joined <= {check_id for check_id, _, _ in built}
    submitted = sample_build.rows(
        "analysis", f"select submitted_n from request_lives where request_id = '{request_id}'"
    )
    assert [(reply.records_n,)] == submitted


def test_each_request_of_a_build_has_a_reply(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.folder / "analysis.duckdb", tmp_path)
    (tmp_path / "replies").mkdir(mode=0o755)
    result = run("reply", "--build", tmp_path)
    assert result.exit_code == 0, result.stderr
    pages = sorted(path.stem for path in (tmp_path / "replies").iterdir())
    assert pages == sorted(path.name for path in (SAMPLE / "uploads").iterdir())
    assert (tmp_path / "replies").stat().st_mode & 0o077 == 0
    unknown = run("reply", "nobody", "--build", tmp_path)
    assert unknown.exit_code == 2
    assert "no such request" in unknown.stderr


def test_a_database_without_the_tables_is_no_build(tmp_path: Path) -> None:
    duckdb.connect(tmp_path / "analysis.duckdb").close()
    for requests in ((), ("R",)):
        result = run("reply", *requests, "--build", tmp_path)
        assert result.exit_code == 2
        assert "run dbt build" in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_file_of_the_folder_has_the_dates_of_its_zone(tmp_path: Path) -> None:
    (tmp_path / "extract.json").write_bytes((SAMPLE / "extract.json").read_bytes())
    folder = upload(tmp_path / "uploads" / "R")
    whole = check_upload(folder)
    assert "outside_period" in {problem.check_id for problem in whole.warnings}
    assert check_upload(folder / "individuals.csv") == whole


def test_a_withdrawn_upload_is_not_called_ready(tmp_path: Path) -> None:
    service = SERVICE + "withdrawn_on,2015-04-01\n"
    result = run("check", upload(tmp_path / "R", service=service))
    assert result.exit_code == 0
    assert "This request was withdrawn." in result.stdout


def test_an_encrypted_build_needs_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBT_ENV_SECRET_JDL_KEY", raising=False)
    (tmp_path / "analysis.duckdb").write_bytes(b"no database at all, or an encrypted one")
    result = run("reply", "--build", tmp_path)
    assert result.exit_code == 2
    assert "set DBT_ENV_SECRET_JDL_KEY" in result.stderr
