from justice_data_lab.statistics.guard import stored_failures


def model(dbt, session):
    """List the pools of requests that could not be combined; one row per pool and measure."""
    dbt.ref("int_outcomes__meta_analysis")
    return stored_failures(session, dbt.this, ["int_outcomes__meta_analysis"])
