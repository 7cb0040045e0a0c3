"""The placebo test of one request, from the tables of a build, with a score for every cohort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from justice_data_lab.build.databases import open_build
from justice_data_lab.measures import HEADLINE, measures
from justice_data_lab.robustness.placebo import PlaceboResult, summarise
from justice_data_lab.robustness.placebo_pool import PlaceboPool, placebo_pool
from justice_data_lab.robustness.placebo_refits import refit_cohorts
from justice_data_lab.statistics.covariates import read_covariates, read_values
from justice_data_lab.statistics.settings import MatchSettings, settings_by_analysis

TABLES: Final = {
    "members": "intermediate.int_outcomes__members",
    "analyses": "intermediate.int_cohorts__analyses",
    "scores": "estimates.int_matching__scores",
    "matches": "estimates.int_matching__matches",
    "tilts": "estimates.int_matching__tilts",
    "estimates": "estimates.int_outcomes__estimates",
}


class NoHeadlineError(Exception):
    """The request has no headline that could be tested; the text says why in one line."""


@dataclass(frozen=True)
class Measured:
    """One measure of the headline beside the cohorts, in the measure's unit (rates in points).

    bias, bias_error: mean of the cohorts' differences and its standard error, which counts that
    all come from one pool. spread: their standard deviation; lower, upper: their 2.5th and 97.5th
    percentile. significant_percent, with its 95% interval: cohorts with p <= 0.05.
    p_among_cohorts: (1 + cohorts at least as far from zero as the estimate) / (1 + cohorts).
    """

    measure: str
    estimate: float
    std_error: float | None
    p_value: float | None
    p_among_cohorts: float
    cohorts: int
    bias: float
    bias_error: float
    spread: float
    lower: float
    upper: float
    significant_percent: float
    significant_lower: float
    significant_upper: float


@dataclass(frozen=True)
class PlaceboReport:
    """The placebo test of a request: how many people it was made of, and both measures."""

    request_id: str
    treated_n: int
    pool_n: int
    seed: int
    measures: tuple[Measured, ...]


def placebo_of_build(
    build: Path,
    request_id: str,
    *,
    cohorts: int,
    seed: int,
    advance: Callable[[], None] = lambda: None,
) -> PlaceboReport:
    """Draw placebo cohorts for the headline of a request, and fit a score to each.

    advance: called once a cohort. Raises NoHeadlineError where the request has no headline or
    nothing of it is estimated, and DatabaseError where the build cannot be read.
    """
    tables = _read(build, request_id)
    if not tables["analyses"].num_rows:
        raise NoHeadlineError(f"{request_id}: this build has no headline analysis of that name")
    headline = {row["measure"]: row for row in tables["estimates"].to_pylist()}
    if headline.get("rate", {}).get("difference") is None:
        raise NoHeadlineError(f"{request_id}: too few of its people are matched to be compared")
    common = MatchSettings.from_table(tables["settings"])
    settings = settings_by_analysis(tables["analyses"], common)[(request_id, HEADLINE)]
    covariates = read_covariates(tables["covariates"])
    values = read_values(tables["values"], covariates)
    pool = placebo_pool(tables["members"], tables, values, covariates, settings)
    found = refit_cohorts(
        tables["members"],
        pool,
        values,
        covariates,
        settings,
        cohorts=cohorts,
        seed=seed,
        advance=advance,
    )
    measured = _measured(found, pool, headline)
    if not measured:
        raise NoHeadlineError(f"{request_id}: too few placebo cohorts can be compared")
    return PlaceboReport(
        request_id=request_id,
        treated_n=sum(sum(stratum.treated_n.values()) for stratum in pool.strata),
        pool_n=len(pool.event_id),
        seed=seed,
        measures=measured,
    )


def _measured(
    found: PlaceboResult, pool: PlaceboPool, headline: dict[str, dict[str, object]]
) -> tuple[Measured, ...]:
    result = []
    for row in summarise(found, pool):
        measure = str(row["measure"])
        differences = measures()[measure].scale * found.differences[measure]
        estimate = float(str(headline[measure]["difference"]))
        n = len(differences)
        as_far = int(np.count_nonzero(np.abs(differences) >= abs(estimate)))
        lower, upper = np.quantile(differences, [0.025, 0.975]).tolist()
        result.append(
            Measured(
                measure=measure,
                estimate=estimate,
                std_error=_number(headline[measure]["std_error"]),
                p_value=_number(headline[measure]["p_value"]),
                p_among_cohorts=(1 + as_far) / (1 + n),
                cohorts=n,
                bias=float(str(row["difference"])),
                bias_error=float(str(row["difference_error"])),
                spread=float(np.std(differences, ddof=1)),
                lower=lower,
                upper=upper,
                significant_percent=float(str(row["significant_percent"])),
                significant_lower=float(str(row["significant_lower"])),
                significant_upper=float(str(row["significant_upper"])),
            )
        )
    return tuple(result)


def _read(build: Path, request_id: str) -> dict[str, pa.Table]:
    with open_build(build, "restricted") as connection:
        tables = {
            name: connection.execute(
                f"select * from restricted.{table} where request_id = ? and analysis_id = ?",
                [request_id, HEADLINE],
            ).to_arrow_table()
            for name, table in TABLES.items()
        }
        of_build = {
            "settings": "from restricted.intermediate.int_settings",
            "values": "from restricted.intermediate.int_cohorts__covariates",
        }
        tables |= {
            name: connection.execute(query).to_arrow_table() for name, query in of_build.items()
        }
    with open_build(build, "analysis") as connection:
        tables["covariates"] = connection.execute(
            "from analysis.reference.covariates order by covariate_order"
        ).to_arrow_table()
    return tables


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
