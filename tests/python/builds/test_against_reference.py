"""The SQL agrees with the second implementation of the rules on 200 generated worlds."""

from reference.fuzz import SMALL, disagreements, draw_worlds


def test_sql_and_reference_agree_and_nothing_is_lost() -> None:
    worlds = dict(enumerate(draw_worlds(200, 20140401), start=1))
    assert disagreements(worlds, SMALL) == []
