from justice_data_lab.statistics import (
    MatchSettings,
    read_covariates,
    score_propensities,
    settings_by_analysis,
)
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Score everybody of every analysis with its fit; one row per person of an analysis."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    failures = Failures("scores")
    table = score_propensities(
        dbt.ref("int_cohorts__members").to_arrow_table(),
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        dbt.ref("int_matching__fits").to_arrow_table(),
        settings_by_analysis(
            dbt.ref("int_cohorts__analyses").to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
