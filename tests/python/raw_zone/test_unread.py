"""An extract is read whole, or the run stops and names every file that would not be read."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from justice_data_lab.raw_zone import RawZoneError, files
from justice_data_lab.raw_zone.check import check
from justice_data_lab.raw_zone.views import views

OR_TAKE_IT_OUT = "or take it out of the raw zone"
IN_A_SUB_FOLDER = (
    "would not be read, since it lies in a sub-folder, and partitions are not read; write all "
    f"files of the table straight into pnc/offences/, {OR_TAKE_IT_OUT}"
)
ENDING = (
    "would not be read, since its name must end in .parquet; rename it where it is Parquet, write "
    f"it as Parquet else, {OR_TAKE_IT_OUT}"
)
NO_SUCH_TABLE = (
    "would not be read, since the contract has no such table; correct the name, " + OR_TAKE_IT_OUT
)


def problems(zone: Path, seeds: Path) -> list[str]:
    return check(zone, seeds, minimum_found_share=0.01)


@pytest.fixture
def parts(zone: Path) -> Path:
    """The folder form of pnc/offences, with one part."""
    folder = zone / "pnc" / "offences"
    folder.mkdir()
    (zone / "pnc" / "offences.parquet").rename(folder / "a.parquet")
    return folder


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("2012/b.parquet", IN_A_SUB_FOLDER),
        ("proven_year=2012/b.parquet", IN_A_SUB_FOLDER),
        ("part.parquet/b.parquet", IN_A_SUB_FOLDER),
        ("2012/deep/b.csv", IN_A_SUB_FOLDER),
        ("b.parq", ENDING),
        ("b.PARQUET", ENDING),
        ("b.parquet.gz", ENDING),
        ("b.csv", ENDING),
        ("b", ENDING),
        (
            "../Offences/b.parquet",
            "would not be read, since its folder is not called pnc/offences; rename the folder, "
            + OR_TAKE_IT_OUT,
        ),
        (
            "../names.csv",
            "would not be read, since its name must be pnc/names.parquet; rename it where it is "
            f"Parquet, write it as Parquet else, {OR_TAKE_IT_OUT}",
        ),
        ("../cautions.parquet", NO_SUCH_TABLE),
        ("../cautions/b.parquet", NO_SUCH_TABLE),
        ("../b\x1b[2J.parquet", NO_SUCH_TABLE),
    ],
)
def test_what_would_not_be_read_is_named(
    zone: Path, seeds: Path, parts: Path, name: str, problem: str
) -> None:
    path = (parts / name).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((parts / "a.parquet").read_bytes())
    shown = path.relative_to(zone).as_posix().replace("\x1b", "\\x1b")
    assert problems(zone, seeds) == [f"{shown}: {problem}"]


def test_every_file_is_named(zone: Path, seeds: Path, parts: Path) -> None:
    for year in (2011, 2012):
        (parts / str(year)).mkdir()
        for part in ("b", "c"):
            (parts / str(year) / f"{part}.parquet").write_bytes(b"")
    assert [problem.split(":")[0] for problem in problems(zone, seeds)] == [
        "pnc/offences/2011/b.parquet",
        "pnc/offences/2011/c.parquet",
        "pnc/offences/2012/b.parquet",
        "pnc/offences/2012/c.parquet",
    ]


def test_what_programs_leave_is_no_part(zone: Path, seeds: Path, parts: Path) -> None:
    for name in ("_SUCCESS", ".a.parquet.crc", "_metadata.parquet", "_temporary/0/b.parquet"):
        (parts / name).parent.mkdir(parents=True, exist_ok=True)
        (parts / name).write_bytes(b"no Parquet")
    (zone / "pnc" / "offences" / "empty").mkdir()
    assert problems(zone, seeds) == []
    assert files(zone, "pnc/offences") == [parts / "a.parquet"]


def test_a_link_that_leads_nowhere_is_named(zone: Path, seeds: Path, parts: Path) -> None:
    (parts / "b.parquet").symlink_to(zone / "moved.parquet")
    assert problems(zone, seeds) == [
        "pnc/offences/b.parquet: would not be read, since it is a link that leads nowhere, "
        f"not a file; copy the file, {OR_TAKE_IT_OUT}"
    ]


def test_a_linked_folder_is_named_and_not_followed(zone: Path, seeds: Path, parts: Path) -> None:
    (parts / "again").symlink_to(zone, target_is_directory=True)
    assert [problem.split(":")[0] for problem in problems(zone, seeds)] == ["pnc/offences/again"]


def test_a_folder_that_ends_in_parquet_is_read_as_one(zone: Path, seeds: Path, parts: Path) -> None:
    folder = parts.rename(zone / "pnc" / "offences.parquet")
    rows = pq.read_table(folder / "a.parquet")
    pq.write_table(rows.slice(0, 1), folder / "a.parquet")
    pq.write_table(rows.slice(1), folder / "b.parquet")
    assert problems(zone, seeds) == []
    assert files(zone, "pnc/offences") == [folder / "a.parquet", folder / "b.parquet"]
    select = dict(views(zone))["pnc__offences"]
    assert "offences.parquet/a.parquet" in select
    assert "offences.parquet/b.parquet" in select
    (folder / "2012").mkdir()
    (folder / "b.parquet").rename(folder / "2012" / "b.parquet")
    assert [problem.split(":")[0] for problem in problems(zone, seeds)] == [
        "pnc/offences.parquet/2012/b.parquet"
    ]


def test_two_folders_of_one_table(zone: Path, seeds: Path, parts: Path) -> None:
    (zone / "pnc" / "offences.parquet").mkdir()
    problem = (
        "pnc/offences.parquet/: is there as well as a folder pnc/offences/; keep one of the two"
    )
    assert problems(zone, seeds) == [problem]
    with pytest.raises(RawZoneError, match="is there as well"):
        files(zone, "pnc/offences")


@pytest.mark.parametrize("name", ["extract.JSON", "analysis_plan.csv", "Uploads"])
def test_nearly_a_name_of_the_contract(zone: Path, seeds: Path, name: str) -> None:
    (zone / name).write_text("{}")
    named = problems(zone, seeds)
    if name == "extract.JSON":
        assert named == []
        (zone / "extract.json").unlink()
        named = problems(zone, seeds)[1:]
    assert len(named) == 1
    assert named[0].startswith(f"{name}: would not be read; rename it to ")


def test_what_else_lies_beside_the_sources_is_left(zone: Path, seeds: Path) -> None:
    (zone / "truth").mkdir()
    (zone / "truth" / "records.parquet").write_bytes(b"")
    (zone / "README.md").write_text("where this came from")
    assert problems(zone, seeds) == []
