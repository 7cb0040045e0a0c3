"""Plain words for the codes of the tables, and numbers as readers write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from justice_data_lab.report.charts.scales import MINUS
from justice_data_lab.rounding import half_up, rounded_p
from justice_data_lab.visible import with_escapes

NOT_APPLICABLE: Final = "z"
NOT_AVAILABLE: Final = "x"

NEEDS: Final = {
    "accommodation": "Accommodation",
    "education": "Education or learning",
    "employment": "Employment",
    "finance": "Finance",
    "relationships": "Relationships",
    "attitudes": "Attitudes and behaviour",
    "drugs": "Drugs",
    "alcohol": "Alcohol",
    "health": "Health",
    "other": "Other",
}
SECTORS: Final = {
    "private": "Private",
    "public": "Public",
    "voluntary_community": "Voluntary and community",
    "educational": "Educational",
}
STATUSES: Final = {
    "published": ("Published", "The result is final and has been released."),
    "in_review": ("In review", "The provider is checking a draft of the result."),
    "analysed": ("Analysed", "There is a draft result that has not been released."),
    "received": ("Received", "The request has arrived and is not analysed yet."),
    "not_answerable": ("Cannot be answered", "Too few people, or answers that the rules need."),
    "could_not_be_estimated": (
        "Could not be estimated",
        "The calculation stopped with an error; the lab's staff look into it.",
    ),
    "withdrawn": ("Withdrawn", "The organisation took its request back; nobody was looked up."),
}
# with the settings of the build in braces
STATUS_REASONS: Final = {
    "too_few_records": "fewer than {minimum_submitted} people were submitted",
    "too_few_eligible": "fewer than {minimum_analysed} people could be followed for a year",
    "too_few_matched": "fewer than {minimum_analysed} people had anybody to be compared with",
    "could_not_be_estimated": "the calculation stopped with an error",
    "not_readable": "the list of people could not be read",
    "read_in_part": "part of the list of people could not be read",
    "mostly_initials": "most names were initials only",
    "service_answer_missing": "an answer about the service is missing",
    "custody_with_community_sentence": "a service in custody cannot follow a community sentence",
    "governance_refused": "the organisation has no governance approval",
    "conditions_refused": "the organisation does not accept the conditions of use",
}
DELIVERED: Final = {
    "custody": "In custody",
    "community": "In the community",
    "through_the_gate": "Through the gate (from custody into the community)",
}
VERDICTS: Final = {
    "good": "Good: the two groups were alike in everything that was compared",
    "acceptable": "Acceptable: the two groups differed slightly in something",
    "poor": "Poor: the two groups still differed in something that matters",
}
RATINGS: Final = {
    "green": "alike (within 5%)",
    "amber": "close (5% to 10%)",
    "red": "different (above 10%)",
}
CONDITIONS: Final = {
    "risk_set": "had not re-offended by the day on which the person treated started",
    "fixed": "had not re-offended within the six-month window",
    "none": "no condition on re-offending before the start",
}
SCOPES: Final = {
    "ever": "anybody with a sex offence at any time is left out",
    "ever_before": "anybody with an earlier sex offence is left out",
    "index": "anybody whose index offence is sexual is left out",
}
FIELDS: Final = {
    "sex": "sex",
    "age_band": "age",
    "event_type": "type of sentence",
    "region": "region",
    "establishment": "prison",
    "user_reference_1": "the provider's own groups",
}
METHODS: Final = {
    "welch_effective": "Welch's t-test with the effective size",
    "robust_t": "t-test with the variance of the weights",
    "newcombe_effective": "Newcombe's interval for rare events",
}
ANALYSES: Final = {
    "headline": "Main analysis",
    "regional": "Compared within the same region",
    "community_sentence": "People with a community sentence",
    "prison_release": "People released from prison",
}
BASES: Final = {
    "released": "already released",
    "expected": "by their expected release date",
    "unknown": "with no release date",
}
COVARIATES: Final = {
    "age_at_index": "age at the sentence or release",
    "age_at_first_sanction": "age at the first conviction or caution",
    "career_length_years": "years since the first conviction or caution",
    "copas_rate": "rate of past offending",
    "index_offence_group": "offence",
    "index_quarter": "date of the sentence or release",
    "previous_indictable": "past offences, indictable only",
    "previous_either_way": "past offences, triable either way",
    "previous_summary": "past offences, summary only",
    "previous_court_appearances": "past court appearances",
    "previous_custodial_sentences": "past prison sentences",
    "previous_community_sentences": "past community sentences",
    "sentence_length_band": "length of sentence",
    "employed_month_before": "employed in the month before",
    "employed_year_before": "employed in the year before",
    "out_of_work_benefits_month_before": "on out-of-work benefits in the month before",
    "out_of_work_benefits_year_before": "on out-of-work benefits in the year before",
    "ogrs3": "predicted re-offending (OGRS3)",
    "oasys_ete": "assessed need: training and work",
}
_LEVELS: Final = {"M": "men", "F": "women", "U": "not known", "uk": "UK", "unknown": "not known"}
_CURVES: Final = {"_log": " (logarithm)", "_squared": " (squared)"}
CONCLUSIONS: Final = {
    "decrease": "Lower",
    "increase": "Higher",
    "inconclusive": "Cannot tell",
    "withheld": "No result",
    "not_reliable": "Not reliable",
}


def word(words: Mapping[str, str], code: str | None) -> str:
    """Return the words for a code; one that has none is written with spaces."""
    if code is None:
        return "Not stated"
    return words.get(code) or said(code.replace("_", " ").capitalize())


def said(text: str | None) -> str:
    """Return a stranger's text, whole, with what cannot be seen written out."""
    return with_escapes(text or "")


