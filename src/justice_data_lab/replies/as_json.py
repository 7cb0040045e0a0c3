"""The reply as data, for programs: the same statements as the page, with stable keys.

``request_id``, ``organisation``, ``service_name``, ``status`` (null where not known);
``verdict``: ``code`` (ready, stopped, too_few_people, withdrawn), ``can_be_analysed``, ``text``,
``reasons``; ``records``: ``submitted_n``, ``clear_n`` (no finding), ``warning_n`` (warnings only),
``error_n``, ``header_row`` (row of the header in the sheet; record 1 is the row after it);
``good``: sentences; ``errors`` and ``warnings``: lists of problems; ``exit_status``.

A problem: ``check_id``, ``level`` (file, request, record), ``severity``, ``is_stopping``,
``fields``, ``text``, ``details``, ``counted_n``, ``limit_n``, ``by_n`` (null without a number),
``records_n``, ``record_ranges`` (pairs of first and last, at most 200 pairs) and ``more_n``
(records that the ranges leave out), ``people`` (the records of each person who is listed more than
once), ``covers`` (checks that failed because of this one).
"""

from __future__ import annotations

from typing import Any

from justice_data_lab.replies.problem import Problem
from justice_data_lab.replies.reply import Reply, exit_status


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return the reply as dictionaries, lists, texts, numbers and nulls."""
    return {
        "request_id": reply.request_id,
        "organisation": reply.organisation,
        "service_name": reply.service_name,
        "status": reply.status,
        "verdict": {
            "code": reply.verdict,
            "can_be_analysed": reply.can_be_analysed,
            "text": reply.verdict_text,
            "reasons": list(reply.reasons),
        },
        "records": {
            "submitted_n": reply.records_n,
            "clear_n": reply.clear_n,
            "warning_n": reply.warning_n,
            "error_n": reply.error_n,
            "header_row": reply.header_row,
        },
        "good": list(reply.good),
        "errors": [_problem_json(problem) for problem in reply.errors],
        "warnings": [_problem_json(problem) for problem in reply.warnings],
        "exit_status": exit_status(reply),
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "check_id": problem.check_id,
        "level": problem.level,
        "severity": problem.severity,
        "is_stopping": problem.is_stopping,
        "fields": list(problem.fields),
        "text": problem.text,
        "details": list(problem.details),
        "counted_n": problem.counted_n,
        "limit_n": problem.limit_n,
        "by_n": problem.by_n,
        "records_n": problem.records_n,
        "record_ranges": [list(pair) for pair in problem.ranges],
        "more_n": problem.more_n,
        "people": [list(numbers) for numbers in problem.people],
        "covers": list(problem.covers),
    }
