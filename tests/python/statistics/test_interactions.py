"""The test of equal effects between subgroups, against statsmodels and a t-test's square."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats
from statsmodels.stats import meta_analysis as reference

from justice_data_lab.statistics import compare_subgroups
from justice_data_lab.statistics.interactions import INTERACTIONS_SCHEMA, cochran_q

ANALYSES_SCHEMA = pa.schema(
    [
        (name, pa.string())
        for name in (
            *("request_id", "analysis_id", "kind"),
            *("event_type", "subgroup_field", "subgroup_value"),
        )
    ]
)
ESTIMATES_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("request_id", "analysis_id", "measure")),
        ("difference", pa.float64()),
        ("std_error", pa.float64()),
    ]
)


def make_analyses():
    rows = [
        ("r1", "headline", "headline", None, None, None),
        ("r1", "community_sentence", "event_type", "community_sentence", None, None),
        ("r1", "prison_release", "event_type", "prison_release", None, None),
        ("r1", "orders", "subgroup", None, "event_type", "community_sentence"),
        ("r1", "women", "subgroup", None, "sex", "F"),
        ("r1", "men", "subgroup", None, "sex", "M"),
        ("r1", "north", "subgroup", None, "region", "north_east"),
        ("r1", "scope_index", "scenario", None, None, None),
        ("r2", "women", "subgroup", None, "sex", "F"),
    ]
    return pa.Table.from_pylist(
        [dict(zip(ANALYSES_SCHEMA.names, row, strict=True)) for row in rows],
        schema=ANALYSES_SCHEMA,
    )


EFFECTS = {
    ("r1", "headline"): (-5.0, 2.0),
    ("r1", "community_sentence"): (-6.0, 2.5),
    ("r1", "prison_release"): (1.0, 3.0),
    ("r1", "orders"): (-99.0, 2.5),
    ("r1", "women"): (-10.0, 5.0),
    ("r1", "men"): (-4.0, 2.2),
    ("r1", "north"): (-3.0, 4.0),
    ("r1", "scope_index"): (-5.1, 2.0),
    ("r2", "women"): (-1.0, 4.0),
}


def make_estimates(effects=EFFECTS):
    rows = [
        {
            "request_id": request,
            "analysis_id": analysis,
            "measure": measure,
            "difference": difference,
            "std_error": error,
        }
        for (request, analysis), (difference, error) in effects.items()
        for measure in ("rate", "frequency", "in_employment_1y")
    ]
    return pa.Table.from_pylist(rows, schema=ESTIMATES_SCHEMA)


@pytest.mark.parametrize("k", [2, 3, 9])
def test_q_is_that_of_statsmodels(k):
    rng = np.random.default_rng(k)
    effects, errors = rng.normal(0, 4, k), rng.uniform(1, 3, k)
    tested = cochran_q(effects, errors)
    other = reference.combine_effects(effects, errors**2).test_homogeneity()
    assert tested.q == pytest.approx(other.statistic, rel=1e-12)
    assert tested.p_value == pytest.approx(other.pvalue, rel=1e-10)
    assert tested.freedom == k - 1


def test_two_groups_are_the_square_of_their_z():
    tested = cochran_q(np.array([-6.0, 1.0]), np.array([2.5, 3.0]))
    z = 7 / np.hypot(2.5, 3.0)
    assert tested.q == pytest.approx(z * z)
    assert tested.p_value == pytest.approx(2 * stats.norm.sf(z))


def test_fields_with_two_groups_are_tested():
    rows = compare_subgroups(make_estimates(), make_analyses()).to_pylist()
    found = {(row["request_id"], row["subgroup_field"], row["measure"]): row for row in rows}
    assert list(found) == [
        ("r1", "event_type", "frequency"),
        ("r1", "event_type", "rate"),
        ("r1", "sex", "frequency"),
        ("r1", "sex", "rate"),
    ]
    sexes = cochran_q(np.array([-10.0, -4.0]), np.array([5.0, 2.2]))
    row = found["r1", "sex", "rate"]
    assert (row["groups_n"], row["degrees_of_freedom"]) == (2, 1)
    assert (row["q"], row["p_value"]) == pytest.approx((sexes.q, sexes.p_value), rel=1e-12)
    # The route's own community sentences are compared, once, not the declared ones as well.
    types = cochran_q(np.array([-6.0, 1.0]), np.array([2.5, 3.0]))
    assert found["r1", "event_type", "rate"]["q"] == pytest.approx(types.q)


def test_a_group_without_an_estimate_is_left_out():
    effects = {**EFFECTS, ("r1", "men"): (None, None)}
    rows = compare_subgroups(make_estimates(effects), make_analyses()).to_pylist()
    assert {row["subgroup_field"] for row in rows} == {"event_type"}


def test_row_order_does_not_matter_and_nothing_gives_the_schema():
    estimates, analyses = make_estimates(), make_analyses()
    rng = np.random.default_rng(1)
    other = compare_subgroups(
        estimates.take(rng.permutation(estimates.num_rows)),
        analyses.take(rng.permutation(analyses.num_rows)),
    )
    assert other.equals(compare_subgroups(estimates, analyses))
    empty = compare_subgroups(estimates.slice(0, 0), analyses.slice(0, 0))
    assert empty.schema == INTERACTIONS_SCHEMA
    assert empty.num_rows == 0
