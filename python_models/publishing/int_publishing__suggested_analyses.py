from functools import partial

from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_additional,
    published_requests,
)
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Round the sizes of suggested analyses; one row per request and suggested analysis."""
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    requests = dbt.ref("int_publishing__request_facts").to_arrow_table()
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_additional, published=published_requests(requests, settings), settings=settings
        ),
        dbt.ref("int_outcomes__suggested_analyses").to_arrow_table(),
        dbt.ref("int_publishing__suppressed_records").to_arrow_table(),
    )
