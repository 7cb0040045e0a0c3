from justice_data_lab.disclosure import control_placebo
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Round the placebo of every published headline; one row per request and measure."""
    return keep_each_request(
        session,
        dbt.this,
        control_placebo,
        dbt.ref("int_outcomes__placebo").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
    )
