"""Zones of odd shape are valid: the check on run start finds nothing, and no record is lost.

`make data-tests` builds each of them with every data test.
"""

from pathlib import Path

import pytest

from justice_data_lab.raw_zone.check import check

from .eligibility import ELIGIBLE
from .fuzz import REPOSITORY
from .odd import ODD, write_odd
from .rules import evaluate_request, make_register
from .zone import load_zone


@pytest.mark.parametrize("name", sorted(ODD))
def test_a_zone_of_odd_shape_is_valid_and_every_record_has_an_outcome(
    tmp_path: Path, name: str
) -> None:
    write_odd(tmp_path, name, requests=2)
    assert check(tmp_path, REPOSITORY / "seeds", minimum_found_share=0.01) == []
    zone = load_zone(tmp_path)
    register = make_register(zone)
    for request in zone.requests:
        answer = evaluate_request(request, register)
        assert len(answer.records) == len(request.records)
        *_, (*_, left) = answer.attrition()
        assert left == sum(record.outcome == ELIGIBLE for record in answer.records)
