from justice_data_lab.statements import target_trial_table
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Write the target trial card of every analysed request; one row per item."""
    return keep_each_request(
        session,
        dbt.this,
        target_trial_table,
        dbt.ref("int_outcomes__trial_settings").to_arrow_table(),
        dbt.ref("int_publishing__requests").to_arrow_table(),
        dbt.ref("int_publishing__analysis_sizes").to_arrow_table(),
        dbt.ref("int_publishing__attrition").to_arrow_table(),
        dbt.ref("int_publishing__pool_attrition").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_publishing__pre_service_check").to_arrow_table(),
        dbt.ref("int_publishing__diagnostics_gate").to_arrow_table(),
        dbt.ref("int_publishing__sensitivity").to_arrow_table(),
    )
