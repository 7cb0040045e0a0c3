"""Common support by level, and the columns of a design.

A level that no treated person has carries no information for the score: its coefficient runs
away, and so does the fit. The limit of the maximum likelihood estimate is that its controls leave
the fit, and so they do here, by rule and by name, as do the treated of a level that no control
has. This removes the usual near-separation, so that the ridge stays 0 in ordinary requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from justice_data_lab.statistics.arrow import BoolArray, FloatArray, IntArray
from justice_data_lab.statistics.covariates import MISSING, Covariate, CovariateValues
from justice_data_lab.statistics.weighted import weighted_mean


@dataclass(frozen=True)
class Term:
    """One term of a stratum's model.

    name: ``x`` or ``x: level``.
    status: ``estimated``; ``reference``; ``no_treated`` or ``no_controls`` (level off support);
        ``constant``; ``collinear``.
    fill_value: for the number column of a continuous or binary covariate, what stands for a
        missing value (the mean of the others in the fit); None for levels.
    """

    name: str
    status: str
    fill_value: float | None = None


@dataclass(frozen=True)
class Stratum:
    """The units of one stratum in key order.

    places: rows of the covariate values. days: delay of the treated (0 if unknown) and last day
    at risk of the controls (a very large number if never lost); None without delays.
    """

    places: IntArray
    treated: BoolArray
    days: IntArray | None

    def ever_at_risk(self, kept: BoolArray) -> BoolArray:
        """Return who is in the risk set of at least one kept treated unit."""
        if self.days is None:
            return np.ones(len(self.treated), dtype=bool)
        starts = self.days[kept & self.treated]
        if not len(starts):
            return self.treated.copy()
        at_risk: BoolArray = self.treated | (self.days >= starts.min())
        return at_risk


@dataclass(frozen=True)
class Support:
    """Who is on support, and why levels are not: status by covariate and level code."""

    on_support: BoolArray
    off_levels: dict[tuple[str, int], str]


def find_support(
    stratum: Stratum, values: CovariateValues, covariates: Sequence[Covariate]
) -> Support:
    """Drop levels that one arm lacks until none is left.

    Levels: those of a categorical covariate, both values of a binary one, and being missing or
    present for both kinds of numbers. In a risk-set stratum, a control that is never at risk
    gives no support. Dropping units can empty other levels, hence the repetition.
    """
    kept = np.ones(len(stratum.treated), dtype=bool)
    codes = {c.name: values.codes[c.name][stratum.places] for c in covariates}
    off: dict[tuple[str, int], str] = {}
    changed = True
    while changed:
        changed = False
        useful = kept & stratum.ever_at_risk(kept)
        for covariate in covariates:
            bad = _one_sided(codes[covariate.name], useful, kept, stratum.treated)
            for level, status in bad.items():
                off[(covariate.name, level)] = status
            if bad:
                kept &= ~np.isin(codes[covariate.name], list(bad))
                changed = True
    return Support(on_support=kept, off_levels=off)


def _one_sided(
    codes: IntArray, useful: BoolArray, kept: BoolArray, treated: BoolArray
) -> dict[int, str]:
    size = int(codes.max(initial=-1)) + 1
    present = np.bincount(codes[kept], minlength=size) > 0
    has_treated = np.bincount(codes[useful & treated], minlength=size) > 0
    has_controls = np.bincount(codes[useful & ~treated], minlength=size) > 0
    bad = {}
    for level in np.flatnonzero(present & ~(has_treated & has_controls)):
        bad[int(level)] = "no_controls" if has_treated[level] else "no_treated"
    return bad


def build_design(
    rows: IntArray,
    controls: BoolArray,
    values: CovariateValues,
    covariates: Sequence[Covariate],
    support: Support,
) -> tuple[list[Term], FloatArray]:
    """Return the terms in order, and a raw column for each whose status is ``estimated``.

    rows: places of the fit's units; controls: which of them are controls. Constant columns are
    found here, collinear ones by ``newton.screen_columns`` afterwards.
    """
    terms: list[Term] = []
    columns: list[FloatArray | BoolArray] = []
    for covariate in covariates:
        code = values.codes[covariate.name][rows]
        if covariate.kind == "categorical":
            new = _levels(covariate, code, controls, values, support)
        else:
            new = _number(covariate, code, values.numbers(covariate.name, rows), values, support)
        terms.extend(term for term, _ in new)
        columns.extend(column for term, column in new if term.status == "estimated")
    design = np.empty((len(rows), len(columns)), order="F")
    for place, column in enumerate(columns):
        design[:, place] = column
    return terms, design


def name_dropped(terms: Sequence[Term], screened: Sequence[str]) -> list[Term]:
    """Give each estimated term, in order, its status after screening."""
    left = iter(screened)
    return [replace(t, status=next(left)) if t.status == "estimated" else t for t in terms]


def _levels(
    covariate: Covariate,
    code: IntArray,
    controls: BoolArray,
    values: CovariateValues,
    support: Support,
) -> list[tuple[Term, FloatArray | BoolArray]]:
    names = values.levels[covariate.name]
    counts = np.bincount(code, minlength=len(names))
    in_controls = np.bincount(code[controls], minlength=len(names))
    reference = _reference(covariate, names, counts, in_controls)
    result: list[tuple[Term, FloatArray | BoolArray]] = []
    for level, name in enumerate(names):
        status = support.off_levels.get((covariate.name, level))
        if status is None and counts[level]:
            status = "reference" if level == reference else "estimated"
        if status is not None:
            result.append((Term(covariate.term(name), status), code == level))
    return result


def _reference(
    covariate: Covariate, names: Sequence[str], counts: IntArray, in_controls: IntArray
) -> int:
    """Return the declared level if it is in the fit, else the controls' most frequent one."""
    if covariate.reference_level in names:
        declared = names.index(covariate.reference_level)
        if counts[declared]:
            return declared
    return int(np.argmax(in_controls)) if len(names) else -1


def _number(
    covariate: Covariate,
    code: IntArray,
    value: FloatArray,
    values: CovariateValues,
    support: Support,
) -> list[tuple[Term, FloatArray | BoolArray]]:
    is_missing = np.isnan(value)
    known = value[~is_missing]
    fill = weighted_mean(known) if len(known) else 0.0
    filled = np.where(is_missing, fill, value)
    status = "estimated" if len(known) and known.min() < known.max() else "constant"
    result: list[tuple[Term, FloatArray | BoolArray]] = [
        (Term(covariate.term(), status, fill_value=fill), filled)
    ]
    names = values.levels[covariate.name]
    for level, name in enumerate(names):
        dropped = support.off_levels.get((covariate.name, level))
        if dropped is not None:
            result.append((Term(covariate.term(name), dropped), filled))
        elif name == MISSING and is_missing.any():
            status = "constant" if is_missing.all() else "estimated"
            result.append((Term(covariate.term(name), status), is_missing))
    return result
