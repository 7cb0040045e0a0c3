from justice_data_lab.statements import outcome_statements
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Say every published figure in plain English; one row per measure."""
    figures = dbt.ref("int_publishing__outcomes").order("request_id, analysis_id, measure")
    return keep_each_request(
        session,
        dbt.this,
        outcome_statements,
        figures.to_arrow_table(),
        dbt.ref("int_publishing__requests").to_arrow_table(),
    )
