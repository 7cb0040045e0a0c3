"""Outcomes: which are suppressed, which the method withholds, and how each figure is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import (
    round_count,
    round_figure,
    round_percent,
    round_size,
)
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    LOW_RELIABILITY,
    NOT_AVAILABLE,
    ROUNDS_TO_ZERO,
    ControlledRow,
    Reason,
    Row,
    by_key,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)
from justice_data_lab.measures import Measure, measures

VALUES: Final = (
    *("treated_value", "treated_lower", "treated_upper"),
    *("control_value", "control_lower", "control_upper"),
    *("difference", "difference_lower", "difference_upper"),
    *("dr_difference", "dr_lower", "dr_upper"),
)
P_VALUES: Final = ("p_value", "adjusted_p_value", "dr_p_value")
E_VALUES: Final = ("e_value", "e_value_bound")
ESTIMATES: Final = (*VALUES, *P_VALUES, *E_VALUES, "number_needed")
FIRST: Final = ("first_indictable", "first_either_way", "first_summary")
COUNTS: Final = (
    *("treated_n", "treated_reoffenders_n"),
    *("control_n", "control_events_n", "control_effective_n"),
)
NESTED: Final = (
    ("any_indictable", "any_serious", ("any_indictable",)),
    ("any_either_way", "any_serious", ("any_either_way",)),
    ("any_indictable", "rate", ("any_indictable",)),
    ("any_either_way", "rate", ("any_either_way",)),
    ("any_custody", "rate", ("any_custody",)),
    ("first_indictable", "any_indictable", FIRST),
    ("first_either_way", "any_either_way", FIRST),
    ("any_summary_only", "first_summary", FIRST),
    ("first_custody", "any_custody", ("first_custody",)),
)
"""Everybody of the first measure is of the second; hidden where the others of it are few."""
OVERLAP: Final = ("any_indictable", "any_either_way", "any_serious")
"""Who has an outcome of both kinds is the sum of the first two less the third."""
OUTCOMES_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("analysis_id", pa.string()),
    ("measure", pa.string()),
    ("treated_n", pa.int64()),
    *((name, pa.float64()) for name in VALUES[:3]),
    ("treated_reoffenders_n", pa.int64()),
    ("control_n", pa.int64()),
    ("control_events_n", pa.int64()),
    ("control_effective_n", pa.float64()),
    *((name, pa.float64()) for name in VALUES[3:9]),
    ("p_value", pa.float64()),
    ("number_needed", pa.int64()),
    ("conclusion", pa.string()),
    ("method", pa.string()),
    ("tests_n", pa.int64()),
    ("adjusted_p_value", pa.float64()),
    *((name, pa.float64()) for name in (*VALUES[9:], "dr_p_value", *E_VALUES)),
    ("is_reliable", pa.bool_()),
)
GUARDED_METHOD: Final = "newcombe_effective"

Key = tuple[str, str]


def balance_verdicts(diagnostics: pa.Table) -> dict[Key, str | None]:
    """Return the balance verdict of every analysis that was matched."""
    rows = diagnostics.select(["request_id", "analysis_id", "balance_verdict"]).to_pylist()
    return {(row["request_id"], row["analysis_id"]): row["balance_verdict"] for row in rows}


def control_outcomes(
    estimates: pa.Table,
    contributors: pa.Table,
    holds: Mapping[Key, Reason | None],
    verdicts: Mapping[Key, str | None],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the outcomes of published analyses as they may be seen.

    estimates: unrounded, one per (request_id, analysis_id, measure). contributors: people behind
    each, one row per (request_id, analysis_id, measure): ``people_n`` of the measure's population,
    ``contributors_n`` of them with the outcome (share) or a value above 0 (mean), ``others_n``
    with a value in the rest of its family, ``is_dominated``, and ``control_people_n`` and
    ``control_contributors_n`` (persons, not weights). holds: the reason why an analysis has no
    figures, null where it has; analyses that are not named are left out. verdicts: of the balance.

    Raises KeyError when an estimate has no contributors, or a measure no rule.
    """
    people = by_key(contributors.to_pylist(), "request_id", "analysis_id", "measure")
    rows = rows_of(estimates, key=("request_id", "analysis_id", "measure"))
    result: list[Row] = []
    for key, figures in grouped(rows, "request_id", "analysis_id").items():
        if key in holds:
            cells = {row["measure"]: people[(*key, row["measure"])] for row in figures}
            reasons = suppressed_measures(cells, settings)
            if holds[key] is not None:
                reasons = dict.fromkeys(cells, holds[key])
            is_balanced = verdicts.get(key) != "poor"
            matched_n = max(int(cell["people_n"]) for cell in cells.values())
            for row in figures:
                result.append(
                    _control(
                        row,
                        reasons,
                        matched_n=matched_n,
                        is_balanced=is_balanced,
                        settings=settings,
                    )
                )
    return table_of(result, OUTCOMES_SCHEMA)


