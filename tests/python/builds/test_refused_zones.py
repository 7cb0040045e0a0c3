"""A raw zone or a setting that cannot be right stops the run before any model."""

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from builds.conftest import SAMPLE, SECRETS, Builder


def change_code(zone: Path, column: str) -> None:
    path = zone / "pnc" / "offences.parquet"
    table = pq.read_table(path)
    first = pc.equal(pa.array(range(table.num_rows)), 0)
    changed = pc.if_else(first, pa.scalar("XX99"), table[column])
    pq.write_table(table.set_column(table.schema.get_field_index(column), column, changed), path)


def rename_column(zone: Path) -> None:
    path = zone / "prison" / "spells.parquet"
    table = pq.read_table(path)
    names = ["establishmnt" if name == "establishment" else name for name in table.column_names]
    pq.write_table(table.rename_columns(names), path)


def change_type(zone: Path) -> None:
    path = zone / "probation" / "orders.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index("start_date")
    pq.write_table(
        table.set_column(place, "start_date", table["start_date"].cast(pa.timestamp("us"))), path
    )


def break_extract(zone: Path) -> None:
    (zone / "extract.json").write_text(json.dumps({"data_as_of": "2013-12-31"}))


def test_a_damaged_zone_stops_on_run_start_and_every_damage_is_named(
    tmp_path: Path, dbt: Builder
) -> None:
    zone = tmp_path / "zone"
    shutil.copytree(SAMPLE, zone)
    change_code(zone, "offence_code")
    change_code(zone, "disposal_code")
    (zone / "hmrc" / "employment_spells.parquet").unlink()
    rename_column(zone)
    change_type(zone)
    break_extract(zone)
    published = tmp_path / "build" / "published.duckdb"
    published.parent.mkdir()
    published.write_bytes(b"as it was")

    build = dbt("build", zone=zone, folder=published.parent)

    assert build.exit_code != 0
    lines = build.output.splitlines()
    for words in (
        ["pnc/offences", "offence_code", "XX99"],
        ["pnc/offences", "disposal_code", "XX99"],
        ["hmrc/employment_spells"],
        ["prison/spells", "establishment"],
        ["probation/orders", "start_date"],
        ["extract.json", "reoffending_data_to"],
    ):
        assert any(all(word in line for word in words) for line in lines), words
    assert "Traceback" not in build.output
    assert published.read_bytes() == b"as it was"
    assert " OK created" not in build.output


def test_settings_out_of_range_stop_on_run_start_and_each_is_named(dbt: Builder) -> None:
    settings = "{window_months: six, match_width: 99, sex_offence_scope: never}"
    build = dbt("build", "--vars", settings)
    assert build.exit_code != 0
    for name in ("window_months", "match_width", "sex_offence_scope"):
        assert f"setting {name}: must be " in build.output
    assert " OK created" not in build.output


@pytest.fixture
def zone_of_real_people(tmp_path: Path) -> Path:
    """The sample, without its word that it is synthetic."""
    zone = tmp_path / "zone"
    shutil.copytree(SAMPLE, zone)
    extract = json.loads((zone / "extract.json").read_text())
    del extract["synthetic"]
    (zone / "extract.json").write_text(json.dumps(extract))
    return zone


@pytest.mark.parametrize("key", [None, "too short"])
def test_real_people_need_a_key(dbt: Builder, zone_of_real_people: Path, key: str | None) -> None:
    secrets = {} if key is None else {"DBT_ENV_SECRET_JDL_HMAC": key}
    build = dbt("build", zone=zone_of_real_people, secrets=secrets)
    assert build.exit_code != 0
    assert "DBT_ENV_SECRET_JDL_HMAC: a raw zone that is not synthetic needs a key" in build.output
    assert "too short" not in build.output
    assert " OK created" not in build.output


def test_real_people_need_disclosure_control(dbt: Builder, zone_of_real_people: Path) -> None:
    build = dbt(
        "build",
        "--vars",
        "{disclosure_control: false}",
        zone=zone_of_real_people,
        secrets=SECRETS,
    )
    assert build.exit_code != 0
    assert "disclosure_control: can be false only for a synthetic raw zone" in build.output


def test_real_people_need_every_floor(dbt: Builder, zone_of_real_people: Path) -> None:
    floors = {
        "minimum_submitted": 60,
        "minimum_analysed": 30,
        "disclosure_small_count": 7,
        "disclosure_rounding": 5,
        "whole_points_below": 200,
        "minimum_expected_count": 10,
    }
    lowered = {setting: floor - 1 for setting, floor in floors.items()}
    build = dbt("build", "--vars", json.dumps(lowered), zone=zone_of_real_people, secrets=SECRETS)
    assert build.exit_code != 0
    assert " OK created" not in build.output
    for setting, floor in floors.items():
        (line,) = [line for line in build.output.splitlines() if f"setting {setting}:" in line]
        assert f"is below its floor of {floor}; set it to {floor} or more" in line


def test_on_the_floor_and_on_a_synthetic_zone_settings_are_taken(
    dbt: Builder, zone_of_real_people: Path
) -> None:
    floors = json.dumps({"disclosure_small_count": 7, "disclosure_rounding": 5})
    real = dbt(
        *("run", "-s", "int_settings", "--vars", floors),
        zone=zone_of_real_people,
        secrets=SECRETS,
    )
    assert real.exit_code == 0, real.output
    synthetic = dbt("run", "-s", "int_settings", "--vars", "{disclosure_small_count: 0}")
    assert synthetic.exit_code == 0, synthetic.output


def test_a_key_that_attach_cannot_take_is_refused(dbt: Builder) -> None:
    secrets = SECRETS | {"DBT_ENV_SECRET_JDL_KEY": "it's a key with a quote and enough characters"}
    build = dbt("build", "--target", "secure", secrets=secrets)
    assert build.exit_code != 0
    assert "DBT_ENV_SECRET_JDL_KEY: must be" in build.output
    assert "quote" not in build.output
