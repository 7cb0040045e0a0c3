"""What the attack on a release reads: published tables of a build, and the truth behind them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from disclosure.release_attack import (
    Attacked,
    Person,
    Records,
    attack_people,
    attack_records,
)

SEEDS = Path(__file__).parents[3] / "seeds" / "reference"
Rows = list[dict[str, Any]]

READ = {
    "outcomes": [
        "treated_n",
        "treated_reoffenders_n",
        "treated_value",
        "treated_lower",
        "treated_upper",
    ],
    "covariate_balance": ["treated_mean", "rounding_step"],
    "survival": ["month", "at_risk_n", "survival_percent", "lower", "upper"],
    "attrition": ["step_number", "removed_n", "remaining_n"],
    "attrition_detail": ["n"],
    "resubmissions": ["n"],
    "suggested_analyses": ["expected_n"],
    "analyses": ["matched_n", "eligible_n", "off_support_n"],
}
"""Columns of each table that the attack learns from."""

SAYS_NOTHING_OF_FEW: dict[str, dict[str, str]] = {
    "analyses": {
        "match_width": "a setting",
        "pool_n matched_control_n control_effective_n": "the pool, judged alone in test_tables",
        "controls_used_percent largest_weight_percent equipoise": "weights, judged in test_tables",
        "largest_smd_before largest_smd_after": "as smd_before, without the covariate",
        "green_n amber_n red_n": "counts of covariates",
    },
    "attrition": {"percent_of_submitted": "of the rounded counts"},
    "covariate_balance": {
        "control_mean_before control_mean_after": "as coarse as the treated's, and weighted",
        "smd_before smd_after variance_ratio_after": "of means that are known no better",
    },
    "detectable": {"power_percent": "a setting", "smallest_detectable_points": "of both rates"},
    "diagnostics_gate": {
        "value": "of weights, or a share of more than a few, judged in test_tables",
        "limit_value": "of the method",
    },
    "empirical_null": {
        "requests_n": "counts of requests",
        "mean spread": "of ten published headlines or more",
    },
    "feedback_survey": {"sent_n answered_n response_rate": "organisations"},
    "findings_summary": {
        "requests decreases increases inconclusive withheld not_reliable": "counts of requests"
    },
    "measures": {"measure_order decimals": "of the seed"},
    "meta_analysis": {
        "requests_n": "counts of requests",
        "difference lower upper p_value i2 tau2 q_p_value": "of published headlines",
        "prediction_lower prediction_upper": "of published headlines",
    },
    "method_settings": {"setting_order minimum maximum floor": "settings"},
    "outcomes": {
        "control_n control_events_n control_effective_n": "the pool, judged alone",
        "control_value control_lower control_upper": "weighted shares of the pool",
        "difference difference_lower difference_upper": "of two values known no better",
        "p_value adjusted_p_value tests_n number_needed": "of the difference",
        "dr_difference dr_lower dr_upper dr_p_value": "of a model",
        "calibrated_lower calibrated_upper calibrated_p_value": "of the difference and the null",
        "e_value e_value_bound": "of two rates known no better",
        "rounding_step": "a step; test_attacks_on_measures attacks every measure",
    },
    "placebo": {
        "cohorts_n": "a setting",
        "difference difference_error": "of people without the service, over many draws",
        "significant_percent significant_lower significant_upper": "of cohorts, not people",
    },
    "pool_attrition": {"step_number removed_n remaining_n": "each judged alone in test_attacker"},
    "pre_service_check": {
        "treated_value control_value": "a share that stands alone, judged by is_primary",
        "difference difference_lower difference_upper p_value": "of two values known no better",
    },
    "power": {"reduction_points minimum_treated_n": "of both rates"},
    "requests": {
        "submitted_n analysed_n": "ends of the waterfall",
        "started_from_year started_to_year": "years of more than a few people",
    },
    "sensitivity": {
        "scenario_order match_width": "settings",
        "difference lower upper p_value": "of values that are not shown",
        "treated_n": "nobody or more than a few from the headline's, in test_tables",
        "control_n control_effective_n largest_smd_after": "the pool",
    },
    "statements": {"statement_order": "an order"},
    "target_trial": {"item_order": "an order"},
    "subgroup_interactions": {
        "groups_n degrees_of_freedom": "counts of subgroups",
        "q p_value": "of all subgroups, each of which is shown",
    },
}
"""Every other number that is published, and why the attack does not learn from it."""

PEOPLE = """
with matched as (
    select
        matches.request_id,
        matches.person_id,
        any_value(matches.event_id) as event_id,
        list(matches.analysis_id order by matches.analysis_id) as analyses,
        any_value(members.days_to_first) filter (where members.is_reoffender) as days
    from restricted.estimates.int_matching__matches as matches
    inner join restricted.intermediate.int_cohorts__members as members
        using (request_id, analysis_id, event_id)
    where matches.is_treated and matches.is_matched
    group by matches.request_id, matches.person_id
)
select
    matched.*,
    case when days is not null then cast(floor((days - 1) * 12 / 365.25) as int) + 1 end as month,
    to_json(covariates) as levels
