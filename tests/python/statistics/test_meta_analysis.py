"""Random effects across requests, against statsmodels and a published example."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy import stats
from statsmodels.stats import meta_analysis as reference

from justice_data_lab.statistics import combine_requests
from justice_data_lab.statistics.meta_analysis import META_ANALYSIS_SCHEMA, combine_effects

# The 13 trials of the BCG vaccine (Colditz et al. 1994, JAMA 271: 698-702; van Houwelingen, Arends
# & Stijnen 2002): ill and not ill of the vaccinated, ill and not ill of the others.
BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ],
    dtype=float,
)


def draw(seed, k, tau):
    rng = np.random.default_rng(seed)
    errors = rng.uniform(1.5, 6, k)
    return rng.normal(-3, tau, k) + rng.normal(0, errors), errors


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("k", [2, 3, 7, 40])
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("tau", [0, 8])
def test_it_equals_statsmodels(k, seed, tau):
    effects, errors = draw(seed, k, tau)
    ours = combine_effects(effects, errors)
    theirs = reference.combine_effects(effects, errors**2, method_re="dl")
    # statsmodels lets tau2 fall below 0; cut at 0, random effects are the fixed ones.
    kind = "re" if theirs.tau2 > 0 else "fe"
    same = {
        "difference": getattr(theirs, f"mean_effect_{kind}"),
        "tau2": max(0.0, theirs.tau2),
        "q": theirs.q,
        "q_p_value": theirs.test_homogeneity().pvalue,
        "i2": 100 * max(0.0, theirs.i2),
        # Hartung and Knapp's own, and never under the plain error.
        "std_error": max(
            getattr(theirs, f"sd_eff_w_{kind}_hksj"), getattr(theirs, f"sd_eff_w_{kind}")
        ),
    }
    for name, value in same.items():
        assert getattr(ours, name) == pytest.approx(value, abs=1e-10, rel=1e-10), name
    half = stats.t.ppf(0.975, k - 1) * same["std_error"]
    assert ours.upper - ours.difference == pytest.approx(half, rel=1e-10)
    assert (ours.p_value <= 0.05) == (ours.lower > 0 or ours.upper < 0)


def test_both_sides_of_both_corrections_occur():
    draws = [draw(seed, 7, tau) for seed in (1, 2, 3) for tau in (0, 8)]
    fits = [combine_effects(effects, errors) for effects, errors in draws]
    assert {fit.tau2 > 0 for fit in fits} == {True, False}
    plain = [
        np.sqrt(1 / (1 / (s**2 + fit.tau2)).sum()) for (_, s), fit in zip(draws, fits, strict=True)
    ]
    inflated = [fit.std_error > 1.001 * p for fit, p in zip(fits, plain, strict=True)]
    assert set(inflated) == {True, False}


def test_the_published_figures_of_the_bcg_trials():
    """R, metafor 4: rma(yi, vi, method = "DL", test = "knha") on log risk ratios."""
    a, b, c, d = BCG.T
    effects = np.log(a / (a + b) / (c / (c + d)))
    ours = combine_effects(effects, np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
    figures = (ours.q, ours.tau2, ours.i2, ours.difference, ours.std_error)
    assert figures == pytest.approx((152.2330, 0.3088, 92.12, -0.7141, 0.1807), abs=5e-3)
    assert (round(ours.lower, 4), round(ours.upper, 4)) == (-1.1078, -0.3204)


def test_two_requests_that_agree_keep_a_width_and_have_no_prediction():
    ours = combine_effects(np.array([-4.0, -4.0]), np.array([2.0, 3.0]))
    assert (ours.difference, ours.q, ours.tau2, ours.i2) == (-4, 0, 0, 0)
    plain = (1 / (1 / 4 + 1 / 9)) ** 0.5
    assert ours.upper - ours.difference == pytest.approx(12.7062047 * plain)
    assert ours.prediction_lower is None
    assert ours.prediction_upper is None


def test_the_prediction_interval_is_that_of_higgins():
    effects, errors = draw(3, 7, 8)
    ours = combine_effects(effects, errors)
    half = stats.t.ppf(0.975, 5) * np.sqrt(ours.tau2 + ours.std_error**2)
    assert ours.prediction_upper == pytest.approx(ours.difference + half)
    assert ours.prediction_lower == pytest.approx(ours.difference - half)


def make_requests():
    about = [
        ("r1", "Anchor", "private", "drugs"),
        ("r2", "Anchor", "private", "employment"),
        ("r3", "Beacon", "public", "employment"),
        ("r4", "Beacon", None, "employment"),
    ]
    names = ("request_id", "organisation", "sector", "need")
    requests = pa.table(dict(zip(names, zip(*about, strict=True), strict=True)))
    rows = [
        {
            "request_id": request,
            "analysis_id": analysis,
            "measure": measure,
            "difference": -float(place),
            "std_error": error,
        }
        for place, (request, error) in enumerate(
            [("r1", 2.0), ("r2", 3.0), ("r3", 4.0), ("r4", None)]
        )
        for analysis in ("headline", "women")
        for measure in ("rate", "frequency", "days_to_first")
    ]
    schema = pa.schema(
        [
            ("request_id", pa.string()),
            ("analysis_id", pa.string()),
            ("measure", pa.string()),
            ("difference", pa.float64()),
            ("std_error", pa.float64()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema), requests


def test_pools_need_two_requests_with_a_headline_effect():
    estimates, requests = make_requests()
    rows = combine_requests(estimates, requests).to_pylist()
    found = {(row["dimension"], row["value"], row["measure"]): row for row in rows}
    assert list(found) == [
        ("all", "all", "frequency"),
        ("all", "all", "rate"),
        ("need", "employment", "frequency"),
        ("need", "employment", "rate"),
        ("provider", "Anchor", "frequency"),
        ("provider", "Anchor", "rate"),
        ("sector", "private", "frequency"),
        ("sector", "private", "rate"),
    ]
    assert found["all", "all", "rate"]["requests_n"] == 3
    expected = combine_effects(np.array([0.0, -1.0]), np.array([2.0, 3.0]))
    row = found["provider", "Anchor", "rate"]
    assert row["difference"] == expected.difference
    assert row["tau2"] == expected.tau2
    assert row["prediction_lower"] is None


def test_two_requests_have_an_average_and_no_interval():
    for row in combine_requests(*make_requests()).to_pylist():
        bounds = [row[name] for name in ("lower", "upper", "p_value")]
        assert (bounds == [None] * 3) == (row["requests_n"] == 2)
        assert row["difference"] is not None


def test_a_request_that_is_not_among_them_counts_in_no_pool():
    estimates, requests = make_requests()
    kept = requests.slice(0, 2)
    wanted = combine_requests(
        estimates.filter(pc.is_in(estimates["request_id"], kept["request_id"])), kept
    )
    assert combine_requests(estimates, kept).equals(wanted)
    assert wanted["requests_n"].unique().to_pylist() == [2]


def test_row_order_does_not_matter_and_nothing_gives_the_schema():
    estimates, requests = make_requests()
    rng = np.random.default_rng(1)
    shuffled = estimates.take(rng.permutation(estimates.num_rows))
    back = requests.take(rng.permutation(requests.num_rows))
    assert combine_requests(shuffled, back).equals(combine_requests(estimates, requests))
    empty = combine_requests(estimates.slice(0, 0), requests.slice(0, 0))
    assert empty.schema == META_ANALYSIS_SCHEMA
    assert empty.num_rows == 0
