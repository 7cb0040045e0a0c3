"""Every problem of a raw zone, with the exact line that names it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from justice_data_lab.raw_zone import Extract, RawZoneError, extract_tables, files, read_extract
from justice_data_lab.raw_zone.check import check as check_zone

Edit = Callable[[pa.Table], pa.Table]
Change = Callable[[str, Edit], None]


def check(zone: Path, seeds: Path) -> list[str]:
    return check_zone(zone, seeds, minimum_found_share=0.01)


def put(column: str, values: list[object], arrow_type: pa.DataType | None = None) -> Edit:
    """Return an edit that replaces one column, or adds it."""

    def edit(table: pa.Table) -> pa.Table:
        array = pa.array(values, arrow_type)
        if column not in table.column_names:
            return table.append_column(column, array)
        return table.set_column(table.column_names.index(column), column, array)

    return edit


def rename(old: str, new: str) -> Edit:
    return lambda table: table.rename_columns([new if n == old else n for n in table.column_names])


def test_a_good_zone_has_no_problem(zone: Path, seeds: Path) -> None:
    assert check(zone, seeds) == []


def test_tables_without_rows_are_good(zone: Path, seeds: Path, change: Change) -> None:
    for table in extract_tables():
        change(table.name, lambda rows: rows.slice(0, 0))
    assert check(zone, seeds) == []


def test_missing_folder(tmp_path: Path, seeds: Path) -> None:
    assert check(tmp_path / "no", seeds) == [
        f"raw zone: there is no folder {tmp_path / 'no'}; "
        "set JDL_DATA to the folder of the extracts"
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "is missing; add it with the dates data_as_of and reoffending_data_to"),
        ("{", "is not valid JSON; write it again"),
        ("[" * 100_000, "is not valid JSON; write it again"),
        ("[]", "must be one JSON object with data_as_of; write it again"),
        (
            '{"reoffending_data_to": "2013-12-31"}',
            "data_as_of: is missing; add it as a date yyyy-mm-dd",
        ),
        (
            '{"data_as_of": "31/01/2014", "reoffending_data_to": "2013-12-31"}',
            "data_as_of: is not a date yyyy-mm-dd; correct it",
        ),
        (
            '{"data_as_of": "20140131", "reoffending_data_to": "2013-12-31"}',
            "data_as_of: is not a date yyyy-mm-dd; correct it",
        ),
        (
            '{"data_as_of": "2014-01-31", "reoffending_data_to": "2013-02-30"}',
            "reoffending_data_to: is not a date yyyy-mm-dd; correct it",
        ),
        (
            '{"data_as_of": "2014-01-31", "reoffending_data_to": "2014-02-01"}',
            "reoffending_data_to: 2014-02-01 is after data_as_of 2014-01-31; "
            "correct one of the two",
        ),
        (
            '{"data_as_of": "2014-01-31", "reoffending_data_to": "2014-01-31", "synthetic": "y"}',
            "synthetic: must be true or false; correct it",
        ),
        *(
            (
                '{"data_as_of": "2014-01-31", "reoffending_data_to": "2014-01-31", '
                f'"contact": {contact}}}',
                "contact: is not one line of at most 120 letters; correct it",
            )
            for contact in ('""', '" a@example.org"', '"a\\nb"', f'"{"a" * 121}"', "7")
        ),
    ],
)
def test_extract_json(zone: Path, seeds: Path, content: str | None, problem: str) -> None:
    path = zone / "extract.json"
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert check(zone, seeds) == [f"extract.json: {problem}"]
    with pytest.raises(RawZoneError, match=r"^extract\.json: "):
        read_extract(zone)


def test_read_extract(zone: Path) -> None:
    expected = Extract(dt.date(2014, 1, 31), dt.date(2013, 12, 31), is_synthetic=False)
    assert read_extract(zone) == expected
    (zone / "extract.json").write_text(
        '\ufeff{"data_as_of": "2014-01-31", "reoffending_data_to": "2014-01-31", '
        '"synthetic": true, "contact": "lab@example.org"}',
        encoding="utf-8",
    )
    assert read_extract(zone).is_synthetic
    assert read_extract(zone).contact == "lab@example.org"


def test_missing_table(zone: Path, seeds: Path) -> None:
    (zone / "pnc/persons.parquet").unlink()
    assert check(zone, seeds) == [
        "pnc/persons.parquet: is missing; add it, or a folder pnc/persons/ with *.parquet files "
        "(it may have no rows)"
    ]
    (zone / "pnc/persons").mkdir()
    assert check(zone, seeds) == [
        "pnc/persons/: has no *.parquet file; add one with the contract's columns "
        "(it may have no rows)"
    ]


def test_table_and_folder(zone: Path, seeds: Path) -> None:
    (zone / "pnc/names").mkdir()
    problem = "pnc/names.parquet: is there as well as a folder pnc/names/; keep one of the two"
    assert check(zone, seeds) == [problem]
    with pytest.raises(RawZoneError) as error:
        files(zone, "pnc/names")
    assert str(error.value) == problem


@pytest.mark.parametrize("content", [b"", b"PAR1", b"surname,forename\n" * 9])
def test_unreadable_table(zone: Path, seeds: Path, content: bytes) -> None:
    (zone / "prison/spells.parquet").write_bytes(content)
    assert check(zone, seeds) == [
        "prison/spells.parquet: is not a readable Parquet file; write it again"
    ]


def test_good_footer_with_damaged_values(zone: Path, seeds: Path) -> None:
    path = zone / "pnc/offences.parquet"
    content = bytearray(path.read_bytes())
    content[4:200] = b"\xff" * 196
    path.write_bytes(content)
    problems = check(zone, seeds)
    assert problems[0] == (
        "pnc/offences.parquet: column offence_id: cannot be read to its end; write the file again"
    )


def move_to_folder(zone: Path, name: str, *edits: Edit) -> None:
    path = zone / f"{name}.parquet"
    rows = pq.read_table(path)
    path.unlink()
    (zone / name).mkdir()
    for n, edit in enumerate(edits):
        pq.write_table(edit(rows.slice(n, 1)), zone / name / f"part-{n}.parquet")


def as_it_is(table: pa.Table) -> pa.Table:
    return table


def test_folder_of_files(zone: Path, seeds: Path) -> None:
    move_to_folder(zone, "pnc/offences", as_it_is, as_it_is)
    assert check(zone, seeds) == []
    assert [path.name for path in files(zone, "pnc/offences")] == [
        "part-0.parquet",
        "part-1.parquet",
    ]


def test_folder_of_files_with_two_schemas(zone: Path, seeds: Path) -> None:
    times = put("offence_date", [None], pa.timestamp("us"))
    move_to_folder(
        zone,
        "pnc/offences",
        as_it_is,
        lambda rows: times(rename("police_force", "force")(rows)),
    )
    start = "pnc/offences/part-1.parquet: column"
    end = "part-0.parquet; write all files of pnc/offences/ with one schema"
    assert check(zone, seeds) == [
        f"{start} force: is not in {end}",
        f"{start} offence_date: is timestamp[us], and DATE in {end}",
        f"{start} police_force: is missing (also unknown: force) and stands in {end}",
    ]


def test_folder_with_one_key_twice(zone: Path, seeds: Path) -> None:
    same = put("offence_id", ["a"])
    move_to_folder(zone, "pnc/offences", same, same)
    assert check(zone, seeds) == [
        "pnc/offences/: column offence_id: repeats a value in 1 row; a key must be unique"
    ]


def test_folder_with_an_unreadable_file(zone: Path, seeds: Path) -> None:
    move_to_folder(zone, "pnc/offences", as_it_is, as_it_is)
    (zone / "pnc/offences/part-1.parquet").write_bytes(b"no")
    assert check(zone, seeds) == [
        "pnc/offences/part-1.parquet: is not a readable Parquet file; write it again"
    ]


@pytest.mark.parametrize("special", ["a[1]", "a*", "a?", "a'b", "k=v"])
def test_zone_with_special_characters(zone: Path, seeds: Path, special: str) -> None:
    other = zone.rename(zone.parent / special)
    assert check(other, seeds) == []


@pytest.mark.parametrize(
    ("new", "rest"),
    [
        (
            "dob",
            "is missing (also unknown: dob); rename one of them to date_of_birth, or add it "
            "(null where unknown)",
        ),
        ("DateOfBirth", "is missing, found DateOfBirth instead; rename it to date_of_birth"),
        ("date_of_brith", "is missing, found date_of_brith instead; rename it to date_of_birth"),
    ],
)
def test_missing_column(zone: Path, seeds: Path, change: Change, new: str, rest: str) -> None:
    change("pnc/persons", rename("date_of_birth", new))
    assert check(zone, seeds) == [f"pnc/persons.parquet: column date_of_birth: {rest}"]


def test_column_twice(zone: Path, seeds: Path, change: Change) -> None:
    change("pnc/persons", lambda rows: rows.append_column("sex", rows["sex"]))
    assert check(zone, seeds) == [
        "pnc/persons.parquet: column sex: appears more than once; keep one"
    ]


def test_extra_columns_are_ignored(zone: Path, seeds: Path, change: Change) -> None:
    change("pnc/persons", put("height", [1.7, None]))
    assert check(zone, seeds) == []


DAY = dt.date(2010, 1, 1)


@pytest.mark.parametrize(
    ("table", "column", "values", "arrow_type"),
    [
        ("pnc/persons", "pnc_id", ["a", "b"], pa.large_string()),
        ("pnc/persons", "pnc_id", ["a", "b"], pa.string_view()),
        ("pnc/persons", "sex", ["M", None], pa.dictionary(pa.int8(), pa.string())),
        ("pnc/persons", "date_of_birth", [DAY, None], pa.date64()),
        ("pnc/persons", "date_of_birth", [None, None], pa.null()),
        ("probation/orders", "region", [None, None], pa.null()),
        ("oasys/assessments", "need_ete", [None, None], pa.null()),
        ("pnc/offences", "sentence_days", [1, None], pa.uint8()),
        ("pnc/offences", "sentence_days", [1, None], pa.int64()),
        ("pnc/offences", "sentence_days", [365.0, None], pa.float64()),
        ("pnc/offences", "disposal_code", [1001, 1001], pa.int64()),
    ],
)
def test_types_that_fit(
    zone: Path,
    seeds: Path,
    change: Change,
    table: str,
    column: str,
    values: list[object],
    arrow_type: pa.DataType,
) -> None:
    change(table, put(column, values, arrow_type))
    assert check(zone, seeds) == []


@pytest.mark.parametrize(
    ("table", "column", "values", "arrow_type", "rest"),
    [
        (
            "pnc/persons",
            "date_of_birth",
            [None, None],
            pa.timestamp("us"),
            "is timestamp[us], must be DATE; write it as a date without a time",
        ),
        (
            "pnc/persons",
            "date_of_birth",
            ["2010-01-01", None],
            pa.string(),
            "is VARCHAR, must be DATE; write it as a date without a time",
        ),
        (
            "pnc/persons",
            "pnc_id",
            [1, 2],
            pa.int64(),
            "is INTEGER, must be VARCHAR; write it as text",
        ),
        (
            "prison/spells",
            "sentence_days",
            ["1", None],
            pa.string(),
            "is VARCHAR, must be INTEGER; write it as whole numbers",
        ),
        (
            "prison/spells",
            "sentence_days",
            [1.5, float("inf")],
            pa.float64(),
            "is not a whole number in 2 rows; write it as whole numbers",
        ),
        (
            "oasys/assessments",
            "need_drugs",
            [1, 0],
            pa.int8(),
            "is INTEGER, must be BOOLEAN; write it as true and false",
        ),
        (
            "pnc/persons",
            "pnc_id",
            ["a", None],
            pa.string(),
            "is null in 1 row; a key must have a value",
        ),
        (
            "pnc/persons",
            "pnc_id",
            [None, None],
            pa.null(),
            "is null in 2 rows; a key must have a value",
        ),
        (
            "pnc/persons",
            "pnc_id",
            ["secret", "secret"],
            pa.string(),
            "repeats a value in 1 row; a key must be unique",
        ),
        (
            "pnc/persons",
            "sex",
            ["m", None],
            pa.string(),
            "value 'm' is not known (1 row); use one of M, F, U",
        ),
        (
            "probation/orders",
            "order_type",
            ["co", "co"],
            pa.string(),
            "value 'co' is not known (2 rows); "
            "use one of community_order, suspended_sentence_order",
        ),
        (
            "pnc/offences",
            "offence_code",
            ["XX99", "XX99"],
            pa.string(),
            "code 'XX99' is not in seeds/reference/offence_codes.csv (2 rows); "
            "add it there or correct the extract",
        ),
        (
            "pnc/offences",
            "disposal_code",
            [1001, 7],
            pa.int64(),
            "code '7' is not in seeds/reference/disposal_codes.csv (1 row); "
            "add it there or correct the extract",
        ),
        (
            "pnc/offences",
            "offence_code",
            ["VI01", None],
            pa.string(),
            "is null in 1 row; every row must have a code",
        ),
        (
            "pnc/offences",
            "offence_code",
            ["VI01", "a\n'b"],
            pa.string(),
            "code of 4 characters (not shown: it has not the form of a code) is not in "
            "seeds/reference/offence_codes.csv (1 row); "
            "add it there or correct the extract",
        ),
    ],
)
def test_types_and_values_that_do_not_fit(
    zone: Path,
    seeds: Path,
    change: Change,
    table: str,
    column: str,
    values: list[object],
    arrow_type: pa.DataType,
    rest: str,
) -> None:
    change(table, put(column, values, arrow_type))
    assert check(zone, seeds) == [f"{table}.parquet: column {column}: {rest}"]


def test_a_wrong_column_lists_few_values(zone: Path, seeds: Path) -> None:
    orders = next(table for table in extract_tables() if table.name == "probation/orders")
    rows = {c.name: [None] * 30 for c in orders.columns}
    rows |= {"order_id": [str(n) for n in range(30)], "order_type": [f"{n:02d}" for n in range(30)]}
    pq.write_table(pa.table(rows), zone / "probation/orders.parquet")
    problems = check(zone, seeds)
    assert len(problems) == 21
    assert problems[-1] == (
        "probation/orders.parquet: column order_type: 10 more unknown values are not listed; "
        "is this the right column?"
    )


def test_seed_problems(zone: Path, seeds: Path) -> None:
    (seeds / "reference/offence_codes.csv").unlink()
    (seeds / "reference/disposal_codes.csv").write_text("code\n1001\n", encoding="utf-8")
    assert check(zone, seeds) == [
        "seeds/reference/offence_codes.csv: is missing; restore it from the repository",
        "seeds/reference/disposal_codes.csv: column disposal_code: is missing; restore it",
    ]


def test_staff_files(zone: Path, seeds: Path) -> None:
    path = zone / "provider_reviews.csv"
    path.write_text(
        "\ufeffrequest_id,sent_on,due_on,comment,resolution,closed_on,more\n", encoding="utf-8"
    )
    assert check(zone, seeds) == []
    path.write_text("request_id,sent_on,due,comment,resolution,closed_on\n", encoding="utf-8")
    assert check(zone, seeds) == [
        "provider_reviews.csv: column due_on: is missing from the header; add it"
    ]
    path.write_bytes(b"request_id\xff\n")
    assert check(zone, seeds) == [
        "provider_reviews.csv: is not a readable CSV file in UTF-8; write it again"
    ]


def test_problems_come_in_the_order_of_the_contract(
    zone: Path, seeds: Path, change: Change
) -> None:
    (zone / "extract.json").unlink()
    (zone / "feedback_survey.csv").write_text("request_id\n", encoding="utf-8")
    change("oasys/assessments", rename("pnc_id", "id"))
    change("pnc/persons", put("sex", ["X", "Y"]))
    starts = [problem.split(":")[0] for problem in check(zone, seeds)]
    assert starts == [
        "extract.json",
        "pnc/persons.parquet",
        "pnc/persons.parquet",
        "oasys/assessments.parquet",
        *["feedback_survey.csv"] * 3,
    ]


def test_the_repositorys_own_seeds_can_be_read(zone: Path) -> None:
    seeds = Path(__file__).parents[3] / "seeds"
    assert check(zone, seeds) == []
