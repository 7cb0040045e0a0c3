from justice_data_lab.disclosure import DisclosureSettings, control_requests


def model(dbt, session):
    """Round the counts of every request; one row per request."""
    return control_requests(
        dbt.ref("int_publishing__request_facts").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
