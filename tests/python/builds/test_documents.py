"""The documents in docs/ are what the project writes of itself."""

from pathlib import Path

from builds.conftest import REPOSITORY, Build
from documents import write_documents


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
