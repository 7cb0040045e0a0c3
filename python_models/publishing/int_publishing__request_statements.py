from justice_data_lab.statements import statements_table
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Say of every request what may and may not be concluded; one row per sentence."""
    return keep_each_request(
        session,
        dbt.this,
        statements_table,
        dbt.ref("int_publishing__requests").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_publishing__suggested_analyses").to_arrow_table(),
        dbt.ref("int_publishing__resubmissions").to_arrow_table(),
        dbt.ref("int_publishing__diagnostics_gate").to_arrow_table(),
    )
