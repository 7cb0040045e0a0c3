"""`jdl summary`: of what is published, or of a run that published nothing."""

from pathlib import Path

import duckdb
from click.testing import CliRunner

from justice_data_lab.cli import main

TABLES = """
create table requests as select 'alpha' as request_id, 80 as submitted_n,
    null::varchar as status_reason, 'analysed' as status;
create table outcomes as select 'alpha' as request_id, 'headline' as analysis_id,
    'rate' as measure, 60 as treated_n, 40.0 as treated_value, 45.0 as control_value,
    -5.0 as difference, -9.0 as difference_lower, -1.0 as difference_upper,
    'decrease' as conclusion;
"""


def test_untested_figures_are_shown_when_asked_for_and_say_so(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "published_work.duckdb")) as connection:
        connection.execute(TABLES)
    run = CliRunner().invoke
    asked = run(main, ["summary", "--build", str(tmp_path), "--untested"])
    assert asked.exit_code == 0, asked.output
    assert "-5.0 (-9.0 to -1.0)" in asked.stdout
    assert "Not published" in asked.stderr
    assert run(main, ["summary", "--build", str(tmp_path)]).exit_code == 2
