from justice_data_lab.statistics import combine_requests


def model(dbt, session):
    """Combine the effects of requests; one row per measure of a pool of two requests or more.

    A request that is with its provider is in no pool: its result could be read from the others.
    """
    return combine_requests(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_outcomes__requests").filter("status <> 'in_review'").to_arrow_table(),
    )
