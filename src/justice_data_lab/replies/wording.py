"""The words of a reply: plain English for checks that passed, numbers, ranges and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from justice_data_lab.intake.template_texts import LABELS, QUESTIONS
from justice_data_lab.visible import visible

# a sentence for checks of records that all records passed; the first that fits is said, and its
# checks are not spoken of again. {all_have} is "All 320 records have"
_RECORDS_GOOD: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("surname_missing", "forename_missing", "initials_only"), "{all_have} a full name."),
    (("surname_missing",), "{all_have} a surname."),
    (("forename_missing",), "{all_have} a forename."),
    (("initials_only",), "No record has initials in place of a name."),
    (
        ("date_of_birth_missing", "date_of_birth_unreadable", "date_of_birth_implausible"),
        "{all_have} a date of birth that can be used.",
    ),
    (("date_of_birth_missing",), "No date of birth is missing."),
    (("date_of_birth_unreadable",), "Every date of birth that was given could be read."),
    (
        ("date_of_birth_implausible",),
        "No date of birth lies in the future, in the last year before the request or over 110 "
        "years ago.",
    ),
    (("date_in_doubt",), ""),
    (("time_of_day",), ""),
    (("gender_unknown",), "{all_have} a gender."),
    (
        ("service_date_missing", "service_date_unreadable"),
        "{all_have} a date of the service that can be read.",
    ),
    (("service_date_missing",), "{all_have} a start or an end date of the service."),
    (("service_date_unreadable",), "Every date of the service that was given could be read."),
    (
        ("end_before_start", "service_before_birth"),
        "No service ends before it starts, or comes before the date of birth.",
    ),
    (("end_before_start",), "No service ends before it starts."),
    (("service_before_birth",), "No service comes before the date of birth."),
    (("end_date_only",), "No record has an end date without a start date."),
    (("outside_period",), "No service is too recent to be followed."),
    (
        ("pncid_malformed", "prison_number_malformed"),
        "Every PNCid and prison number that was given has the right form.",
    ),
    (("pncid_malformed",), "Every PNCid that was given has the right form."),
    (("prison_number_malformed",), "Every prison number that was given has the right form."),
    (("duplicate_record",), "Nobody is in the list twice with the same dates."),
    (
        ("wrong_number_of_cells", "cell_spans_lines", "rows_may_be_joined"),
        "Every row has as many cells as the header, and no rows run into each other.",
    ),
    (("wrong_number_of_cells",), "Every row has as many cells as the header."),
    (("cell_spans_lines",), "No cell runs over several lines."),
    (("rows_may_be_joined",), "No rows seem to be joined."),
    (("row_not_parsed",), "The quotation marks of every row pair."),
    (("placeholder_name",), ""),
    (("title_in_name",), ""),
    (("free_text_in_reference",), ""),
    (("formula_without_value", "cell_not_as_typed"), "Every cell was read as it was typed."),
    (("formula_without_value",), "No cell holds a formula without a value."),
    (("cell_not_as_typed",), "No cell seems to differ from what was typed."),
)
# nothing is said where there are no identifiers at all: that they are well formed says nothing
_OF_IDENTIFIERS: Final = ("pncid_malformed", "prison_number_malformed")

# the sentence for a check of the request that it passed; empty where passing is no merit, or a
# check of the records says the same
_REQUEST_GOOD: Final[dict[str, str]] = {
    "not_readable": "The list of people could be read.",
    "read_in_part": "",
    "too_few_records": "There are enough records: {counted}, where {limit} are needed.",
    "too_few_usable_records": "",
    "mostly_initials": "Most records have full names.",
    "impossible_ages": "",
    "no_usable_service_date": "",
    "service_answer_missing": "Every question that the analysis needs is answered.",
    "service_answer_not_recognised": "Every answer that has a list was chosen from it.",
    "service_description_incomplete": "The service is described: no question was left out.",
    "custody_with_community_sentence": "",
    "governance_refused": "The approval of information governance was not refused.",
    "conditions_refused": "The conditions of the service were not refused.",
    "contact_missing": "There is a contact to whom we can reply.",
    "contact_not_an_address": "",
    "no_identifiers": "There are PNCids or prison numbers, which help to find people.",
    "duplicate_records": "",
    "records_outside_period": "",
    "drug_or_alcohol_need": "",
    "submitted_on_missing": "The day on which the request was sent is given.",
    "submitted_on_in_future": "",
    "service_question_not_known": "Every question is one of the template's.",
    "service_question_repeated": "No question has two different answers.",
}
# without any record these pass, and say nothing
_NEEDS_RECORDS: Final = frozenset(("mostly_initials", "no_identifiers"))
# what a check of the request counts
_COUNTED: Final[dict[str, str]] = {
    "too_few_records": "Records",
    "too_few_usable_records": "Records that can be used",
    "mostly_initials": "Records with initials only",
    "impossible_ages": "Records with such a number or age",
    "no_usable_service_date": "Records with a date that can be used",
    "service_answer_missing": "Answers missing",
    "service_answer_not_recognised": "Answers not in their list",
    "service_description_incomplete": "Answers missing",
    "no_identifiers": "Records with a PNCid or prison number",
    "duplicate_records": "Records that repeat a person",
    "records_outside_period": "Records too recent",
}
# what a check is about where it is not about columns or questions
_SUBJECTS: Final[dict[str, str]] = {
    "not_readable": "The list of people",
    "read_in_part": "The list of people",
    "too_few_records": "Number of people",
    "too_few_usable_records": "Records that can be used",
    "mostly_initials": "Full names",
    "duplicate_records": "People listed more than once",
    "duplicate_record": "People listed more than once",
    "records_outside_period": "Services that are too recent",
    "service_question_not_known": "Questions of the template",
    "service_question_repeated": "Questions of the template",
}
OF_QUESTIONS: Final = (
    "service_answer_missing",
    "service_answer_not_recognised",
    "service_description_incomplete",
)
"""Checks of the answers, each with the questions concerned as its fields."""
_ASKED: Final = {question.question: question for question in QUESTIONS}
_SUBJECTS_OF_LEVELS: Final = {"file": "The file", "record": "Rows"}


def subject(check_id: str, level: str, fields: Sequence[str]) -> str:
    """Say what a check is about: columns or questions in the template's words, or a thing."""
    if fields:
        return ", ".join(field_label(field) for field in fields)
    return _SUBJECTS.get(check_id) or _SUBJECTS_OF_LEVELS.get(level, "The request")


