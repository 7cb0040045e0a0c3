import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from justice_data_lab.statistics.multiplicity import holm


@pytest.mark.parametrize("m", [1, 2, 12, 120])
def test_holm_equals_statsmodels(m):
    rng = np.random.default_rng(m)
    p_values = np.round(rng.random(m) ** 3, 3)  # with ties
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], abs=1e-14)


def test_holm_by_hand():
    # Sorted .01 .03 .04: 3 x .01, 2 x .03, and .04, which may not fall below the one before.
    assert holm(np.array([0.04, 0.01, 0.03])) == pytest.approx([0.06, 0.03, 0.06])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]
    assert holm(np.zeros(0)).tolist() == []
