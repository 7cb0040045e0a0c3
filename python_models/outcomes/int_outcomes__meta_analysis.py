from justice_data_lab.statistics import combine_requests


def model(dbt, session):
    """Combine the effects of requests; one row a measure of a pool of two requests or more."""
    estimates = dbt.ref("int_outcomes__estimates").order("request_id, analysis_id, measure")
    requests = dbt.ref("int_outcomes__requests").order("request_id")
    return combine_requests(estimates.to_arrow_table(), requests.to_arrow_table())
