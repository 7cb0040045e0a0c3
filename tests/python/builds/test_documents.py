"""The documents in docs/ are what the project writes of itself."""

from pathlib import Path

from click.testing import CliRunner

from builds.conftest import REPOSITORY, Build
from documents import AUDIENCES, write_documents
from justice_data_lab.cli import main


def test_the_committed_documents_are_those_of_this_project(
    sample_build: Build, tmp_path: Path
) -> None:
    pages = list(write_documents(sample_build.folder / "target", sample_build.folder, tmp_path))
    assert len(pages) == 3
    for page in pages:
        committed = REPOSITORY / "docs" / page.name
        assert committed.read_text("utf-8") == page.read_text("utf-8"), (
            f"docs/{page.name} is out of date; run make documents"
        )


def test_the_dictionary_has_every_table_and_column_that_others_read(sample_build: Build) -> None:
    text = (REPOSITORY / "docs" / "data-dictionary.md").read_text("utf-8")
    described = {}
    for table in text.split("\n### ")[1:]:
        name, *lines = table.splitlines()
        rows = [line for line in lines if line.startswith("| ")]
        described[name] = [row.split(" | ")[0].removeprefix("| ") for row in rows[1:]]
    built = {
        f"{database}.main.{table}": columns
        for database in AUDIENCES
        for table, columns in sample_build.rows(
            database,
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where schema_name = 'main' and not internal group by all",
        )
    }
    assert built.pop("published.main.quality_log")  # of the run, by no model: it says itself
    assert built.keys() >= {"published.main.outcomes", "restricted.main.linked_records"}
    assert {name: sorted(columns) for name, columns in described.items()} == {
        name: sorted(columns) for name, columns in built.items()
    }


def test_the_readme_shows_the_summary_of_this_sample(sample_build: Build) -> None:
    made = CliRunner().invoke(main, ["summary", "--build", str(sample_build.folder)])
    table = [line.rstrip() for line in made.output.splitlines() if "duckdb" not in line]
    assert "\n".join(table).strip() in (REPOSITORY / "README.md").read_text("utf-8")
