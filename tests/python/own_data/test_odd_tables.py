"""Tables that are valid but odd: `jdl estimate` reads all of them, or says what it did not."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main

ROWS = 240
TREATED = [int(n % 5 == 0) for n in range(ROWS)]
TABLE = pa.table(
    {
        "treated": TREATED,
        "outcome": [int(n % 3 == 0) for n in range(ROWS)],
        "age": [20 + n * 7 % 31 for n in range(ROWS)],
        "sex": [("M", "F")[n % 2] for n in range(ROWS)],
    }
)


def estimate(path: Path, covariates: str) -> tuple[int, str, dict[str, object]]:
    figures = path.with_suffix(".json")
    named = ("--treated", "treated", "--outcome", "outcome", "--kind", "binary")
    arguments = ("estimate", str(path), *named, "--covariates", covariates, "--json", str(figures))
    result = CliRunner().invoke(main, arguments)
    return (
        result.exit_code,
        result.output,
        json.loads(figures.read_text()) if figures.exists() else {},
    )


def with_column(name: str, values: list[object]) -> pa.Table:
    return TABLE.set_column(TABLE.column_names.index(name), name, pa.array(values))


def written(folder: Path, table: pa.Table, suffix: str = "csv") -> Path:
    path = folder / f"t.{suffix}"
    (pyarrow.csv.write_csv if suffix == "csv" else pyarrow.parquet.write_table)(table, path)
    return path


@pytest.mark.parametrize("sign", ["#", "//", "--", "%", ";"])
def test_rows_that_begin_with_a_sign_are_no_comments(tmp_path, sign):
    path = tmp_path / "t.csv"
    rows = zip(*(column.to_pylist() for column in TABLE.columns), strict=True)
    lines = ["place,treated,outcome,age,sex"]
    lines += [f"{sign if n % 2 else 'A'},{','.join(map(str, row))}" for n, row in enumerate(rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, output, figures = estimate(path, "place,age")
    assert status == 0, output
    assert (figures["n_treated"], figures["n_control"]) == (sum(TREATED), ROWS - sum(TREATED))
    assert len(figures["coefficients"]) == 3


def test_a_name_of_two_columns_is_one_line(tmp_path):
    path = written(tmp_path, TABLE)
    lines = path.read_text().replace('"sex"', '"age"')
    path.write_text(lines)
    status, output, _ = estimate(path, "age")
    assert (status, output.count("\n")) == (2, 1)
    assert "more than one column is called age" in output


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_one_line_with_the_cure(tmp_path, encoding):
    path = written(tmp_path, with_column("sex", ["Café", "Bar"] * (ROWS // 2)))
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    status, output, _ = estimate(path, "age,sex")
    assert (status, output.count("\n")) == (2, 1)
    assert 'it is not UTF-8: save it as "CSV UTF-8"' in output


@pytest.mark.parametrize("missing", [".", "#N/A", "unknown"])
@pytest.mark.parametrize("every", [2, 9])
def test_a_sign_for_what_is_missing_is_one_line_however_many_rows_have_it(tmp_path, missing, every):
    ages = [str(20 + n % 40) if n % every == 0 else missing for n in range(ROWS)]
    status, output, _ = estimate(written(tmp_path, with_column("age", ages)), "age,sex")
    assert (status, output.count("\n")) == (2, 1)
    assert "is not a number, as the others are" in output
    assert "leave a cell empty where there is none" in output


@pytest.mark.parametrize(
    ("style", "suffix"), [("{} days", "csv"), ("{} days", "parquet"), ("{}", "parquet")]
)
def test_many_texts_that_begin_with_a_number_are_named(tmp_path, style, suffix):
    days = [style.format(20 + n % 12) for n in range(ROWS)]
    status, output, figures = estimate(written(tmp_path, with_column("age", days), suffix), "age")
    assert status == 0, output
    assert len(figures["coefficients"]) == 12
    assert "age: is a text, and 12 of its 12 levels begin with a number" in output


@pytest.mark.parametrize(
    ("levels", "count"), [(("M", "m"), 1), (("M", "m", "M ", "F"), 2), (("M", "F"), 0)]
)
def test_levels_that_differ_in_case_or_spaces_are_named(tmp_path, levels, count):
    values = [levels[n % len(levels)] for n in range(ROWS)]
    status, output, _ = estimate(written(tmp_path, with_column("sex", values)), "age,sex")
    assert status == 0, output
    said = f"sex: {count} of its levels differ from another in case or spaces only"
    assert (said in output) is (count > 0)


def test_a_name_in_another_case_is_one_line_with_the_names_that_there_are(tmp_path):
    path = written(tmp_path, TABLE.rename_columns(["Treated", "Outcome", "Age", "Sex"]))
    status, output, _ = estimate(path, "age")
    assert (status, output.count("\n")) == (2, 1)
    assert "there are Treated, Outcome, Age, Sex" in output
