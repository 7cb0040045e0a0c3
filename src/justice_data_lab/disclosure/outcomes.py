"""Outcomes: which are suppressed, which the method withholds, and how each figure is rounded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import pyarrow as pa

from justice_data_lab.disclosure.nested import STEPS, few_controls, given_up
from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import (
    in_steps,
    round_count,
    round_figure,
    round_p,
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
COUNTS: Final = (
    *("treated_n", "treated_reoffenders_n"),
    *("control_n", "control_events_n", "control_effective_n"),
)
ARM_LIMITS: Final = ("treated_lower", "treated_upper", "control_lower", "control_upper")
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
    ("rounding_step", pa.int64()),
)
FREQUENCIES: Final = "frequency"
"""The family of measures that add up to all re-offences of those who re-offended."""
GUARDED_METHOD: Final = "newcombe_effective"

Key = tuple[str, str]


def balance_verdicts(diagnostics: pa.Table) -> dict[Key, str | None]:
    """Return the balance verdict of every analysis that was matched."""
    rows = diagnostics.select(["request_id", "analysis_id", "balance_verdict"]).to_pylist()
    return {(row["request_id"], row["analysis_id"]): row["balance_verdict"] for row in rows}


def failed_analyses(gates: pa.Table) -> frozenset[Key]:
    """Return the analyses of which a gate fails that the lab does not override."""
    return frozenset(
        (row["request_id"], row["analysis_id"])
        for row in gates.to_pylist()
        if not row["passes"] and not row["is_overridden"]
    )


def control_outcomes(
    estimates: pa.Table,
    contributors: pa.Table,
    holds: Mapping[Key, Reason | None],
    verdicts: Mapping[Key, str | None],
    settings: DisclosureSettings,
    hidden_sizes: Collection[Key] = (),
    failed: Collection[Key] = (),
) -> pa.Table:
    """Return the outcomes of published analyses as they may be seen.

    estimates: unrounded, one per (request_id, analysis_id, measure). contributors: people behind
    each, one row per (request_id, analysis_id, measure): ``people_n`` of the measure's population,
    ``contributors_n`` of them with the outcome (share) or a value above 0 (mean), ``others_n``
    with a value in the rest of its family, ``is_dominated``, and ``control_people_n`` and
    ``control_contributors_n`` (persons, not weights). holds: the reason why an analysis has no
    figures, null where it has; analyses that are not named are left out. verdicts: of the balance.
    hidden_sizes: analyses whose sizes are not shown, nor the treated's intervals, which follow.
    failed: analyses of which a gate failed: no result of theirs is reliable.

    Raises KeyError when an estimate has no contributors, or a measure no rule.
    """
    people = by_key(contributors.to_pylist(), "request_id", "analysis_id", "measure")
    rows = rows_of(estimates, key=("request_id", "analysis_id", "measure"))
    result: list[Row] = []
    for key, figures in grouped(rows, "request_id", "analysis_id").items():
        if key in holds:
            cells = {row["measure"]: people[(*key, row["measure"])] for row in figures}
            reasons, steps = suppressed_measures(cells, settings)
            if holds[key] is not None:
                reasons = dict.fromkeys(cells, holds[key])
            is_comparable = verdicts.get(key) != "poor" and key not in failed
            matched_n = max(int(cell["people_n"]) for cell in cells.values())
            for row in figures:
                result.append(
                    _control(
                        row,
                        reasons,
                        step=steps.get(row["measure"], STEPS[0]),
                        matched_n=matched_n,
                        has_sizes=key not in hidden_sizes,
                        is_comparable=is_comparable,
                        settings=settings,
                    )
                )
    return table_of(result, OUTCOMES_SCHEMA)


def suppressed_measures(
    cells: Mapping[str, Row], settings: DisclosureSettings
) -> tuple[dict[str, Reason | None], dict[str, int]]:
    """Return the suppressed measures of one analysis with the reason, and those in coarser steps.

    Primary: a share of 7 or fewer people, or of all but 7 or fewer, none and all included; a mean
    with 7 or fewer contributors, or dominated by two; the same in the comparison group, by people.
    Linked: every measure of re-offending where the rate is suppressed (a frequency bounds the
    number who re-offended from above and below). Secondary: of measures whose values add up as
    many as hide each other; of shares that hold one another those from which, as they are
    printed, a few people could be worked out (``nested``), if steps of 2 points do not mend it.
    """
    reasons: dict[str, Reason | None] = {
        measure: "primary" for measure, cell in cells.items() if is_primary(measure, cell, settings)
    }
    members = {
        measure: int(cell["contributors_n"])
        for measure, cell in cells.items()
        if measures()[measure].family == FREQUENCIES
    }
    for measure, reason in suppress_partition(
        members, settings, zeros_disclose=True, complements_disclose=True
    ).items():
        reasons.setdefault(measure, reason)
    reasons |= dict.fromkeys(few_controls(cells, frozenset(reasons), settings), "secondary")
    steps = {}
    for measure, place in given_up(cells, frozenset(reasons), settings).items():
        if place < len(STEPS):
            steps[measure] = STEPS[place]
        else:
            reasons[measure] = "secondary"
    if "rate" in reasons:
        for measure in cells:
            if measures()[measure].is_of_reoffending:
                reasons.setdefault(measure, "linked")
    return reasons, steps


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
    is_rest_small = rule.family == FREQUENCIES and cell["others_n"] <= few
    return any(having <= few for _, having in arms) or bool(cell["is_dominated"]) or is_rest_small


def _control(
    figures: Row,
    reasons: Mapping[str, Reason | None],
    *,
    step: int,
    matched_n: int,
    has_sizes: bool,
    is_comparable: bool,
    settings: DisclosureSettings,
) -> Row:
    """Return one outcome as published: rounded, and empty where suppressed or withheld.

    step: points to which a share is rounded. matched_n: everybody matched; a population that
    leaves a few of them out would give those away.
    """
    rule, reason = measures()[figures["measure"]], reasons.get(figures["measure"])
    is_withheld = _is_withheld(figures, settings)
    row = ControlledRow(_rounded(figures, rule, step, settings))
    row.figures["is_reliable"] = is_comparable and figures["method"] != GUARDED_METHOD
    if reason is not None:
        row.suppress(ESTIMATES, reason)
    if reason in ("too_few", "differencing"):
        row.suppress(COUNTS, reason)
    elif "rate" in reasons:  # the number who re-offended is a cell, wherever it stands
        row.suppress(COUNTS if rule.is_of_reoffenders else ["treated_reoffenders_n"], "linked")
    if settings.is_small(matched_n - figures["treated_n"]) and not rule.is_of_reoffenders:
        row.suppress(["treated_n"], "secondary")
    if not has_sizes:
        row.suppress((*COUNTS[:2], *ARM_LIMITS[:2]), "secondary")
    if step > STEPS[0]:
        row.suppress(ARM_LIMITS, "secondary")
    if reason is None and is_withheld:
        row.figures.update(dict.fromkeys((*ESTIMATES, "treated_reoffenders_n")))
        row.figures["treated_n"] = None if rule.is_of_reoffenders else row.figures["treated_n"]
    if reason is not None or is_withheld:
        row.figures.update(conclusion="withheld", is_reliable=False, rounding_step=None)
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


def _rounded(figures: Row, rule: Measure, step: int, settings: DisclosureSettings) -> Row:
    """Return the figures as they are printed, each from its unrounded value."""
    rounded = dict(figures)
    rounded["rounding_step"] = step if rule.kind == "binary" else None
    for name in VALUES:
        rounded[name] = round_value(
            figures.get(name), rule, step=step, people=figures["treated_n"], settings=settings
        )
    for name in P_VALUES:
        rounded[name] = round_p(figures.get(name))
    for name in E_VALUES:
        rounded[name] = round_figure(figures.get(name), 2)
    for name in ("treated_n", "treated_reoffenders_n", "control_n", "control_events_n"):
        rounded[name] = round_count(figures[name], settings)
    needed = figures["number_needed"]
    rounded["number_needed"] = needed if needed is None else _needed(needed, settings)
    rounded["control_effective_n"] = round_size(figures["control_effective_n"], settings)
    return rounded


def round_value(
    value: float | None,
    rule: Measure,
    *,
    step: int,
    people: int | None,
    settings: DisclosureSettings,
) -> float | None:
    """Return a value, bound or difference of a measure as it is printed.

    step: points to which a share is rounded. people: treated of the measure's population.
    """
    if rule.kind != "binary":
        return round_figure(value, rule.decimals)
    if step > STEPS[0]:
        return None if value is None else in_steps(value, step)
    return round_percent(value, people=people, settings=settings)


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
