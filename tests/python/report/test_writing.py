"""Where and how the site is written: replaced whole, never over anything else, equal bytes."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main
from justice_data_lab.report import ReportError, write_site
from justice_data_lab.report.printing import find_browser, print_report
from report.published_tables import write_published


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of ten requests, the last of them hostile."""
    folder = tmp_path_factory.mktemp("few")
    write_published(folder / "published.duckdb", 10)
    return folder


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changed(build: Path, tmp_path: Path, *statements: str) -> Path:
    """Return a build whose published tables were changed."""
    folder = tmp_path / "changed"
    folder.mkdir()
    shutil.copy(build / "published.duckdb", folder)
    with duckdb.connect(str(folder / "published.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    return folder


def test_equal_tables_give_equal_bytes(build: Path, site: Path, tmp_path: Path) -> None:
    shuffled = changed(
        build,
        tmp_path,
        "create or replace table outcomes as from outcomes order by hash(measure, request_id)",
        "create or replace table requests as from requests order by hash(request_id)",
        "create or replace table attrition as from attrition order by hash(reason, request_id)",
    )
    write_site(shuffled / "published.duckdb", tmp_path / "again")
    assert fingerprints(tmp_path / "again") == fingerprints(site)


def test_pages_of_requests_that_are_gone_go(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(few / "published.duckdb", out)
    assert (out / "requests" / "hostile_0.html").is_file()
    fewer = changed(few, tmp_path, "delete from requests where request_id = 'hostile_0'")
    write_site(fewer / "published.duckdb", out)
    assert not (out / "requests" / "hostile_0.html").exists()
    assert 'href="requests/hostile_0.html"' not in (out / "index.html").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("place", ["folder", "file", "link"])
def test_nothing_but_a_former_site_is_replaced(few: Path, tmp_path: Path, place: str) -> None:
    out = tmp_path / "out"
    if place == "file":
        out.write_text("mine")
    else:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "letter.txt").write_text("mine")
        (tmp_path / "mine").rename(out) if place == "folder" else out.symlink_to(tmp_path / "mine")
    before = fingerprints(tmp_path)
    result = CliRunner().invoke(main, ["report", "--build", str(few), "--out", str(out)])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "choose another place" in result.stderr
    assert fingerprints(tmp_path) == before


def test_an_empty_folder_is_taken(few: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    result = CliRunner().invoke(
        main, ["report", "--build", str(few), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 0
    assert result.stdout == f"22 pages: {tmp_path / 'out' / 'index.html'}\n"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("drop table outcomes", "the table outcomes is missing; run dbt build to its end"),
        ("alter table power drop column minimum_treated_n", "power lacks minimum_treated_n"),
        ("update requests set request_id = '../etc' where request_id = 'new_leaf'", "an id is not"),
        ("update requests set request_id = 'NEW_leaf' where request_id = 'foundation'", "in case"),
    ],
)
def test_tables_that_cannot_be_used_are_one_line(
    few: Path, tmp_path: Path, statement: str, words: str
) -> None:
    broken = changed(few, tmp_path, statement)
    result = CliRunner().invoke(main, ["report", "--build", str(broken)])
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (broken / "site").exists()


def test_no_build_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["report", "--build", str(tmp_path)])
    assert result.exit_code == 2
    assert "nothing is built there" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_site_without_a_quality_log_and_without_results(few: Path, tmp_path: Path) -> None:
    bare = changed(
        few,
        tmp_path,
        "drop table quality_log",
        *(f"delete from {table}" for table in ("outcomes", "analyses", "attrition", "power")),
        *(f"delete from {table}" for table in ("survival", "covariate_balance", "sensitivity")),
        *(f"delete from {table}" for table in ("findings_summary", "meta_analysis")),
    )
    write_site(bare / "published.duckdb", tmp_path / "out")
    index = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "No request has a result yet." in index
    assert "The build wrote no quality log." in (tmp_path / "out" / "method.html").read_text()


def test_a_failure_leaves_the_former_site(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    write_site(few / "published.duckdb", out)
    before = fingerprints(out)

    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("justice_data_lab.report.writing.render_index", fail)
    with pytest.raises(ReportError, match="No space left"):
        write_site(few / "published.duckdb", out)
    assert fingerprints(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


BROWSER = """#!{python}
import sys
from pathlib import Path

pdf = next(a.removeprefix("--print-to-pdf=") for a in sys.argv if a.startswith("--print-to-pdf="))
text = Path(sys.argv[-1].removeprefix("file://")).read_text("utf-8")
Path(pdf).write_bytes(b"/Type /Pages /Type /Page\\n" + b"/Type /Page " * {more} + text.encode())
"""


def a_browser(folder: Path, more: int = 1) -> str:
    """Return a program that takes a browser's arguments and prints the page's text."""
    program = folder / "chromium"
    program.write_text(BROWSER.format(python=sys.executable, more=more), "utf-8")
    program.chmod(0o755)
    return str(program)


def test_each_report_is_a_pdf_that_leads_nowhere_else(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(few / "published.duckdb", out, browser=a_browser(tmp_path))
    pages = {path.stem: path.read_text("utf-8") for path in (out / "requests").iterdir()}
    printed = {path.stem: path.read_text("utf-8") for path in (out / "downloads").glob("*.pdf")}
    assert len(pages) == 10
    assert printed.keys() == pages.keys()
    for request_id, text in pages.items():
        assert f'href="../downloads/{request_id}.pdf"' in text
        assert 'href="../' not in printed[request_id]
        assert "Annex: every figure, chart and check of this request" in printed[request_id]


def test_a_report_of_three_pages_is_refused_and_the_former_site_stays(
    few: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    write_site(few / "published.duckdb", out)
    before = fingerprints(out)
    with pytest.raises(ReportError, match=r"on 3 pages, not 2"):
        write_site(few / "published.duckdb", out, browser=a_browser(tmp_path, more=2))
    assert fingerprints(out) == before


def test_a_browser_that_fails_or_is_missing_is_one_line(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    with pytest.raises(ReportError, match="did not print"):
        write_site(few / "published.duckdb", out, browser="/bin/false")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    arguments = ["report", "--build", str(few), "--out", str(out), "--pdf"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "a PDF needs one of chromium" in result.output
    assert not out.exists()


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
def test_chromium_prints_a_report_on_two_pages(few: Path, tmp_path: Path) -> None:
    write_site(few / "published.duckdb", tmp_path / "site")
    for request_id in ("foundation", "riverside_arts"):
        pdf = tmp_path / f"{request_id}.pdf"
        print_report(find_browser(), tmp_path / "site" / "requests" / f"{request_id}.html", pdf)
        assert pdf.read_bytes().startswith(b"%PDF")
        assert b"file:" not in pdf.read_bytes()
