"""What is held for too long is listed at the end of a build, each with its purge."""

import pytest

from builds.conftest import WITHOUT_TESTS, Build, Builder
from justice_data_lab.build import audit

READ = ("build", *WITHOUT_TESTS, "-s", "+int_intake__requests", "stg_lab__releases")


@pytest.fixture(scope="module")
def build(dbt: Builder, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The sample, whose requests were sent in by 2013, with one release in the far future."""
    folder = tmp_path_factory.mktemp("retention")
    (folder / "releases").mkdir()
    (folder / "releases" / "register.csv").write_text(
        "version,request_id,released_on\n1,foundation,2060-01-01\n1,money_matters,2001-01-01\n"
        "2,money_matters,2060-01-01\n"
    )
    return dbt(*READ, "--vars", "{retention_days: 30}", folder=folder)


def due(output: str) -> list[str]:
    return [line for line in output.splitlines() if "; jdl purge " in line]


def test_each_request_that_is_due_is_listed_with_its_purge(build: Build) -> None:
    assert build.exit_code == 0, build.output
    lines = {line.rpartition(" ")[2]: line for line in due(build.output)}
    assert lines["money_matters"] == (
        "money_matters: released on 2001-01-01, and its people are held for more than 30 days; "
        "jdl purge money_matters"
    )
    assert lines["clear_start"].startswith("clear_start: sent in on 201")
    assert "foundation" not in lines
    requests = build.rows("restricted", "select request_id from intermediate.int_intake__requests")
    assert lines.keys() == {request for (request,) in requests} - {"foundation"}
    assert audit.read(build.folder)[-1].counts["due for a purge"] == len(lines)
