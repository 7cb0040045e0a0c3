import pyarrow as pa
import pytest

from justice_data_lab.statements import outcome_statement, outcome_statements

CAUSE = (
    "It cannot rule out that something unrecorded, such as motivation or other services, made "
    "the difference."
)
GOLDEN = [
    (
        ("rate", "decrease", 231, 26.0, 35.0, -14.0, -2.0, 95),
        "For people who received the service, the one-year proven re-offending rate was lower "
        "than for similar people who did not (26% against 35%). The difference is likely to be "
        f"between 2 and 14 percentage points. {CAUSE}",
    ),
    (
        ("rate", "decrease", 90, 31.0, 41.0, -20.0, 0.0, 88),
        "For people who received the service, the one-year proven re-offending rate was lower "
        "than for similar people who did not (31% against 41%). The difference is likely to be "
        f"between less than 1 and 20 percentage points. {CAUSE}",
    ),
    (
        ("rate", "increase", 3000, 30.0, 28.0, 0.3, 4.0, 2500),
        "For people who received the service, the one-year proven re-offending rate was higher "
        "than for similar people who did not (30% against 28%). The difference is likely to be "
        f"between 0.3 and 4 percentage points. {CAUSE}",
    ),
    (
        ("rate", "inconclusive", 60, 40.0, 44.0, -17.0, 9.0, 1625),
        "For people who received the service, the one-year proven re-offending rate was 40%, "
        "against 44% for similar people who did not: the difference could be anything from 17 "
        "percentage points lower to 9 percentage points higher. This does not mean that the "
        "service has no effect, only that this analysis cannot tell. About 1,625 people with the "
        "same results would be needed to confirm a difference of this size, so submitting more "
        "years of data may help.",
    ),
    (
        ("rate", "inconclusive", 60, 40.0, 40.0, -12.0, 0.0, None),
        "For people who received the service, the one-year proven re-offending rate was 40%, "
        "against 40% for similar people who did not: the difference could be anything from 12 "
        "percentage points lower to less than 1 percentage point higher. This does not mean that "
        "the service has no effect, only that this analysis cannot tell. A difference of this "
        "size could not be confirmed by adding people to the treated group alone.",
    ),
    (
        ("rate", "withheld", 31, None, None, None, None, None),
        "No result is given for the one-year proven re-offending rate, because too few people "
        "can be compared. This says nothing about whether the service works; submitting more "
        "years of data may allow a result.",
    ),
    (
        ("frequency", "decrease", 257, 0.9, 1.25, -0.6, -0.1, 140),
        "For people who received the service, the number of proven re-offences per person within "
        "a year was lower than for similar people who did not (0.90 against 1.25). The difference "
        f"is likely to be between 0.10 and 0.60 re-offences per person. {CAUSE}",
    ),
    (
        ("frequency", "inconclusive", 257, 1.1, 1.25, -0.4, 0.1, 900),
        "For people who received the service, the number of proven re-offences per person within "
        "a year was 1.10, against 1.25 for similar people who did not: the difference could be "
        "anything from 0.40 re-offences per person lower to 0.10 re-offences per person higher. "
        "This does not mean that the service has no effect, only that this analysis cannot tell. "
        "About 900 people with the same results would be needed to confirm a difference of this "
        "size, so submitting more years of data may help.",
    ),
    (
        ("days_to_first", "increase", 85, 150.0, 128.0, 1.0, 43.0, 80),
        "For people who received the service, the average time to the first proven re-offence, "
        "among people who re-offended, was longer than for similar people who did not (150 days "
        "against 128 days). The difference is likely to be between 1 and 43 days. It compares "
        "only people who re-offended, so it does not show what the service does for everyone who "
        "receives it.",
    ),
    (
        ("days_to_first", "withheld", 12, 100.0, 120.0, -60.0, 20.0, 300),
        "No result is given for the average time to the first proven re-offence, among people "
        "who re-offended, because too few people can be compared. This says nothing about "
        "whether the service works; submitting more years of data may allow a result.",
    ),
]
NAMES = (
    *("measure", "conclusion", "treated_n", "treated_value", "control_value"),
    *("difference_lower", "difference_upper", "number_needed"),
)


@pytest.mark.parametrize(("row", "text"), GOLDEN)
def test_golden(row, text):
    assert outcome_statement(**dict(zip(NAMES, row, strict=True))) == text


def test_inconclusive_never_claims_no_effect():
    for row, text in GOLDEN:
        assert ("does not mean that the service has no effect" in text) == (
            row[1] == "inconclusive"
        )


def test_one_of_many_tests_says_of_how_many():
    row = dict(zip(NAMES, GOLDEN[0][0], strict=True)) | {"conclusion": "inconclusive"}
    text = outcome_statement(**row, p_value=0.02, adjusted_p_value=0.21, tests_n=14)
    assert "Inconclusive after allowing for 14 tests" in text
    assert "cannot tell" not in text
    for p_value, adjusted in ((0.06, 0.21), (0.02, None), (None, None)):
        text = outcome_statement(**row, p_value=p_value, adjusted_p_value=adjusted, tests_n=14)
        assert "allowing for" not in text
        assert "only that this analysis cannot tell" in text


def test_percentages_in_coarser_steps_say_so():
    row = dict(zip(NAMES, GOLDEN[0][0], strict=True))
    text = outcome_statement(**row, rounding_step=2)
    assert text.startswith(GOLDEN[0][1])
    assert text.endswith("nearest 2 points here, so that nobody can be worked out from them.")
    assert outcome_statement(**row, rounding_step=1) == GOLDEN[0][1]


def test_a_suppressed_figure_reads_as_withheld():
    row = dict(zip(NAMES, GOLDEN[0][0], strict=True)) | {"control_value": None}
    assert outcome_statement(**row).startswith("No result is given")


def test_drug_and_alcohol_services_carry_the_caveat():
    row = dict(zip(NAMES, GOLDEN[0][0], strict=True))
    assert outcome_statement(**row, need="alcohol").endswith("needs particular care.")
    assert outcome_statement(**row, need="education") == GOLDEN[0][1]


def test_every_key_of_a_table_has_its_statement_with_the_caveat_of_its_need():
    keys = {"request_id": "a", "analysis_id": "headline"}
    rows = [keys | dict(zip(NAMES, row, strict=True)) for row, _ in GOLDEN]
    rows.append(rows[0] | {"request_id": "b"})
    rows = [
        row | dict.fromkeys(("p_value", "adjusted_p_value", "tests_n", "rounding_step"))
        for row in rows
    ]
    outcomes = pa.Table.from_pylist(rows)
    requests = pa.table({"request_id": ["a", "b"], "need": ["education", "drugs"]})
    made = outcome_statements(outcomes, requests)
    assert made.column_names == ["request_id", "analysis_id", "measure", "statement"]
    *texts, of_drugs = made["statement"].to_pylist()
    assert texts == [text for _, text in GOLDEN]
    assert of_drugs.endswith("needs particular care.")


def test_unknown_words_are_refused():
    row = dict(zip(NAMES, GOLDEN[0][0], strict=True))
    with pytest.raises(ValueError, match="no wording"):
        outcome_statement(**row | {"conclusion": "maybe"})
