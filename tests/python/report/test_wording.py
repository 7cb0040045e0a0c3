"""The site's words for codes are held to the codes that the tables can hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
import yaml

from justice_data_lab.report import wording
from justice_data_lab.report.wording import p_text
from report.pages import Page

ROOT = Path(__file__).parents[3]
REASONS_AFTER_LINKING = {"too_few_eligible", "too_few_matched", "could_not_be_estimated"}
COLUMNS = [
    (wording.STATUSES, "models/marts/published/requests.yml", "status"),
    (wording.VERDICTS, "models/marts/published/analyses.yml", "balance_verdict"),
    (wording.RATINGS, "models/marts/published/covariate_balance.yml", "rating"),
    (wording.CONCLUSIONS, "models/marts/published/outcomes.yml", "conclusion"),
    (wording.METHODS, "models/marts/published/outcomes.yml", "method"),
    (wording.BASES, "models/marts/analysis/resubmissions.yml", "basis"),
    *(
        (words, "models/intermediate/cohorts/int_cohorts__planned_analyses.yml", column)
        for words, column in (
            (wording.CONDITIONS, "control_condition"),
            (wording.SCOPES, "sex_offence_scope"),
            (wording.FIELDS, "subgroup_field"),
        )
    ),
]


def accepted(model: str, column: str) -> set[str]:
    """Return the accepted values of a column, as the YAML of its model gives them."""
    (described,) = yaml.safe_load((ROOT / model).read_text("utf-8"))["models"]
    (tests,) = [c["data_tests"] for c in described["columns"] if c["name"] == column]
    (values,) = [
        t["accepted_values"]["arguments"]["values"] for t in tests if "accepted_values" in t
    ]
    return set(values)


@pytest.mark.parametrize(("words", "model", "column"), COLUMNS, ids=[c[2] for c in COLUMNS])
def test_every_code_of_a_column_has_words(
    words: Mapping[str, object], model: str, column: str
) -> None:
    assert set(words) == accepted(model, column)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (wording.NEEDS, "need"),
        (wording.SECTORS, "sector"),
        (wording.DELIVERED, "delivered_in"),
    ],
)
def test_every_answer_of_a_list_has_words(words: Mapping[str, str], question: str) -> None:
    model = (ROOT / "models/intermediate/intake/int_intake__answers.sql").read_text("utf-8")
    known = re.search(rf"known_answer\(\s*'{question}',\s*\[(.*?)\]", model, re.DOTALL)
    assert known is not None
    assert set(words) == set(re.findall(r"'(\w+)'", known[1]))


def test_every_reason_of_a_status_has_words_and_they_name_the_settings_of_the_build() -> None:
    with (ROOT / "seeds/reference/upload_checks.csv").open(encoding="utf-8") as seed:
        stopping = {row["check_id"] for row in csv.DictReader(seed) if row["is_stopping"] == "true"}
    assert set(wording.STATUS_REASONS) == stopping | REASONS_AFTER_LINKING
    settings = {"minimum_submitted": "75", "minimum_analysed": "35"}
    text = wording.status_reason_text("governance_refused, too_few_records", settings)
    assert text.endswith("no governance approval; fewer than 75 people were submitted.")
    text = wording.status_reason_text("too_few_eligible", settings)
    assert text == "Fewer than 35 people could be followed for a year."


@pytest.mark.parametrize(
    ("table", "model", "column"),
    [
        ("resubmissions", "models/marts/analysis/resubmissions.yml", "basis"),
        *((Path(model).stem, model, column) for _, model, column in COLUMNS[:5]),
    ],
)
def test_the_made_up_tables_hold_no_code_that_a_build_cannot(
    build: Path, table: str, model: str, column: str
) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        found = connection.execute(
            f"select distinct {column} from {table} where {column} is not null"
        ).fetchall()
    assert found
    assert {value for (value,) in found} <= accepted(model, column)


def test_no_code_is_printed_in_place_of_its_words(pages: Mapping[str, Page]) -> None:
    texts = [cell for page in pages.values() for row in page.rows for cell in row]
    assert "by their expected release date" in texts
    assert "expected" not in texts


def test_a_p_of_an_inconclusive_result_is_not_written_as_alpha() -> None:
    assert [p_text(value) for value in (0.051, 0.05, 0.0503, 0.2, 0.004, None)] == [
        "0.051",
        "0.05",
        "0.0503",
        "0.20",
        "less than 0.01",
        "[x]",
    ]
