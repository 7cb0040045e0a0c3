from justice_data_lab.statistics import combine_requests
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Combine the effects of requests; one row per measure of a pool of two requests or more."""
    failures = Failures("meta_analysis")
    table = combine_requests(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_outcomes__pooled_requests").to_arrow_table(),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
