from justice_data_lab.robustness.sensitivity import Inputs, sensitivity_table
from justice_data_lab.statistics import MatchSettings, read_covariates
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Estimate every headline under every scenario; one row per scenario and measure."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    inputs = Inputs(
        cohort=dbt.ref("int_outcomes__members").filter("analysis_id = 'headline'").to_arrow_table(),
        scores=dbt.ref("int_matching__scores").filter("analysis_id = 'headline'").to_arrow_table(),
        covariate_values=dbt.ref("int_cohorts__covariates").to_arrow_table(),
        covariates=read_covariates(covariates),
        analyses=dbt.ref("int_cohorts__analyses").to_arrow_table(),
        estimates=dbt.ref("int_outcomes__estimates").to_arrow_table(),
        diagnostics=dbt.ref("int_matching__diagnostics").to_arrow_table(),
    )
    failures = Failures("sensitivity")
    table = sensitivity_table(
        inputs,
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
