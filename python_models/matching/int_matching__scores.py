from justice_data_lab.statistics import (
    MatchSettings,
    read_covariates,
    score_propensities,
    settings_by_analysis,
)


def model(dbt, session):
    """Score everybody of every analysis with its fit; one row per person of an analysis."""
    members = dbt.ref("int_cohorts__members").order("request_id, analysis_id, person_id")
    covariate_values = dbt.ref("int_cohorts__covariates").order("event_id")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    return score_propensities(
        members.to_arrow_table(),
        covariate_values.to_arrow_table(),
        read_covariates(covariates),
        dbt.ref("int_matching__fits").to_arrow_table(),
        settings_by_analysis(
            analyses.to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
    )
