"""The measured jobs of the matching bench: ``python matching_jobs.py JOB FOLDER``.

Each runs in a process of its own and prints one line of JSON: CPU seconds (the smallest of its
repeats, without making the data) and the peak memory of the process. The fits leave their linear
predictor in the folder, for the report to compare.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics import (
    Adjustment,
    Covariate,
    MatchSettings,
    analysis_diagnostics,
    covariate_balance,
    detectable_table,
    estimate_outcomes,
    fit_propensities,
    match_controls,
    power_table,
    score_propensities,
)
from justice_data_lab.statistics.balancing import balance_matches
from justice_data_lab.statistics.contrast import contrast
from justice_data_lab.statistics.covariates import read_values
from justice_data_lab.statistics.glm import fit_logistic
from justice_data_lab.statistics.radius import match_radius, to_grid

COLUMNS = 40
REQUEST = (257, 33_111)
LARGE = (2_000, 998_000)
WIDTHS = (0.2, 0.05, 0.1, 0.5)
COURT_TYPES = np.array(["indictable", "either_way", "summary"])


def world(sizes: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return 20 binary and 20 normal covariates, and who of them is treated."""
    rng = np.random.default_rng(1)
    rows = sum(sizes)
    x = np.empty((rows, COLUMNS), order="F")
    for column in range(COLUMNS):
        x[:, column] = rng.random(rows) < 0.3 if column < 20 else rng.normal(size=rows)
    chance = x @ (rng.normal(size=COLUMNS) * 0.25) + rng.gumbel(size=rows)
    treated = np.zeros(rows, dtype=bool)
    treated[np.argpartition(-chance, sizes[0])[: sizes[0]]] = True
    return x, treated


def tables(x: np.ndarray, treated: np.ndarray) -> tuple[pa.Table, pa.Table, list[Covariate]]:
    """Return the world as the pipeline's tables, with all measures and delays."""
    rng = np.random.default_rng(2)
    rows = len(treated)
    first = rng.integers(1, 900, rows)
    delay = rng.integers(0, 100, rows)
    first = np.where(treated, np.maximum(first, delay + 1), first)
    again = first <= 365
    never = ~again
    counts = np.where(again, 1 + rng.poisson(1.2, rows), 0)
    text = pa.array(["r"] * rows)
    of_type = {name: np.where(again, rng.poisson(0.7, rows), 0) for name in COURT_TYPES}
    serious = of_type["indictable"] + of_type["either_way"] > 0
    sentences = np.where(again, rng.poisson(0.4, rows), 0)
    cohort = {
        "request_id": text,
        "analysis_id": pa.array(["headline"] * rows),
        "stratum": pa.array(["community_sentence"] * rows),
        "person_id": np.arange(rows),
        "event_id": np.arange(rows),
        "is_treated": treated,
        "delay_days": pa.array(delay.astype(np.int32), mask=~treated),
        "last_day": pa.array(np.minimum(first, 182).astype(np.int32), mask=treated),
        "is_reoffender": again,
        "reoffences_n": counts,
        "days_to_first": pa.array(first.astype(np.int32), mask=never),
        "first_court_type": pa.array(COURT_TYPES[rng.integers(0, 3, rows)], mask=never),
        **{f"reoffences_{name}_n": values for name, values in of_type.items()},
        "is_first_custody": pa.array(rng.random(rows) < 0.3, mask=never),
        "custodial_sentences_n": sentences,
        "in_employment_1y": pa.array(rng.random(rows) < 0.3, mask=rng.random(rows) < 0.1),
        "is_any_indictable": of_type["indictable"] > 0,
        "is_any_either_way": of_type["either_way"] > 0,
        "is_any_serious": serious,
        "is_any_summary_only": again & ~serious,
        "is_any_custody": sentences > 0,
        "days_free": np.where(again, first, 365),
        "days_at_liberty": np.where(rng.random(rows) < 0.1, rng.integers(0, 365, rows), 365),
    }
    names = [f"x{column}" for column in range(COLUMNS)]
    values = {"event_id": np.arange(rows)}
    values |= {name: x[:, column] for column, name in enumerate(names)}
    kinds = ["binary"] * 20 + ["continuous"] * 20
    covariates = [
        Covariate(name=name, family="all", kind=kind)
        for name, kind in zip(names, kinds, strict=True)
    ]
    return pa.table(cohort), pa.table(values), covariates


def whole_request(parts: tuple[pa.Table, pa.Table, list[Covariate]], condition: str) -> None:
    """Fit, match, balance, all measures with their doubly robust estimates, power; four widths.

    The three further widths are those of the sensitivity table: balance, rate and frequency.
    """
    cohort, table, covariates = parts
    settings = MatchSettings(control_condition=condition)
    values = read_values(table, covariates)  # once, as the pass of a build does
    models = fit_propensities(cohort, values, covariates, settings)
    scores = score_propensities(cohort, values, covariates, models, settings)
    matches = match_controls(scores, settings)
    matches = balance_matches(matches, scores, cohort, values, covariates, settings).matches
    balance = covariate_balance(matches, values, covariates, settings)
    analysis_diagnostics(models, scores, matches, balance)
    adjustment = Adjustment(values, covariates, settings)
    estimates = estimate_outcomes(cohort, matches, settings, adjustment=adjustment)
    power_table(estimates, settings)
    detectable_table(estimates, settings)
    weight = np.zeros(cohort.num_rows)
    outcomes = {
        "binary": cohort["is_reoffender"].to_numpy().astype(float),
        "count": cohort["reoffences_n"].to_numpy().astype(float),
    }
    for width in WIDTHS[1:]:
        other = MatchSettings(control_condition=condition, width=width)
        matched = match_controls(scores, other)
        covariate_balance(matched, values, covariates, other)
        weight[matched["person_id"].to_numpy()] = matched["weight"].to_numpy()
        for kind, outcome in outcomes.items():
            contrast(outcome, cohort["is_treated"].to_numpy(), weight, kind, other)


