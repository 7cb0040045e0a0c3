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
    SortedRows,
    rows_table,
    sort_rows,
)
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.guard import Failures, run_analysis
from justice_data_lab.statistics.newton import take_rows
from justice_data_lab.statistics.people import People, people_by_analysis
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

    def part(self, rows: slice) -> _Rows:
        """Return some of the rows."""
        return _Rows(self.places[rows], self.cell[rows])


def balance_matches(
    matches: pa.Table,
    scores: pa.Table,
    cohort: pa.Table,
    covariate_values: pa.Table | CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
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
    weight, events = rows.floats("weight"), rows.integers("event_id")
    values = read_values(covariate_values, covariates)
    every = _Rows(values.places(events), _cells(rows, scores))
    is_done = np.zeros(len(weight), dtype=bool)
    result: list[dict[str, object]] = []
    groups = zip(
        people_by_analysis(cohort, matches, ["is_reoffender"]), rows.analyses(), strict=True
    )
    for people, (key, strata) in groups:
        here = slice(strata[0][1].start, strata[-1][1].stop)
        own = settings_of(settings, key)
        used = covariates_of(covariates, own)
        made = (
            run_analysis(failures, key, _tilt_analysis, people, every.part(here), values, used)
            if own.is_tilted
            else (people.weight, [])
        )
        if made is not None:
            is_done[here], weight[here] = True, made[0]
            result += [dict(zip(STRATUM_KEY, key, strict=False)) | row for row in made[1]]
    order = rows.order if is_done.all() else rows.order[is_done]
    balanced = matches.take(pa.array(order))
    place = matches.column_names.index("weight")
    return Balanced(
        balanced.set_column(place, "weight", pa.array(weight[is_done])),
        rows_table(result, TILTS_SCHEMA),
    )


def _cells(rows: SortedRows, scores: pa.Table) -> IntArray:
    """Return the exact cell of each sorted match; ValueError where it has no score."""
    scored = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    wanted = list(rows.groups())
    theirs = dict(scored.groups())
    if any(key not in theirs for key, _ in wanted):
        raise ValueError("scores and matches are of different analyses")
    places = np.concatenate(
        [np.arange(theirs[key].start, theirs[key].stop) for key, _ in wanted]
        or [np.zeros(0, dtype=np.int64)]
    )
    if not np.array_equal(rows.integers("event_id"), scored.integers("event_id")[places]):
        raise ValueError("scores and matches are of different people")
    cell: IntArray = scored.text_codes("cell")[places]
    return cell


def _tilt_analysis(
    people: People, every: _Rows, values: CovariateValues, covariates: Sequence[Covariate]
) -> tuple[FloatArray, list[dict[str, object]]]:
    """Return the final weights of an analysis and the proof of each of its strata."""
    weight = people.weight.copy()
    again = np.asarray(people.outcomes.column("is_reoffender").to_numpy(), dtype=np.bool_)
    proof: list[dict[str, object]] = []
    for stratum, part in zip(people.stratum_names, people.strata, strict=True):
        matched = weight[part] > 0
        if not matched.any():
            continue
        treated = people.treated[part]
        terms, found = _tilt_stratum(
            every.part(part), treated, weight[part], again[part], values, covariates
        )
        weight[np.flatnonzero(~treated & matched) + part.start] = found.weights
        matched_n = int((treated & matched).sum())
        proof += [{"stratum": stratum} | row for row in _proof(terms, found, matched_n)]
    return weight, proof


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
        columns,
        take_rows(design, np.flatnonzero(is_treated)),
        take_rows(design, np.flatnonzero(~is_treated)),
        weight[controls],
        outcome[controls],
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
