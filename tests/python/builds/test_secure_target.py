"""The secure target: the same published tables, and no name in any byte of what it writes."""

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from builds.conftest import SAMPLE, SECRETS, WITHOUT_UNIT_TESTS, Build, Builder
from justice_data_lab.build.fingerprints import fingerprints

PLANTED = "Zyxwvutson"


@pytest.fixture(scope="module")
def planted_zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with the surname of one uploaded record that nobody else has."""
    zone = tmp_path_factory.mktemp("planted") / "zone"
    shutil.copytree(SAMPLE, zone)
    path = zone / "uploads" / "foundation" / "individuals.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index("surname")] = PLANTED
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return zone


@pytest.fixture(scope="module")
def secure_build(dbt: Builder, planted_zone: Path) -> Build:
    build = dbt(
        "build", *WITHOUT_UNIT_TESTS, "--target", "secure", zone=planted_zone, secrets=SECRETS
    )
    assert build.exit_code == 0, build.output
    return build


def test_published_tables_are_those_of_a_plain_build(
    dbt: Builder, planted_zone: Path, secure_build: Build
) -> None:
    plain = dbt("build", *WITHOUT_UNIT_TESTS, zone=planted_zone)
    assert plain.exit_code == 0, plain.output
    published = fingerprints(plain.folder, databases=("published",))
    assert published == fingerprints(secure_build.folder, databases=("published",))
    assert PLANTED.upper().encode() in (plain.folder / "restricted.duckdb").read_bytes()


def test_no_byte_tells_the_planted_name(secure_build: Build) -> None:
    files = [path for path in secure_build.folder.rglob("*") if path.is_file()]
    assert {"restricted.duckdb", "analysis.duckdb"} <= {path.name for path in files}
    telling = [path.name for path in files if PLANTED.lower().encode() in path.read_bytes().lower()]
    assert telling == []
    assert PLANTED.lower() not in secure_build.output.lower()


def test_neither_key_is_written_anywhere(secure_build: Build) -> None:
    files = [path for path in secure_build.folder.rglob("*") if path.is_file()]
    for secret in SECRETS.values():
        assert [path.name for path in files if secret.encode() in path.read_bytes()] == []
        assert secret not in secure_build.output


@pytest.mark.parametrize("database", ["restricted", "analysis"])
def test_without_the_key_a_database_does_not_open(secure_build: Build, database: str) -> None:
    with pytest.raises(duckdb.Error, match="encrypted"):
        duckdb.connect(str(secure_build.folder / f"{database}.duckdb"), read_only=True)
