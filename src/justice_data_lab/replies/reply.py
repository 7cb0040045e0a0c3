"""The reply to one upload: what it allows, what is good, and what to correct first.

Read from the tables of the intake, by counts and record numbers; no value of an upload is read but
the names of the organisation and of the service. Checks: pilot report, checklist of six, and the
methodology, section 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from justice_data_lab.intake.loading import Connection
from justice_data_lab.replies import queries
from justice_data_lab.replies.causes import one_entry_each
from justice_data_lab.replies.problem import Problem
from justice_data_lab.replies.queries import MOST_MESSAGES, MOST_RANGES, ReplyTables, RequestReader
from justice_data_lab.replies.wording import (
    OF_QUESTIONS,
    check_text,
    good_of_records,
    good_of_request,
    in_order,
    place_of_good,
    question_text,
    records_text,
)

READY: Final = "ready"
STOPPED: Final = "stopped"
TOO_FEW_PEOPLE: Final = "too_few_people"
NOT_ESTIMATED: Final = "could_not_be_estimated"
WITHDRAWN: Final = "withdrawn"

FILES_GOOD: Final = "The files could be opened, and their columns are those of the template."

_VERDICTS: Final = {
    READY: "This request can be analysed as it stands.",
    STOPPED: "This request cannot be analysed yet.",
    NOT_ESTIMATED: "The upload is in order, but the lab's calculation stopped with an error.",
    TOO_FEW_PEOPLE: "The upload could be read, but too few of its people could be analysed.",
    WITHDRAWN: "This request was withdrawn. It is counted, and nobody in it is looked up.",
}
_MORE_YEARS: Final = "Send these years again together with further ones."
_IN_ERROR: Final = (
    "Something is wrong or missing in {error_n:,} of {records}. Records left uncorrected may "
    "be excluded."
)
_NO_RECORDS: Final = "No record could be read."
_LEVELS: Final = ("file", "request", "record")
_TOO_FEW_USABLE: Final = "too_few_usable_records"
# what follows from other findings, and is said after them
_CONSEQUENCES: Final = (_TOO_FEW_USABLE, "no_usable_service_date")


@dataclass(frozen=True)
class Reply:
    """What is said to the organisation about one upload.

    organisation, service_name, status: null where not known. header_row: row of the header in the
    list of people; null where it could not be read. verdict: ready, stopped,
    too_few_people (only after a build) or withdrawn; verdict_text says it, reasons say why. good:
    sentences on what passed. errors and warnings: what failed, most important first. records_n:
    records in the upload; of them clear_n without a finding, warning_n with warnings only, error_n
    with an error.
    """

    request_id: str
    organisation: str | None
    service_name: str | None
    status: str | None
    header_row: int | None
    verdict: str
    verdict_text: str
    reasons: tuple[str, ...]
    good: tuple[str, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    records_n: int
    clear_n: int
    warning_n: int
    error_n: int

    @property
    def rows_note(self) -> str:
        """How the rows are numbered."""
        if self.header_row is None:
            return "Record 1 is the first row under the header; empty rows are counted too."
        return (
            "Rows are numbered as in your sheet: the header of the list of people is row "
            f"{self.header_row}."
        )

    @property
    def can_be_analysed(self) -> bool:
        """Whether nothing known so far keeps the request from being analysed."""
        return self.verdict == READY


class UnknownRequestError(LookupError):
    """Neither the requests nor the findings hold the request."""


def read_reply(
    connection: Connection,
    request_id: str,
    tables: ReplyTables | None = None,
    most_ranges: int = MOST_RANGES,
) -> Reply:
    """Read the reply to one request.

    ``tables`` names the relations (default: their own names in the main schema). Columns of
    ``requests`` that are not there count as null. Raises UnknownRequestError, and duckdb.Error
    where a relation is missing.
    """
    reader = RequestReader(connection, request_id, tables or ReplyTables())
    found = reader.rows(queries.REQUEST)
    request_checks = reader.rows(queries.REQUEST_CHECKS)
    findings = reader.rows(queries.FINDINGS_OF_REQUEST)
    of_records = reader.rows(queries.FINDINGS_OF_RECORDS)
    if not (found or request_checks or findings or of_records):
        raise UnknownRequestError(f"{request_id}: no such request; see the names in uploads")
    seed = {row["check_id"]: row for row in reader.rows(queries.UPLOAD_CHECKS)}
    ranges = reader.rows(queries.RANGES_OF_RECORDS, most_ranges=most_ranges)
    problems = _request_problems(request_checks, findings, seed)
    problems += _record_problems(of_records, ranges, reader.rows(queries.PEOPLE), seed)
    problems = sorted(one_entry_each(problems), key=_importance)
    request = found[0] if found else {}
    if request.get("is_withdrawn"):
        # the intake alone has no status yet
        request["status"] = "withdrawn"
    records_n, found_n, error_n = _count_records(request, reader)
    good = _good_of_request(request_checks, problems, seed, records_n)
    good += _good_of_records(reader.rows(queries.RECORD_CHECKS), problems, records_n)
    verdict, reasons = _judge(request, problems, records_n, error_n)
    return Reply(
        request_id=request_id,
        organisation=request.get("organisation"),
        service_name=request.get("service_name"),
        status=request.get("status"),
        header_row=request.get("header_row"),
        verdict=verdict,
        verdict_text=_VERDICTS[verdict],
        reasons=reasons,
        good=tuple(good),
        errors=tuple(problem for problem in problems if problem.severity == "error"),
        warnings=tuple(problem for problem in problems if problem.severity != "error"),
        records_n=records_n,
        clear_n=records_n - found_n,
        warning_n=found_n - error_n,
        error_n=error_n,
    )


def exit_status(reply: Reply) -> int:
    """Return 1 where any finding is an error, else 0: the exit status of `jdl check`."""
    return 1 if reply.errors else 0


def _request_problems(
    request_checks: Sequence[dict[str, Any]],
    findings: Sequence[dict[str, Any]],
    seed: dict[str, dict[str, Any]],
) -> list[Problem]:
    """Join the failed checks of the request with the findings on the file and the request."""
    failed = {row["check_id"]: row for row in request_checks if row["status"] == "failed"}
    found: dict[str, list[dict[str, Any]]] = {check_id: [] for check_id in failed}
    for finding in findings:
        found.setdefault(finding["check_id"], []).append(finding)
    problems = []
    for check_id, group in found.items():
        known = seed.get(check_id, {})
        check = failed.get(check_id, {})
        messages = list(dict.fromkeys(row["message"] for row in group if row["message"]))
        text = check.get("text") or known.get("text")
        if not check and len(messages) == 1:
            text = messages[0]
        fields = [row["field"] for row in group] or [known.get("field")]
        severities = [row["severity"] for row in (*group, *([check] if check else []))]
        problems.append(
            Problem(
                check_id=check_id,
                level=known.get("level") or "request",
                severity=min(severities),
                is_stopping=bool(check.get("is_stopping") or known.get("is_stopping")),
                fields=in_order(fields),
                text=check_text(check_id, text),
                details=_details(check_id, messages, text, fields),
                counted_n=check.get("counted_n"),
                limit_n=check.get("limit_n"),
                by_n=check.get("by_n"),
            )
        )
    return problems


def _details(
    check_id: str, messages: Sequence[str], text: str | None, fields: Sequence[str | None]
) -> tuple[str, ...]:
    """Say the same of single places: of each question what it takes, else what was found there."""
    if check_id in OF_QUESTIONS:
        return tuple(question_text(field) for field in in_order(fields))
    return tuple(line for line in messages if line != text)[:MOST_MESSAGES]


def _record_problems(
    findings: Sequence[dict[str, Any]],
    ranges: Sequence[dict[str, Any]],
    people: Sequence[dict[str, Any]],
    seed: dict[str, dict[str, Any]],
) -> list[Problem]:
    """Make one problem of each check that records fail, with the ranges of their numbers."""
    numbers: dict[str, list[tuple[int, int]]] = {}
    for row in ranges:
        numbers.setdefault(row["check_id"], []).append((row["first_number"], row["last_number"]))
    problems = []
    for finding in findings:
        check_id = finding["check_id"]
        known = seed.get(check_id, {})
        listed = tuple(numbers.get(check_id, ()))
        listed_n = sum(last - first + 1 for first, last in listed)
        field = known.get("field") or finding["field"]
        problems.append(
            Problem(
                check_id=check_id,
                level="record",
                severity=finding["severity"],
                is_stopping=False,
                fields=(field,) if field else (),
                text=check_text(check_id, known.get("text") or finding["message"]),
                records_n=finding["records_n"],
                ranges=listed,
                more_n=finding["records_n"] - listed_n,
                people=tuple(
                    tuple(row["numbers"]) for row in people if row["check_id"] == check_id
                ),
            )
        )
    return problems


def _importance(problem: Problem) -> tuple[bool, bool, bool, int, int, str]:
    level = _LEVELS.index(problem.level) if problem.level in _LEVELS else len(_LEVELS)
    # what could not be read explains the rest
    is_readable = problem.check_id != "not_readable"
    return (
        not problem.is_stopping,
        is_readable,
        problem.check_id in _CONSEQUENCES,
        level,
        -problem.records_n,
        problem.check_id,
    )


def _count_records(request: dict[str, Any], reader: RequestReader) -> tuple[int, int, int]:
    """Return the records, those with a finding and those with an error."""
    counts = reader.rows(queries.RECORDS_WITH_FINDINGS)[0]
    records_n = request.get("submitted_n")
    if records_n is None:
        records_n = next(iter(reader.rows(queries.CHECKED_RECORDS)[0].values()))
    return max(records_n, counts["found_n"]), counts["found_n"], counts["error_n"]


def _judge(
    request: dict[str, Any], problems: Sequence[Problem], records_n: int, error_n: int
) -> tuple[str, tuple[str, ...]]:
    """Return the verdict and its reasons, with numbers."""
    stopping = [problem for problem in problems if problem.is_stopping]
    if request.get("status") == "withdrawn":
        return WITHDRAWN, ()
    if stopping:
        if any("not_readable" in (problem.check_id, *problem.covers) for problem in stopping):
            # nothing was counted, so nobody is told to find more people
            stopping = [p for p in stopping if p.check_id != "too_few_records"]
        return STOPPED, tuple(_reason(problem, records_n) for problem in stopping)
    if records_n == 0:
        return STOPPED, (*_causes(problems, records_n), _NO_RECORDS)
    too_few = [problem for problem in problems if problem.check_id == _TOO_FEW_USABLE]
    if too_few and request.get("status") in (None, "not_answerable"):
        return STOPPED, (*_causes(problems, records_n), _reason(too_few[0], records_n))
    if request.get("status") == "could_not_be_estimated":
        return NOT_ESTIMATED, ()
    if request.get("status") == "not_answerable":
        detail = request.get("status_detail")
        return TOO_FEW_PEOPLE, (f"{detail}. {_MORE_YEARS}",) if detail else ()
    if error_n:
        return READY, (_IN_ERROR.format(error_n=error_n, records=records_text(records_n)),)
    return READY, ()


def _causes(problems: Sequence[Problem], records_n: int) -> list[str]:
    """Say why records cannot be used: of columns and the request, else of most records."""
    errors = [p for p in problems if p.severity == "error" and p.check_id not in _CONSEQUENCES]
    of_all = [line for p in errors if p.level != "record" for line in p.details or (p.text,)]
    of_records = [f"{p.records_n:,} of {records_text(records_n)}: {p.text}" for p in errors]
    return of_all or of_records[:1]


def _reason(problem: Problem, records_n: int) -> str:
    if problem.check_id == _TOO_FEW_USABLE:
        return (
            f"{problem.counted_n or 0:,} of {records_text(records_n)} can be used, and at least "
            f"{problem.limit_n or 0:,} are needed."
        )
    if problem.check_id == "too_few_records" and problem.limit_n is not None:
        more_n = problem.by_n or problem.limit_n - records_n
        there_are = "There is" if records_n == 1 else "There are"
        return (
            f"{there_are} {records_text(records_n)}, and at least {problem.limit_n:,} are needed: "
            f"{more_n:,} more. Send the request again when you have them."
        )
    return f"{problem.text} {problem.numbers}".strip()


def _good_of_request(
    request_checks: Sequence[dict[str, Any]],
    problems: Sequence[Problem],
    seed: dict[str, dict[str, Any]],
    records_n: int,
) -> list[str]:
    """Say what is right with the files and the request; nothing of a field that has a problem."""
    failed = {check_id for p in problems for check_id in (p.check_id, *p.covers)}
    doubtful = {field for p in problems if p.level != "record" for field in p.fields}
    good = [] if any(problem.level == "file" for problem in problems) else [FILES_GOOD]
    for check in sorted(request_checks, key=lambda row: place_of_good(row["check_id"])):
        check_id = check["check_id"]
        is_doubtful = seed.get(check_id, {}).get("field") in doubtful
        if check["status"] == "passed" and check_id not in failed and not is_doubtful:
            good.append(
                good_of_request(check_id, check["counted_n"], check["limit_n"], records_n > 0)
            )
    return [sentence for sentence in good if sentence]


def _good_of_records(
    record_checks: Sequence[dict[str, Any]], problems: Sequence[Problem], records_n: int
) -> list[str]:
    """Say what is right with all records."""
    failed = {check_id for p in problems for check_id in (p.check_id, *p.covers)}
    passed = [
        row["check_id"]
        for row in record_checks
        if row["failed_n"] == 0 and row["check_id"] not in failed
    ]
    if "date_in_doubt" in failed:
        # that dates in doubt are there and can be read is no praise
        passed = [c for c in passed if not c.startswith(("date_of_birth_", "service_date_"))]
    return good_of_records(passed, records_n, "no_identifiers" not in failed)
