"""The published tables as the site needs them: checked, and each request's rows at hand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from justice_data_lab.build.databases import DatabaseError
from justice_data_lab.build.published import Published, is_controlled
from justice_data_lab.report.wording import status_reason_text

Row = Mapping[str, Any]

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNBUILT: Final = "run dbt build to its end"
# written when a build has ended, so that a first build is without it
_OPTIONAL: Final = "quality_log"

# table: the columns that the site reads
_COLUMNS: Final[Mapping[str, str]] = {
    "requests": "request_id organisation service_name sector need status status_reason "
    "review_due_on submitted_n analysed_n description delivered_in balance_verdict submitted_on "
    "started_from_year started_to_year release_version released_on code",
    "analyses": "request_id analysis_id label subgroup_field subgroup_value control_condition "
    "sex_offence_scope match_scale match_width match_width_unit exact_on left_out reason "
    "eligible_n matched_n off_support_n pool_n matched_control_n control_effective_n "
    "controls_used_percent largest_weight_percent largest_smd_before largest_smd_after green_n "
    "amber_n red_n equipoise balance_verdict fit_method code",
    "attrition": "request_id step_number stage description removed_n remaining_n "
    "percent_of_submitted is_merged code",
    "attrition_detail": "request_id description n code",
    "suggested_analyses": "request_id description expected_n code",
    "resubmissions": "request_id release_quarter basis n earliest_analysis_on code",
    "pool_attrition": "request_id analysis_id description removed_n remaining_n code",
    "outcomes": "request_id analysis_id measure treated_n treated_value treated_lower "
    "treated_upper control_n control_events_n control_effective_n control_value control_lower "
    "control_upper difference difference_lower difference_upper p_value number_needed conclusion "
    "method adjusted_p_value dr_difference dr_lower dr_upper dr_p_value e_value e_value_bound "
    "is_reliable calibrated_lower calibrated_upper calibrated_p_value code",
    "measures": "measure measure_order name name_in_text unit population description decimals",
    "covariate_balance": "request_id analysis_id covariate treated_mean control_mean_before "
    "control_mean_after smd_before smd_after variance_ratio_after rating code",
    "power": "request_id reduction_points minimum_treated_n code",
    "detectable": "request_id power_percent smallest_detectable_points",
    "pre_service_check": "request_id treated_value control_value difference difference_lower "
    "difference_upper p_value passes code",
    "diagnostics_gate": "request_id gate value limit_value passes is_overridden code",
    "placebo": "request_id measure cohorts_n difference difference_error significant_percent "
    "significant_lower significant_upper code",
    "sensitivity": "request_id scenario measure scenario_order description difference lower upper "
    "p_value treated_n control_n control_effective_n largest_smd_after code",
    "survival": "request_id analysis_id arm month at_risk_n survival_percent lower upper code",
    "subgroup_interactions": "request_id subgroup_field measure groups_n q degrees_of_freedom "
    "p_value code",
    "meta_analysis": "dimension value measure requests_n difference lower upper p_value i2 tau2 "
    "q_p_value prediction_lower prediction_upper code",
    "findings_summary": "dimension value measure requests decreases increases inconclusive "
    "withheld not_reliable",
    "statements": "request_id statement_order topic text",
    "target_trial": "request_id item item_order component target emulation departure",
    "method_settings": "setting_order setting value meaning source",
    "feedback_survey": "sent_n answered_n response_rate",
    "codes": "code meaning",
    _OPTIONAL: "check_id kind description status",
}


class ReportError(DatabaseError):
    """The site cannot be made; the text says why in one line."""


@dataclass(frozen=True)
class SiteTables:
    """Rows of every table, in the order of their keys, and those of each request.

    Rows of ``requests`` have ``reason_text`` beside their columns: why there is no result.
    settings: value of each setting and fact of the build.
    """

    rows: Mapping[str, Sequence[Row]]
    by_request: Mapping[str, Mapping[str, Sequence[Row]]]
    settings: Mapping[str, str]

    def table(self, name: str) -> Sequence[Row]:
        """Return all rows of a table."""
        return self.rows[name]

    def of(self, name: str, request_id: str) -> Sequence[Row]:
        """Return the rows of a table that belong to a request."""
        return self.by_request[name].get(request_id, ())

    @property
    def measures(self) -> Mapping[str, Row]:
        """The measures by code, in their order."""
        return {row["measure"]: row for row in self.rows["measures"]}

    @property
    def is_controlled(self) -> bool:
        """Whether small counts are hidden."""
        return is_controlled(self.settings)

    @property
    def is_synthetic(self) -> bool:
        """Whether the build says that its raw zone holds nobody real."""
        return self.settings.get("is_synthetic") == "true"


def site_tables(published: Published) -> SiteTables:
    """Return the tables that the site is made from.

    Raises ReportError where a table or column is missing, or where a request has a name that no
    file can have.
    """
    rows = {name: _rows(published, name, columns) for name, columns in _COLUMNS.items()}
    rows["measures"].sort(key=lambda row: (row["measure_order"], row["measure"]))
    _check_names(rows["requests"])
    settings = {row["setting"]: row["value"] for row in rows["method_settings"]}
    rows["requests"] = [
        {**row, "reason_text": status_reason_text(row["status_reason"], settings)}
        for row in rows["requests"]
    ]
    return SiteTables(rows=rows, by_request=_by_request(rows), settings=settings)


def _rows(published: Published, name: str, columns: str) -> list[Row]:
    table = published.tables.get(name)
    if table is None:
        if name == _OPTIONAL:
            return []
        raise ReportError(f"published.duckdb: the table {name} is missing; {_UNBUILT}")
    missing = [column for column in columns.split() if column not in table.column_names]
    if missing:
        raise ReportError(f"published.duckdb: {name} lacks {', '.join(missing)}; {_UNBUILT}")
    rows: list[Row] = table.to_pylist()
    return rows


def _by_request(rows: Mapping[str, Sequence[Row]]) -> Mapping[str, Mapping[str, Sequence[Row]]]:
    grouped: dict[str, dict[str, list[Row]]] = {}
    for name, table in rows.items():
        grouped[name] = defaultdict(list)
        for row in table:
            if "request_id" in row:
                grouped[name][row["request_id"]].append(row)
    return grouped


def _check_names(requests: Sequence[Row]) -> None:
    """Refuse ids that are no file name, and pairs that some file systems hold for one."""
    seen: set[str] = set()
    for row in requests:
        request_id = row["request_id"]
        if not _REQUEST_ID.fullmatch(request_id):
            raise ReportError("requests: an id is not made of 1 to 64 letters, digits, - and _")
        if request_id.casefold() in seen:
            raise ReportError(f"requests: two ids differ only in case: {request_id}")
        seen.add(request_id.casefold())
