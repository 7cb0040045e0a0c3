"""Newton's method with step halving, as used by every reported fit.

A fit is done when its step is negligible, and then proves it by the norm of its gradient. The
default tolerances of common libraries look at the gradient of the *mean* loss, which is small
long before the fit is right when the treated are rare.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from justice_data_lab.statistics.arrow import FloatArray, IntArray

BLOCK_ROWS = 4096
MAX_ITERATIONS = 60
STEP_TOLERANCE = 1e-9
NEGLIGIBLE_STEP = 1e-13
FLAT_DECREMENT = 1e-4
FLAT_ITERATIONS = 16
GRADIENT_TOLERANCE = 1e-7
COLLINEARITY_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Evaluation:
    """Log-likelihood, its gradient and its information (minus the Hessian) at one point."""

    value: float
    gradient: FloatArray
    information: FloatArray


@dataclass(frozen=True)
class Maximum:
    """Where Newton stopped.

    gradient_norm: Euclidean norm of the gradient of the total (not mean) penalised
        log-likelihood, on standardised columns.
    converged: that norm is at most 1e-7 and the last step moved no coefficient by more than
        1e-9 standard deviations' worth, or nothing by more than 1e-10 of its standard error, or
        the next would move none by 1e-13.
    """

    coefficients: FloatArray
    information: FloatArray
    value: float
    gradient_norm: float
    iterations: int
    converged: bool


@dataclass(frozen=True)
class Fit:
    """A fitted score.

    coefficients, std_errors: raw scale; the intercept first where the model has one. Standard
        errors come from the inverse information (the penalised one under a ridge).
    ridge: lambda of the penalty lambda / 2 * sum of squares of the standardised coefficients
        (intercept free); 0 for maximum likelihood.
    gradient_norm, iterations, converged: see ``Maximum``.
    log_likelihood: without the penalty at ridge 0, with it otherwise.
    centre, level: the column means of the fit, and the linear predictor there (0 without an
        intercept): what ``linear_predictor`` starts from.
    """

    coefficients: FloatArray
    std_errors: FloatArray
    ridge: float
    gradient_norm: float
    iterations: int
    converged: bool
    log_likelihood: float
    centre: FloatArray
    level: float

    def linear_predictor(self, X: FloatArray) -> FloatArray:
        """Return level + (x - centre) b of every row of X (the columns of the fit).

        From the centre, not from 0: with values of 1e9 the intercept and x b would cancel, and
        take the digits along. Without an intercept it is 0 at the centre.
        """
        slopes = self.coefficients[-len(self.centre) :]
        result = np.full(len(X), self.level)
        for column, slope in enumerate(slopes):  # one by one: equal rows, equal bits
            result += (X[:, column] - self.centre[column]) * slope
        return result

    def robust_errors(self, X: FloatArray, residual: FloatArray, spread: FloatArray) -> FloatArray:
        """Return HC0 standard errors of the slopes of a fit with an intercept.

        residual: weighted, of each row; spread: weighted variance of its outcome. The variance is
        A^-1 B A^-1 with A = X'diag(spread)X and B = X'diag(residual^2)X. Source: White (1982,
        Econometrica 50: 1-25). NaN where A is singular.
        """
        size = X.shape[1] + 1
        inner, outer = np.zeros((size, size), order="F"), np.zeros((size, size), order="F")
        for block in centred_blocks(X, self.centre, intercept=True):
            scores = block.values * residual[block.part, None]
            inner = add_cross_product(inner, np.asfortranarray(scores))
            block.values[:] *= np.sqrt(spread[block.part])[:, None]
            outer = add_cross_product(outer, block.values)
        bread = covariance(mirrored(outer))
        variance = np.diag(bread @ mirrored(inner) @ bread)[1:]
        return np.sqrt(np.maximum(variance, 0.0))


def blocks(rows: int) -> Iterator[slice]:
    """Yield slices of at most ``BLOCK_ROWS`` rows: small enough to stay in the cache."""
    for start in range(0, rows, BLOCK_ROWS):
        yield slice(start, min(start + BLOCK_ROWS, rows))


def maximise(
    evaluate: Callable[[FloatArray], Evaluation],
    *,
    penalty: FloatArray,
    start: FloatArray | None = None,
    flat_iterations: int = FLAT_ITERATIONS,
) -> Maximum:
    """Maximise a concave log-likelihood minus sum(penalty * b**2) / 2, from b = 0 or a start.

    Newton's step H b' = g, halved until the objective does not fall (by more than rounding).
    Stops, without converging, when the information cannot be factored, or when steps go on for
    ``flat_iterations`` though nothing moves by more than 1e-4 of its standard error: then there is
    no maximum (separation). A finite one may lie almost as far, where gradient and information
    are both tiny. The step in standard errors is Newton's decrement sqrt(g H^-1 g), free of any
    unit (Boyd & Vandenberghe 2004, Convex Optimization, section 9.5.1). The gradient of a
    separated column falls by e each time: flat_iterations end before its rounding is reached.
    """
    beta = np.zeros(len(penalty)) if start is None else start
    here = _penalised(evaluate, beta, penalty)
    iteration, flat, is_done = 0, 0, len(penalty) == 0
    while not is_done and iteration < MAX_ITERATIONS:
        iteration += 1
        step = newton_step(here)
        if step is None:
            break
        decrement = math.sqrt(max(float(here.gradient @ step), 0.0))
        flat += decrement <= FLAT_DECREMENT
        if flat > flat_iterations:
            break
        is_done = float(np.abs(step).max()) <= NEGLIGIBLE_STEP
        if is_done:  # so small that taking it changes no digit that is reported
            break
        moved = _line_search(evaluate, beta, step, here, penalty)
        if moved is None:
            break
        beta, here, taken = moved
        is_done = min(10 * decrement, float(np.abs(taken).max())) <= STEP_TOLERANCE
    norm = float(np.linalg.norm(here.gradient))
    return Maximum(
        coefficients=beta,
        information=here.information,
        value=here.value,
        gradient_norm=norm,
        iterations=iteration,
        converged=is_done and norm <= GRADIENT_TOLERANCE,
    )


def newton_step(here: Evaluation) -> FloatArray | None:
    """Solve information x step = gradient; None where the information is not positive."""
    diagonal = np.diag(here.information)  # rounding can leave it below zero
    if not np.isfinite(here.information).all() or not (diagonal > 1e-24).all():
        return None
    scale = np.sqrt(diagonal)
    try:
        factor = scipy.linalg.cho_factor(here.information / np.outer(scale, scale), lower=True)
    except scipy.linalg.LinAlgError:
        return None
    step: FloatArray = scipy.linalg.cho_solve(factor, here.gradient / scale) / scale
    return step


def covariance(information: FloatArray) -> FloatArray:
    """Invert the information, scaled to a unit diagonal first; NaN where it is singular."""
    diagonal = np.diag(information)
    if not len(diagonal) or not (diagonal > 0).all():
        return np.full_like(information, np.nan)
    scale = np.sqrt(diagonal)
    try:
        with warnings.catch_warnings():  # what is singular but for rounding has no inverse either
            warnings.simplefilter("error", scipy.linalg.LinAlgWarning)
            inverse = scipy.linalg.inv(information / np.outer(scale, scale))
    except (scipy.linalg.LinAlgError, scipy.linalg.LinAlgWarning):
        return np.full_like(information, np.nan)
    result: FloatArray = inverse / np.outer(scale, scale)
    return result


def standardise(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Bring every column of X, in place, to mean 0 and standard deviation 1 (divisor n).

    Returns the means and the standard deviations. A constant column keeps sd 1, and becomes 0.
    """
    mean, sd = moments(X)
    for column in range(X.shape[1]):
        X[:, column] -= mean[column]
        X[:, column] /= sd[column]
    return mean, sd