def question_text(field: str) -> str:
    """Name a question and the answers that it takes."""
    asked = _ASKED.get(field)
    if asked is None:
        return f"“{field_label(field)}”"
    choices = " or ".join([", ".join(asked.choices[:-1]), *asked.choices[-1:]])
    if asked.choices:
        return f"“{asked.label}”: choose {choices}."
    return f"“{asked.label}”: {asked.accepted}"


def records_text(n: int) -> str:
    """Write a number of records: "1 record", "1,246 records"."""
    return "1 record" if n == 1 else f"{n:,} records"


def good_of_records(passed: Iterable[str], records_n: int, has_identifiers: bool) -> list[str]:
    """Say what is right with every record.

    ``passed`` are checks that no record fails, ``records_n`` the records that were checked;
    without records there is nothing to say. A check without a sentence of its own is named.
    """
    left = set(passed)
    if records_n == 0:
        return []
    all_have = "The one record has" if records_n == 1 else f"All {records_n:,} records have"
    good = []
    for checks, sentence in _RECORDS_GOOD:
        if left.issuperset(checks):
            left.difference_update(checks)
            if sentence and (has_identifiers or not set(checks).issubset(_OF_IDENTIFIERS)):
                good.append(sentence.format(all_have=all_have))
    return good + [_unnamed(check_id) for check_id in sorted(left)]


def place_of_good(check_id: str) -> tuple[int, str]:
    """Order the sentences on the request: as they stand here, and then by name."""
    places = list(_REQUEST_GOOD)
    return (places.index(check_id) if check_id in _REQUEST_GOOD else len(places), check_id)


def good_of_request(
    check_id: str, counted_n: int | None, limit_n: int | None, has_records: bool
) -> str:
    """Say that a check of the request was passed; empty where that is nothing to say."""
    if check_id in _NEEDS_RECORDS and not has_records:
        return ""
    if check_id == "mostly_initials" and counted_n == 0:
        return ""  # that all records have full names is said of the records
    sentence = _REQUEST_GOOD.get(check_id)
    if sentence is None:
        return _unnamed(check_id)
    if "{counted}" in sentence and (counted_n is None or limit_n is None):
        return ""
    return sentence.format(counted=f"{counted_n or 0:,}", limit=f"{limit_n or 0:,}")


def numbers_text(
    check_id: str, counted_n: int | None, limit_n: int | None, by_n: int | None
) -> str:
    """Say what a failed check of the request counted, what is needed or allowed, and the gap.

    "Records: 48. Needed: at least 60. Missing: 12." A number that is null is left out; with a
    limit of nought only the count is said.
    """
    if counted_n is None:
        return ""
    parts = [f"{_COUNTED.get(check_id, 'Counted')}: {counted_n:,}."]
    if limit_n is not None and limit_n > counted_n:
        parts.append(f"Needed: at least {limit_n:,}.")
        if by_n:
            parts.append(f"Missing: {by_n:,}.")
    elif limit_n:
        parts.append(f"Allowed: at most {limit_n:,}.")
        if by_n:
            parts.append(f"Too many: {by_n:,}.")
    return " ".join(parts)


def field_label(field: str | None) -> str:
    """Name a column or question as the template does; empty for none."""
    if field is None:
        return ""
    return LABELS.get(field) or visible(field.replace("_", " "))


def in_order(fields: Iterable[str | None]) -> tuple[str, ...]:
    """Return fields once each, in the order of the template and then by name; nulls left out."""
    places = list(LABELS)
    known = {field for field in fields if field}
    return tuple(sorted(known, key=lambda f: (places.index(f) if f in LABELS else len(places), f)))


def range_texts(ranges: Iterable[tuple[int, int]]) -> list[str]:
    """Write ranges of record numbers: "1-5", or "9" for a range of one."""
    return [str(first) if first == last else f"{first}-{last}" for first, last in ranges]


def check_text(check_id: str, text: str | None) -> str:
    """Return what a check says; where it says nothing, that it failed."""
    return text or f"The check failed: {check_id.replace('_', ' ')}."


def _unnamed(check_id: str) -> str:
    return f"Passed: {check_id.replace('_', ' ')}."
