from justice_data_lab.statistics import (
    MatchSettings,
    covariate_balance,
    read_covariates,
    settings_by_analysis,
)


def model(dbt, session):
    """Compare the covariates of treated and controls, before and after; one row per level."""
    matches = dbt.ref("int_matching__matches").order("request_id, analysis_id, person_id")
    covariate_values = dbt.ref("int_cohorts__covariates").order("event_id")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    return covariate_balance(
        matches.to_arrow_table(),
        covariate_values.to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(analyses.to_arrow_table(), MatchSettings()),
    )
