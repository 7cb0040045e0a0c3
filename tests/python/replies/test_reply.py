"""What a reply says: verdict, problems, ranges, counts, from hand-made tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from justice_data_lab.intake import SERVICE_QUESTIONS
from justice_data_lab.replies import (
    ReplyTables,
    UnknownRequestError,
    exit_status,
    read_reply,
    reply_json,
)
from justice_data_lab.replies.wording import (
    good_of_records,
    good_of_request,
    numbers_text,
    range_texts,
    visible,
)

SEED = Path(__file__).parents[3] / "seeds" / "reference" / "upload_checks.csv"


def problem_of(reply: Any, check_id: str) -> Any:
    return next(p for p in (*reply.errors, *reply.warnings) if p.check_id == check_id)


def test_everything_right(intake: Any) -> None:
    intake.request(records_n=320)
    intake.check("too_few_records", numbers=(320, 60, 0))
    reply = read_reply(intake.connection, "harbour")
    assert (reply.verdict, reply.can_be_analysed, reply.reasons) == ("ready", True, ())
    assert (reply.errors, reply.warnings) == ((), ())
    assert (reply.records_n, reply.clear_n, reply.warning_n, reply.error_n) == (320, 320, 0, 0)
    assert exit_status(reply) == 0
    assert reply.good == (
        "The files could be opened, and their columns are those of the template.",
        "There are enough records: 320, where 60 are needed.",
        "All 320 records have a full name.",
        "All 320 records have a date of birth that can be used.",
        "All 320 records have a gender.",
        "Every PNCid that was given has the right form.",
    )


def test_stopped_says_why_in_numbers(intake: Any) -> None:
    intake.request(records_n=48)
    intake.check("too_few_records", True, (48, 60, 12))
    intake.check("mostly_initials", True, (40, 24, 16))
    intake.check("governance_refused", True)
    reply = read_reply(intake.connection, "harbour")
    assert reply.verdict == "stopped"
    assert reply.verdict_text == "This request cannot be analysed yet."
    assert reply.reasons[0].startswith("Information governance has not been approved")
    assert reply.reasons[1].endswith(
        "Records with initials only: 40. Allowed: at most 24. Too many: 16."
    )
    assert reply.reasons[2] == (
        "There are 48 records, and at least 60 are needed: 12 more. Send the request again when "
        "you have them."
    )
    assert all(problem.is_stopping for problem in reply.errors)
    assert exit_status(reply) == 1


def test_counts_and_ranges_of_records(intake: Any) -> None:
    intake.request(records_n=80)
    intake.fail("date_of_birth_missing", [9, 1, 2, 3, 4, 5, 12])
    intake.fail("gender_unknown", [5, 6, 80])
    reply = read_reply(intake.connection, "harbour")
    assert (reply.clear_n, reply.warning_n, reply.error_n) == (71, 2, 7)
    births = problem_of(reply, "date_of_birth_missing")
    assert births.ranges == ((1, 5), (9, 9), (12, 12))
    assert births.where() == "records 1-5, 9, 12"
    assert births.where(None, 1) == "records 1-5 and 2 more"
    assert (births.records_n, births.more_n, births.fields) == (7, 0, ("date_of_birth",))
    assert [p.check_id for p in reply.warnings] == ["gender_unknown"]
    assert reply.can_be_analysed
    assert reply.reasons == (
        "Something is wrong or missing in 7 of 80 records. Records left uncorrected may be "
        "excluded.",
    )
    assert "All 80 records have a full name." in reply.good
    assert not [sentence for sentence in reply.good if "gender" in sentence]
    assert "No date of birth is missing." not in reply.good


def test_huge_lists_are_cut(intake: Any) -> None:
    intake.request(records_n=30_000)
    intake.fail("gender_unknown", range(1, 30_000, 2))
    intake.fail("pncid_malformed", range(1, 30_001))
    reply = read_reply(intake.connection, "harbour")
    genders = problem_of(reply, "gender_unknown")
    assert len(genders.ranges) == 200
    assert (genders.records_n, genders.more_n) == (15_000, 14_800)
    assert genders.where().endswith("397, 399 and 14,800 more")
    assert problem_of(reply, "pncid_malformed").where() == "records 1-30000"


def test_a_record_may_fail_twice_in_one_check(intake: Any) -> None:
    intake.request()
    intake.fail("service_date_unreadable", [3, 3, 4])
    problem = read_reply(intake.connection, "harbour").errors[0]
    assert (problem.records_n, problem.where()) == (2, "records 3-4")


def test_fields_and_messages_of_one_check_are_joined(intake: Any) -> None:
    intake.request()
    for field in ("delivered_in", "index_event"):
        intake.finding("service_answer_missing", field=field)
    intake.finding("optional_column_missing", "individuals.csv: no gender", "gender")
    intake.finding("optional_column_missing", "individuals.csv: no pncid", "pncid")
    intake.finding("encoding_windows_1252", "individuals.csv: not UTF-8")
    reply = read_reply(intake.connection, "harbour")
    assert problem_of(reply, "service_answer_missing").fields == ("delivered_in", "index_event")
    columns = problem_of(reply, "optional_column_missing")
    assert columns.details == ("individuals.csv: no gender", "individuals.csv: no pncid")
    assert problem_of(reply, "encoding_windows_1252").text == "individuals.csv: not UTF-8"
    assert not [sentence for sentence in reply.good if "files" in sentence]


def test_empty_request(intake: Any) -> None:
    intake.request(records_n=0)
    intake.check("too_few_records", True, (0, 60, 60))
    for check_id in ("mostly_initials", "no_identifiers", "contact_missing"):
        intake.check(check_id, numbers=(0, 0, 0))
    reply = read_reply(intake.connection, "harbour")
    assert reply.verdict == "stopped"
    assert reply.reasons[0].startswith("There are 0 records, and at least 60 are needed: 60 more.")
    assert reply.good[1:] == ("There is a contact to whom we can reply.",)
    assert (reply.records_n, reply.clear_n) == (0, 0)


def test_nothing_good_is_said_of_a_field_with_a_problem(intake: Any) -> None:
    intake.request()
    for check_id in ("governance_refused", "conditions_refused"):
        intake.check(check_id)
    intake.finding("service_description_incomplete", field="governance_approved")
    intake.finding("service_description_incomplete", field="organisation")
    reply = read_reply(intake.connection, "harbour")
    assert reply.warnings[0].fields == ("organisation", "governance_approved")
    assert "The conditions of the service were not refused." in reply.good
    assert not [sentence for sentence in reply.good if "governance" in sentence]


def test_file_that_no_request_came_of(intake: Any) -> None:
    intake.finding("invalid_request_name", request_id="invalid_name_1")
    reply = read_reply(intake.connection, "invalid_name_1")
    assert (reply.organisation, reply.status) == (None, None)
    assert reply.verdict == "stopped"
    assert reply.reasons == (reply.errors[0].text, "No record could be read.")
    assert exit_status(reply) == 1


@pytest.mark.parametrize(
    ("status", "detail", "verdict", "said"),
    [
        ("withdrawn", None, "withdrawn", ()),
        (
            "not_answerable",
            "Too few people could be followed (29 against 35)",
            "too_few_people",
            (
                "Too few people could be followed (29 against 35). Send these years again together "
                "with further ones.",
            ),
        ),
        ("not_answerable", None, "too_few_people", ()),
        ("analysed", None, "ready", ()),
    ],
)
def test_status_of_a_build(
    intake: Any, status: str, detail: str | None, verdict: str, said: tuple[str, ...]
) -> None:
    intake.request(status=status, detail=detail)
    reply = read_reply(intake.connection, "harbour")
    assert reply.verdict == verdict
    assert reply.reasons == said


def test_withdrawn_before_a_build(intake: Any) -> None:
    intake.request()
    intake.connection.execute("alter table requests drop column status")
    intake.connection.execute("alter table requests add column is_withdrawn boolean default true")
    reply = read_reply(intake.connection, "harbour")
    assert (reply.status, reply.verdict, reply.can_be_analysed) == ("withdrawn", "withdrawn", False)


def test_what_could_not_be_read_is_not_called_too_few(intake: Any) -> None:
    intake.request(records_n=0)
    intake.check("too_few_records", True, (0, 60, 60))
    intake.check("not_readable", True)
    reply = read_reply(intake.connection, "harbour")
    assert [text[:23] for text in reply.reasons] == ["The records of the requ"]
    assert [(p.check_id, p.covers) for p in reply.errors] == [
        ("not_readable", ("too_few_records",))
    ]


def test_number_of_records_where_the_request_does_not_say(intake: Any) -> None:
    intake.request(records_n=7)
    intake.connection.execute("update requests set submitted_n = null")
    assert read_reply(intake.connection, "harbour").records_n == 7
    intake.connection.execute("alter table requests drop column status_detail")
    intake.connection.execute("alter table requests drop column submitted_n")
    assert read_reply(intake.connection, "harbour").records_n == 7


def test_other_requests_and_names_of_tables(intake: Any) -> None:
    intake.request()
    intake.request(request_id="other", organisation="Other Trust", records_n=5)
    intake.fail("gender_unknown", [1], request_id="other")
    assert read_reply(intake.connection, "harbour").warnings == ()
    intake.connection.execute("create schema analysis")
    intake.connection.execute("create table analysis.findings as from upload_findings")
    intake.connection.execute("drop table upload_findings")
    tables = ReplyTables(upload_findings='memory.analysis."findings"')
    assert read_reply(intake.connection, "other", tables).warnings[0].records_n == 1
    with pytest.raises(UnknownRequestError, match="nobody"):
        read_reply(intake.connection, "nobody", tables)
    with pytest.raises(ValueError, match="not the name of a table"):
        ReplyTables(requests="requests; drop table requests")


def test_request_id_is_a_value_not_sql(intake: Any) -> None:
    with pytest.raises(UnknownRequestError):
        read_reply(intake.connection, "' or true --")


def test_json_has_its_structure(intake: Any) -> None:
    intake.request(records_n=48)
    intake.check("too_few_records", True, (48, 60, 12))
    intake.fail("initials_only", [1, 2, 9])
    data = reply_json(read_reply(intake.connection, "harbour"))
    assert json.loads(json.dumps(data)) == data
    assert data.pop("good")
    seed = {row["check_id"]: row for row in csv.DictReader(SEED.open(encoding="utf-8"))}
    assert data == {
        "request_id": "harbour",
        "organisation": "Harbour Trust",
        "service_name": "Harbour Keys",
        "status": None,
        "verdict": {
            "code": "stopped",
            "can_be_analysed": False,
            "text": "This request cannot be analysed yet.",
            "reasons": [
                "There are 48 records, and at least 60 are needed: 12 more. Send the request "
                "again when you have them."
            ],
        },
        "records": {
            "submitted_n": 48,
            "clear_n": 45,
            "warning_n": 0,
            "error_n": 3,
            "header_row": 1,
        },
        "errors": [
            {
                "check_id": "too_few_records",
                "level": "request",
                "severity": "error",
                "is_stopping": True,
                "fields": [],
                "text": seed["too_few_records"]["text"],
                "details": [],
                "counted_n": 48,
                "limit_n": 60,
                "by_n": 12,
                "records_n": 0,
                "record_ranges": [],
                "more_n": 0,
                "people": [],
                "covers": [],
            },
            {
                "check_id": "initials_only",
                "level": "record",
                "severity": "error",
                "is_stopping": False,
                "fields": ["forename"],
                "text": seed["initials_only"]["text"],
                "details": [],
                "counted_n": None,
                "limit_n": None,
                "by_n": None,
                "records_n": 3,
                "record_ranges": [[1, 2], [9, 9]],
                "more_n": 0,
                "people": [],
                "covers": [],
            },
        ],
        "warnings": [],
        "exit_status": 1,
    }


def test_every_check_of_the_seed_has_words_for_passing() -> None:
    with SEED.open(newline="", encoding="utf-8") as handle:
        checks = list(csv.DictReader(handle))
    of_records = [row["check_id"] for row in checks if row["level"] == "record"]
    said = [good_of_records([check_id], 2, True) for check_id in of_records]
    said.append(good_of_records(of_records, 2, True))
    said += [
        [good_of_request(row["check_id"], 70, 60, True)]
        for row in checks
        if row["level"] == "request"
    ]
    assert not [sentence for sentences in said for sentence in sentences if "Passed:" in sentence]
    assert good_of_records(["a_new_one"], 2, True) == ["Passed: a new one."]
    assert good_of_request("a_new_one", None, None, True) == "Passed: a new one."


def test_words() -> None:
    assert range_texts([(1, 5), (9, 9)]) == ["1-5", "9"]
    assert numbers_text("x", None, 60, 12) == ""
    assert numbers_text("x", 3, None, None) == "Counted: 3."
    assert numbers_text("service_answer_missing", 2, 0, 2) == "Answers missing: 2."
    assert good_of_records(["surname_missing"], 1, True) == ["The one record has a surname."]
    assert good_of_records(["pncid_malformed"], 9, False) == []
    assert (
        visible("a\x1b[31m\u202eb\n\ud800\U000e0001") == "a\\x1b[31m\\u202eb\\x0a\\ud800\\U000e0001"
    )
    assert visible("नमस्\u200dते") == "नमस्\u200dते"
    assert len(visible("x" * 5_000)) == 201


def test_the_verdict_counts_the_records_that_can_be_used(intake: Any) -> None:
    intake.request(records_n=65)
    intake.check("too_few_records", numbers=(65, 60, 0))
    intake.check("too_few_usable_records", failed=True, numbers=(3, 60, 57))
    intake.fail("date_of_birth_unreadable", range(1, 63))
    reply = read_reply(intake.connection, "harbour")
    assert (reply.verdict, reply.can_be_analysed) == ("stopped", False)
    assert reply.reasons == (
        f"62 of 65 records: {reply.errors[0].text}",
        "3 of 65 records can be used, and at least 60 are needed.",
    )
    assert [problem.check_id for problem in reply.errors] == [
        "date_of_birth_unreadable",
        "too_few_usable_records",
    ]


def test_a_column_comes_before_what_follows_from_it(intake: Any) -> None:
    intake.request(records_n=65)
    intake.check("too_few_usable_records", failed=True, numbers=(0, 60, 60))
    intake.finding("column_missing", field="surname", message="the column surname is missing")
    intake.fail("surname_missing", range(1, 66))
    reply = read_reply(intake.connection, "harbour")
    assert reply.reasons == (
        "the column surname is missing",
        "0 of 65 records can be used, and at least 60 are needed.",
    )
    checks = [(problem.check_id, problem.covers) for problem in reply.errors]
    assert checks == [("column_missing", ("surname_missing",)), ("too_few_usable_records", ())]


def test_rows_are_numbered_as_in_the_sheet(intake: Any) -> None:
    intake.request(header_row=4)
    intake.fail("gender_unknown", [1, 2, 9])
    reply = read_reply(intake.connection, "harbour")
    assert problem_of(reply, "gender_unknown").where(reply.header_row) == "rows 5-6, 13"
    assert reply.rows_note.endswith("the header of the list of people is row 4.")


def test_people_who_are_listed_more_than_once_are_named_together(intake: Any) -> None:
    intake.request()
    intake.check("duplicate_records", True, (3, 0, 3))
    intake.twice([2, 7], [3, 5, 70])
    reply = read_reply(intake.connection, "harbour")
    (entry,) = reply.warnings
    assert (entry.check_id, entry.covers) == ("duplicate_record", ("duplicate_records",))
    assert entry.people == ((2, 7), (3, 5, 70))
    assert entry.where(reply.header_row) == "rows 3 and 8; 4, 6 and 71"
    assert entry.where(reply.header_row, 1) == "rows 3 and 8; and 3 more rows"


def test_a_question_is_named_with_its_answers(intake: Any) -> None:
    intake.request()
    for field in ("delivered_in", "submitted_on"):
        intake.finding("service_answer_not_recognised", field=field)
    entry = problem_of(read_reply(intake.connection, "harbour"), "service_answer_not_recognised")
    assert entry.details[0] == ("“Delivered in”: choose Custody, Community or Through the gate.")
    assert entry.details[1].startswith("“Submitted on”: 25/12/2012")


@pytest.mark.parametrize(
    ("cause", "consequences"),
    [
        ({"mostly_initials"}, {"initials_only"}),
        ({"impossible_ages"}, {"date_of_birth_unreadable", "date_of_birth_implausible"}),
    ],
)
def test_a_cause_takes_the_rows_of_what_follows(
    intake: Any, cause: set[str], consequences: set[str]
) -> None:
    intake.request()
    for check_id in cause:
        intake.check(check_id, True, (3, 1, 2))
    for place, check_id in enumerate(sorted(consequences)):
        intake.fail(check_id, [10 * place + 1, 10 * place + 2])
    (entry,) = read_reply(intake.connection, "harbour").errors
    assert ({entry.check_id}, set(entry.covers)) == (cause, consequences)
    assert entry.records_n == 2 * len(consequences)
    assert entry.ranges == tuple((10 * n + 1, 10 * n + 2) for n in range(len(consequences)))


def test_answers_that_could_not_be_read_are_one_mistake(intake: Any) -> None:
    intake.request()
    intake.finding("file_missing", "service.csv: is missing from the folder; add it")
    intake.check("service_answer_missing", True, (2, 0, 2))
    for field in SERVICE_QUESTIONS[:12]:
        intake.finding("service_description_incomplete", field=field)
    intake.check("contact_missing", True)
    intake.check("submitted_on_missing", True)
    reply = read_reply(intake.connection, "harbour")
    assert [p.check_id for p in (*reply.errors, *reply.warnings)] == ["file_missing"]
    assert reply.reasons == ("service.csv: is missing from the folder; add it",)


def test_a_request_that_was_analysed_is_not_called_back(intake: Any) -> None:
    intake.request(records_n=65, status="analysed")
    intake.check("too_few_usable_records", failed=True, numbers=(55, 60, 5))
    assert read_reply(intake.connection, "harbour").verdict == "ready"
