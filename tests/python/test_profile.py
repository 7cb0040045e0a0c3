"""What the profile leaves to the plugins: folders and memory, so that neither costs a parse."""

import re
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from dbt_common.exceptions import DbtRuntimeError

from justice_data_lab.dbt_plugins import folders, owner_only, runs

ROOT = Path(__file__).parents[2]


def test_no_variable_of_a_build_is_in_what_dbt_compares_before_a_parse() -> None:
    """dbt parses everything again where the rendered profile or a project variable changes."""
    read = r"env_var\('(\w+)'"
    assert set(re.findall(read, (ROOT / "profiles.yml").read_text())) == {
        "DBT_TARGET",
        "JDL_SPARK_MASTER",
        "JDL_DUCKDB_THREADS",
        "DBT_ENV_SECRET_JDL_HMAC",
        "DBT_ENV_SECRET_JDL_KEY",
    }
    for file in (ROOT / "dbt_project.yml", *(ROOT / "macros").rglob("*"), ROOT / "models"):
        for text in [file] if file.is_file() else file.rglob("*.*"):
            assert not re.findall(read, text.read_text()), text


def test_a_folder_is_what_the_variable_says_or_the_default_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    monkeypatch.setattr(folders, "project_folder", lambda: project)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JDL_BUILD", raising=False)
    assert folders.resolved("build", "JDL_BUILD") == project / "build"
    monkeypatch.setenv("JDL_BUILD", "")
    assert folders.resolved("build", "JDL_BUILD") == project / "build"
    monkeypatch.setenv("JDL_BUILD", "mine")
    assert folders.resolved("build", "JDL_BUILD") == tmp_path / "mine"
    assert folders.resolved("seeds") == project / "seeds"


def connection_config(build: Path) -> dict[str, str]:
    """Return what the plugin adds to the connection's settings."""
    plugin = runs.Plugin.__new__(runs.Plugin)
    plugin._build = build
    config: dict[str, str] = {}
    plugin.update_connection_config(SimpleNamespace(attach=[]), config)  # type: ignore[arg-type]
    return config


def test_duckdb_keeps_the_limit_and_spills_into_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JDL_MEMORY", "100MB")
    config = connection_config(tmp_path)
    assert config["temp_directory"] == str(tmp_path / owner_only.SPILL)
    with duckdb.connect(config={**config, "threads": 1}) as connection:
        connection.execute("create temp table big as select uuid() as x from range(10_000_000)")
        spilled, held = (
            connection.execute(f"select cast(sum({what}) as bigint) from {table}()").fetchall()[0][
                0
            ]
            for what, table in (
                ("size", "duckdb_temporary_files"),
                ("memory_usage_bytes", "duckdb_memory"),
            )
        )
    assert spilled > 0
    assert held <= 100e6
    monkeypatch.delenv("JDL_MEMORY")
    assert "memory_limit" not in connection_config(tmp_path)


@pytest.mark.parametrize("limit", ["2", "0GB", "much", "2 TB", "-1GB", "1GB; drop"])
def test_a_limit_that_is_none_is_refused_in_one_line(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JDL_MEMORY", limit)
    with pytest.raises(DbtRuntimeError, match=r"JDL_MEMORY is .*: write it as 1500MB or 2GB"):
        runs.memory_limit()