from matched
inner join restricted.intermediate.int_cohorts__covariates as covariates using (event_id)
order by request_id, person_id
"""


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, file in (("published", "published_work"), ("restricted", "restricted")):
        connection.sql(f"attach '{folder / file}.duckdb' as {name} (read_only)")
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    table = connection.sql(query).to_arrow_table()
    made: Rows = table.to_pylist()
    return made


def of_request(rows: Rows, request_id: str) -> Rows:
    return [row for row in rows if row["request_id"] == request_id]


def attack_build(folder: Path) -> dict[str, Attacked]:
    """Attack every request of a build; what was found, by request."""
    connection = opened(folder)
    with (SEEDS / "covariates.csv").open(encoding="utf-8") as file:
        kinds = {row["covariate"]: row["kind"] for row in csv.DictReader(file)}
    tables = {
        name: rows_of(connection, f"select * from published.main.{name}")
        for name in ("outcomes", "covariate_balance", "survival", "analyses")
    }
    result: dict[str, Attacked] = {}
    people: dict[str, list[Person]] = {}
    for row in rows_of(connection, PEOPLE):
        values = json.loads(row["levels"])
        levels = {
            name: level_of(kind, values.get(name))
            for name, kind in kinds.items()
            if kind != "continuous" and name in values
        }
        person = Person(frozenset(row["analyses"]), row["month"], levels)
        people.setdefault(row["request_id"], []).append(person)
    for request_id in sorted(people):
        result[request_id] = attack_people(
            people[request_id],
            *(
                of_request(tables[name], request_id)
                for name in ("outcomes", "covariate_balance", "survival")
            ),
            sizes=of_request(tables["analyses"], request_id),
        )
        result[request_id] += _records(connection, request_id)
    return result


def level_of(kind: str, value: Any) -> str:
    if value is None:
        return "missing"
    return ("yes" if value else "no") if kind == "binary" else str(value)


def _records(connection: duckdb.DuckDBPyConnection, request_id: str) -> Attacked:
    with (SEEDS / "attrition_detail_kinds.csv").open(encoding="utf-8") as file:
        parents = {row["detail"]: row["reason"] for row in csv.DictReader(file) if row["reason"]}
    with (SEEDS / "exclusion_reasons.csv").open(encoding="utf-8") as file:
        texts = {row["description"]: row["reason"] for row in csv.DictReader(file)}
    (headline,) = rows_of(
        connection,
        "select eligible_n, off_support_n from published.main.analyses "
        f"where request_id = '{request_id}' and analysis_id = 'headline'",
    )
    shown, words = _counts(connection, request_id, "published", texts)
    true, _ = _counts(connection, request_id, "restricted", texts)
    return attack_records(shown, true, parents, words, headline)


def _counts(
    connection: duckdb.DuckDBPyConnection, request_id: str, where: str, texts: Mapping[str, str]
) -> tuple[Records, dict[int, list[str]]]:
    schema = "published.main." if where == "published" else "restricted.intermediate.int_outcomes__"
    is_request = f"where request_id = '{request_id}'"
    steps = rows_of(
        connection, f"select * from {schema}attrition {is_request} order by step_number"
    )
    words = {
        row["step_number"]: [
            texts[text]
            for text in row["description"].removeprefix("Other reasons: ").split("; ")
            if text in texts
        ]
        for row in steps
        if "description" in row
    }
    details = rows_of(connection, f"select detail, n from {schema}attrition_detail {is_request}")
    quarters = rows_of(connection, f"select * from {schema}resubmissions {is_request}")
    suggested = rows_of(connection, f"select * from {schema}suggested_analyses {is_request}")
    return Records(
        [
            (row["step_number"], row["reason"], row["removed_n"], row["remaining_n"])
            for row in steps
        ],
        {row["detail"]: row["n"] for row in details},
        {f"{row['release_quarter']} {row['basis']}": row["n"] for row in quarters},
        {row["suggested_analysis"]: row["expected_n"] for row in suggested},
    ), words
