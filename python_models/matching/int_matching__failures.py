from justice_data_lab.statistics.guard import stored_failures


def model(dbt, session):
    """List the analyses that a stage of the matching ended; one row per stage and analysis."""
    dbt.ref("int_matching__fits")
    dbt.ref("int_matching__scores")
    dbt.ref("int_matching__matches")
    dbt.ref("int_matching__balance")
    dbt.ref("int_matching__diagnostics")
    dbt.ref("int_matching__off_support")
    stages = ("fits", "scores", "matches", "balance", "diagnostics", "off_support")
    return stored_failures(session, dbt.this, [f"int_matching__{stage}" for stage in stages])
