"""The answers on the service: known questions once each, with trimmed answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from justice_data_lab.intake.contract import DATE_QUESTIONS, SERVICE_QUESTIONS, plain_name
from justice_data_lab.intake.dates import read_date
from justice_data_lab.intake.findings import FindingLog, rows_text

_BY_PLAIN_NAME: Final = {plain_name(question): question for question in SERVICE_QUESTIONS}


def tidy_answers(
    rows: Iterable[tuple[int, tuple[str | None, ...]]], header_row: int, label: str, log: FindingLog
) -> dict[str, str | None]:
    """Return the answer to each question that was asked, in the order of the file.

    ``rows`` has a number, and question and answer. A question that is not known is a finding
    and dropped; of two different answers to one question the first is kept, with a finding. An
    empty answer is None and gives way to one that is not.
    """
    answers: dict[str, str | None] = {}
    repeated: dict[str, None] = {}
    unknown: list[int] = []
    for number, (question, answer) in rows:
        known = _BY_PLAIN_NAME.get(plain_name(question or "").rstrip("?:"))
        text = (answer or "").strip() or None
        if text is not None and known in DATE_QUESTIONS:
            text = read_date(text).text
        if known is None:
            unknown.append(number)
        elif answers.get(known) is None:
            answers[known] = text
        elif text is not None and text != answers[known]:
            repeated[known] = None
    for known in repeated:
        log.add(
            "service_question_repeated",
            f"{label}: {known} has two different answers, and the first was used; keep one",
            known,
        )
    if unknown:
        log.add(
            "service_question_not_known",
            f"{label}: the template does not have the question of row "
            f"{rows_text(unknown, header_row)}, and it was not used; use the template's questions",
        )
    return answers
