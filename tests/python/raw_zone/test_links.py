"""An extract of whose rows almost none is about somebody stops the run."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from justice_data_lab.raw_zone.check import check

Change = Callable[[str, Callable[[pa.Table], pa.Table]], None]


def repeated(column: str, keys: list[str | None]) -> Callable[[pa.Table], pa.Table]:
    """Return an edit that writes the first row once for each key, the table's own key apart."""

    def edit(table: pa.Table) -> pa.Table:
        rows = table.take([0] * len(keys))
        for name in rows.column_names:
            if name.endswith("_id") or name == column:
                values = keys if name == column else [f"{name} {n}" for n in range(len(keys))]
                place = rows.column_names.index(name)
                rows = rows.set_column(place, name, pa.array(values, pa.string()))
        return rows

    return edit


@pytest.mark.parametrize(
    "table",
    [
        "pnc/names",
        "pnc/offences",
        "probation/orders",
        "dwp/benefit_spells",
        "hmrc/employment_spells",
        "oasys/assessments",
    ],
)
def test_padded_keys_are_named(zone: Path, seeds: Path, change: Change, table: str) -> None:
    change(table, repeated("pnc_id", ["pnc_id-1 ", None] * 30))
    assert check(zone, seeds, minimum_found_share=0.01) == [
        f"{table}.parquet: column pnc_id: 0 of 30 rows (0.00%) are in pnc/persons.parquet, less "
        "than the setting minimum_found_share (1.00%); write both with one form of key"
    ]
    assert check(zone, seeds, minimum_found_share=0) == []


def test_spells_of_other_prisoners_are_a_finding_alone(
    zone: Path, seeds: Path, change: Change
) -> None:
    change("prison/spells", repeated("prison_number", ["of nobody"] * 30))
    assert check(zone, seeds, minimum_found_share=0.01) == []


def test_some_found_are_enough(zone: Path, seeds: Path, change: Change) -> None:
    change("dwp/benefit_spells", repeated("pnc_id", ["pnc_id-1", *["of nobody"] * 99]))
    assert check(zone, seeds, minimum_found_share=0.01) == []
    assert len(check(zone, seeds, minimum_found_share=0.02)) == 1


def test_few_rows_are_not_judged(zone: Path, seeds: Path, change: Change) -> None:
    change("hmrc/employment_spells", repeated("pnc_id", ["of nobody"] * 19))
    assert check(zone, seeds, minimum_found_share=0.01) == []


def test_a_table_that_cannot_be_read_is_not_counted(
    zone: Path, seeds: Path, change: Change
) -> None:
    change("dwp/benefit_spells", repeated("pnc_id", ["of nobody"] * 30))
    pq.write_table(pa.table({"pnc_id": ["a"]}), zone / "pnc" / "persons.parquet")
    named = check(zone, seeds, minimum_found_share=0.01)
    assert all(problem.startswith("pnc/persons.parquet: column") for problem in named)
