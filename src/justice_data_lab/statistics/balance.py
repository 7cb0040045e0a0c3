"""Were the matched groups alike before anything happened? Standardised differences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    ANALYSIS_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    rows_table,
    sort_rows,
)
from justice_data_lab.statistics.covariates import (
    MISSING,
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.guard import Failures, run_analysis
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of
from justice_data_lab.statistics.weighted import effective_size, weighted_mean

BALANCE_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("covariate", pa.string()),
        ("treated_mean", pa.float64()),
        ("control_mean_before", pa.float64()),
        ("control_mean_after", pa.float64()),
        ("smd_before", pa.float64()),
        ("smd_after", pa.float64()),
        ("variance_ratio_before", pa.float64()),
        ("variance_ratio_after", pa.float64()),
        ("rating", pa.string()),
    ]
)
GREEN, AMBER = 5.0, 10.0


@dataclass(frozen=True)
class Weights:
    """People of one analysis, by what they count for: treated or control, before and after."""

    treated: BoolArray
    weight: FloatArray

    @cached_property
    def controls(self) -> IntArray:
        """Return the places of all controls."""
        return np.flatnonzero(~self.treated)

    @cached_property
    def ours(self) -> IntArray:
        """Return the places of all treated."""
        return np.flatnonzero(self.treated)

    @cached_property
    def used(self) -> IntArray:
        """Return which of the controls have a weight."""
        return np.flatnonzero(self.weight[self.controls] > 0)

    @cached_property
    def matched(self) -> IntArray:
        """Return which of the treated are matched."""
        return np.flatnonzero(self.weight[self.ours] > 0)

    @cached_property
    def used_weight(self) -> FloatArray:
        """Return the weights of the used controls."""
        return self.weight[self.controls][self.used]

    def take(self, rows: BoolArray) -> Weights:
        """Return some of the people."""
        return Weights(self.treated[rows], self.weight[rows])


@dataclass(frozen=True)
class Balance:
    """Balance of one term; means in the covariate's unit (levels: 0 to 1), smd in percent.

    rating: of the absolute smd after matching; None where nobody is matched.
    """

    treated_mean: float
    control_mean_before: float
    control_mean_after: float
    smd_before: float
    smd_after: float
    variance_ratio_before: float
    variance_ratio_after: float
    rating: str | None


@dataclass(frozen=True)
class TermValues:
    """One term of the balance: its value for everybody asked for, NaN where missing."""

    name: str
    value: FloatArray


def covariate_balance(
    matches: pa.Table,
    covariate_values: pa.Table | CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Compare every covariate of an analysis, and every level, before and after matching.

    matches: what ``match_controls`` returns. Strata are pooled. settings: they say which
    covariates an analysis uses.

    Returns one row per (request_id, analysis_id, covariate), ``covariate`` being the term ``x``
    or ``x: level`` (all levels seen, the reference and ``missing`` among them; a mean of numbers
    is over the known ones). ``treated_mean`` is of the matched treated, ``control_mean_before``
    of all controls of the cohort, ``control_mean_after`` weighted. See ``term_balance``.
    """
    rows = sort_rows(matches, by=ANALYSIS_KEY, then=("person_id", "event_id"))
    values = read_values(covariate_values, covariates)
    places = values.places(rows.integers("event_id"))
    treated, weight = rows.booleans("is_treated"), rows.floats("weight")
    result: list[dict[str, object]] = []
    for key, part in rows.groups():
        people = Weights(treated[part], weight[part])
        named = dict(zip(ANALYSIS_KEY, key, strict=True))
        used = covariates_of(covariates, settings_of(settings, key))
        made = run_analysis(failures, key, _balance_of, people, places[part], values, used)
        result.extend(named | row for row in made or [])
    return rows_table(result, BALANCE_SCHEMA)


def _balance_of(
    people: Weights, places: IntArray, values: CovariateValues, covariates: Sequence[Covariate]
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for term in terms_of(places, values, covariates):
        known = ~np.isnan(term.value)
        if known.all():
            balance = term_balance(term.value, people)
        else:
            balance = term_balance(term.value[known], people.take(known))
        rows.append({"covariate": term.name, **vars(balance)})
    return rows


def terms_of(
    places: IntArray, values: CovariateValues, covariates: Sequence[Covariate]
) -> Iterator[TermValues]:
    """Yield the terms of some people: each number, and each level seen, as 0 or 1."""
    for covariate in covariates:
        code = values.codes[covariate.name][places]
        if covariate.kind != "categorical":
            yield TermValues(covariate.name, values.numbers(covariate.name, places))
        levels = values.levels[covariate.name]
        for level in np.flatnonzero(np.bincount(code, minlength=len(levels))):
            if covariate.kind == "categorical" or levels[level] == MISSING:
                yield TermValues(covariate.term(levels[level]), (code == level).astype(np.float64))


def term_balance(value: FloatArray, people: Weights) -> Balance:
    """Return the balance of one term.

    smd = 100 (treated mean - control mean) / sd of the treated before matching (n - 1), the same
    denominator before (all treated, all controls) and after (matched treated, weighted
    controls); Stuart (2010). Without a spread (also: fewer than two treated) smd is null, rated
    green for equal means and red else. variance_ratio_before = variance (n - 1) of all treated
    over that of all controls; variance_ratio_after = that of the matched treated over the
    weighted variance of their controls (see ``intervals.control_arm``).
    """
    ours, theirs = value[people.ours], value[people.controls]
    matched, used, weight = ours[people.matched], theirs[people.used], people.used_weight
    spread = _sd(ours)
    treated_mean, before = weighted_mean(matched), weighted_mean(theirs)
    after = weighted_mean(used, weight)
    size = effective_size(weight)
    weighted = 0.0
    if len(matched) > 1 and size > 1 + 1e-9:
        weighted = weighted_mean((used - after) ** 2, weight) * size / (size - 1)
    return Balance(
        treated_mean=treated_mean,
        control_mean_before=before,
        control_mean_after=after,
        smd_before=standardised_difference(weighted_mean(ours), before, spread),
        smd_after=standardised_difference(treated_mean, after, spread),
        variance_ratio_before=_ratio(spread**2, _sd(theirs) ** 2),
        variance_ratio_after=_ratio(_sd(matched) ** 2, weighted),
        rating=rate_balance(treated_mean, after, spread),
    )


def standardised_difference(treated_mean: float, control_mean: float, spread: float) -> float:
    """Return 100 (treated - control) / spread, in percent; NaN without a spread."""
    return 100.0 * (treated_mean - control_mean) / spread if spread > 0 else math.nan


def rate_balance(treated_mean: float, control_mean: float, spread: float) -> str | None:
    """Return green (smd up to 5% either way), amber (up to 10%) or red; None without means."""
    if math.isnan(treated_mean) or math.isnan(control_mean):
        return None
    if not spread > 0:
        return "green" if math.isclose(treated_mean, control_mean, abs_tol=1e-12) else "red"
    size = abs(standardised_difference(treated_mean, control_mean, spread))
    return "green" if size <= GREEN else "amber" if size <= AMBER else "red"


def _ratio(one: float, other: float) -> float:
    return one / other if other > 0 else math.nan


def _sd(value: FloatArray) -> float:
    if len(value) < 2:
        return 0.0
    return math.sqrt(float(np.sum((value - weighted_mean(value)) ** 2)) / (len(value) - 1))
