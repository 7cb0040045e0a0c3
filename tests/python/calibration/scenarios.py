"""The kinds of world on which the method is tried: careers of several events, and one each."""

from calibration.careers import Careers
from calibration.worlds import Scenario

CAREERS = (
    Careers("careers_1", "careers, 1 event a person", pool_n=9000, years=0.25),
    Careers("careers_3", "careers, 3 events a person", years=3.0),
    Careers("careers_6", "careers, 6 events a person"),
    Careers("careers_unseen", "a square and a product that no score sees", years=3.0, bend=0.2),
    Careers("careers_share_1", "1% of the pool are treated", years=3.0, treated_n=30),
    Careers("careers_share_5", "5% of the pool are treated", years=3.0, treated_n=135),
    Careers("careers_share_10", "10% of the pool are treated", years=3.0, treated_n=270),
    Careers("careers_at_once", "6 events, the service starts at once", has_delay=False),
    Careers("careers_traits", "6 events, selection by traits and not by the record", record=0.0),
    Careers("careers_800", "800 treated", pool_n=8000, treated_n=800),
    *(
        Careers(
            f"planted_{n}",
            f"{n} treated, 5 points planted on the year before",
            pool_n=10 * n,
            treated_n=n,
            yearly=0.45,
            record=0.0,
            planted=5.0,
            has_delay=False,
        )
        for n in (500, 800)
    ),
)
WORLDS = (
    Scenario("null_mild_60", "60 treated, mild selection", treated_n=60, selection="mild"),
    Scenario("null_strong_250", "250 treated, strong selection, curved and joint"),
    Scenario("null_strong_1000", "1,000 treated in a pool of 10,000", treated_n=1000),
    Scenario("null_small_pool", "four controls a treated person", pool_n=1000),
    Scenario("null_large_pool", "the pilot's pool", pool_n=33_111),
    Scenario("effect_250", "7 points fewer, strong selection", effect=-7),
    Scenario("effect_small_pool", "7 points fewer, four controls each", effect=-7, pool_n=1000),
    Scenario(
        "effect_1000",
        "7 points fewer, 1,000 treated, the pilot's pool, mild selection",
        effect=-7,
        treated_n=1000,
        pool_n=33_111,
        selection="mild",
    ),
    Scenario("rare_30", "30 treated, 6% re-offend", treated_n=30, pool_n=5000, base_rate=-3.9),
    Scenario(
        "counts_60",
        "60 treated, over-dispersed counts (size 0.5)",
        treated_n=60,
        pool_n=5000,
        frailty_shape=0.5,
    ),
    Scenario("immortal_null", "the service starts after a delay", pool_n=33_111, has_delay=True),
    Scenario(
        "immortal_effect",
        "7 points fewer, the service starts after a delay",
        effect=-7,
        pool_n=33_111,
        has_delay=True,
    ),
    Scenario("unseen_250", "offending has a square and a product that no score sees", bend=0.15),
    Scenario(
        "unseen_immortal",
        "the same, and the service starts after a delay",
        bend=0.15,
        has_delay=True,
    ),
)
SCENARIOS = (*CAREERS, *WORLDS)
