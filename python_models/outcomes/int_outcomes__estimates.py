from justice_data_lab.statistics import (
    Adjustment,
    MatchSettings,
    estimate_outcomes,
    read_covariates,
    scenario_keys,
    settings_by_analysis,
)


def model(dbt, session):
    """Estimate every measure of every analysis; one row per measure."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").to_arrow_table()
    settings = MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    adjustment = Adjustment(
        dbt.ref("int_matching__scores").to_arrow_table(),
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(analyses, settings),
    )
    return estimate_outcomes(
        dbt.ref("int_outcomes__members").to_arrow_table(),
        dbt.ref("int_matching__matches").to_arrow_table(),
        settings,
        adjustment=adjustment,
        scenarios=scenario_keys(analyses),
    )
