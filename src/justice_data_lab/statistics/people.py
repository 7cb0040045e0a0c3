"""Scored people of each analysis, joined to their outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import outcome_columns
from justice_data_lab.statistics.arrow import (
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    SortedRows,
    sort_rows,
)
from justice_data_lab.statistics.clusters import Clusters


@dataclass(frozen=True)
class People:
    """Everybody of one analysis who was scored, in key order.

    key: (request_id, analysis_id). treated: who received the service. weight: 1 for matched
    treated, the weight of matched controls, 0 for everybody else. outcomes: the outcome columns
    of the cohort, a row an event. strata: slices of the rows, one a stratum; stratum_names: of
    these. person_id, event_id: a person may be a control with several events.
    """

    key: tuple[str, str]
    treated: BoolArray
    weight: FloatArray
    outcomes: pa.Table
    strata: list[slice]
    stratum_names: list[str]
    person_id: IntArray
    event_id: IntArray

    @property
    def is_matched(self) -> BoolArray:
        """Who counts in the estimates."""
        matched: BoolArray = self.weight > 0
        return matched

    @cached_property
    def _person_number(self) -> IntArray:
        return np.unique(self.person_id, return_inverse=True)[1]

    def count(self, rows: BoolArray) -> int:
        """Return how many persons some rows are of."""
        return int(np.count_nonzero(np.bincount(self._person_number[rows])))

    @cached_property
    def clusters(self) -> Clusters:
        """The events of each person within a stratum."""
        sizes = [part.stop - part.start for part in self.strata]
        return Clusters.of(self._person_number, np.repeat(np.arange(len(sizes)), sizes))


def people_by_analysis(
    cohort: pa.Table, matches: pa.Table, columns: Sequence[str] | None = None
) -> Iterator[People]:
    """Yield the people of every analysis of the matches, with their outcomes.

    cohort: one row per (request_id, analysis_id, stratum, person_id, event_id) with the outcome
    columns. matches: what ``match_controls`` returns for it. columns: the outcomes that are
    wanted; None for those of every measure. ValueError when a match has no row in the cohort, or
    an event has two.
    """
    ours = sort_rows(matches, by=STRATUM_KEY, then=("person_id", "event_id"))
    theirs = sort_rows(cohort, by=STRATUM_KEY, then=("person_id", "event_id"))
    theirs.require_unique("person_id", "event_id")
    places = _places(ours, theirs)
    person, event = ours.integers("person_id"), ours.integers("event_id")
    treated, weight = ours.booleans("is_treated"), ours.floats("weight")
    table = cohort.select(outcome_columns() if columns is None else columns)
    for key, groups in ours.analyses():
        strata = [part for _, part in groups]
        rows = slice(strata[0].start, strata[-1].stop)
        yield People(
            key=(key[0], key[1]),
            treated=treated[rows],
            weight=weight[rows],
            outcomes=table.take(pa.array(theirs.order[places[rows]])),
            strata=[slice(part.start - rows.start, part.stop - rows.start) for part in strata],
            stratum_names=[name[2] for name, _ in groups],
            person_id=person[rows],
            event_id=event[rows],
        )


def _places(ours: SortedRows, theirs: SortedRows) -> IntArray:
    """Return the sorted row of the cohort of each match; an event is of one person."""
    event, cohort_event = ours.integers("event_id"), theirs.integers("event_id")
    person, cohort_person = ours.integers("person_id"), theirs.integers("person_id")
    places = np.full(len(event), -1, dtype=np.int64)
    slices = dict(theirs.groups())
    for key, part in ours.groups():
        there = slices.get(key, slice(0, 0))
        by_event = np.argsort(cohort_event[there], kind="stable")
        found = np.searchsorted(cohort_event[there], event[part], sorter=by_event)
        same = found < there.stop - there.start
        rows = by_event[found[same]] + there.start
        is_there = cohort_event[rows] == event[part][same]
        is_there &= cohort_person[rows] == person[part][same]
        if not same.all() or not is_there.all():
            missing = int((~same).sum() + (~is_there).sum())
            raise ValueError(f"{' / '.join(key)}: {missing} matches not in the cohort")
        places[part] = rows
    return places
