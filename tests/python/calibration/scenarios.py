"""The twelve kinds of world on which the method is tried, and what it must reach on each."""

from calibration.worlds import Scenario

SCENARIOS = (
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
)
