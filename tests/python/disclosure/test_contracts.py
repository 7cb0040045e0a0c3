"""The contracts of the outcomes are what the package computes and lets through, name by name."""

from pathlib import Path

import pyarrow as pa
import yaml

from justice_data_lab.disclosure.empirical_null import CALIBRATED
from justice_data_lab.disclosure.outcomes import OUTCOMES_SCHEMA as CONTROLLED
from justice_data_lab.statistics.outcomes import OUTCOMES_SCHEMA as UNROUNDED

MARTS = Path(__file__).parents[3] / "models" / "marts"
NAMES = {
    pa.string(): "varchar",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}


def contract(path: str) -> dict[str, str]:
    """Return the type of each column of a mart but those that are joined to it."""
    (model,) = yaml.safe_load((MARTS / path).read_text(encoding="utf-8"))["models"]
    types = {column["name"]: column["data_type"] for column in model["columns"]}
    assert types.pop("statement") == "varchar"
    assert [types.pop(name) for name in CALIBRATED] == ["double"] * len(CALIBRATED)
    return types


def types_of(schema: pa.Schema) -> dict[str, str]:
    return {field.name: NAMES[field.type] for field in schema}


def test_the_unrounded_outcomes_are_all_that_is_estimated() -> None:
    assert contract("analysis/outcomes_unrounded.yml") == types_of(UNROUNDED)


def test_the_published_outcomes_are_all_that_disclosure_control_lets_through() -> None:
    controlled = types_of(CONTROLLED)
    assert controlled.pop("suppressed_figures") == "varchar"
    assert contract("published/outcomes.yml") == controlled
