"""The rules for community services, as the generator itself applies them to plan its requests.

It answers for any number of (person, start) pairs at once, by one binary search: the latest real
case proven on or before the start, and the next one after it. Only the next case can hold a
counted re-offence, since the simulation never lets a person offend again before a case is proven.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.careers import REAL, Cases
from justice_data_lab.sample.columns import take
from justice_data_lab.sample.days import NEVER, Int, add_months
from justice_data_lab.sample.people import Bool
from justice_data_lab.sample.settings import REOFFENDING_DATA_TO

OUTCOMES = (
    "no_sentence_found",
    "after_data_period",
    "other_disposal",
    "outside_window",
    "sex_offence",
    "reoffended_before_start",
    "incomplete_follow_up",
    "analysed",
)
"""How far a record gets, in the order of the exclusion reasons."""

RANK = {name: rank for rank, name in enumerate(OUTCOMES)}
_SHIFT = np.int64(1) << np.int64(18)


@dataclass(frozen=True)
class Rulebook:
    """The real cases by person and proven date, each with what follows it."""

    cases: Cases
    search_key: npt.NDArray[np.int64]
    is_community: Bool
    is_sexual: Bool
    is_first: Bool
    next_offence: Int
    next_proven: Int
    ever_sexual: Bool
    window_end: Int

    @classmethod
    def of(cls, cases: Cases, people: int) -> "Rulebook":
        """Sort the real cases and look one case ahead."""
        real = take(cases, cases.kind == REAL)
        key = real.person.astype(np.int64) * _SHIFT + real.proven_date
        order = np.argsort(key, kind="stable")
        real, key = take(real, order), key[order]
        same = np.append(real.person[1:] == real.person[:-1], False)
        is_sexual = np.isin(codes.CODE_GROUP[real.code], codes.SEXUAL_GROUPS)
        ever = np.zeros(people, dtype=np.bool_)
        ever[real.person[is_sexual]] = True
        return cls(
            cases=real,
            search_key=key,
            is_community=np.isin(
                real.disposal, (codes.COMMUNITY_ORDER, codes.SUSPENDED_SENTENCE_ORDER)
            ),
            is_sexual=is_sexual,
            is_first=~np.append(False, same[:-1]),
            next_offence=np.where(same, np.roll(real.offence_date, -1), NEVER).astype(np.int32),
            next_proven=np.where(same, np.roll(real.proven_date, -1), NEVER).astype(np.int32),
            ever_sexual=ever,
            window_end=add_months(real.index_date, 6),
        )

    def latest_case(self, person: Int, start: Int) -> npt.NDArray[np.int64]:
        """Row of the latest case proven on or before the start, -1 where there is none."""
        key = person.astype(np.int64) * _SHIFT + start
        row = np.searchsorted(self.search_key, key, side="right") - 1
        found = (row >= 0) & (self.cases.person[np.maximum(row, 0)] == person)
        return np.where(found, row, -1)

    def reoffended(self, row: npt.NDArray[Any], start: Int) -> Bool:
        """Whether a counted re-offence of the case lies strictly before the start."""
        index_date = self.cases.index_date[row]
        offence = self.next_offence[row]
        in_year = (offence > index_date) & (offence <= add_months(index_date, 12))
        proven = self.next_proven[row] <= add_months(index_date, 18)
        result: Bool = in_year & proven & (offence < start)
        return result

    def outcome(self, person: Int, start: Int) -> npt.NDArray[np.int8]:
        """Position in `OUTCOMES` of the first reason that applies."""
        row = self.latest_case(person, start)
        known = np.maximum(row, 0)
        index_date = self.cases.index_date[known]
        reasons = [
            row < 0,
            start > REOFFENDING_DATA_TO,
            ~self.is_community[known],
            (start < index_date) | (start >= self.window_end[known]),
            self.ever_sexual[person],
            self.reoffended(known, start),
            add_months(index_date, 18) > REOFFENDING_DATA_TO,
        ]
        return np.select(reasons, range(len(reasons)), RANK["analysed"]).astype(np.int8)

    def first_community(self, since: int, low: int, high: int) -> Bool:
        """Community index events from low to high that are the person's first since a day."""
        index_date = self.cases.index_date
        rows = np.flatnonzero(self.is_community & (index_date >= since))
        _, first = np.unique(self.cases.person[rows], return_index=True)
        result = np.zeros(index_date.size, dtype=np.bool_)
        result[rows[first]] = True
        return result & (index_date >= low) & (index_date <= high)
