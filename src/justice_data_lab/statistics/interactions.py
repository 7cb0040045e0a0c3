"""Whether the effects of one request differ between its subgroups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import stats

from justice_data_lab.statistics.arrow import FloatArray, rows_table
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.weighted import weighted_mean

INTERACTIONS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("subgroup_field", pa.string()),
        ("measure", pa.string()),
        ("groups_n", pa.int64()),
        ("q", pa.float64()),
        ("degrees_of_freedom", pa.int64()),
        ("p_value", pa.float64()),
    ]
)
TESTED_MEASURES = ("rate", "frequency")


@dataclass(frozen=True)
class Heterogeneity:
    """Cochran's Q over independent effects, its degrees of freedom and p (0 to 1)."""

    q: float
    freedom: int
    p_value: float


def cochran_q(effects: FloatArray, std_errors: FloatArray) -> Heterogeneity:
    """Test that two or more independent effects are equal.

    Q = sum w (d - dbar)^2 with w = 1 / se^2 and dbar the mean by w; chi-squared with k - 1
    degrees of freedom. All standard errors must be above 0. Source: Cochran (1954, Biometrics 10:
    101-129).
    """
    weights = 1 / std_errors**2
    q = float(np.sum(weights * (effects - weighted_mean(effects, weights)) ** 2))
    freedom = len(effects) - 1
    return Heterogeneity(q, freedom, float(stats.chi2.sf(q, freedom)))


def compare_subgroups(
    estimates: pa.Table, analyses: pa.Table, *, failures: Failures | None = None
) -> pa.Table:
    """Test, for every field that subgroups of a request are cut by, that their effects are equal.

    estimates: what ``estimate_outcomes`` returns. analyses: one row per (request_id, analysis_id)
    with kind, event_type, subgroup_field and subgroup_value. Compared are the analyses of the
    kind ``subgroup`` that share a field, and those of the kind ``event_type`` (field
    ``event_type``; a declared subgroup of the same value gives way).

    The groups of one field have different treated people. Controls can stand in several, which
    makes the differences alike and the test careful, never the other way.

    Returns one row per (request_id, subgroup_field, measure) with two or more estimated groups;
    measures ``rate`` and ``frequency``. A p <= 0.05 says that the effects differ, a larger one
    never that they are the same.
    """
    groups = _groups(analyses)
    found: dict[tuple[str, str, str], dict[str, tuple[float, float]]] = {}
    names = ["request_id", "analysis_id", "measure", "difference", "std_error"]
    for row in estimates.select(names).to_pylist():
        group = groups.get((row["request_id"], row["analysis_id"]))
        if group is None or row["measure"] not in TESTED_MEASURES or not row["std_error"]:
            continue
        field, value, is_own = group
        key = (row["request_id"], field, row["measure"])
        known = found.setdefault(key, {})
        if is_own or value not in known:
            known[value] = (row["difference"], row["std_error"])
    rows: list[dict[str, object]] = []
    for key in sorted(found):
        rows += run_analysis(failures, key[:1], _row, key, found[key]) or []
    return rows_table(rows, INTERACTIONS_SCHEMA)


def _groups(analyses: pa.Table) -> dict[tuple[str, str], tuple[str, str, bool]]:
    """Return field and value of every subgroup, and whether the route made it, not a plan."""
    groups: dict[tuple[str, str], tuple[str, str, bool]] = {}
    for row in analyses.to_pylist():
        key = (row["request_id"], row["analysis_id"])
        if row["kind"] == "subgroup":
            groups[key] = (row["subgroup_field"], row["subgroup_value"], False)
        elif row["kind"] == "event_type":
            groups[key] = ("event_type", row["event_type"], True)
    return groups


def _row(
    key: tuple[str, str, str], effects: dict[str, tuple[float, float]]
) -> list[dict[str, object]]:
    if len(effects) < 2:
        return []
    values = np.array([effects[value] for value in sorted(effects)], dtype=np.float64)
    tested = cochran_q(values[:, 0], values[:, 1])
    row: dict[str, object] = {
        **dict(zip(("request_id", "subgroup_field", "measure"), key, strict=True)),
        "groups_n": len(values),
        "q": tested.q,
        "degrees_of_freedom": tested.freedom,
        "p_value": tested.p_value,
    }
    require_finite([row])
    return [row]
