from justice_data_lab.statistics import MatchSettings, read_covariates, settings_by_analysis
from justice_data_lab.statistics.guard import Failures, without_failed
from justice_data_lab.statistics.year_before import compare_year_before


def model(dbt, session):
    """Compare the offending of both groups in the year before; one row per headline."""
    covariates = dbt.ref("covariates").filter("covariate <> 'ogrs3'").order("covariate_order")
    members = without_failed(dbt.ref("int_outcomes__members"), dbt.ref("int_matching__failures"))
    failures = Failures("year_before")
    table = compare_year_before(
        members.filter("analysis_id = 'headline'").to_arrow_table(),
        dbt.ref("int_cohorts__year_before").to_arrow_table(),
        read_covariates(covariates.to_arrow_table()),
        settings_by_analysis(
            dbt.ref("int_cohorts__analyses").to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
