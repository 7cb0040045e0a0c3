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
    members = dbt.ref("int_outcomes__members").order("request_id, analysis_id, person_id")
    matches = dbt.ref("int_matching__matches").order("request_id, analysis_id, person_id")
    scores = dbt.ref("int_matching__scores").order("request_id, analysis_id, person_id")
    covariate_values = dbt.ref("int_cohorts__covariates").order("event_id")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id").to_arrow_table()
    settings = MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    adjustment = Adjustment(
        scores.to_arrow_table(),
        covariate_values.to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(analyses, settings),
    )
    return estimate_outcomes(
        members.to_arrow_table(),
        matches.to_arrow_table(),
        settings,
        adjustment=adjustment,
        scenarios=scenario_keys(analyses),
    )
