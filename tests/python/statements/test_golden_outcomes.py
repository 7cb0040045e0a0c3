"""The statement of every measure for every conclusion, as a reader sees it."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from justice_data_lab.measures import measures
from justice_data_lab.statements import outcome_statement
from justice_data_lab.statements.outcomes import CONCLUSIONS

GOLDEN = Path(__file__).with_name("golden_outcomes.txt")
BOUNDS = {"decrease": (-9.0, -2.0), "increase": (1.0, 12.0), "inconclusive": (-6.0, 4.0)}
BOUNDS["not_reliable"] = (-8.0, -3.0)


REVIEWED = dict.fromkeys(line.split(",")[0] for line in GOLDEN.read_text("utf-8").splitlines())


def statements(codes: Iterable[str]) -> Iterator[str]:
    for measure in codes:
        described = measures()[measure]
        scale = 0.1 if described.decimals == 2 else 1.0
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


def test_reviewed_measures_read_as_they_did_in_every_conclusion() -> None:
    assert list(statements(REVIEWED)) == GOLDEN.read_text("utf-8").splitlines()


def test_every_way_of_speaking_has_been_reviewed() -> None:
    """A further measure needs no lines of its own where one like it has been read."""

    def ways(codes: Iterable[str]) -> set[tuple[str, ...]]:
        return {
            (m.unit, m.limits, m.decrease_word, m.increase_word)
            for m in (measures()[code] for code in codes)
        }

    assert ways(measures()) == ways(REVIEWED)
    texts = list(statements(measures()))
    assert len(set(texts)) == len(measures()) * len(CONCLUSIONS)
    assert all(text.endswith(".") and "None" not in text for text in texts)


if __name__ == "__main__":
    sys.stdout.write("\n".join(statements(REVIEWED)) + "\n")
