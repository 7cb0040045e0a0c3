"""Percentages of counts as they are printed, against exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from justice_data_lab.disclosure.rounding import round_figure, round_percent
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.measures import measures
from justice_data_lab.report.wording import number_text
from justice_data_lab.rounding import half_up, percent_of, rounded_p, significant
from justice_data_lab.statistics.outcomes import estimate_measure
from justice_data_lab.statistics.people import People
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.weighted import weighted_mean

LARGEST = 400


def exact(share: Fraction, places: int) -> Fraction:
    """Return a percentage rounded half up, away from zero."""
    scaled = abs(share) * 100 * 10**places + Fraction(1, 2)
    size = Fraction(scaled.numerator // scaled.denominator, 10**places)
    return -size if share < 0 else size


@pytest.mark.parametrize("places", [0, 1])
def test_every_share_of_up_to_400_prints_as_its_fraction(places):
    wrong, ties = [], 0
    for n in range(1, LARGEST + 1):
        ones = np.zeros(n)
        for k in range(n + 1):
            expected = float(exact(Fraction(k, n), places))
            ties += (200 * k * 10**places) % (2 * n) == n
            ones[:k] = 1.0
            shown = {
                percent_of(k, n, places),
                round_figure(100.0 * k / n, places),
                round_figure(100.0 * (k / n), places),
                round_figure(100.0 * weighted_mean(ones), places),
                -percent_of(-k, n, places),
            }
            if shown != {expected}:
                wrong.append((k, n, expected, shown))
    assert ties >= 520
    assert not wrong


def test_every_difference_of_two_shares_of_up_to_40_prints_as_its_fraction():
    shares = [(k / n, Fraction(k, n)) for n in (7, 16, 25, 32, 40) for k in range(n + 1)]
    for one, first in shares:
        for other, second in shares:
            expected = float(exact(first - second, 0))
            assert round_figure(100.0 * (one - other), 0) == expected
            assert round_figure(100.0 * one - 100.0 * other, 0) == expected


@pytest.mark.parametrize(("k", "n", "shown"), [(23, 40, 58), (109, 200, 55), (1, 40, 3)])
def test_the_unrounded_rate_of_the_treated_is_its_counts(k, n, shown):
    has = np.arange(n + 50) < k
    has[n + 20 :] = True
    treated = np.arange(n + 50) < n
    people = People(
        key=("r", "headline"),
        treated=treated,
        weight=np.where(treated, 1.0, n / 50),
        outcomes=pa.table({"is_reoffender": has}),
        strata=[slice(0, n + 50)],
        stratum_names=["community"],
        person_id=np.arange(n + 50),
        event_id=np.arange(n + 50),
    )
    row = estimate_measure(measures()["rate"], people, has.astype(float), MatchSettings())
    assert row["treated_value"] == 100 * k / n
    published = round_percent(row["treated_value"], people=n, settings=DisclosureSettings())
    assert (published, number_text(published)) == (shown, str(shown))


def test_a_figure_keeps_its_sign_and_its_size():
    assert half_up(-2.5, 0) == -3
    assert math.copysign(1, half_up(-0.4, 0)) == 1
    assert half_up(1e300, 2) == 1e300
    assert half_up(5e-324, 2) == 0
    assert significant(1 / 256, 5) == 0.0039063
    assert significant(-99_999.96, 5) == -100_000
    assert significant(0.0, 5) == 0
    assert half_up(2.4999999, 0) == 2
    assert round_figure(math.nan, 0) is None


@pytest.mark.parametrize(
    ("p_value", "printed"),
    [
        (0.05, 0.05),
        (0.0499, 0.05),
        (0.0451, 0.05),
        (0.0512, 0.051),
        (0.0549, 0.055),
        (0.0551, 0.06),
        (0.0503, 0.0503),
        (0.05004, 0.05004),
        (0.1234, 0.12),
        (0.004, 0.0),
        (1.0, 1.0),
    ],
)
def test_a_p_above_alpha_is_never_printed_as_alpha(p_value: float, printed: float) -> None:
    assert rounded_p(p_value) == printed
    assert (rounded_p(p_value) <= 0.05) == (p_value <= 0.05)
