from justice_data_lab.statistics import combine_requests
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Combine the effects of requests; one row per measure of a pool of two requests or more.

    A request that is with its provider is in no pool: its result could be read from the others.
    """
    failures = Failures("meta_analysis")
    table = combine_requests(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_outcomes__requests").filter("status <> 'in_review'").to_arrow_table(),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
