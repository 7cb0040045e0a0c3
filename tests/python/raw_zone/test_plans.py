"""Every problem of analysis_plans.csv, with the exact line that names it and never the value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from justice_data_lab.raw_zone.check import check
from justice_data_lab.raw_zone.contract import (
    PLAN_SETTINGS,
    SUBGROUP_FIELDS,
    extract_tables,
)

HEADER = "request_id,analysis_id,setting,value,reason\n"
WOMEN = "R,women,subgroup,sex=F,they are few\n"
COVARIATES = "covariate,family\nsex,demographics\ncopas_rate,criminal_history\n"
PROJECT = Path(__file__).parents[3]
ROW = "analysis_plans.csv: row 1 under the header: "


@pytest.fixture
def planned_seeds(seeds: Path) -> Path:
    (seeds / "reference/covariates.csv").write_text(COVARIATES, encoding="utf-8")
    return seeds


def problems(zone: Path, seeds: Path, rows: str) -> list[str]:
    (zone / "analysis_plans.csv").write_text(HEADER + rows, encoding="utf-8")
    return check(zone, seeds, minimum_found_share=0.01)


def test_a_plan_with_every_setting_is_good(zone: Path, planned_seeds: Path) -> None:
    rows = (
        "R,headline,control_condition,none,w\nR,headline,match_scale,Probability,w\n"
        "R,headline,match_width,0.05,w\nR,headline,match_width_unit,raw,w\n"
        "R,headline,exact_on,sex,w\nR,headline,exact_on,region,w\n"
        "R,headline,leave_out,copas_rate,w\nR,regional,leave_out,demographics,w\n"
        "R,headline,sex_offence_scope,ever_before,w\nR,headline,window_months,12,w\n"
        "S,headline,window_months,6,w\n"
        "R,headline,override_gate,equipoise,w\nR,headline,override_gate,Covariates,w\n"
        f"{WOMEN}R,Women,label,Women only,w\nR,women,match_width,0.1,w\n"
        "R,wing,subgroup,user_reference_1 = Wing A=B,w\nR,young,subgroup,age_band=18-20,w\n"
    )
    assert problems(zone, planned_seeds, rows) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("R,headline,width,0.1,w", "column setting: is not one of control_condition, match_scale,"),
        ("R,headline,override_gate,power,w", "column value: is not one of covariates, squares"),
        ("R 1,headline,match_width,0.1,w", "column request_id: is not the name of an upload"),
        ("../R,headline,match_width,0.1,w", "column request_id: is not the name of an upload"),
        ("R,<b>,match_width,0.1,w", "column analysis_id: is not a name of up to 64 letters"),
        ("R,scope_ever,match_width,0.1,w", "column analysis_id: is a name that the lab keeps"),
        ("R,women,match_width,0.1,w", "column analysis_id: is none of headline, regional,"),
        ("R,women,label,Women,w", "column analysis_id: is none of headline, regional,"),
        ("R,headline,subgroup,sex=F,w", "column analysis_id: must be a name of your own"),
        ("R,regional,label,Near,w", "column analysis_id: must be a name of your own"),
        ("R,regional,window_months,6,w", "column analysis_id: must be headline for this setting"),
        ("R,regional,sex_offence_scope,ever,w", "column analysis_id: must be headline for this"),
        (
            "R,headline,control_condition,some,w",
            "column value: is not one of risk_set, fixed, none",
        ),
        ("R,headline,match_scale,log,w", "column value: is not one of logit, probability"),
        ("R,headline,match_width,10.5,w", "column value: is not a number from 0 to 10"),
        ("R,headline,match_width,-0.1,w", "column value: is not a number from 0 to 10"),
        ("R,headline,match_width,nan,w", "column value: is not a number from 0 to 10"),
        ("R,headline,match_width,1e0,w", "column value: is not a number from 0 to 10"),
        ("R,headline,match_width_unit,cm,w", "column value: is not one of sd, raw"),
        ("R,headline,exact_on,age,w", "column value: is not one of sex, sentence_type, region,"),
        (
            "R,headline,leave_out,height,w",
            "column value: is neither a covariate nor a family of seeds/",
        ),
        ("R,headline,sex_offence_scope,never,w", "column value: is not one of ever, ever_before,"),
        ("R,headline,window_months,0,w", "column value: is not a whole number from 1 to 24"),
        ("R,headline,window_months,25,w", "column value: is not a whole number from 1 to 24"),
        ("R,headline,window_months,6.5,w", "column value: is not a whole number from 1 to 24"),
        (
            "R,s,subgroup,secret=F,w",
            "column value: is not field=value, with a field of sex, age_ban",
        ),
        ("R,s,subgroup,sex,w", "column value: is not field=value, with a field of sex, age_band,"),
        ("R,s,subgroup,sex=,w", "column value: is not field=value, with a field of sex, age_band,"),
        (
            "R,s,subgroup,sex=secret,w",
            "column value: the field sex has the values m, f; correct it",
        ),
        (
            "R,s,subgroup,region=secret,w",
            "column value: the field region has the values north_east,",
        ),
        ("R,headline,match_width,,w", "column value: is empty; fill it in"),
        ("R,headline,match_width,0.1,", "column reason: is empty; fill it in"),
    ],
)
def test_a_wrong_row(zone: Path, planned_seeds: Path, row: str, problem: str) -> None:
    (found,) = problems(zone, planned_seeds, row + "\n")
    assert found.startswith(ROW + problem)
    assert "secret" not in found
    assert "\n" not in found


@pytest.mark.parametrize(
    ("label", "is_good"),
    [
        ("x" * 70, True),
        ("x" * 71, False),
        ("=1+1", False),
        ('"two\nlines"', False),
        ("Ärzte", True),
    ],
)
def test_a_label_is_one_line_of_up_to_70(
    zone: Path, planned_seeds: Path, label: str, is_good: bool
) -> None:
    found = problems(zone, planned_seeds, f"{WOMEN}R,women,label,{label},w\n")
    wrong = (
        "analysis_plans.csv: row 2 under the header: column value: is not one line of up to 70 "
        "characters that begins with a letter or a digit; shorten it"
    )
    assert found == ([] if is_good else [wrong])


@pytest.mark.parametrize(
    ("first", "second", "is_good"),
    [
        ("R,headline,match_width,0.1,w", "R,Headline,match_width,0.2,w", False),
        ("R,headline,match_width,0.1,w", "R,regional,match_width,0.2,w", True),
        ("R,headline,match_width,0.1,w", "S,headline,match_width,0.2,w", True),
        ("R,headline,exact_on,sex,w", "R,headline,exact_on,SEX,w", False),
        ("R,headline,exact_on,sex,w", "R,headline,exact_on,region,w", True),
        ("R,women,subgroup,sex=F,w", "R,women,subgroup,sex=M,w", False),
    ],
)
def test_a_setting_stands_once(
    zone: Path, planned_seeds: Path, first: str, second: str, is_good: bool
) -> None:
    twice = (
        "analysis_plans.csv: row 2 under the header: column setting: is there already for this "
        "analysis; keep one row"
    )
    found = problems(zone, planned_seeds, f"{first}\n{second}\n")
    assert found == ([] if is_good else [twice])


def test_a_subgroup_of_another_request_is_none(zone: Path, planned_seeds: Path) -> None:
    (found,) = problems(zone, planned_seeds, f"{WOMEN}S,women,match_width,0.1,w\n")
    assert found.startswith(
        "analysis_plans.csv: row 2 under the header: column analysis_id: is none"
    )


def test_an_unreadable_plan_is_one_line(zone: Path, planned_seeds: Path) -> None:
    (zone / "analysis_plans.csv").write_bytes(b"request_id\xff\n")
    unreadable = "analysis_plans.csv: is not a readable CSV file in UTF-8; write it again"
    assert check(zone, planned_seeds, minimum_found_share=0.01) == [unreadable]


def test_left_out_covariates_need_the_seed(zone: Path, seeds: Path) -> None:
    assert problems(zone, seeds, "R,headline,leave_out,sex,w\n") == [
        "seeds/reference/covariates.csv: is missing or cannot be read; restore it"
    ]
    assert problems(zone, seeds, "R,headline,exact_on,sex,w\n") == []


def test_age_bands_are_those_of_the_subgroups() -> None:
    bands = re.findall(
        r"then '([^']+)'", (PROJECT / "macros/rules/age_band.sql").read_text("utf-8")
    )
    assert SUBGROUP_FIELDS["age_band"] == tuple(bands)


def test_choices_are_those_of_the_projects_settings() -> None:
    settings = (PROJECT / "macros/checks/method_settings.sql").read_text("utf-8")
    for setting in PLAN_SETTINGS:
        if setting.words and not setting.is_repeated:
            assert f"choice('{setting.name}', {list(setting.words)}" in settings


def test_regions_are_those_of_the_sources() -> None:
    (orders,) = [table for table in extract_tables() if table.name == "probation/orders"]
    (region,) = [column for column in orders.columns if column.name == "region"]
    assert SUBGROUP_FIELDS["region"] == region.values


def test_every_covariate_of_the_project_can_be_left_out(zone: Path) -> None:
    rows = "".join(f"R,headline,leave_out,{name},w\n" for name in ("copas_rate", "demographics"))
    assert problems(zone, PROJECT / "seeds", rows) == []


def test_the_documentation_has_every_setting_and_value() -> None:
    text = (PROJECT / "docs/analysis-plans.md").read_text("utf-8")
    names = [setting.name for setting in PLAN_SETTINGS]
    words = [word for setting in PLAN_SETTINGS for word in setting.words]
    bands = [*SUBGROUP_FIELDS, *SUBGROUP_FIELDS["age_band"], *SUBGROUP_FIELDS["event_type"]]
    assert [word for word in (*names, *words, *bands) if f"`{word}`" not in text] == []
