from justice_data_lab.statements import outcome_statements
from justice_data_lab.statistics.guard import Failures, each_request


def model(dbt, session):
    """Say every published figure in plain English; one row per measure."""
    figures = dbt.ref("int_publishing__outcomes").order("request_id, analysis_id, measure")
    failures = Failures("publishing_statements")
    table = each_request(
        failures,
        outcome_statements,
        figures.to_arrow_table(),
        dbt.ref("int_publishing__requests").to_arrow_table(),
    )
    failures.store(session, dbt.this)
    return table