def statsmodels_fit(x: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return the linear predictor of statsmodels' Logit, by Newton."""
    import statsmodels.api as sm

    design = sm.add_constant(x)
    fit = sm.Logit(treated.astype(float), design).fit(
        method="newton", disp=0, maxiter=100, tol=1e-12
    )
    return np.asarray(design @ fit.params)


def sklearn_fit(**options: object) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return scikit-learn's logistic regression with these options, as a fit."""

    def fit(x: np.ndarray, treated: np.ndarray) -> np.ndarray:
        from sklearn.linear_model import LogisticRegression

        return np.asarray(LogisticRegression(**options).fit(x, treated).decision_function(x))

    return fit


def our_fit(x: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return the linear predictor of this project's fit; the fit alone is timed."""
    fit = fit_logistic(x, treated)
    if not fit.converged:
        raise RuntimeError("the fit did not converge")
    return fit.coefficients[0] + x @ fit.coefficients[1:]


def psmpy_match(x: np.ndarray, treated: np.ndarray) -> None:
    """Fit and match one to one by psmpy, which has no radius."""
    import pandas as pd
    from psmpy import PsmPy

    frame = pd.DataFrame(x, columns=[f"x{column}" for column in range(COLUMNS)])
    frame["treated"], frame["person"] = treated.astype(int), np.arange(len(treated))
    psm = PsmPy(frame, treatment="treated", indx="person", exclude=[])
    psm.logistic_ps(balance=False)
    psm.kdtree_matched(matcher="propensity_logit", replacement=False, caliper=None)


FITS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "ours": our_fit,
    "statsmodels": statsmodels_fit,
    "sklearn_converged": sklearn_fit(C=np.inf, solver="newton-cholesky", tol=1e-10, max_iter=200),
    "sklearn_default": sklearn_fit(),
}


def timed(work: Callable[[], object], repeats: int) -> tuple[float, object]:
    """Return the smallest CPU seconds of the repeats, and the last result."""
    best, result = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def run_fit(name: str, sizes: tuple[int, int], folder: Path, repeats: int) -> float:
    """Time one fit and keep its linear predictor."""
    x, treated = world(sizes)
    seconds, score = timed(lambda: FITS[name](x, treated), repeats)
    np.save(folder / f"{name}_{sizes[1]}.npy", score)
    return seconds


def run_radius(kind: str) -> float:
    """Time the radius weights of the large world: scores to weights."""
    rng = np.random.default_rng(3)
    treated, controls = rng.normal(0.6, 1, LARGE[0]), rng.normal(0, 1, LARGE[1])
    delays, last_days = rng.integers(0, 180, LARGE[0]), rng.integers(0, 183, LARGE[1])
    width = int(to_grid(np.array([0.2]))[0])
    ours, theirs = to_grid(treated), to_grid(controls)
    if kind == "sklearn":
        from sklearn.neighbors import NearestNeighbors

        def neighbours() -> object:
            near = NearestNeighbors(radius=0.2, algorithm="kd_tree").fit(controls[:, None])
            weights = np.zeros(len(controls))
            for start in range(0, len(treated), 50):  # all pairs at once do not fit into memory
                part = treated[start : start + 50, None]
                for found in near.radius_neighbors(part, return_distance=False):
                    weights[found] += 1 / max(len(found), 1)
            return weights

        return timed(neighbours, 1)[0]
    days = {"delays": delays, "last_days": last_days} if kind == "risk_set" else {}
    return timed(lambda: match_radius(ours, theirs, width=width, **days), 5)[0]


def run_request(kind: str) -> float:
    """Time a request, or the part of it that another package has."""
    x, treated = world(REQUEST)
    if kind in ("logistic", "risk_set"):
        parts = tables(x, treated)
        condition = "none" if kind == "logistic" else "risk_set"
        return timed(lambda: whole_request(parts, condition), 3)[0]
    return timed(lambda: psmpy_match(x, treated), 1)[0]


def main() -> None:
    """Run one job."""
    job, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore")
    what, _, name = job.partition("/")
    with redirect_stdout(io.StringIO()):  # psmpy prints its progress
        if what == "request":
            seconds = run_request(name)
        elif what == "radius":
            seconds = run_radius(name)
        else:
            sizes, repeats = (LARGE, 1) if what == "large_fit" else (REQUEST, 3)
            seconds = run_fit(name, sizes, folder, repeats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": seconds, "memory": memory}))


if __name__ == "__main__":
    main()
