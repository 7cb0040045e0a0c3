from justice_data_lab.statistics import (
    MatchSettings,
    fit_propensities,
    read_covariates,
    settings_by_analysis,
)


def model(dbt, session):
    """Fit the propensity of every analysis and stratum; one row per term."""
    members = dbt.ref("int_cohorts__members").order("request_id, analysis_id, person_id")
    covariate_values = dbt.ref("int_cohorts__covariates").order("event_id")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    return fit_propensities(
        members.to_arrow_table(),
        covariate_values.to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(
            analyses.to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
    )
