"""The variance of a weighted mean when one person may stand in several rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Clusters:
    """The person and the stratum of every row, as numbers from 0.

    code: one number a person of a stratum. stratum: of each such number.
    """

    code: IntArray
    stratum: IntArray

    @classmethod
    def of(cls, person: IntArray, stratum: IntArray | None = None) -> Clusters:
        """Give each person of a stratum a number; stratum: numbers from 0, None for one."""
        number = np.unique(person, return_inverse=True)[1]
        if stratum is None:
            return cls(number, np.zeros(int(number.max(initial=-1)) + 1, dtype=np.int64))
        persons = int(number.max(initial=-1)) + 1
        known, code = np.unique(stratum * persons + number, return_inverse=True)
        return cls(code, known // max(persons, 1))

    def take(self, rows: BoolArray | IntArray) -> Clusters:
        """Return some of the rows; persons keep their numbers."""
        return Clusters(self.code[rows], self.stratum)


def clustered_variance(
    outcome: FloatArray,
    weights: FloatArray,
    clusters: Clusters,
    *,
    of_one: float,
    at_least_kish: bool,
) -> float:
    """Return the variance of the weighted mean of rows that are clustered by person.

    outcome, weights, clusters: a row each, all weights above 0. of_one: variance of one person.
    at_least_kish: for rates, the larger of the cluster form and Kish's variance; for counts and
    durations the cluster form alone.

    With m the weighted mean and W the sum of weights of a stratum of G persons, the cluster form
    is sum over persons of (sum of w (y - m))^2 / W^2 x G / (G - 1), and Kish's is
    sum w (y - m)^2 / W / (ESS - 1), of which the numerator is that of the variance of one
    person. Strata pool by V = sum of (W / sum of W)^2 V, since the weights of a stratum sum to
    its matched treated. A stratum of one control person has no variance of its own: it has that
    of one person of the whole. Source: Liang & Zeger (1986, Biometrika 73: 13-22), Kish (1965).
    """
    stratum = clusters.stratum[clusters.code]
    strata, persons = int(clusters.stratum.max(initial=0)) + 1, len(clusters.stratum)

    def by_stratum(values: FloatArray) -> FloatArray:
        return np.bincount(stratum, values, minlength=strata).astype(np.float64)

    share = weights / weights.max()
    total = by_stratum(share)
    used = total > 0
    mass = np.where(used, total, 1.0)
    away = outcome - outcome.min()  # exactly 0 of a constant
    away = away - (by_stratum(share * away) / mass)[stratum]
    sums = np.bincount(clusters.code, share * away, minlength=persons)
    is_there = np.bincount(clusters.code, minlength=persons) > 0
    people_n = np.bincount(clusters.stratum[is_there], minlength=strata)
    squares = np.bincount(clusters.stratum, sums**2, minlength=strata) / mass**2
    variance = squares * people_n / np.maximum(people_n - 1, 1)
    if at_least_kish:
        size = mass**2 / np.where(used, by_stratum(share**2), 1.0)
        spread = by_stratum(share * away**2) / mass
        variance = np.maximum(variance, spread / np.maximum(size - 1, 1e-9))
    variance[used & (people_n < 2)] = of_one
    return float(((total / total.sum()) ** 2 * variance).sum())
