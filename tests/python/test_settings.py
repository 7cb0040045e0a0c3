"""The settings that the package is given are those of the project's vars."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from justice_data_lab.disclosure import DisclosureSettings
from justice_data_lab.linking import LinkSettings
from justice_data_lab.settings import read_settings
from justice_data_lab.statistics import MatchSettings

ROOT = Path(__file__).parents[2]
SETTINGS = (DisclosureSettings, LinkSettings, MatchSettings)


def table_of(values: dict[str, Any]) -> pa.Table:
    """Return values as int_settings holds them."""

    def data_type(value: object) -> str:
        if isinstance(value, bool | str):
            return "choice"
        return "whole number" if isinstance(value, int) else "number"

    return pa.table(
        {
            "setting": list(values),
            "value": [str(value).lower() for value in values.values()],
            "data_type": [data_type(value) for value in values.values()],
        }
    )


@pytest.fixture
def project() -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))["vars"]
    return values


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_defaults_of_the_package_are_those_of_the_project(
    settings: Any, project: dict[str, Any]
) -> None:
    assert settings.from_table(table_of(project)) == settings()


def test_every_value_arrives_where_it_is_used_and_in_its_type(project: dict[str, Any]) -> None:
    changed = {
        "disclosure_control": False,
        "minimum_analysed": 31,
        "minimum_expected_count": 12.5,
        "guarded_expected_count": 8,
        "match_scale": "probability",
        "match_width": 0.25,
        "link_margin_bits": 3,
    }
    table = table_of(project | changed)
    control = DisclosureSettings.from_table(table)
    assert (control.is_on, control.minimum_people) == (False, 31)
    assert control.minimum_expected_count == 12.5
    match = MatchSettings.from_table(table)
    assert (match.scale, match.width, match.minimum_reoffenders) == ("probability", 0.25, 31)
    assert match.guarded_expected_count == 8.0
    assert LinkSettings.from_table(table).margin_bits == 3.0


def test_a_setting_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="int_settings has no match_width"):
        read_settings(table_of({"match_scale": "logit"}), {"width": "match_width"})


def test_python_models_take_their_settings_from_the_table_alone() -> None:
    models = list((ROOT / "python_models").rglob("*.py"))
    assert len(models) > 20
    assert [path.name for path in models if "config.get" in path.read_text("utf-8")] == []
    documented = list((ROOT / "python_models").rglob("*.yml"))
    assert [path.name for path in documented if "var(" in path.read_text("utf-8")] == []
