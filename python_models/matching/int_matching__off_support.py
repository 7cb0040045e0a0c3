from justice_data_lab.statistics import (
    MatchSettings,
    off_support_characteristics,
    read_covariates,
    settings_by_analysis,
)


def model(dbt, session):
    """Describe the treated without a control beside the matched; one row per covariate level."""
    matches = dbt.ref("int_matching__matches").order("request_id, analysis_id, person_id")
    covariate_values = dbt.ref("int_cohorts__covariates").order("event_id")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    return off_support_characteristics(
        matches.to_arrow_table(),
        covariate_values.to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(analyses.to_arrow_table(), MatchSettings()),
    )
