from justice_data_lab.statistics import analysis_diagnostics


def model(dbt, session):
    """Sum up support, weights and balance; one row per analysis."""
    scores = dbt.ref("int_matching__scores").order("request_id, analysis_id, person_id")
    matches = dbt.ref("int_matching__matches").order("request_id, analysis_id, person_id")
    return analysis_diagnostics(
        dbt.ref("int_matching__fits").to_arrow_table(),
        scores.to_arrow_table(),
        matches.to_arrow_table(),
        dbt.ref("int_matching__balance").to_arrow_table(),
    )
