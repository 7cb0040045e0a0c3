from justice_data_lab.statistics import compare_subgroups
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Test whether the effects of subgroups differ; one row per field and measure of a request."""
    estimates = dbt.ref("int_outcomes__estimates").order("request_id, analysis_id, measure")
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    failures = Failures("interactions")
    table = compare_subgroups(
        estimates.to_arrow_table(),
        analyses.to_arrow_table(),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