def suppressed_measures(
    cells: Mapping[str, Row], settings: DisclosureSettings
) -> dict[str, Reason | None]:
    """Return the measures of one analysis that are suppressed, with the reason.

    Primary: a share of 7 or fewer people, or of all but 7 or fewer, none and all included; a mean
    with 7 or fewer contributors, or dominated by two; the same in the comparison group, by people.
    Linked: every measure of re-offending where the rate is suppressed (a frequency bounds the
    number who re-offended from above and below). Secondary: of measures whose values add up (the
    court types; serious and summary only, which make the rate) as many as hide each other; and of
    measures of which one holds the other, see ``NESTED``, or that overlap, where what one can
    subtract is 7 or fewer people.
    """
    reasons: dict[str, Reason | None] = {
        measure: "primary" for measure, cell in cells.items() if is_primary(measure, cell, settings)
    }
    for family in dict.fromkeys(m.family for m in measures().values() if m.family):
        members = {
            measure: int(cell["contributors_n"])
            for measure, cell in cells.items()
            if measures()[measure].family == family
        }
        for measure, reason in suppress_partition(
            members, settings, zeros_disclose=True, complements_disclose=True
        ).items():
            reasons.setdefault(measure, reason)
    reasons |= dict.fromkeys(_subtractable(cells, reasons, settings), "secondary")
    if "rate" in reasons:
        for measure in cells:
            if measures()[measure].is_of_reoffending:
                reasons.setdefault(measure, "linked")
    return reasons


def _subtractable(
    cells: Mapping[str, Row], reasons: Mapping[str, Reason | None], settings: DisclosureSettings
) -> set[str]:
    """Return the measures to hide because two or three shown ones give a few people away."""
    hidden: set[str] = set()

    def is_few(outer: tuple[str, ...], inner: tuple[str, ...]) -> bool:
        names = {*outer, *inner}
        if not settings.is_on or names - cells.keys() or names & (reasons.keys() | hidden):
            return False
        left = (
            sum(cells[name][arm] for name in outer) - sum(cells[name][arm] for name in inner)
            for arm in ("contributors_n", "control_contributors_n")
        )
        return any(number <= settings.small_count for number in left)

    for inner, outer, victims in NESTED:
        if is_few((outer,), (inner,)):
            hidden.update(victims)
    if is_few(OVERLAP[:2], OVERLAP[2:]):
        hidden.add(OVERLAP[0])
    return hidden - reasons.keys()


def is_primary(measure: str, cell: Mapping[str, Any], settings: DisclosureSettings) -> bool:
    """Say whether the people behind one measure are too few in either group."""
    if not settings.is_on:
        return False
    rule = measures()[measure]
    arms = [(cell["people_n"], cell["contributors_n"])]
    arms.append((cell["control_people_n"], cell["control_contributors_n"]))
    few = settings.small_count
    if rule.kind == "binary":
        return any(min(having, people - having) <= few for people, having in arms)
    if rule.kind == "continuous":
        return any(people <= few for people, _ in arms)
    is_rest_small = rule.family == "frequency" and cell["others_n"] <= few
    return any(having <= few for _, having in arms) or bool(cell["is_dominated"]) or is_rest_small


