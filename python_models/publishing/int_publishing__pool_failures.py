from justice_data_lab.statistics.guard import stored_failures


def model(dbt, session):
    """Say whether the pooled results could not be made for publication; one row if so."""
    dbt.ref("int_publishing__meta_analysis")
    return stored_failures(session, dbt.this, ["int_publishing__meta_analysis"])
