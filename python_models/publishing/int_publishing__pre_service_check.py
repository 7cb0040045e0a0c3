from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_year_before, holds_of
from justice_data_lab.statistics.guard import Failures, each_request


def model(dbt, session):
    """Suppress and round the year before of every published headline; one row per request."""
    failures = Failures("publishing_pre_service_check")
    table = each_request(
        failures,
        partial(
            control_year_before,
            holds=holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__year_before").to_arrow_table(),
    )
    failures.store(session, dbt.this)
    return table
