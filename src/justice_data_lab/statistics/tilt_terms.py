"""What the tilt balances: columns of the score, squares and products, and their strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.glm import fit_logistic, probability
from justice_data_lab.statistics.newton import screen_columns
from justice_data_lab.statistics.tilting import TermKind, TiltTerm
from justice_data_lab.statistics.weighted import effective_size, weighted_mean

STRONGEST = 6


@dataclass(frozen=True)
class TiltColumn:
    """One column of the score: its name, the covariate it is of, and whether it is a number."""

    name: str
    factor: str
    is_number: bool


@dataclass(frozen=True)
class TiltTerms:
    """The terms of one stratum; values: see ``tilting.tilt``, a row a matched control."""

    terms: tuple[TiltTerm, ...]
    values: FloatArray


@dataclass(frozen=True)
class _Scaled:
    """A column of both arms, less the treated's mean and over the treated's spread."""

    treated: FloatArray
    controls: FloatArray


def tilt_terms(
    columns: Sequence[TiltColumn],
    treated: FloatArray,
    controls: FloatArray,
    weights: FloatArray,
    outcome: BoolArray,
) -> TiltTerms:
    """Return the columns, the squares of numbers, and the products of the six strongest columns.

    treated, controls: a row a matched person, a column a column. weights: of these controls,
    as matched. outcome: whether each of them re-offended; of controls alone, so that the order in
    which terms go is settled before anybody knows the difference.

    Squares and products are of columns less the treated's mean and over the treated's standard
    deviation (n - 1; where it is 0, the controls'), and are scaled likewise themselves. A product
    has no two columns of one covariate, and the strength of its weaker one. What varies in
    neither arm is left out.
    """
    scaled = [
        _scale(treated[:, place], controls[:, place], weights) for place in range(len(columns))
    ]
    strength = column_strengths(controls, outcome, weights)
    terms: list[TiltTerm] = []
    values: list[FloatArray] = []

    def add(name: str, kind: TermKind, one: _Scaled | None, power: float) -> None:
        if one is not None:
            terms.append(TiltTerm(name, kind, power))
            values.append(one.controls)

    for column, one, power in zip(columns, scaled, strength.tolist(), strict=True):
        add(column.name, "column", one, power)
    for column, one, power in zip(columns, scaled, strength.tolist(), strict=True):
        if column.is_number and one is not None:
            add(f"{column.name} squared", "square", _product(one, one, weights), power)
    by_strength = np.argsort(-strength, kind="stable").tolist()
    strongest = sorted([place for place in by_strength if scaled[place] is not None][:STRONGEST])
    for first, second in combinations(strongest, 2):
        one, other = scaled[first], scaled[second]
        if one is None or other is None or columns[first].factor == columns[second].factor:
            continue
        name = f"{columns[first].name} x {columns[second].name}"
        power = float(min(strength[first], strength[second]))
        add(name, "product", _product(one, other, weights), power)
    matrix = np.empty((len(weights), len(terms)), order="F")
    for place, column_values in enumerate(values):
        matrix[:, place] = column_values
    return TiltTerms(tuple(terms), matrix)


def column_strengths(X: FloatArray, outcome: BoolArray, weights: FloatArray) -> FloatArray:
    """Return |z| of every column in the weighted main-effects logistic model of the outcome.

    X: of the matched controls; 0 for columns that cannot be estimated among them, and for all
    where the outcome does not vary. Variance: HC0, A^-1 B A^-1 with A the information and B the
    sum of squared weighted scores. Source: White (1982, Econometrica 50: 1-25).
    """
    strength = np.zeros(X.shape[1])
    keep = [place for place, status in enumerate(screen_columns(X)) if status == "estimated"]
    if outcome.all() or not outcome.any() or not keep:
        return strength
    used = X if len(keep) == X.shape[1] else np.asfortranarray(X[:, keep])
    # In units of the effective size, so that a ridge, where one is needed, weighs as elsewhere.
    share = weights * (effective_size(weights) / weights.sum())
    fit = fit_logistic(used, outcome, weights=share)
    if fit.converged:
        chance = probability(fit.linear_predictor(used))
        error = fit.robust_errors(used, share * (outcome - chance), share * chance * (1 - chance))
        known = error > 0
        slopes = np.abs(fit.coefficients[1:])
        strength[np.array(keep)[known]] = slopes[known] / error[known]
    return strength


def _scale(treated: FloatArray, controls: FloatArray, weights: FloatArray) -> _Scaled | None:
    """Return a column of both arms standardised; None where it varies in neither."""
    mean = weighted_mean(treated)
    ours, theirs = treated - mean, controls - mean
    spread = np.sqrt(float(ours @ ours) / (len(ours) - 1)) if len(ours) > 1 else 0.0
    if spread <= 1e-12 * (1.0 + abs(mean)):
        away = theirs - weighted_mean(theirs, weights)
        spread = np.sqrt(weighted_mean(away * away, weights))
    if spread <= 1e-12 * (1.0 + abs(mean)):
        return None
    return _Scaled(ours / spread, theirs / spread)


def _product(one: _Scaled, other: _Scaled, weights: FloatArray) -> _Scaled | None:
    return _scale(one.treated * other.treated, one.controls * other.controls, weights)
