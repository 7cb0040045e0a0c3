from justice_data_lab.statements import statements_table


def model(dbt, session):
    """Say of every request what may and may not be concluded; one row per sentence."""
    return statements_table(
        requests=dbt.ref("int_publishing__requests").to_arrow_table(),
        outcomes=dbt.ref("int_publishing__outcomes").to_arrow_table(),
        suggested_analyses=dbt.ref("int_publishing__suggested_analyses").to_arrow_table(),
        resubmissions=dbt.ref("int_publishing__resubmissions").to_arrow_table(),
    )
