from functools import partial

from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_details,
    published_requests,
)
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Round the details of the waterfalls and suppress the small ones; one row per detail."""
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    requests = dbt.ref("int_publishing__request_facts").to_arrow_table()
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_details, published=published_requests(requests, settings), settings=settings
        ),
        dbt.ref("int_outcomes__attrition_detail").to_arrow_table(),
        dbt.ref("int_publishing__suppressed_records").to_arrow_table(),
    )
