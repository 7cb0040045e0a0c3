"""Balance the matched weights of every stratum exactly, with the proof beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.adjustment import outcome_design
from justice_data_lab.statistics.arrow import (
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    rows_table,
    sort_rows,
)
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.people import people_by_analysis
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of
from justice_data_lab.statistics.tilt_terms import TiltColumn, tilt_terms
from justice_data_lab.statistics.tilting import Tilt, TiltTerm, tilt

TILTS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("stratum", pa.string()),
        ("term", pa.string()),
        ("kind", pa.string()),
        ("term_order", pa.int64()),
        ("strength", pa.float64()),
        ("status", pa.string()),
        ("coefficient", pa.float64()),
        ("difference_before", pa.float64()),
        ("difference_after", pa.float64()),
        ("treated_n", pa.int64()),
        ("iterations", pa.int64()),
        ("largest_difference", pa.float64()),
        ("largest_weight_percent", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Balanced:
    """The matches with their final weights, and one row per term of every tilt."""

    matches: pa.Table
    tilts: pa.Table


@dataclass(frozen=True)
class _Rows:
    """Where the rows of the matches stand in the covariate values, and in which exact cell."""

    places: IntArray
    cell: IntArray


def balance_matches(
    matches: pa.Table,
    scores: pa.Table,
    cohort: pa.Table,
    covariate_values: pa.Table,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
) -> Balanced:
    """Tilt the weights of the matched controls so that their means equal the matched treated's.

    matches: what ``match_controls`` returns for ``scores``. cohort: ``is_reoffender`` of the
    controls orders the terms by their strength. covariate_values, covariates, settings: as for
    ``fit_propensities``; analyses with ``is_tilted`` false keep their matched weights.

    Returns the matches with ``weight`` tilted (``matched_weight`` stays), and one row per
    (request_id, analysis_id, stratum, term), see ``tilting.Tilt``: ``strength`` is |z| among
    controls, ``term_order`` the place in which terms are considered, differences are in standard
    deviations of the treated; ``treated_n``, ``iterations``, ``largest_difference`` (over the
    balanced terms; null without one) and ``largest_weight_percent`` are of the stratum, and
    repeat.
    """
    rows = sort_rows(matches, by=STRATUM_KEY, then=("person_id", "event_id"))
    scored = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    events = rows.integers("event_id")
    if not np.array_equal(events, scored.integers("event_id")) or rows.keys != scored.keys:
        raise ValueError("scores and matches are of different people")
    values = read_values(covariate_values, covariates)
    every = _Rows(values.places(events), scored.text_codes("cell"))
    weight, result, start = rows.floats("weight"), [], 0
    for people in people_by_analysis(cohort, matches):
        own = settings_of(settings, people.key)
        used = covariates_of(covariates, own)
        again = np.asarray(people.outcomes.column("is_reoffender").to_numpy(), dtype=np.bool_)
        for part in people.strata:
            here = slice(start + part.start, start + part.stop)
            if not own.is_tilted or not (weight[here] > 0).any():
                continue
            stratum = _Rows(every.places[here], every.cell[here])
            terms, found = _tilt_stratum(
                stratum, people.treated[part], weight[here], again[part], values, used
            )
            controls = np.flatnonzero(~people.treated[part] & (weight[here] > 0)) + here.start
            key = dict(zip(STRATUM_KEY, rows.keys[int(rows.code[here.start])], strict=True))
            matched_n = int((people.treated[part] & (weight[here] > 0)).sum())
            result += [key | row for row in _proof(terms, found, matched_n)]
            weight[controls] = found.weights
        start += len(people.treated)
    unsorted = np.empty(len(weight))
    unsorted[rows.order] = weight
    place = matches.column_names.index("weight")
    return Balanced(
        matches.set_column(place, "weight", pa.array(unsorted)),
        rows_table(result, TILTS_SCHEMA),
    )


def _tilt_stratum(
    rows: _Rows,
    treated: BoolArray,
    weight: FloatArray,
    outcome: BoolArray,
    values: CovariateValues,
    covariates: Sequence[Covariate],
) -> tuple[tuple[TiltTerm, ...], Tilt]:
    """Tilt the matched controls of one stratum; at least one treated person is matched."""
    matched = np.flatnonzero(weight > 0)
    is_treated = treated[matched]
    named, design = outcome_design(rows.places[matched], is_treated, values, covariates)
    columns = _columns(named, values, covariates)
    controls = matched[~is_treated]
    made = tilt_terms(
        columns, design[is_treated], design[~is_treated], weight[controls], outcome[controls]
    )
    found = tilt(
        weight[controls],
        made.values,
        made.terms,
        treated_n=int(is_treated.sum()),
        cells=rows.cell[controls],
    )
    return made.terms, found


def _columns(
    names: Sequence[str], values: CovariateValues, covariates: Sequence[Covariate]
) -> list[TiltColumn]:
    """Say of each column which covariate it is of, and whether it is a number."""
    known = {
        covariate.term(level): covariate
        for covariate in covariates
        for level in (None, *values.levels[covariate.name])
    }
    return [
        TiltColumn(
            name=name,
            factor=known[name].name,
            is_number=known[name].kind == "continuous" and name == known[name].term(),
        )
        for name in names
    ]


def _proof(terms: Sequence[TiltTerm], found: Tilt, treated_n: int) -> list[dict[str, object]]:
    has_constraint = "balanced" in found.status
    return [
        {
            "term": term.name,
            "kind": term.kind,
            "term_order": place,
            "strength": term.strength,
            "status": found.status[place],
            "coefficient": float(found.coefficients[place]),
            "difference_before": float(found.before[place]),
            "difference_after": float(found.after[place]),
            "treated_n": treated_n,
            "iterations": found.iterations,
            "largest_difference": found.largest_difference if has_constraint else None,
            "largest_weight_percent": 100.0 * found.largest_share,
        }
        for place, term in enumerate(terms)
    ]
