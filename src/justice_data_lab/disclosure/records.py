"""Counts of a request's records in four tables, protected together.

The waterfall, its details, the people still in custody by quarter and the suggested analyses count
the same records in different ways. The cells are the kinds of records that they tell apart; what
all of them allow for each small count is found by the linear programs of ``audit``. The waterfall
stays as ``merging`` makes it; of the others the smallest counts give way first.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

from justice_data_lab.disclosure.audit import Audit, Figure, Protected, Range, count_range
from justice_data_lab.disclosure.merging import merge_steps
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import Reason, Row, grouped, rows_of

Kind = Literal["detail", "quarter", "suggested_analysis"]
Suppressed = Mapping[tuple[str, Kind, str], Reason]
"""Why a count goes, by request, kind of count and its name."""
SUPPRESSED_SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("request_id", "kind", "name", "reason")]
)

REPEATS: Final = ("repeat_records", "repeat_people")
"""Details with more records than their step removes: the one kept of each person is among them."""
REPEAT_STEP: Final = "repeat_record"
SEVERAL_STEPS: Final = {"date_of_birth_not_accurate": ("invalid_record", "not_on_pnc")}
"""Details that no single reason holds."""
CUSTODY_STEP: Final = "still_in_custody"
SUGGESTED_OF: Final = {
    "custody_leavers": ("no_sentence_found", "other_disposal", "outside_window"),
    "window_of_12_months": ("outside_window",),
}
"""Reasons that the records of a suggested analysis have; of any other it is ``OTHER_DISPOSAL``."""
OTHER_DISPOSAL: Final = ("other_disposal",)


@dataclass(frozen=True)
class Cell:
    """Records of one reason, by what else is told of them; empty where nothing is."""

    reason: str
    detail: str = ""
    suggested: str = ""
    quarter: str = ""


def quarter_name(quarter: Row) -> str:
    """Return what tells a row of the resubmissions from the others of its request."""
    return f"{quarter['release_quarter']} {quarter['basis']}"


def suppressed_records(
    attrition: pa.Table,
    details: pa.Table,
    resubmissions: pa.Table,
    suggested_analyses: pa.Table,
    published: Collection[str],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return every count of records of the published requests that is not shown, and why.

    One row per request_id, kind (detail, quarter, suggested_analysis) and name of the count.

    attrition: the exact waterfall. details: request_id, detail, reason (that it is a part of), n.
    resubmissions: request_id, release_quarter, basis, n. suggested_analyses: request_id,
    suggested_analysis, expected_n.
    """
    tables = [
        grouped(rows_of(table, key=("request_id", key)), "request_id")
        for table, key in (
            (attrition, "step_number"),
            (details, "detail"),
            (resubmissions, "release_quarter"),
            (suggested_analyses, "suggested_analysis"),
        )
    ]
    result: list[Row] = []
    for request_id in sorted(published):
        waterfall, parts, quarters, suggested = (rows.get((request_id,), []) for rows in tables)
        counts = _Counts(
            steps={row["reason"]: int(row["removed_n"]) for row in waterfall[1:]},
            left=int(waterfall[-1]["remaining_n"]) if waterfall else 0,
            details={row["detail"]: int(row["n"]) for row in parts},
            reasons={row["detail"]: row["reason"] for row in parts if row["reason"]},
            quarters={quarter_name(row): int(row["n"]) for row in quarters},
            suggested={row["suggested_analysis"]: int(row["expected_n"] or 0) for row in suggested},
        )
        for (kind, name), reason in sorted(counts.suppressed(settings).items()):
            named = {"request_id": request_id, "kind": kind, "name": name, "reason": reason}
            result.append(named)
    return pa.Table.from_pylist(result, schema=SUPPRESSED_SCHEMA)


def reasons_of(suppressed: pa.Table) -> Suppressed:
    """Return the reasons of ``suppressed_records`` by request, kind and name."""
    return {
        (row["request_id"], row["kind"], row["name"]): row["reason"]
        for row in suppressed.to_pylist()
    }


