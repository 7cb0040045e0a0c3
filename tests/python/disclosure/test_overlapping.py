"""Publications that share people: comparing them takes away what the attacker would know."""

from disclosure.overlapping import attacked_together
from justice_data_lab.disclosure import DisclosureSettings

WORLDS = (0, 3, 5)


def test_comparing_requests_and_releases_takes_away_what_is_known() -> None:
    apart, compared = (
        [
            len(attacked_together(seed, DisclosureSettings(), is_compared=is_compared).broken)
            for seed in WORLDS
        ]
        for is_compared in (False, True)
    )
    assert all(after <= before for before, after in zip(apart, compared, strict=True))
    assert sum(compared) < sum(apart)
