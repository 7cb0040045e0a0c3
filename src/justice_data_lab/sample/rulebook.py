"""The rules for every route, as the generator itself applies them to plan its requests.

It answers for any number of (person, start, end) at once, by binary search: the latest real case
proven on or before the start, and the next one after it. Only the next case can hold a counted
re-offence, since the simulation never lets a person offend again before a case is proven. For
services in custody it counts the stays that the service overlaps; stays of a person never touch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.careers import REAL, Cases, is_community
from justice_data_lab.sample.columns import take
from justice_data_lab.sample.days import NEVER, Int, add_months
from justice_data_lab.sample.people import Bool
from justice_data_lab.sample.settings import REOFFENDING_DATA_TO

OUTCOMES = (
    "no_sentence_found",
    "after_data_period",
    "still_in_custody",
    "ambiguous_release",
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
    is_custody: Bool
    is_sexual: Bool
    is_first: Bool
    next_offence: Int
    next_proven: Int
    ever_sexual: Bool
    window_end: Int
    stays: npt.NDArray[np.int64]
    reception_key: npt.NDArray[np.int64]
    release_key: npt.NDArray[np.int64]

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
        is_custody = real.disposal <= codes.DETENTION_AND_TRAINING
        stays = np.flatnonzero(is_custody)
        shifted = real.person[stays].astype(np.int64) * _SHIFT
        return cls(
            cases=real,
            search_key=key,
            is_community=is_community(real.disposal),
            is_custody=is_custody,
            is_sexual=is_sexual,
            is_first=~np.append(False, same[:-1]),
            next_offence=np.where(same, np.roll(real.offence_date, -1), NEVER).astype(np.int32),
            next_proven=np.where(same, np.roll(real.proven_date, -1), NEVER).astype(np.int32),
            ever_sexual=ever,
            window_end=add_months(real.index_date, 6),
            stays=stays,
            reception_key=shifted + (real.proven_date - real.remand_days)[stays],
            release_key=shifted + real.index_date[stays],
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

    def judge(
        self, person: Int, start: Int, end: Int, route: str
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
        """Row of the case that is meant (-1: none) and position in `OUTCOMES` of the first reason.

        For `through_the_gate` a start during a stay, before the release, is a service in custody.
        """
        if route == "custody":
            return self._in_custody(person, start, end)
        if route != "through_the_gate":
            return self._in_community(person, start, route)
        inside = self._stays(person, start + 1, start)[0] > 0
        free = self._in_community(person, start, "prison_release")
        held = self._in_custody(person, start, end)
        return np.where(inside, held[0], free[0]), np.where(inside, held[1], free[1])

    def _in_community(
        self, person: Int, start: Int, route: str
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
        row = self.latest_case(person, start)
        known = np.maximum(row, 0)
        index_date = self.cases.index_date[known]
        is_release = self.is_custody[known] & (index_date <= start)
        fits = np.zeros(row.size, dtype=np.bool_)
        if route in ("community_sentence", "either"):
            fits |= self.is_community[known]
        if route in ("prison_release", "either"):
            fits |= is_release
        reasons = {
            "no_sentence_found": row < 0,
            "after_data_period": start > REOFFENDING_DATA_TO,
            "other_disposal": ~fits,
            "outside_window": (start < index_date) | (start >= self.window_end[known]),
            **self._later_reasons(person, known, start),
        }
        return row, _first(reasons)

    def _stays(
        self, person: Int, start: Int, end: Int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """How many stays overlap the days from start to end, and the row of the last of them."""
        base = person.astype(np.int64) * _SHIFT
        begun = np.searchsorted(self.reception_key, base + end, side="right")
        over = np.searchsorted(self.release_key, base + start, side="left")
        return begun - over, self.stays[np.maximum(begun - 1, 0)]

    def _in_custody(
        self, person: Int, start: Int, end: Int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
        count, last = self._stays(person, start, end)
        row = np.where(count == 1, last, -1)
        known = np.maximum(row, 0)
        reasons = {
            "no_sentence_found": count == 0,
            "after_data_period": start > REOFFENDING_DATA_TO,
            "still_in_custody": (count == 1) & (self.cases.index_date[known] > REOFFENDING_DATA_TO),
            "ambiguous_release": count > 1,
            **self._later_reasons(person, known, start),
        }
        return row, _first(reasons)

    def _later_reasons(self, person: Int, row: npt.NDArray[Any], start: Int) -> dict[str, Bool]:
        return {
            "sex_offence": self.ever_sexual[person],
            "reoffended_before_start": self.reoffended(row, start),
            "incomplete_follow_up": add_months(self.cases.index_date[row], 18)
            > REOFFENDING_DATA_TO,
        }

    def is_event(self, route: str) -> Bool:
        """Cases whose index date is an index event of the route."""
        if route == "community_sentence":
            return self.is_community
        return self.is_custody | self.is_community if route == "either" else self.is_custody


def _first(reasons: dict[str, Bool]) -> npt.NDArray[np.int8]:
    """Position in `OUTCOMES` of the first reason that holds."""
    ranks = [RANK[name] for name in reasons]
    return np.select(list(reasons.values()), ranks, RANK["analysed"]).astype(np.int8)
