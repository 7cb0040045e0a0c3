"""What is said of a whole request, for every way in which one can end."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from justice_data_lab.project import reference_rows
from justice_data_lab.statements import Figures, request_statements, statements_table

GOLDEN = Path(__file__).with_name("golden_requests.txt")


def outcome(measure: str, conclusion: str, **figures: object) -> dict[str, object]:
    row: dict[str, object] = {
        "analysis_id": "headline",
        "measure": measure,
        "conclusion": conclusion,
        "treated_n": 255,
        "control_n": 41230,
        "treated_value": 33.0,
        "control_value": 35.0,
        "difference_lower": -8.0,
        "difference_upper": 4.0,
        "number_needed": 5600,
        "tests_n": 12,
    }
    return row | figures


def request(status: str = "analysed", **facts: object) -> dict[str, object]:
    row: dict[str, object] = {
        "request_id": "a",
        "status": status,
        "need": "accommodation",
        "submitted_n": 1245,
        "balance_verdict": "good",
        "analysed_n": 255,
        "service_name": "Housing support",
        "started_from_year": 2006,
        "started_to_year": 2010,
    }
    return row | facts


HIDDEN = dict.fromkeys(
    ("treated_value", "control_value", "difference_lower", "difference_upper", "number_needed")
)
ENDS = {
    "inconclusive": Figures(
        request(),
        [outcome("rate", "inconclusive"), outcome("frequency", "inconclusive")],
        suggested_analyses=[
            {"description": "releases from custody", "expected_n": 120},
            {"description": "fines", "expected_n": None},
        ],
        resubmissions=[
            {"earliest_analysis_on": "2016-12-31"},
            {"earliest_analysis_on": "2015-09-30"},
            {"earliest_analysis_on": None},
        ],
    ),
    "inconclusive rate, fewer re-offences": Figures(
        request(),
        [outcome("rate", "inconclusive"), outcome("frequency", "decrease")],
    ),
    "decrease, poor balance": Figures(
        request(balance_verdict="poor"),
        [outcome("rate", "decrease", difference_lower=-12.0, difference_upper=-0.4)],
    ),
    "not reliable": Figures(
        request(),
        [outcome("rate", "not_reliable", difference_lower=-12.0, difference_upper=-0.4)],
        gates=[
            {"gate": "equipoise", "passes": False, "is_overridden": False},
            {"gate": "covariates", "passes": False, "is_overridden": False},
            {"gate": "variance_ratio", "passes": True, "is_overridden": False},
            {"gate": "squares_and_products", "passes": None, "is_overridden": False},
        ],
    ),
    "inconclusive, a gate failed": Figures(
        request(),
        [outcome("rate", "inconclusive")],
        gates=[{"gate": "covariates", "passes": False, "is_overridden": False}],
    ),
    "overridden by the lab": Figures(
        request(),
        [outcome("rate", "decrease", difference_lower=-12.0, difference_upper=-0.4)],
        gates=[{"gate": "variance_ratio", "passes": False, "is_overridden": True}],
    ),
    "increase, alcohol": Figures(
        request(need="alcohol"),
        [outcome("rate", "increase", difference_lower=2.0, difference_upper=9.0, tests_n=1)],
    ),
    "withheld": Figures(request(), [outcome("rate", "withheld", **HIDDEN)]),
    "not answerable": Figures(
        request("not_answerable", analysed_n=None, status_reason="too_few_eligible")
    ),
    "refused": Figures(
        request(
            "not_answerable",
            analysed_n=None,
            status_reason="conditions_refused, service_answer_missing",
        )
    ),
    "withdrawn": Figures(request("withdrawn", analysed_n=None)),
}


def lines() -> Iterator[str]:
    for name, figures in ENDS.items():
        yield f"# {name}"
        for topic, measure, text in request_statements(figures):
            yield f"{topic} ({measure or 'all'}): {text}"


def test_every_end_of_a_request_reads_as_reviewed() -> None:
    assert list(lines()) == GOLDEN.read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", ENDS)
def test_no_end_claims_no_effect(name: str) -> None:
    for topic, _, text in request_statements(ENDS[name]):
        assert topic == "cannot_say" or "no effect" not in text
        assert "None" not in text


@pytest.mark.parametrize("name", ["inconclusive", "decrease, poor balance", "withheld"])
def test_what_must_always_be_said_is_said(name: str) -> None:
    text = " ".join(text for _, _, text in request_statements(ENDS[name]))
    for must in ("other services", "Motivation", "Accommodation need", "further years", "left out"):
        assert must in text


def test_the_table_is_in_order_and_does_not_depend_on_the_order_of_rows() -> None:
    requests = pa.Table.from_pylist([request(request_id=name) for name in ("b", "a")])
    outcomes = pa.Table.from_pylist(
        [
            {"request_id": name} | outcome(measure, "inconclusive")
            for name in ("b", "a")
            for measure in ("rate", "frequency")
        ]
    )
    further = pa.table({"request_id": ["a"], "suggested_analysis": ["fine"]})
    further = further.append_column("description", pa.array(["people with a fine"]))
    further = further.append_column("expected_n", pa.array([40]))
    releases = pa.table({"request_id": ["a"], "release_quarter": ["2015-Q2"]})
    releases = releases.append_column("earliest_analysis_on", pa.array([date(2016, 12, 31)]))
    gates = pa.table({"request_id": ["a"], "gate": ["equipoise"]})
    gates = gates.append_column("passes", pa.array([False]))
    gates = gates.append_column("is_overridden", pa.array([False]))
    others = {"suggested_analyses": further, "resubmissions": releases, "gates": gates}
    table = statements_table(requests=requests, outcomes=outcomes, **others)
    turned = statements_table(
        requests=requests.take([1, 0]), outcomes=outcomes.take([3, 1, 2, 0]), **others
    )
    assert table.equals(turned)
    assert table["request_id"].to_pylist() == sorted(table["request_id"].to_pylist())
    assert table["statement_order"].to_pylist()[:3] == [1, 2, 3]
    first = {row["request_id"]: row["text"] for row in table.to_pylist()[::-1]}
    assert first["a"].startswith("Not reliable: ")
    assert first["b"].startswith("Of every 100")


def test_every_reason_of_a_request_without_an_answer_has_advice() -> None:
    stopping = [
        row["check_id"] for row in reference_rows("upload_checks") if row["is_stopping"] == "true"
    ]
    assert len(stopping) >= 8
    for reason in (*stopping, "too_few_eligible", "too_few_matched"):
        figures = Figures(request("not_answerable", analysed_n=None, status_reason=reason))
        topics = [topic for topic, *_ in request_statements(figures)]
        assert topics == ["headline", "next_step"], reason


def test_the_sentence_to_quote_names_sizes_range_and_years() -> None:
    for name in ("inconclusive", "decrease, poor balance", "increase, alcohol"):
        (text,) = [text for topic, _, text in request_statements(ENDS[name]) if topic == "quote"]
        for must in ("255 people", "41,230 similar", "2006 to 2010", "33 in", "95% interval"):
            assert must in text


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