def _control(
    figures: Row,
    reasons: Mapping[str, Reason | None],
    *,
    matched_n: int,
    is_balanced: bool,
    settings: DisclosureSettings,
) -> Row:
    """Return one outcome as published: rounded, and empty where suppressed or withheld.

    matched_n: everybody matched; a population that leaves a few of them out would give those away.
    """
    rule, reason = measures()[figures["measure"]], reasons.get(figures["measure"])
    is_withheld = _is_withheld(figures, settings)
    row = ControlledRow(_rounded(figures, rule, settings))
    row.figures["is_reliable"] = is_balanced and figures["method"] != GUARDED_METHOD
    if reason is not None:
        row.suppress(ESTIMATES, reason)
    if reason in ("too_few", "differencing"):
        row.suppress(COUNTS, reason)
    elif "rate" in reasons:  # the number who re-offended is a cell, wherever it stands
        row.suppress(COUNTS if rule.is_of_reoffenders else ["treated_reoffenders_n"], "linked")
    if settings.is_small(matched_n - figures["treated_n"]) and not rule.is_of_reoffenders:
        row.suppress(["treated_n"], "secondary")
    if reason is None and is_withheld:
        row.figures.update(dict.fromkeys((*ESTIMATES, "treated_reoffenders_n")))
        row.figures["treated_n"] = None if rule.is_of_reoffenders else row.figures["treated_n"]
    if reason is not None or is_withheld:
        row.figures.update(conclusion="withheld", is_reliable=False)
    return row.finished(code=_code(row.figures, is_withheld=is_withheld))


def _is_withheld(figures: Row, settings: DisclosureSettings) -> bool:
    """Say whether the method itself withholds a result: few expected, or few in its population.

    Methodology, section 6; that of under 30 re-offenders is kept for every measure among them.
    """
    expected = figures["expected_count_min"]
    return bool(
        figures["conclusion"] == "withheld"
        or (expected is not None and expected < settings.minimum_expected_count)
        or figures["treated_n"] < settings.minimum_people
    )


def _rounded(figures: Row, rule: Measure, settings: DisclosureSettings) -> Row:
    """Return the figures as they are printed, each from its unrounded value."""
    rounded = dict(figures)
    for name in VALUES:
        value = figures.get(name)
        if rule.kind == "binary":
            rounded[name] = round_percent(value, people=figures["treated_n"], settings=settings)
        else:
            rounded[name] = round_figure(value, rule.decimals)
    for name in (*P_VALUES, *E_VALUES):
        rounded[name] = round_figure(figures.get(name), 2)
    for name in ("treated_n", "treated_reoffenders_n", "control_n", "control_events_n"):
        rounded[name] = round_count(figures[name], settings)
    needed = figures["number_needed"]
    rounded["number_needed"] = needed if needed is None else _needed(needed, settings)
    rounded["control_effective_n"] = round_size(figures["control_effective_n"], settings)
    return rounded


def _needed(number: int, settings: DisclosureSettings) -> int:
    """Return a number needed as a count is rounded, but never as nobody."""
    return max(round_count(number, settings) or 0, min(number, settings.rounding))


def _code(figures: Row, *, is_withheld: bool) -> str | None:
    """Return what a row is marked with where nothing is suppressed."""
    if is_withheld:
        return NOT_AVAILABLE
    if not figures["is_reliable"]:
        return LOW_RELIABILITY
    shown = (figures["treated_value"], figures["control_value"], figures["difference"])
    return ROUNDS_TO_ZERO if 0.0 in shown else None