def sentence_case(text: str | None) -> str:
    """Return a stranger's text with a capital letter at its start."""
    words = said(text)
    return f"{words[:1].upper()}{words[1:]}"


def shortened(text: str, longest: int) -> str:
    """Return the text, or its beginning with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def code_text(code: str) -> str:
    """Write a code of the legend, as it stands in place of a number."""
    return f"[{code}]"


def number_text(value: Any, decimals: int = 0, code: str | None = None) -> str:
    """Write a number with a true minus sign; where there is none, its code.

    A whole-number measure that was published with one decimal keeps it.
    """
    if value is None:
        return code_text(code or NOT_AVAILABLE)
    if decimals == 0 and value != round(value):
        decimals = 1
    text = f"{half_up(abs(value), decimals):,.{decimals}f}"
    is_negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if is_negative else text


def p_text(value: float | None, code: str | None = None) -> str:
    """Write a p value as it is published, see ``rounded_p``."""
    if value is None:
        return code_text(code or NOT_AVAILABLE)
    if value < 0.005:
        return "less than 0.01"
    rounded = rounded_p(value)
    return f"{rounded:.2f}" if rounded == half_up(rounded, 2) else f"{rounded:g}"


def range_text(lower: Any, upper: Any, decimals: int = 0, code: str | None = None) -> str:
    """Write an interval, or its code."""
    if lower is None or upper is None:
        return code_text(code or NOT_AVAILABLE)
    return f"{number_text(lower, decimals)} to {number_text(upper, decimals)}"


def date_text(day: date | None, code: str | None = None) -> str:
    """Write a day as "4 April 2014"."""
    return code_text(code or NOT_AVAILABLE) if day is None else f"{day.day} {day:%B %Y}"


def iso_date_text(text: str) -> str:
    """Write a day of a setting, 2014-04-04, as "4 April 2014"; other text as it is."""
    try:
        return date_text(date.fromisoformat(text))
    except ValueError:
        return said(text)


def count_text(count: int, one: str, many: str) -> str:
    """Write a count with its noun."""
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def covariate_text(covariate: str) -> str:
    """Name a characteristic in plain words: "Offence: theft non motor"."""
    name, _, level = covariate.partition(": ")
    curve = next((ending for ending in _CURVES if name.endswith(ending)), "")
    base = name.removesuffix(curve)
    plain = COVARIATES.get(base) or base.replace("oasys_", "assessed need: ").replace("_", " ")
    plain += _CURVES.get(curve, "")
    of_level = _LEVELS.get(level, level.replace("_", " "))
    return sentence_case(f"{plain}: {of_level}" if level else plain)


def analysis_text(analysis: Mapping[str, Any]) -> str:
    """Name an analysis: by its label, by the words of its id, or by its group."""
    if analysis["label"]:
        return said(analysis["label"])
    if analysis["analysis_id"] in ANALYSES:
        return ANALYSES[analysis["analysis_id"]]
    if analysis["subgroup_value"] and analysis["subgroup_field"] != "user_reference_1":
        field = word(FIELDS, analysis["subgroup_field"])
        return said(f"{field.capitalize()}: {analysis['subgroup_value'].replace('_', ' ')}")
    return said(analysis["analysis_id"].replace("_", " ").capitalize())


def status_reason_text(reason: str | None, settings: Mapping[str, str]) -> str:
    """Say why a request cannot be answered, in one sentence; empty without a reason."""
    if not reason:
        return ""
    reasons = "; ".join(
        STATUS_REASONS[part].format_map(settings)
        if part in STATUS_REASONS
        else said(part.replace("_", " "))
        for part in reason.split(", ")
    )
    return f"{sentence_case(reasons)}."
