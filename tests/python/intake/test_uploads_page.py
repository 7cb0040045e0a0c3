"""docs/uploads.md says of every column and question what the template says."""

from pathlib import Path

from justice_data_lab.intake.template_texts import COLUMNS, QUESTIONS

PAGE = Path(__file__).parents[3] / "docs" / "uploads.md"


def test_every_column_and_question_is_listed_with_what_it_takes() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    wanted = [f"| `{c.field}` | {c.label} | {c.need} | {c.accepted} |" for c in COLUMNS]
    wanted += [
        f"| `{q.question}` | {q.label} | {', '.join(q.choices) or q.accepted} |" for q in QUESTIONS
    ]
    assert [line for line in wanted if line not in lines] == []
