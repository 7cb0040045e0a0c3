"""Who did what: a line each, in order, kept when the disk is full, shown by `jdl log`."""

import json
from pathlib import Path

from click.testing import CliRunner

from builds.conftest import Builder
from justice_data_lab.build import audit
from justice_data_lab.cli import main


def test_a_run_that_publishes_nothing_is_noted_with_its_facts(dbt: Builder) -> None:
    build = dbt("run", "-s", "int_settings", "--vars", "{match_width: 0.3}")
    assert build.exit_code == 0, build.output
    begun, ended = audit.read(build.folder)
    assert (begun.action, begun.outcome) == ("run", "begun")
    assert ended.outcome.startswith("not published: dbt run alone publishes nothing")
    assert ended.counts == {"success": 1}
    assert json.loads(ended.settings) == {"match_width": 0.3}
    assert ended.seconds is not None
    assert {len(digest) for digest in ended.inputs.values()} == {64}
    assert len(ended.code) >= 40 or "justice-data-lab" in ended.code


def test_a_line_that_was_cut_short_loses_no_other(tmp_path: Path) -> None:
    audit.note(tmp_path, "build", "published", counts={"success": 3})
    with (tmp_path / audit.FILE).open("a") as handle:
        handle.write('{"at": "2026\n')
    audit.note(tmp_path, "purge", "gone", counts={"records": 2})
    assert [entry.outcome for entry in audit.read(tmp_path)] == ["published", "gone"]
    assert (tmp_path / audit.FILE).stat().st_mode & 0o777 == 0o600


def test_the_log_is_shown_and_written_whole(tmp_path: Path) -> None:
    audit.note(tmp_path, "build", "published", code="abc", seconds=12.34)
    shown = CliRunner().invoke(
        main, ["log", "--build", str(tmp_path), "--json", str(tmp_path / "log.json")]
    )
    assert shown.exit_code == 0
    (line,) = shown.output.splitlines()
    assert line.endswith("build: published (12 s)")
    (entry,) = json.loads((tmp_path / "log.json").read_text())
    assert (entry["code"], entry["seconds"]) == ("abc", 12.3)
