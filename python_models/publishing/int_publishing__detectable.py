from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_detectable
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Show what could be found where the rate is shown; one row per request and power."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_detectable,
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__detectable").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
    )
