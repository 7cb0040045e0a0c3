"""The check of analysis_plans.csv: every setting of a request, before any model runs."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from justice_data_lab.intake.contract import REQUEST_ID
from justice_data_lab.measures import HEADLINE
from justice_data_lab.raw_zone.contract import (
    ANALYSES_OF_THE_LAB,
    ANALYSIS_PLANS,
    LABEL_LENGTH,
    PLAN_SETTINGS,
    SCENARIOS_OF_THE_LAB,
    SUBGROUP_FIELDS,
    PlanSetting,
)
from justice_data_lab.raw_zone.staff import check_staff_file, read_staff_file

_ANALYSIS_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WHOLE: Final = re.compile(r"[0-9]{1,4}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")
_SETTINGS: Final = {setting.name: setting for setting in PLAN_SETTINGS}
_OF_THE_LAB: Final = (HEADLINE, *ANALYSES_OF_THE_LAB)
_COVARIATES: Final = "seeds/reference/covariates.csv"


@dataclass(frozen=True)
class _Row:
    """One row of the plan with every cell filled; ids and settings in lower case."""

    request_id: str
    analysis_id: str
    setting: str
    value: str


def check_plans(zone: Path, seeds: Path) -> list[str]:
    """Return every problem of the plan, by its row under the header; empty means none.

    A problem names the column and what it may hold, never what stands there: a subgroup can be a
    text that a provider wrote about people. ``seeds`` holds ``reference/covariates.csv``, read
    where the plan leaves a covariate out. Columns and empty cells are the matter of
    ``check_staff_file``; where it has a problem this has none.
    """
    if check_staff_file(zone, ANALYSIS_PLANS):
        return []
    rows = _rows(zone)
    covariates = frozenset[str]()
    if any(row.setting == "leave_out" for row in rows):
        try:
            covariates = _names_of_covariates(seeds)
        except (OSError, ValueError, KeyError, csv.Error):
            return [f"{_COVARIATES}: is missing or cannot be read; restore it"]
    seen = Counter[tuple[str, ...]]()
    subgroups = {(row.request_id, row.analysis_id) for row in rows if row.setting == "subgroup"}
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        found = [*_problems_of_names(row, subgroups)] or [*_problems_of_value(row, covariates)]
        if not found:
            seen[_key(row)] += 1
            if seen[_key(row)] > 1:
                found = ["column setting: is there already for this analysis; keep one row"]
        label = f"{ANALYSIS_PLANS.name}: row {number} under the header"
        problems += [f"{label}: {problem}" for problem in found]
    return problems


def _rows(zone: Path) -> list[_Row]:
    table = read_staff_file(zone, ANALYSIS_PLANS)
    return [
        _Row(
            row["request_id"],
            row["analysis_id"].lower(),
            row["setting"].lower(),
            row["value"],
        )
        for row in table.to_pylist()
    ]


def _key(row: _Row) -> tuple[str, ...]:
    """Return what must not stand in the plan twice: a setting, or a value of one with several."""
    key = (row.request_id, row.analysis_id, row.setting)
    return (*key, row.value.lower()) if _SETTINGS[row.setting].is_repeated else key


def _names_of_covariates(seeds: Path) -> frozenset[str]:
    path = seeds / "reference" / "covariates.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, strict=True))
    return frozenset(row[column] for row in rows for column in ("covariate", "family"))


def _problems_of_names(row: _Row, subgroups: set[tuple[str, str]]) -> Iterator[str]:
    """Yield what is wrong with the names of request, analysis and setting, and their agreement."""
    if not REQUEST_ID.fullmatch(row.request_id):
        yield "column request_id: is not the name of an upload; correct it"
    setting = _SETTINGS.get(row.setting)
    if setting is None:
        yield f"column setting: is not one of {', '.join(_SETTINGS)}; correct it"
    if not _ANALYSIS_ID.fullmatch(row.analysis_id):
        yield (
            "column analysis_id: is not a name of up to 64 letters, digits and _ that begins with "
            "a letter; correct it"
        )
    elif row.analysis_id in SCENARIOS_OF_THE_LAB:
        yield "column analysis_id: is a name that the lab keeps for itself; choose another"
    elif setting is not None:
        yield from _problem_of_place(row, setting, subgroups)


def _problem_of_place(
    row: _Row, setting: PlanSetting, subgroups: set[tuple[str, str]]
) -> Iterator[str]:
    if setting.is_of_request and row.analysis_id != HEADLINE:
        yield f"column analysis_id: must be {HEADLINE} for this setting; correct it"
    elif setting.is_of_subgroup and row.analysis_id in _OF_THE_LAB:
        yield "column analysis_id: must be a name of your own for a subgroup; choose another"
    elif row.analysis_id not in _OF_THE_LAB and (row.request_id, row.analysis_id) not in subgroups:
        yield (
            f"column analysis_id: is none of {', '.join(_OF_THE_LAB)} and no subgroup of this "
            "request; add its row with the setting subgroup, or correct it"
        )


def _problems_of_value(row: _Row, covariates: frozenset[str]) -> Iterator[str]:
    setting = _SETTINGS[row.setting]
    value = row.value.lower()
    if setting.words:
        if value not in setting.words:
            yield f"column value: is not one of {', '.join(setting.words)}; correct it"
    elif setting.maximum is not None:
        form = _WHOLE if setting.is_whole else _NUMBER
        if not form.fullmatch(value) or not setting.minimum <= float(value) <= setting.maximum:
            kind = "whole number" if setting.is_whole else "number"
            yield (
                f"column value: is not a {kind} from {setting.minimum:g} to "
                f"{setting.maximum:g}; correct it"
            )
    elif row.setting == "leave_out":
        if value not in covariates:
            yield f"column value: is neither a covariate nor a family of {_COVARIATES}; correct it"
    elif row.setting == "label":
        if (
            len(row.value) > LABEL_LENGTH
            or not row.value.isprintable()
            or not row.value[0].isalnum()
        ):
            yield (
                f"column value: is not one line of up to {LABEL_LENGTH} characters that begins "
                "with a letter or a digit; shorten it"
            )
    else:
        yield from _problems_of_subgroup(row.value)


def _problems_of_subgroup(value: str) -> Iterator[str]:
    """Yield what is wrong with a definition ``field=value``."""
    field, _, text = (part.strip() for part in value.partition("="))
    words = SUBGROUP_FIELDS.get(field.lower())
    if words is None or not text:
        fields = ", ".join(SUBGROUP_FIELDS)
        yield f"column value: is not field=value, with a field of {fields}; correct it"
    elif words and text.lower() not in words:
        yield (
            f"column value: the field {field.lower()} has the values {', '.join(words)}; correct it"
        )
