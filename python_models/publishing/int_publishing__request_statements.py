from justice_data_lab.statements import statements_table
from justice_data_lab.statistics.guard import Failures, each_request


def model(dbt, session):
    """Say of every request what may and may not be concluded; one row per sentence."""
    failures = Failures("publishing_request_statements")
    table = each_request(
        failures,
        statements_table,
        dbt.ref("int_publishing__requests").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_publishing__suggested_analyses").to_arrow_table(),
        dbt.ref("int_publishing__resubmissions").to_arrow_table(),
    )
    failures.store(session, dbt.this)
    return table
