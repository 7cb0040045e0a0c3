from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_requests
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Round the counts of every request; one row per request."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_requests,
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_publishing__request_facts").to_arrow_table(),
    )
