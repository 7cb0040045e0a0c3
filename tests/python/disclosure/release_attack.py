"""An attack on everything that a release shows of one request, table against table.

The attacker has the published rows, the method and its seeds, and linear programming
(``attacker``). Truth is used only to say which cells are small, and that the truth is possible.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from scipy import stats

from disclosure.attacker import FEW, REACH, Knowledge, is_known

Row = Mapping[str, Any]
NEVER = 13


@dataclass(frozen=True)
class Broken:
    """A small cell that is known: what it is, how many it is, and between what it must lie."""

    cell: str
    people: int
    low: float
    high: float


@dataclass
class Attacked:
    """How many small cells were attacked, and which of them are known."""

    tried: int
    broken: list[Broken]

    def __add__(self, other: Attacked) -> Attacked:
        return Attacked(self.tried + other.tried, [*self.broken, *other.broken])


def attack(
    knowledge: Knowledge, counts: Sequence[int], secrets: Mapping[str, Collection[int]]
) -> Attacked:
    """Attack each sum of cells that is small; counts: true ones, of every cell."""
    done: dict[frozenset[int], None] = {}
    result = Attacked(0, [])
    for name, cells in secrets.items():
        people = sum(counts[cell] for cell in cells)
        if 1 <= people <= FEW and frozenset(cells) not in done:
            done[frozenset(cells)] = None
            low, high = knowledge.range_of([*cells])
            assert low <= people <= high, f"the truth of {name} fits what is published"
            result.tried += 1
            if is_known(low, high):
                result.broken.append(Broken(name, people, low, high))
    return result


# People who were matched: outcomes, balance and curves of all analyses of a request.


@dataclass(frozen=True)
class Person:
    """A matched person: in which analyses, month of the first re-offence, levels by covariate."""

    analyses: frozenset[str]
    month: int | None
    levels: Mapping[str, str]


def attack_people(
    people: Sequence[Person],
    outcomes: Sequence[Row],
    balance: Sequence[Row],
    survival: Sequence[Row],
    *,
    sizes: Sequence[Row] = (),
) -> Attacked:
    """Attack the rows that are published of one request's matched people.

    sizes: rows of the analyses, which print the matched people again.
    """
    rates = {row["analysis_id"]: row for row in outcomes if row["measure"] == "rate"}
    shown = sorted(
        name for name, row in rates.items() if {row["treated_n"], row["treated_value"]} != {None}
    )
    printed = {name: rates[name]["treated_n"] for name in shown}
    for row in sizes:
        if row["matched_n"] is not None:
            assert printed.setdefault(row["analysis_id"], row["matched_n"]) == row["matched_n"]
    seen = [(person.analyses & {*shown}, person) for person in people]
    groups = sorted({group for group, _ in seen if group}, key=sorted)

    def cells_of(kind: Callable[[Person], Hashable], kinds: Sequence[Hashable]) -> _Cells:
        counts = Counter((group, kind(person)) for group, person in seen)
        return _Cells([*product(groups, kinds)], counts, printed)

    months = cells_of(lambda person: person.month or NEVER, range(1, NEVER + 1))
    months.learn_rates(rates)
    months.learn_curves(survival)
    found = months.attacked("month")
    for covariate in sorted({str(row["covariate"]).split(":")[0] for row in balance}):
        rows = [row for row in balance if str(row["covariate"]).split(":")[0] == covariate]
        levels = sorted(
            {person.levels[covariate] for person in people if covariate in person.levels}
        )
        if levels:
            cells = cells_of(lambda person, name=covariate: person.levels[name], levels)
            cells.learn_shares(covariate, rows)
            found += cells.attacked(covariate)
    return found


def attack_rates(people: Sequence[Person], outcomes: Sequence[Row]) -> Attacked:
    """Attack sizes and rates alone, by whether a person re-offended: fast for many analyses."""
    rates = {row["analysis_id"]: row for row in outcomes if row["measure"] == "rate"}
    printed = {
        name: row["treated_n"]
        for name, row in sorted(rates.items())
        if {row["treated_n"], row["treated_value"]} != {None}
    }
    seen = [(person.analyses & {*printed}, 1 if person.month else NEVER) for person in people]
    groups = sorted({group for group, _ in seen if group}, key=sorted)
    cells = _Cells([*product(groups, (1, NEVER))], Counter(seen), printed)
    cells.learn_rates(rates)
    return cells.attacked("month")


class _Cells:
    """People by the analyses that they are in and one thing that is told of them."""

    def __init__(
        self,
        cells: Sequence[tuple[frozenset[str], Any]],
        counts: Mapping[tuple[frozenset[str], Any], int],
        sizes: Mapping[str, int | None],
    ) -> None:
        self.cells, self.sizes = cells, sizes
        self.counts = [counts.get(cell, 0) for cell in cells]
        self.knowledge = Knowledge(len(cells))
        for analysis, size in sizes.items():
            self.knowledge.count(self.of(analysis), size)

    def of(self, analysis: str, kinds: Collection[Any] | None = None) -> list[int]:
        return [
            place
            for place, (group, kind) in enumerate(self.cells)
            if analysis in group and (kinds is None or kind in kinds)
        ]

    def learn_rates(self, rates: Mapping[str, Row]) -> None:
        for analysis, row in rates.items():
            if analysis in self.sizes:
                having = self.of(analysis, range(1, NEVER))
                self.knowledge.count(having, row["treated_reoffenders_n"])
                shown = [row[f"treated_{name}"] for name in ("lower", "value", "upper")]
                self._learn_share(having, analysis, shown, welch)

    def learn_curves(self, survival: Iterable[Row]) -> None:
        for row in survival:
            if row["arm"] == "treated" and row["analysis_id"] in self.sizes and row["month"]:
                left = self.of(row["analysis_id"], range(row["month"] + 1, NEVER + 1))
                self.knowledge.count(left, row["at_risk_n"])
                shown = [row[name] for name in ("lower", "survival_percent", "upper")]
                self._learn_share(left, row["analysis_id"], shown, wilson)

    def _learn_share(
        self,
        part: list[int],
        analysis: str,
        shown: Sequence[float | None],
        limits: Callable[[int, int], tuple[float, ...]],
    ) -> None:
        if shown[1] is None:
            return
        size = self.sizes[analysis]
        if size is None:
            self.knowledge.percent(part, self.of(analysis), shown[1])
            return
        fitting = [
            (count, people)
            for people in range(size - REACH, size + REACH + 1)
            for count in range(people + 1)
            if abs(100 * count / people - shown[1]) <= 1
            and all(
                value is None or 0 < abs(value) < 1 or half_up(100 * limit) == value
                for value, limit in zip(shown, limits(count, people), strict=True)
            )
        ]
        shares = [count / people for count, people in fitting]
        counts = [count for count, _ in fitting]
        self.knowledge.between(dict.fromkeys(part, 1.0), min(counts), max(counts))
        self.knowledge.ratio(part, self.of(analysis), min(shares), max(shares))

    def learn_shares(self, covariate: str, rows: Iterable[Row]) -> None:
        """Learn the printed shares of the levels; of a yes or no among those with either."""
        for row in rows:
            if row["treated_mean"] is None or row["analysis_id"] not in self.sizes:
                continue
            analysis, term = row["analysis_id"], row["covariate"]
            is_level = term != covariate
            level = term.split(": ", 1)[1] if is_level else "yes"
            whole = self.of(analysis) if is_level else self.of(analysis, ("yes", "no"))
            reach = row.get("rounding_step", 0.01) / 2 + 1e-9
            mean = row["treated_mean"]
            self.knowledge.ratio(self.of(analysis, [level]), whole, mean - reach, mean + reach)

    def attacked(self, name: str) -> Attacked:
        """Attack each kind of people, in each analysis and in what tells two apart."""
        kinds = sorted({kind for _, kind in self.cells}, key=str)
        groups = sorted({group for group, _ in self.cells}, key=sorted)
        parts = {one: frozenset(g for g in groups if one in g) for one in self.sizes}
        parts |= {
            f"{one} less {other}": parts[one] - parts[other]
            for one, other in product(self.sizes, repeat=2)
        }
        parts |= {" and ".join(sorted(group)): frozenset([group]) for group in groups}
        secrets: dict[str, list[int]] = {}
        for part, members in parts.items():
            everybody = [n for n, (group, _) in enumerate(self.cells) if group in members]
            secrets[part] = everybody
            for kind in kinds:
                these = [n for n in everybody if self.cells[n][1] == kind]
                secrets[f"{part}, {name} {kind}"] = these
                secrets[f"{part}, {name} not {kind}"] = [n for n in everybody if n not in these]
        return attack(self.knowledge, self.counts, secrets)


def half_up(value: float) -> float:
    return math.floor(value + 0.5 + 1e-9)


@cache
def welch(count: int, people: int) -> tuple[float, ...]:
    share = count / people
    reach = critical(people) * math.sqrt(share * (1 - share) / (people - 1))
    return share - reach, share, share + reach


@cache
def critical(people: int) -> float:
    return float(stats.t.ppf(0.975, people - 1))


@cache
def wilson(count: int, people: int) -> tuple[float, ...]:
    z, share = 1.959963984540054, count / people
    half = z * math.sqrt(share * (1 - share) / people + (z / people) ** 2 / 4)
    middle, scale = share + z * z / (2 * people), 1 + z * z / people
    return (middle - half) / scale, share, (middle + half) / scale


# Records: the waterfall, its details, quarters of release and suggested analyses.

LEAVER, WINDOW = "custody_leavers", "window_of_12_months"
LEAVER_STEPS = ("no_sentence_found", "other_disposal", "outside_window")


Step = tuple[int, str | None, int | None, int | None]


@dataclass(frozen=True)
class Records:
    """What counts the records of one request: published rows, or the truth, by name.

    steps: (number, reason, removed, remaining) in order; details, quarters, suggested: by name.
    """

    steps: Sequence[Step]
    details: Mapping[str, int | None]
    quarters: Mapping[str, int | None]
    suggested: Mapping[str, int | None]


class _Records:
    """The kinds of records that the tables tell apart, and what is learnt of them."""

    FIELDS = ("reason", "detail", "suggested", "quarter")

    def __init__(self, truth: Records, parents: Mapping[str, str]) -> None:
        self.removed = {str(reason): int(count or 0) for _, reason, count, _ in truth.steps[1:]}
        self.numbers = {str(reason): number for number, reason, _, _ in truth.steps[1:]}
        self.cells = [*_record_cells(self.removed, truth, parents), ("left", "", "", "")]
        self.knowledge = Knowledge(len(self.cells))

    def of(self, field: str, names: Collection[str]) -> list[int]:
        place = self.FIELDS.index(field)
        return [number for number, cell in enumerate(self.cells) if cell[place] in names]

    def learn_steps(self, steps: Sequence[Step], words: Mapping[int, Collection[str]]) -> None:
        """Learn the waterfall; a merged step names those of its reasons that remove anybody."""
        before = 0
        for number, reason, count, remaining in steps:
            later = {name for name, at in self.numbers.items() if at > number} | {"left"}
            self.knowledge.count(self.of("reason", later), remaining)
            held = {name for name, at in self.numbers.items() if before < at <= number}
            if number:
                self.knowledge.count(self.of("reason", held), count)
                for name in held & {*words.get(number, ())} if reason is None else ():
                    weights = dict.fromkeys(self.of("reason", [name]), 1.0)
                    self.knowledge.between(weights, 1, math.inf)
            before = number

    def learn_repeats(self, records: int | None, people: int | None) -> None:
        """Learn what removes all but one record of each person who was sent more than once."""
        repeats = dict.fromkeys(self.of("reason", ["repeat_record"]), 1.0)
        if records is not None:
            self.knowledge.between(repeats, (records - REACH) / 2, records + REACH)
        if people is not None:
            self.knowledge.between(repeats, people - REACH, math.inf)
        if records is not None and people is not None:
            apart = records - people
            self.knowledge.between(repeats, apart - 2 * REACH, apart + 2 * REACH)


def attack_records(
    published: Records,
    truth: Records,
    parents: Mapping[str, str],
    words: Mapping[int, Collection[str]],
    headline: Row,
) -> Attacked:
    """Attack the counts of one request's records.

    parents: the reason of each detail, from the seed. words: of a merged step (by number) the
    reasons that its description names. headline: its eligible people and those off support.
    """
    records = _Records(truth, parents)
    records.knowledge.count(records.of("reason", ["off_support"]), headline["off_support_n"])
    records.knowledge.count(records.of("reason", ["off_support", "left"]), headline["eligible_n"])
    records.learn_steps(published.steps, words)
    details = dict(published.details)
    records.learn_repeats(*(details.pop(f"repeat_{of}", None) for of in ("records", "people")))
    tables = {"detail": details, "quarter": published.quarters, "suggested": published.suggested}
    for field, counts in tables.items():
        for name, count in counts.items():
            records.knowledge.count(records.of(field, [name]), count)
    secrets = {f"step {name}": records.of("reason", [name]) for name in records.removed}
    for field, counts in tables.items():
        secrets |= {f"{field} {name}": records.of(field, [name]) for name in counts}
    return attack_sums(records.knowledge, records.removed, truth, secrets)


def attack_sums(
    knowledge: Knowledge,
    removed: Mapping[str, int],
    truth: Records,
    secrets: Mapping[str, Sequence[int]],
) -> Attacked:
    """Attack the small counts; the cells themselves are finer than what is known of the truth."""
    true = {f"step {name}": count for name, count in removed.items()}
    true |= {f"detail {name}": int(count or 0) for name, count in truth.details.items()}
    true |= {f"quarter {name}": int(count or 0) for name, count in truth.quarters.items()}
    true |= {f"suggested {name}": int(count or 0) for name, count in truth.suggested.items()}
    result = Attacked(0, [])
    for name, cells in secrets.items():
        people = true.get(name, 0)
        if 1 <= people <= FEW and cells:
            low, high = knowledge.range_of(cells)
            assert low <= people <= high, f"the truth of {name} fits what is published"
            result.tried += 1
            if is_known(low, high):
                result.broken.append(Broken(name, people, low, high))
    return result


def _record_cells(
    removed: Mapping[str, int], truth: Records, parents: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what records the tables tell apart, as the definitions of the counts have them."""
    for reason, count in removed.items():
        if reason == "still_in_custody" and truth.quarters:
            yield from ((reason, "", "", quarter) for quarter in truth.quarters)
            continue
        parts = [name for name, parent in parents.items() if parent == reason]
        if sum(int(truth.details.get(name) or 0) for name in parts) < count or not parts:
            parts.append("")
        if reason in ("invalid_record", "not_on_pnc"):
            parts.append("date_of_birth_not_accurate")
        for part in parts:
            yield reason, part, "", ""
            for name in truth.suggested:
                if name == LEAVER:
                    is_possible = reason in LEAVER_STEPS
                elif name == WINDOW:
                    is_possible = reason == "outside_window"
                else:
                    is_possible = (reason, part) == (
                        "other_disposal",
                        "other_disposal_within_window",
                    )
                if is_possible:
                    yield reason, part, name, ""
