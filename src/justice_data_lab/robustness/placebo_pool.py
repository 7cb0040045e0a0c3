"""The pool that placebo cohorts are drawn from: the headline's, with what its tilt balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.robustness.alternatives import days_of
from justice_data_lab.robustness.placebo_cohorts import PlaceboStratum
from justice_data_lab.statistics.adjustment import outcome_design
from justice_data_lab.statistics.arrow import (
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    SortedRows,
    sort_rows,
)
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.covariates import Covariate, CovariateValues, covariates_of
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.settings import MatchSettings

OUTCOMES = ("is_reoffender", "reoffences_n")
LARGEST_POOL, SEED = 40_000, 20140401


@dataclass(frozen=True)
class PlaceboPool:
    """The strata with a matched treated person, and the rows of all of them one after the other.

    outcomes: ``rate`` (0 or 1) and ``frequency``. clusters: persons and strata.
    event_id: of each row.
    """

    strata: tuple[PlaceboStratum, ...]
    outcomes: dict[str, FloatArray]
    clusters: Clusters
    event_id: IntArray


def placebo_pool(
    cohort: pa.Table,
    made: Mapping[str, pa.Table],
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
) -> PlaceboPool:
    """Return the pool of one headline; arguments as for ``placebo_table``.

    Of a pool of more than 40,000 events on support some persons are drawn, with all their events:
    the bias is the method's, whatever the size, and 200 cohorts cost what the pool does.
    """
    columns = [*OUTCOMES, "index_date"]
    (people,) = people_by_analysis(cohort, made["matches"], columns)
    rows = sort_rows(made["scores"], by=STRATUM_KEY, then=("person_id", "event_id"))
    if not np.array_equal(rows.integers("event_id"), people.event_id):
        raise ValueError("scores and matches are of different people")
    used_covariates = covariates_of(covariates, settings)
    is_sampled = _sample(people, rows.booleans("on_support"))
    strata, kept = [], []
    for part, name in zip(people.strata, people.stratum_names, strict=True):
        if (people.is_matched & people.treated)[part].any():
            terms = _balanced_terms(made["tilts"], name)
            one = _Part(rows, people, part, settings, is_sampled)
            balanced = _balanced(one, terms, values, used_covariates)
            strata.append(one.stratum(balanced))
            kept.append(one.controls)
    controls = np.concatenate(kept)
    sizes = [len(one) for one in kept]
    outcomes = people.outcomes.take(pa.array(controls))
    return PlaceboPool(
        strata=tuple(strata),
        outcomes={
            "rate": outcomes["is_reoffender"].to_numpy().astype(np.float64),
            "frequency": outcomes["reoffences_n"].to_numpy().astype(np.float64),
        },
        clusters=Clusters.of(people.person_id[controls], np.repeat(np.arange(len(sizes)), sizes)),
        event_id=people.event_id[controls],
    )


def _sample(people: People, on_support: BoolArray) -> BoolArray:
    """Return which rows are controls on support, of some persons where there are too many."""
    controls: BoolArray = on_support & ~people.treated
    n = int(controls.sum())
    if n <= LARGEST_POOL:
        return controls
    persons, code = np.unique(people.person_id, return_inverse=True)
    chance = np.random.default_rng(SEED).random(len(persons))
    sampled: BoolArray = controls & (chance[code] < LARGEST_POOL / n)
    return sampled


class _Part:
    """One stratum: its controls on support, its matched treated, and both together."""

    def __init__(
        self,
        rows: SortedRows,
        people: People,
        part: slice,
        settings: MatchSettings,
        is_sampled: BoolArray,
    ) -> None:
        here = np.arange(part.start, part.stop)
        self.controls: IntArray = here[is_sampled[part]]
        self.matched: IntArray = here[(people.is_matched & people.treated)[part]]
        self.people = people
        has_delays = bool((~rows.is_null("delay_days"))[self.matched].any())
        days = days_of(rows, people.treated)
        self._delays = days[self.matched] if has_delays else None
        self._last_days = days[self.controls] if has_delays else None
        linear = rows.floats("score")
        self._score = linear[self.controls]
        matched_on = linear if settings.scale == "logit" else rows.floats("propensity")
        self._matched_on = matched_on[self.controls]
        cell = rows.text_codes("cell")
        self._cell = cell[self.controls]
        codes, counts = np.unique(cell[self.matched], return_counts=True)
        self._treated_n = dict(zip(codes.tolist(), counts.tolist(), strict=True))

    def stratum(self, values: FloatArray) -> PlaceboStratum:
        dates = self.people.outcomes["index_date"].cast(pa.int32()).to_numpy().astype(np.int64)
        return PlaceboStratum(
            score=self._score,
            matched_on=self._matched_on,
            cell=self._cell,
            person=self.people.person_id[self.controls],
            index_day=dates[self.controls],
            last_day=self._last_days,
            delays=self._delays,
            treated_n=self._treated_n,
            values=values,
        )


def _balanced_terms(tilts: pa.Table, stratum: str) -> list[tuple[str, str]]:
    """Return name and kind of the terms that the headline's tilt balances in a stratum."""
    ours = tilts.filter(
        pc.and_(pc.equal(tilts["stratum"], stratum), pc.equal(tilts["status"], "balanced"))
    ).sort_by("term_order")
    return [(row["term"], row["kind"]) for row in ours.select(["term", "kind"]).to_pylist()]


def _balanced(
    one: _Part,
    terms: Sequence[tuple[str, str]],
    values: CovariateValues,
    covariates: Sequence[Covariate],
) -> FloatArray:
    """Return the balanced terms of the controls, squares and products about the treated's means.

    Terms are of the columns of the matched; a column that the whole pool has no more is left out.
    """
    rows = np.append(one.matched, one.controls)
    treated: BoolArray = np.arange(len(rows)) < len(one.matched)
    names, design = outcome_design(
        values.places(one.people.event_id[rows]), treated, values, covariates
    )
    place = {name: number for number, name in enumerate(names)}
    means = design[treated].mean(axis=0)
    spread = design[treated].std(axis=0)
    scaled = (design[~treated] - means) / np.where(spread > 0, spread, 1.0)
    result = []
    for term, kind in terms:
        factors = {
            "column": [term],
            "square": [term.removesuffix(" squared")] * 2,
            "product": term.split(" x "),
        }[kind]
        if all(factor in place for factor in factors):
            result.append(np.prod([scaled[:, place[factor]] for factor in factors], axis=0))
    matrix = np.empty((len(one.controls), len(result)), order="F")
    for number, column in enumerate(result):
        matrix[:, number] = column
    return matrix
