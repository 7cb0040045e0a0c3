"""Generated requests, attacked over outcomes, balance and curves of all their analyses at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from disclosure.generated import (
    attacked,
    published_apart,
    request,
)
from disclosure.release_attack import attack_people
from disclosure.release_tables import READ, SAYS_NOTHING_OF_FEW
from justice_data_lab.disclosure import DisclosureSettings

REQUESTS = 4
MARTS = Path(__file__).parents[3] / "models" / "marts" / "published"
NUMBERS = ("bigint", "integer", "double")


@pytest.mark.parametrize("seed", range(REQUESTS))
def test_no_small_cell_of_a_generated_request_is_known(seed: int) -> None:
    found = attacked(seed)
    assert found.tried > 5
    assert found.broken == []


def test_analyses_that_are_controlled_each_for_itself_are_broken() -> None:
    people = request(2)
    found = attack_people(people, *published_apart(people, DisclosureSettings()))
    assert len(found.broken) > found.tried / 20


def test_every_published_number_is_read_by_the_attack_or_says_nothing_of_few_people() -> None:
    """The tables and columns are those of the contracts: what is added has to be judged."""
    numbers = {
        (model["name"].removeprefix("published_"), column["name"])
        for path in sorted(MARTS.glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        for column in model["columns"]
        if column["data_type"] in NUMBERS
    }
    judged = {(table, name) for table, names in READ.items() for name in names}
    judged |= {
        (table, name)
        for table, reasons in SAYS_NOTHING_OF_FEW.items()
        for names in reasons
        for name in names.split()
    }
    assert numbers - judged == set(), "the attack does not read these"
    assert judged - numbers == set(), "nothing of this name is published"
