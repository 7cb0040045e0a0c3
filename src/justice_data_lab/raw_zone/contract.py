"""The raw zone as data: every extract table with its columns, types, keys and accepted values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

import yaml

from justice_data_lab.gates import GATES
from justice_data_lab.project import project_folder


class ColumnType(StrEnum):
    """Type of a column in an extract, in the words of SQL."""

    VARCHAR = "VARCHAR"
    DATE = "DATE"
    INTEGER = "INTEGER"
    BOOLEAN = "BOOLEAN"


@dataclass(frozen=True)
class Column:
    """One column of an extract table.

    ``values`` lists the accepted values (empty: any); ``seed`` names the reference seed in which
    each of its codes must stand. Null means unknown and is accepted, except in a key or a code.
    """

    name: str
    type: ColumnType
    is_key: bool = False
    values: tuple[str, ...] = ()
    seed: str | None = None


@dataclass(frozen=True)
class Table:
    """One extract table, named by its folder and file name without the ending."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str | None:
        """Name of the key column, or None for a table without one."""
        return next((column.name for column in self.columns if column.is_key), None)


@dataclass(frozen=True)
class StaffFile:
    """An optional CSV file: its columns, those that no row may leave empty, and what they hold.

    ``whole_numbers`` and ``dates`` name columns; ``choices`` has the words of a column.
    """

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    dates: tuple[str, ...] = ()
    whole_numbers: tuple[str, ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class PlanSetting:
    """One setting that analysis_plans.csv may change, and the values that it takes.

    ``words`` are its values; ``minimum`` and ``maximum`` the range of a number. With neither, the
    check of plans knows it by name. ``is_repeated``: one row per value. ``is_of_request``: for the
    whole request. ``is_of_subgroup``: for a subgroup that the plan itself defines.
    """

    name: str
    words: tuple[str, ...] = ()
    minimum: float = 0
    maximum: float | None = None
    is_whole: bool = False
    is_repeated: bool = False
    is_of_request: bool = False
    is_of_subgroup: bool = False


REGIONS: Final = (
    "north_east",
    "north_west",
    "yorkshire_and_the_humber",
    "east_midlands",
    "west_midlands",
    "east_of_england",
    "london",
    "south_east",
    "south_west",
    "wales",
)


@cache
def extract_tables() -> tuple[Table, ...]:
    """Return the extract tables of the raw zone: the sources of dbt, in their order.

    ``models/staging/_sources.yml`` has their columns and types, and in ``meta`` what the check on
    run start needs besides.
    """
    text = (project_folder() / "models/staging/_sources.yml").read_text("utf-8")
    (raw,) = [source for source in yaml.safe_load(text)["sources"] if source["name"] == "raw"]
    return tuple(
        Table(table["name"].replace("__", "/"), tuple(map(_column, table["columns"])))
        for table in raw["tables"]
        if table["name"] != "lab__extract"
    )


def _column(source: dict[str, Any]) -> Column:
    meta = source.get("config", {}).get("meta", {})
    return Column(
        name=source["name"],
        type=ColumnType(source["data_type"].upper()),
        is_key=meta.get("is_key", False),
        values=tuple(meta.get("values", ())),
        seed=meta.get("seed"),
    )


ANALYSIS_PLANS: Final = StaffFile(
    "analysis_plans.csv",
    ("request_id", "analysis_id", "setting", "value", "reason"),
    needed=("request_id", "analysis_id", "setting", "value", "reason"),
)
PLAN_SETTINGS: Final = (
    PlanSetting("control_condition", ("risk_set", "fixed", "none")),
    PlanSetting("match_scale", ("logit", "probability")),
    PlanSetting("match_width", maximum=10),
    PlanSetting("match_width_unit", ("sd", "raw")),
    PlanSetting("exact_on", ("sex", "sentence_type", "region", "index_quarter"), is_repeated=True),
    PlanSetting("leave_out", is_repeated=True),
    PlanSetting("sex_offence_scope", ("ever", "ever_before", "index"), is_of_request=True),
    PlanSetting("window_months", minimum=1, maximum=24, is_whole=True, is_of_request=True),
    PlanSetting("override_gate", tuple(GATES), is_repeated=True),
    PlanSetting("subgroup", is_of_subgroup=True),
    PlanSetting("label", is_of_subgroup=True),
)
# analyses that the lab makes itself: those that a plan may set, and those that are no choice
ANALYSES_OF_THE_LAB: Final = ("regional", "community_sentence", "prison_release")
SCENARIOS_OF_THE_LAB: Final = ("scope_ever", "scope_ever_before", "scope_index")
# fields that make a subgroup, with their values; none: free text of the extract or the upload
SUBGROUP_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "sex": ("m", "f"),
    "age_band": ("18-20", "21-24", "25-29", "30-34", "35-39", "40-49", "50+"),
    "event_type": ("community_sentence", "prison_release"),
    "region": REGIONS,
    "establishment": (),
    "user_reference_1": (),
}
LABEL_LENGTH: Final = 70
CLERICAL_DECISIONS: Final = StaffFile(
    "clerical_decisions.csv",
    ("request_id", "record_number", "pnc_id", "decision", "reviewer", "decided_on"),
    needed=("request_id", "record_number", "pnc_id", "decision"),
    dates=("decided_on",),
    whole_numbers=("record_number",),
    choices=(("decision", ("same", "different")),),
)
PROVIDER_REVIEWS: Final = StaffFile(
    "provider_reviews.csv",
    ("request_id", "sent_on", "due_on", "comment", "resolution", "closed_on"),
    needed=("request_id", "sent_on"),
    dates=("sent_on", "due_on", "closed_on"),
)
FEEDBACK_SURVEY: Final = StaffFile(
    "feedback_survey.csv",
    ("request_id", "sent_on", "answered_on", "score"),
    needed=("request_id", "sent_on"),
    dates=("sent_on", "answered_on"),
)
STAFF_FILES: Final = (ANALYSIS_PLANS, CLERICAL_DECISIONS, PROVIDER_REVIEWS, FEEDBACK_SURVEY)

RELEASE_REGISTER: Final = StaffFile(
    "register.csv",
    ("version", "request_id", "released_on"),
    needed=("version", "request_id", "released_on"),
    dates=("released_on",),
)

PLAN_REGISTER: Final = StaffFile(
    "plan_register.csv",
    ("written_at", "request_id", "event", "setting", "sha256"),
    needed=("written_at", "request_id", "event"),
    choices=(("event", ("declared", "withdrawn", "estimated")),),
)

RELEASED_COHORTS: Final = StaffFile(
    "cohorts.csv",
    (
        *("version", "request_id", "analysis_id", "key_check", "people_n", "people_sketch"),
        *("reoffenders_n", "reoffenders_sketch", "others_sketch"),
    ),
    needed=(
        *("version", "request_id", "analysis_id", "key_check", "people_n", "people_sketch"),
        *("reoffenders_n", "reoffenders_sketch", "others_sketch"),
    ),
    whole_numbers=("people_n", "reoffenders_n"),
)
