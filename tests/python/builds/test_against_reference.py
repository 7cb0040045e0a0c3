"""The SQL agrees with the second implementation of the rules on worlds full of edges."""

from pathlib import Path

from builds.conftest import SECRETS, WITHOUT_TESTS, Builder
from reference.compare import compare
from reference.worlds import write_zone


def test_sql_and_reference_agree(dbt: Builder, tmp_path: Path) -> None:
    zone = tmp_path / "zone"
    write_zone(zone, seed=20140401, requests=60)
    build = dbt("build", *WITHOUT_TESTS, zone=zone, secrets=SECRETS)
    assert build.exit_code == 0, build.output
    assert compare(zone, build.folder) == []
