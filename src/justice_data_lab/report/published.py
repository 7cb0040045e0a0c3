"""The published tables, read whole: the only thing that the site is made from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

Row = Mapping[str, Any]

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNBUILT: Final = "run dbt build to its end"

# table: columns that the site reads, and the order of its rows
_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "requests": (
        "request_id, organisation, service_name, sector, need, status, status_reason, "
        "review_due_on, submitted_n, analysed_n, description, delivered_in, balance_verdict, code",
        "request_id",
    ),
    "analyses": (
        "request_id, analysis_id, kind, label, subgroup_field, subgroup_value, pool, "
        "control_condition, sex_offence_scope, match_scale, match_width, match_width_unit, "
        "exact_on, left_out, reason, eligible_n, matched_n, off_support_n, pool_n, "
        "matched_control_n, control_effective_n, controls_used_percent, largest_weight_percent, "
        "largest_smd_before, largest_smd_after, green_n, amber_n, red_n, overlap, "
        "balance_verdict, fit_method, code",
        "request_id, analysis_id",
    ),
    "attrition": (
        "request_id, step_number, step, reason, description, removed_n, remaining_n, "
        "percent_of_submitted, is_merged, code",
        "request_id, step_number",
    ),
    "attrition_details": ("request_id, detail, description, n, code", "request_id, detail"),
    "additional_analyses": (
        "request_id, additional_analysis, description, expected_n, code",
        "request_id, additional_analysis",
    ),
    "resubmissions": (
        "request_id, release_quarter, basis, n, earliest_analysis_on, code",
        "request_id, earliest_analysis_on, release_quarter, basis",
    ),
    "pool_attrition": (
        "request_id, analysis_id, step_number, step, removed_n, remaining_n, code",
        "request_id, analysis_id, step_number",
    ),
    "outcomes": (
        "request_id, analysis_id, measure, treated_n, treated_value, treated_lower, "
        "treated_upper, treated_reoffenders_n, control_n, control_effective_n, control_value, "
        "control_lower, control_upper, difference, difference_lower, difference_upper, p_value, "
        "number_needed, conclusion, statement, method, tests_n, p_value_holm, dr_difference, "
        "dr_lower, dr_upper, dr_p_value, e_value, e_value_bound, is_reliable, code",
        "request_id, analysis_id, measure",
    ),
    "measures": (
        "measure, measure_order, name, unit, population, description, decimals",
        "measure_order, measure",
    ),
    "covariate_balance": (
        "request_id, analysis_id, covariate, family, treated_mean, control_mean_before, "
        "control_mean_after, smd_before, smd_after, variance_ratio_after, rating, code",
        "request_id, analysis_id, family, covariate",
    ),
    "power": ("request_id, reduction_points, minimum_treated_n", "request_id, reduction_points"),
    "detectable": (
        "request_id, power_percent, smallest_detectable_points",
        "request_id, power_percent",
    ),
    "sensitivity": (
        "request_id, scenario, measure, family, description, difference, lower, upper, p_value, "
        "treated_n, control_n, control_effective_n, largest_smd_after, code",
        "request_id, family, scenario, measure",
    ),
    "survival": (
        "request_id, analysis_id, arm, month, at_risk_n, survival_percent, lower, upper, code",
        "request_id, analysis_id, arm, month",
    ),
    "subgroup_interactions": (
        "request_id, subgroup_field, measure, groups_n, q, degrees_of_freedom, p_value, code",
        "request_id, subgroup_field, measure desc",
    ),
    "meta_analysis": (
        "dimension, value, measure, requests_n, difference, lower, upper, p_value, i2, tau2, "
        "q_p_value, prediction_lower, prediction_upper",
        "dimension, value, measure",
    ),
    "findings_summary": (
        "dimension, value, measure, requests, decreases, increases, inconclusive, withheld",
        "dimension, value, measure",
    ),
    "statements": (
        "request_id, statement_order, topic, measure, text",
        "request_id, statement_order",
    ),
    "method_settings": ("setting_order, setting, value, meaning, source", "setting_order, setting"),
    "feedback_survey": ("sent_n, answered_n, response_rate", "sent_n"),
    "codes": ("code, meaning", "code"),
}
# written when a build has ended, so that a first build is without it
_LOG: Final = ("quality_log", "check_id, kind, description, status", "kind, check_id")


class ReportError(Exception):
    """The site cannot be made; the text says why in one line."""


@dataclass(frozen=True)
class Published:
    """Rows of every table: those of one request by ``of``, those of none by ``table``."""

    tables: Mapping[str, Sequence[Row]]
    by_request: Mapping[str, Mapping[str, Sequence[Row]]]
    settings: Mapping[str, str]

    def table(self, name: str) -> Sequence[Row]:
        """Return all rows of a table."""
        return self.tables[name]

    def of(self, name: str, request_id: str) -> Sequence[Row]:
        """Return the rows of a table that belong to a request."""
        return self.by_request[name].get(request_id, ())

    @property
    def is_controlled(self) -> bool:
        """Whether small counts are hidden; only a setting that says so switches it off."""
        return self.settings.get("disclosure_control", "true") != "false"

    @property
    def is_synthetic(self) -> bool:
        """Whether the build says that its raw zone holds nobody real."""
        return self.settings.get("is_synthetic") == "true"


def read_published(build: Path) -> Published:
    """Read the published tables of a build.

    Raises ReportError where the database is missing, in use or without a table or column that is
    needed, or where a request has a name that no file can have.
    """
    path = build / "published.duckdb"
    if not path.is_file():
        raise ReportError(f"{path}: nothing is published there; {_UNBUILT}")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = {
                name: _rows(connection, path, name, columns, order)
                for name, (columns, order) in _TABLES.items()
            }
            tables[_LOG[0]] = _log(connection, path)
    except duckdb.IOException as error:
        raise ReportError(f"{path}: cannot be read; wait for the build that uses it") from error
    _check_names(tables["requests"])
    settings = {row["setting"]: row["value"] for row in tables["method_settings"]}
    return Published(tables=tables, by_request=_by_request(tables), settings=settings)


def _rows(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, columns: str, order: str
) -> list[dict[str, Any]]:
    try:
        cursor = connection.execute(f"select {columns} from {name} order by {order}")
    except duckdb.CatalogException as error:
        raise ReportError(f"{path}: the table {name} is missing; {_UNBUILT}") from error
    except duckdb.BinderException as error:
        known = {row[0] for row in connection.execute(f"describe {name}").fetchall()}
        missing = ", ".join(sorted(set(columns.split(", ")) - known))
        raise ReportError(f"{path}: {name} lacks the columns {missing}; {_UNBUILT}") from error
    names = columns.split(", ")
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _log(connection: duckdb.DuckDBPyConnection, path: Path) -> list[dict[str, Any]]:
    found = connection.execute(
        "select count(*) from duckdb_tables() where table_name = ?", [_LOG[0]]
    ).fetchone()
    return _rows(connection, path, *_LOG) if found and found[0] else []


def _by_request(
    tables: Mapping[str, Sequence[Row]],
) -> Mapping[str, Mapping[str, Sequence[Row]]]:
    grouped: dict[str, dict[str, list[Row]]] = {}
    for name, rows in tables.items():
        grouped[name] = defaultdict(list)
        for row in rows:
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
