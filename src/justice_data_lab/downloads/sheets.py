"""Which published tables a workbook holds, in the order of reading, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    table: of the published database. label: of the sheet, at most 31 letters. title: of the table.
    units: what its figures count.
    """

    table: str
    label: str
    title: str
    units: str


_PERCENT: Final = "Percent, percentage points, offences per person or days, by measure"
_RECORDS: Final = "Records"
REQUEST_SHEETS: Final = (
    Sheet("statements", "What it shows", "What this analysis shows, and what it does not", "Text"),
    Sheet("outcomes", "Results", "Results of every analysis and measure", _PERCENT),
    Sheet("attrition", "Who was left out", "From the records sent to those analysed", _RECORDS),
    Sheet("attrition_detail", "More on who was left out", "Details of those left out", _RECORDS),
    Sheet("suggested_analyses", "Suggested analyses", "What could hold those left out", "People"),
    Sheet("resubmissions", "When to send again", "People in custody, by release", "People"),
    Sheet("analyses", "Analyses", "How each analysis was made", "People, percent"),
    Sheet("pool_attrition", "Comparison pool", "From all index events to the pool", "People"),
    Sheet("covariate_balance", "Balance", "How alike the two groups are", "Percent or mean"),
    Sheet("survival", "Time to re-offending", "Not yet re-offended, by month", "Percent"),
    Sheet("subgroup_interactions", "Between subgroups", "Whether subgroups differ", "Statistic"),
    Sheet("sensitivity", "Sensitivity", "The same question asked in other ways", _PERCENT),
    Sheet("power", "Power", "People needed to show a reduction", "People"),
    Sheet("pre_service_check", "Year before", "Both groups in the year before", _PERCENT),
    Sheet("diagnostics_gate", "Gates", "Whether the two groups can be compared", "By gate"),
    Sheet("target_trial", "Target trial", "The trial that this analysis stands in for", "Text"),
    Sheet("placebo", "Placebo", "What the method finds without a service", _PERCENT),
    Sheet("detectable", "What could be shown", "Smallest difference to be found", "Points"),
)
"""Sheets of the workbook of one request; one without rows is left out."""

ALL_SHEETS: Final = (
    Sheet("requests", "Requests", "All requests and their status", _RECORDS),
    Sheet("outcomes", "Results", "Results of every request, analysis and measure", _PERCENT),
    Sheet("attrition", "Who was left out", "From the records sent to those analysed", _RECORDS),
    Sheet("findings_summary", "Findings", "Requests by how they ended", "Requests"),
    Sheet("meta_analysis", "Results together", "Results of several requests together", _PERCENT),
    Sheet("feedback_survey", "Feedback survey", "Answers to the feedback survey", "Answers"),
    Sheet("measures", "Measures", "What each measure is", "Text"),
    Sheet("method_settings", "Method settings", "The settings of the method", "Text"),
)
"""Sheets of the workbook of all requests."""
