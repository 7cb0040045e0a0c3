"""The settings of the method: the vars of the project, and what a plan changes for a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .zone import PlanRow

HEADLINE = "headline"
SCOPES = ("ever", "ever_before", "index")


@dataclass(frozen=True)
class Settings:
    """What the rules may be changed by; the defaults are those of the project's vars."""

    minimum_submitted: int = 60
    minimum_analysed: int = 30
    window_months: int = 6
    sex_offence_scope: str = "ever"
    recall_is_index_event: bool = False
    control_condition: str = "risk_set"

    def as_vars(self) -> dict[str, object]:
        """Write the settings as the vars of a build."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Plan:
    """The rows of analysis_plans.csv about one request."""

    rows: tuple[PlanRow, ...] = ()

    def values(self, analysis_id: str, setting: str) -> list[str]:
        """List the values of a setting under one analysis, in the order of the file."""
        return [
            row.value
            for row in self.rows
            if row.analysis_id == analysis_id and row.setting == setting
        ]

    def value(self, analysis_id: str, setting: str) -> str | None:
        """Give a setting of an analysis: its own, else the headline's, else none."""
        own = self.values(analysis_id, setting) or self.values(HEADLINE, setting)
        return own[0] if own else None

    def subgroups(self) -> list[tuple[str, str, str]]:
        """List the subgroups of the plan as analysis_id, field and value."""
        return [
            (row.analysis_id, *subgroup_of(row.value))
            for row in self.rows
            if row.setting == "subgroup"
        ]


def subgroup_of(value: str) -> tuple[str, str]:
    """Read `field=value`; free text stays as it is written, the other fields have their words.

    The words of the project's tables: sex in capitals, all others in small letters.
    """
    name, _, wanted = (part.strip() for part in value.partition("="))
    name = name.lower()
    if name in ("establishment", "user_reference_1"):
        return name, wanted
    return name, wanted.upper() if name == "sex" else wanted.lower()


def plan_of(rows: Iterable[PlanRow], request_id: str) -> Plan:
    """Take the rows of one request."""
    return Plan(tuple(row for row in rows if row.request_id == request_id))


def of_request(settings: Settings, plan: Plan) -> Settings:
    """Apply the request's own sex-offence scope, window and control condition."""
    window = plan.value(HEADLINE, "window_months")
    return replace(
        settings,
        sex_offence_scope=plan.value(HEADLINE, "sex_offence_scope") or settings.sex_offence_scope,
        window_months=int(window) if window else settings.window_months,
        control_condition=plan.value(HEADLINE, "control_condition") or settings.control_condition,
    )
