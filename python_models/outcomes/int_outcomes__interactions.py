from justice_data_lab.statistics import compare_subgroups


def model(dbt, session):
    """Test whether the effects of subgroups differ; one row per field and measure of a request."""
    estimates = dbt.ref("int_outcomes__estimates").order("request_id, analysis_id, measure")
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    return compare_subgroups(estimates.to_arrow_table(), analyses.to_arrow_table())