def moments(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean and standard deviation (divisor n, 1 for constants) of every column."""
    rows, columns = X.shape
    if not rows:
        return np.zeros(columns), np.ones(columns)
    mean, squares = _means(X), np.zeros(columns)
    for block in centred_blocks(X, mean):
        squares += np.einsum("ij,ij->j", block.values, block.values)
    sd = np.sqrt(squares / rows)
    for column in _constants(X, mean, sd):
        mean[column], sd[column] = X[0, column], 1.0
    return mean, sd


def _means(X: FloatArray) -> FloatArray:
    nothing, total = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    for block in centred_blocks(X, nothing):  # its copy makes sums the same in any layout of X
        total += block.values.sum(axis=0)
    mean: FloatArray = total / X.shape[0]
    return mean


def _constants(X: FloatArray, mean: FloatArray, sd: FloatArray) -> list[int]:
    """Return the columns of one value; their mean is rounded, so their sd need not be 0.

    A spread whose square is too small for a number counts as none.
    """
    suspects = np.flatnonzero(sd <= 1e-8 * np.abs(mean)).tolist()
    return [
        column
        for column in suspects
        if sd[column] == 0.0 or X[:, column].min() == X[:, column].max()
    ]


def take_rows(X: FloatArray, rows: IntArray) -> FloatArray:
    """Return some rows, each column in one piece of memory."""
    taken = np.empty((len(rows), X.shape[1]), order="F")
    for column in range(X.shape[1]):
        np.take(X[:, column], rows, out=taken[:, column])
    return taken


@dataclass(frozen=True)
class Block:
    """A few rows: where they stand, and their values, in memory that the next block reuses."""

    part: slice
    values: FloatArray


def centred_blocks(X: FloatArray, mean: FloatArray, *, intercept: bool = False) -> Iterator[Block]:
    """Yield X - mean a block at a time, after a column of ones if there is an intercept.

    Centring is what keeps the digits of sums of squares; dividing by the standard deviations can
    wait until they are summed. No copy of X is made. A block's values may be overwritten.
    """
    first = 1 if intercept else 0
    space = np.empty((min(BLOCK_ROWS, X.shape[0]), X.shape[1] + first), order="F")
    for part in blocks(X.shape[0]):
        values = space[: part.stop - part.start]
        values[:, :first] = 1.0
        np.subtract(X[part], mean, out=values[:, first:])
        yield Block(part, values)


def add_cross_product(total: FloatArray, values: FloatArray) -> FloatArray:
    """Return total + values'values, of which the lower triangle alone is kept up to date."""
    if not values.shape[1]:  # BLAS takes no matrix without a column
        return total
    added: FloatArray = scipy.linalg.blas.dsyrk(
        1.0, values, beta=1.0, c=total, trans=1, lower=1, overwrite_c=1
    )
    return added


def mirrored(lower: FloatArray) -> FloatArray:
    """Return a symmetric matrix from its lower triangle."""
    result: FloatArray = np.tril(lower) + np.tril(lower, -1).T
    return result


def screen_columns(X: FloatArray) -> list[str]:
    """Say for each column, in order, whether it can be estimated.

    ``constant``: one value only. ``collinear``: the columns kept before it explain all but 1e-9
    of its variance (Cholesky of the correlation matrix, no pivoting: of a collinear set, the
    later column goes). ``estimated`` otherwise.
    """
    rows, columns = X.shape
    if not rows or not columns:
        return ["constant"] * columns
    correlation = _correlation(X)
    is_constant = np.diag(correlation) == 0.0
    if not is_constant.any() and _is_well_conditioned(correlation):
        return ["estimated"] * columns
    kept: list[int] = []
    factor = np.zeros((columns, columns))
    status = []
    for column in range(columns):
        if is_constant[column]:
            status.append("constant")
            continue
        size = len(kept)
        along = (
            scipy.linalg.solve_triangular(
                factor[:size, :size], correlation[kept, column], lower=True
            )
            if size
            else np.zeros(0)
        )
        left = correlation[column, column] - float(along @ along)
        if left <= COLLINEARITY_TOLERANCE:
            status.append("collinear")
            continue
        factor[size, :size], factor[size, size] = along, np.sqrt(left)
        kept.append(column)
        status.append("estimated")
    return status


def _is_well_conditioned(correlation: FloatArray) -> bool:
    """Tell whether no column is explained by those before it: the usual case, in one step.

    The squared diagonal of the Cholesky factor is what is left of each column. Close to the
    tolerance the columns are looked at one by one.
    """
    try:
        factor = scipy.linalg.cholesky(correlation, lower=True)
    except scipy.linalg.LinAlgError:
        return False
    return bool((np.diag(factor) ** 2 > 10 * COLLINEARITY_TOLERANCE).all())


def _correlation(X: FloatArray) -> FloatArray:
    """Return the correlation matrix; zero in the rows and columns of constants."""
    mean = _means(X)
    total = np.zeros((X.shape[1], X.shape[1]), order="F")
    for block in centred_blocks(X, mean):
        total = add_cross_product(total, block.values)
    sd = np.sqrt(np.diag(total) / X.shape[0])
    constant = _constants(X, mean, sd)
    sd[constant] = 1.0
    correlation: FloatArray = mirrored(total) / (X.shape[0] * np.outer(sd, sd))
    correlation[constant, :] = correlation[:, constant] = 0.0
    return correlation


def _penalised(
    evaluate: Callable[[FloatArray], Evaluation], beta: FloatArray, penalty: FloatArray
) -> Evaluation:
    plain = evaluate(beta)
    return Evaluation(
        value=plain.value - 0.5 * float(penalty @ (beta * beta)),
        gradient=plain.gradient - penalty * beta,
        information=plain.information + np.diag(penalty),
    )


def _line_search(
    evaluate: Callable[[FloatArray], Evaluation],
    beta: FloatArray,
    step: FloatArray,
    here: Evaluation,
    penalty: FloatArray,
) -> tuple[FloatArray, Evaluation, FloatArray] | None:
    """Return the new point, its evaluation and the step taken; None if no half helps."""
    slack = 1e-11 * (1.0 + abs(here.value))
    for _ in range(40):
        there = _penalised(evaluate, beta + step, penalty)
        if np.isfinite(there.value) and there.value >= here.value - slack:
            return beta + step, there, step
        step = step / 2
    return None
