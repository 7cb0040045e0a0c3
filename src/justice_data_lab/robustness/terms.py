"""The balance of one request under many weights: its terms as one matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.balance import terms_of
from justice_data_lab.statistics.covariates import Covariate, CovariateValues


class Terms:
    """The terms of the balance of one request as a matrix, so that many weights cost little."""

    def __init__(self, values: CovariateValues, covariates: Sequence[Covariate]) -> None:
        """Read the terms of all events of the values."""
        self._values = values
        columns = [t.value for t in terms_of(np.arange(len(values.event_ids)), values, covariates)]
        matrix = np.array(columns).T if columns else np.zeros((len(values.event_ids), 0))
        known = ~np.isnan(matrix)
        self._gaps = np.flatnonzero(~known.all(axis=0))
        self._known = known[:, self._gaps].astype(np.float64)
        matrix[~known] = 0.0
        self._matrix = matrix

    def largest_smd(
        self, event_ids: IntArray, treated: BoolArray, weight: FloatArray
    ) -> float | None:
        """Return the largest absolute standardised difference after matching, in percent.

        As ``balance.term_balance``: matched treated against weighted controls, over the standard
        deviation (n - 1) of all treated people given; terms without a spread are left out. None
        where nobody is matched or nothing varies.
        """
        places = self._values.places(event_ids)
        sizes = np.zeros((2, len(self._matrix)))
        sizes[0, places] = np.where(treated, weight, 0.0)
        sizes[1, places] = np.where(treated, 0.0, weight)
        ours = places[treated]
        with np.errstate(invalid="ignore", divide="ignore"):
            means = (sizes @ self._matrix) / self._known_of(sizes)
            n = self._known_of(np.ones((1, len(ours))), ours)[0]
            values = self._matrix[ours]
            away = values - values.sum(axis=0) / n
            away[:, self._gaps] *= self._known[ours]
            spread = np.sqrt((away**2).sum(axis=0) / (n - 1))
            varies = self._varies(ours)
            smd = 100 * np.abs(means[0] - means[1])[varies] / spread[varies]
        smd = smd[~np.isnan(smd)]
        return float(smd.max()) if len(smd) else None

    def _varies(self, rows: IntArray) -> BoolArray:
        """Return which terms have two known values among some people."""
        values = self._matrix[rows]
        lowest, highest = values.min(axis=0, initial=np.inf), values.max(axis=0, initial=-np.inf)
        is_known, some = self._known[rows] > 0, values[:, self._gaps]
        lowest[self._gaps] = np.where(is_known, some, np.inf).min(axis=0, initial=np.inf)
        highest[self._gaps] = np.where(is_known, some, -np.inf).max(axis=0, initial=-np.inf)
        result: BoolArray = lowest < highest
        return result

    def _known_of(self, sizes: FloatArray, rows: IntArray | slice = slice(None)) -> FloatArray:
        """Return the sum of each row of sizes over the people whose value of a term is known."""
        known = np.repeat(sizes.sum(axis=1)[:, None], self._matrix.shape[1], axis=1)
        known[:, self._gaps] = sizes @ self._known[rows]
        return known
