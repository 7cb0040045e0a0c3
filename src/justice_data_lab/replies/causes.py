"""One entry for one mistake: what follows from another finding is part of its entry.

A column that is missing leaves every record without it; a file that could not be read leaves no
record at all. The provider made one mistake, and reads of it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from justice_data_lab.replies.problem import Problem

# a check, and the checks of which each alone explains it
_EXPLAINED: Final[dict[str, tuple[str, ...]]] = {
    "date_in_doubt": ("date_order_unclear",),
    "date_of_birth_unreadable": ("impossible_ages",),
    "date_of_birth_implausible": ("impossible_ages",),
    "initials_only": ("mostly_initials",),
    "duplicate_records": ("duplicate_record",),
    "records_outside_period": ("outside_period",),
    "no_usable_service_date": (
        "date_order_unclear",
        "service_date_missing",
        "service_date_unreadable",
    ),
    "too_few_records": ("not_readable",),
}
# a check, and the columns whose absence explains it together
_OF_COLUMNS: Final[dict[str, frozenset[str]]] = {
    "surname_missing": frozenset({"surname"}),
    "forename_missing": frozenset({"forename"}),
    "date_of_birth_missing": frozenset({"date_of_birth"}),
    "gender_unknown": frozenset({"gender"}),
    "end_date_only": frozenset({"intervention_start_date"}),
    "service_date_missing": frozenset({"intervention_start_date", "intervention_end_date"}),
    "no_identifiers": frozenset({"pncid", "prison_number"}),
}
_MISSING_COLUMNS: Final = ("column_missing", "optional_column_missing")
# what nobody answered where the part with the answers could not be read
_OF_ANSWERS: Final = (
    "service_answer_missing",
    "service_description_incomplete",
    "contact_missing",
    "submitted_on_missing",
)
_ANSWERS_OF_A_READ_PART: Final = 10


def one_entry_each(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems without those that another explains, which takes over what they say.

    It takes the ranges of their records, unless it is of all records, and stops the request where
    one of them does.
    """
    # a check of rows can fail in both parts of an upload: those of the service have no records
    entries = {(problem.check_id, problem.records_n > 0): problem for problem in problems}
    is_unanswered = _nothing_is_answered(problems)
    # what explains another problem comes last, with that in its entry
    for key in sorted(entries, key=lambda key: key[0] == "not_readable"):
        named = _causes(entries[key], list(entries.values()), is_unanswered)
        causes = [other for other in entries if other[0] in named]
        if not causes:
            continue
        problem = entries.pop(key)
        for place, cause in enumerate(causes):
            entries[cause] = _with(entries[cause], problem, takes_records=place == 0)
    return [_without_contact(problem, entries.values()) for problem in entries.values()]


def _causes(problem: Problem, entries: Sequence[Problem], is_unanswered: bool) -> Iterable[str]:
    """Return the checks that explain a problem; each alone, or the missing columns together."""
    check_id = problem.check_id
    columns = _OF_COLUMNS.get(check_id, frozenset())
    missing = {
        entry.check_id: columns.intersection(entry.fields)
        for entry in entries
        if entry.check_id in _MISSING_COLUMNS
    }
    if columns and columns == frozenset().union(*missing.values()):
        return [name for name, fields in missing.items() if fields]
    unread = [p.check_id for p in entries if p.level == "file" and p.severity == "error"]
    if check_id == "not_readable":
        return unread
    if check_id in _OF_ANSWERS and is_unanswered:
        return unread
    return _EXPLAINED.get(check_id, ())


def _nothing_is_answered(entries: Iterable[Problem]) -> bool:
    unanswered = [p for p in entries if p.check_id == "service_description_incomplete"]
    return any(len(problem.fields) >= _ANSWERS_OF_A_READ_PART for problem in unanswered)


def _with(cause: Problem, problem: Problem, takes_records: bool) -> Problem:
    """Return the cause with what it explains; of all records it needs no list of them."""
    taken = replace(
        cause,
        covers=(*cause.covers, problem.check_id, *problem.covers),
        is_stopping=cause.is_stopping or problem.is_stopping,
    )
    if cause.level == "record" or cause.check_id in _MISSING_COLUMNS or not takes_records:
        return taken
    return replace(
        taken,
        records_n=cause.records_n + problem.records_n,
        ranges=tuple(sorted((*cause.ranges, *problem.ranges))),
        more_n=cause.more_n + problem.more_n,
    )


def _without_contact(problem: Problem, entries: Iterable[Problem]) -> Problem:
    """Leave out of the unanswered questions the second contact, where no contact is a finding."""
    is_said = any(entry.check_id == "contact_missing" for entry in entries)
    if problem.check_id != "service_description_incomplete" or not is_said:
        return problem
    left = tuple(field for field in problem.fields if field != "alternative_contact")
    return replace(problem, fields=left or problem.fields)
