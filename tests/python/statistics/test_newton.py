"""Newton's step where rounding leaves an information that is not positive."""

from __future__ import annotations

import warnings

import numpy as np

from justice_data_lab.statistics.newton import Evaluation, covariance, newton_step


def test_an_information_below_zero_by_rounding_has_no_step_and_no_warning() -> None:
    information = np.array([[1.0, 0.0], [0.0, -1e-17]])
    here = Evaluation(value=0.0, gradient=np.array([0.1, 0.0]), information=information)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert newton_step(here) is None
        assert np.isnan(covariance(information)).all()
