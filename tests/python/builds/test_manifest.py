"""What dbt-bouncer has no check for: owners, access, and a description on every test."""

import csv
import json
from typing import Any

import pytest

from builds.conftest import REPOSITORY, Builder


@pytest.fixture(scope="module")
def manifest(dbt: Builder) -> dict[str, Any]:
    parsed = dbt("parse", "--no-partial-parse")
    assert parsed.exit_code == 0, parsed.output
    read: dict[str, Any] = json.loads((parsed.folder / "target" / "manifest.json").read_text())
    return read


def test_every_model_has_an_owner_group_and_an_access_level(manifest: dict[str, Any]) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(models) > 60
    without = [node["name"] for node in models if not node["group"] or not node["access"]]
    assert without == []


def test_every_test_is_described(manifest: dict[str, Any]) -> None:
    unit_tests = manifest["unit_tests"].values()
    assert len(unit_tests) > 80
    silent = [test["name"] for test in unit_tests if not test["description"]]
    singular = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and not node.get("test_metadata")
    ]
    assert len(singular) >= 8
    silent += [node["name"] for node in singular if not node["description"]]
    assert silent == []


def test_every_rule_of_section_3_has_a_unit_test(manifest: dict[str, Any]) -> None:
    names = " ".join(test["name"] for test in manifest["unit_tests"].values())
    assert [rule for rule in range(1, 11) if f"rule_{rule}_" not in names] == []


def test_every_covariate_of_the_seed_is_a_column(manifest: dict[str, Any]) -> None:
    model = manifest["nodes"]["model.justice_data_lab.int_cohorts__covariates"]
    seed = REPOSITORY / "seeds" / "reference" / "covariates.csv"
    with seed.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["covariate"] for row in rows if row["covariate"] not in model["columns"]] == []
    assert {row["is_in_headline"] for row in rows} == {"true", "false"}
