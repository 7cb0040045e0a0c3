"""Balance of covariates: shares of few people, and means that few people make, are not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from justice_data_lab.disclosure.partitions import suppress_partition
from justice_data_lab.disclosure.rounding import round_figure
from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import (
    ControlledRow,
    Reason,
    Row,
    by_key,
    controlled_schema,
    grouped,
    rows_of,
    table_of,
)

FIGURES: Final = (
    *("treated_mean", "control_mean_before", "control_mean_after"),
    *("smd_before", "smd_after", "variance_ratio_after"),
)
BALANCE_SCHEMA: Final = controlled_schema(
    ("request_id", pa.string()),
    ("analysis_id", pa.string()),
    ("covariate", pa.string()),
    ("family", pa.string()),
    *((name, pa.float64()) for name in FIGURES),
    ("rating", pa.string()),
)

Key = tuple[str, str]


def control_balance(
    balance: pa.Table,
    contributors: pa.Table,
    families: Mapping[str, str],
    holds: Mapping[Key, Reason | None],
    settings: DisclosureSettings,
) -> pa.Table:
    """Return the balance of published analyses; figures to two places, smd in percent.

    balance: unrounded, one row per (request_id, analysis_id, covariate or ``covariate: level``).
    contributors: of each row ``people_n``, the matched treated, and ``contributors_n``, those of
    them at this level or with a value other than 0. families: of each covariate of the seed.
    holds: as for outcomes.

    Primary: a share with 7 or fewer people at the level, or at all others, none and all included;
    a mean with 7 or fewer values other than 0. Secondary: further levels of the covariate, which
    add up to the group. All figures of a row go together, since the share of the treated follows
    from the controls' and the standardised difference. The rating stays: it has no scale.
    """
    people = by_key(contributors.to_pylist(), "request_id", "analysis_id", "covariate")
    rows = rows_of(balance, key=("request_id", "analysis_id", "covariate"))
    result: list[Row] = []
    for key, terms in grouped(rows, "request_id", "analysis_id").items():
        if key not in holds:
            continue
        counts = {row["covariate"]: people[(*key, row["covariate"])] for row in terms}
        hold = holds[key]
        reasons = suppressed_terms(counts, settings)
        for term in terms:
            reason = hold or reasons.get(term["covariate"])
            family = families[covariate_of(term["covariate"])]
            result.append(_control({**term, "family": family}, reason))
    return table_of(result, BALANCE_SCHEMA)


def suppressed_terms(counts: Mapping[str, Row], settings: DisclosureSettings) -> dict[str, Reason]:
    """Return the covariates and levels of one analysis that are suppressed, with the reason."""
    reasons: dict[str, Reason] = {}
    levels = [{"covariate": covariate_of(term), "term": term} for term in counts]
    for (covariate,), rows in grouped(levels, "covariate").items():
        terms = [row["term"] for row in rows]
        reasons |= _of_covariate(str(covariate), terms, counts, settings)
    return reasons


def _of_covariate(
    covariate: str,
    terms: Sequence[str],
    counts: Mapping[str, Row],
    settings: DisclosureSettings,
) -> dict[str, Reason]:
    """Return the suppressed terms of one covariate: a number, a yes or no, or levels."""
    if covariate not in terms:
        cells = {term: int(counts[term]["contributors_n"]) for term in terms}
        return suppress_partition(cells, settings, zeros_disclose=True, complements_disclose=True)
    reasons: dict[str, Reason] = {}
    for term in terms:
        people, having = int(counts[term]["people_n"]), int(counts[term]["contributors_n"])
        is_share = term != covariate or bool(counts[term]["is_share"])
        fewest = min(having, people - having) if is_share else having
        if settings.is_on and fewest <= settings.small_count:
            reasons[term] = "primary"
    return reasons


def covariate_of(term: str) -> str:
    """Return the covariate of a term such as ``sex: F``."""
    return term.split(":", 1)[0]


def _control(term: Row, reason: Reason | None) -> Row:
    row = ControlledRow({**term, **{name: round_figure(term[name], 2) for name in FIGURES}})
    if reason is not None:
        row.suppress(FIGURES, reason)
        if reason in ("too_few", "differencing"):
            row.suppress(["rating"], reason)
    return row.finished()
