"""Disclosure control: the only door into the published database.

Read ``settings`` and ``suppressions`` first, then the rules: ``merging`` (waterfalls and curves),
``audit`` (what all figures together allow), ``partitions`` (categories of a total), ``cohorts``
with ``sketches`` (groups that are told apart), ``rounding``; ``records`` and ``nested`` audit what
counts the same people; then the tables, each of which applies them: ``counts``, ``attrition``,
``analyses``, ``gates``, ``outcomes``, ``balance``, ``survival``, ``year_before``, ``placebo``,
``pooled``, ``empirical_null``. Arrow tables in and out, sorted by key; every controlled table ends
in ``code`` and ``suppressed_figures``. See docs/disclosure.md.
"""

from justice_data_lab.disclosure.analyses import control_analyses, control_sensitivity
from justice_data_lab.disclosure.attrition import control_attrition, control_pool_attrition
from justice_data_lab.disclosure.balance import control_balance
from justice_data_lab.disclosure.balance_people import balance_contributors
from justice_data_lab.disclosure.cohorts import control_cohorts, hidden_sizes_of, holds_of
from justice_data_lab.disclosure.counts import (
    control_additional,
    control_details,
    control_requests,
    control_resubmissions,
    published_requests,
)
from justice_data_lab.disclosure.empirical_null import calibrate_headlines, publish_empirical_null
from justice_data_lab.disclosure.gates import control_gates
from justice_data_lab.disclosure.outcomes import (
    balance_verdicts,
    control_outcomes,
    failed_analyses,
)
from justice_data_lab.disclosure.placebo import control_placebo
from justice_data_lab.disclosure.pooled import (
    control_detectable,
    control_interactions,
    control_meta_analysis,
    control_power,
)
from justice_data_lab.disclosure.records import suppressed_records
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.survival import control_survival
from justice_data_lab.disclosure.year_before import control_year_before

__all__ = [
    "DisclosureSettings",
    "balance_contributors",
    "balance_verdicts",
    "calibrate_headlines",
    "control_additional",
    "control_analyses",
    "control_attrition",
    "control_balance",
    "control_cohorts",
    "control_details",
    "control_detectable",
    "control_gates",
    "control_interactions",
    "control_meta_analysis",
    "control_outcomes",
    "control_placebo",
    "control_pool_attrition",
    "control_power",
    "control_requests",
    "control_resubmissions",
    "control_sensitivity",
    "control_survival",
    "control_year_before",
    "failed_analyses",
    "hidden_sizes_of",
    "holds_of",
    "publish_empirical_null",
    "published_requests",
    "suppressed_records",
]
