from justice_data_lab.statistics import (
    Adjustment,
    MatchSettings,
    estimate_outcomes,
    read_covariates,
    scenario_keys,
    settings_by_analysis,
)
from justice_data_lab.statistics.guard import Failures, without_failed


def model(dbt, session):
    """Estimate every measure of every analysis; one row per measure."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").to_arrow_table()
    settings = MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    adjustment = Adjustment(
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(analyses, settings),
    )
    matches = without_failed(dbt.ref("int_matching__matches"), dbt.ref("int_matching__failures"))
    failures = Failures("estimates")
    table = estimate_outcomes(
        dbt.ref("int_outcomes__members").to_arrow_table(),
        matches.to_arrow_table(),
        settings,
        adjustment=adjustment,
        scenarios=scenario_keys(analyses),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
