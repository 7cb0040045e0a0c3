from functools import partial

from justice_data_lab.disclosure import (
    DisclosureSettings,
    published_requests,
    suppressed_records,
)
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Find the counts of records that all of them together give away; one row per hidden count."""
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    requests = dbt.ref("int_publishing__request_facts").to_arrow_table()
    return keep_each_request(
        session,
        dbt.this,
        partial(
            suppressed_records,
            published=published_requests(requests, settings),
            settings=settings,
        ),
        dbt.ref("int_outcomes__attrition").to_arrow_table(),
        dbt.ref("int_outcomes__attrition_detail").to_arrow_table(),
        dbt.ref("int_outcomes__resubmissions").to_arrow_table(),
        dbt.ref("int_outcomes__suggested_analyses").to_arrow_table(),
    )
