from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_requests
from justice_data_lab.statistics.guard import Failures, each_request


def model(dbt, session):
    """Round the counts of every request; one row per request."""
    failures = Failures("publishing_requests")
    table = each_request(
        failures,
        partial(
            control_requests,
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_publishing__request_facts").to_arrow_table(),
    )
    failures.store(session, dbt.this)
    return table
