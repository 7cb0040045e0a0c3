"""The same arithmetic on a table of the analyst's own, one row per person.

Nothing here knows of requests, strata or support by level: the score is the maximum likelihood
fit on all rows, so that R's ``glm`` and MatchIt on the same table give the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.measures import Kind
from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.balance import Balance, Weights, term_balance
from justice_data_lab.statistics.contrast import Contrast, contrast
from justice_data_lab.statistics.covariates import MISSING
from justice_data_lab.statistics.cox import fit_cox
from justice_data_lab.statistics.doubly_robust import DoublyRobust, doubly_robust
from justice_data_lab.statistics.glm import fit_logistic, probability
from justice_data_lab.statistics.matching import match_units, multipliers_of
from justice_data_lab.statistics.newton import Fit, screen_columns, take_rows
from justice_data_lab.statistics.settings import MatchSettings
from justice_data_lab.statistics.tilt_terms import TiltColumn, tilt_terms
from justice_data_lab.statistics.tilting import Tilt, TiltTerm, tilt
from justice_data_lab.statistics.weighted import effective_size, weighted_mean

INTERCEPT = "intercept"


@dataclass(frozen=True)
class OwnCovariate:
    """One covariate column.

    numbers: its values, NaN where missing; of text, None. levels, codes: of text, the levels in
    their order and the place of each row's; ``missing`` is a level where rows lack one.
    """

    name: str
    numbers: FloatArray | None = None
    levels: tuple[str, ...] = ()
    codes: IntArray | None = None


@dataclass(frozen=True)
class OwnData:
    """A table: a row per person.

    days: delay of the treated and last day at risk of the controls (infinite: never lost); None
    without a risk-set design.
    """

    treated: BoolArray
    outcome: FloatArray
    covariates: tuple[OwnCovariate, ...]
    days: FloatArray | None = None

    def take(self, rows: IntArray) -> OwnData:
        """Return the rows in another order."""
        return OwnData(
            self.treated[rows],
            self.outcome[rows],
            tuple(
                OwnCovariate(
                    one.name,
                    None if one.numbers is None else one.numbers[rows],
                    one.levels,
                    None if one.codes is None else one.codes[rows],
                )
                for one in self.covariates
            ),
            None if self.days is None else self.days[rows],
        )


@dataclass(frozen=True)
class OwnColumn:
    """One column of the design: a number, a level of a text (0, 1), or a missing number (0, 1)."""

    term: str
    value: FloatArray
    covariate: str


@dataclass(frozen=True)
class OwnTilt:
    """The terms that the weights were tilted for, and the proof."""

    terms: tuple[TiltTerm, ...]
    found: Tilt


@dataclass(frozen=True)
class OwnResult:
    """What ``jdl estimate`` reports, in the units of the table.

    terms: of the score, the intercept first where there is one. dropped: terms that could not
    be in it, with the reason. score: linear predictor, of a risk-set score from 0 at the means of
    those at risk; propensity: None of a risk-set score.
    weight: 1 for matched treated, the sum of 1/k for controls. balance: by covariate or level.
    With delays, controls that see no start are in the balance before matching alone.
    compared: None where too few are matched. tilted: None where that was not asked for, or nobody
    is matched.
    """

    fit: Fit
    terms: tuple[str, ...]
    dropped: dict[str, str]
    score: FloatArray
    propensity: FloatArray | None
    weight: FloatArray
    balance: dict[str, Balance]
    compared: Contrast | None
    doubly_robust: DoublyRobust | None
    effective_control_n: float
    tilted: OwnTilt | None = None


def estimate_own(
    data: OwnData, kind: Kind, settings: MatchSettings, *, ridge: float | None = None
) -> OwnResult:
    """Fit, match, compare.

    ridge: penalty of the score; None: maximum likelihood, with ``ridge_on_separation`` where
    there is none (``fit.ridge`` says so). ValueError where no covariate is left, or the scale is
    not the score's.

    Rows are sorted by all their values first: shuffled tables give the same bits, and rows that
    cannot be told apart are given equal results anyhow.
    """
    order = _canonical(data)
    data = data.take(order)
    at_risk = _ever_at_risk(data)
    columns = design_columns(data.covariates, at_risk)
    design = np.empty((len(data.treated), len(columns)), order="F")
    for place, column in enumerate(columns):
        design[:, place] = column.value
    rows = np.flatnonzero(at_risk)
    some, people = take_rows(design, rows), data.take(rows)
    status = screen_columns(some)
    keep = [place for place, one in enumerate(status) if one == "estimated"]
    if not keep:
        raise ValueError("no covariate varies, so there is nothing to match on")
    kept = np.asfortranarray(design[:, keep])
    fit = _fit(take_rows(kept, rows), people, settings, ridge)
    score = fit.linear_predictor(kept)
    propensity = probability(score) if data.days is None else None
    scale = score if settings.scale == "logit" else propensity
    if scale is None:
        raise ValueError("a risk-set score has no probability; use the scale logit")
    weight = np.zeros(len(score))
    weight[rows] = _weights(scale[rows], people, settings)
    tilted = _tilt(columns, design, data, weight, kind) if settings.is_tilted else None
    if tilted is not None:
        weight[~data.treated & (weight > 0)] = tilted.found.weights
    names = [columns[place].term for place in keep]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return OwnResult(
        fit=fit,
        terms=tuple(names) if data.days is not None else (INTERCEPT, *names),
        dropped={
            column.term: one
            for column, one in zip(columns, status, strict=True)
            if one != "estimated"
        },
        score=score[back],
        propensity=None if propensity is None else propensity[back],
        weight=weight[back],
        balance=_balance(data, weight),
        compared=contrast(data.outcome, data.treated, weight, kind, settings),
        doubly_robust=doubly_robust(
            people.outcome, people.treated, weight[rows], some - some.mean(axis=0), kind, settings
        ),
        effective_control_n=effective_size(weight[~data.treated]),
        tilted=tilted,
    )


def design_columns(covariates: Sequence[OwnCovariate], counted: BoolArray) -> list[OwnColumn]:
    """Return the columns of the score, in order, each with a term of its own.

    Numbers as they are; where some are missing, filled with the mean of the others that are
    ``counted``, and an indicator ``x: missing``. Texts: an indicator a level, ``x: level``, but the
    first (which a text of one level keeps, to be found constant). A term that another column, or
    the intercept, has already gets `` (2)``.
    """
    columns: list[OwnColumn] = []
    for covariate in covariates:
        if covariate.numbers is not None:
            value = covariate.numbers
            lacking = np.isnan(value)
            if lacking.any():
                known = value[counted & ~lacking]
                value = np.where(lacking, weighted_mean(known) if len(known) else 0.0, value)
            columns.append(OwnColumn(covariate.name, value, covariate.name))
            if lacking.any():
                columns.append(
                    OwnColumn(
                        f"{covariate.name}: {MISSING}", lacking.astype(np.float64), covariate.name
                    )
                )
        elif covariate.codes is not None:
            columns.extend(
                OwnColumn(
                    f"{covariate.name}: {level}",
                    (covariate.codes == place).astype(float),
                    covariate.name,
                )
                for place, level in enumerate(covariate.levels)
                if place > 0 or len(covariate.levels) == 1
            )
    terms = _apart([column.term for column in columns], taken=(INTERCEPT,))
    return [replace(column, term=term) for column, term in zip(columns, terms, strict=True)]


def _apart(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """Return the names, a number after each that was taken before."""
    seen, result = set(taken), []
    for name in names:
        own, number = name, 1
        while own in seen:
            number += 1
            own = f"{name} ({number})"
        seen.add(own)
        result.append(own)
    return result


def _canonical(data: OwnData) -> IntArray:
    """Return an order of the rows that only their values decide; equal rows are alike."""
    columns: list[FloatArray | IntArray] = [data.outcome]
    for covariate in data.covariates:
        if covariate.numbers is not None:
            columns.append(covariate.numbers)
        elif covariate.codes is not None:
            columns.append(covariate.codes)
    columns += [data.treated.astype(np.int64), *([] if data.days is None else [data.days])]
    table = pa.table(
        [pa.array(column, from_pandas=True) for column in columns],
        [str(place) for place in range(len(columns))],
    )
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in table.column_names])
    return np.asarray(order.to_numpy(), dtype=np.int64)


def _ever_at_risk(data: OwnData) -> BoolArray:
    """Return who is in the analysis: of a risk-set design, those who see some start."""
    if data.days is None:
        return np.ones(len(data.treated), dtype=np.bool_)
    at_risk: BoolArray = data.days >= data.days[data.treated].min()
    return at_risk


def _fit(X: FloatArray, data: OwnData, settings: MatchSettings, ridge: float | None) -> Fit:
    fallback = settings.ridge_on_separation if ridge is None else 0.0
    if data.days is None:
        return fit_logistic(X, data.treated, ridge=ridge or 0.0, ridge_on_separation=fallback)
    return fit_cox(X, data.days, data.treated, ridge=ridge or 0.0, ridge_on_separation=fallback)


def _weights(scale: FloatArray, data: OwnData, settings: MatchSettings) -> FloatArray:
    matched = match_units(
        scale,
        data.treated,
        data.days,
        settings=settings,
        multipliers=None if data.days is None else multipliers_of(scale, data.treated, data.days),
    )
    weight = np.zeros(len(scale))
    weight[data.treated] = matched.controls_n > 0
    weight[~data.treated] = matched.weights
    return weight


def _tilt(
    columns: Sequence[OwnColumn],
    design: FloatArray,
    data: OwnData,
    weight: FloatArray,
    kind: Kind,
) -> OwnTilt | None:
    """Tilt the matched controls; their outcome orders the terms, any number by its mean.

    A number that is only 0 or 1 has no square of its own.
    """
    ours = np.flatnonzero(data.treated & (weight > 0))
    theirs = np.flatnonzero(~data.treated & (weight > 0))
    if not len(ours):
        return None
    treated, controls = take_rows(design, ours), take_rows(design, theirs)
    own, outcome = weight[theirs], data.outcome[theirs]
    made = tilt_terms(
        [TiltColumn(one.term, one.covariate, _is_number(one)) for one in columns],
        treated,
        controls,
        own,
        outcome > (weighted_mean(outcome, own) if kind == "continuous" else 0.0),
    )
    return OwnTilt(made.terms, tilt(own, made.values, made.terms, treated_n=len(ours)))


def _is_number(column: OwnColumn) -> bool:
    return column.term == column.covariate and not np.isin(column.value, (0.0, 1.0)).all()


def _balance(data: OwnData, weight: FloatArray) -> dict[str, Balance]:
    """Return the balance of every number (over its known values) and of every level."""
    people = Weights(data.treated, weight)
    found: list[tuple[str, Balance]] = []
    for covariate in data.covariates:
        if covariate.numbers is not None:
            known = ~np.isnan(covariate.numbers)
            number = _number_balance(covariate.numbers[known], people.take(known))
            found.append((covariate.name, number))
            if not known.all():
                term = f"{covariate.name}: {MISSING}"
                found.append((term, term_balance((~known).astype(np.float64), people)))
        elif covariate.codes is not None:
            for place, level in enumerate(covariate.levels):
                value = (covariate.codes == place).astype(np.float64)
                found.append((f"{covariate.name}: {level}", term_balance(value, people)))
    names = _apart([name for name, _ in found])
    return dict(zip(names, (balance for _, balance in found), strict=True))


def _number_balance(value: FloatArray, people: Weights) -> Balance:
    """Return the balance of a number, worked out from one of its values rather than from 0.

    Means of values of 1e9 are rounded by more than what may be between them.
    """
    if not len(value):
        return term_balance(value, people)
    origin = float(value[len(value) // 2])
    found = term_balance(value - origin, people)
    return replace(
        found,
        treated_mean=found.treated_mean + origin,
        control_mean_before=found.control_mean_before + origin,
        control_mean_after=found.control_mean_after + origin,
    )
