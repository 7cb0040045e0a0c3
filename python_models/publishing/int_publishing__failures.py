from justice_data_lab.statistics.guard import stored_failures


def model(dbt, session):
    """List the requests of which a table could not be made for publication; one row per table."""
    dbt.ref("int_publishing__analysis_sizes")
    dbt.ref("int_publishing__attrition")
    dbt.ref("int_publishing__attrition_detail")
    dbt.ref("int_publishing__cohorts")
    dbt.ref("int_publishing__covariate_balance")
    dbt.ref("int_publishing__detectable")
    dbt.ref("int_publishing__diagnostics_gate")
    dbt.ref("int_publishing__outcomes")
    dbt.ref("int_publishing__placebo")
    dbt.ref("int_publishing__pool_attrition")
    dbt.ref("int_publishing__power")
    dbt.ref("int_publishing__pre_service_check")
    dbt.ref("int_publishing__request_statements")
    dbt.ref("int_publishing__requests")
    dbt.ref("int_publishing__resubmissions")
    dbt.ref("int_publishing__sensitivity")
    dbt.ref("int_publishing__statements")
    dbt.ref("int_publishing__subgroup_interactions")
    dbt.ref("int_publishing__suggested_analyses")
    dbt.ref("int_publishing__suppressed_records")
    dbt.ref("int_publishing__survival")
    dbt.ref("int_publishing__target_trial")
    stages = (
        "analysis_sizes",
        "attrition",
        "attrition_detail",
        "cohorts",
        "covariate_balance",
        "detectable",
        "diagnostics_gate",
        "outcomes",
        "placebo",
        "pool_attrition",
        "power",
        "pre_service_check",
        "request_statements",
        "requests",
        "resubmissions",
        "sensitivity",
        "statements",
        "subgroup_interactions",
        "suggested_analyses",
        "suppressed_records",
        "survival",
        "target_trial",
    )
    return stored_failures(session, dbt.this, [f"int_publishing__{stage}" for stage in stages])
