from justice_data_lab.statistics import (
    MatchSettings,
    fit_propensities,
    read_covariates,
    settings_by_analysis,
)
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Fit the propensity of every analysis and stratum; one row per term."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    failures = Failures("fits")
    table = fit_propensities(
        dbt.ref("int_cohorts__members").to_arrow_table(),
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(
            dbt.ref("int_cohorts__analyses").to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
