from justice_data_lab.robustness.sensitivity import Inputs, sensitivity_table
from justice_data_lab.statistics import MatchSettings, read_covariates


def model(dbt, session):
    """Estimate every headline under every scenario; one row per scenario and measure."""
    members = dbt.ref("int_outcomes__members").filter("analysis_id = 'headline'")
    scores = dbt.ref("int_matching__scores").filter("analysis_id = 'headline'")
    covariate_values = dbt.ref("int_cohorts__covariates").order("event_id")
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    estimates = dbt.ref("int_outcomes__estimates").order("request_id, analysis_id, measure")
    diagnostics = dbt.ref("int_matching__diagnostics").order("request_id, analysis_id")
    inputs = Inputs(
        cohort=members.order("request_id, analysis_id, person_id").to_arrow_table(),
        scores=scores.order("request_id, analysis_id, person_id").to_arrow_table(),
        covariate_values=covariate_values.to_arrow_table(),
        covariates=read_covariates(covariates),
        analyses=analyses.to_arrow_table(),
        estimates=estimates.to_arrow_table(),
        diagnostics=diagnostics.to_arrow_table(),
    )
    return sensitivity_table(
        inputs, MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    )
