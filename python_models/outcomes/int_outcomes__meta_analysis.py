from justice_data_lab.statistics import combine_requests


def model(dbt, session):
    """Combine the effects of requests; one row per measure of a pool of two requests or more.

    A request that is with its provider is in no pool: its result could be read from the others.
    """
    estimates = dbt.ref("int_outcomes__estimates").order("request_id, analysis_id, measure")
    requests = dbt.ref("int_outcomes__requests").filter("status <> 'in_review'").order("request_id")
    return combine_requests(estimates.to_arrow_table(), requests.to_arrow_table())