@dataclass(frozen=True)
class _Counts:
    """The exact counts of one request."""

    steps: Mapping[str, int]
    left: int
    details: Mapping[str, int]
    reasons: Mapping[str, str]
    quarters: Mapping[str, int]
    suggested: Mapping[str, int]

    def suppressed(self, settings: DisclosureSettings) -> dict[tuple[Kind, str], Reason]:
        """Return the counts of records that are not shown, with the reason."""
        shown = {key: count for key, count in self._counts().items() if count}
        result: dict[tuple[Kind, str], Reason] = {
            key: "primary" for key, count in shown.items() if settings.is_small(count)
        }
        people = self.details.get("repeat_people", 0)
        if settings.is_small(people) or settings.is_small(
            self.details.get("repeat_records", 0) - people
        ):
            result |= {("detail", name): "primary" for name in REPEATS if name in self.details}
        cells = [*self._cells()]
        audit = Audit(len(cells))
        audit.fixed = [*self._waterfall(cells, settings), *self._nobody(cells)]
        audit.figures = [
            Figure(key, [[self._range(cells, key, settings)]])
            for key in sorted(shown, key=lambda key: (shown[key], key))
            if key not in result
        ]
        audit.protected = [
            Protected(_places(cells, reason=reason), count) for reason, count in self.steps.items()
        ]
        audit.protected += [
            Protected(self._places(cells, key), count)
            for key, count in shown.items()
            if key[1] not in REPEATS
        ]
        for key in audit.given_up(settings):
            result.setdefault(key, "secondary")  # type: ignore[arg-type]
        return result

    def _counts(self) -> dict[tuple[Kind, str], int]:
        kinds: tuple[tuple[Kind, Mapping[str, int]], ...] = (
            ("detail", self.details),
            ("quarter", self.quarters),
            ("suggested_analysis", self.suggested),
        )
        return {(kind, name): count for kind, named in kinds for name, count in named.items()}

    def _cells(self) -> Iterator[Cell]:
        """Yield the kinds of records that the tables tell apart."""
        for reason, removed in self.steps.items():
            if reason == CUSTODY_STEP and self.quarters:
                yield from (Cell(reason, quarter=name) for name in self.quarters)
                continue
            parts = [
                name
                for name in self.details
                if reason in (self.reasons.get(name), *SEVERAL_STEPS.get(name, ()))
            ]
            counted = sum(self.details[name] for name in parts if name in self.reasons)
            if not parts or counted < removed:
                parts.append("")
            for part in parts:
                yield Cell(reason, part)
                for name in self.suggested:
                    if reason in SUGGESTED_OF.get(name, OTHER_DISPOSAL):
                        yield Cell(reason, part, name)

    def _waterfall(self, cells: Sequence[Cell], settings: DisclosureSettings) -> Iterator[Range]:
        """Yield what the printed waterfall says; a merged step names those that remove anybody."""
        reasons, total = [*self.steps], sum(self.steps.values())
        if settings.is_small(total):
            return
        yield self._between(range(len(cells)), self.left + total, settings)
        for group in merge_steps([*self.steps.values()], settings):
            held = reasons[group.first : group.last + 1]
            places = [place for reason in held for place in _places(cells, reason=reason)]
            yield count_range(places, group.removed, settings)
            later = reasons[group.last + 1 :]
            after = [place for name in later for place in _places(cells, reason=name)]
            remaining = self.left + sum(self.steps[name] for name in later)
            yield self._between(after, remaining, settings)
            for reason in held:
                if self.steps[reason]:
                    yield Range(dict.fromkeys(_places(cells, reason=reason), 1.0), 1, math.inf)

    def _between(
        self, cells: Collection[int], remaining: int, settings: DisclosureSettings
    ) -> Range:
        """Return what a printed remainder says of the records removed after it."""
        printed, left = (count_range(cells, n, settings) for n in (remaining, self.left))
        return Range(printed.weights, printed.lowest - left.highest, printed.highest - left.lowest)

    def _nobody(self, cells: Sequence[Cell]) -> Iterator[Range]:
        """Yield that a count of 0, and a step that removes nobody, is printed as it is."""
        for key, count in self._counts().items():
            if not count and key[1] not in REPEATS:
                yield Range(dict.fromkeys(self._places(cells, key), 1.0), 0, 0)
        for reason, count in self.steps.items():
            if not count:
                yield Range(dict.fromkeys(_places(cells, reason=reason), 1.0), 0, 0)

    def _range(
        self, cells: Sequence[Cell], key: tuple[Kind, str], settings: DisclosureSettings
    ) -> Range:
        """Return what a printed count says of its cells.

        The records of people with several are at most twice the repeats, and exceed the people by
        the repeats.
        """
        printed = count_range(self._places(cells, key), self._counts()[key], settings)
        if key[1] == REPEATS[0]:
            return Range(printed.weights, printed.lowest / 2, printed.highest)
        if key[1] == REPEATS[1]:
            records = count_range((), self.details[REPEATS[0]], settings)
            return Range(
                printed.weights,
                max(printed.lowest, records.lowest - printed.highest),
                records.highest - printed.lowest,
            )
        return printed

    def _places(self, cells: Sequence[Cell], key: tuple[Kind, str]) -> frozenset[int]:
        kind, name = key
        if name in REPEATS:
            return _places(cells, reason=REPEAT_STEP)
        field = {"detail": "detail", "quarter": "quarter"}.get(kind, "suggested")
        return _places(cells, **{field: name})


def _places(cells: Sequence[Cell], **named: str) -> frozenset[int]:
    """Return the places of the cells that have all of these."""
    return frozenset(
        place
        for place, cell in enumerate(cells)
        if all(getattr(cell, field) == value for field, value in named.items())
    )
