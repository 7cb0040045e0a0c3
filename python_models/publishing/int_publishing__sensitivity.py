from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_sensitivity, holds_of
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Suppress and round the scenarios of published headlines; one row per scenario and measure."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_sensitivity,
            holds=holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__sensitivity").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_matching__diagnostics").to_arrow_table(),
    )
