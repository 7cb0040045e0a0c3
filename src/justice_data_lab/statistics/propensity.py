"""Fit the scores of all strata, and score everybody from the coefficients alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    AnyIntArray,
    BoolArray,
    FloatArray,
    IntArray,
    SortedRows,
    build_table,
    rows_table,
    sort_rows,
    whole,
)
from justice_data_lab.statistics.conditions import apply_conditions
from justice_data_lab.statistics.covariates import (
    MISSING,
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.cox import fit_cox
from justice_data_lab.statistics.glm import fit_logistic, probability
from justice_data_lab.statistics.guard import (
    Failures,
    NotConvergedError,
    NotFiniteError,
    require_finite,
    run_analysis,
)
from justice_data_lab.statistics.newton import Fit, screen_columns
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of
from justice_data_lab.statistics.support import (
    Stratum,
    Term,
    build_design,
    find_support,
    name_dropped,
)

MODELS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("stratum", pa.string()),
        ("term", pa.string()),
        ("coefficient", pa.float64()),
        ("std_error", pa.float64()),
        ("ridge", pa.float64()),
        ("converged", pa.bool_()),
        ("gradient_norm", pa.float64()),
        ("method", pa.string()),
        ("status", pa.string()),
        ("fill_value", pa.float64()),
    ]
)
SCORES_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("stratum", pa.string()),
        ("person_id", pa.int64()),
        ("event_id", pa.int64()),
        ("is_treated", pa.bool_()),
        ("delay_days", pa.int32()),
        ("last_day", pa.int32()),
        ("score", pa.float64()),
        ("propensity", pa.float64()),
        ("on_support", pa.bool_()),
        ("cell", pa.string()),
    ]
)
OFF_SUPPORT = ("no_treated", "no_controls")
_UNIT_KEY = ("person_id", "event_id")


def fit_propensities(
    cohort: pa.Table,
    covariate_values: pa.Table | CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Fit one score for every stratum of every analysis.

    cohort: one row per (request_id, analysis_id, stratum, person_id, event_id), any order.
    covariate_values: one row per event_id, one column a covariate; null is missing, which is a
        level of its own (for numbers: an indicator, the value filled with the fit's mean).
    covariates: all there are, in the order in which collinear columns lose; an analysis uses
        those of the headline, less what it leaves out, plus what it adds.
    settings: one for all analyses, or one for each. failures: see ``guard.run_analysis``; an
        analysis with a fit that does not converge, with a ridge or without, is one of them.

    A stratum with any known delay is fitted by Cox partial likelihood (``method`` ``cox``; the
    treated without a delay count as delay 0, controls without a last day are never lost), any
    other by logistic regression.

    Returns one row per (request_id, analysis_id, stratum, term): ``coefficient`` and ``std_error``
    on the raw scale, 0 and null for the reference, null for terms that are not in the fit;
    ``status`` says why; ``fill_value`` is what stands for a missing number. ``ridge``,
    ``converged`` and ``gradient_norm`` (Euclidean, total log-likelihood, standardised columns;
    null without a fit) belong to the fit and repeat.
    """
    covariates_of(covariates, MatchSettings())
    cohort = apply_conditions(cohort, settings)
    rows = sort_rows(cohort, by=STRATUM_KEY, then=_UNIT_KEY)
    rows.require_unique(*_UNIT_KEY)
    values = read_values(covariate_values, covariates)
    places = values.places(rows.integers("event_id"))
    treated = rows.booleans("is_treated")
    days = _days(rows, treated)
    is_delayed = treated & ~rows.is_null("delay_days")
    result: list[dict[str, object]] = []
    for analysis, parts in rows.analyses():
        own = settings_of(settings, analysis)
        strata = {
            key: Stratum(places[p], treated[p], days[p] if is_delayed[p].any() else None)
            for key, p in parts
        }
        used = covariates_of(covariates, own)
        fitted = run_analysis(failures, analysis, _fit_analysis, strata, values, used, own)
        if fitted and failures is not None:
            fitted = run_analysis(failures, analysis, _require_fits, fitted)
        result.extend(fitted or [])
    return rows_table(result, MODELS_SCHEMA)


