from justice_data_lab.statements import outcome_statements


def model(dbt, session):
    """Say every published figure in plain English; one row per measure."""
    figures = dbt.ref("int_publishing__outcomes").order("request_id, analysis_id, measure")
    return outcome_statements(
        figures.to_arrow_table(),
        dbt.ref("int_publishing__requests").to_arrow_table(),
    )
