"""The placebo of a headline: what the method finds for cohorts that had no service.

Cohorts that look like the treated are drawn from the pool and compared as the treated are, at the
headline's score. Their true effect is nothing: the mean of their differences is the method's bias,
and the share of them that is significant its false alarms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from justice_data_lab.measures import measures
from justice_data_lab.robustness.placebo_cohorts import CohortDraws, draw_and_match
from justice_data_lab.robustness.placebo_pool import PlaceboPool, placebo_pool
from justice_data_lab.robustness.placebo_tilt import tilt_cohorts
from justice_data_lab.statistics.arrow import BoolArray, FloatArray, rows_table
from justice_data_lab.statistics.clusters import Clusters
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.covariates import Covariate, CovariateValues
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.intervals import wilson_limits
from justice_data_lab.statistics.settings import MatchSettings

PLACEBO_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("measure", pa.string()),
        ("cohorts_n", pa.int64()),
        ("difference", pa.float64()),
        ("difference_error", pa.float64()),
        ("significant_percent", pa.float64()),
        ("significant_lower", pa.float64()),
        ("significant_upper", pa.float64()),
    ]
)
COHORTS, SEED = 200, 20140401
SMALLEST_COHORTS = 20
CHUNK_CELLS = 4_000_000


@dataclass(frozen=True)
class PlaceboResult:
    """What became of the cohorts: by measure, differences and p values in the order drawn.

    contribution: for every row, the mean over cohorts of its share in the treated's mean less its
    share in the controls': the mean difference is the sum of contribution x outcome.
    """

    differences: dict[str, FloatArray]
    p_values: dict[str, FloatArray]
    contribution: FloatArray


class Tally:
    """Compares the cohorts of a pool, one after the other, and keeps what is needed of each."""

    def __init__(self, pool: PlaceboPool, settings: MatchSettings) -> None:
        """Begin without a cohort."""
        self._pool, self._settings = pool, settings
        self._found: dict[str, list[tuple[float, float]]] = {name: [] for name in pool.outcomes}
        self._contribution, self._used = np.zeros(len(pool.event_id)), 0

    def add(self, drawn: BoolArray, weight: FloatArray) -> None:
        """Count a cohort; one that cannot be compared is left out."""
        compared = compare_cohort(self._pool, drawn, weight, self._settings)
        if compared is None:
            return
        for name, figures in compared.items():
            self._found[name].append(figures)
        self._contribution += contribution_of(drawn, weight)
        self._used += 1

    def result(self) -> PlaceboResult:
        """Return what became of the cohorts so far."""
        pairs = {
            name: np.array(rows, dtype=np.float64).reshape(-1, 2)
            for name, rows in self._found.items()
        }
        return PlaceboResult(
            differences={name: rows[:, 0] for name, rows in pairs.items()},
            p_values={name: rows[:, 1] for name, rows in pairs.items()},
            contribution=self._contribution / max(self._used, 1),
        )


def placebo_table(
    cohort: pa.Table,
    made: Mapping[str, pa.Table],
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
    *,
    key: tuple[str, str],
    failures: Failures | None = None,
) -> pa.Table:
    """Return the placebo of one headline, 200 cohorts at its score: one row per measure.

    cohort: its members. made: its tables ``scores``, ``matches``, ``tilts`` and ``estimates``.
    key: request_id and analysis_id.

    Measures ``rate`` (points) and ``frequency`` (a person). ``cohorts_n``: those that could be
    compared. ``difference``: mean of theirs. ``difference_error``: its standard error, see
    ``shared_pool_error``. ``significant_percent``: of the cohorts, those with p <= 0.05;
    ``significant_lower``, ``significant_upper``: its 95% interval (Wilson). No row where
    nothing is estimated, or fewer than 20 cohorts can be compared.
    """
    rows = run_analysis(failures, key, _rows, cohort, made, values, covariates, settings, key)
    return rows_table(rows or [], PLACEBO_SCHEMA)


def _rows(
    cohort: pa.Table,
    made: Mapping[str, pa.Table],
    values: CovariateValues,
    covariates: Sequence[Covariate],
    settings: MatchSettings,
    key: tuple[str, str],
) -> list[dict[str, object]]:
    estimates = made["estimates"]
    ours = pc.and_(pc.equal(estimates["request_id"], key[0]), pc.is_valid(estimates["difference"]))
    if not estimates.filter(pc.and_(ours, pc.equal(estimates["analysis_id"], key[1]))).num_rows:
        return []
    pool = placebo_pool(cohort, made, values, covariates, settings)
    found = run_cohorts(pool, settings, cohorts=COHORTS, seed=SEED)
    rows = [{"request_id": key[0], **row} for row in summarise(found, pool)]
    require_finite(rows)
    return rows


def summarise(found: PlaceboResult, pool: PlaceboPool) -> list[dict[str, object]]:
    """Return the columns of ``placebo_table`` from the cohorts of a pool."""
    rows: list[dict[str, object]] = []
    balanced = np.concatenate([stratum.values for stratum in pool.strata])
    z = float(stats.norm.ppf(0.975))
    for measure, differences in found.differences.items():
        n = len(differences)
        if n < SMALLEST_COHORTS:
            continue
        share = float(np.mean(found.p_values[measure] <= 0.05))
        lower, upper = wilson_limits(share, n, z)
        error = shared_pool_error(
            found.contribution, pool.outcomes[measure], balanced, pool.clusters
        )
        scale = measures()[measure].scale
        rows.append(
            {
                "measure": measure,
                "cohorts_n": n,
                "difference": scale * float(differences.mean()),
                "difference_error": scale * error,
                "significant_percent": 100 * share,
                "significant_lower": 100 * lower,
                "significant_upper": 100 * upper,
            }
        )
    return rows


def run_cohorts(
    pool: PlaceboPool, settings: MatchSettings, *, cohorts: int, seed: int
) -> PlaceboResult:
    """Draw, match, tilt and test cohorts of all strata together; equal seed, equal result.

    Differences in the units of the outcome; cohorts that cannot be compared are left out.
    """
    rng = np.random.default_rng(seed)
    draws = [CohortDraws(stratum) for stratum in pool.strata]
    step = max(1, CHUNK_CELLS // max(len(pool.event_id), 1))
    tally = Tally(pool, settings)
    for start in range(0, cohorts, step):
        drawn, weights = _weigh(draws, settings, rng, min(step, cohorts - start))
        for one in range(drawn.shape[1]):
            tally.add(drawn[:, one], weights[:, one])
    return tally.result()


def _weigh(
    draws: Sequence[CohortDraws],
    settings: MatchSettings,
    rng: np.random.Generator,
    cohorts: int,
) -> tuple[BoolArray, FloatArray]:
    """Return who is drawn and the final weights of all strata: (row, cohort).

    A cohort whose tilt is not solved with all terms of the headline keeps its matched weights.
    """
    parts = draw_and_match(draws, settings, rng, cohorts)
    weights = []
    for one, (drawn, matched) in zip(draws, parts, strict=True):
        values = one.stratum.values
        is_tilted = settings.is_tilted and values.shape[1] > 0
        weights.append(
            tilt_cohorts(values, drawn, matched, one.stratum.cell)[0] if is_tilted else matched
        )
    return np.concatenate([drawn for drawn, _ in parts]), np.concatenate(weights)


def compare_cohort(
    pool: PlaceboPool, drawn: BoolArray, weight: FloatArray, settings: MatchSettings
) -> dict[str, tuple[float, float]] | None:
    """Return difference and p of every measure; None where one cannot be compared."""
    compared = {}
    for name, outcome in pool.outcomes.items():
        kind = measures()[name].kind
        one = contrast(outcome, drawn, weight, kind, settings, pool.clusters, is_sized=False)
        if one is None or one.result is None:
            return None
        compared[name] = (one.result.difference.value, one.result.p_value)
    return compared


def contribution_of(drawn: BoolArray, weight: FloatArray) -> FloatArray:
    """Return each row's share in the treated's mean less that in the controls'."""
    share: FloatArray = np.where(
        drawn, weight / weight[drawn].sum(), -weight / weight[~drawn].sum()
    )
    return share


def shared_pool_error(
    contribution: FloatArray, outcome: FloatArray, values: FloatArray, clusters: Clusters
) -> float:
    """Return the standard error of the cohorts' mean difference, the pool being a sample too.

    The mean is sum a y with a the rows' contributions, and all cohorts come from one pool: over
    other pools with the same covariates its variance is the sum over persons of (sum of a e)^2,
    e what a regression of the outcome on the balanced terms leaves, times n / (n - terms). More
    cohorts make the part of chance draws small, not the pool's. Taking the draws for independent,
    as their spread over the root of their number does, calls a sound method biased too often.
    Source: the cluster form of White's variance (Liang & Zeger 1986, Biometrika 73: 13-22).
    """
    columns = np.column_stack([np.ones(len(outcome)), values])
    fitted, _, rank, _ = np.linalg.lstsq(columns, outcome, rcond=None)
    residual = outcome - columns @ fitted
    n = len(outcome)
    sums = np.bincount(clusters.code, contribution * residual)
    return float(np.sqrt(np.sum(sums**2) * n / max(n - int(rank), 1)))
