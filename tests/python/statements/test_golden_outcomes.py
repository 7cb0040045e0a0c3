"""The statement of every measure for every conclusion, as a reader sees it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from justice_data_lab.statements import outcome_statement
from justice_data_lab.statements.outcomes import CONCLUSIONS
from justice_data_lab.statements.wordings import WORDINGS

GOLDEN = Path(__file__).with_name("golden_outcomes.txt")
BOUNDS = {"decrease": (-9.0, -2.0), "increase": (1.0, 12.0), "inconclusive": (-6.0, 4.0)}


def statements() -> Iterator[str]:
    for measure, wording in WORDINGS.items():
        scale = 0.1 if wording.decimals == 2 else 1.0
        for conclusion in CONCLUSIONS:
            lower, upper = BOUNDS.get(conclusion, (0.0, 0.0))
            text = outcome_statement(
                measure=measure,
                conclusion=conclusion,
                treated_n=250,
                treated_value=(42 if conclusion == "increase" else 30) * scale,
                control_value=35 * scale,
                difference_lower=round(lower * scale, 2),
                difference_upper=round(upper * scale, 2),
                number_needed=1_600,
            )
            yield f"{measure}, {conclusion}: {text}"


def test_every_measure_and_conclusion_reads_as_reviewed() -> None:
    assert list(statements()) == GOLDEN.read_text("utf-8").splitlines()


if __name__ == "__main__":
    sys.stdout.write("\n".join(statements()) + "\n")
