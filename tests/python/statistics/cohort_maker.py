"""Synthetic cohorts in the form of the entry points' inputs, for the tests of this folder."""

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics import Covariate

COVARIATES = (
    Covariate(name="sex", family="demographics", kind="categorical", reference_level="M"),
    Covariate(name="quarter", family="index_offence", kind="categorical"),
    Covariate(name="age", family="demographics", kind="continuous"),
    Covariate(name="copas", family="criminal_history", kind="continuous"),
    Covariate(name="employed", family="employment_and_benefits", kind="binary"),
)
COHORT_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("stratum", pa.string()),
        ("person_id", pa.int64()),
        ("event_id", pa.int64()),
        ("is_treated", pa.bool_()),
        ("delay_days", pa.int32()),
        ("last_day", pa.int32()),
        ("own_last_day", pa.int32()),
        ("index_date", pa.date32()),
        ("draw_order", pa.int64()),
        ("is_linked_elsewhere", pa.bool_()),
        ("is_reoffender", pa.bool_()),
        ("reoffences_n", pa.int64()),
        ("days_to_first", pa.int32()),
        ("first_court_type", pa.string()),
        ("reoffences_indictable_n", pa.int64()),
        ("reoffences_either_way_n", pa.int64()),
        ("reoffences_summary_n", pa.int64()),
        ("is_first_custody", pa.bool_()),
        ("custodial_sentences_n", pa.int64()),
        ("in_employment_1y", pa.bool_()),
        ("days_at_liberty", pa.int32()),
        ("is_any_indictable", pa.bool_()),
        ("is_any_either_way", pa.bool_()),
        ("is_any_serious", pa.bool_()),
        ("is_any_summary_only", pa.bool_()),
        ("is_any_custody", pa.bool_()),
        ("days_free", pa.int32()),
    ]
)
COURT_TYPES = ("indictable", "either_way", "summary")
VALUES_SCHEMA = pa.schema(
    [
        ("event_id", pa.int64()),
        ("sex", pa.string()),
        ("quarter", pa.string()),
        ("age", pa.float64()),
        ("copas", pa.float64()),
        ("employed", pa.bool_()),
    ]
)


def make_cohort(
    *,
    seed=1,
    treated_n=120,
    controls_n=2000,
    with_delay=True,
    request_id="r1",
    analysis_id="headline",
    stratum="community_sentence",
    first_event=0,
):
    """Return a cohort and the covariates of its events."""
    rng = np.random.default_rng(seed)
    n = treated_n + controls_n
    treated = np.arange(n) < treated_n
    age = np.round(rng.gamma(9, 4, n) - 4 * treated)
    copas = rng.normal(-1, 0.8, n) + 0.4 * treated
    employed = rng.random(n) < np.where(treated, 0.2, 0.35)
    first = rng.integers(1, 900, n)
    delay = rng.integers(0, 100, n)
    first = np.where(treated, np.maximum(first, delay + 1), first)
    reoffends = first <= 365
    event_id = first_event + np.arange(n)
    reoffences = np.where(reoffends, 1 + rng.poisson(1.2, n), 0)
    severity = severity_of(np.random.default_rng(seed + 1000), reoffends, reoffences)
    cohort = (
        pa.table(
            {
                "request_id": [request_id] * n,
                "analysis_id": [analysis_id] * n,
                "stratum": [stratum] * n,
                "person_id": event_id,
                "event_id": event_id,
                "is_treated": treated,
                "delay_days": pa.array(delay, mask=~(treated & with_delay)),
                "last_day": pa.array(np.minimum(first, 182), mask=treated),
                "own_last_day": pa.nulls(n, pa.int32()),
                "index_date": pa.array(14_000 + np.arange(n), pa.int32()).cast(pa.date32()),
                "draw_order": pa.array(np.ones(n, dtype=np.int64), mask=treated),
                "is_linked_elsewhere": np.zeros(n, dtype=bool),
                "is_reoffender": reoffends,
                "reoffences_n": reoffences,
                "days_to_first": pa.array(first, mask=~reoffends),
                "days_free": np.where(reoffends, first, 365),
                **severity,
            }
        )
        .select(COHORT_SCHEMA.names)
        .cast(COHORT_SCHEMA)
    )
    values = pa.table(
        {
            "event_id": event_id,
            "sex": rng.choice(["M", "F"], n, p=[0.8, 0.2]),
            "quarter": rng.choice(["2010q1", "2010q2", "2010q3"], n),
            "age": pa.array(age, mask=rng.random(n) < 0.05),
            "copas": copas,
            "employed": pa.array(employed, mask=rng.random(n) < 0.08),
        }
    ).cast(VALUES_SCHEMA)
    return cohort, values


def severity_of(rng, reoffends, reoffences):
    """Return court types, custody and later employment, which some people do not know."""
    n = len(reoffends)
    shares = rng.multinomial(np.maximum(reoffences - 1, 0), (0.15, 0.35, 0.5))
    first = rng.choice(3, n, p=(0.15, 0.35, 0.5))
    counts = {
        f"reoffences_{name}_n": np.where(reoffends, shares[:, place] + (first == place), 0)
        for place, name in enumerate(COURT_TYPES)
    }
    custody = rng.random(n) < 0.3
    sentences = np.where(reoffends, custody + rng.poisson(0.2, n), 0)
    serious = counts["reoffences_indictable_n"] + counts["reoffences_either_way_n"] > 0
    return {
        "first_court_type": pa.array(np.array(COURT_TYPES)[first], mask=~reoffends),
        **counts,
        "is_first_custody": pa.array(custody, mask=~reoffends),
        "custodial_sentences_n": sentences,
        "in_employment_1y": pa.array(rng.random(n) < 0.3, mask=rng.random(n) < 0.1),
        "days_at_liberty": np.where(rng.random(n) < 0.2, rng.integers(0, 365, n), 365),
        "is_any_indictable": counts["reoffences_indictable_n"] > 0,
        "is_any_either_way": counts["reoffences_either_way_n"] > 0,
        "is_any_serious": serious,
        "is_any_summary_only": reoffends & ~serious,
        "is_any_custody": sentences > 0,
    }


def replace(table, name, values):
    """Return the table with one column's values replaced, in its own type."""
    place = table.column_names.index(name)
    column = pa.array(values, table.schema.field(name).type, from_pandas=True)
    return table.set_column(place, table.schema.field(name), column)
