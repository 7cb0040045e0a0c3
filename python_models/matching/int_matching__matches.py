from justice_data_lab.statistics import (
    MatchSettings,
    balance_matches,
    match_controls,
    read_covariates,
    settings_by_analysis,
)
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Match by radius and balance exactly; one row per event of an analysis, with the weight."""
    failures = Failures("matches")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    scores = dbt.ref("int_matching__scores").to_arrow_table()
    settings = settings_by_analysis(
        dbt.ref("int_cohorts__analyses").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
    balanced = balance_matches(
        match_controls(scores, settings, failures=failures),
        scores,
        dbt.ref("int_cohorts__members").to_arrow_table(),
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        settings,
        failures=failures,
    )
    failures.store(session, dbt.this)
    balanced.store_proof(session, dbt.this)
    return balanced.matches
