from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_details,
    published_requests,
)


def model(dbt, session):
    """Round the details of the waterfalls and suppress the small ones; one row per detail."""
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    requests = dbt.ref("int_publishing__request_facts").to_arrow_table()
    return control_details(
        dbt.ref("int_outcomes__attrition_detail").to_arrow_table(),
        dbt.ref("int_publishing__suppressed_records").to_arrow_table(),
        published_requests(requests, settings),
        settings,
    )