def _fit_analysis(
    strata: Mapping[tuple[str, ...], Stratum],
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for key, stratum in strata.items():
        named = dict(zip(STRATUM_KEY, key, strict=True))
        rows += [named | row for row in fit_stratum(stratum, values, covariates, settings)]
    return rows


def _require_fits(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the rows; raise where an estimated term is of no maximum, or no finite number."""
    estimated = [row for row in rows if row["status"] == "estimated"]
    if not all(row["converged"] for row in estimated):
        raise NotConvergedError("A propensity model did not converge, with a ridge or without.")
    require_finite([{"coefficient": row["coefficient"]} for row in estimated])
    return rows


def fit_stratum(
    stratum: Stratum,
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
) -> list[dict[str, object]]:
    """Fit one stratum; returns its rows of the models table without the key."""
    support = find_support(stratum, values, covariates)
    used = support.on_support & stratum.ever_at_risk(support.on_support)
    treated = stratum.treated[used]
    terms, design = build_design(stratum.places[used], ~treated, values, covariates, support)
    fit = None
    if treated.any() and not treated.all():
        screened = screen_columns(design)
        terms = name_dropped(terms, screened)
        keep = [place for place, status in enumerate(screened) if status == "estimated"]
        if len(keep) < design.shape[1]:
            design = np.asfortranarray(design[:, keep])
        ridge = settings.ridge_on_separation
        if stratum.days is None:
            fit = fit_logistic(design, treated, ridge_on_separation=ridge)
        else:
            fit = fit_cox(design, stratum.days[used], treated, ridge_on_separation=ridge)
    else:
        terms = name_dropped(terms, ["constant"] * design.shape[1])
    if stratum.days is None:
        missing_arm = "no_controls" if treated.any() else "no_treated"
        terms = [Term("intercept", "estimated" if fit else missing_arm), *terms]
    return _model_rows(terms, fit, "logistic" if stratum.days is None else "cox")


def score_propensities(
    cohort: pa.Table,
    covariate_values: pa.Table | CovariateValues,
    covariates: Sequence[Covariate],
    models: pa.Table,
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> pa.Table:
    """Score every row of the cohort by the coefficients of its stratum.

    ``score`` is the linear predictor (no intercept in a risk-set model) and is null off support:
    a level that one arm lacks, or that the model never saw. ``propensity`` (0 to 1) is known for
    logistic scores only. A stratum without a model is off support as a whole. ``cell`` joins
    the values of the covariates on which the analysis matches exactly (empty: none). Analyses
    without any model (their fit failed) have no rows.

    Sums run term by term, so equal covariates give equal scores to the last bit.
    """
    cohort = apply_conditions(cohort, settings)
    rows = sort_rows(cohort, by=STRATUM_KEY, then=_UNIT_KEY)
    values = read_values(covariate_values, covariates)
    places = values.places(rows.integers("event_id"))
    known = _models_by_stratum(models)
    score = np.full(len(places), np.nan)
    chance = np.full(len(places), np.nan)
    on_support = np.zeros(len(places), dtype=bool)
    cells = Cells(len(places))
    is_scored = np.zeros(len(places), dtype=bool)

    def score_analysis(parts: Sequence[tuple[tuple[str, ...], slice]], own: MatchSettings) -> bool:
        used = covariates_of(covariates, own)
        for key, part in parts:
            terms = known.get(key, {})
            if terms:
                score[part], on_support[part] = _score(places[part], values, used, terms)
            if not np.isfinite(score[part][on_support[part]]).all():
                raise NotFiniteError("A score is not a finite number.")
            cells.fill(part, places[part], values, own.exact_on)
            if "intercept" in terms:
                chance[part] = probability(score[part])
        return any(key in known for key, _ in parts)

    for analysis, parts in rows.analyses():
        own = settings_of(settings, analysis)
        found = run_analysis(failures, analysis, score_analysis, parts, own)
        is_scored[parts[0][1].start : parts[-1][1].stop] = bool(found)
    table = build_table(
        {
            **rows.key_columns(STRATUM_KEY),
            "person_id": rows.integers("person_id"),
            "event_id": rows.integers("event_id"),
            "is_treated": rows.booleans("is_treated"),
            "delay_days": whole(
                rows.integers("delay_days", null=0), is_null=rows.is_null("delay_days")
            ),
            "last_day": whole(rows.integers("last_day", null=0), is_null=rows.is_null("last_day")),
            "score": score,
            "propensity": chance,
            "on_support": on_support,
            "cell": cells.names(),
        },
        SCORES_SCHEMA,
    )
    return table if is_scored.all() else table.filter(pa.array(is_scored))


class Cells:
    """The exact strata of all rows, filled group by group; few names, many rows."""

    def __init__(self, rows: int) -> None:
        """Start with everybody in the one unnamed cell."""
        self._known = {"": 0}
        self._code = np.zeros(rows, dtype=np.int32)

    def fill(
        self, part: slice, places: IntArray, values: CovariateValues, exact_on: Sequence[str]
    ) -> None:
        """Name the cells of one group by its values of ``exact_on``."""
        if not exact_on:
            return
        columns = [_exact_codes(values, name, places) for name in exact_on]
        stacked = np.column_stack([code for code, _ in columns])
        distinct, code = np.unique(stacked, axis=0, return_inverse=True)
        names = [
            " / ".join(texts[place] for place, (_, texts) in zip(row, columns, strict=True))
            for row in distinct.tolist()
        ]
        numbers = [self._known.setdefault(name, len(self._known)) for name in names]
        self._code[part] = np.array(numbers, dtype=np.int32)[code.ravel()]

    def names(self) -> pa.Array:
        """Return the name of each row's cell."""
        return pa.array(list(self._known), pa.string()).take(pa.array(self._code))


def _exact_codes(
    values: CovariateValues, name: str, places: IntArray
) -> tuple[AnyIntArray, Sequence[str]]:
    """Return a covariate's values as small integers with the text of each; missing is one."""
    if not values.has_numbers(name):
        return values.codes[name][places], values.levels[name]
    number = values.numbers(name, places)
    distinct, code = np.unique(number, return_inverse=True)  # NaN is one value, the last
    return code, [MISSING if math.isnan(value) else f"{value:g}" for value in distinct.tolist()]


def _days(rows: SortedRows, treated: BoolArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    delays = rows.integers("delay_days", null=0)
    last_days = rows.integers("last_day", null=NEVER)
    return np.where(treated, delays, last_days)


def _model_rows(terms: Sequence[Term], fit: Fit | None, method: str) -> list[dict[str, object]]:
    result: list[dict[str, object]] = []
    place = 0
    for term in terms:
        coefficient, error = math.nan, math.nan
        if term.status == "reference":
            coefficient = 0.0
        elif term.status == "estimated" and fit is not None:
            coefficient, error = float(fit.coefficients[place]), float(fit.std_errors[place])
            place += 1
        result.append(
            {
                "term": term.name,
                "coefficient": coefficient,
                "std_error": error,
                "ridge": fit.ridge if fit else 0.0,
                "converged": fit.converged if fit else False,
                "gradient_norm": fit.gradient_norm if fit else math.nan,
                "method": method,
                "status": term.status,
                "fill_value": term.fill_value,
            }
        )
    return result


def _models_by_stratum(
    models: pa.Table,
) -> dict[tuple[str, ...], dict[str, dict[str, object]]]:
    known: dict[tuple[str, ...], dict[str, dict[str, object]]] = {}
    for row in models.to_pylist():
        key = tuple(str(row[name]) for name in STRATUM_KEY)
        known.setdefault(key, {})[str(row["term"])] = row
    return known


def _score(
    places: np.ndarray[tuple[int], np.dtype[np.int64]],
    values: CovariateValues,
    covariates: Sequence[Covariate],
    terms: Mapping[str, Mapping[str, object]],
) -> tuple[FloatArray, BoolArray]:
    score = np.zeros(len(places))
    off = np.zeros(len(places), dtype=bool)
    intercept = terms.get("intercept")
    if intercept is not None:
        score += _number_of(intercept, "coefficient")
        off |= intercept["status"] in OFF_SUPPORT
    for covariate in covariates:
        code = values.codes[covariate.name][places]
        if covariate.kind != "categorical":
            row = terms.get(covariate.term())
            if row is None:
                raise ValueError(f"the models have no term {covariate.name}; fit them again")
            number = values.numbers(covariate.name, places)
            filled = np.where(np.isnan(number), _number_of(row, "fill_value"), number)
            score += _number_of(row, "coefficient") * filled
        effect, is_off = _level_effects(covariate, values.levels[covariate.name], terms)
        score += effect[code]
        off |= is_off[code]
    score[off] = np.nan
    return score, ~off


def _level_effects(
    covariate: Covariate, levels: Sequence[str], terms: Mapping[str, Mapping[str, object]]
) -> tuple[FloatArray, BoolArray]:
    """Return what each level adds to the score, and whether it is off support."""
    effect, off = np.zeros(len(levels)), np.zeros(len(levels), dtype=bool)
    for place, level in enumerate(levels):
        row = terms.get(covariate.term(level))
        if row is None:
            off[place] = covariate.kind == "categorical" or level == MISSING
            continue
        off[place] = row["status"] in OFF_SUPPORT
        effect[place] = _number_of(row, "coefficient")
    return effect, off


def _number_of(row: Mapping[str, object], name: str) -> float:
    """Return a number of a model row; a null is 0: the term is not in the fit."""
    value = row[name]
    return float(value) if isinstance(value, int | float) else 0.0
