"""Balance of covariates: shares of few people, and means that few people make, are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.covariate_people import STEPS, CovariatePeople, covariate_of
from justice_data_lab.disclosure.rounding import in_steps, round_figure
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    ControlledRow,
    Reason,
    Row,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)

MEANS: Final = ("treated_mean", "control_mean_before", "control_mean_after")
SMDS: Final = ("smd_before", "smd_after")
RATIO: Final = "variance_ratio_after"
FIGURES: Final = (*MEANS, *SMDS, RATIO)
NUMBERS: Final = 0.1
"""Means of numbers are printed in steps of this."""
SQUARE: Final = "_squared"
BALANCE_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("analysis_id", pa.string()),
    ("covariate", pa.string()),
    ("family", pa.string()),
    *((name, pa.float64()) for name in FIGURES),
    ("rating", pa.string()),
    ("rounding_step", pa.float64()),
)

Key = tuple[str, str]


def control_balance(
    balance: pa.Table,
    contributors: pa.Table,
    families: Mapping[str, str],
    holds: Mapping[Key, Reason | None],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the balance of published analyses; smd in percent.

    balance: unrounded, one row per (request_id, analysis_id, covariate or ``covariate: level``).
    contributors: of ``balance_contributors``, of the analyses without a hold. families: of each
    covariate of the seed. holds: as for outcomes.

    Primary: a share with 7 or fewer people at the level, or at all others, none and all included;
    a mean with 7 or fewer values other than 0. Secondary: further levels, of this or of another
    analysis, from which with all others a few people could be worked out (``covariate_people``).
    All figures of a row go together, since the share of the treated follows from the controls' and
    the standardised difference. The rating stays: it has no scale. Squares are not published:
    with their means they would give single people away.
    """
    behind = grouped(contributors.to_pylist(), "request_id")
    rows = rows_of(balance, key=("request_id", "analysis_id", "covariate"))
    result: list[Row] = []
    for (request_id,), terms in grouped(rows, "request_id").items():
        shown = [
            (row["analysis_id"], row["covariate"])
            for row in terms
            if holds.get((request_id, row["analysis_id"]), "not published") is None
        ]
        people = CovariatePeople(behind.get((request_id,), []))
        reasons, coarser = people.suppressed(shown, settings)
        for row in terms:
            key = (request_id, row["analysis_id"])
            if key in holds and not row["covariate"].endswith(SQUARE):
                term = (row["analysis_id"], row["covariate"])
                row["family"] = families[covariate_of(row["covariate"])]
                is_number = people.is_number(row["covariate"])
                step = NUMBERS if is_number else coarser.get(term, STEPS[0])
                result.append(_control(row, holds[key] or reasons.get(term), step))
    return table_of(
        sorted(result, key=lambda row: (row["request_id"], row["analysis_id"], row["covariate"])),
        BALANCE_SCHEMA,
    )


def _control(term: Row, reason: Reason | None, step: float) -> Row:
    """Return one row of the balance, its means in steps; step: of a share or of a number."""
    row = ControlledRow({**term, RATIO: round_figure(term[RATIO], 2)})
    for name in MEANS:
        row.figures[name] = None if term[name] is None else in_steps(term[name], step)
    for name in SMDS:
        row.figures[name] = round_figure(term[name], 1)
    row.figures["rounding_step"] = step
    if reason is not None:
        row.suppress((*FIGURES, "rounding_step"), reason)
        if reason in ("too_few", "differencing"):
            row.suppress(["rating"], reason)
    return row.finished()
